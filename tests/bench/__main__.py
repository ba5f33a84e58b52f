"""How fast it is, as ratios within one run: `make bench`. Prints, judges nothing.

CPU of the server process (user + system) per request; the targets take turns, also the one password hash in this
process with the logins, and a ratio is the median of the rounds' ratios: a machine that drifts drifts for both sides.
The client runs in this process and is not counted.
"""

import http.client
import json
import re
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from tests.bench import import_rows
from tests.conftest import solved
from tests.postgres import Postgres
from tests.server import Server

ROUNDS, REQUESTS = 10, 60
LOGINS = 10  # in a round


class Client:
    """One kept-alive connection."""

    def __init__(self, server: Server):
        self.server = server
        self.connection = http.client.HTTPConnection(server.host, server.port, timeout=30)

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> http.client.HTTPResponse:
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        response.body = response.read()
        return response


def cpu(server: Server) -> float:
    """Seconds of CPU the server has used so far, all threads of its process."""
    clock = (~server.process.pid << 3) | 2  # clock_getcpuclockid(3) on Linux; exact, where /proc counts ticks
    return time.clock_gettime(clock)


def pages(server: Server, sessions: dict[str, str]) -> dict[str, list[float]]:
    """Milliseconds of server CPU per request in each round, by target."""
    targets = {
        "bare view, signed in": ("/bench/masuk/", sessions["three"]),
        "balance, three KPJ": ("/jht/", sessions["three"]),
        "balance, 1 year": ("/jht/", sessions["one_year"]),
        "balance, 40 years": ("/jht/", sessions["forty_years"]),
        "bare template": ("/bench/templat/", None),
        "login page": ("/akun/login/", None),
    }
    client = Client(server)
    spent: dict[str, list[float]] = {name: [] for name in targets}
    for turn in range(ROUNDS + 1):
        for name, (path, session) in targets.items():
            # A browser that has been here before sends this one back; only its shape matters.
            headers = {"Cookie": f"csrf={'a' * 32}" + (f"; sesi={session}" if session else "")}
            before = cpu(server)
            for _ in range(REQUESTS):
                response = client.ask("GET", path, **headers)
                assert response.status == 200, (path, response.status)
            if turn:  # the first one warms up
                spent[name].append((cpu(server) - before) / REQUESTS * 1000)
    return spent


def logins(server: Server) -> dict[str, list[float]]:
    """Milliseconds of CPU in each round: a successful login in the server, one password hash in this process."""
    client, checked = Client(server), one_hash()
    spent: dict[str, list[float]] = {"login POST": [], "one argon2 hash": []}
    for turn in range(ROUNDS + 1):
        forms = prepared(client)
        before, began = cpu(server), time.process_time()
        for _ in range(LOGINS):
            checked()
        hashed = time.process_time() - began
        for cookie, body in forms:
            response = client.ask(
                "POST",
                "/akun/login/",
                body,
                **{"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded", "Origin": server.url},
            )
            assert response.status == 302, response.body[:2000]
        if turn:
            spent["login POST"].append((cpu(server) - before) / LOGINS * 1000)
            spent["one argon2 hash"].append(hashed / LOGINS * 1000)
    return spent


def prepared(client: Client) -> list[tuple[str, str]]:
    """The cookie and the body of each login of a round, the captcha solved."""
    forms = []
    for _ in range(LOGINS):
        page = client.ask("GET", "/akun/login/?sebagai=siti")
        cookie = page.headers["Set-Cookie"].partition(";")[0]
        html = page.body.decode()
        challenge = json.loads(client.ask("GET", "/akun/captcha/").body)
        form = {
            "csrfmiddlewaretoken": re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)[1],
            "login": re.search(r'name="login"[^>]*value="([^"]+)"', html)[1],
            "password": re.search(r'name="password"[^>]*value="([^"]+)"', html)[1],
            "captcha": solved(challenge),
            "captcha_tick": "on",
        }
        forms.append((cookie, urlencode(form)))
    return forms


def one_hash() -> Callable[[], bool]:
    """Checks one password with OWASP's argon2, in this process."""
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(PASSWORD_HASHERS=["accounts.hashers.OwaspArgon2PasswordHasher"])
        django.setup()
    from django.contrib.auth.hashers import check_password, make_password

    return partial(check_password, "kata sandi yang panjang", make_password("kata sandi yang panjang"))


def measure(engine: str, **environ: str) -> None:
    with Server(DJANGO_SETTINGS_MODULE="tests.bench.settings", **environ) as server:
        printed = server.manage("shell", "-v0", "-c", Path("tests/bench/people.py").read_text())
        cost = pages(server, json.loads(printed.rpartition("PEOPLE ")[2])) | logins(server)
    print(f"\n{engine}: CPU per request, median of {ROUNDS} rounds of {REQUESTS} ({LOGINS} logins)")
    for name, rounds in cost.items():
        print(f"  {name:<24}{statistics.median(rounds):7.2f} ms")

    def ratio(one: str, other: str) -> str:
        return f"{statistics.median(a / b for a, b in zip(cost[one], cost[other], strict=True)):.2f}"

    limit = 1.5 if engine == "SQLite" else 2.0
    for name, value, goal in (
        ("bare view / balance page", ratio("bare view, signed in", "balance, three KPJ"), ">= 0.5"),
        ("bare template / login page", ratio("bare template", "login page"), "reported"),
        ("login POST / one hash", ratio("login POST", "one argon2 hash"), "<= 1.3"),
        ("balance 40 years / 1 year", ratio("balance, 40 years", "balance, 1 year"), "<= 1.5"),
        ("balance page, CPU", f"{statistics.median(cost['balance, three KPJ']):.2f} ms", f"<= {limit} ms"),
    ):
        print(f"  {name:<28}{value:>9}   goal {goal}")


if __name__ == "__main__":
    measure("SQLite")
    postgres = Postgres()
    try:
        postgres.start()
        measure("PostgreSQL", DATABASE_URL=postgres.new_database())
    finally:
        postgres.remove()
    import_rows.main(import_rows.MILLION)
