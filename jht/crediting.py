"""One year's return for all memberships in a few statements: the formula of jht.rules in the database's own arithmetic.

Exact to the sen on both engines: PostgreSQL calculates in numeric, SQLite in whole sen, never in floating point.
Only years without a settlement are that plain; whoever took money out or moved it within the year is named instead,
and goes through jht.rules one by one. That both ways book the same is a property test (tests/jht/test_crediting.py).
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import connection

# Every membership's year: what earns times the months it earns (jht/rules.py: earns_from), what of it is booked
# already, in how many entries, and whether there is anything that only jht/rules.py can judge.
SUMS = """
    CREATE TEMPORARY TABLE jht_year AS
    SELECT membership_id,
           COALESCE(SUM({amount} * CASE WHEN "date" < {first} THEN 12 ELSE 13 - {month} END)
               FILTER (WHERE kind <> 'return' OR "date" < {first}), 0) AS earning,
           COALESCE(SUM({amount}) FILTER (WHERE kind = 'return' AND "date" >= {first}), 0) AS booked,
           COUNT(*) FILTER (WHERE kind = 'return' AND "date" >= {first}) AS returns,
           COUNT(*) FILTER (
               WHERE "date" >= {first} AND (kind IN ('withdrawal', 'transfer') OR percent IS NOT NULL)
           ) AS special
    FROM jht_entry WHERE "date" <= {last} GROUP BY membership_id
"""
INSERT = """
    INSERT INTO jht_entry (membership_id, "date", kind, amount, reason, "key", recorded_at, recorded_by_id)
    SELECT membership_id, {last}, 'return', {rupiah}, {reason},
           'return:' || membership_id || ':{year}:' || (returns + 1), {at}, {by}
    FROM (SELECT membership_id, returns, {earned} - booked AS due FROM jht_year WHERE {plain}) AS earned
    WHERE due <> 0 ORDER BY membership_id
"""
# `hundredths` is the rate in hundredths of a percent; 1/1200 of a percent-month is then 1/120000.
SQLITE = {
    "amount": "CAST(ROUND(amount * 100) AS INTEGER)",  # sen; a double tells any 15 digits apart
    "month": 'CAST(SUBSTR("date", 6, 2) AS INTEGER)',
    "earned": "CASE WHEN earning < 0 THEN -1 ELSE 1 END * ((ABS(earning) * {hundredths} + 60000) / 120000)",
    "rupiah": "due / 100.0",  # the double nearest to these two places, as if they had been typed
    # Beyond 64 bits SQLite would go on in floating point: such fortunes are calculated one by one.
    "plain": "special = 0 AND ABS(earning) <= 9000000000000000000 / {wide}",
}
POSTGRESQL = {
    "amount": "amount",
    "month": "date_part('month', \"date\")::int",
    "earned": "ROUND(earning * CAST({hundredths} AS numeric(20, 12)) / 120000, 2)",  # 12 places more than can matter
    "rupiah": "due",
    "plain": "special = 0",
}


@dataclass
class Booked:
    """`entries`: how many were booked; `special`: the memberships that are left to jht.rules, in order."""

    entries: int = 0
    special: list[int] = field(default_factory=list)


def first_year() -> int | None:
    """The year of the first entry of all; None without any."""
    with connection.cursor() as cursor:
        cursor.execute('SELECT MIN("date") FROM jht_entry')
        (first,) = cursor.fetchone()
    return None if first is None else int(str(first)[:4])


def lock_all_memberships() -> None:
    """Hold every membership, also those still to come, until the transaction ends; reading them stays free.

    Whoever posts locks its membership first (actions: _lock) and so waits here, and then sees the year as credited.
    On SQLite the transaction holds the whole database already.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE jht_membership IN EXCLUSIVE MODE")


def book_year(year: int, percent: Decimal, reason: str, at: datetime, by: int | None) -> Booked:
    """Book what each membership has earned in this year at this percent and nobody has booked. Inside a transaction.

    Earlier years must stand in the ledger as they are to stay.
    """
    is_sqlite = connection.vendor == "sqlite"
    hundredths = int(percent * 100)
    engine = {
        name: sql.format(hundredths=hundredths, wide=max(hundredths, 1))
        for name, sql in (SQLITE if is_sqlite else POSTGRESQL).items()
    }
    days = {"first": f"'{date(year, 1, 1)}'", "last": f"'{date(year, 12, 31)}'"}
    with connection.cursor() as cursor:
        cursor.execute(SUMS.format(**engine, **days))
        moment = connection.ops.adapt_datetimefield_value(at)
        written = {"year": year, "reason": "%s", "at": "%s", "by": "%s", **days}
        cursor.execute(INSERT.format(**engine, **written), [reason, moment, by])
        booked = Booked(entries=cursor.rowcount)
        cursor.execute(f"SELECT membership_id FROM jht_year WHERE NOT ({engine['plain']}) ORDER BY 1")  # noqa: S608
        booked.special = [membership for (membership,) in cursor.fetchall()]
        cursor.execute("DROP TABLE jht_year")
    return booked
