"""Faults of mails, codes, texts, captcha, accounts and data: on the web, in the app and by text."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from accounts.models import OutboxMessage, TextMessage
from accounts.phones import phones_of
from portal.training.seats.people import password_of
from portal.training.trouble import faults, interference
from tests.portal.training.conftest import person, play
from tests.portal.training.disturbed import GOOD, ask, card, later, register, sign_in, sign_up, throw, ticked


@pytest.fixture(autouse=True)
def light(monkeypatch):
    monkeypatch.setattr("accounts.captcha.HARDEST", 500)
    monkeypatch.setattr(interference, "SLOW", 0.01)


# --- Mails ---------------------------------------------------------------------------------------------------
def test_a_late_mail_comes_two_minutes_later(sit, monkeypatch):
    browser = sit()
    throw(browser, "surat-terlambat")
    sign_up(browser)
    at_once = browser.get("/kotak-masuk/").text
    later(monkeypatch, minutes=2, seconds=1)

    assert "Belum ada surat" in at_once
    assert "[SIMULASI]" in browser.get("/kotak-masuk/").text


def test_a_lost_mail_never_comes_and_the_next_one_does(sit, monkeypatch):
    browser = sit()
    throw(browser, "surat-hilang")
    sign_up(browser)
    later(monkeypatch, days=1)
    empty = browser.get("/kotak-masuk/").text
    sign_up(browser, "ani2@latih.test")

    assert "Belum ada surat" in empty
    assert OutboxMessage.objects.get(to="ani@latih.test").state == "lost"
    assert "[SIMULASI]" in browser.get("/kotak-masuk/").text
    mail = OutboxMessage.objects.get(to="ani@latih.test")
    assert browser.get(f"/kotak-masuk/{mail.pk}/").status_code == 404


def test_a_mail_of_the_app_is_lost_too(sit):
    browser = in_the_app(sit())
    throw(browser, "surat-hilang")
    browser.post("/jmo/daftar/email/", {"email": "ani@latih.test"} | ticked(browser))

    assert OutboxMessage.objects.get().state == "lost"


def in_the_app(browser: Client, slug: str = "") -> Client:
    """As far as the question for the e-mail, with the card of somebody without an account."""
    assert answer_person(browser).status_code == 302
    return browser


def answer_person(browser: Client):
    unlinked = browser.seat.people.filter(participant__user=None, participant__memberships__segment="PU")
    who = unlinked.exclude(participant__nik=None).first().participant
    browser.post("/jmo/daftar/peserta/", {"answer": "ya"})
    browser.post("/jmo/daftar/jenis/", {"answer": "PU"})
    browser.post("/jmo/daftar/kewarganegaraan/", {"answer": "WNI"})
    data = {"name": who.name, "birth_date": f"{who.birth_date:%d-%m-%Y}", "nik": who.nik}
    return browser.post("/jmo/daftar/data/", data | {"kpj": who.memberships.filter(segment="PU").first().kpj})


@pytest.mark.parametrize("kind, state", [("surat-hilang", "lost"), ("surat-terlambat", "captured")])
def test_an_address_calls_a_fault_of_mails_every_time(sit, kind, state):
    browser = sit()
    sign_up(browser, f"ani+{kind}@latih.test")
    browser.post("/akun/kode/", {"action": "resend"})
    mails = OutboxMessage.objects.all()

    assert [mail.state for mail in mails] == [state, state]
    assert not OutboxMessage.objects.readable_by(browser.seat.inbox_key).exists()


def test_a_mail_that_a_neighbour_asks_for_is_left_alone(sit):
    one, other = sit("Andi"), sit("Bela")
    throw(one, "surat-hilang")
    sign_up(other)
    mine_for_them = {"email": person(other.seat, "budi").user.email}
    one.post("/akun/kata-sandi/lupa/", mine_for_them | ticked(one))

    assert [mail.state for mail in OutboxMessage.objects.all()] == ["captured", "captured"]


# --- Codes ---------------------------------------------------------------------------------------------------
def hand_in(browser: Client, path: str = "/akun/kode/") -> str:
    code = OutboxMessage.objects.latest("pk").code
    return browser.post(path, {"code": code}, follow=True).text


EXPIRED = "Kode itu benar, tetapi sudah lewat 15 menit"


def test_a_code_is_expired_and_the_next_one_good(sit):
    browser = sit()
    sign_up(browser)
    throw(browser, "kode-kedaluwarsa")
    first = hand_in(browser)
    browser.post("/akun/kode/", {"action": "resend"})

    assert EXPIRED in first
    assert "Akun Anda sudah jadi" in hand_in(browser)


def test_an_address_makes_its_first_code_expire(sit):
    browser = sit()
    sign_up(browser, "ani+kode-kedaluwarsa@latih.test")
    first = hand_in(browser)
    browser.post("/akun/kode/", {"action": "resend"})

    assert EXPIRED in first
    assert "Akun Anda sudah jadi" in hand_in(browser)


def test_a_code_for_a_new_kata_sandi_expires(sit):
    browser = sit()
    email = person(browser.seat, "budi").user.email
    browser.post("/akun/kata-sandi/lupa/", {"email": email} | ticked(browser))
    throw(browser, "kode-kedaluwarsa")

    assert EXPIRED in hand_in(browser, "/akun/kata-sandi/lupa/kode/")


def test_a_code_to_a_new_address_expires(sit):
    browser = sit()
    sign_in(browser)
    browser.post("/akun/konfirmasi/", {"password": password_of(browser.seat)})
    browser.post("/akun/email/", {"email": "budi-baru@latih.test", "action_add": ""})
    throw(browser, "kode-kedaluwarsa")

    assert "lewat waktunya" in hand_in(browser)
    assert person(browser.seat, "budi").user.email != "budi-baru@latih.test"


def test_codes_of_the_app_expire_by_mail_and_by_text(sit):
    browser = in_the_app(sit())
    browser.post("/jmo/daftar/email/", {"email": "ani@latih.test"} | ticked(browser))
    throw(browser, "kode-kedaluwarsa")
    by_mail = hand_in(browser, "/jmo/daftar/kode-email/")
    browser.post("/jmo/daftar/kode-email/", {"action": "resend"})
    hand_in(browser, "/jmo/daftar/kode-email/")
    browser.post("/jmo/daftar/handphone/", {"own": phones_of(browser.seat.inbox_key)[0].number})
    throw(browser, "kode-kedaluwarsa")
    code = TextMessage.objects.latest("pk").code

    assert EXPIRED in by_mail
    assert EXPIRED in browser.post("/jmo/daftar/kode-sms/", {"code": code}).text


# --- Texts ---------------------------------------------------------------------------------------------------
def test_a_lost_answer_of_2757_never_comes_and_the_next_one_does(sit):
    browser = sit()
    _, kpj = card(browser)
    throw(browser, "sms-hilang")

    assert ask(browser, f"SALDO {kpj}") == f"SALDO {kpj}"
    assert "belum terdaftar" in ask(browser, f"SALDO {kpj}")


def test_a_late_answer_comes_two_minutes_later(sit, monkeypatch):
    browser = sit()
    _, kpj = card(browser)
    throw(browser, "sms-terlambat")
    at_once = ask(browser, f"SALDO {kpj}")
    later(monkeypatch, minutes=2, seconds=1)

    assert at_once == f"SALDO {kpj}"
    assert "belum terdaftar" in browser.get("/telepon/").text


def test_the_code_of_the_app_is_lost(sit):
    browser = in_the_app(sit())
    browser.post("/jmo/daftar/email/", {"email": "ani@latih.test"} | ticked(browser))
    hand_in(browser, "/jmo/daftar/kode-email/")
    throw(browser, "sms-hilang")
    browser.post("/jmo/daftar/handphone/", {"own": phones_of(browser.seat.inbox_key)[0].number})

    assert TextMessage.objects.get().state == "lost"


# --- Captcha and lock ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/akun/login/", "/jmo/masuk/"])
def test_the_captcha_fails_once(sit, path):
    browser = sit()
    throw(browser, "captcha-gagal")

    assert "Pemeriksaan “Saya bukan robot” tidak cocok" in sign_in(browser, path=path).text
    assert sign_in(browser, path=path).status_code == 302


def test_the_captcha_of_an_address_fails_once(sit):
    browser = sit()

    assert "tidak cocok" in sign_up(browser, "ani+captcha-gagal@latih.test").text
    assert sign_up(browser, "ani+captcha-gagal@latih.test").status_code == 302


@pytest.mark.parametrize("path", ["/akun/login/", "/jmo/masuk/"])
def test_an_account_is_locked_as_long_as_the_fault_lasts(sit, monkeypatch, path):
    browser = sit()
    throw(browser, "akun-terkunci", minutes=5)
    locked = sign_in(browser, path=path).text
    later(monkeypatch, minutes=5, seconds=1)

    assert "menguncinya sebentar. Coba lagi dalam 5 menit" in locked
    assert sign_in(browser, path=path).status_code == 302


def test_ending_the_fault_opens_the_account(sit):
    browser = sit()
    throw(browser, "akun-terkunci")
    sign_in(browser)
    faults.end(browser.seat.classroom, browser.seat, timezone.now(), ["akun-terkunci"])

    assert sign_in(browser).status_code == 302


def test_a_lock_opens_with_a_new_kata_sandi(sit):
    browser = sit()
    throw(browser, "akun-terkunci")
    sign_in(browser)
    email = person(browser.seat, "budi").user.email
    browser.post("/akun/kata-sandi/lupa/", {"email": email} | ticked(browser))
    hand_in(browser, "/akun/kata-sandi/lupa/kode/")
    browser.post("/akun/kata-sandi/lupa/baru/", {"password1": GOOD, "password2": GOOD})

    assert sign_in(browser, password=GOOD).status_code == 302


def test_a_lock_follows_the_clock_of_the_seat(sit):
    browser = sit()
    throw(browser, "akun-terkunci")
    sign_in(browser)
    browser.post("/kelas/jam/", {"ke": "hari"})

    assert sign_in(browser).status_code == 302


def test_a_lock_reaches_no_account_of_a_neighbour(sit):
    one, other = sit("Andi"), sit("Bela")
    throw(one, "akun-terkunci")
    email = person(other.seat, "budi").user.email
    one.post("/akun/login/", {"login": email, "password": "x"} | ticked(one))

    assert sign_in(other).status_code == 302


def test_an_address_is_locked(sit):
    browser = sit()
    typed = {"login": "ani+akun-terkunci@latih.test", "password": "x"}

    assert "menguncinya sebentar" in browser.post("/akun/login/", typed | ticked(browser)).text


# --- Data ----------------------------------------------------------------------------------------------------
def link(browser: Client):
    """The data of somebody without an account, typed by Rini, who has not linked hers."""
    unlinked = browser.seat.people.filter(participant__user=None).exclude(participant__nik=None).first().participant
    data = {"name": unlinked.name, "birth_date": f"{unlinked.birth_date:%d-%m-%Y}", "nik": unlinked.nik}
    return browser.post("/jht/hubungkan/", data | {"kpj": unlinked.memberships.first().kpj})


def newcomer(browser: Client) -> Client:
    browser.force_login(get_user_model().objects.create_user("baru@latih.test", GOOD, inbox_key=browser.seat.inbox_key))
    return browser


def test_data_do_not_fit_once_on_the_web(sit):
    browser = newcomer(sit())
    throw(browser, "data-tidak-sesuai")

    assert "Data tidak sesuai." in link(browser).text
    assert link(browser).status_code == 302


def test_data_do_not_fit_once_in_the_app(sit):
    browser = sit()
    throw(browser, "data-tidak-sesuai")

    assert "Data tidak sesuai." in answer_person(browser).text
    assert answer_person(browser).status_code == 302


def test_data_do_not_fit_once_by_text(sit):
    browser = sit()
    throw(browser, "data-tidak-sesuai")

    assert "Data tidak sesuai:" in register(browser)
    assert "sekarang terdaftar" in register(browser)


@pytest.mark.parametrize(
    "kind, told",
    [
        ("data-tidak-sesuai", "Data tidak sesuai:"),
        ("kpj-tidak-terdaftar", "Nomor KPJ tidak terdaftar."),
        ("layanan-sibuk", "Layanan sedang sibuk."),
    ],
)
def test_an_address_in_a_text_calls_a_fault_once(sit, kind, told):
    browser = sit()

    assert told in register(browser, email=f"ani+{kind}@latih.test")
    assert "sekarang terdaftar" in register(browser, email=f"ani+{kind}@latih.test")


def test_a_kpj_is_not_registered_once_by_text(sit):
    browser = sit()
    throw(browser, "kpj-tidak-terdaftar")

    assert "Nomor KPJ tidak terdaftar." in register(browser)
    assert "sekarang terdaftar" in register(browser)


@pytest.mark.parametrize("path", ["/jht/tambah/", "/jmo/layanan/tambah/"])
def test_a_kpj_is_not_registered_once(sit, path):
    browser = play(sit(), "budi")
    _, kpj = card(browser)
    throw(browser, "kpj-tidak-terdaftar")

    assert "Nomor KPJ tidak terdaftar atas nama Anda" in browser.post(path, {"kpj": kpj}).text
    assert browser.post(path, {"kpj": kpj}).status_code == 302
