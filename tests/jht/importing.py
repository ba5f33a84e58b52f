"""Bringing in a file at the desk, as its tests do it."""

import csv
import io

from django.core.files.uploadedfile import SimpleUploadedFile

from jht.imports import jobs
from jht.models import ImportJob

TITLES = ["Nomor KPJ", "Bulan iuran", "Upah", "Iuran PMI", "Dibayar tanggal"]
DESK = "/petugas/jht/importjob/"


class Here(jobs.Progress):
    """Progress without a thread: a test has one connection only."""

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass


def run_here(monkeypatch, settings, tmp_path) -> None:
    """The rehearsal runs before the answer, and not in a process that would not see the test's rows."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(jobs, "Progress", Here)
    monkeypatch.setattr(jobs, "start", lambda job: jobs.run(job.pk))
    monkeypatch.setattr(jobs, "spawn", lambda pk: None)


def listed(*rows, titles=TITLES) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([titles, *rows])
    return text.getvalue().encode()


def upload(desk, data: bytes, kind: str = "contributions", name: str = "iuran.csv"):
    file = SimpleUploadedFile(name, data, "text/csv")
    return desk.post(f"{DESK}add/", {"kind": kind, "file": file}, follow=True)


def job() -> ImportJob:
    return ImportJob.objects.latest("pk")


def write(desk):
    return desk.post(f"{DESK}{job().pk}/tulis/", follow=True)
