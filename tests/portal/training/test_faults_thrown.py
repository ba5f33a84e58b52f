"""The trainer's hand on the faults: throwing, seeing, ending; what is written down; how slow pages wait."""

from datetime import timedelta
from time import time

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from accounts import limits
from accounts.models import Attempt
from portal.training.models import Event, Fault, Run
from portal.training.runs import running
from portal.training.scripts import library
from portal.training.seats import seating
from portal.training.stage.inside import Inside
from portal.training.trouble import faults, interference
from portal.training.trouble.faults import FAULTS
from tests.portal.training.conftest import person

TRAINER = Fault.Source.TRAINER


def open_login(browser: Client) -> int:
    return browser.get("/akun/login/").status_code


# --- Throwing and ending by the page -------------------------------------------------------------------------
def test_the_trainer_throws_at_one_seat_and_ends_it(room, sit, trainer):
    one, other = sit("Andi"), sit("Bela")
    data = {"gangguan": "pemeliharaan", "kursi": one.seat.number, "menit": "10"}
    thrown = trainer.post(f"/pelatih/{room.pk}/gangguan/", data, follow=True).text
    during = open_login(one), open_login(other)
    ended = trainer.post(
        f"/pelatih/{room.pk}/gangguan/akhiri/", {"gangguan": "pemeliharaan", "kursi": one.seat.number}, follow=True
    ).text

    assert "Pemeliharaan untuk kursi 1, paling lama sampai pukul" in thrown
    assert "kursi 1, Andi" in thrown and "dari pelatih" in thrown
    assert during == (503, 200)
    assert "Pemeliharaan berakhir di kursi 1." in ended and "Yang sedang berlaku" not in ended
    assert open_login(one) == 200
    fault = Fault.objects.get()
    assert fault.source == "pelatih" and fault.thrown_by.email == "guru@latih.test"


def test_the_trainer_throws_at_the_room_and_ends_it_everywhere(room, sit, trainer):
    one, other = sit("Andi"), sit("Bela")
    page = trainer.post(f"/pelatih/{room.pk}/gangguan/", {"gangguan": "layanan-sibuk", "kursi": ""}, follow=True).text
    during = open_login(one), open_login(other)
    trainer.post(f"/pelatih/{room.pk}/gangguan/akhiri/", {"gangguan": "layanan-sibuk", "kursi": ""})

    assert "seluruh kelas" in page and "4 kursi belum kena" in page
    assert during == (503, 503)
    assert (open_login(one), open_login(other)) == (200, 200)


def test_the_length_is_the_trainers_or_the_usual_one(room, trainer):
    trainer.post(f"/pelatih/{room.pk}/gangguan/", {"gangguan": "pemeliharaan", "menit": "30"})
    trainer.post(f"/pelatih/{room.pk}/gangguan/", {"gangguan": "halaman-lambat", "menit": "99999"})
    lasted = {fault.kind: fault.until - fault.thrown_at for fault in Fault.objects.all()}

    assert lasted == {"pemeliharaan": timedelta(minutes=30), "halaman-lambat": timedelta(minutes=5)}


def test_a_seat_can_stand_in_the_address(room, sit, trainer):
    browser = sit("Andi")
    trainer.post(f"/pelatih/{room.pk}/kursi/{browser.seat.number}/gangguan/", {"gangguan": "galat-500"})

    assert open_login(browser) == 500


def test_the_board_gets_a_sentence_and_pages_lead_back_to_where_the_button_was(room, trainer):
    path = f"/pelatih/{room.pk}/gangguan/"
    part = trainer.post(path, {"gangguan": "galat-500", "bagian": "1"})
    to_board = trainer.post(path, {"gangguan": "galat-500", "kembali": f"/pelatih/{room.pk}/papan/?lama=5"})
    elsewhere = trainer.post(path, {"gangguan": "galat-500", "kembali": "//contoh.test/"})

    assert part.text.startswith("Galat 500 untuk seluruh kelas, sekali, paling lama sampai pukul")
    assert to_board["Location"] == f"/pelatih/{room.pk}/papan/?lama=5"
    assert elsewhere["Location"] == f"/pelatih/{room.pk}/"


@pytest.mark.parametrize("data", [{}, {"gangguan": "banjir"}, {"gangguan": ""}])
def test_an_unknown_fault_is_answered_with_a_sentence(room, trainer, data):
    for path in ("gangguan", "gangguan/akhiri"):
        assert "Gangguan itu tidak ada." in trainer.post(f"/pelatih/{room.pk}/{path}/", data, follow=True).text
    assert not Fault.objects.exists()


def test_a_seat_that_is_not_there_is_not_disturbed(room, trainer):
    for seat in ("99", "x", "²", "9" * 20):
        data = {"gangguan": "galat-500", "kursi": seat}
        assert trainer.post(f"/pelatih/{room.pk}/gangguan/", data).status_code == 404
    assert not Fault.objects.exists()


