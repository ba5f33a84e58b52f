"""Every mail is a row first.

For others:
    OutboxMessage.objects.readable_by(key)   the mails a browser may read, newest first (accounts/models.py)
    inbox_key(request)                       that browser's key, or None when it has never caused a mail

Who may read what: a mail to a shared example account belongs to the browser that caused it; a mail to any other
account belongs to the browser that made the account, and to nobody if an operator made it (so a trainee cannot ask
for a new kata sandi in the trainer's name and read the code); a mail to an address without an account belongs to the
browser that caused it, and its code works only there.
"""

import re
import secrets

from allauth.core import context
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.arrivals import Arrival, of_mail
from accounts.client import now_of
from accounts.models import OutboxMessage, User

CODE_HEADER = "X-Latih-Kode"  # how the adapter hands the code to the backend; never sent
COOKIE_AGE = 30 * 24 * 60 * 60  # seconds
SALT = "accounts.outbox"


def cookie_name() -> str:
    return "__Host-kotak" if settings.HTTPS else "kotak"


def inbox_key(request: HttpRequest) -> str | None:
    """The key of this browser's mailbox; None when it has none yet. Survives login and logout.

    A seat in a class brings its own (portal/training), which follows it to another device.
    """
    if key := getattr(request, "seat_inbox", None) or getattr(request, "_inbox_key", None):
        return key
    key = request.get_signed_cookie(cookie_name(), default=None, salt=SALT, max_age=COOKIE_AGE)
    return key if key and re.fullmatch(r"[0-9a-f]{32}", key) else None


def claim_inbox(request: HttpRequest) -> str:
    """The key of this browser's mailbox, a new one if need be; `keep_inbox` must then see the response."""
    if not (key := inbox_key(request)):
        key = request._inbox_key = secrets.token_hex(16)
    return key


def keep_inbox(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Set the cookie if the mailbox was opened during this request."""
    if key := getattr(request, "_inbox_key", None):
        response.set_signed_cookie(
            cookie_name(),
            key,
            salt=SALT,
            max_age=COOKIE_AGE,
            secure=settings.HTTPS,
            httponly=True,
            samesite="Lax",
        )
    return response


def reader(to: str, request: HttpRequest | None) -> str:
    """The key of the browser that may read a mail to this address; empty for nobody."""
    if settings.EMAIL_URL:
        return ""  # the owner of the address reads it there, and nobody on this screen
    here = claim_inbox(request) if request else ""
    owner = User.objects.filter(email=to.lower()).values_list("is_shared", "inbox_key").first()
    if owner is None:
        return here
    is_shared, key = owner
    return here if is_shared else key


class OutboxBackend(BaseEmailBackend):
    """Django's mail backend: writes rows. What delivers them, if anything, is accounts/delivery.py."""

    def send_messages(self, messages: list[EmailMessage]) -> int:
        rows = [self.row(message, to.lower()) for message in messages for to in message.recipients()]
        OutboxMessage.objects.bulk_create(rows)
        if settings.EMAIL_URL:
            from accounts import delivery

            transaction.on_commit(delivery.wake)
        return len(messages)

    @staticmethod
    def row(message: EmailMessage, to: str) -> OutboxMessage:
        key, now = reader(to, context.request), timezone.now()
        arrival = of_mail(to, key, Arrival())
        state = OutboxMessage.State.PENDING if settings.EMAIL_URL else OutboxMessage.State.CAPTURED
        goes_out = settings.EMAIL_URL and arrival.copies
        return OutboxMessage(
            to=to,
            subject=message.subject[:200],
            body=message.body,
            code=message.extra_headers.get(CODE_HEADER, ""),
            inbox_key=key,
            created_at=now_of(context.request),
            arrives_at=now + arrival.delay if arrival.delay else None,
            state=state if arrival.copies else OutboxMessage.State.LOST,
            next_try_at=now + arrival.delay if goes_out else None,
        )
