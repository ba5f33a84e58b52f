"""A button of the training room that is pressed twice, or whose answer is loaded anew: it does what it does once.

Both at the very same moment: tests/robust/test_class_at_once.py.
"""

import re

import pytest
from django.test import Client
from django.utils import timezone

from portal.training.models import Classroom, Event, OwnScenario, Run, Seat
from portal.training.runs import hinting, running
from portal.training.seats import seating
from tests.portal.training.conftest import play
from tests.portal.training.test_running import SAVINGS, log_in
from tests.portal.training.test_trainer import NEW

# The same exercise as in test_running, asked first and without its login.
HEAD, _, BALANCE, QUESTION, TAIL = re.split(r"(?=^  - kode: (?:masuk|saldo|umur)\n)|(?=^salah:\n)", SAVINGS, flags=re.M)
QUESTION_FIRST = "".join((HEAD, QUESTION.replace("56 tahun}", "56 tahun, c: 65 tahun}"), BALANCE, TAIL))


def form_key(page: str) -> str:
    return re.search(r'name="form_key" value="([^"]+)"', page)[1]


def hint_form(page: str) -> dict[str, str]:
    """What the form "Minta petunjuk" on this page posts."""
    form = page.partition('action="/kelas/latihan/petunjuk/"')[2].partition("</form>")[0]
    return dict(re.findall(r'name="(langkah|sudah|kembali)" value="([^"]*)"', form))


@pytest.fixture
def begin(sit):
    """`begin("latih")`: a browser on a seat that exercises SAVINGS, or another text."""

    def through_the_page(mode: str = "latih", text: str = SAVINGS):
        OwnScenario.objects.create(slug="latihan-ini", text=text)
        browser = sit()
        assert browser.post("/kelas/latihan/latihan-ini/", {"cara": mode}).status_code == 302
        return browser

    return through_the_page


