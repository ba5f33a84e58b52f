"""The life of an import job: refused, stopped, died, repeated, tidied away; who may bring in what."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from jht.imports import jobs
from jht.models import Contribution, Entry, ImportJob, Participant
from tests.jht.factories import make_membership, training_kpj
from tests.jht.hostile import xlsx
from tests.jht.importing import DESK, Here, job, listed, run_here, upload, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch, settings, tmp_path):
    run_here(monkeypatch, settings, tmp_path)


def test_a_hostile_file_is_refused_in_one_sentence(desk):
    page = upload(desk, b"MZ\x90\x00 not a sheet", name="iuran.csv")

    assert "Berkas ini program" in page.text
    assert job().state == "refused"


def test_cancelled_before_writing_it_stays_unwritten(desk):
    member = make_membership()
    upload(desk, listed([member.kpj, "03-2026", "5.000.000", "", "10-04-2026"]))

    page = desk.post(f"{DESK}{job().pk}/batal/", follow=True)
    write(desk)

    assert "Dibatalkan. Tidak ada yang ditulis." in page.text
    assert not Contribution.objects.exists()


def test_a_stop_while_writing_leaves_nothing(desk, monkeypatch):
    member = make_membership()
    upload(desk, listed([member.kpj, "03-2026", "5.000.000", "", "10-04-2026"]))

    def stop(self, rows):
        raise jobs.engine.Stopped

    monkeypatch.setattr(Here, "written", stop)
    page = write(desk)

    assert "Dibatalkan. Tidak ada yang ditulis." in page.text
    assert not Contribution.objects.exists()
    assert not Entry.objects.exists()


def test_a_process_that_died_is_noticed_and_can_be_repeated(desk, monkeypatch):
    member = make_membership()
    monkeypatch.setattr(jobs, "start", lambda job: None)
    upload(desk, listed([member.kpj, "03-2026", "5.000.000", "", "10-04-2026"]))
    long_ago = timezone.now() - timedelta(minutes=5)
    ImportJob.objects.update(state="rehearsing", heartbeat_at=long_ago)

    page = desk.get(f"{DESK}{job().pk}/change/")

    assert "terhenti di tengah jalan" in page.text
    monkeypatch.setattr(jobs, "start", lambda job: jobs.run(job.pk))
    assert "siap ditulis" in desk.post(f"{DESK}{job().pk}/ulang/", follow=True).text


def test_a_running_job_tells_how_far_it_is(desk, monkeypatch):
    monkeypatch.setattr(jobs, "start", lambda job: None)
    page = upload(desk, listed([training_kpj(), "03-2026", "5.000.000", "", "10-04-2026"]))
    now = timezone.now()
    ImportJob.objects.update(
        state="rehearsing", rows_total=1000, rows_read=250, fault_count=3, started_at=now - timedelta(seconds=10)
    )

    told = desk.get(f"{DESK}{job().pk}/kemajuan/").json()

    assert 'http-equiv="refresh"' in page.text
    assert "portal/js/import.js" in page.text
    assert (told["running"], told["percent"], told["read"], told["faults"]) == (True, 25, "250", "3")
    assert told["left"] == "kira-kira 30 detik lagi"


def test_two_processes_cannot_take_the_same_job(desk, monkeypatch):
    member = make_membership()
    upload(desk, listed([member.kpj, "03-2026", "5.000.000", "", "10-04-2026"]))
    write(desk)

    jobs.run(job().pk)

    assert Entry.objects.count() == 1


def test_files_are_emptied_after_a_day(desk):
    member = make_membership()
    upload(desk, listed([member.kpj, "13-2026", "5.000.000", "", "10-04-2026"]))
    assert job().marked_copy

    jobs.sweep(timezone.now() + timedelta(days=1, minutes=1))

    assert (job().file, job().marked_copy) == (None, None)


def test_templates_can_be_downloaded_and_imported_as_they_are(desk):
    for kind in ImportJob.Kind.values:
        for extension in ("csv", "xlsx"):
            assert desk.get(f"{DESK}templat/{kind}.{extension}").status_code == 200
    data = desk.get(f"{DESK}templat/employers.xlsx").content

    page = upload(desk, data, "employers", "templat.xlsx")

    assert "2 baris baru siap ditulis" in page.text


def test_only_who_may_enter_by_hand_may_enter_by_file(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("lain@latih.test", is_staff=True))

    assert client.get(f"{DESK}add/").status_code == 403
    assert client.post(f"{DESK}add/", {"kind": "employers"}).status_code == 403
    assert Participant.objects.count() == 0


def test_a_large_file_is_taken_from_a_clerk_and_from_nobody_else(desk, client):
    large = b"MZ" + b"\0" * 1_500_000

    assert "Berkas ini program" in upload(desk, large).text

    client.logout()
    file = SimpleUploadedFile("iuran.csv", large, "text/csv")
    client.cookies.clear()
    assert client.post(f"{DESK}add/", {"kind": "contributions", "file": file}).status_code == 413


# --- How much at once ----------------------------------------------------------------------------------------


def a_month(kpj: str, month: int) -> bytes:
    return listed([kpj, f"{month:02}-2026", "5.000.000", "", "10-11-2026"])


def test_a_damaged_workbook_is_refused_in_one_sentence(desk, monkeypatch):
    monkeypatch.undo()  # the real start: a short file is read before the answer
    whole = xlsx()
    central = whole.index(b"PK\x01\x02")

    for broken in (b"none", b"PK\x01\x02" + b"\xff" * 4):  # a directory of something else; of a version nobody knows
        page = upload(desk, whole[:central] + broken + whole[central + len(broken) :], "employers", "rusak.xlsx")

        assert page.status_code == 200
        assert "Berkas XLSX ini rusak atau terpotong" in page.text
        assert job().state == "refused"


def test_an_account_has_three_unfinished_imports_and_no_fourth(desk, client, boss):
    member = make_membership(start=date(2025, 1, 1))
    for month in (1, 2, 3):
        assert "siap ditulis" in upload(desk, a_month(member.kpj, month)).text

    page = upload(desk, a_month(member.kpj, 4))

    assert "Anda masih mempunyai 3 impor yang belum selesai" in page.text
    assert ImportJob.objects.count() == 3
    write(desk)
    assert "siap ditulis" in upload(desk, a_month(member.kpj, 4)).text
    client.force_login(boss)
    assert "siap ditulis" in upload(client, a_month(member.kpj, 5)).text


def test_what_waits_for_a_process_counts_as_unfinished(desk, monkeypatch):
    monkeypatch.setattr(jobs, "start", lambda job: None)
    for month in (1, 2, 3):
        upload(desk, a_month(training_kpj(), month))

    assert "belum selesai" in upload(desk, a_month(training_kpj(), 4)).text
    desk.post(f"{DESK}{job().pk}/batal/")
    assert "belum selesai" not in upload(desk, a_month(training_kpj(), 4)).text


def test_files_with_faults_stop_nobody_and_only_the_last_ones_are_kept(desk):
    member = make_membership()
    for wage in range(6):
        page = upload(desk, listed([member.kpj, "13-2026", f"5.000.00{wage}", "", "10-04-2026"]))
        assert "1 kesalahan ditemukan" in page.text

    assert ImportJob.objects.count() == 6
    assert ImportJob.objects.exclude(file=None).count() == 4  # the last one, and three before it


def test_two_processes_work_at_once_and_the_third_follows_when_a_page_looks(desk, monkeypatch, boss):
    begun = []
    monkeypatch.setattr(jobs, "spawn", begun.append)
    monkeypatch.setattr(jobs, "start", lambda job: jobs.start_waiting(timezone.now()))
    for month in (1, 2, 3):
        upload(desk, a_month(training_kpj(), month))
    first, second, third = ImportJob.objects.order_by("pk").values_list("pk", flat=True)
    assert begun == [first, second]

    ImportJob.objects.filter(pk=third).update(heartbeat_at=timezone.now() - timedelta(minutes=5))
    assert desk.get(f"{DESK}{third}/kemajuan/").json()["state"] == "menunggu diperiksa"  # in line, not died
    jobs.run(first)
    for _ in range(2):
        desk.get(f"{DESK}{third}/kemajuan/")

    assert begun == [first, second, third]
