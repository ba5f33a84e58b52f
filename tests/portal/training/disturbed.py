"""What tests of faults do on a seat: throw, sign up and in, send texts."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from accounts.models import TextMessage
from accounts.phones import phones_of
from portal.training.models import Fault
from portal.training.seats.people import password_of
from portal.training.trouble import faults
from tests.conftest import solved
from tests.portal.training.conftest import person

TRAINER = Fault.Source.TRAINER
GOOD = "lima-kata-sandi-baru"


def ticked(browser: Client) -> dict:
    return {"captcha": solved(browser.get("/akun/captcha/").json()), "captcha_tick": "on"}


def throw(browser: Client, kind: str, minutes: int | None = None) -> None:
    """At the seat of this browser, by the trainer."""
    seat = browser.seat
    faults.throw(seat.classroom, seat, kind, TRAINER, None, timezone.now(), minutes)


def later(monkeypatch, **passed) -> None:
    moment = timezone.now() + timedelta(**passed)
    monkeypatch.setattr(timezone, "now", lambda: moment)


def sign_up(browser: Client, email: str = "ani@latih.test"):
    typed = {"email": email, "password1": GOOD, "password2": GOOD, "consent": "on"}
    return browser.post("/akun/daftar/", typed | ticked(browser))


def sign_in(browser: Client, slug: str = "budi", path: str = "/akun/login/", password: str = ""):
    email = person(browser.seat, slug).user.email
    typed = {"login": email, "password": password or password_of(browser.seat)}
    return browser.post(path, typed | ticked(browser))


def ask(browser: Client, text: str) -> str:
    """What the phone of the seat shows last after this text."""
    browser.post("/telepon/", {"text": text, "nomor": "001"})
    number = phones_of(browser.seat.inbox_key)[0].number
    return TextMessage.objects.conversation(number, timezone.now()).exclude(state="lost").last().text


def card(browser: Client, slug: str = "budi"):
    who = person(browser.seat, slug).participant
    return who, who.memberships.first().kpj


def register(browser: Client, slug: str = "budi", email: str = "") -> str:
    who, kpj = card(browser, slug)
    mail = f"#{email}" if email else ""
    return ask(browser, f"DAFTAR SALDO#{who.nik}#{who.birth_date:%d-%m-%Y}#{kpj}{mail}")
