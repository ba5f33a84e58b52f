"""How far an import is, told while it runs, and whether it is to stop."""

import contextlib
import threading
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from jht.imports import engine
from jht.models import ImportJob

BEAT = 0.5  # seconds between two looks at how far it is and whether to stop


class AtOnce(engine.Watch):
    """Nobody waits long enough to ask how far it is."""

    def __init__(self, pk: int):
        pass

    def __enter__(self) -> "AtOnce":
        return self

    def __exit__(self, *error) -> None: ...

    def quiet(self) -> None: ...


class Progress(engine.Watch):
    """Writes down how far it is, and looks whether to stop, on a connection of its own, twice a second."""

    def __init__(self, pk: int):
        self.pk, self.rows, self.faults, self.new = pk, 0, 0, 0
        self.is_over, self.must_stop = threading.Event(), False
        self.thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> "Progress":
        self.thread.start()
        return self

    def __exit__(self, *error) -> None:
        self.quiet()
        self.thread.join(10)

    def read(self, rows: int, faults: int) -> None:
        self.rows, self.faults = rows, faults
        self._obey()

    def written(self, rows: int) -> None:
        self.new = rows
        self._obey()

    def quiet(self) -> None:
        """No more from here: whoever calls this writes the end itself."""
        self.is_over.set()

    def _obey(self) -> None:
        if self.must_stop:
            raise engine.Stopped

    def _beat(self) -> None:
        try:
            if connection.vendor == "sqlite":
                with connection.cursor() as cursor:
                    cursor.execute("PRAGMA busy_timeout = 100")
            while not self.is_over.wait(BEAT):
                self.note()
        finally:
            connection.close()

    def note(self) -> None:
        if marker(self.pk).exists():
            self.must_stop = True
        job = ImportJob.objects.filter(pk=self.pk, state__in=ImportJob.RUNNING)
        with contextlib.suppress(DatabaseError):  # this very import may hold the database
            self.must_stop |= bool(job.filter(cancel_asked=True).exists())
            job.update(rows_read=self.rows, fault_count=self.faults, rows_new=self.new, heartbeat_at=timezone.now())


def marker(pk: int) -> Path:
    """Asks a job on SQLite to stop while it holds the database, when nothing can be written there."""
    return Path(settings.DATA_DIR) / f"import-{pk}.stop"
