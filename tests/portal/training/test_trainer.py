"""The trainer's pages."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from portal.training.models import Classroom, Seat
from portal.training.seats import seating

NEW = {"name": "Kelas Senin", "day": f"{timezone.localdate():%d-%m-%Y}", "seats": "3", "keep_days": "7", "names": ""}


def test_a_new_class_has_a_code_a_qr_and_its_seats(trainer):
    page = trainer.post("/pelatih/", NEW, follow=True).text
    made = Classroom.objects.get()

    assert made.code in page and f"/kelas/{made.code}/" in page and "<svg" in page
    assert made.seats.count() == 3
    assert "Kelas Senin" in trainer.get("/pelatih/").text


def test_names_make_seats_for_everybody_on_the_list(trainer):
    trainer.post("/pelatih/", NEW | {"seats": "1", "names": "Ani\n\n Budi \nCici"})

    assert list(Seat.objects.values_list("number", "name")) == [(1, "Ani"), (2, "Budi"), (3, "Cici")]


@pytest.mark.parametrize(
    "wrong, told",
    [
        ({"name": ""}, "Nama kelas belum diisi"),
        ({"seats": "61"}, "paling banyak 60 kursi"),
        ({"seats": "0"}, "sedikitnya satu kursi"),
        ({"day": "2026"}, "tidak terbaca"),
        ({"day": "01-01-2020"}, "sudah lewat"),
        ({"names": "\n".join(f"Nama {n}" for n in range(73))}, "Ada 73 nama, tetapi satu kelas paling banyak 60 kursi"),
        ({"names": "Panjang " * 9}, "paling panjang 60 huruf"),
        ({"keep_days": "9999"}, "Paling lama 365 hari"),
    ],
)
def test_a_class_that_cannot_be_says_what_to_do(trainer, wrong, told):
    assert told in trainer.post("/pelatih/", NEW | wrong).text
    assert not Classroom.objects.exists()


def test_a_button_pressed_after_the_login_ended_leads_back_to_its_page(room):
    there = f"/pelatih/{room.pk}/"
    browser = Client()
    for referer, to in ((f"http://testserver{there}", there), ("http://lain.example/pelatih/1/", "/pelatih/")):
        away = browser.post(f"{there}gangguan/", {"jenis": "lambat"}, headers={"referer": referer})
        assert away.headers["Location"] == f"/akun/login/?next={to}"
    assert "tombol tadi tidak dijalankan" in browser.get(away.headers["Location"]).text


def test_a_seat_of_a_class_that_is_over_stays_as_it_is(trainer, room, sit):
    sit("Andi")
    seating.end(room, timezone.now())

    page = trainer.post(f"/pelatih/{room.pk}/kursi/1/ulangi/", follow=True).text
    assert "Kelas ini sudah berakhir, jadi kursinya tetap" in page
    assert "/kursi/1/ulangi/" not in page


def test_the_sheet_has_a_card_for_every_seat(trainer, room):
    page = trainer.get(f"/pelatih/{room.pk}/kartu/").text

    assert all(seat.code in page for seat in room.seats.all())
    assert "SIMULASI" in page


def test_the_list_says_who_sits_where(trainer, room, sit):
    sit("Andi <b>")

    page = trainer.get(f"/pelatih/{room.pk}/").text
    assert "Andi &lt;b&gt;" in page
    assert "1 dari 4 terisi" in page


def test_seats_can_be_added_but_not_without_end(trainer, room):
    trainer.post(f"/pelatih/{room.pk}/kursi/")
    grown = room.seats.count()
    seating.add_seats(room, 60 - grown)
    refused = trainer.post(f"/pelatih/{room.pk}/kursi/", follow=True)

    assert grown == 9
    assert "paling banyak 60" in refused.text
    assert room.seats.count() == 60


def test_an_ended_class_lets_nobody_in_and_those_inside_out(trainer, room, sit):
    browser = sit("Andi")
    trainer.post(f"/pelatih/{room.pk}/akhiri/")

    assert "tidak dikenal" in Client().post("/kelas/", {"code": room.code, "name": "Bela"}).text
    assert "tidak dikenal" in Client().post("/kelas/", {"seat_code": browser.seat.code}).text
    assert "Ikut kelas" in browser.get("/kelas/").text
    assert "sudah berakhir" in trainer.get(f"/pelatih/{room.pk}/").text


def test_a_class_made_days_before_runs_through_its_day(demo):
    now = timezone.now()
    later = seating.open_class("Kelas", timezone.localdate() + timedelta(days=3), 1, 7, now, None)

    assert later.is_running(now + timedelta(days=2, hours=23))
    assert not later.is_running(now + timedelta(days=5))


def test_a_clerk_finds_no_classes_and_a_visitor_is_asked_to_log_in(room, client):
    visitor = client.get("/pelatih/")
    client.force_login(get_user_model().objects.create_user("klerk@latih.test", "x", is_staff=True))

    assert visitor.status_code == 302 and "/akun/login/" in visitor["Location"]
    assert client.get("/pelatih/").status_code == 404
    assert client.get(f"/pelatih/{room.pk}/").status_code == 404


def test_the_trainers_service_menu_leads_to_the_classes(trainer, client, demo):
    client.force_login(get_user_model().objects.create_user("orang@latih.test"))

    assert 'href="/pelatih/"' in trainer.get("/").text
    assert 'href="/pelatih/"' not in client.get("/").text


@pytest.mark.parametrize("seats", [1, 40])
def test_the_class_page_asks_as_much_for_forty_seats_as_for_one(trainer, demo, django_assert_num_queries, seats):
    room = seating.open_class("Kelas", timezone.localdate(), seats, 7, timezone.now(), None)
    room.seats.update(started_at=timezone.now(), last_seen_at=timezone.now(), made_on=timezone.localdate())
    trainer.get(f"/pelatih/{room.pk}/")

    # session, user, rights of the role, rights of one's own, class, seats, faults, snapshots
    with django_assert_num_queries(8):
        trainer.get(f"/pelatih/{room.pk}/")


def test_a_class_of_forty_is_ready_at_once(trainer):
    began = timezone.now()
    trainer.post("/pelatih/", NEW | {"seats": "40"})

    assert Seat.objects.count() == 40
    assert (timezone.now() - began).total_seconds() < 10
