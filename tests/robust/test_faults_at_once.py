"""Faults of many seats at the same moment: forty slow ones leave the others fast, and three uses are three."""

import time
from concurrent.futures import ThreadPoolExecutor

from tests.robust.browser import Browser
from tests.server import Server

SLOW, PRESSES = 40, 20
SEATS = """
from datetime import timedelta
from django.core import signing
from django.utils import timezone
from portal.training.seats import seating
from portal.training.trouble import faults
from portal.training.models import Classroom, Fault
now = timezone.now()
room = seating.open_class("Kelas", timezone.localdate() + timedelta(days=1), {count} + 1, 7, now, None)
*thrown_at, other = room.seats.all()
for seat in thrown_at:
    faults.throw(room, seat, "{kind}", Fault.Source.TRAINER, None, now)
signer = signing.get_cookie_signer(salt=seating.cookie_name() + seating.SALT)
print("made", *(signer.sign(seat.code) for seat in room.seats.all()))
"""


def browsers(server: Server, kind: str, count: int) -> list[Browser]:
    """So many on seats with this fault, and one more on a seat without."""
    told = server.manage("shell", "-c", SEATS.format(kind=kind, count=count))
    return [Browser(server, {"kursi": cookie}) for cookie in told.split("made")[1].split()]


def patient(browser: Browser) -> tuple[float, str]:
    """The page as a browser gets it, which comes again when it is told to; how long that took."""
    begun = time.perf_counter()
    _, headers, text = browser.ask("GET", "/akun/login/")
    while headers["Refresh"]:
        time.sleep(float(headers["Refresh"]))
        _, headers, text = browser.ask("GET", "/akun/login/")
    return time.perf_counter() - begun, text


def test_forty_slow_seats_leave_the_others_fast(database):
    with Server(DEMO="1", **database) as server:
        *slow, other = browsers(server, "halaman-lambat", SLOW)
        other.ask("GET", "/akun/login/")
        with ThreadPoolExecutor(SLOW) as pool:
            waiting = [pool.submit(patient, browser) for browser in slow]
            took = []
            while not all(one.done() for one in waiting):
                assert other.ask("GET", "/akun/login/")[0] == 200
                took.append(other.took)
                time.sleep(0.05)
        pages = [one.result() for one in waiting]

    took.sort()
    print(f"{SLOW} slow pages after {min(pages)[0]:.1f} to {max(pages)[0]:.1f} s; meanwhile {len(took)} others: "
          f"median {took[len(took) // 2] * 1000:.0f} ms, p95 {took[len(took) * 95 // 100] * 1000:.0f} ms")  # fmt: skip
    assert all(seconds > 4 and "Kata sandi" in text for seconds, text in pages)
    assert took[len(took) * 95 // 100] < 1


def test_a_fault_that_acts_three_times_does_so_however_many_ask_at_once(database):
    with Server(DEMO="1", WORKERS="2", **database) as server:
        disturbed, _ = browsers(server, "layanan-sibuk", 1)
        with ThreadPoolExecutor(PRESSES) as pool:
            asked = [Browser(server, disturbed.cookies) for _ in range(PRESSES)]
            statuses = list(pool.map(lambda browser: browser.ask("GET", "/akun/login/")[0], asked))

    assert sorted(statuses) == [200] * (PRESSES - 3) + [503] * 3
