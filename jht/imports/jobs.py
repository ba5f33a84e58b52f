"""A file on its way: uploaded, rehearsed, confirmed, written, each in a process of its own that the web starts.

The job is a row, so that every worker can show it. A process that died leaves a heartbeat that stops; nothing it did
is left, since everything is one transaction.
"""

import contextlib
import hashlib
import io
import os
import struct
import subprocess
import sys
import threading
import zipfile
from dataclasses import asdict
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from jht import trail
from jht.imports import engine
from jht.imports.files import FileRefused, marked_copy, open_table
from jht.imports.progress import AtOnce, Progress, marker
from jht.models import AuditRecord, ImportJob
from jht.scope import limited

State = ImportJob.State
STALE = timedelta(seconds=30)  # without a sign of life, the process is gone
KEPT = timedelta(days=1)  # how long a file or its marked copy is kept
MOST_SHOWN = 1_000  # faults kept with the job; the marked copy has them all
MEMORY = 2 * 1024**3  # bytes of address space; what is really used stays below 300 MB
PROCESSOR = 60 * 60  # seconds
SHORT = 256 * 1024  # bytes, unpacked, of a list that is done at once …
SHORT_ROWS = 1_000  # … and rows
MOST_OPEN = 3  # uploads of one account that are not finished, and as many files kept only to be looked at again
MOST_PROCESSES = 2  # at once, whoever asked for them; the others wait in line
SAME_FILE = "Berkas yang sama sudah diimpor pada {day}. Tidak ada yang berubah."
CRASHED = "Proses impor terhenti di tengah jalan. Tidak ada yang ditulis. Anda dapat mengulanginya."
TOO_MANY = (
    f"Anda masih mempunyai {MOST_OPEN} impor yang belum selesai. Tulis atau batalkan salah satunya pada daftar Impor, "
    "lalu unggah lagi."
)
OPEN = (*ImportJob.RUNNING, State.REHEARSED)
UNCLAIMED = Q(state__in=(State.WAITING, State.CONFIRMED), started_at=None, file__isnull=False)  # in line for a process


class NotNow(Exception):
    """The job is no longer in the state for this; the page shows which it is in."""


# --- What people do ------------------------------------------------------------------------------------------


def upload(
    kind: str,
    name: str,
    data: bytes,
    by: AbstractBaseUser | None,
    at: datetime,
    keep: bool = True,
    day: date | None = None,
) -> ImportJob:
    """A new job waiting for its rehearsal; refused at once when this very file was imported before.

    Without `keep` the file stays where it is: whoever asks has it at hand. `day`: which day it is for whoever uploads,
    when a class pretends that it is another than today. ValidationError while this account has MOST_OPEN unfinished.
    """
    sweep(at)
    job = ImportJob(kind=kind, file_name=name[-200:], file_hash=hashlib.sha256(data).hexdigest(), created_by=by)
    job.day = day
    job.created_at = job.heartbeat_at = at
    if sentence := known_file(job):
        job.state, job.message, job.ended_at = State.REFUSED, sentence, at
    elif keep:
        job.file = data
    with transaction.atomic():
        if job.file and by:
            _make_room(by)
        job.save()
    return job


def _make_room(by: AbstractBaseUser) -> None:
    """Hold the account until the upload is saved; see that it keeps no more files than it may."""
    get_user_model().objects.select_for_update(no_key=True).get(pk=by.pk)
    kept = ImportJob.objects.filter(created_by=by)
    ready = Q(state=State.REHEARSED, fault_count=0, rows_new__gt=0, file__isnull=False)
    if kept.filter(Q(state__in=ImportJob.RUNNING) | ready).count() >= MOST_OPEN:
        raise ValidationError(TOO_MANY, "too_many")
    over = kept.exclude(Q(state__in=ImportJob.RUNNING) | ready).exclude(file=None, marked_copy=None)
    oldest = list(over.order_by("-pk").values_list("pk", flat=True)[MOST_OPEN:])
    ImportJob.objects.filter(pk__in=oldest).update(file=None, marked_copy=None)


def known_file(job: ImportJob) -> str:
    """Why this file changes nothing; empty when it was not imported yet, as far as whoever brings it in can see."""
    same = ImportJob.objects.filter(kind=job.kind, file_hash=job.file_hash, state=State.DONE).only("ended_at")
    done = limited(same, job.created_by).first()
    return SAME_FILE.format(day=f"{timezone.localtime(done.ended_at):%d-%m-%Y pukul %H.%M}") if done else ""