def test_a_class_that_has_ended_is_disturbed_no_more(room, trainer):
    seating.end(room, timezone.now())

    assert (
        "sudah berakhir" in trainer.post(f"/pelatih/{room.pk}/gangguan/", {"gangguan": "galat-500"}, follow=True).text
    )
    assert not Fault.objects.exists()


def test_only_a_trainer_of_a_demo_throws(room, sit, trainer, settings):
    paths = [f"/pelatih/{room.pk}/{end}/" for end in ("gangguan", "gangguan/akhiri", "kursi/1/gangguan")]
    trainee, clerk = sit("Andi"), Client()
    clerk.force_login(get_user_model().objects.create_user("klerk@latih.test", "x", is_staff=True))
    data = {"gangguan": "galat-500"}

    assert {trainee.post(path, data).status_code for path in paths} == {302}
    assert {clerk.post(path, data).status_code for path in paths} == {404}
    assert {trainer.get(path).status_code for path in paths} == {405}
    settings.DEMO = False
    assert {trainer.post(path, data).status_code for path in paths} == {404}
    assert not Fault.objects.exists()


def test_the_class_page_lists_every_fault_with_its_magic_values(room, trainer):
    page = trainer.get(f"/pelatih/{room.pk}/").text

    for kind in FAULTS.values():
        assert kind.what in page and f"?gangguan={kind.id}" in page


# --- Uses and ends -------------------------------------------------------------------------------------------
def test_as_many_uses_as_there_are_whoever_has_read_the_row_before(room, sit):
    seat = sit("Andi").seat
    faults.throw(room, seat, "layanan-sibuk", TRAINER, None, timezone.now())
    read_at_once = [faults.active(seat, timezone.now())[0] for _ in range(10)]

    assert [faults.use(fault) for fault in read_at_once].count(True) == 3
    assert Fault.objects.get().uses_left == 0
    assert not faults.active(seat, timezone.now())


@pytest.mark.parametrize("kind", FAULTS)
def test_each_ends_by_itself(room, sit, kind):
    seat, now = sit("Andi").seat, timezone.now()
    faults.throw(room, seat, kind, TRAINER, None, now)
    lasts = timedelta(minutes=FAULTS[kind].minutes)

    assert [fault.kind for fault in faults.active(seat, now + lasts - timedelta(seconds=1))] == [kind]
    assert not faults.active(seat, now + lasts)
    assert not faults.active(seat, now - timedelta(seconds=1))


def test_a_seats_own_fault_is_used_before_that_of_the_class(room, sit):
    browser, now = sit("Andi"), timezone.now()
    faults.throw(room, browser.seat, "galat-500", TRAINER, None, now)
    Fault.objects.create(
        classroom=room, kind="galat-500", thrown_at=now, until=now + timedelta(minutes=1), source=TRAINER
    )

    assert [fault.seat_id for fault in faults.active(browser.seat, now)] == [browser.seat.pk, None]
    assert open_login(browser) == 500
    assert Fault.objects.get(seat=browser.seat).uses_left == 0


def test_a_source_is_ended_apart_from_the_others(room, sit):
    seat, now = sit("Andi").seat, timezone.now()
    faults.throw(room, seat, "galat-500", Fault.Source.SCENARIO, None, now)
    faults.throw(room, seat, "pemeliharaan", TRAINER, None, now)

    assert faults.end(room, seat, now, source=Fault.Source.SCENARIO) == 1
    assert [fault.kind for fault in faults.active(seat, now)] == ["pemeliharaan"]


# --- Written down --------------------------------------------------------------------------------------------
def test_what_bites_is_written_down_for_the_debrief_and_what_only_waits_is_not(room, sit):
    one, other = sit("Andi"), sit("Bela")
    for kind in ("galat-500", "surat-hilang"):
        faults.throw(room, one.seat, kind, TRAINER, None, timezone.now())
    open_login(one)
    open_login(other)
    bitten = Event.objects.filter(act="gangguan")

    assert [(event.seat, event.detail) for event in bitten] == [
        (one.seat, {"gangguan": "galat-500", "asal": "pelatih"})
    ]


# --- Slow pages ----------------------------------------------------------------------------------------------
@pytest.fixture
def slept(monkeypatch) -> list[float]:
    seconds: list[float] = []
    monkeypatch.setattr(interference, "sleep", seconds.append)
    return seconds


@pytest.fixture
def all_asleep():
    """Every thread that may sleep does."""
    held = [interference.SLEEPERS.acquire(blocking=False) for _ in range(2)]
    yield
    assert held == [True, True]
    interference.SLEEPERS.release(2)


def test_a_page_is_late_for_a_seat_and_for_nobody_else(room, sit, slept):
    one, other = sit("Andi"), sit("Bela")
    faults.throw(room, one.seat, "halaman-lambat", TRAINER, None, timezone.now())

    assert open_login(other) == 200 and slept == []
    assert open_login(one) == 200 and slept == [5.0]


