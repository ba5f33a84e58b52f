"""Snapshots on the seat's own page and on the trainer's page of a class."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from jht.models import Removal
from portal.training.models import SeatPerson, Snapshot
from portal.training.seats import seating
from tests.portal.training.conftest import TODAY, person, play
from tests.portal.training.test_snapshots import told


def test_a_trainee_keeps_the_seat_and_comes_back(sit):
    browser = sit("Andi")
    page = browser.post("/kelas/titik/", {"name": "  Sebelum   klaim "}, follow=True).text
    assert "Sebelum klaim" in page and "disimpan" in page
    person(browser.seat, "budi").participant.memberships.update(unadded_since=TODAY)

    page = browser.post(f"/kelas/titik/{Snapshot.objects.get().pk}/kembali/", follow=True).text

    assert "Kursi Anda kembali ke titik “Sebelum klaim”" in page
    assert person(browser.seat, "budi").participant.memberships.get().unadded_since is None


@pytest.mark.parametrize(
    "name, sentence",
    [("", "Beri nama dahulu"), ("x" * 61, "paling panjang 60"), ("a\u202eb", "huruf, angka"), ("awal", "sudah ada")],
)
def test_a_name_that_cannot_be_kept_is_refused_with_a_sentence(sit, name, sentence):
    browser = sit("Andi")
    browser.post("/kelas/titik/", {"name": "Awal"})

    assert sentence in browser.post("/kelas/titik/", {"name": name}, follow=True).text
    assert Snapshot.objects.count() == 1


def test_ten_are_kept_and_room_is_made_by_deleting_one(sit):
    browser = sit("Andi")
    for number in range(10):
        browser.post("/kelas/titik/", {"name": f"Titik {number}"})

    assert "sudah menyimpan 10 titik" in browser.post("/kelas/titik/", {"name": "Sebelas"}, follow=True).text
    browser.post(f"/kelas/titik/{Snapshot.objects.first().pk}/hapus/")
    browser.post("/kelas/titik/", {"name": "Sebelas"})
    assert Snapshot.objects.count() == 10


@pytest.mark.parametrize("act", ["kembali", "hapus"])
def test_the_snapshot_of_another_seat_is_not_there(sit, act):
    one, other = sit("Andi"), sit("Bela")
    other.post("/kelas/titik/", {"name": "Milik Bela"})
    kept = Snapshot.objects.get()
    before = told(other.seat)

    assert one.post(f"/kelas/titik/{kept.pk}/{act}/").status_code == 404
    assert "Milik Bela" not in one.get("/kelas/").text
    assert told(other.seat) == before and Snapshot.objects.filter(pk=kept.pk).exists()


def test_a_trainer_keeps_the_room_and_brings_one_seat_or_all_back(room, sit, trainer):
    one, other = sit("Andi").seat, sit("Bela").seat
    page = trainer.post(f"/pelatih/{room.pk}/titik/", {"name": "Sebelum klaim", "kursi": ""}, follow=True).text
    assert "Sebelum klaim" in page and "2 kursi" in page
    before = told(one), told(other)
    for seat in (one, other):
        person(seat, "budi").participant.memberships.update(unadded_since=TODAY)

    trainer.post(f"/pelatih/{room.pk}/titik/kembali/", {"name": "Sebelum klaim", "kursi": one.number})
    assert told(one) == before[0] and told(other) != before[1]
    trainer.post(f"/pelatih/{room.pk}/titik/kembali/", {"name": "Sebelum klaim", "kursi": ""})
    assert (told(one), told(other)) == before

    trainer.post(f"/pelatih/{room.pk}/titik/hapus/", {"name": "Sebelum klaim"})
    assert not Snapshot.objects.exists()


def test_who_put_a_seat_back_is_written_down(room, sit, trainer):
    sit("Andi")
    trainer.post(f"/pelatih/{room.pk}/titik/", {"name": "Awal", "kursi": "1"})
    trainer.post(f"/pelatih/{room.pk}/titik/kembali/", {"name": "Awal", "kursi": "1"})

    assert Removal.objects.exists()
    assert all(row.removed_by.is_staff and "Awal" in row.reason for row in Removal.objects.all())


def test_the_class_page_asks_as_often_for_forty_points_as_for_one(room, sit, trainer):
    sit("Andi")
    trainer.post(f"/pelatih/{room.pk}/titik/", {"name": "Satu", "kursi": ""})
    with CaptureQueriesContext(connection) as few:
        trainer.get(f"/pelatih/{room.pk}/")
    sit("Bela")
    for name in ("Dua", "Tiga"):
        trainer.post(f"/pelatih/{room.pk}/titik/", {"name": name, "kursi": ""})
    with CaptureQueriesContext(connection) as many:
        trainer.get(f"/pelatih/{room.pk}/")

    assert len(many) == len(few)


def test_snapshots_go_with_the_class(room, sit):
    browser = sit("Andi")
    browser.post("/kelas/titik/", {"name": "Awal"})
    cache.clear()
    seating.end(room, timezone.now())
    seating.sweep(timezone.now() + timedelta(days=30))

    assert not Snapshot.objects.exists() and not SeatPerson.objects.exists()


@pytest.mark.parametrize("path", ["/kelas/titik/", "/kelas/titik/1/kembali/", "/kelas/titik/1/hapus/"])
def test_without_a_seat_nothing_is_kept(room, client, path):
    assert client.post(path, {"name": "Awal"}).url == "/kelas/"


@pytest.mark.parametrize("path", ["titik/", "titik/kembali/", "titik/hapus/"])
def test_only_a_trainer_keeps_a_room(room, sit, path):
    browser = play(sit("Andi"), "budi")

    assert browser.post(f"/pelatih/{room.pk}/{path}", {"name": "Awal"}).status_code == 404


def test_a_seat_whose_address_somebody_else_has_taken_stays_as_it_is_and_the_others_go_back(room, sit, trainer):
    first, second = sit("Andi"), sit("Bela")
    User.objects.create_user("ani@latih.test", "x", inbox_key=first.seat.inbox_key)
    trainer.post(f"/pelatih/{room.pk}/titik/", {"name": "Pagi"})
    trainer.post(f"/pelatih/{room.pk}/ulangi/")
    User.objects.create_user("ani@latih.test", "x", inbox_key=second.seat.inbox_key)
    people_then = set(first.seat.people.values_list("participant", flat=True))

    page = trainer.post(f"/pelatih/{room.pk}/titik/kembali/", {"name": "Pagi"}, follow=True).text
    own = first.post(f"/kelas/titik/{first.seat.snapshots.get().pk}/kembali/", follow=True).text

    assert "Kursi 1 tetap seperti sekarang: e-mail atau NPP" in page
    assert "1 kursi kembali ke titik “Pagi”" in page
    assert "Kursi Anda kembali ke titik" in own  # the address is free again
    assert set(first.seat.people.values_list("participant", flat=True)) != people_then


@pytest.mark.parametrize("number", ["9" * 5000, "²", "-1", "x"])
def test_a_seat_that_is_none_is_not_found(room, trainer, number):
    answer = trainer.post(f"/pelatih/{room.pk}/titik/", {"name": "Pagi", "kursi": number})

    assert answer.status_code == 404
