"""How fast it is, as ratios within one run: `make bench`. Prints, judges nothing.

CPU of the server process (user + system) per request; the targets take turns, so that a machine that drifts drifts
for all of them. The client runs in this process and is not counted.
"""

import http.client
import json
import os
import re
import statistics
import time
from pathlib import Path
from urllib.parse import urlencode

from tests.bench import import_rows
from tests.conftest import solved
from tests.postgres import Postgres
from tests.server import Server

ROUNDS, REQUESTS = 10, 60
LOGINS = 40
TICK = os.sysconf("SC_CLK_TCK")


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
    """Seconds of CPU the server has used so far."""
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def pages(server: Server, sessions: dict[str, str]) -> dict[str, float]:
    """Milliseconds of server CPU per request, by target."""
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
    return {name: statistics.median(rounds) for name, rounds in spent.items()}


def login_post(server: Server) -> float:
    """Milliseconds of server CPU per successful login."""
    client = Client(server)
    prepared = []
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
        prepared.append((cookie, urlencode(form)))
    before = cpu(server)
    for cookie, body in prepared:
        response = client.ask(
            "POST",
            "/akun/login/",
            body,
            **{"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded", "Origin": server.url},
        )
        assert response.status == 302, response.body[:2000]
    return (cpu(server) - before) / LOGINS * 1000


def one_hash() -> float:
    """Milliseconds of CPU of one password check with OWASP's argon2, in this process."""
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(PASSWORD_HASHERS=["accounts.hashers.OwaspArgon2PasswordHasher"])
        django.setup()
    from django.contrib.auth.hashers import check_password, make_password

    stored = make_password("kata sandi yang panjang")
    check_password("kata sandi yang panjang", stored)
    began = time.process_time()
    for _ in range(LOGINS):
        check_password("kata sandi yang panjang", stored)
    return (time.process_time() - began) / LOGINS * 1000


def measure(engine: str, **environ: str) -> None:
    with Server(DJANGO_SETTINGS_MODULE="tests.bench.settings", **environ) as server:
        printed = server.manage("shell", "-v0", "-c", Path("tests/bench/people.py").read_text())
        sessions = json.loads(printed.rpartition("PEOPLE ")[2])
        cost = pages(server, sessions)
        login, hashed = login_post(server), one_hash()
    print(f"\n{engine}: CPU of the server per request, median of {ROUNDS} rounds of {REQUESTS}")
    for name, milliseconds in cost.items():
        print(f"  {name:<24}{milliseconds:7.2f} ms")
    print(f"  {'login POST':<24}{login:7.2f} ms   one argon2 hash {hashed:.2f} ms")
    bare, balance = cost["bare view, signed in"], cost["balance, three KPJ"]
    limit = 1.5 if engine == "SQLite" else 2.0
    for name, value, goal in (
        ("bare view / balance page", f"{bare / balance:.2f}", ">= 0.5"),
        ("bare template / login page", f"{cost['bare template'] / cost['login page']:.2f}", "reported"),
        ("login POST / one hash", f"{login / hashed:.2f}", "<= 1.3"),
        ("balance 40 years / 1 year", f"{cost['balance, 40 years'] / cost['balance, 1 year']:.2f}", "<= 1.5"),
        ("balance page, CPU", f"{balance:.2f} ms", f"<= {limit} ms"),
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