def test_when_enough_threads_sleep_the_browser_waits_by_itself(room, sit, slept, all_asleep, monkeypatch):
    browser = sit("Andi")
    faults.throw(room, browser.seat, "halaman-lambat", TRAINER, None, timezone.now())
    first = browser.get("/akun/login/")
    began = time()
    monkeypatch.setattr("portal.training.trouble.waiting.time", lambda: began + 5)
    page = browser.get("/akun/login/")
    elsewhere = browser.get("/ketentuan/")

    assert (first.status_code, first["Refresh"], slept) == (200, "5", [])
    assert "Memuat" in first.text and "SIMULASI" in first.text and "Kata sandi" not in first.text
    assert "Refresh" not in page and "Kata sandi" in page.text
    assert "Refresh" in elsewhere


def test_what_is_posted_is_done_at_once_when_no_thread_may_sleep(room, sit, slept, all_asleep):
    browser = sit("Andi")
    faults.throw(room, browser.seat, "halaman-lambat", TRAINER, None, timezone.now())

    assert "Refresh" not in browser.post("/akun/login/", {"login": "x"})
    assert slept == []


def test_a_threads_place_is_given_back_also_after_a_fault(room, sit, monkeypatch):
    browser = sit("Andi")
    faults.throw(room, browser.seat, "halaman-lambat", TRAINER, None, timezone.now())
    monkeypatch.setattr(interference, "sleep", lambda seconds: 1 / 0)
    browser.raise_request_exception = False
    for _ in range(3):
        open_login(browser)

    assert [interference.SLEEPERS.acquire(blocking=False) for _ in range(3)] == [True, True, False]
    interference.SLEEPERS.release(2)


# --- With a run ----------------------------------------------------------------------------------------------
def test_what_a_scenario_has_thrown_ends_with_its_run_and_opens_the_account(room, sit):
    browser, now = sit("Andi"), timezone.now()
    run = running.start(browser.seat, library.find("akun-terkunci"), Run.Mode.PRACTISE, now)
    faults.throw(room, browser.seat, "pemeliharaan", TRAINER, None, now)
    thrown = {fault.kind: str(fault.source) for fault in faults.active(browser.seat, now)}
    running.stop(run, now)

    assert thrown == {"akun-terkunci": "skenario", "pemeliharaan": "pelatih"}
    assert [fault.kind for fault in faults.active(browser.seat, now)] == ["pemeliharaan"]


def test_the_run_names_the_fault_that_was_met(room, sit):
    browser, now = sit("Andi"), timezone.now()
    run = running.start(browser.seat, library.find("akun-terkunci"), Run.Mode.PRACTISE, now)
    faults.throw(room, browser.seat, "galat-500", TRAINER, None, now)
    open_login(browser)

    assert running.progress(run).faults == ("galat-500",)


def test_what_a_scenario_has_thrown_ends_when_the_seat_is_made_anew(room, sit):
    browser, now = sit("Andi"), timezone.now()
    running.start(browser.seat, library.find("akun-terkunci"), Run.Mode.PRACTISE, now)
    faults.throw(room, browser.seat, "sms-hilang", TRAINER, None, now)
    browser.post("/kelas/ulangi/")

    assert [fault.kind for fault in faults.active(browser.seat, timezone.now())] == ["sms-hilang"]


def test_a_trainee_does_not_end_what_the_trainer_has_thrown(room, sit):
    browser, now = sit("Andi"), timezone.now()
    faults.throw(room, browser.seat, "pemeliharaan", TRAINER, None, now)
    browser.get("/kelas/?gangguan=pemeliharaan")
    browser.get("/kelas/?gangguan=tidak-ada")

    assert [str(fault.source) for fault in faults.active(browser.seat, timezone.now())] == ["pelatih"]
    assert open_login(browser) == 503


def test_an_account_stays_locked_while_another_fault_locks_it(room, sit):
    browser, now = sit("Andi"), timezone.now()
    faults.throw(room, browser.seat, "akun-terkunci", TRAINER, None, now)
    email = person(browser.seat, "budi").user.email
    limits.use_up(limits.PASSWORD_OF_ACCOUNT, f"{email} {browser.seat.inbox_key}", now + limits.QUARTER)
    browser.get("/kelas/?gangguan=akun-terkunci")
    browser.get("/kelas/?gangguan=tidak-ada")
    locked = Attempt.objects.filter(scope="password-account").exists()
    faults.end(room, browser.seat, timezone.now())

    assert locked
    assert not Attempt.objects.filter(scope="password-account").exists()


def test_a_page_is_never_late_where_a_scenario_is_tried_out(room, sit, slept):
    browser = sit("Andi")
    faults.throw(room, browser.seat, "halaman-lambat", TRAINER, None, timezone.now())

    assert Inside(browser.seat).get("/akun/login/").status_code == 200
    assert slept == []
    assert open_login(browser) == 200
    assert slept == [5.0]
