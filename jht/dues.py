"""When a month's contribution is due, what is missing or came late, and the fine: plain values in, plain values out.

No Django, no clock, no database. Which days are holidays is told by the caller (jht.holidays_id), the due day and the
fine's percent come from the rules kept as data (Terms). Source: PP 46/2015; examples: docs/aturan.md#jatuh-tempo.
"""

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from jht.rules import add_months, round_rupiah

# How many months after the month itself its due day lies. Migrant workers (PMI) have no monthly due date in our
# sources, construction workers (Jakon) no savings.
MONTHS_AFTER = {"PU": 1, "BPU": 0}
FINED = ("PU",)  # the employer is fined; who pays alone is not
SATURDAY = 5

Holidays = Callable[[date], bool]


@dataclass(frozen=True)
class Terms:
    """The figures of the rules with the day each is valid from, in any order; before the first, the first counts.

    `due_days`: (valid from, day of the month). `fine_percents`: (valid from, percent of the amount due, a month).
    """

    due_days: tuple[tuple[date, int], ...]
    fine_percents: tuple[tuple[date, Decimal], ...]

    def due_day(self, on: date) -> int:
        return _valid_on(self.due_days, on)

    def fine_percent(self, on: date) -> Decimal:
        return _valid_on(self.fine_percents, on)


USUAL = Terms(due_days=((date(1977, 1, 1), 15),), fine_percents=((date(1977, 1, 1), Decimal(2)),))  # PP 46/2015


def _valid_on(figures: Iterable[tuple[date, int | Decimal]], on: date):
    rows = sorted(figures)
    return next((value for since, value in reversed(rows) if since <= on), rows[0][1])


# --- Due dates -----------------------------------------------------------------------------------------------


def next_working_day(day: date, is_holiday: Holidays) -> date:
    """This day, or the first one after it that is no Saturday, Sunday or public holiday.

    >>> next_working_day(date(2026, 8, 15), {date(2026, 8, 17)}.__contains__)
    datetime.date(2026, 8, 18)
    """
    while day.weekday() >= SATURDAY or is_holiday(day):
        day += timedelta(days=1)
    return day


def working_days_after(day: date, days: int, is_holiday: Holidays) -> date:
    """The last of so many working days, counted from the day after this one.

    >>> working_days_after(date(2026, 8, 13), 5, {date(2026, 8, 17)}.__contains__)  # Friday, then Tuesday to Friday
    datetime.date(2026, 8, 21)
    """
    for _ in range(days):
        day = next_working_day(day + timedelta(days=1), is_holiday)
    return day


def due_date(segment: str, month: date, terms: Terms, is_holiday: Holidays) -> date | None:
    """The last day on which this month's contribution is in time; None for a segment without a due date.

    >>> due_date("PU", date(2026, 10, 1), USUAL, frozenset().__contains__)  # 15 November 2026 is a Sunday
    datetime.date(2026, 11, 16)
    >>> due_date("BPU", date(2026, 10, 1), USUAL, frozenset().__contains__)
    datetime.date(2026, 10, 15)
    """
    return _due_dates(segment, terms, is_holiday)[month] if segment in MONTHS_AFTER else None


class _DueDates(dict[date, date]):
    """The due date of each month asked for, worked out once: a page asks for the same ones for every membership."""

    def __init__(self, segment: str, terms: Terms, is_holiday: Holidays) -> None:
        self.segment, self.terms, self.is_holiday = segment, terms, is_holiday

    def __missing__(self, month: date) -> date:
        paid_in = add_months(month, MONTHS_AFTER[self.segment])
        self[month] = next_working_day(_day_of(paid_in, self.terms.due_day(paid_in)), self.is_holiday)
        return self[month]


_due_dates = lru_cache(maxsize=64)(_DueDates)


def last_month_due(segment: str, on: date, terms: Terms, is_holiday: Holidays) -> date:
    """The latest month whose contribution should have been paid before `on`, as its first day.

    The due date itself is still in time. A segment without a due date is asked as BPU.

    >>> last_month_due("PU", date(2026, 11, 16), USUAL, frozenset().__contains__)
    datetime.date(2026, 9, 1)
    >>> last_month_due("PU", date(2026, 11, 17), USUAL, frozenset().__contains__)
    datetime.date(2026, 10, 1)
    """
    segment = segment if segment in MONTHS_AFTER else "BPU"
    month = add_months(on, -MONTHS_AFTER[segment])
    while due_date(segment, month, terms, is_holiday) >= on:
        month = add_months(month, -1)
    return month


def _day_of(month: date, day: int) -> date:
    """That day of the month, its last one where the month is shorter."""
    return month.replace(day=max(1, min(day, monthrange(month.year, month.month)[1])))


# --- The fine ------------------------------------------------------------------------------------------------


def months_late(due_on: date, paid_on: date) -> int:
    """How many months or parts of a month after its due date something was paid; 0 in time.

    A month of delay ends on the due date's day of the next month, or on its last day where it is shorter.

    >>> due = date(2026, 11, 16)
    >>> [months_late(due, date(*day)) for day in ((2026, 11, 16), (2026, 11, 17), (2026, 12, 16), (2026, 12, 17))]
    [0, 1, 1, 2]
    """
    months = max(0, (paid_on.year - due_on.year) * 12 + paid_on.month - due_on.month)
    return months + (paid_on > _day_of(add_months(due_on, months), due_on.day))


