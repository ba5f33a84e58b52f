"""Takes our texts to the gateway of SMS_URL, after the answer: Kannel's sendsms service, or one that speaks like it.

SMS_URL holds what the gateway asks for, e.g. http://127.0.0.1:13013/cgi-bin/sendsms?username=latih&password=…&from=2757;
`to`, `text` and `charset` are added. An answer of 2xx means taken, 4xx never (408 and 429: later), anything else later.
A code is no longer readable here once its text has left, or never will.
"""

import logging
from datetime import datetime, timedelta
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, ProxyHandler, build_opener

from django.conf import settings
from django.utils import timezone

from accounts.courier import Courier, claim, later
from accounts.models import TextMessage

GIVE_UP = timedelta(hours=1)  # a code is worth fifteen minutes
TIMEOUT = 5  # seconds
LATER = (408, 429)  # the gateway is busy

log = logging.getLogger(__name__)


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *args) -> None:
        """A text goes to the address an operator wrote, and nowhere else."""


_opener = build_opener(_Stay(), ProxyHandler({}))


def deliver_due(at: datetime) -> int:
    """Hand over every text whose turn has come; how many were taken."""
    return sum(_deliver(row, timezone.now()) for row in TextMessage.objects.due(at)[:100])


def _deliver(row: TextMessage, at: datetime) -> bool:
    if not claim(row, at):
        return False  # another worker was first
    claimed = TextMessage.objects.filter(pk=row.pk)
    try:
        _send(row)
    except (OSError, HTTPException) as error:
        final = isinstance(error, HTTPError) and 400 <= error.code < 500 and error.code not in LATER
        refused = final or at - row.arrives_at > GIVE_UP
        if refused:
            claimed.update(text=_without_code(row), code="")
        claimed.update(
            state=TextMessage.State.FAILED if refused else TextMessage.State.PENDING,
            next_try_at=None if refused else later(row, at),
            last_error=type(error).__name__,
        )
        log.warning("Text %s not delivered: %s", row.pk, type(error).__name__)
        return False
    claimed.update(state=TextMessage.State.SENT, next_try_at=None, text=_without_code(row), code="", last_error="")
    return True


def _without_code(row: TextMessage) -> str:
    return row.text.replace(row.code, "*" * len(row.code)) if row.code else row.text


def _send(row: TextMessage) -> None:
    more = urlencode({"to": row.phone, "text": row.text, "charset": "UTF-8"})
    address = f"{settings.SMS_URL}{'&' if '?' in settings.SMS_URL else '?'}{more}"
    with _opener.open(address, timeout=TIMEOUT) as answer:
        answer.read(1000)


def anything_waits() -> bool:
    return TextMessage.objects.filter(state=TextMessage.State.PENDING).exists()


courier = Courier("texts", deliver_due, anything_waits)
wake = courier.wake
