"""Ledgers as the desk makes them, for property tests: entries of some years in the order in which they were posted."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from jht.rules import Movement, Rates, YearLine, months_complete, statement

FIRST, ON = 2021, date(2024, 8, 20)
SIX = Rates({year: Decimal(6) for year in range(FIRST, 2031)})


@dataclass
class History:
    """`movements`: in the order in which they were posted; `on`: the last day they reach."""

    movements: list[Movement]
    rates: Rates
    on: date = ON
    closed_until: int = 0

    @property
    def lines(self) -> list[YearLine]:
        return statement(self.movements, self.rates, self.on, closed_until=self.closed_until)


days = st.dates(date(FIRST, 1, 1), ON)
sen = st.integers(1, 10**11).map(lambda amount: Decimal(amount) / 100)
percents = st.integers(0, 1500).map(lambda hundredths: Decimal(hundredths) / 100)
steps = st.one_of(
    st.tuples(st.just("contribution"), days, sen),
    st.tuples(st.just("correction"), days, sen),
    st.tuples(st.just("transfer"), days, sen),
    st.tuples(st.just("withdrawal"), days, st.integers(1, 100).map(lambda share: Decimal(share) / 100)),
)


def _settle(history: History, day: date) -> None:
    """What jht.actions does before money goes out: book the return so far, at the rate known that day."""
    for line in statement(history.movements, history.rates, day):
        if line.accrued_return:
            booked = min(date(line.year, 12, 31), day)
            percent = history.rates.of(line.year).percent
            history.movements.append(Movement(booked, "return", line.accrued_return, percent))


@st.composite
def histories(draw) -> History:
    """Contributions, corrections, transfers in, and payments of a share of what is there; some years then credited."""
    history = History([], Rates({year: draw(percents) for year in range(FIRST, ON.year + 1)}))
    for kind, day, amount in sorted(draw(st.lists(steps, min_size=1, max_size=14)), key=lambda step: step[1]):
        if kind != "withdrawal":
            history.movements.append(Movement(day, kind, amount))
            continue
        _settle(history, day)
        gone = (sum((row.amount for row in history.movements), Decimal(0)) * amount).quantize(Decimal("0.01"))
        if gone > 0:
            history.movements.append(Movement(day, "withdrawal", -gone))
    known = {**history.rates.percents, ON.year: draw(percents)}  # the open year's rate may still change
    history.rates = Rates(known)
    if draw(st.booleans()):
        history.closed_until = ON.year - 1
        history.rates = Rates(known, history.closed_until)
        for line in statement(history.movements, history.rates, date(ON.year - 1, 12, 31)):
            if line.accrued_return:
                history.movements.append(Movement(date(line.year, 12, 31), "return", line.accrued_return))
    assert months_complete(ON) == 7
    return history
