"""Bring in a spreadsheet from the command line: the same importer as the desk's."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from jht.imports import headings, jobs
from jht.imports.files import FileRefused, open_table
from jht.models import ImportJob

FAULTS, REFUSED, STOPPED = 2, 1, 130  # exit codes; 0 is done, or nothing to do
MOST_PRINTED = 50


class Told(jobs.Progress):
    """Says how far it is, on a terminal."""

    out = None

    def note(self) -> None:
        super().note()
        if self.out and self.out.isatty():
            self.out.write(f"\r{self.rows:,} baris terbaca, {self.new:,} ditulis".replace(",", "."))
            self.out.flush()


class Command(BaseCommand):
    help = "Import a CSV or XLSX of employers, participants, memberships, contributions or rates: all of it or nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--kind", choices=ImportJob.Kind.values, help="what the file lists; else its headings say it"
        )
        parser.add_argument("--rehearse", action="store_true", help="judge every row, write nothing")

    def handle(self, *, file: Path, kind: str | None, rehearse: bool, **options):
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CommandError(f"Berkas {file} tidak dapat dibaca: {error.strerror}.", returncode=REFUSED) from error
        jobs.wait_for_writers()
        kind = kind or self.guess(data, file.name)
        job = jobs.upload(kind, file.name, data, None, timezone.now(), keep=False)
        if job.state == ImportJob.State.REFUSED:
            self.stdout.write(job.message)
            return
        job.state = ImportJob.State.REHEARSING if rehearse else ImportJob.State.WRITING
        job.started_at = timezone.now()
        job.save()
        Told.out = sys.stderr
        with Told(job.pk) as watch:
            try:
                jobs.carry_out(job, data, not rehearse, watch, timezone.localdate())
            except KeyboardInterrupt:
                raise CommandError("Dibatalkan. Tidak ada yang ditulis.", returncode=STOPPED) from None
        self.tell(job)

    def guess(self, data: bytes, name: str) -> str:
        try:
            titles = open_table(data, name).headings
        except FileRefused as refusal:
            raise CommandError(str(refusal), returncode=REFUSED) from refusal
        scores = {kind: headings.score(titles, kind) for kind in ImportJob.Kind.values}
        best = max(scores, key=scores.__getitem__)
        complete = [kind for kind in scores if not headings.recognise(titles, kind).faults]
        if len(complete) == 1:
            return complete[0]
        if not scores[best] or list(scores.values()).count(scores[best]) > 1:
            raise CommandError(
                "Isi berkas ini tidak dikenali dari judulnya. Sebutkan dengan --kind.", returncode=REFUSED
            )
        return best

    def tell(self, job: ImportJob) -> None:
        for fault in job.faults[:MOST_PRINTED]:
            place = f"Baris {fault['row']}" + (f", kolom {fault['column']}" if fault["column"] else "")
            value = f" ({fault['value']})" if fault["value"] else ""
            self.stdout.write(f"{place}{value}: {fault['problem']} {fault['right']}")
        if job.fault_count > MOST_PRINTED:
            self.stdout.write(f"… dan {job.fault_count - MOST_PRINTED} kesalahan lain.")
        if job.fault_count:
            raise CommandError(job.message, returncode=FAULTS)
        if job.state in (ImportJob.State.REFUSED, ImportJob.State.FAILED):
            raise CommandError(job.message, returncode=REFUSED)
        if job.state == ImportJob.State.CANCELLED:
            raise CommandError(job.message, returncode=STOPPED)
        self.stdout.write(job.message)