def confirm(job: ImportJob, at: datetime, day: date | None = None) -> None:
    """Tulis semuanya. NotNow unless the rehearsal found no fault and something new."""
    ready = ImportJob.objects.filter(pk=job.pk, state=State.REHEARSED, fault_count=0, file__isnull=False)
    if not ready.update(
        state=State.CONFIRMED, heartbeat_at=at, started_at=None, ended_at=None, cancel_asked=False, rows_read=0, day=day
    ):
        raise NotNow


def repeat(job: ImportJob, at: datetime, day: date | None = None) -> None:
    """Rehearse once more what was interrupted."""
    again = ImportJob.objects.filter(pk=job.pk, state__in=[State.FAILED, State.CANCELLED], file__isnull=False)
    if not again.update(
        state=State.WAITING,
        heartbeat_at=at,
        started_at=None,
        ended_at=None,
        message="",
        cancel_asked=False,
        rows_read=0,
        fault_count=0,
        day=day,
    ):
        raise NotNow
    marker(job.pk).unlink(missing_ok=True)


def cancel(job: ImportJob, at: datetime) -> None:
    """Stop it: at once when nothing runs, else within two seconds. Nothing that was begun is left."""
    idle = ImportJob.objects.filter(pk=job.pk, state__in=[State.WAITING, State.REHEARSED, State.CONFIRMED])
    running = ImportJob.objects.filter(pk=job.pk, state__in=[State.REHEARSING, State.WRITING])
    if connection.vendor == "sqlite":  # a running import may hold the whole database: it looks for this file too
        marker(job.pk).touch()
    with _patience(1000), contextlib.suppress(DatabaseError):
        if idle.update(state=State.CANCELLED, message="Dibatalkan. Tidak ada yang ditulis.", ended_at=at):
            marker(job.pk).unlink(missing_ok=True)
        else:
            running.update(cancel_asked=True)


def sweep(at: datetime) -> None:
    """Notice processes that died, and empty what has been kept long enough."""
    with _patience(100), contextlib.suppress(DatabaseError):  # an import that holds the database is alive
        ImportJob.objects.filter(state__in=ImportJob.RUNNING, heartbeat_at__lt=at - STALE).exclude(UNCLAIMED).update(
            state=State.FAILED, message=CRASHED, ended_at=at
        )
        old = ImportJob.objects.exclude(state__in=ImportJob.RUNNING).filter(ended_at__lt=at - KEPT)
        old.exclude(file=None, marked_copy=None).update(file=None, marked_copy=None)


def start(job: ImportJob) -> None:
    """A short list is done before the answer goes out; any other in a process of its own, which outlives the request.

    A room full of clerks with a list of five would otherwise need a process each.
    """
    if is_short(job):
        with contextlib.suppress(Exception):  # noted with the job, like a process that ended
            run(job.pk, AtOnce)
        return
    start_waiting(timezone.now())


def start_waiting(at: datetime) -> None:
    """A process for each of those in line, the oldest first, while fewer than MOST_PROCESSES are at work.

    Asked after an upload, when a process ends and whenever a page looks; `started_at` says that a job has its process.
    """
    claimed: list[int] = []
    with _patience(100), contextlib.suppress(DatabaseError):  # an import that holds the database: later, then
        if not ImportJob.objects.filter(UNCLAIMED).exists():
            return
        with transaction.atomic():  # whoever asks at the same time waits for these rows
            unfinished = ImportJob.objects.filter(state__in=ImportJob.RUNNING).order_by("pk")
            list(unfinished.select_for_update().values_list("pk"))
            free = max(0, MOST_PROCESSES - unfinished.exclude(UNCLAIMED).count())
            line = list(unfinished.filter(UNCLAIMED).values_list("pk", flat=True)[:free])
            taken = [pk for pk in line if unfinished.filter(UNCLAIMED, pk=pk).update(started_at=at, heartbeat_at=at)]
        claimed = taken
    for pk in claimed:
        spawn(pk)


def spawn(pk: int) -> None:
    """The process of a job that was claimed for it."""
    process = subprocess.Popen(  # noqa: S603 (a key of ours)
        [sys.executable, "-m", "django", "run_import", str(pk)],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", settings.SETTINGS_MODULE),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    threading.Thread(target=process.wait, daemon=True).start()  # so that it leaves no dead entry behind


def is_short(job: ImportJob) -> bool:
    """Whether it is read and written in a moment: by its bytes, unpacked, or once it was rehearsed by its rows."""
    if job.state == State.REHEARSED:
        return 0 < job.rows_read <= SHORT_ROWS
    data = bytes(job.file or b"")
    if not data or job.state != State.WAITING or len(data) > SHORT:
        return False
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return True
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:  # reading stops where a part says that it ends
            return sum(part.file_size for part in archive.infolist()) <= SHORT
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error):
        return True  # damaged: refused, with its sentence, as soon as it is opened


