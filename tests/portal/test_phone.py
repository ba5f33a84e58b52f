"""The phone on screen, by its addresses: whose numbers, which faults, what comes and what does not."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import TextMessage
from accounts.texts import send_code
from portal.sms.language import length
from tests.jht.factories import make_membership, make_participant, pay, training_nik

pytestmark = pytest.mark.django_db
NUMBER = re.compile(r"0849-[0-9]{4}-[0-9]{5}")
BORN = date(1988, 3, 15)


@pytest.fixture(autouse=True)
def training_room(settings):
    settings.DEMO = True


def numbers(client) -> list[str]:
    """The numbers this browser may choose, as they are kept."""
    shown = NUMBER.findall(client.get("/telepon/").text)
    return [number.replace("-", "") for number in dict.fromkeys(shown)]


def send(client, text: str, ending: str = "001", **extra):
    return client.post("/telepon/", {"text": text, "nomor": ending} | extra)


def bubbles(client, ending: str = "001") -> list[str]:
    page = client.get(f"/telepon/percakapan/?nomor={ending}").text
    return [unescape(text) for text in re.findall(r'<p class="bubble__text">(.*?)</p>', page, re.S)]


def later(monkeypatch, minutes: int) -> None:
    moment = timezone.now() + timedelta(minutes=minutes)
    monkeypatch.setattr("portal.middleware.timezone.now", lambda: moment)


@pytest.fixture
def registration():
    membership = make_membership(make_participant("Budi Santoso", birth_date=BORN, nik=training_nik(BORN)))
    pay(membership, date(2026, 1, 1))
    return f"DAFTAR SALDO#{membership.participant.nik}#15-03-1988#{membership.kpj}", membership


def test_who_registers_on_the_phone_reads_the_balance_there(client, registration):
    text, membership = registration
    assert send(client, text)["Location"] == "/telepon/?nomor=001"
    send(client, f"SALDO {membership.kpj}")

    asked, registered, again, balance = bubbles(client)

    assert asked == text
    assert registered.startswith("SIMULASI. Nomor HP ini sekarang terdaftar")
    assert again == f"SALDO {membership.kpj}"
    assert balance.startswith("SIMULASI. Saldo JHT KPJ *******")


def test_reloading_after_sending_sends_nothing_twice(client):
    page = client.post("/telepon/", {"text": "halo", "nomor": "002"}, follow=True)

    assert page.redirect_chain == [("/telepon/?nomor=002", 302)]
    assert bubbles(client, "002")[0] == "halo"
    assert bubbles(client, "001") == []
    assert TextMessage.objects.filter(direction="in").count() == 1


def test_a_browser_has_five_numbers_of_its_own_and_keeps_them(client):
    mine = numbers(client)

    assert len(mine) == 5
    assert [number[-3:] for number in mine] == ["001", "002", "901", "902", "903"]
    assert numbers(client) == mine
    assert not set(numbers(Client())) & set(mine)


@pytest.mark.parametrize("name", ["full", "dashes", "ending"])
def test_another_browsers_number_cannot_be_chosen(client, name):
    other = Client()
    (number, *_) = numbers(other)
    send(other, "rahasia siapa")
    chosen = {"full": number, "dashes": f"{number[:4]}-{number[4:8]}-{number[8:]}", "ending": number[-3:]}[name]

    page = client.get("/telepon/", {"nomor": chosen})
    client.post("/telepon/", {"text": "halo", "nomor": chosen})

    assert "rahasia siapa" not in page.text
    assert bubbles(other) == ["rahasia siapa", bubbles(other)[1]]
    assert number not in page.text.replace("-", "")


@pytest.mark.parametrize("forged", ["", "x", "a" * 32, "a" * 32 + ":1:x"])
def test_a_forged_key_is_no_key(client, forged):
    mine = numbers(client)
    client.cookies["kotak"] = forged

    assert not set(numbers(client)) & set(mine)


@pytest.mark.parametrize("path", ["/telepon/", "/telepon/alat/", "/telepon/percakapan/"])
def test_it_exists_in_a_training_room_only(client, settings, path):
    settings.DEMO = False

    assert client.get(path).status_code == 404
    assert client.post(path, {"text": "SALDO"}).status_code in (404, 405)
    assert not TextMessage.objects.exists()


def test_one_number_never_receives(client):
    send(client, "halo", "901")

    assert bubbles(client, "901") == ["halo"]
    assert TextMessage.objects.filter(state="lost").count() == 1


def test_one_number_receives_two_minutes_late(client, monkeypatch):
    send(client, "halo", "902")
    assert bubbles(client, "902") == ["halo"]

    later(monkeypatch, 1)
    assert bubbles(client, "902") == ["halo"]
    later(monkeypatch, 2)
    assert len(bubbles(client, "902")) == 2


def test_one_number_receives_twice(client):
    send(client, "halo", "903")

    _asked, first, second = bubbles(client, "903")
    assert first == second


def test_every_fault_is_told_beside_its_number(client):
    page = client.get("/telepon/").text

    for words in ("tidak pernah menerima SMS", "dua menit terlambat", "setiap SMS dua kali", "seperti biasa"):
        assert words in page


def test_a_code_is_shown_large_on_the_phone_that_it_went_to(client):
    first, _second, *_ = numbers(client)
    send_code(first, "048213", timezone.now())

    page = client.get("/telepon/?nomor=001").text
    assert '<span class="code">048213</span>' in page
    assert "048213" not in client.get("/telepon/?nomor=002").text
    assert "048213" not in Client().get("/telepon/?nomor=001").text


def test_an_empty_or_endless_text_is_not_sent_and_says_why(client):
    assert "Pesan masih kosong" in send(client, "").text
    page = send(client, "x" * 1001)
    assert "lebih dari 1000 karakter" in page.text
    assert "x" * 1001 in page.text  # what was typed stays
    assert not TextMessage.objects.exists()


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "'; DROP TABLE", "\u202e\u200b", "😀" * 400, "\ufdfa" * 900, "#" * 900, " "]
)
def test_rubbish_is_answered_and_shown_as_text(client, text):
    assert send(client, text).status_code == 302

    assert len(bubbles(client)) == 2
    assert "<script>alert" not in client.get("/telepon/").text


@pytest.mark.parametrize("ending", ["999", "abc", "0849111111001", "", "001'", "\u0661"])
def test_an_unknown_ending_is_the_first_number(client, ending):
    send(client, "halo", ending)

    assert bubbles(client, "001")[0] == "halo"


def test_a_nul_is_refused(client):
    assert send(client, "a\0b").status_code == 400
    assert client.get("/telepon/?nomor=%00").status_code == 400


def test_the_script_gets_the_device_alone_and_asks_for_what_is_new(client):
    part = send(client, "halo", bagian="1").text
    assert "<html" not in part
    assert part.count('<li class="bubble') == 2

    last = re.search(r'data-last="(\d+)"', part)[1]
    assert client.get(f"/telepon/percakapan/?nomor=001&sesudah={last}").status_code == 204
    assert client.get("/telepon/percakapan/?nomor=001&sesudah=0").status_code == 200
    assert "<html" not in client.get("/telepon/alat/").text


def test_a_form_from_elsewhere_sends_nothing():
    strict = Client(enforce_csrf_checks=True)

    assert strict.post("/telepon/", {"text": "halo"}).status_code == 403
    assert not TextMessage.objects.exists()


def test_no_page_of_it_is_kept_by_a_browser(client):
    for path in ("/telepon/", "/telepon/alat/", "/telepon/percakapan/"):
        assert client.get(path)["Cache-Control"] == "no-store"


def test_what_may_be_a_real_nik_is_not_shown_again(client):
    send(client, "DAFTAR SALDO#3171011503880001#15-03-1988#49000000011")

    asked, answer = bubbles(client)
    assert "3171011503880001" not in asked + answer
    assert "tampak sungguhan" in answer


def test_a_long_answer_says_how_many_texts_it_is(client):
    send(client, "DAFTAR SALDO#3523418097870002#ADI SUNARYO#01-09-1987#2345678901")

    answer = bubbles(client)[1]
    assert length(answer).parts == 2
    assert "· 2 SMS" in client.get("/telepon/").text
