"""The trainer's board and the projector's view: who is where, who is stuck, and what a tap does."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from portal.training.models import Event, Fault, Message, Run, Seat
from portal.training.runs import running
from portal.training.runs.recording import record
from portal.training.scripts import library
from portal.training.seats import seating
from portal.training.steering import board
from portal.training.trouble import faults

SAMPLE = """
judul: Contoh
jenis: peserta
tingkat: dasar
peran: budi
menit: 6
cerita: Budi ingin melihat saldonya.
tujuan: Budi membaca saldonya.
langkah:
  - kode: masuk
    lakukan: Login sebagai {nama}.
    petunjuk: [Tombolnya biru., "E-mail Anda {email}."]
    selesai: {kirim: login, hasil: berhasil}
    peragaan: [{buka: login}]
  - kode: lihat
    lakukan: Buka Lihat Saldo JHT.
    petunjuk: [Ada di Layanan.]
    selesai: {buka: saldo}
    peragaan: [{buka: saldo}]
salah:
  - kode: salah-sandi
    bila: {kirim: login, hasil: ditolak, sebab: kata-sandi}
    artinya: Kata sandinya salah; “Lupa kata sandi” membantu.
    contoh: [{buka: login}]
bahas: [Saldo selalu pada suatu tanggal., Login memakai e-mail.]
halaman: saldo
"""


@pytest.fixture
def exercise(demo):
    """`exercise(seat)`: a run of a small scenario on this seat, so many minutes ago."""
    from portal.training.scripts.scenario import read

    scenario = read(SAMPLE, "contoh")

    def begin(seat: Seat, mode: str = "latih", minutes: int = 0) -> Run:
        now = timezone.now()
        began = now - timedelta(minutes=minutes)
        return Run.objects.create(
            seat=seat, scenario=scenario.slug, text=SAMPLE, mode=mode, started_at=began, day=now.date(),
            deadline_at=began + timedelta(minutes=6) if mode == "uji" else None,
        )  # fmt: skip

    return begin


def row(room, number: int, patience: int = 3) -> board.Row:
    return next(one for one in board.board(room, timezone.now(), patience).rows if one.number == number)


def fresh(seat: Seat) -> Seat:
    """As another request would find it."""
    return Seat.objects.select_related("classroom").get(pk=seat.pk)


LOGIN = ("kirim", "login", "berhasil", {"sebagai": "budi", "lewat": "web"})
REFUSED = ("kirim", "login", "ditolak", {"sebab": ["kata-sandi"], "lewat": "web"})


def test_an_empty_seat_a_seat_without_an_exercise_and_one_at_work(room, sit, exercise):
    sit("Andi"), exercise(sit("Bela").seat)

    assert [row(room, number).state for number in (1, 2, 3)] == ["bebas", "jalan", "kosong"]


def test_the_row_says_step_page_mode_wrong_turns_and_hints(room, sit, exercise):
    browser = sit("Andi")
    run = exercise(browser.seat)
    record(fresh(browser.seat), *REFUSED)
    running.hint(running.open_run(fresh(browser.seat)))
    record(fresh(browser.seat), *LOGIN)
    one = row(room, 1)

    assert (one.name, one.title, one.mode) == ("Andi", "Contoh", "Latih")
    assert (one.at, one.done, one.steps, one.step.code) == (2, 1, 2, "lihat")
    assert (one.wrongs, one.hints, one.page) == (1, 1, "Login")
    assert run.ended_at is None


def test_stuck_is_who_has_done_no_step_for_so_many_minutes(room, sit, exercise):
    one, other, third = sit("Andi").seat, sit("Bela").seat, sit("Citra").seat
    exercise(one, minutes=5), exercise(other, minutes=4), exercise(third, mode="tunjukkan", minutes=60)
    record(fresh(one), *LOGIN)

    assert [row(room, number, 4).is_stuck for number in (1, 2, 3)] == [False, True, False]
    assert row(room, 2, 4).minutes == 4
    assert not row(room, 2, 5).is_stuck


def test_the_last_step_ends_it_and_a_test_nobody_came_back_to_is_over(room, sit, exercise):
    one, other = sit("Andi").seat, sit("Bela").seat
    exercise(one), exercise(other, mode="uji", minutes=7)
    record(fresh(one), *LOGIN)
    record(fresh(one), "buka", "saldo", "berhasil", {"sebagai": "budi", "lewat": "web"})

    assert (row(room, 1).state, row(room, 1).done) == ("selesai", 2)
    assert row(room, 2).state == "waktu-habis"


def test_faults_stand_at_their_seat_and_those_of_the_room_on_top(room, sit):
    one = sit("Andi").seat
    faults.throw(room, one, "surat-hilang", Fault.Source.TRAINER, None, timezone.now())
    faults.throw(room, None, "pemeliharaan", Fault.Source.TRAINER, None, timezone.now())
    seen = board.board(room, timezone.now())

    assert seen.rows[0].faults == ("Surat hilang",) and seen.rows[1].faults == ()
    assert seen.faults == ("Pemeliharaan",)


def filled(seats: int):
    """A class of so many seats, each at work, with things done and faults on."""
    now = timezone.now()
    room = seating.open_class("Kelas", timezone.localdate(), seats, 7, now, None)
    Seat.objects.filter(classroom=room).update(started_at=now, last_seen_at=now, made_on=timezone.localdate())
    for seat in room.seats.all():
        run = Run.objects.create(
            seat=seat, scenario="contoh", text=SAMPLE, mode="latih", started_at=now, day=now.date()
        )
        Event.objects.bulk_create(
            Event(seat=seat, run=run, at=now, day=now.date(), act="buka", page="login", result="berhasil", step=step)
            for step in ("masuk", "", "", "", "")
        )
    faults.throw(room, None, "surat-hilang", Fault.Source.TRAINER, None, now)
    return room


@pytest.mark.parametrize("seats", [4, 40])
@pytest.mark.parametrize("part", ["papan", "layar"])
def test_a_refresh_costs_five_queries_in_all_for_four_seats_or_forty(trainer, django_assert_num_queries, seats, part):
    room = filled(seats)
    trainer.get(f"/pelatih/{room.pk}/{part}/isi/")

    # session, user, seats (with class, right, runs, pages, glances), what was done, faults; for the projector a message
    with django_assert_num_queries(5 if part == "papan" else 6):
        page = trainer.get(f"/pelatih/{room.pk}/{part}/isi/").text
    assert page.count("data-seat=") == seats


def test_nothing_changed_is_answered_with_304_also_by_another_process(room, sit, trainer, exercise):
    seat = sit("Andi").seat
    exercise(seat)
    address = f"/pelatih/{room.pk}/papan/isi/"
    first = trainer.get(address)
    again = trainer.get(address, headers={"If-None-Match": first["ETag"]})
    record(fresh(seat), *LOGIN)
    changed = trainer.get(address, headers={"If-None-Match": first["ETag"]})

    assert again.status_code == 304 and not again.content
    assert changed.status_code == 200 and changed["ETag"] != first["ETag"]


@pytest.mark.parametrize("path", ["papan/", "papan/isi/", "papan/1/", "layar/", "layar/isi/"])
def test_only_trainers_see_a_board(room, sit, client, trainer, path, django_user_model, settings):
    address = f"/pelatih/{room.pk}/{path}"
    trainee = sit("Andi")
    clerk = Client()
    clerk.force_login(django_user_model.objects.create_user("klerk@latih.test", "x", is_staff=True))
    boss = Client()
    boss.force_login(django_user_model.objects.create_superuser("bos@latih.test", "x"))

    assert trainer.get(address).status_code == boss.get(address).status_code == 200
    assert client.get(address).status_code in (302, 404) and trainee.get(address).status_code in (302, 404)
    assert clerk.get(address).status_code == 404
    assert trainer.get(address.replace(str(room.pk), "999999")).status_code == 404
    settings.DEMO = False
    assert trainer.get(address).status_code == 404


def test_what_was_chosen_stays_in_the_address_and_nonsense_counts_as_usual(room, trainer):
    page = trainer.get(f"/pelatih/{room.pk}/papan/?lama=8&gangguan=surat-hilang").text
    odd = trainer.get(f"/pelatih/{room.pk}/papan/?lama=x&gangguan=%00&tiap=1").status_code

    assert '<option value="8" selected>' in page and '<option value="surat-hilang" selected>' in page
    assert "isi/?lama=8&amp;gangguan=surat-hilang" in page
    assert odd == 400  # a NUL
    assert '<option value="3" selected>' in trainer.get(f"/pelatih/{room.pk}/papan/?lama=99&gangguan=apa").text


def test_without_a_script_the_page_can_be_asked_to_come_again(room, trainer):
    plain, again = (trainer.get(f"/pelatih/{room.pk}/papan/{query}").text for query in ("", "?tiap=10"))

    assert "Muat ulang" in plain and 'http-equiv="refresh"' not in plain
    assert '<noscript><meta http-equiv="refresh" content="10"></noscript>' in again


def test_the_projector_shows_numbers_code_and_message_and_no_name(room, sit, trainer):
    sit("Rahasia Namanya")
    trainer.post(f"/pelatih/{room.pk}/pesan/", {"teks": "Istirahat sampai 10.15"})
    page = trainer.get(f"/pelatih/{room.pk}/layar/").text
    room.seats.filter(started_at__isnull=True).delete()

    assert room.code in page and "Istirahat sampai 10.15" in page
    assert "Rahasia" not in page
    assert room.code not in trainer.get(f"/pelatih/{room.pk}/layar/isi/").text


# --- What a tap does -----------------------------------------------------------------------------------------
def test_one_tap_gives_the_next_hint_with_the_seats_own_values_and_costs_no_points(room, sit, trainer, exercise):
    browser = sit("Andi")
    run = exercise(browser.seat)
    said = [trainer.post(f"/pelatih/{room.pk}/kursi/1/petunjuk/", {"bagian": "1"}) for _ in range(3)]
    result = running.progress(run)

    assert "Tombolnya biru." in said[0].text
    assert f"budi.{browser.seat.mark.lower()}@latih.test" in said[1].text
    assert said[2].status_code == 409 and "kata Anda sendiri" in said[2].text.lower().replace("anda", "Anda")
    assert "Tombolnya biru." in browser.get("/kelas/").text
    assert (row(room, 1).hints, result.hint_count, result.points) == (2, 0, 100)


def test_own_words_are_a_hint_too(room, sit, trainer, exercise):
    browser = sit("Andi")
    exercise(browser.seat)
    trainer.post(f"/pelatih/{room.pk}/kursi/1/petunjuk/", {"teks": "Lihat kanan atas."})

    assert "Petunjuk.</strong> Lihat kanan atas." in browser.get("/kelas/").text
    assert row(room, 1).hints == 1


@pytest.mark.parametrize("mode, told", [("uji", "Uji berjalan tanpa petunjuk"), (None, "tidak sedang berlatih")])
def test_where_there_is_no_hint_the_trainer_is_told_why(room, sit, trainer, exercise, mode, told):
    seat = sit("Andi").seat
    if mode:
        exercise(seat, mode)
    page = trainer.post(f"/pelatih/{room.pk}/kursi/1/petunjuk/", follow=True)

    assert told in page.text
    assert not Message.objects.exists()


@pytest.mark.parametrize("text, told", [("  ", "Pesan masih kosong"), ("x" * 301, "terlalu panjang: 301 huruf")])
def test_a_message_that_cannot_be_sent_says_so(room, trainer, text, told):
    page = trainer.post(f"/pelatih/{room.pk}/pesan/", {"teks": text}, follow=True)

    assert told in page.text
    assert not Message.objects.exists()


def test_a_tap_leads_back_to_the_board_with_what_was_chosen_and_nowhere_else(room, sit, trainer):
    sit("Andi")
    there = f"/pelatih/{room.pk}/papan/?lama=8"
    ours = trainer.post(f"/pelatih/{room.pk}/kursi/1/pesan/", {"teks": "Halo", "kembali": there})
    other = trainer.post(f"/pelatih/{room.pk}/pesan/", {"teks": "Halo", "kembali": "https://luar.example/"})

    assert ours["Location"] == there
    assert other["Location"] == f"/pelatih/{room.pk}/papan/"


def test_a_fault_by_one_tap_from_the_board(room, sit, trainer):
    sit("Andi")
    page = trainer.get(f"/pelatih/{room.pk}/papan/?gangguan=surat-hilang").text
    address = f"/pelatih/{room.pk}/kursi/1/gangguan/"
    trainer.post(address, {"gangguan": "surat-hilang"})

    assert f'formaction="{address}" name="gangguan" value="surat-hilang"' in page
    assert row(room, 1).faults == ("Surat hilang",)


def test_the_class_page_leads_to_board_screen_and_debrief(room, trainer):
    page = trainer.get(f"/pelatih/{room.pk}/").text

    assert all(f'href="/pelatih/{room.pk}/{part}/"' in page for part in ("papan", "layar", "bahas"))


def test_every_shipped_scenario_can_stand_on_the_board(room, sit):
    seat = fresh(sit("Andi").seat)
    for scenario in library.all_scenarios():
        Run.objects.filter(seat=seat).delete()
        Run.objects.create(
            seat=seat, scenario=scenario.slug, text=library.text_of(scenario.slug), mode="latih",
            started_at=timezone.now(), day=timezone.localdate(),
        )  # fmt: skip
        assert row(room, 1).title == scenario.title
