"""How savings would grow: the ledger's own arithmetic over payments that have not happened.

No Django, no clock, no database, and no second formula: jht.rules does the sums (docs/aturan.md#simulasi-tabungan).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jht.rules import Movement, Rates, YearLine, add_months, growth, round_sen, statement


@dataclass(frozen=True)
class Plan:
    """What is supposed: `monthly` rupiah paid on the first day of every month from `start`'s on, for `years` years.

    `percent`: the return of every year. `opening`: rupiah that are there when it begins.
    """

    monthly: int
    years: int
    percent: Decimal
    start: date
    opening: Decimal = Decimal(0)


@dataclass(frozen=True)
class Month:
    """One month of a projection, in rupiah: what is paid, what the month earns, what is there when it is over."""

    month: date
    contribution: Decimal
    earned: Decimal
    balance: Decimal


@dataclass(frozen=True)
class Year:
    """One calendar year of a projection, in rupiah and sen: opening + contributions + returns = closing."""

    year: int
    opening: Decimal
    contributions: Decimal
    returns: Decimal
    closing: Decimal
    months: tuple[Month, ...]


@dataclass(frozen=True)
class Projection:
    """A plan carried out. `months` paid months; `until` is the day that is shown."""

    plan: Plan
    years: tuple[Year, ...]
    until: date

    @property
    def months(self) -> int:
        return self.plan.years * 12

    @property
    def contributions(self) -> Decimal:
        return sum((year.contributions for year in self.years), Decimal(0))

    @property
    def returns(self) -> Decimal:
        return sum((year.returns for year in self.years), Decimal(0))

    @property
    def final(self) -> Decimal:
        return self.years[-1].closing


def project(plan: Plan) -> Projection:
    """The years of a plan, up to the end of its last month.

    What is there at the start earns from that month on, like a contribution. Source: the published example, wage
    5,000,000, five years, 5 % (docs/aturan.md#hasil-pengembangan):

    >>> projection = project(Plan(285_000, 5, Decimal(5), date(2026, 1, 1)))
    >>> projection.contributions, projection.returns, projection.final
    (Decimal('17100000'), Decimal('2309470.47'), Decimal('19409470.47'))
    """
    after = add_months(plan.start, plan.years * 12)  # the first day on which the last month is complete
    until = date(after.year - 1, 12, 31) if after.month == 1 else after
    movements = [
        Movement(add_months(plan.start, month), "contribution", Decimal(plan.monthly))
        for month in range(plan.years * 12)
    ]
    if plan.opening:
        movements.append(Movement(add_months(plan.start, 0), "correction", plan.opening))
    rates = Rates(dict.fromkeys(range(plan.start.year, until.year + 1), plan.percent))
    lines = statement(movements, rates, until)
    return Projection(plan, tuple(_year(line, plan.percent) for line in lines), until)


def _year(line: YearLine, percent: Decimal) -> Year:
    return Year(
        year=line.year,
        opening=line.opening + line.corrections,
        contributions=line.contributions,
        returns=line.returns,
        closing=line.closing,
        months=tuple(_months(line, percent)),
    )


def _months(line: YearLine, percent: Decimal) -> list[Month]:
    """The year's return as it grows: after each month what the formula says for so many complete months."""
    months, paid, earned = [], line.opening + line.corrections, Decimal(0)
    for movement in line.movements:
        if movement.kind != "contribution":
            continue
        paid += movement.amount
        so_far = round_sen(growth(line.opening, line.movements, percent, movement.date.month))
        months.append(Month(movement.date, movement.amount, so_far - earned, paid + so_far))
        earned = so_far
    return months
