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
shares = st.one_of(st.integers(1, 100).map(lambda share: Decimal(share) / 100), st.just(Decimal(1)))
percents = st.integers(0, 1500).map(lambda hundredths: Decimal(hundredths) / 100)
steps = st.one_of(
    st.tuples(st.just("contribution"), days, sen),
    st.tuples(st.just("correction"), days, sen),
    st.tuples(st.just("transfer"), days, sen),
    st.tuples(st.just("withdrawal"), days, shares),
    st.tuples(st.just("taken back"), days, shares),  # a correction of a share of the balance
    st.tuples(st.just("cancelled"), days, st.just(Decimal(0))),  # the first contribution, as of the day of its payment
)


def settle(history: History, day: date) -> None:
    """What jht.actions does before money goes out: book the return so far, at the rate known that day."""
    for line in statement(history.movements, history.rates, day):
        if line.accrued_return:
            booked = min(date(line.year, 12, 31), day)
            percent = history.rates.of(line.year).percent
            history.movements.append(Movement(booked, "return", line.accrued_return, percent))


def balance(history: History, day: date) -> Decimal:
    return statement(history.movements, history.rates, day)[-1].closing


def pay_out(history: History, day: date, share: Decimal = Decimal(1)) -> None:
    """A share of what is there, the return so far included."""
    settle(history, day)
    gone = (balance(history, day) * share).quantize(Decimal("0.01"))
    if gone > 0:
        history.movements.append(Movement(day, "withdrawal", -gone))


def posted(walk: list[tuple[str, date, Decimal]], rates: Rates) -> History:
    """What the desk makes of these steps, day by day; what would make a balance negative, it refuses."""
    history = History([], rates)
    for kind, day, amount in sorted(walk, key=lambda step: step[1]):
        if kind == "settled":
            settle(history, day)
        elif kind == "withdrawal":
            pay_out(history, day, amount)
        elif kind == "taken back":
            taken = (max(balance(history, day), Decimal(0)) * amount).quantize(Decimal("0.01"))
            history.movements += [Movement(day, "correction", -taken)] if taken else []
        elif kind == "cancelled":
            paid = [row for row in history.movements if row.kind == "contribution"][:1]
            wrong = [Movement(row.date, "correction", -row.amount) for row in paid]
            if wrong and wrong[0] not in history.movements and balance(history, day) + wrong[0].amount >= 0:
                history.movements += wrong
        else:
            history.movements.append(Movement(day, kind, amount))
    return history


walks = st.lists(steps, min_size=1, max_size=14)
year_rates = st.builds(lambda values: Rates(dict(zip(range(FIRST, ON.year + 1), values, strict=True))),
                       st.lists(percents, min_size=ON.year - FIRST + 1, max_size=ON.year - FIRST + 1))  # fmt: skip


@st.composite
def histories(draw) -> History:
    """Contributions, transfers in, what was wrong taken back, payments of a share; some years then credited."""
    history = posted(draw(walks), draw(year_rates))
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
