"""Lihat Saldo JHT with a million participants against a thousand, the desk's lists, and the credit run.

`python -m tests.bench.scale [PARTICIPANTS]` on PostgreSQL (12 entries for each participant; a million of them need
some 12 GB of disk for a while); `--sqlite` runs the credit run alone on SQLite. Prints, judges nothing: docs/skala.md.
"""

import json
import os
import shutil
import statistics
import sys
import tempfile
import time

from tests.bench.__main__ import Client, cpu
from tests.postgres import Postgres
from tests.server import Server

SMALL, BIG = 1_000, 1_000_000
PEOPLE, ROUNDS, REQUESTS = 200, 8, 100
ROOM = ("-c", "shared_buffers=1GB", "-c", "max_wal_size=16GB", "-c", "checkpoint_timeout=30min")


def inside(server: Server, expression: str):
    """The value of an expression over tests.bench.shape, in the measured installation."""
    code = f"import json; from tests.bench import shape; print('RESULT ' + json.dumps({expression}))"
    return json.loads(server.manage("shell", "--no-imports", "-v0", "-c", code).rpartition("RESULT ")[2])


def prepare(server: Server, people: int) -> list[str]:
    began = time.monotonic()
    server.manage("migrate", "-v0")
    server.manage("createcachetable")
    inside(server, f"shape.fill({people})")
    print(f"{people:>9,} participants made in {time.monotonic() - began:.0f} s", flush=True)
    return inside(server, f"shape.sessions({people}, {PEOPLE})") if people >= PEOPLE else []


def through_the_server(servers: dict[Server, list[str]]) -> list[tuple[float, float]]:
    """Milliseconds of waiting and of server CPU per request; the servers take turns."""
    waited, used = [[] for _ in servers], [[] for _ in servers]
    clients = [Client(server) for server in servers]
    for turn in range(ROUNDS + 1):
        for place, (server, keys) in enumerate(servers.items()):
            before, spent = cpu(server), []
            for number in range(REQUESTS):
                key = keys[(turn * REQUESTS + number) % len(keys)]
                began = time.perf_counter()
                response = clients[place].ask("GET", "/jht/", Cookie=f"sesi={key}; csrf={'a' * 32}")
                spent.append(time.perf_counter() - began)
                assert response.status == 200, response.status
            if turn:
                waited[place].append(statistics.median(spent) * 1000)
                used[place].append((cpu(server) - before) / REQUESTS * 1000)
    return [(statistics.median(one), statistics.median(two)) for one, two in zip(waited, used, strict=True)]


def postgres(big: int) -> None:
    free = shutil.disk_usage(tempfile.gettempdir()).free
    if free < big * 16_000:
        raise SystemExit(
            f"{big:,} participants need about {big * 16 / 1e6:.0f} GB of disk; {free / 1e9:.0f} GB are free"
        )
    database = Postgres()
    database.options = (*database.options, *ROOM)
    try:
        database.start()
        small, large = (Server(command="serve", DATABASE_URL=database.new_database()) for _ in range(2))
        keys = {server: prepare(server, people) for server, people in ((small, SMALL), (large, big))}
        print(f"\nload of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        with small, large:  # their start also collects the static files
            ways = {"in process": [inside(server, f"shape.page({found!r})") for server, found in keys.items()]}
            (wait, spent), (wait_large, spent_large) = through_the_server(keys)
        ways |= {"through the server": [wait, wait_large], "CPU of the server": [spent, spent_large]}
        print(f"Lihat Saldo JHT, ms{'':<12}{SMALL:>12,}{big:>12,}   ratio (goal <= 1.2)")
        for name, (one, two) in ways.items():
            print(f"  {name:<29}{one:>12.2f}{two:>12.2f}   {two / one:.2f}")
        print("\n" + inside(large, "shape.plans()"))
        print("\n".join(f"  {name:<32}{size / 1e6:>9.0f} MB" for name, size in inside(large, "shape.sizes()")))
        for what in ("credit", "desk"):
            print(
                f"\n{what}: " + "".join(f"\n  {k:<52}{v:>12,.1f}" for k, v in inside(large, f"shape.{what}()").items())
            )
            sys.stdout.flush()
    finally:
        database.remove()


def sqlite(people: int) -> None:
    server = Server()
    prepare(server, people)
    print(
        "credit on SQLite: " + "".join(f"\n  {k:<52}{v:>12,.1f}" for k, v in inside(server, "shape.credit()").items())
    )


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    if "--sqlite" in sys.argv:
        sqlite(*numbers or [200_000])
    else:
        postgres(*numbers or [BIG])
