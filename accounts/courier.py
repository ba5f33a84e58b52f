"""A thread that sends what waits, after the answer, until the process ends. One for mails, one for texts."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import close_old_connections, connection
from django.db.models import F, Model
from django.utils import timezone

CLAIM = timedelta(seconds=60)  # longer than any attempt to send takes
LONGEST_WAIT = 15  # seconds until the next try, so that things flow again that soon after a server is back
POLL = 10  # seconds between looks for rows that another process left behind

log = logging.getLogger(__name__)


def claim(row: Model, at: datetime) -> bool:
    """Whether this worker may send the row now: its next try moves into the future, in one atomic UPDATE.

    If the worker dies while sending, the claim runs out and another one takes over.
    """
    mine = type(row).objects.filter(pk=row.pk, state=row.State.PENDING, next_try_at=row.next_try_at)
    return bool(mine.update(next_try_at=at + CLAIM, tries=F("tries") + 1))


def later(row: Model, at: datetime) -> datetime:
    """When to try again after this failure."""
    return at + timedelta(seconds=min(LONGEST_WAIT, 2**row.tries))


class Courier:
    """`deliver_due(at)` sends what is due, `anything_waits()` says whether to look again soon."""

    def __init__(self, name: str, deliver_due: Callable[[datetime], int], anything_waits: Callable[[], bool]):
        self.name, self.deliver_due, self.anything_waits = name, deliver_due, anything_waits
        self.bell, self.lock = threading.Event(), threading.Lock()
        self.thread: threading.Thread | None = None

    def wake(self, **_signal) -> None:
        """Something waits to be sent. Starts the thread on the first call in a process."""
        with self.lock:
            if self.thread is None or not self.thread.is_alive():
                self.thread = threading.Thread(target=self._run, name=self.name, daemon=True)
                self.thread.start()
        self.bell.set()

    def start_with_first_request(self, **_signal) -> None:
        """Pick up what an earlier process left behind, as soon as this one serves."""
        if self.thread is None:
            self.wake()

    def _run(self) -> None:
        while True:
            try:
                close_old_connections()
                self.deliver_due(timezone.now())
                waiting = self.anything_waits()
            except Exception as error:  # the database may be away: try again, never die
                log.error("%s: %s", self.name, type(error).__name__)
                connection.close()
                waiting = False
            self.bell.wait(1 if waiting else POLL)
            self.bell.clear()
