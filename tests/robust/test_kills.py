"""kill -9 of a worker or of the whole server at random moments: nothing that was answered with success is lost."""

import contextlib
import http.client
import os
import random
import signal
import sqlite3
import threading
import time
from urllib.parse import urlencode

import psycopg
import pytest

from tests.server import Server

TOKEN = "a" * 32


class Clerk(threading.Thread):
    """Enters one employer after another at the desk, and remembers those the site said it had stored."""

    def __init__(self, server: Server, cookie: str, letter: str):
        super().__init__()
        self.server, self.letter, self.stored, self.tried = server, letter, [], 0
        self.headers = {
            "Cookie": f"{cookie}; csrf={TOKEN}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self.stop = threading.Event()

    def run(self) -> None:
        while not self.stop.is_set():
            self.tried += 1
            npp = f"{self.letter}{self.tried:07d}"
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.enter(npp) == 302:
                    self.stored.append(npp)

    def enter(self, npp: str) -> int:
        form = {"npp": npp, "name": f"PT Rekaan {npp}", "city": "Latihan", "csrfmiddlewaretoken": TOKEN}
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        with contextlib.closing(connection):
            connection.request("POST", "/petugas/jht/employer/add/", urlencode(form), self.headers)
            return connection.getresponse().status


def employers(server: Server) -> set[str]:
    """What the database itself has."""
    query = "SELECT npp FROM jht_employer"
    if url := server.environ.get("DATABASE_URL"):
        with psycopg.connect(url) as connection:
            return {npp for (npp,) in connection.execute(query)}
    with contextlib.closing(sqlite3.connect(server.data_dir / "portal.sqlite3")) as connection:
        return {npp for (npp,) in connection.execute(query)}


def start_clerks(server: Server, cookie: str, first_letter: str) -> list[Clerk]:
    clerks = [Clerk(server, cookie, chr(ord(first_letter) + place)) for place in range(4)]
    for clerk in clerks:
        clerk.start()
    return clerks


def stop_clerks(clerks: list[Clerk]) -> set[str]:
    for clerk in clerks:
        clerk.stop.set()
    for clerk in clerks:
        clerk.join()
    return {npp for clerk in clerks for npp in clerk.stored}


def test_a_killed_worker_loses_nothing_and_is_replaced(database, signed_in):
    with Server(WORKERS="2", **database) as server:
        clerks = start_clerks(server, signed_in(server), "A")
        for _ in range(6):
            time.sleep(random.uniform(0.3, 1.5))
            os.kill(random.choice(server.children()), signal.SIGKILL)
        time.sleep(2)
        stored = stop_clerks(clerks)

        assert len(server.children()) == 2
        assert len(stored) > 50
        assert stored <= employers(server)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_killed_server_loses_nothing(database, signed_in, workers):
    with Server(WORKERS=workers, **database) as server:
        cookie, stored = signed_in(server), set()
        for letter in "AFK":
            clerks = start_clerks(server, cookie, letter)
            time.sleep(random.uniform(1.0, 3.0))
            server.kill()
            stored |= stop_clerks(clerks)
            server.start()  # at once, on the same port: the workers died with their parent

        assert len(stored) > 50
        assert stored <= employers(server)


def test_sigterm_ends_the_server_and_its_workers(database):
    with Server(WORKERS="2", **database) as server:
        workers = server.children()
        server.stop()

    assert server.process.returncode == 0
    for pid in workers:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
