"""Texts through the HTTP entrance, on two cores with PostgreSQL: `python -m tests.bench.texts [SECONDS]`.

Texts are sent at a fixed pace, whether or not the ones before are answered, and each is timed from the moment it was
due: a server that falls behind cannot hide it. Beside it, at the same pace, the bare view; then both flat out.
The client, the database and two workers share the two cores. Loopback only; prints, judges nothing.
"""

import http.client
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import count
from urllib.parse import urlencode

from tests.postgres import Postgres
from tests.server import Server

PACE, GOAL = 200, 100  # texts a second; milliseconds for 95 of 100
SECONDS, FLAT_OUT = 15, 5
LINES = 24  # connections; a text waits for a free one
SECRET = "kunci-gerbang-latihan"
KPJ = [f"49000000{number:03}" for number in (11, 29, 37, 45)]  # people of the cast
PREPARE = """
from django.db import connection
from django.utils import timezone
from jht.models import Membership
from portal.models import SmsRegistration
keys = list(Membership.objects.filter(kpj__in={kpj}).order_by("kpj"))
SmsRegistration.objects.bulk_create(
    SmsRegistration(phone=f"0849{{number:06}}001", membership=key, at=timezone.now())
    for number in range({phones}) for key in keys
)
connection.cursor().execute("ANALYZE")
print("KEYS " + " ".join(key.kpj for key in keys))
"""
PHONES = 4_000


def paths(kpj: list[str]) -> Iterator[str]:
    """What comes in: mostly balances, some registrations, some mistakes; every number well below its limit."""
    for number in count():
        phone = f"0849{number % PHONES:06}001"
        one = kpj[number % len(kpj)]
        text = {
            7: f"DAFTAR SALDO#4971011503880001#15-03-1988#{KPJ[0]}",
            8: "DAFTAR SALDO#3523418097870002#ADI SUNARYO#01-09-1987#2345678901",
            9: "INFO SALDO",
        }.get(number % 10, f"SALDO {one}")
        yield "/sms/masuk?" + urlencode({"dari": phone, "isi": text, "id": f"b{number}", "kunci": SECRET})


class Lines:
    """Kept-alive connections, a thread each, that fetch paths when they are due."""

    def __init__(self, server: Server, path: Callable[[], str]):
        self.server, self.path, self.lock = server, path, threading.Lock()
        self.waits: list[float] = []
        self.turn = 0

    def run(self, seconds: float, pace: float | None) -> list[float]:
        """Milliseconds of each answer, sorted. Without a pace: as fast as answers come."""
        self.waits, self.turn, self.end = [], 0, seconds
        self.began, self.pace = time.perf_counter() + 0.2, pace
        threads = [threading.Thread(target=self._line) for _ in range(LINES if pace else 8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.took = time.perf_counter() - self.began
        return sorted(self.waits)

    def _line(self) -> None:
        connection = http.client.HTTPConnection(self.server.host, self.server.port, timeout=30)
        while True:
            with self.lock:
                turn, self.turn = self.turn, self.turn + 1
                path = self.path()
            now = time.perf_counter() - self.began
            due = turn / self.pace if self.pace else max(now, 0.0)
            if due > self.end:
                return
            if due > now:
                time.sleep(due - now)
            connection.request("GET", path)
            response = connection.getresponse()
            response.read()
            assert response.status == 200, response.status
            self.waits.append((time.perf_counter() - self.began - due) * 1000)


def main(seconds: float) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])  # children inherit it
    database = Postgres(durable=True)
    try:
        database.start()
        environ = {"DATABASE_URL": database.new_database(), "SMS_SECRET": SECRET, "WORKERS": "2"}
        with Server(DJANGO_SETTINGS_MODULE="tests.bench.settings", **environ) as server:
            printed = server.manage("shell", "-v0", "-c", PREPARE.format(kpj=KPJ, phones=PHONES))
            texts = paths(printed.rpartition("KEYS ")[2].split())
            ways = {"texts": Lines(server, lambda: next(texts)), "bare view": Lines(server, lambda: "/bench/kosong/")}
            for lines in ways.values():
                lines.run(2, 50)  # warms up
            print(f"\nPostgreSQL, two workers, {PACE} a second for {seconds:.0f} s; load {os.getloadavg()[0]:.1f}")
            for name, lines in ways.items():
                waits = lines.run(seconds, PACE)
                p50, p95, p99 = (waits[int(len(waits) * part)] for part in (0.5, 0.95, 0.99))
                goal = f"   goal p95 < {GOAL} ms" if name == "texts" else ""
                print(
                    f"  {name:<10}{len(waits) / max(lines.took, seconds):7.0f} /s   median {p50:6.1f}   "
                    f"p95 {p95:6.1f}   p99 {p99:6.1f}   longest {waits[-1]:6.1f} ms{goal}"
                )
            most = {name: len(lines.run(FLAT_OUT, None)) / lines.took for name, lines in ways.items()}
        share = most["texts"] / most["bare view"]
        print(f"  as fast as they go: texts {most['texts']:.0f} /s, bare view {most['bare view']:.0f} /s: {share:.2f}")
    finally:
        database.remove()


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else SECONDS)
