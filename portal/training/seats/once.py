"""A form that is sent twice, by a double tap or by loading the answer anew, does what it does once.

The form carries a hidden key. The same key with the same content leads to what it made the first time; with another
content it is another wish.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.utils.crypto import salted_hmac

from accounts import limits
from accounts.models import Attempt
from portal.training.models import LETTERS, Classroom, Seat

CODE_SALT = "portal.training.class"
SAT = "seat-form"


def fresh_key() -> str:
    return secrets.token_urlsafe(16)


def class_code(form_key: str, told: Iterable[object]) -> str:
    """The code of the class that this form makes: told by the form itself, so that nothing has to be remembered."""
    digest = salted_hmac(CODE_SALT, repr((form_key, *told)), algorithm="sha256").digest()
    return "".join(LETTERS[byte % len(LETTERS)] for byte in digest[:6])


def seat_of(classroom: Classroom, form_key: str, name: str, now: datetime) -> Seat | None:
    """The seat that this form has taken within the last hour."""
    keys = {limits.hide(f"once-{SAT}", _key(seat, form_key, name)): seat for seat in _taken(classroom)}
    known = Attempt.objects.filter(scope=f"once-{SAT}", key__in=keys, window_ends__gt=now)
    return keys.get(known.values_list("key", flat=True).first())


def keep(seat: Seat, form_key: str, name: str, now: datetime) -> None:
    limits.use_once(SAT, _key(seat, form_key, name), limits.HOUR, now)


def _taken(classroom: Classroom) -> Iterable[Seat]:
    return classroom.seats.filter(started_at__isnull=False)


def _key(seat: Seat, form_key: str, name: str) -> str:
    return f"{seat.pk} {form_key} {name}"
