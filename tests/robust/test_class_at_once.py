"""Buttons of the training room pressed many times at the same moment, at servers of two processes: each does once what
it does."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.portal.training.test_pressed_twice import QUESTION_FIRST, form_key, hint_form
from tests.robust.browser import Browser
from tests.server import Server

WORKERS, PRESSES, ROUNDS = 2, 10, 5
PREPARE = """
from django.utils import timezone
from portal.training.models import OwnScenario
from portal.training.seats import seating
from datetime import timedelta
OwnScenario.objects.create(slug="tanya-dahulu", text='''{text}''')
room = seating.open_class("Kelas", timezone.localdate() + timedelta(days=1), 6, 7, timezone.now(), None)
print("made", room.pk, room.code)
"""
COUNT = """
from portal.training.models import Classroom, Event, Run, Seat
seats = Seat.objects.filter(classroom={room})
print("counted", seats.filter(started_at__isnull=False).count(), seats.count(), Classroom.objects.count(),
    Event.objects.filter(act="petunjuk").count(),
    *(Event.objects.filter(act="jawab", run=run).count() for run in Run.objects.filter(mode="uji")))
"""


@pytest.fixture
def server(database):
    with Server(DEMO="1", WORKERS=str(WORKERS), **database) as server:
        yield server


def at_once(browser: Browser, path: str, forms: list[dict]) -> list[Browser]:
    """Each form posted by this browser at the same moment, before any answer has come."""

    def press(data: dict) -> Browser:
        one = Browser(browser.server, browser.cookies)
        status, headers, _ = one.ask("POST", path, data)
        assert status == 302
        one.led_to = headers["Location"]
        return one

    with ThreadPoolExecutor(len(forms)) as pool:
        return list(pool.map(press, forms))


def csrf(page: str) -> dict[str, str]:
    return {"csrfmiddlewaretoken": re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]}


def test_every_button_does_once_what_it_does(server, signed_in):
    room, code = server.manage("shell", "-c", PREPARE.format(text=QUESTION_FIRST)).split("made")[1].split()

    browser = Browser(server)
    page = browser.ask("GET", "/kelas/")[2]
    wish = csrf(page) | {"form_key": form_key(page), "code": code, "name": "Andi"}
    seated = at_once(browser, "/kelas/", [wish] * PRESSES)
    on_seats = {re.search(r"Kursi \d+: Andi", one.ask("GET", "/kelas/")[2])[0] for one in seated}

    trainer = Browser(server, {"sesi": signed_in(server).removeprefix("sesi=")})
    page = trainer.ask("GET", "/pelatih/")[2]
    new = {"name": "Kelas baru", "day": "31-12-2098", "seats": "3", "keep_days": "7", "names": ""}
    made = at_once(trainer, "/pelatih/", [csrf(page) | {"form_key": form_key(page)} | new] * PRESSES)
    page = trainer.ask("GET", f"/pelatih/{room}/")[2]
    at_once(trainer, f"/pelatih/{room}/kursi/", [csrf(page) | {"form_key": form_key(page)}] * PRESSES)

    trainee = seated[0]
    begin(trainee, "latih")
    page = trainee.ask("GET", "/akun/login/")[2]
    at_once(trainee, "/kelas/latihan/petunjuk/", [csrf(page) | hint_form(page)] * PRESSES)
    for _ in range(ROUNDS):
        begin(trainee, "uji")
        token = csrf(trainee.ask("GET", "/akun/login/")[2])
        at_once(trainee, "/kelas/latihan/jawab/", [token | {"langkah": "umur", "jawab": one} for one in "abcbab"])
    counted = server.manage("shell", "-c", COUNT.format(room=room)).split("counted")[1].split()

    assert len(on_seats) == 1
    assert len({one.led_to for one in made}) == 1
    assert counted == ["1", "11", "2", "1", *["1"] * ROUNDS]


def begin(browser: Browser, mode: str) -> None:
    page = browser.ask("GET", "/kelas/latihan/tanya-dahulu/")[2]
    assert browser.ask("POST", "/kelas/latihan/tanya-dahulu/", csrf(page) | {"cara": mode})[0] == 302
