"""A short list is brought in while the page waits, a long one by a process of its own."""

import io
import zipfile

import pytest
from django.utils import timezone

from jht.imports import jobs
from jht.models import Employer, ImportJob

pytestmark = pytest.mark.django_db
State = ImportJob.State


def job_of(data: bytes, **fields) -> ImportJob:
    return ImportJob(kind="employers", file_name="x", file_hash="x", file=data, created_at=timezone.now(), **fields)


def test_a_short_list_is_done_before_the_page_answers(monkeypatch):
    begun = []
    monkeypatch.setattr(jobs.subprocess, "Popen", lambda *args, **kwargs: begun.append(args))
    job = jobs.upload("employers", "a.csv", b"NPP;Nama perusahaan\nL49AAAA1;CV Pendek\n", None, timezone.now())
    jobs.start(job)
    job.refresh_from_db()

    assert (job.state, job.rows_new, begun) == (State.REHEARSED, 1, [])
    jobs.confirm(job, timezone.now())
    jobs.start(job)
    assert Employer.objects.filter(npp="L49AAAA1").exists()


@pytest.mark.parametrize(
    "job, is_short",
    [
        (job_of(b"x" * jobs.SHORT), True),
        (job_of(b"x" * (jobs.SHORT + 1)), False),
        (job_of(b""), False),
        (job_of(b"x", state=State.FAILED), False),
        (job_of(b"", state=State.REHEARSED, rows_read=jobs.SHORT_ROWS), True),
        (job_of(b"", state=State.REHEARSED, rows_read=jobs.SHORT_ROWS + 1), False),
        (job_of(b"", state=State.REHEARSED), False),
    ],
)
def test_a_long_list_has_a_process_of_its_own(job, is_short):
    assert jobs.is_short(job) == is_short


def test_a_small_archive_with_much_inside_is_long():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (jobs.SHORT + 1))

    assert len(packed.getvalue()) < 2_000
    assert not jobs.is_short(job_of(packed.getvalue()))


def test_a_short_list_that_breaks_down_is_noted_and_answers(monkeypatch):
    def break_down(*args, **kwargs):
        raise MemoryError

    monkeypatch.setattr(jobs, "open_table", break_down)
    job = jobs.upload("employers", "a.csv", b"NPP;Nama perusahaan\n", None, timezone.now())
    jobs.start(job)
    job.refresh_from_db()

    assert (job.state, job.message) == (State.FAILED, jobs.CRASHED)
