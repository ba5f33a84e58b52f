"""What is talked about afterwards: on screen, in a spreadsheet, on a certificate."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from portal.training.models import Classroom, Event, Fault, Run, Seat
from portal.training.runs import running
from portal.training.runs.recording import record
from portal.training.scripts.scenario import read
from portal.training.seats import seating
from portal.training.steering import debrief
from portal.training.trouble import faults
from tests.portal.training.test_board import LOGIN, REFUSED, SAMPLE

SEEN = ("buka", "saldo", "berhasil", {"sebagai": "budi", "lewat": "web"})


def fresh(browser) -> Seat:
    return Seat.objects.select_related("classroom").get(pk=browser.seat.pk)


def go(browser, *acts, mode: str = "latih", minutes: int = 0, scenario: str = SAMPLE) -> Run:
    """A run in which these things were done."""
    seat = fresh(browser)
    run = running.start(seat, read(scenario, "contoh"), mode, timezone.now())
    Run.objects.filter(pk=run.pk).update(text=scenario, started_at=timezone.now() - timedelta(minutes=minutes))
    for act in acts:
        record(fresh(browser), *act)
    return Run.objects.get(pk=run.pk)


def page(trainer, room, number: int | None = None) -> str:
    return trainer.get(f"/pelatih/{room.pk}/bahas/{f'{number}/' if number else ''}").text


def test_what_is_not_over_has_no_points_and_ends_with_the_class(room, trainer, sit):
    go(sit("Andi"), LOGIN)
    shown = page(trainer, room)
    assert "masih berjalan" in shown and "nilai rata-rata" not in shown
    assert "dari 100" not in page(trainer, room, 1)

    trainer.post(f"/pelatih/{room.pk}/akhiri/")
    assert Run.objects.get().outcome == "berhenti"
    assert "masih berjalan" not in page(trainer, room)
    assert "dari 100" in page(trainer, room, 1)


def test_a_class_that_ended_by_itself_has_no_open_runs(room, trainer, sit):
    go(sit("Andi"), LOGIN)
    Classroom.objects.update(ends_at=timezone.now())

    assert "masih berjalan" not in page(trainer, room)


def test_a_wrong_turn_is_pictured_by_the_page_it_was_taken_on(room, trainer, sit):
    go(sit("Andi"), REFUSED)
    shown = page(trainer, room)

    assert 'src="/pelatih/keadaan/login-salah/tampilan/"' in shown
    assert 'src="/pelatih/keadaan/saldo/tampilan/"' not in shown


def test_steps_that_tie_with_the_third_are_told_too(room, sit):
    go(sit("Andi"))
    seating.end(room, timezone.now())
    reports = debrief.of_room(Classroom.objects.get(), timezone.now()).reports

    assert len(debrief.most_missed(reports)) == len(read(SAMPLE, "contoh").steps)


def test_before_anything_was_done_the_page_says_what_will_be_there(room, trainer, sit):
    sit("Andi")

    assert "Belum ada yang dibahas" in page(trainer, room)
    assert "Belum ada latihan" in page(trainer, room, 1)


def test_a_trainees_debrief_says_what_was_done_where_it_went_wrong_and_what_to_explain(room, trainer, sit):
    browser = sit("Andi")
    faults.throw(room, browser.seat, "surat-hilang", Fault.Source.TRAINER, None, timezone.now())
    run = go(browser, REFUSED, REFUSED, LOGIN, SEEN)
    Event.objects.create(
        seat=browser.seat, run=run, at=timezone.now(), day=run.day, act="gangguan", detail={"gangguan": "surat-hilang"}
    )  # fmt: skip
    shown = page(trainer, room, 1)

    assert "Bahas: Andi, kursi 1" in shown and "Latih · selesai" in shown
    assert shown.count("Selesai</span>") == 2
    assert "Kata sandinya salah; “Lupa kata sandi” membantu." in shown and "(2 kali)" in shown
    assert "Saldo selalu pada suatu tanggal." in shown
    assert "Surat hilang" in shown and "Jalan keluarnya" in shown
    assert "Gambar halaman Lihat Saldo JHT" in shown
    assert "<strong>90</strong> dari 100" in shown  # one kind of wrong turn costs 10, however often it was taken


def test_words_of_the_scenario_carry_the_values_of_the_seat(room, trainer, sit):
    go(sit("Andi"), LOGIN)

    assert "Login sebagai Budi" in page(trainer, room, 1)
    assert "{nama}" not in page(trainer, room, 1)


def test_the_room_talks_about_the_three_wrong_turns_of_most_seats(room, trainer, sit):
    wrongs = "".join(
        f"""  - kode: salah-{place}
    bila: {{buka: {word}}}
    artinya: Salah jalan ke {word}.
    contoh: [{{buka: {word}}}]
