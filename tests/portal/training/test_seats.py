"""A trainee comes to a seat, keeps it, and has people, mails and a phone of his own there."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import OutboxMessage, User
from accounts.phones import phones_of
from jht.models import Membership, Participant
from portal import cast
from portal.practice import join_card
from portal.training.models import Classroom, Seat
from portal.training.seats import seating
from portal.training.seats.people import VARIANTS, cast_of, password_of
from tests.conftest import solved
from tests.portal.training.conftest import person, play

PATHS = ["/kelas/", "/kelas/ABC234/", "/pelatih/", "/pelatih/1/", "/pelatih/1/kartu/"]
POSTS = [
    *("/kelas/jam/", "/kelas/ulangi/", "/kelas/keluar/", "/pelatih/1/jam/", "/pelatih/1/ulangi/", "/pelatih/1/kursi/"),
    *("/pelatih/1/akhiri/", "/pelatih/1/kursi/1/jam/", "/pelatih/1/kursi/1/ulangi/"),
]


def captcha(browser):
    return {"captcha": solved(browser.get("/akun/captcha/").json()), "captcha_tick": "on"}


@pytest.fixture
def light_work(monkeypatch):
    monkeypatch.setattr("accounts.captcha.HARDEST", 500)


@pytest.mark.parametrize("path", PATHS)
def test_outside_a_demo_no_page_of_this_room_exists(db, settings, admin_client, path):
    settings.DEMO = False

    assert admin_client.get(path).status_code == 404


@pytest.mark.parametrize("path", POSTS)
def test_outside_a_demo_nothing_of_this_room_can_be_done(db, settings, admin_client, path):
    settings.DEMO = False

    assert admin_client.post(path).status_code == 404


def test_outside_a_demo_a_cookie_of_a_seat_means_nothing(room, sit, settings):
    browser = sit()
    settings.DEMO = False

    assert browser.get("/ketentuan/").wsgi_request.seat is None


def test_a_code_and_a_name_give_a_seat_that_stays_through_login_and_logout(room, sit):
    browser = play(sit("Andi"), "budi")
    signed_in = browser.get("/")
    browser.post("/akun/keluar/")
    signed_out = browser.get("/kelas/")

    assert "Kursi 1" in signed_in.text
    assert "Kursi 1: Andi" in signed_out.text
    assert browser.seat.code in signed_out.text


def test_small_letters_blanks_and_dashes_in_a_code_do_not_matter(room, client):
    typed = f" {room.code[:3].lower()}-{room.code[3:].lower()} "

    assert client.post("/kelas/", {"code": typed, "name": "Andi"}).status_code == 302


def test_the_address_in_the_qr_brings_the_code_along(room, client):
    assert f'value="{room.code}"' in client.get(f"/kelas/{room.code}/").text


@pytest.mark.parametrize("code", ["ZZZZZZ", "", "' OR 1=1"])
def test_an_unknown_code_gives_no_seat_and_says_so(room, client, code):
    response = client.post("/kelas/", {"code": code, "name": "Andi"})

    assert response.status_code == 200
    assert "tidak dikenal" in response.text or "belum diisi" in response.text
    assert not Seat.objects.filter(started_at__isnull=False).exists()


def test_a_class_that_has_ended_is_answered_like_one_that_never_was(room, client):
    seating.end(room, timezone.now())
    ended = client.post("/kelas/", {"code": room.code, "name": "Andi"}).text
    unknown = client.post("/kelas/", {"code": "ZZZZZZ", "name": "Andi"}).text

    assert ended.replace(room.code, "").count("tidak dikenal") == unknown.count("tidak dikenal") == 2


def test_a_full_class_says_so(room, sit, client):
    room.seats.filter(number__gt=1).delete()
    sit("Andi")

    assert "sudah terisi" in client.post("/kelas/", {"code": room.code, "name": "Bela"}).text


def test_a_name_on_the_list_gets_its_own_seat(demo, client):
    room = seating.open_class("Kelas", timezone.localdate(), 3, 7, timezone.now(), None, ["Citra", "Dodi"])

    client.post("/kelas/", {"code": room.code, "name": " dodi "})
    Client().post("/kelas/", {"code": room.code, "name": "Orang Lain"})

    taken = dict(room.seats.filter(started_at__isnull=False).values_list("number", "name"))
    assert taken == {2: "dodi", 3: "Orang Lain"}


def test_the_seat_code_brings_one_back_on_another_device(sit, client):
    browser = sit("Andi")
    client.post("/kelas/", {"seat_code": browser.seat.code})

    assert "Kursi 1: Andi" in client.get("/kelas/").text
    assert Seat.objects.filter(started_at__isnull=False).count() == 1


def test_a_printed_card_takes_its_seat_for_the_first_time(room, client):
    seat = room.seats.get(number=3)
    client.post("/kelas/", {"seat_code": seat.code})

    assert "Kursi 3" in client.get("/kelas/").text
    assert seat.people.exists()


def test_a_forged_cookie_gives_no_seat(sit, client):
    code = sit().seat.code
    client.cookies["kursi"] = code

    assert "Ikut kelas" in client.get("/kelas/").text


def test_coming_to_a_seat_ends_the_login_from_before(sit, client, room):
    client.force_login(User.objects.create_user("lama@latih.test"))
    client.post("/kelas/", {"code": room.code, "name": "Andi"})

    assert "_auth_user_id" not in client.session


def test_a_card_of_the_login_page_logs_in_the_person_of_this_seat(sit, light_work):
    browser = sit("Andi")
    page = browser.get("/akun/login/?sebagai=budi").text
    email, password = f"budi.{browser.seat.mark.lower()}@latih.test", password_of(browser.seat)

    assert f'value="{email}"' in page and f'value="{password}"' in page
    response = browser.post("/akun/login/", {"login": email, "password": password} | captcha(browser))
    assert response.status_code == 302
    assert "Rp" in browser.get("/jht/").text


def test_on_a_seat_no_card_opens_the_desk_of_the_house(sit):
    browser = sit()

    assert "sebagai=pelatih" not in browser.get("/akun/login/").text
    for slug in ("petugas", "pelatih"):
        assert f"{slug}@latih.test" not in browser.get(f"/akun/login/?sebagai={slug}").text


def test_a_story_that_names_a_number_names_the_one_of_the_seat(sit):
    browser = sit()
    page = browser.get("/akun/login/").text
    told = browser.seat.people.get(slug="intan").participant.memberships.get(unadded_since__isnull=False).kpj

    assert f"KPJ barunya, {told}," in page
    assert "49000000201" not in page


@pytest.mark.parametrize("segment, is_foreign", [("PU", False), ("BPU", False), ("PMI", False), ("PU", True)])
def test_the_app_shows_a_practice_card_of_the_seat_for_every_kind(sit, segment, is_foreign):
    seat = sit("Andi").seat
    card = join_card(segment, is_foreign=is_foreign, key=seat.inbox_key)

    assert card.segment == segment and bool(card.participant.passport) == is_foreign
    assert seat.people.filter(participant=card.participant).exists()


def test_while_a_class_is_on_the_desk_has_cards_only_at_the_trainers_own_computer(room, client):
    here, there = client.get("/akun/login/").text, client.get("/akun/login/", REMOTE_ADDR="192.168.1.7").text

    assert "sebagai=petugas" in here
    assert "sebagai=petugas" not in there
    assert "petugas@latih.test" not in client.get("/akun/login/?sebagai=petugas", REMOTE_ADDR="192.168.1.7").text


def test_everybody_of_the_cast_is_on_the_seat_with_numbers_of_its_own(sit):
    one, other = sit("Andi").seat, sit("Bela").seat
    mine, theirs = (
        set(Membership.objects.filter(participant__in=seat.people.values("participant")).values_list("kpj", flat=True))
        for seat in (one, other)
    )

    assert set(one.people.values_list("slug", flat=True)) >= {person_.slug for person_ in cast.PEOPLE}
    assert len(mine) == len(theirs) and not mine & theirs
    for person_ in Participant.objects.all():
        person_.full_clean()


@pytest.mark.parametrize("seat", [Seat(pk=pk, number=1, mark="ABCDE") for pk in (1, 99, 100, 9_900, 123_456)])
def test_no_two_people_of_any_seat_share_a_number(seat):
    people, told = cast_of(seat)
    numbers = [job.kpj for person_ in people for job in person_.jobs]
    niks = [person_.nik(timezone.localdate()) for person_ in people if not person_.passport]
    passports = [person_.passport for person_ in people if person_.passport]

    assert len(set(numbers)) == len(numbers) and len(set(niks)) == len(niks)
    assert all(re.fullmatch(r"49\d{9}", number) for number in numbers)
    assert all(re.fullmatch(r"49\d{14}", nik) and nik[-4:] != "0000" for nik in niks)
    assert len(set(passports)) == len(passports) <= 4
    assert {claimed.kpj for claimed in told} <= set(numbers)


def test_the_phone_and_the_mails_of_the_seat_follow_to_another_device(sit, client, light_work):
    browser = sit("Andi")
    browser.post("/akun/kata-sandi/lupa/", {"email": person(browser.seat, "budi").user.email} | captcha(browser))
    client.post("/kelas/", {"seat_code": browser.seat.code})

    assert OutboxMessage.objects.get().inbox_key == browser.seat.inbox_key
    assert OutboxMessage.objects.get().code in client.get("/kotak-masuk/").text
    number = phones_of(browser.seat.inbox_key)[0].number
    shown = f"{number[:4]}-{number[4:8]}-{number[8:]}"
    assert shown in browser.get("/telepon/").text and shown in client.get("/telepon/").text


def test_an_account_made_on_a_seat_gets_a_practice_card_of_the_seat_and_links_it(sit):
    browser = sit("Andi")
    own = User.objects.create_user("andi@latih.test", inbox_key=browser.seat.inbox_key)
    browser.force_login(own)
    page = browser.get("/jht/hubungkan/").text
    card = browser.seat.people.filter(user__isnull=True).order_by("participant").first().participant
    data = {
        "nik": card.nik,
        "kpj": card.memberships.get().kpj,
        "name": card.name,
        "birth_date": card.birth_date.strftime("%d-%m-%Y"),
    }

    assert card.name in page
    browser.post("/jht/hubungkan/", data)
    assert Participant.objects.get(user=own) == card


def test_forty_behind_one_address_do_not_lock_each_other(sit, light_work):
    """Ten wrong tries on one seat, at one's own Budi and at the neighbour's, lock nobody on the other."""
    one, other = sit("Andi"), sit("Bela")
    theirs = person(other.seat, "budi").user.email
    for _ in range(11):
        last = one.post("/akun/login/", {"login": theirs, "password": "salah"} | captcha(one))
    assert "terlalu sering salah" in last.text

    login = {"login": theirs, "password": password_of(other.seat)} | captcha(other)
    assert other.post("/akun/login/", login).status_code == 302


def test_leaving_frees_the_browser_and_keeps_the_seat(sit):
    browser = play(sit("Andi"), "budi")
    browser.post("/kelas/keluar/")

    assert "Ikut kelas" in browser.get("/kelas/").text
    assert Seat.objects.get(pk=browser.seat.pk).started_at


def test_the_class_page_of_a_staff_member_is_on_no_seat(sit, trainer):
    browser = sit("Andi")
    trainer.cookies["kursi"] = browser.cookies["kursi"].value

    assert trainer.get("/").wsgi_request.seat is None


def test_two_at_once_never_get_one_seat(room):
    numbers = [seating.take_free(room, f"Orang {n}", timezone.now()).number for n in range(4)]

    assert numbers == [1, 2, 3, 4]
    with pytest.raises(seating.Full):
        seating.take_free(room, "Orang 5", timezone.now())
    assert Classroom.objects.count() == 1


def test_seats_made_ahead_are_taken_as_they_are_and_none_is_made_twice(room, sit):
    seating.furnish(room.pk, timezone.localdate())
    ready = room.seats.get(number=1).people.count()
    seating.furnish(room.pk, timezone.localdate())

    assert ready == sit("Andi").seat.people.count()
    assert all(seat.people.count() == ready for seat in room.seats.all())


def test_seats_are_made_ahead_once_a_day_and_not_before_the_day_of_the_class(
    demo, django_capture_on_commit_callbacks, monkeypatch
):
    begun = []
    monkeypatch.setattr(seating, "_furnish_aside", lambda pk, on: begun.append(pk))
    today = timezone.localdate()
    with django_capture_on_commit_callbacks(execute=True):
        now = seating.open_class("Hari ini", today, 2, 7, timezone.now(), None)
        later = seating.open_class("Besok", today + timedelta(days=1), 2, 7, timezone.now(), None)
        seating.take_free(now, "Andi", timezone.now())
        seating.take_free(later, "Bela", timezone.now())
        seating.take_free(later, "Cici", timezone.now())

    assert sorted(begun) == [now.pk, later.pk]


def test_a_question_written_once_answers_as_the_orm_does_however_often_and_for_whomever(sit):
    """portal/training/runs/asked.py: the seat of a cookie, with its class, and no further query for either."""
    one, other = sit("Andi").seat, sit("Bela").seat
    for expected in (one, other, one):
        found = seating.SEAT.first(expected.code)
        assert found == expected
        assert found.classroom == expected.classroom
        assert [getattr(found, field.attname) for field in Seat._meta.concrete_fields] == list(
            Seat.objects.filter(pk=expected.pk).values_list(*[field.attname for field in Seat._meta.concrete_fields])[0]
        )
    assert seating.SEAT.first("TIDAKADA") is None


def test_no_two_neighbours_of_a_room_have_the_same_amounts():
    amounts = [
        cast_of(Seat(pk=number, number=number, mark="ABCDE"))[0][0].jobs[0].wage for number in range(1, VARIANTS + 1)
    ]

    assert len(set(amounts)) == VARIANTS


def test_the_code_of_another_class_offers_to_change(room, sit):
    browser = sit("Andi")
    other = seating.open_class("Kelas sore", timezone.localdate(), 2, 7, timezone.now(), None)

    page = browser.get(f"/kelas/{other.code}/").text
    assert "Ini bukan kelas yang Anda buka" in page and "Pindah ke Kelas sore" in page
    assert "Pindah ke" not in browser.get(f"/kelas/{room.code}/").text
    assert "Pindah ke" not in browser.get("/kelas/ZZZZZZ/").text
    changed = browser.post("/kelas/keluar/", {"ke_kelas": other.code}, follow=True)
    assert f'value="{other.code}"' in changed.text


def test_whoever_sat_in_a_class_that_is_over_is_told(room, sit):
    browser = sit("Andi")
    seating.end(room, timezone.now())

    assert f"{room.name} sudah berakhir." in browser.get("/kelas/").text
    assert "sudah berakhir" not in Client().get("/kelas/").text


@pytest.mark.parametrize("name", ["\u200b", "\u2063\u2063", "--"])
def test_a_name_that_nobody_can_read_is_refused(room, demo, name):
    page = Client().post("/kelas/", {"code": room.code, "name": name}).text

    assert "Nama Anda belum terbaca" in page
    assert not room.seats.filter(started_at__isnull=False).exists()


def test_a_seat_that_waits_for_a_name_is_given_to_nobody_else(demo):
    now = timezone.now()
    room = seating.open_class("Bernama", timezone.localdate(), 3, 7, now, None, names=["Andi", "Bela"])
    assert [seating.take_free(room, name, now).number for name in ("Bela", "bela", "andi")] == [2, 3, 1]

    room = seating.open_class("Bernama semua", timezone.localdate(), 1, 7, now, None, names=["Andi"])
    page = Client().post("/kelas/", {"code": room.code, "name": "Cici"}).text
    assert "disediakan untuk nama lain" in page and 'value="Cici"' in page
    assert not room.seats.filter(started_at__isnull=False).exists()
