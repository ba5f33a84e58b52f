"""The programme's arithmetic on plain values: no Django, no clock, no database.

Every rule names its source; docs/aturan.md carries the worked examples.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

SEN = Decimal("0.01")
WORKER_RATE = Decimal("0.02")  # PP 46/2015 Pasal 16: worker's share of the reported wage
EMPLOYER_RATE = Decimal("0.037")  # PP 46/2015 Pasal 16: employer's share


# --- Money ---------------------------------------------------------------------------------------------------


def round_rupiah(amount: Decimal) -> int:
    """Whole rupiah, half away from zero.

    >>> round_rupiah(Decimal("2500.5"))
    2501
    """
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def round_sen(amount: Decimal) -> Decimal:
    """Rupiah with two places, half away from zero."""
    return amount.quantize(SEN, ROUND_HALF_UP)


def split_contribution(wage: int) -> tuple[int, int]:
    """Employer and worker share of a wage earner's (PU) month, in whole rupiah.

    Source: PP 46/2015 Pasal 16, 3,7 % + 2 %, no wage cap (docs/aturan.md#iuran-pu).

    >>> split_contribution(5_000_000)
    (185000, 100000)
    """
    return round_rupiah(wage * EMPLOYER_RATE), round_rupiah(wage * WORKER_RATE)


def bpu_contribution(income: int, bands: Iterable[tuple[int | None, int]]) -> int:
    """What a self-employed member (BPU) with this declared monthly income pays, in whole rupiah.

    `bands`: (upper end of the income or None for all above, contribution a month), lowest first; they are data,
    Figure.objects.bpu_bands(on) (docs/aturan.md#iuran-bpu). LookupError where no band takes this income.

    >>> bands = [(1_099_000, 20_000), (1_299_000, 24_000), (None, 414_000)]
    >>> bpu_contribution(1_099_000, bands), bpu_contribution(1_099_001, bands), bpu_contribution(30_000_000, bands)
    (20000, 24000, 414000)
    """
    for upper, amount in bands:
        if upper is None or income <= upper:
            return amount
    raise LookupError(f"no BPU band for an income of {income}")


# --- The yearly return ---------------------------------------------------------------------------------------


KINDS = ("contribution", "return", "withdrawal", "correction", "transfer")  # Entry.Kind's values


@dataclass(frozen=True)
class Movement:
    """What moved one membership's balance on one day, in rupiah: in is positive, out is negative.

    `kind` is one of KINDS; earns_from() says how each counts. `percent` stands on return that was settled before the
    year's end, because money went out: on a "return", the months up to that day keep this percent whatever the
    year's rate becomes; on a "transfer", the amount is another membership's return of this year.
    """

    date: date
    kind: str
    amount: Decimal
    percent: Decimal | None = None

    @property
    def is_return(self) -> bool:
        """Whether this is return of its own year, which earns nothing before the next one."""
        return self.kind == "return" or (self.kind == "transfer" and self.percent is not None)


def months_complete(day: date) -> int:
    """How many months of `day`'s year are over: December counts from its last day, when the year is closed.

    >>> months_complete(date(2026, 1, 31)), months_complete(date(2026, 3, 1)), months_complete(date(2026, 12, 31))
    (0, 2, 12)
    """
    return 12 if (day.month, day.day) == (12, 31) else day.month - 1


def earns_from(movement: Movement) -> int:
    """After how many complete months of its year a movement begins to earn (or, going out, stops earning).

    A contribution earns for the whole month in which it is paid: that is the (13 - m) of the formula. A correction
    counts like one, so that what takes a contribution back takes back its return too.
    """
    counts_at_once = movement.kind in ("contribution", "correction")
    return movement.date.month - 1 if counts_at_once else months_complete(movement.date)


def earning_parts(opening: Decimal, movements: Iterable[Movement]) -> list[tuple[Movement, int, Decimal]]:
    """What each of one year's movements adds to the sum that earns: (movement, complete months before, rupiah).

    Return of the year itself does not earn. After money went out, no more than what is left earns, and no less than
    nothing: so it is taken from such return first, and where the return or a correction was negative, a payment of
    everything still leaves nothing that earns. Splitting a year never changes its return.
    """
    added, earns = [], opening
    for movement, balance in _in_order(opening, movements):
        if movement.is_return:
            continue
        amount = min(max(earns, Decimal(0)), balance) - earns if _goes_out(movement) else movement.amount
        earns += amount
        added.append((movement, earns_from(movement), amount))
    return added


def _goes_out(movement: Movement) -> bool:
    """Whether this is money paid out or moved to another membership."""
    return movement.amount < 0 and movement.kind in ("withdrawal", "transfer") and not movement.is_return


def _in_order(opening: Decimal, movements: Iterable[Movement]) -> Iterator[tuple[Movement, Decimal]]:
    """The movements by day, what goes out after all else of its day; each with the balance after it."""
    balance = opening
    for movement in sorted(movements, key=lambda row: (row.date, _goes_out(row))):
        balance += movement.amount
        yield movement, balance


def earning(opening: Decimal, movements: Iterable[Movement]) -> Decimal:
    """Of the balance after one year's movements, what earns from then on, in rupiah; the rest is the year's return."""
    return opening + sum(amount for _, _, amount in earning_parts(opening, movements))


@dataclass(frozen=True)
class Stretch:
    """Months of one year that earn at one percent, after `begin` and up to `end` complete months.

    `parts`: (what moved, None for the opening balance; the rupiah that earn; for how many months of the stretch).
    `settled`: the percent stands for good, whatever the year's rate becomes.
    """

    begin: int
    end: int
    percent: Decimal
    settled: bool
    parts: tuple[tuple[Movement | None, Decimal, int], ...]

    def of(self, amount: Decimal, months: int = 1) -> Decimal:
        """What so much money earns in so many of these months: unrounded, in rupiah."""
        return amount * months * self.percent / 1200

    @property
    def earned(self) -> Decimal:
        """What all parts earn together: unrounded, in rupiah."""
        return self.of(sum((amount * months for _, amount, months in self.parts), Decimal(0)))


def stretches(opening: Decimal, movements: Sequence[Movement], percent: Decimal, months: int) -> list[Stretch]:
    """The first `months` complete months of a calendar year, split where their return was settled."""
    added = earning_parts(opening, movements)
    found, begin = [], 0
    for end, rate, settled in [*_settlements(opening, movements), (months, percent, False)]:
        end = min(end, months)
        if end > begin:
            parts: list[tuple[Movement | None, Decimal, int]] = [(None, opening, end - begin)]
            parts += [(row, amount, max(0, end - max(begin, earns_after))) for row, earns_after, amount in added]
            found.append(Stretch(begin, end, rate, settled, tuple(parts)))
            begin = end
    return found


def _settlements(opening: Decimal, movements: Iterable[Movement]) -> list[tuple[int, Decimal, bool]]:
    """After how many complete months the return was settled, and at which percent, as `stretches` wants it.

    Less than half a sen is settled without a row: once all was paid, no later percent makes more of those months.
    """
    found, is_plain = [], True
    for row, balance in _in_order(opening, movements):
        if row.kind == "return":
            is_plain = is_plain and row.percent is not None
            found += [(months_complete(row.date), row.percent, True)] if row.percent is not None else []
        elif is_plain and not balance and _goes_out(row):
            found.append((months_complete(row.date), Decimal(0), True))
    return sorted(found, key=lambda row: row[0])  # of two of one day, the first that was booked


def growth(opening: Decimal, movements: Sequence[Movement], percent: Decimal, months: int) -> Decimal:
    """Return of one calendar year after `months` complete months, unrounded, in rupiah.

    At the year's end: opening x r + sum of contribution_m x r x (13 - m) / 12. Months that were settled keep the
    percent of that day. Source: reproduces the official app's own published simulation
    (docs/aturan.md#hasil-pengembangan).

    >>> year = [Movement(date(2026, month, 1), "contribution", Decimal(285_000)) for month in range(1, 13)]
    >>> growth(Decimal(0), year, Decimal(5), 12)
    Decimal('92625')
    """
    return sum((stretch.earned for stretch in stretches(opening, movements, percent, months)), Decimal(0))


@dataclass(frozen=True)
class YearRate:
    """The return of one year in percent. `estimated`: the year has none of its own, so an earlier year's counts."""

    year: int
    percent: Decimal
    estimated: bool = False


@dataclass(frozen=True)
class Rates:
    """The returns in percent by year, and the last year whose return stands in the ledger (0: none yet)."""

    percents: Mapping[int, Decimal]
    last_credited: int = 0

    def of(self, year: int) -> YearRate:
        """The year's own rate, else the latest earlier one as an estimate, else 0 %."""
        if year in self.percents:
            return YearRate(year, self.percents[year])
        earlier = [known for known in self.percents if known < year]
        return YearRate(year, self.percents[max(earlier)] if earlier else Decimal(0), estimated=True)

    def closed_until(self, on: date) -> int:
        """The last credited year that is over on this day; its closing balance holds its whole return."""
        last_over = on.year if (on.month, on.day) == (12, 31) else on.year - 1
        return min(self.last_credited, last_over)


@dataclass(frozen=True)
class YearLine:
    """One year of a statement, in rupiah with two places: opening + the five sums = closing."""

    year: int
    opening: Decimal
    contributions: Decimal
    booked_return: Decimal
    accrued_return: Decimal  # what the year has earned and nobody has booked yet
    withdrawals: Decimal
    corrections: Decimal
    transfers: Decimal  # to and from other memberships of the same person
    movements: tuple[Movement, ...]

    @property
    def returns(self) -> Decimal:
        return self.booked_return + self.accrued_return

    @property
    def closing(self) -> Decimal:
        return self.opening + self.contributions + self.returns + self.withdrawals + self.corrections + self.transfers


def statement(
    movements: Sequence[Movement],
    rates: Rates,
    on: date,
    *,
    opening: Decimal = Decimal(0),
    closed_until: int = 0,
) -> list[YearLine]:
    """The years from the first movement to `on`, oldest first; their order and each day's order do not matter.

    `opening` is the balance before the first movement. Years up to `closed_until` have their return booked;
    later ones earn what the formula says, rounded to the sen once a year as it would be booked.
    """
    by_year: dict[int, list[Movement]] = {}
    for movement in movements:
        if movement.date <= on:
            by_year.setdefault(movement.date.year, []).append(movement)
    first = min(by_year, default=on.year)
    if opening:
        first = min(first, closed_until + 1)
    lines = []
    for year in range(first, on.year + 1):
        rows = sorted(by_year.get(year, []), key=lambda row: (row.date, row.kind, row.amount, row.percent or 0))
        sums = dict.fromkeys(KINDS, Decimal(0))
        for row in rows:
            sums[row.kind] += row.amount
        accrued = Decimal(0)
        if year > closed_until:
            months = months_complete(on) if year == on.year else 12
            accrued = round_sen(growth(opening, rows, rates.of(year).percent, months)) - sums["return"]
        line = YearLine(
            year=year,
            opening=opening,
            contributions=sums["contribution"],
            booked_return=sums["return"],
            accrued_return=accrued,
            withdrawals=sums["withdrawal"],
            corrections=sums["correction"],
            transfers=sums["transfer"],
            movements=tuple(rows),
        )
        lines.append(line)
        opening = line.closing
    return lines


# --- Months --------------------------------------------------------------------------------------------------


def add_months(month: date, months: int) -> date:
    """The first day of the month that lies `months` after `month`'s.

    >>> add_months(date(2026, 11, 15), 2)
    datetime.date(2027, 1, 1)
    """
    index = month.year * 12 + month.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)
