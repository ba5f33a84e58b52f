"""How long a class of forty takes: `python -m tests.bench.seats`. Prints seconds on both engines, judges nothing.

Beside the seconds on the clock stands the CPU of the process, which says more on a machine that others use too.
"""

import http.cookiejar
import json
import os
import re
import statistics
import sys
import time
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from tests.postgres import Postgres
from tests.server import Server

SEATS, EARLY = 40, 5
OPEN = f"""
import json, time
from datetime import timedelta
from django.utils import timezone
from portal.training.seats import seating
began = time.perf_counter()
room = seating.open_class("Ukur", timezone.localdate() + timedelta(days=1), {SEATS}, 7, timezone.now(), None)
print(">>>" + json.dumps([time.perf_counter() - began, room.code]))
"""
FURNISHED = """
import json
from portal.training.models import Seat
print(">>>" + json.dumps(Seat.objects.filter(made_on__isnull=False).count()))
"""
MADE = f"""
import json, time
from datetime import timedelta
from django.utils import timezone
from portal.training.seats import seating
room = seating.open_class("Ukur", timezone.localdate() + timedelta(days=1), {SEATS}, 7, timezone.now(), None)
began, cpu = time.perf_counter(), time.process_time()
seating.furnish(room.pk, timezone.localdate())
print(">>>" + json.dumps([time.perf_counter() - began, time.process_time() - cpu]))
"""
RESET = """
import json, time
from django.utils import timezone
from portal.training.seats import people, seating, snapshots
from portal.training.models import Seat
took = {"reset, first of a variant": [], "reset of a seat": [], "snapshot of a seat": [], "back to a snapshot": []}
def measured(name, do):
    began, cpu = time.perf_counter(), time.process_time()
    made = do()
    took[name].append([time.perf_counter() - began, time.process_time() - cpu])
    return made
sizes = []
# A process that has just started knows no seat to copy yet: it makes the first of each variant by the rules.
known = set()
for seat in Seat.objects.filter(started_at__isnull=False):
    now = timezone.now()
    name = "reset of a seat" if people.variant_of(seat) in known else "reset, first of a variant"
    known.add(people.variant_of(seat))
    assert measured(name, lambda: seating.reset([seat], now, None)) == 1
    kept = measured("snapshot of a seat", lambda: snapshots.keep(seat, "Ukur", now))
    measured("back to a snapshot", lambda: snapshots.go_back(seat, kept, now, None))
    sizes.append(len(kept.content))
print(">>>" + json.dumps([took, max(sizes)]))
"""


def asked(server: Server, code: str):
    return json.loads(server.manage("shell", "-v", "0", "-c", code).rpartition(">>>")[2])


def join(server: Server, code: str, name: str) -> tuple[float, str]:
    """Seconds from pressing the button to one's own seat, and what the page is called."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    page = browser.open(f"{server.url}/kelas/{code}/", timeout=120).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    body = urllib.parse.urlencode({"csrfmiddlewaretoken": token, "code": code, "name": name}).encode()
    began = time.perf_counter()
    answer = browser.open(f"{server.url}/kelas/", body, timeout=120).read().decode()
    return time.perf_counter() - began, re.search("<h1>(.*?)</h1>", answer)[1]


def told(name: str, seconds: list[float]) -> None:
    late = sorted(seconds)[int(len(seconds) * 0.95)]
    print(f"  {name:<34} median {statistics.median(seconds):.2f} s, p95 {late:.2f} s, longest {max(seconds):.2f} s")


def measure(server: Server) -> None:
    """A class whose seats are made ready by the first to come, and all the others come at once."""
    print(f"  load average {os.getloadavg()[0]:.1f}")
    made, cpu = asked(server, MADE)
    print(f"  {SEATS} seats are made in               {made:.1f} s, CPU of the process {cpu:.1f} s (goal: < 10 s)")
    opened, code = asked(server, OPEN)
    print(f"  a class of {SEATS} is open in          {opened:.2f} s")
    began = time.perf_counter()
    first = join(server, code, "Orang 0")[0]
    print(f"  the first sits down in             {first:.2f} s")
    told("the next, while seats are made", [join(server, code, f"Orang {number}")[0] for number in range(1, EARLY)])
    while asked(server, FURNISHED) < 2 * SEATS:  # and those made before
        time.sleep(0.5)
    print(f"  all {SEATS} are ready in               {time.perf_counter() - began:.1f} s")
    with ThreadPoolExecutor(SEATS) as crowd:
        joined = list(crowd.map(lambda number: join(server, code, f"Orang {number}"), range(EARLY, SEATS)))
    told(f"{SEATS - EARLY} at the same moment", [seconds for seconds, _ in joined])
    assert all(title.startswith("Kursi") for _, title in joined)
    took, size = asked(server, RESET)
    for name, measured in took.items():
        told(name, [seconds for seconds, _ in measured])
        told("  its CPU", [cpu for _, cpu in measured])
    print(f"  a snapshot is {size / 1024:.0f} kB at most; goal for a reset: p95 < 1 s")


def main() -> None:
    if "--postgresql" not in sys.argv:
        with Server() as server:
            print("SQLite")
            measure(server)
    postgres = Postgres().start()
    try:
        with Server(DATABASE_URL=postgres.new_database()) as server:
            print("PostgreSQL")
            measure(server)
    finally:
        postgres.remove()


if __name__ == "__main__":
    main()