"""
        for place, word in enumerate(("kartu", "lacak", "simulasi", "ketentuan"))
    )
    text = SAMPLE.replace("bahas:", f"{wrongs}bahas:")
    opened = {word: ("buka", word, "berhasil", {}) for word in ("kartu", "lacak", "simulasi", "ketentuan")}
    one, other, third = sit("Andi"), sit("Bela"), sit("Citra")
    go(one, opened["kartu"], opened["lacak"], opened["simulasi"], scenario=text)
    go(other, opened["kartu"], opened["lacak"], *[opened["ketentuan"]] * 9, scenario=text)
    go(third, opened["kartu"], scenario=text)
    seen = debrief.of_room(room, timezone.now())
    shown = page(trainer, room)

    assert [turn.meaning for turn in seen.commonest] == [
        "Salah jalan ke kartu.", "Salah jalan ke lacak.", "Salah jalan ke ketentuan."
    ]  # fmt: skip
    assert [turn.seats for turn in seen.commonest] == [(1, 2, 3), (1, 2), (2,)]
    assert seen.commonest[2].times == 9
    assert "3 salah jalan yang paling sering" in shown and "Salah jalan ke simulasi." not in shown
    assert "3 peserta, 3 kali (kursi 1, 2, 3)" in shown


def test_late_and_missed_steps_are_told_by_name(room, trainer, sit):
    late = SAMPLE.replace("    petunjuk: [Tombolnya biru.", "    batas: 2\n    petunjuk: [Tombolnya biru.")
    go(sit("Andi"), LOGIN, minutes=5, scenario=late)
    go(sit("Bela"), SEEN)
    shown = page(trainer, room, 1), page(trainer, room, 2), page(trainer, room)

    assert "Terlambat</span>" in shown[0]
    assert "Terlewat</span>" in shown[1]  # the last step ended the run
    assert "Langkah yang terlambat atau terlewat" in shown[2] and "Login sebagai Budi" in shown[2]


def test_what_played_by_itself_is_nobodys_result(room, trainer, sit):
    go(sit("Andi"), LOGIN, SEEN, mode="tunjukkan")

    assert "Belum ada yang dibahas" in page(trainer, room)


def test_a_test_that_nobody_came_back_to_is_counted_to_its_end(room, trainer, sit):
    run = go(sit("Andi"), LOGIN, mode="uji", minutes=60)
    Run.objects.filter(pk=run.pk).update(deadline_at=run.started_at + timedelta(minutes=6))
    seen = debrief.of_room(room, timezone.now()).reports[0]

    assert seen.minutes == 6
    assert [one.step.code for one in seen.missed] == ["lihat"]


def test_faults_are_named_with_how_many_they_reached(room, trainer, sit):
    one = sit("Andi")
    go(one, LOGIN)
    faults.throw(room, None, "pemeliharaan", Fault.Source.TRAINER, None, timezone.now())
    faults.throw(room, one.seat, "surat-hilang", Fault.Source.TRAINER, None, timezone.now())
    shown = page(trainer, room)

    assert "<strong>Pemeliharaan</strong> (seluruh kelas)" in shown
    assert "<strong>Surat hilang</strong> (1 kursi)" in shown


@pytest.mark.parametrize("seats", [1, 4])
def test_the_debrief_asks_as_much_for_four_seats_as_for_one(room, trainer, sit, seats, django_assert_num_queries):
    for name in ("Andi", "Bela", "Citra", "Dodi")[:seats]:
        go(sit(name), REFUSED, LOGIN)
    page(trainer, room)

    # session, user, two for rights, class, seats, runs, what was done, faults
    with django_assert_num_queries(9):
        page(trainer, room)


def table(trainer, room) -> list[list[str]]:
    text = b"".join(trainer.get(f"/pelatih/{room.pk}/bahas.csv")).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_the_spreadsheet_has_a_line_for_every_exercise_and_no_formula(room, trainer, sit):
    go(sit("=HYPERLINK(1)"), REFUSED, LOGIN, SEEN)
    rows = table(trainer, room)
    line = dict(zip(rows[1], rows[2], strict=True))

    assert "SIMULASI" in rows[0][0]
    assert line["Nama"] == "'=HYPERLINK(1)"
    assert (line["Kursi"], line["Latihan"], line["Cara"], line["Hasil"]) == ("1", "Contoh", "Latih", "selesai")
    assert (line["Nilai"], line["Langkah"], line["Selesai"], line["Salah jalan"]) == ("90", "2", "2", "salah-sandi")
    assert len(rows) == 3


# --- Certificates --------------------------------------------------------------------------------------------
def text_of(response) -> str:
    reader = PdfReader(io.BytesIO(response.content))
    return " ".join(" ".join(one.extract_text().split()) for one in reader.pages)


def test_the_certificate_names_trainee_class_day_exercises_and_the_simulation(room, trainer, sit):
    go(sit("Raden Ajeng Kusumaningtyas Widyastuti"), LOGIN, SEEN)
    response = trainer.get(f"/pelatih/{room.pk}/bahas/1/sertifikat.pdf")
    text = text_of(response)

    assert response["Content-Type"] == "application/pdf"
    for words in ("Raden Ajeng Kusumaningtyas Widyastuti", "Kelas Senin", "10 Maret 2026", "Contoh", "Latih", "100"):
        assert words in text, words
    assert "SIMULASI — bukan situs resmi" in text and "bukan ijazah" in text


def test_it_is_tagged_for_screen_readers(room, trainer, sit):
    go(sit("Andi"), LOGIN, SEEN)
    catalog = PdfReader(io.BytesIO(trainer.get(f"/pelatih/{room.pk}/bahas/1/sertifikat.pdf").content)).trailer["/Root"]

    assert catalog["/MarkInfo"]["/Marked"] and catalog["/Lang"] == "id"
    assert b"pdfuaid:part" in catalog["/Metadata"].get_object().get_data()


def test_certificates_of_the_room_are_a_page_for_everybody_who_finished_something(room, trainer, sit):
    go(sit("Andi"), LOGIN, SEEN), go(sit("Bela"), LOGIN), go(sit("Citra 𓀀"), SEEN)
    response = trainer.get(f"/pelatih/{room.pk}/bahas/sertifikat.pdf")
    pages = PdfReader(io.BytesIO(response.content)).pages

    assert len(pages) == 2
    assert "Andi" in pages[0].extract_text() and "Citra" in pages[1].extract_text()
    assert "1 dari 2 langkah" in " ".join(pages[1].extract_text().split())


def test_the_best_go_counts(room, trainer, sit):
    browser = sit("Andi")
    go(browser, REFUSED, LOGIN, SEEN)
    go(browser, LOGIN, SEEN)
    text = text_of(trainer.get(f"/pelatih/{room.pk}/bahas/1/sertifikat.pdf"))

    assert "menyelesaikan satu latihan" in text and "100" in text and " 90" not in text


def test_without_a_finished_exercise_there_is_no_certificate(room, trainer, sit):
    browser = sit("Andi")
    go(browser, LOGIN)

    assert "belum ada sertifikat" in trainer.get(f"/pelatih/{room.pk}/bahas/1/sertifikat.pdf", follow=True).text
    assert "belum ada sertifikat" in browser.get("/kelas/sertifikat.pdf", follow=True).text


def test_a_trainee_gets_the_own_certificate_and_sees_no_debrief(room, sit, client):
    browser, other = sit("Andi"), sit("Bela")
    go(browser, LOGIN, SEEN), go(other, LOGIN, SEEN)

    assert "Andi" in text_of(browser.get("/kelas/sertifikat.pdf"))
    for path in ("bahas/", "bahas/1/", "bahas.csv", "bahas.json", "bahas/sertifikat.pdf", "bahas/1/sertifikat.pdf"):
        assert browser.get(f"/pelatih/{room.pk}/{path}").status_code == 302
        assert client.get(f"/pelatih/{room.pk}/{path}").status_code == 302
    assert Client().get("/kelas/sertifikat.pdf")["Location"] == "/kelas/"
