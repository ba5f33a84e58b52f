"""How a mail or a text comes through. Always at once, but in a training room somebody may disturb it on purpose."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Arrival:
    """`copies`: how often it arrives, 0 for never; `delay`: how much later."""

    copies: int = 1
    delay: timedelta = timedelta()


def of_mail(to: str, inbox_key: str, ordinary: Arrival) -> Arrival:
    """A mail to this address, which the browser with this key may read."""
    return import_string(settings.ACCOUNTS_MAIL_ARRIVES)(to, inbox_key, ordinary) if settings.DEMO else ordinary


def of_text(phone: str, ordinary: Arrival) -> Arrival:
    """A text to this phone."""
    return import_string(settings.ACCOUNTS_TEXT_ARRIVES)(phone, ordinary) if settings.DEMO else ordinary
