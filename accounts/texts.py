"""Every text is a row first, like every mail (accounts/outbox.py). What delivers them, if anything, is the gateway."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.arrivals import Arrival, of_text
from accounts.models import TextMessage
from accounts.phones import behaviour_of

MARK = "SIMULASI. "  # every text of ours begins with it


def send_text(phone: str, text: str, at: datetime, code: str = "") -> None:
    """A text to a phone, with the simulation mark; the number decides whether, when and how often it arrives."""
    behaviour = behaviour_of(phone)
    arrival = of_text(phone, Arrival(behaviour.copies, behaviour.delay))
    goes_out = bool(settings.SMS_URL)
    state = TextMessage.State.PENDING if goes_out else TextMessage.State.CAPTURED
    due = min(at, timezone.now())  # a class may have turned its clock ahead; the gateway has the real one
    row = {
        "phone": phone,
        "direction": TextMessage.Direction.OUT,
        "text": text if text.startswith(MARK) else MARK + text,
        "code": code,
        "arrives_at": at + arrival.delay,
        "state": state if arrival.copies else TextMessage.State.LOST,
        "next_try_at": due + arrival.delay if goes_out and arrival.copies else None,
    }
    TextMessage.objects.bulk_create(TextMessage(**row) for _ in range(max(1, arrival.copies)))
    if goes_out:
        from accounts import gateway

        transaction.on_commit(gateway.wake)


def send_code(phone: str, code: str, at: datetime) -> None:
    """The six digits that prove a phone."""
    send_text(
        phone, f"Kode verifikasi Anda {code}. Berlaku 15 menit. Jangan berikan kepada siapa pun, termasuk petugas.",
        at, code,
    )  # fmt: skip
