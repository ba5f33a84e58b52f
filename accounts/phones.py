"""Numbers of invented phones: how they are written, which ones a browser owns, which ones misbehave.

Every number begins with 0849, which no operator is known to have (docs/aturan.md#nomor-telepon).
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

TRAINING_PREFIX = "0849"
PATTERN = re.compile(r"0849[0-9]{5,9}")


@dataclass(frozen=True)
class Behaviour:
    """What texts to a number with this ending do. Printed in the handbook; read here and nowhere else.

    `copies`: how often a text arrives; `delay`: how much later.
    """

    ending: str
    label: str
    copies: int = 1
    delay: timedelta = timedelta()


ORDINARY = Behaviour("", "menerima seperti biasa")
BEHAVIOURS = (
    Behaviour("901", "tidak pernah menerima SMS", copies=0),
    Behaviour("902", "menerima SMS dua menit terlambat", delay=timedelta(minutes=2)),
    Behaviour("903", "menerima setiap SMS dua kali", copies=2),
)
STEM = len(TRAINING_PREFIX) + 6  # digits that all phones of a browser share
ENDINGS = ("001", "002", *(behaviour.ending for behaviour in BEHAVIOURS))


@dataclass(frozen=True)
class Phone:
    """One invented phone of a browser."""

    number: str
    behaviour: Behaviour


def normal(number: str) -> str:
    """The number as we keep it, 08…: without blanks, dashes or the country's code. Judges nothing.

    >>> normal("+62 849-1234-5678"), normal("0062849123"), normal("0849 111")
    ('084912345678', '0849123', '0849111')
    """
    digits = re.sub(r"[ ().-]", "", number)
    return re.sub(r"^(\+62|0062|62)", "0", digits)


def is_training(number: str) -> bool:
    """Whether this is a number of an invented phone."""
    return PATTERN.fullmatch(number) is not None


def behaviour_of(number: str) -> Behaviour:
    """How texts to this number behave."""
    return next((one for one in BEHAVIOURS if number.endswith(one.ending)), ORDINARY)


def phones_of(key: str) -> list[Phone]:
    """The phones of the browser with this inbox key, always the same; nobody can tell whose a number is."""
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"accounts.phones:{key}".encode(), hashlib.sha256)
    middle = f"{int.from_bytes(digest[:8], 'big') % 10**6:06d}"
    numbers = (f"{TRAINING_PREFIX}{middle}{ending}" for ending in ENDINGS)
    return [Phone(number, behaviour_of(number)) for number in numbers]


def shown(number: str) -> str:
    """The number in groups, for reading aloud.

    >>> shown("0849123456001")
    '0849-1234-56001'
    """
    return f"{number[:4]}-{number[4:8]}-{number[8:]}"