def fine(amount: int, percent: Decimal, months: int) -> int:
    """What that many months of delay cost the employer, in whole rupiah: a percent of the amount due for each.

    >>> fine(285_000, Decimal(2), 2)
    11400
    """
    return round_rupiah(amount * percent * months / 100)


# --- One membership ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Paid:
    """What was paid for one month: both shares in whole rupiah, and when."""

    amount: int
    paid_on: date


@dataclass(frozen=True)
class Due:
    """One month that is missing, or came late.

    `amount`: what was due in whole rupiah; for a missing month an estimate, None where no wage was ever reported.
    `paid_on`: None while it is missing. `late`: months or parts of a month after `due_on`, up to `paid_on` or the day
    asked for. `fine`: whole rupiah; None where the segment is not fined or the amount is unknown.
    """

    month: date
    due_on: date
    amount: int | None
    paid_on: date | None
    late: int
    percent: Decimal | None
    fine: int | None

    @property
    def is_missing(self) -> bool:
        return self.paid_on is None


@dataclass(frozen=True)
class Arrears:
    """What one membership lacks (`missing`) and what came too late (`late`), oldest first; sums in whole rupiah.

    `is_complete`: False when some missing month has no known amount, so that the sums say less than is owed.
    """

    missing: tuple[Due, ...] = ()
    late: tuple[Due, ...] = ()

    @property
    def owed(self) -> int:
        return sum(due.amount or 0 for due in self.missing)

    @property
    def fine(self) -> int:
        """For the missing months, so far."""
        return sum(due.fine or 0 for due in self.missing)

    @property
    def late_fine(self) -> int:
        """For the months that were paid in the end, but late."""
        return sum(due.fine or 0 for due in self.late)

    @property
    def is_complete(self) -> bool:
        return all(due.amount is not None for due in self.missing)

    def __bool__(self) -> bool:
        return bool(self.missing or self.late)


def arrears(
    segment: str,
    start: date,
    end: date | None,
    paid: Mapping[date, Paid],
    on: date,
    terms: Terms,
    is_holiday: Holidays,
) -> Arrears:
    """Every month of the membership that was due before `on` and is missing, gaps in the middle included, and every
    month that was paid after its due date. `paid`: by month, as known on `on`.
    """
    if segment not in MONTHS_AFTER:
        return Arrears()
    last = last_expected(segment, end, on, terms, is_holiday)
    missing, late = [], []
    months = sorted({*months_between(start.replace(day=1), last), *paid})
    known = paid[min(paid)].amount if paid else None
    due_dates = _due_dates(segment, terms, is_holiday)
    for month in months:
        payment, due_on = paid.get(month), due_dates[month]
        if payment:
            known = payment.amount
            if payment.paid_on <= due_on:
                continue
        delay = months_late(due_on, payment.paid_on if payment else on)
        if not delay:
            continue
        percent = terms.fine_percent(due_on) if segment in FINED else None
        owes = None if percent is None or known is None else fine(known, percent, delay)
        row = Due(month, due_on, known, payment.paid_on if payment else None, delay, percent, owes)
        (late if payment else missing).append(row)
    return Arrears(tuple(missing), tuple(late))


def last_expected(segment: str, end: date | None, on: date, terms: Terms, is_holiday: Holidays) -> date:
    """The last month that should have been paid before `on` for a membership that ends, or does not."""
    last = last_month_due(segment, on, terms, is_holiday)
    return min(last, end.replace(day=1)) if end else last


def months_between(first: date, last: date) -> Iterator[date]:
    """The first days of all months from `first` to `last`; none when it is later."""
    while first <= last:
        yield first
        first = add_months(first, 1)


def count_months(first: date, last: date) -> int:
    """How many months `months_between` gives.

    >>> count_months(date(2025, 11, 1), date(2026, 2, 1)), count_months(date(2026, 2, 1), date(2026, 1, 1))
    (4, 0)
    """
    return max(0, (last.year - first.year) * 12 + last.month - first.month + 1)


@dataclass(frozen=True)
class Behind:
    """Missing months in short: how many before the last one paid, and the stretch after it (None: nothing)."""

    earlier: int
    first: date | None
    last: date | None

    def __bool__(self) -> bool:
        return bool(self.earlier or self.first)


def behind(start: date, last: date, last_paid: date | None, paid: int) -> Behind:
    """The same question as `arrears`, answered from two figures, as on a page asked for all the time.

    `last`: last_expected(). `last_paid`: the latest month paid, whichever. `paid`: how many months were paid from
    the membership's first month to `last`.

    >>> behind(date(2026, 1, 9), date(2026, 9, 1), date(2026, 7, 1), 5)
    Behind(earlier=2, first=datetime.date(2026, 8, 1), last=datetime.date(2026, 9, 1))
    """
    begin = start.replace(day=1)
    tail = max(begin, add_months(last_paid, 1)) if last_paid else begin
    unpaid = count_months(begin, last) - paid
    after = count_months(tail, last)
    return Behind(max(0, unpaid - after), tail if after else None, last if after else None)


def stretches(months: Iterable[date]) -> list[tuple[date, date]]:
    """Months in order as stretches without a gap: (first, last).

    >>> stretches([date(2026, 1, 1), date(2026, 2, 1), date(2026, 5, 1)])[1]
    (datetime.date(2026, 5, 1), datetime.date(2026, 5, 1))
    """
    found: list[tuple[date, date]] = []
    for month in months:
        if found and add_months(found[-1][1], 1) == month:
            found[-1] = (found[-1][0], month)
        else:
            found.append((month, month))
    return found
