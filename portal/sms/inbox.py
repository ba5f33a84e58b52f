"""A text arrives: it is written down, answered once, and the answer goes back. The same for the phone on screen, the
gateway and the terminal."""

import re
from datetime import date, datetime

from django.db import IntegrityError, transaction

from accounts.models import TextMessage
from accounts.texts import MARK, send_text
from portal.sms.answers import answer

HIDDEN = "[nomor disembunyikan]"
# Twelve digits or more, however they are grouped, may be somebody's real NIK, unless they begin like ours.
LONG_NUMBER = re.compile(r"(?<!\d)(?!4[ .-]?9)\d(?:[ .-]?\d){11,}")
NOT_TRAINING = "Nomor HP ini bukan nomor latihan (0849...), jadi tidak dilayani."


def receive(phone: str, text: str, at: datetime, on: date, gateway_id: str | None = None) -> str | None:
    """Write down a text and answer it; the answer's text. None when the gateway delivers the same text again."""
    message = TextMessage(
        phone=phone,
        direction=TextMessage.Direction.IN,
        text=presentable(text),
        arrives_at=at,
        gateway_id=gateway_id,
    )
    try:
        with transaction.atomic():
            message.save()
    except IntegrityError:
        return None
    return answer(phone, text, at, on)


def receive_on_screen(phone: str, text: str, at: datetime, on: date) -> None:
    """The same for an invented phone on this machine: the answer appears on its screen, as its number behaves."""
    if reply := receive(phone, text, at, on):
        send_text(phone, reply.removeprefix(MARK), at)


def presentable(text: str) -> str:
    """The text as it may be kept: without what may be a real NIK, and without what no database stores."""
    clean = "".join(char for char in text[:1000] if char == "\n" or char.isprintable())
    return LONG_NUMBER.sub(HIDDEN, clean)
