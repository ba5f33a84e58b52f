"""A class with seats, and browsers that sit on them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from portal import casting
from portal.training.models import Classroom, Seat
from portal.training.seats import seating

JAKARTA = ZoneInfo("Asia/Jakarta")
TODAY = date(2026, 3, 10)


@pytest.fixture
def demo(settings, db):
    settings.DEMO = True
    casting.make_rates(TODAY)
    cache.clear()


@pytest.fixture
def real_clock(monkeypatch):
    """The real clock stands at ten in the morning of 10 March 2026; `real_clock(day)` sets another day."""

    def stand(day: date) -> None:
        moment = datetime(day.year, day.month, day.day, 10, tzinfo=JAKARTA)
        monkeypatch.setattr(timezone, "now", lambda: moment)

    stand(TODAY)
    return stand


@pytest.fixture
def room(demo) -> Classroom:
    return seating.open_class("Kelas Senin", TODAY, 4, 7, timezone.now(), None)


@pytest.fixture
def sit(room):
    """`sit("Andi")`: a browser of its own, on a seat of the class, through the page."""

    def through_the_page(name: str = "Andi") -> Client:
        browser = Client()
        response = browser.post("/kelas/", {"code": room.code, "name": name})
        assert response.status_code == 302
        browser.seat = Seat.objects.select_related("classroom").get(classroom=room, name=name)
        return browser

    return through_the_page


def person(seat: Seat, slug: str):
    """Who is played on this seat."""
    return seat.people.select_related("participant", "user").get(slug=slug)


def play(browser: Client, slug: str) -> Client:
    """Signed in as somebody of the seat."""
    browser.force_login(person(browser.seat, slug).user)
    return browser


@pytest.fixture
def trainer(demo) -> Client:
    user = get_user_model().objects.create_user("guru@latih.test", "x", is_staff=True)
    user.groups.add(Group.objects.get(name="Pelatih"))
    browser = Client()
    browser.force_login(user)
    return browser
