"""What a trainer says reaches the trainee, and only the trainee it is for."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from portal.training.models import Message, Seat
from portal.training.seats import seating
from portal.training.steering import telling
from tests.portal.training.conftest import play

BELL = "/kelas/kabar/"


def state(browser) -> str:
    """What the page that is open on this seat knows."""
    return browser.get("/kelas/").text.partition('data-state="')[2].partition('"')[0]


def test_a_message_to_the_room_stands_on_everybodys_next_page(room, sit):
    one, other = sit("Andi"), play(sit("Bela"), "budi")
    telling.tell(room, None, "Istirahat lima menit.", timezone.now(), None)

    assert "Istirahat lima menit." in one.get("/akun/login/").text
    assert "Istirahat lima menit." in other.get("/jht/").text
    assert "Istirahat lima menit." in other.get("/jmo/").text


def test_a_message_reaches_who_plays_the_clerk_at_the_desk_of_the_seat(room, sit):
    browser = sit("Andi")
    browser.force_login(Seat.objects.get(pk=browser.seat.pk).clerk)
    telling.tell(room, None, "Cari baris yang salah.", timezone.now(), None)

    assert "Cari baris yang salah." in browser.get("/petugas/").text


def test_a_message_to_one_seat_is_read_on_no_other(room, sit):
    one, other = sit("Andi"), sit("Bela")
    telling.tell(room, one.seat, "Lihat tombol <b>biru</b>.", timezone.now(), None, "petunjuk")

    assert "Petunjuk.</strong> Lihat tombol &lt;b&gt;biru&lt;/b&gt;." in one.get("/kelas/").text
    assert "Lihat tombol" not in other.get("/kelas/").text
    assert "Lihat tombol" not in other.get("/kelas/pesan/").text


def test_a_message_of_another_class_is_not_shown(room, sit):
    browser = sit("Andi")
    elsewhere = seating.open_class("Kelas lain", timezone.localdate(), 1, 7, timezone.now(), None)
    telling.tell(elsewhere, None, "Bukan untuk Anda.", timezone.now(), None)

    assert "Bukan untuk Anda." not in browser.get("/kelas/").text


def test_what_was_said_before_somebody_sat_down_is_not_shown(room, sit):
    telling.tell(room, None, "Selamat pagi.", timezone.now() - timedelta(minutes=1), None)

    assert "Selamat pagi." not in sit("Andi").get("/kelas/").text


def test_a_message_is_put_away_for_good_and_the_page_stays(room, sit, client):
    browser = sit("Andi")
    said = telling.tell(room, None, "Buka halaman Saldo.", timezone.now(), None)
    response = browser.post("/kelas/pesan/dibaca/", {"sampai": said.pk, "kembali": "/akun/login/"})
    client.post("/kelas/", {"seat_code": browser.seat.code})

    assert response["Location"] == "/akun/login/"
    assert "Buka halaman Saldo." not in browser.get("/kelas/").text
    assert "Buka halaman Saldo." not in client.get("/kelas/").text


def test_a_page_from_before_brings_nothing_back_and_puts_nothing_newer_away(room, sit):
    browser = sit("Andi")
    first = telling.tell(room, None, "Satu.", timezone.now(), None)
    second = telling.tell(room, None, "Dua.", timezone.now(), None)
    browser.post("/kelas/pesan/dibaca/", {"sampai": first.pk})
    after_first = browser.get("/kelas/").text
    browser.post("/kelas/pesan/dibaca/", {"sampai": second.pk})
    browser.post("/kelas/pesan/dibaca/", {"sampai": first.pk})

    assert "Satu." not in after_first and "Dua." in after_first
    assert "Dua." not in browser.get("/kelas/").text


@pytest.mark.parametrize("until", ["", "x", "-1", "99999999999999999999", "²"])
def test_a_forged_number_puts_nothing_away_that_is_to_come(room, sit, until):
    browser = sit("Andi")
    browser.post("/kelas/pesan/dibaca/", {"sampai": until})
    browser.post("/kelas/pesan/dibaca/", {"sampai": "999999999"})
    telling.tell(room, None, "Masih terlihat.", timezone.now(), None)

    assert "Masih terlihat." in browser.get("/kelas/").text


@pytest.mark.parametrize("there", ["https://luar.example/", "//luar.example/", "javascript:x", "", "/\\luar.example"])
def test_the_way_back_leads_nowhere_else(room, sit, there):
    browser = sit("Andi")

    assert browser.post("/kelas/pesan/dibaca/", {"sampai": "1", "kembali": there})["Location"] == "/kelas/"


def test_the_bell_is_silent_until_something_is_said_and_again_once_it_is_read(room, sit):
    browser = sit("Andi")
    known = state(browser)
    silent = browser.get(BELL, {"ada": known})
    said = telling.tell(room, None, "Buka halaman Saldo.", timezone.now(), None)
    rung = browser.get(BELL, {"ada": known})
    now_known = state(browser)
    browser.post("/kelas/pesan/dibaca/", {"sampai": said.pk})

    assert silent.status_code == 204 and not silent.content
    assert rung.status_code == 200 and rung.text == now_known
    assert browser.get(BELL, {"ada": now_known}).text == known
    assert rung["Cache-Control"] == "no-store"


def test_the_bell_costs_one_query_and_writes_nothing(room, sit, django_assert_num_queries):
    browser = play(sit("Andi"), "budi")
    telling.tell(room, None, "Buka halaman Saldo.", timezone.now(), None)
    seen = Seat.objects.filter(pk=browser.seat.pk).update(last_seen_at=timezone.now() - timedelta(hours=1))

    with django_assert_num_queries(1):
        browser.get(BELL)
    assert seen == 1
    assert Seat.objects.get(pk=browser.seat.pk).last_seen_at < timezone.now() - timedelta(minutes=59)


def test_for_the_messages_a_page_asks_one_query_more_and_without_a_seat_none(
    room, sit, client, django_assert_num_queries
):
    browser = sit("Andi")
    browser.get("/ketentuan/")

    with django_assert_num_queries(2):  # the seat with its class; what the trainer says
        browser.get("/kelas/pesan/")
    client.get("/ketentuan/")
    with django_assert_num_queries(0):
        client.get("/ketentuan/")


def test_without_a_seat_and_after_the_class_the_bell_says_nothing(room, sit, settings):
    browser = sit("Andi")
    telling.tell(room, None, "Buka halaman Saldo.", timezone.now(), None)
    seating.end(room, timezone.now())

    assert browser.get(BELL).status_code == 204
    assert Client().get(BELL).status_code == 204
    assert Client().get("/kelas/pesan/").status_code == 204
    settings.DEMO = False
    assert browser.get(BELL).status_code == 404


def test_an_empty_message_is_refused_by_the_database(room):
    with pytest.raises(Exception, match="message_says_something"):
        Message.objects.create(classroom=room, text="", sent_at=timezone.now())
