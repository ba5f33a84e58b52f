"""A room of forty at once, from the code of the class to the balance: `python -m tests.bench.room`. Prints only.

One real server process on SQLite, then one on PostgreSQL. Every trainee is a browser of its own: joins the class, signs
up, reads the code in the mailbox, logs out and in again, links a practice card, looks at the balance. Twice: without a
pause between two pages, which no person manages, and with the pauses of people in a hurry. The captchas are truly
solved, but before the clock starts: in a room that work is done by forty other computers. A page load is the page with
whatever it redirects to and the styles and scripts that this browser does not have yet.
"""

import http.client
import json
import os
import random
import re
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from tests.bench.seats import asked
from tests.conftest import solved
from tests.postgres import Postgres
from tests.server import Server

SEATS = 40
IN_A_HURRY = 2.0  # seconds between two pages, on average
WORD = "kata-sandi-latihan-7"
TICK = os.sysconf("SC_CLK_TCK")
OPEN = f"""
import json
from datetime import timedelta
from django.utils import timezone
from portal.training.seats import seating
room = seating.open_class("Ukur", timezone.localdate() + timedelta(days=1), {SEATS}, 7, timezone.now(), None)
seating.furnish(room.pk, timezone.localdate())
print(">>>" + json.dumps(room.code))
"""
ASSETS = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js|svg|woff2))"')
FIELDS = re.compile(r"<dt>([^<]+)</dt><dd>(.*?)</dd>", re.DOTALL)


class Wrong(Exception):
    """What a trainee did not expect to see."""


class Trainee:
    """A browser: one kept-alive connection, cookies, and a cache of styles and scripts."""

    def __init__(self, server: Server, number: int, code: str, ticks: list[str], pause: float):
        self.server, self.number, self.code, self.ticks, self.pause = server, number, code, ticks, pause
        self.connection = http.client.HTTPConnection(server.host, server.port, timeout=120)
        self.cookies: dict[str, str] = {}
        self.cached: set[str] = set()
        self.loads: list[tuple[str, float]] = []  # which step, seconds
        self.chance = random.Random(number)

    def ask(self, method: str, path: str, data: dict | None = None) -> http.client.HTTPResponse:
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Origin": self.server.url,
        }
        if data is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, urlencode(data) if data is not None else None, headers)
        response = self.connection.getresponse()
        response.text = response.read().decode(errors="replace")
        for line in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        if response.status >= 400:
            raise Wrong(f"{method} {path}: {response.status}")
        return response

    def load(self, step: str, path: str, data: dict | None = None, expect: str = "") -> str:
        """The page as it stands in the end, measured; raises Wrong when it does not say `expect`."""
        time.sleep(self.chance.uniform(0, 2 * self.pause))
        began = time.perf_counter()
        response = self.ask("GET" if data is None else "POST", path, data)
        while response.status in (301, 302, 303):
            path = urlsplit(response.headers["Location"]).path
            response = self.ask("GET", path)
        for asset in dict.fromkeys(ASSETS.findall(response.text)):
            if asset not in self.cached:
                self.cached.add(asset)
                self.ask("GET", asset)
        self.loads.append((step, time.perf_counter() - began))
        if expect not in response.text:
            title = re.search("<title>(.*?)</title>", response.text, re.DOTALL)
            raise Wrong(f"{step}: {path} says {title and title[1].strip()!r} and not {expect!r}")
        return response.text

    def send(self, step: str, path: str, page: str, expect: str = "", **fields: str) -> str:
        """The form of this page with these answers."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        if not token:
            raise Wrong(f"{step}: no form")
        return self.load(step, path, {"csrfmiddlewaretoken": token[1], **fields}, expect)

    def tick(self) -> dict[str, str]:
        """The page asks for a challenge as soon as it is there; the answer is the one found beforehand."""
        json.loads(self.ask("GET", "/akun/captcha/").text)
        return {"captcha": self.ticks.pop(), "captcha_tick": "on"}

    def live(self) -> None:
        email = f"peserta{self.number}.{self.code.lower()}@latih.test"
        page = self.load("open the class", f"/kelas/{self.code}/", expect="Ikut kelas")
        self.send("sit down", "/kelas/", page, "Kode kursi", code=self.code, name=f"Peserta {self.number}")
        page = self.load("sign-up page", "/akun/daftar/")
        answers = {"email": email, "password1": WORD, "password2": WORD, "consent": "on", **self.tick()}
        page = self.send("sign up", "/akun/daftar/", page, "kode", **answers)
        mails = self.load("mailbox", "/kotak-masuk/")
        found = re.search(r'class="[^"]*\bcode\b[^"]*"[^>]*>\s*([\d\s]{6,})<', mails)
        if not found:
            raise Wrong("mailbox: no code")
        page = self.send("type the code", "/akun/kode/", page, "sudah jadi", code=re.sub(r"\D", "", found[1])[:6])
        self.send("log out", "/akun/keluar/", page)
        page = self.load("login page", "/akun/login/", expect="Login")
        page = self.send("log in", "/akun/login/", page, "Keluar", login=email, password=WORD, **self.tick())
        page = self.load("link page", "/jht/hubungkan/", expect="Kartu latihan Anda")
        card = {name: re.sub(r"<[^>]+>|\s*\n\s*", "", unescape(value)).strip() for name, value in FIELDS.findall(page)}
        born, number = card["Tanggal lahir"], card["Nomor KPJ"]
        self.send(
            "link",
            "/jht/hubungkan/",
            page,
            nik=re.sub(r"\D", "", card["NIK"]),
            kpj=re.sub(r"\D", "", number),
            name=card["Nama lengkap"],
            birth_date=born,
        )
        self.load("balance", "/jht/", expect="hero-figure")


# --- The room ------------------------------------------------------------------------------------------------
def tree(pid: int) -> list[int]:
    """This process and all that it has started."""
    listed = [pid]
    for one in listed:
        for thread in Path(f"/proc/{one}/task").glob("*/children"):
            listed += [int(child) for child in thread.read_text().split()]
    return listed


def cpu(pids: list[int]) -> float:
    """Seconds of CPU so far."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICK


