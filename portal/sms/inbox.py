"""A text arrives: it is written down, answered once, and the answer goes back. The same for the phone on screen, the
gateway and the terminal."""

from datetime import date, datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from accounts.models import TextMessage
from accounts.texts import MARK, send_text
from portal.sms.answers import answer
from portal.sms.language import presentable

# One statement, so that of two deliveries at the same moment one is new. The ORM takes three times as long to say it
# (docs/sms.md#kecepatan).
WRITE_DOWN = """
    INSERT INTO accounts_textmessage (phone, direction, text, code, arrives_at, gateway_id, state, tries, last_error)
    VALUES (%s, %s, %s, '', %s, %s, %s, 0, '') ON CONFLICT (gateway_id) DO NOTHING RETURNING id
"""


def receive(phone: str, text: str, at: datetime, on: date, gateway_id: str | None = None) -> str | None:
    """Write down a text and answer it; the answer's text. None when the gateway delivers the same text again.

    One transaction: a text that could not be answered is not there either, and is answered when it comes again.
    """
    arrived = connection.ops.adapt_datetimefield_value(at)
    row = [phone, TextMessage.Direction.IN, presentable(text), arrived, gateway_id, TextMessage.State.CAPTURED]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(WRITE_DOWN, row)
            is_new = cursor.fetchone() is not None
        if not is_new:
            return None
        disturbed = import_string(settings.SMS_REPLY)(text) if settings.DEMO else None
        return disturbed or answer(phone, text, at, on)


def receive_on_screen(phone: str, text: str, at: datetime, on: date) -> None:
    """The same for an invented phone on this machine: the answer appears on its screen, as its number behaves."""
    if reply := receive(phone, text, at, on):
        send_text(phone, reply.removeprefix(MARK), at)
