"""Sends what waits in the outbox, after the answer, by SMTP. Only where EMAIL_URL names a server.

One daemon thread per process (accounts/courier.py); two workers never send the same mail twice.
"""

import logging
import smtplib
from datetime import datetime, timedelta

from django.core.mail import EmailMessage, get_connection
from django.utils import timezone

from accounts.courier import Courier, claim, later
from accounts.models import OutboxMessage

GIVE_UP = timedelta(days=1)  # nobody waits longer for a code

log = logging.getLogger(__name__)


def deliver_due(at: datetime) -> int:
    """Send every mail whose turn has come; how many were sent."""
    return sum(_deliver(row, timezone.now()) for row in OutboxMessage.objects.due(at)[:100])


def _deliver(row: OutboxMessage, at: datetime) -> bool:
    if not claim(row, at):
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
            next_try_at=None if refused else later(row, at),
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


def anything_waits() -> bool:
    return OutboxMessage.objects.filter(state=OutboxMessage.State.PENDING).exists()


courier = Courier("outbox", deliver_due, anything_waits)
wake = courier.wake