def memory(pids: list[int]) -> tuple[float, float]:
    """MB of proportional and of private memory."""
    pss = private = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
            name, size = line.split(":")[0], int(line.split()[1])
            pss += size if name == "Pss" else 0
            private += size if name in ("Private_Clean", "Private_Dirty") else 0
    return pss / 1024, private / 1024


@contextmanager
def watched(pid: int) -> Iterator[dict[str, float]]:
    """The most memory that the process tree had meanwhile, in MB."""
    most, ended = {"pss": 0.0, "private": 0.0}, threading.Event()

    def watch() -> None:
        while not ended.wait(0.25):
            try:
                pss, private = memory(tree(pid))
            except OSError:  # one of them has just ended
                continue
            most["pss"], most["private"] = max(most["pss"], pss), max(most["private"], private)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield most
    finally:
        ended.set()
        watcher.join()


def solve_ahead(server: Server, many: int) -> tuple[list[str], float]:
    """So many ticked boxes, truly solved, and the seconds of CPU that took."""
    began = time.process_time()
    ticks = [solved(json.loads(server.get("/akun/captcha/")[2])) for _ in range(many)]
    return ticks, time.process_time() - began


def run(server: Server, pause: float, database: int | None) -> None:
    """One room from the code of the class to the balance, and what it took."""
    code = asked(server, OPEN)
    ticks, solving = solve_ahead(server, 2 * SEATS)
    room = [Trainee(server, n, code, [ticks.pop(), ticks.pop()], pause) for n in range(1, SEATS + 1)]
    failed: list[str] = []
    together = threading.Barrier(SEATS)

    def one(trainee: Trainee) -> None:
        together.wait()
        try:
            trainee.live()
        except Exception as error:  # whatever it was, it is counted and printed
            failed.append(f"{type(error).__name__}: {error}")

    crowd = [threading.Thread(target=one, args=(trainee,)) for trainee in room]
    server_before, client_before, began = cpu(tree(server.process.pid)), time.process_time(), time.perf_counter()
    with watched(server.process.pid) as most:
        for thread in crowd:
            thread.start()
        for thread in crowd:
            thread.join()
    took = time.perf_counter() - began
    told = f"{pause:.0f} s between pages" if pause else "no pause between pages"
    print(f"\n  {told}: {took:.1f} s, load average {os.getloadavg()[0]:.1f}")
    by_step: dict[str, list[float]] = {}
    for step, seconds in (load for trainee in room for load in trainee.loads):
        by_step.setdefault(step, []).append(seconds)
    for step, seconds in by_step.items():
        line(step, seconds)
    line("ALL PAGE LOADS (goal: p95 < 1 s)", [seconds for one in by_step.values() for seconds in one])
    print(f"    errors {len(failed)} of {SEATS} (goal: 0)")
    for sentence in failed[:5]:
        print(f"      {sentence}")
    used = cpu(tree(server.process.pid)) - server_before
    browsing = time.process_time() - client_before
    print(f"    CPU: server {used:.1f} s ({used / SEATS * 1000:.0f} ms a trainee, {used / took:.0%} of one core)")
    print(f"         browsers {browsing:.1f} s; their captchas before that {solving:.1f} s")
    print(f"    memory at most: {most['pss']:.0f} MB (PSS), {most['private']:.0f} MB private (goal: < 600 MB)")
    if database:
        print(f"    and the database server: {memory(tree(database))[0]:.0f} MB (PSS)")


def line(step: str, seconds: list[float]) -> None:
    late = sorted(seconds)[int(len(seconds) * 0.95)]
    print(f"    {step:<34} p50 {statistics.median(seconds):5.2f} s   p95 {late:5.2f} s   max {max(seconds):5.2f} s")


def on_two_cores(server: Server, database: int | None) -> None:
    """The server keeps to two cores, and where there are more the browsers keep off them."""
    cores = sorted(os.sched_getaffinity(0))
    for pid in tree(server.process.pid) + (tree(database) if database else []):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            os.sched_setaffinity(int(thread.name), cores[:2])
    if len(cores) > 3:
        os.sched_setaffinity(0, cores[2:])
    print(f"  {len(cores)} cores, the server on two; browsers {'on others' if len(cores) > 3 else 'on the same'}")


def measure(engine: str, database: int | None = None, **environ: str) -> None:
    print(engine)
    with Server(**environ) as server:
        on_two_cores(server, database)
        for pause in (0.0, IN_A_HURRY):
            run(server, pause, database)


def main() -> None:
    if "--postgresql" not in sys.argv:
        measure("SQLite, one process")
    if "--sqlite" not in sys.argv:
        postgres = Postgres().start()
        try:
            measure("PostgreSQL, one process", postgres.process.pid, DATABASE_URL=postgres.new_database())
        finally:
            postgres.remove()


if __name__ == "__main__":
    main()
