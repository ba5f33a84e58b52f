"""The sums of the ledger: what moved, and what that makes of every balance.

Plain SQL on purpose. Lihat Saldo JHT asks these two questions on every visit, and having the ORM build them anew
each time cost more than all the rest of the page (docs/decisions/0006-hot-sql.md). They run unchanged on both engines.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from django.db import connection

from jht.dues import USUAL, Terms
from jht.rules import Movement, Rates, YearLine, round_sen, statement

MOVEMENTS = """
    SELECT membership_id, NULL, '', NULL, SUM(amount) FROM jht_entry WHERE "date" <= %s {scope} GROUP BY 1
    UNION ALL
    SELECT membership_id, "date", kind, percent, SUM(amount)
    FROM jht_entry WHERE "date" > %s AND "date" <= %s {scope} GROUP BY 1, 2, 3, 4
"""
RATES = "SELECT year, percent, credited_on IS NOT NULL FROM jht_rate"  # SQLite parses days one by one
TERMS = """
    SELECT 'rate', year, NULL, percent, credited_on IS NOT NULL FROM jht_rate UNION ALL
    SELECT kind, 0, valid_from, value, FALSE FROM jht_figure WHERE kind IN ('due_day', 'fine_percent')
"""
POST = """
    INSERT INTO jht_entry
        (membership_id, "date", kind, amount, reason, contribution_id, "key", recorded_at, recorded_by_id)
    SELECT membership_id, paid_on, 'contribution', employer_share + worker_share, '', id, 'contribution:' || id, %s, %s
    FROM jht_contribution WHERE id IN ({marks}) ORDER BY id
"""
AT_ONCE = 5_000  # contributions posted by one statement; SQLite takes some 30,000 values
Membership = int  # the key of a row of jht_membership


def rates() -> Rates:
    """All rates and the last credited year. One query."""
    rows = _rows(RATES)
    return Rates(
        percents={year: _percent(percent) for year, percent, _ in rows},
        last_credited=max((year for year, _, credited in rows if credited), default=0),
    )


def rates_and_terms() -> tuple[Rates, Terms]:
    """The same, and when contributions are due and what being late costs. One query."""
    percents, credited_years, figures = {}, [0], {"due_day": [], "fine_percent": []}
    for kind, year, since, value, credited in _rows(TERMS):
        if kind == "rate":
            percents[year] = _percent(value)
            credited_years += [year] if credited else []
        else:
            figures[kind].append((_date(since), _decimal(value)))
    days = tuple((since, int(value)) for since, value in figures["due_day"])
    return Rates(percents, max(credited_years)), Terms(
        days or USUAL.due_days, tuple(figures["fine_percent"]) or USUAL.fine_percents
    )


def movements(
    on: date, *, memberships: Iterable[Membership] | None = None, closed_until: int = 0
) -> dict[Membership, tuple[Decimal, list[Movement]]]:
    """For each membership (None: all): the balance at the end of `closed_until` and what moved since, up to `on`.

    One query, and for each membership one row for the closed years and one for each later day, kind and percent.
    """
    last_day = date(max(closed_until, 1), 12, 31).isoformat()
    scope, keys = _scope(memberships)
    found: dict[Membership, tuple[Decimal, list[Movement]]] = {}
    for membership, day, kind, percent, amount in _rows(
        MOVEMENTS.format(scope=scope), min(last_day, on.isoformat()), *keys, last_day, on.isoformat(), *keys
    ):
        opening, moved = found.get(membership) or (Decimal(0), [])
        if day is None:
            opening = _decimal(amount)
        else:
            settled_at = None if percent is None else _percent(percent)
            moved.append(Movement(_date(day), kind, _decimal(amount), settled_at))
        found[membership] = (opening, moved)
    return found


def lines(rates: Rates, on: date, memberships: Iterable[Membership] | None = None) -> dict[Membership, list[YearLine]]:
    """For each membership with entries: the years not yet credited, up to `on`. One query."""
    closed_until = rates.closed_until(on)
    moved = movements(on, memberships=memberships, closed_until=closed_until)
    return {
        membership: statement(rows, rates, on, opening=opening, closed_until=closed_until)
        for membership, (opening, rows) in moved.items()
    }


def balances(rates: Rates, on: date, memberships: Iterable[Membership] | None = None) -> dict[Membership, Decimal]:
    """For each membership with entries: its balance on this day, in rupiah and sen. One query."""
    return {membership: years[-1].closing for membership, years in lines(rates, on, memberships).items()}


def post_contributions(keys: Sequence[int], at: datetime, by: int | None) -> None:
    """One entry for each of these contributions, as they stand in the database. In the transaction that wrote them."""
    moment = connection.ops.adapt_datetimefield_value(at)
    with connection.cursor() as cursor:
        for start in range(0, len(keys), AT_ONCE):
            part = keys[start : start + AT_ONCE]
            cursor.execute(POST.format(marks=", ".join(["%s"] * len(part))), [moment, by, *part])


def _scope(memberships: Iterable[Membership] | None) -> tuple[str, list[Membership]]:
    if memberships is None:
        return "", []
    keys = list(memberships)
    marks = ", ".join(["%s"] * len(keys)) or "NULL"
    return f"AND membership_id IN ({marks})", keys


def _rows(sql: str, *params) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _date(value: date | str) -> date:
    """SQLite keeps days as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _decimal(value: Decimal | float) -> Decimal:
    """SQLite adds in binary floating point, whose error over any number of entries here stays far below half a sen."""
    return round_sen(Decimal(value))


_percent = lru_cache(256)(_decimal)  # the same few of forty years, on every visit