# --- What the process does -----------------------------------------------------------------------------------


def limit_resources() -> None:
    """Be polite, and die rather than take the machine along, where the system knows how."""
    with contextlib.suppress(ImportError, AttributeError, OSError, ValueError):
        import resource

        os.nice(max(0, 5 - os.nice(0)))  # one that was started by another import is polite already
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR, PROCESSOR))


def wait_for_writers() -> None:
    """Another import may hold SQLite for longer than a page would wait."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 600000")


def run(pk: int, watching: type[Progress | AtOnce] | None = None) -> ImportJob:
    """Rehearse or write what waits. Does nothing when another process has taken it."""
    job = ImportJob.objects.get(pk=pk)
    write = job.state == State.CONFIRMED
    now = timezone.now()
    begin = State.WRITING if write else State.REHEARSING
    waiting = ImportJob.objects.filter(pk=pk, state=State.CONFIRMED if write else State.WAITING)
    if not waiting.update(state=begin, started_at=now, heartbeat_at=now, rows_read=0, rows_new=0):
        return job
    job.state, data = begin, bytes(job.file)
    job.file = None  # once in memory is enough
    with (watching or Progress)(pk) as watch:
        carry_out(job, data, write, watch, job.day or timezone.localdate())
    marker(pk).unlink(missing_ok=True)
    return job


def carry_out(job: ImportJob, data: bytes, write: bool, watch: Progress | AtOnce, today: date) -> None:
    """Rehearse, or write, and note how it ended. What nobody foresaw is raised again, after it is noted."""
    outcome = None

    def seal(found: engine.Outcome) -> None:
        watch.quiet()
        if sentence := known_file(job):
            raise engine.Refused(sentence)
        _end(job, State.DONE, _told(found), found)
        trail.note(AuditRecord.Act.IMPORTED, job, job.created_by, told=f"{job.get_kind_display()}: {job.message}")

    try:
        table = open_table(data, job.file_name)
        ImportJob.objects.filter(pk=job.pk).update(rows_total=table.rows_estimate)
        job.rows_total = table.rows_estimate
        outcome = engine.bring_in(table, job.kind, today=today, by=job.created_by, write=write, watch=watch, seal=seal)
    except (FileRefused, engine.Refused) as refusal:
        watch.quiet()
        _end(job, State.REFUSED, str(refusal))
    except engine.Stopped:
        watch.quiet()
        _end(job, State.CANCELLED, "Dibatalkan. Tidak ada yang ditulis.")
    except BaseException:
        watch.quiet()
        _end(job, State.FAILED, CRASHED)
        raise
    else:
        if not outcome.is_written:
            marked = marked_copy(data, job.file_name, outcome.in_order()) if outcome.faults else None
            watch.quiet()
            _end(job, State.REHEARSED, _told(outcome), outcome, marked)


def _end(
    job: ImportJob, state: str, message: str, outcome: engine.Outcome | None = None, marked: bytes | None = None
) -> None:
    job.state, job.message, job.ended_at = state, message[:500], timezone.now()
    if outcome:
        job.rows_read, job.rows_new, job.rows_known = outcome.rows_read, outcome.rows_new, outcome.rows_known
        job.fault_count = outcome.fault_count
        job.faults = [asdict(fault) for fault in outcome.in_order()[:MOST_SHOWN]]
    changes = ["state", "message", "ended_at", "rows_read", "rows_new", "rows_known", "fault_count", "faults"]
    if state in (State.DONE, State.REFUSED):
        job.file = None
        changes.append("file")
    if state == State.REHEARSED:
        job.marked_copy = marked
        changes.append("marked_copy")
    job.save(update_fields=changes)


def _told(outcome: engine.Outcome) -> str:
    """How it went, in one sentence."""
    new, known = _count(outcome.rows_new), _count(outcome.rows_known)
    if outcome.fault_count:
        cut = " Berkas tidak dibaca sampai akhir karena kesalahannya terlalu banyak." if outcome.is_cut else ""
        return f"{_count(outcome.fault_count)} kesalahan ditemukan. Tidak ada yang ditulis.{cut}"
    if not outcome.rows_new:
        return f"Tidak ada yang berubah: {known} baris sudah ada." if outcome.rows_known else "Berkas ini tanpa baris."
    done = "tercatat" if outcome.is_written else "siap ditulis"
    return f"{new} baris baru {done}, {known} baris sudah ada." if outcome.rows_known else f"{new} baris baru {done}."


def _count(number: int) -> str:
    return f"{number:,}".replace(",", ".")


@contextlib.contextmanager
def _patience(milliseconds: int):
    """Wait no longer than this for SQLite's one writer."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        before = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {before}")
