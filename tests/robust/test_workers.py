"""Two and four worker processes behave as one."""

import http.client
import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from urllib.parse import urlencode

import pytest

from tests.conftest import solved
from tests.server import Server

TOKEN = "b" * 32
PASSWORD = re.compile(r"budi@latih\.test\s+(\S+)")


@pytest.fixture(params=["2", "4"])
def server(request, database):
    with Server(WORKERS=request.param, **database) as server:
        yield server


def tick(server: Server) -> dict[str, str]:
    return {"captcha": solved(json.loads(server.get("/akun/captcha/")[2])), "captcha_tick": "on"}


def login(server: Server, password: str, box: dict[str, str], email: str = "budi@latih.test") -> tuple[int, str, str]:
    """Status, page and cookies of one attempt, as Budi unless told otherwise."""
    form = {"login": email, "password": password, "csrfmiddlewaretoken": TOKEN} | box
    headers = {"Cookie": f"csrf={TOKEN}", "Content-Type": "application/x-www-form-urlencoded"}
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        connection.request("POST", "/akun/login/", urlencode(form), headers)
        response = connection.getresponse()
        cookies = "; ".join(value.partition(";")[0] for value in response.headers.get_all("Set-Cookie") or [])
        return response.status, response.read().decode(), cookies


def at_once(count: int, act) -> list:
    """`act` by `count` threads at the same moment."""
    gate = threading.Barrier(count)

    def wait_and_act(_):
        gate.wait()
        return act()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(wait_and_act, range(count)))


def test_one_tick_is_worth_one_login_however_many_workers(server):
    password = PASSWORD.search(server.log.read_text())[1]
    box = tick(server)
    answers = at_once(40, lambda: login(server, password, box))

    assert sorted(status for status, _, _ in answers) == [200] * 39 + [302]
    assert sum("sudah dipakai" in page for _, page, _ in answers) == 39


def test_guesses_are_counted_together(server):
    boxes = [tick(server) for _ in range(24)]
    # An account of one's own: the cards of the cast are counted per browser (docs/decisions/0005).
    pages = at_once(24, lambda: login(server, "bukan kata sandinya", boxes.pop(), "orang@latih.test")[1])

    assert sum("Coba lagi dalam" in page for page in pages) == 24 - 10


def test_a_session_is_known_to_every_worker(server):
    password = PASSWORD.search(server.log.read_text())[1]
    status, _, cookies = login(server, password, tick(server))
    assert status == 302

    answers = at_once(16, lambda: [server.get("/", Cookie=cookies)[0] for _ in range(5)])
    assert answers == [[200] * 5] * 16
