"""Where a clock of a class or a seat can be turned. Days only: the hour stays the real one."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from portal.cast import PEOPLE, Person
from portal.training.models import Classroom, Seat

PENSION_AGE = 56  # years; docs/aturan.md#klaim
LATEST = date(2099, 12, 31)
MOVES = (
    ("hari", "Sehari ke depan"),
    ("bulan", "Sebulan ke depan"),
    ("tanggal-15", "Ke tanggal 15 berikutnya"),
    ("akhir-tahun", "Ke akhir tahun"),
)


@dataclass(frozen=True)
class Birthday:
    """The day on which somebody of the cast reaches the pension age."""

    slug: str
    name: str
    day: date


def birthdays(made_on: date, today: date) -> list[Birthday]:
    """Those that are still to come, the nearest first, for people made on `made_on`."""
    found = [Birthday(person.slug, person.name, _pension_day(person, made_on)) for person in PEOPLE]
    return sorted((one for one in found if today < one.day <= LATEST), key=lambda one: one.day)


def day_after(move: str, today: date, born: list[Birthday]) -> date | None:
    """The day to which a move leads from `today`; None for a move that does not exist or leads too far.

    >>> day_after("tanggal-15", date(2026, 11, 15), [])
    datetime.date(2026, 12, 15)
    >>> day_after("bulan", date(2027, 1, 31), [])
    datetime.date(2027, 2, 28)
    """
    days = dict(_moves(today)) | {f"umur-{one.slug}": one.day for one in born}
    day = days.get(move)
    return day if day and day <= LATEST else None


def _moves(today: date) -> Iterator[tuple[str, date]]:
    yield "hari", today + timedelta(days=1)
    yield "bulan", _months_on(today, 1)
    yield "tanggal-15", today.replace(day=15) if today.day < 15 else _months_on(today, 1).replace(day=15)
    end = date(today.year, 12, 31)
    yield "akhir-tahun", end if today < end else date(today.year + 1, 12, 31)


def _months_on(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _pension_day(person: Person, made_on: date) -> date:
    born = person.birth_date(made_on)
    return _months_on(born, PENSION_AGE * 12)


def turn(whose: Classroom | Seat, move: str, today: date, made_on: date) -> bool:
    """Turn this clock; whether there was such a move. `kembali` takes back whatever was turned here."""
    if move == "kembali":
        ahead = 0
    elif day := day_after(move, today, birthdays(made_on, today)):
        ahead = whose.days_ahead + (day - today).days
    else:
        return False
    type(whose).objects.filter(pk=whose.pk).update(days_ahead=ahead)
    whose.days_ahead = ahead
    return True
