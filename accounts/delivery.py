"""Sends what waits in the outbox, after the answer, by SMTP. Only where EMAIL_URL names a server.

One daemon thread per process. A row is claimed by one atomic UPDATE that moves its next try into the future, so two
workers never send it twice; if the worker dies while sending, the claim runs out and another one takes over.
"""

import logging
import smtplib
import threading
from datetime import datetime, timedelta

from django.core.mail import EmailMessage, get_connection
from django.db import close_old_connections, connection
from django.db.models import F
from django.utils import timezone

from accounts.models import OutboxMessage

CLAIM = timedelta(seconds=60)  # longer than any attempt: about ten steps of EMAIL_TIMEOUT, 5 s each
LONGEST_WAIT = 15  # seconds until the next try, so that mail flows again that soon after the server is back
GIVE_UP = timedelta(days=1)  # nobody waits longer for a code
POLL = 10  # seconds between looks for rows that another process left behind

log = logging.getLogger(__name__)


def deliver_due(at: datetime) -> int:
    """Send every mail whose turn has come; how many were sent."""
    return sum(_deliver(row, timezone.now()) for row in OutboxMessage.objects.due(at)[:100])


def _deliver(row: OutboxMessage, at: datetime) -> bool:
    mine = OutboxMessage.objects.filter(pk=row.pk, state=OutboxMessage.State.PENDING, next_try_at=row.next_try_at)
    if not mine.update(next_try_at=at + CLAIM, tries=F("tries") + 1):
        return False  # another worker was first
    claimed = OutboxMessage.objects.filter(pk=row.pk)
    try:
        _send(row)
    except (OSError, smtplib.SMTPException) as error:
        refused = _is_final(error) or at - row.created_at > GIVE_UP
        if refused:
            claimed.update(body="", code="")
        claimed.update(
            state=OutboxMessage.State.FAILED if refused else OutboxMessage.State.PENDING,
            next_try_at=None if refused else at + timedelta(seconds=min(LONGEST_WAIT, 2**row.tries)),
            last_error=type(error).__name__,
        )
        log.warning("Mail %s not delivered: %s", row.pk, type(error).__name__)
        return False
    claimed.update(state=OutboxMessage.State.SENT, next_try_at=None, body="", code="", last_error="")
    return True


def _send(row: OutboxMessage) -> None:
    """One mail to the server of EMAIL_URL; its Message-ID stays the same on every try."""
    message = EmailMessage(
        row.subject,
        row.body,
        to=[row.to],
        headers={
            "Message-ID": f"<{row.pk}.{row.created_at:%Y%m%d%H%M%S%f}@latih.invalid>",
            "Auto-Submitted": "auto-generated",
        },
        connection=get_connection("django.core.mail.backends.smtp.EmailBackend"),
    )
    message.send()


def _is_final(error: Exception) -> bool:
    """True when the server will never take this mail (a 5xx answer), however often it is offered."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError | smtplib.SMTPSenderRefused) and error.smtp_code >= 500


class Courier(threading.Thread):
    """Delivers until the process ends."""

    def __init__(self) -> None:
        super().__init__(name="outbox", daemon=True)
        self.bell = threading.Event()

    def run(self) -> None:
        while True:
            try:
                close_old_connections()
                deliver_due(timezone.now())
                waiting = OutboxMessage.objects.filter(state=OutboxMessage.State.PENDING).exists()
            except Exception as error:  # the database may be away: try again, never die
                log.error("Outbox: %s", type(error).__name__)
                connection.close()
                waiting = False
            self.bell.wait(1 if waiting else POLL)
            self.bell.clear()


_courier: Courier | None = None
_lock = threading.Lock()


def wake(**_signal) -> None:
    """Something waits to be sent. Starts the courier on the first call in a process."""
    global _courier
    with _lock:
        if _courier is None or not _courier.is_alive():
            _courier = Courier()
            _courier.start()
    _courier.bell.set()


def start_with_first_request(**_signal) -> None:
    """Pick up what an earlier process left behind, as soon as this one serves."""
    if _courier is None:
        wake()