# --- Into a class --------------------------------------------------------------------------------------------
def test_duduk_di_kelas_pressed_twice_takes_one_seat_for_both_answers(room):
    shown = {"code": room.code, "name": "Andi", "form_key": form_key(Client().get(f"/kelas/{room.code}/").text)}
    first, second = Client(), Client()  # the same browser, whose first answer has not come yet

    answers = [browser.post("/kelas/", shown) for browser in (first, second)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert list(room.seats.filter(started_at__isnull=False).values_list("number", "name")) == [(1, "Andi")]
    assert all("Kursi 1: Andi" in browser.get("/kelas/").text for browser in (first, second))


def test_the_last_seat_is_given_to_whoever_presses_twice(room):
    room.seats.filter(number__gt=1).delete()
    shown = {"code": room.code, "name": "Andi", "form_key": form_key(Client().get("/kelas/").text)}

    assert [Client().post("/kelas/", shown).status_code for _ in range(2)] == [302, 302]


def test_two_of_one_name_with_forms_of_their_own_get_two_seats(room):
    for _ in range(2):
        browser = Client()
        key = form_key(browser.get("/kelas/").text)
        browser.post("/kelas/", {"code": room.code, "name": "Andi", "form_key": key})

    assert room.seats.filter(name="Andi", started_at__isnull=False).count() == 2


def test_the_same_form_with_another_name_or_in_another_class_takes_another_seat(room):
    other = seating.open_class("Kelas lain", timezone.localdate(), 2, 7, timezone.now(), None)
    key = form_key(Client().get("/kelas/").text)
    for code, name in ((room.code, "Andi"), (room.code, "Bela"), (other.code, "Andi")):
        Client().post("/kelas/", {"code": code, "name": name, "form_key": key})

    taken = Seat.objects.filter(started_at__isnull=False)
    assert sorted(taken.values_list("classroom", "name")) == sorted(
        [(room.pk, "Andi"), (room.pk, "Bela"), (other.pk, "Andi")]
    )


# --- A class -------------------------------------------------------------------------------------------------
def test_buat_kelas_pressed_twice_makes_one_class(trainer):
    shown = NEW | {"form_key": form_key(trainer.get("/pelatih/").text)}

    first, second = (trainer.post("/pelatih/", shown) for _ in range(2))

    made = Classroom.objects.get()
    assert first["Location"] == second["Location"] == f"/pelatih/{made.pk}/"
    assert made.seats.count() == 3
    assert re.fullmatch(r"[2-9A-HJKMNP-Z]{6}", made.code)


def test_the_same_form_changed_or_another_form_makes_another_class(trainer):
    shown = NEW | {"form_key": form_key(trainer.get("/pelatih/").text)}
    again = NEW | {"form_key": form_key(trainer.get("/pelatih/").text)}
    for one in (shown, shown | {"name": "Kelas Selasa"}, shown | {"seats": "4"}, again):
        trainer.post("/pelatih/", one)

    assert Classroom.objects.count() == 4


def test_more_seats_pressed_twice_are_five_and_by_the_next_page_five_more(trainer, room):
    shown = {"form_key": form_key(trainer.get(f"/pelatih/{room.pk}/").text)}
    told = [trainer.post(f"/pelatih/{room.pk}/kursi/", shown, follow=True).text for _ in range(2)]
    assert room.seats.count() == 9
    assert all("5 kursi ditambahkan" in page for page in told)

    trainer.post(f"/pelatih/{room.pk}/kursi/", {"form_key": form_key(trainer.get(f"/pelatih/{room.pk}/").text)})

    assert room.seats.count() == 14


# --- Hints ---------------------------------------------------------------------------------------------------
def test_minta_petunjuk_pressed_twice_gives_one_hint_and_costs_it_once(begin):
    browser = begin()
    shown = hint_form(browser.get("/akun/login/").text)

    first, second = (browser.post("/kelas/latihan/petunjuk/", shown, follow=True).text for _ in range(2))

    assert "Lihat kartu data." in first and "Lihat kartu data." in second
    assert "Tekan Login." not in second
    assert running.progress(Run.objects.get()).points == 95
    browser.post("/kelas/latihan/petunjuk/", hint_form(second))
    assert running.progress(Run.objects.get()).points == 90


def test_a_hint_that_the_trainer_has_just_given_costs_nothing(begin, trainer):
    browser = begin()
    shown = hint_form(browser.get("/akun/login/").text)
    seat = Seat.objects.select_related("classroom").get(pk=browser.seat.pk)
    hinting.give(seat, "", timezone.now(), None)

    browser.post("/kelas/latihan/petunjuk/", shown)

    assert running.progress(Run.objects.get()).points == 100


def test_a_page_of_a_step_that_is_over_asks_for_no_hint_of_the_next(begin):
    browser = begin(text=QUESTION_FIRST)
    shown = hint_form(browser.get("/akun/login/").text)
    browser.post("/kelas/latihan/jawab/", {"jawab": "b", "langkah": "umur"})

    told = browser.post("/kelas/latihan/petunjuk/", shown, follow=True).text

    assert "sudah lewat" in told and "Ada di halaman Layanan." not in told
    assert not Event.objects.filter(act="petunjuk").exists()


@pytest.mark.parametrize("shown", ["", "x", "-1", "99999", "²"])
def test_a_number_of_hints_that_is_none_asks_for_the_next_one(begin, shown):
    told = begin().post("/kelas/latihan/petunjuk/", {"sudah": shown, "kembali": "/akun/login/"}, follow=True).text

    assert "Lihat kartu data." in told and "Tekan Login." not in told


# --- Answers -------------------------------------------------------------------------------------------------
def test_the_same_wrong_answer_twice_is_one_slip(begin):
    browser = play(begin(), "budi")
    for _ in range(2):
        told = browser.post("/kelas/latihan/jawab/", {"jawab": "a", "langkah": "umur", "kembali": "/jht/"}, follow=True)
        assert "belum tepat" in told.text

    result = running.progress(Run.objects.get())
    assert result.steps[2].wrong_answers == ("a",) and result.steps[2].slips == 1
    assert Event.objects.filter(act="jawab").count() == 1


def test_another_wrong_answer_is_another_slip(begin):
    browser = begin(text=QUESTION_FIRST)
    for choice in ("a", "c", "a"):
        browser.post("/kelas/latihan/jawab/", {"jawab": choice, "langkah": "umur"})

    assert running.progress(Run.objects.get()).steps[0].slips == 2


def test_the_right_answer_twice_is_right_both_times(begin):
    browser = begin(text=QUESTION_FIRST)
    shown = {"jawab": "b", "langkah": "umur", "kembali": "/akun/login/"}

    told = [browser.post("/kelas/latihan/jawab/", shown, follow=True).text for _ in range(2)]

    assert all("Jawaban Anda benar." in page for page in told)
    assert Event.objects.filter(act="jawab").count() == 1


def test_a_question_of_an_uji_is_answered_once(begin):
    browser = begin("uji")

    browser.post("/kelas/latihan/jawab/", {"jawab": "a"})

    browser.post("/kelas/latihan/jawab/", {"jawab": "b"})
    run = Run.objects.get()
    assert run.events.filter(act="jawab").count() == 1
    assert run.ended_at is None
    log_in(browser, "budi")
    browser.get("/jht/")

    run.refresh_from_db()
    assert run.outcome == "selesai"  # nothing is left to be done
    assert [one.state for one in running.progress(run).steps] == ["selesai", "selesai", "terlewat"]
