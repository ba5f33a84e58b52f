"""Judged contributions in a temporary table of this connection, and the statements that compare and write them.

Plain SQL: a million rows through the ORM would take minutes. Both engines run the same statements where they can.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.db import connection

CHUNK = 20_000  # rows written by one statement: between two of them one can stop
PAGES = 250  # of PostgreSQL, with about 80 rows each

TABLES = ("import_stage", "import_new")

SAME_MONTH = """
    FROM import_stage s
    JOIN jht_contribution c ON c.membership_id = s.membership_id AND c.month = s.month AND c.cancelled_on IS NULL
"""
SAME = """c.wage = s.wage AND c.employer_share = s.employer_share AND c.worker_share = s.worker_share
    AND c.paid_on = s.paid_on"""
DOUBLES = """
    SELECT s.line, s.month, f.first FROM import_stage s
    JOIN (SELECT membership_id, month, MIN(line) AS first FROM import_stage GROUP BY 1, 2 HAVING COUNT(*) > 1) f
        ON f.membership_id = s.membership_id AND f.month = s.month
    WHERE s.line > f.first ORDER BY s.line LIMIT %s
"""
CHANGED = """
    SELECT COUNT(*) FROM import_stage s JOIN jht_membership m ON m.id = s.membership_id
    WHERE m.segment = 'JAKON' OR m.merged_into_id IS NOT NULL OR s.month < {first_of_start} OR s.month > m."end"
"""
CONTRIBUTIONS = """
    INSERT INTO jht_contribution (id, membership_id, month, wage, employer_share, worker_share, paid_on)
    SELECT id, membership_id, month, wage, employer_share, worker_share, paid_on
    FROM import_new WHERE {chunk}
"""
ENTRIES = """
    INSERT INTO jht_entry
        (membership_id, "date", kind, amount, contribution_id, reason, "key", recorded_at, recorded_by_id)
    SELECT membership_id, paid_on, 'contribution', employer_share + worker_share, id, '', 'contribution:' || id,
        {at}, {by}
    FROM import_new WHERE {chunk}
"""
COLUMNS = "line, membership_id, month, wage, employer_share, worker_share, paid_on"


class Staged:
    """The rows of one file. `line` is the row as the spreadsheet counts."""

    def __init__(self, cursor):
        self.cursor = cursor

    def ask(self, sql: str, *params) -> list[tuple]:
        self.cursor.execute(sql, params)
        return self.cursor.fetchall()

    def open(self) -> None:
        self.clear()
        self.cursor.execute(self.CREATE)

    def clear(self) -> None:
        for name in TABLES:
            self.cursor.execute(f"DROP TABLE IF EXISTS {self.PLACE}.{name}")

    def count(self) -> int:
        return self.ask("SELECT COUNT(*) FROM import_stage")[0][0]

    def doubles(self, most: int) -> Iterator[tuple[int, date, int]]:
        """Rows whose membership and month stood further up: (line, month, the line before)."""
        return ((line, _day(month), first) for line, month, first in self.ask(DOUBLES, most))

    def drop_known(self) -> int:
        """Leave out what is recorded with the same amounts and day; how many rows that were."""
        self.cursor.execute(f"DELETE FROM import_stage WHERE line IN (SELECT s.line {SAME_MONTH} WHERE {SAME})")  # noqa: S608
        return self.cursor.rowcount

    def conflicts(self, most: int) -> Iterator[tuple[int, date]]:
        """Rows whose month is recorded otherwise. After drop_known()."""
        found = self.ask(f"SELECT s.line, s.month {SAME_MONTH} ORDER BY s.line LIMIT %s", most)
        return ((line, _day(month)) for line, month in found)

    def changed_memberships(self) -> int:
        """How many rows no longer fit their membership: it was changed after they were judged."""
        return self.ask(CHANGED.format(first_of_start=self.FIRST_OF_START))[0][0]

    def write(self, at: datetime, by: int | None) -> Iterator[int]:
        """Write contributions and their entries; after each statement, how many rows stand."""
        moment, written = connection.ops.adapt_datetimefield_value(at), 0
        for chunk, *ends in self.chunks():
            self.cursor.execute(CONTRIBUTIONS.format(chunk=chunk), ends)
            written += self.cursor.rowcount
            self.cursor.execute(ENTRIES.format(chunk=chunk, at="%s", by="%s"), [moment, by, *ends])
            yield written

    def chunks(self) -> Iterator[tuple]:
        """The rows to write in pieces, in order: a condition and its parameters."""
        raise NotImplementedError

    def paid_until(self, last: date) -> Iterator[tuple[int, date]]:
        """Which memberships were paid for on or before this day, and since when."""
        sql = "SELECT membership_id, MIN(paid_on) FROM import_new WHERE paid_on <= %s GROUP BY 1 ORDER BY 1"
        return ((membership, _day(day)) for membership, day in self.ask(sql, last.isoformat()))


class PostgresStaged(Staged):
    PLACE = "pg_temp"
    FIRST_OF_START = "date_trunc('month', m.start)::date"
    CREATE = """
        CREATE TEMPORARY TABLE import_stage (line bigint, membership_id bigint, month date, wage bigint,
            employer_share bigint, worker_share bigint, paid_on date)
    """

    def add(self, lines: list[str]) -> None:
        with self.cursor.copy(f"COPY import_stage ({COLUMNS}) FROM STDIN") as copy:
            copy.write("".join(lines))

    def complete(self) -> None:
        self.cursor.execute("ANALYZE import_stage")

    def lock_memberships(self) -> None:
        """Hold the touched memberships until the end; in one order, so that two never wait in a ring (jht.actions)."""
        self.cursor.execute("SET LOCAL work_mem = '64MB'")
        # Foreign keys are judged with each statement and not all at the end, when nobody could stop any more
        self.cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.cursor.execute("""
            SELECT COUNT(*) FROM (
                SELECT 1 FROM jht_membership WHERE id IN (SELECT membership_id FROM import_stage)
                ORDER BY id FOR UPDATE) AS held
        """)

    def number(self) -> None:
        """The new rows in the order of the indexes they go into, each with its key."""
        sequence = self.ask("SELECT pg_get_serial_sequence('jht_contribution', 'id')")[0][0]
        self.cursor.execute(f"""
            CREATE TEMPORARY TABLE import_new AS
            SELECT nextval('{sequence}'::regclass) AS id, s.*
            FROM (SELECT * FROM import_stage ORDER BY membership_id, month) AS s
        """)  # noqa: S608

    def chunks(self) -> Iterator[tuple]:
        """By the pages of the table, which the database finds without an index."""
        pages = self.ask("SELECT pg_relation_size('import_new') / current_setting('block_size')::int")[0][0]
        for start in range(0, pages, PAGES):
            yield "ctid >= %s::tid AND ctid < %s::tid", f"({start},0)", f"({start + PAGES},0)"


class SqliteStaged(Staged):
    PLACE = "temp"
    FIRST_OF_START = "date(m.start, 'start of month')"
    CREATE = """
        CREATE TEMPORARY TABLE import_stage (line integer, membership_id integer, month text, wage integer,
            employer_share integer, worker_share integer, paid_on text)
    """

    def open(self) -> None:
        super().open()
        self.is_ours = not connection.connection.in_transaction
        if self.is_ours:  # one transaction for the temporary table, which holds nobody up
            connection.connection.execute("BEGIN")

    def add(self, rows: list[tuple]) -> None:
        connection.connection.executemany(
            f"INSERT INTO import_stage ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            rows,
        )

    def complete(self) -> None:
        if self.is_ours:
            connection.connection.execute("COMMIT")
        self.cursor.execute("CREATE INDEX temp.import_stage_month ON import_stage (membership_id, month)")

    def clear(self) -> None:
        if getattr(self, "is_ours", False) and connection.connection.in_transaction:
            connection.connection.execute("ROLLBACK")
        super().clear()

    def lock_memberships(self) -> None:
        """Nothing: the transaction holds the whole database."""

    def number(self) -> None:
        self.cursor.execute("""
            CREATE TEMPORARY TABLE import_new (place integer primary key, id integer, line integer,
                membership_id integer, month text, wage integer, employer_share integer, worker_share integer,
                paid_on text)
        """)
        last = self.ask("SELECT seq FROM sqlite_sequence WHERE name = 'jht_contribution'")
        self.cursor.execute(
            f"INSERT INTO import_new (id, {COLUMNS}) "  # noqa: S608
            f"SELECT %s + row_number() OVER (ORDER BY membership_id, month), {COLUMNS} FROM import_stage "
            "ORDER BY membership_id, month",
            [last[0][0] if last else 0],
        )

    def chunks(self) -> Iterator[tuple]:
        total = self.ask("SELECT MAX(place) FROM import_new")[0][0] or 0
        for start in range(0, total, CHUNK):
            yield "place > %s AND place <= %s ORDER BY place", start, start + CHUNK


@contextmanager
def staging() -> Iterator[Staged]:
    """The temporary tables of one import, gone afterwards."""
    with connection.cursor() as cursor:
        staged = (PostgresStaged if connection.vendor == "postgresql" else SqliteStaged)(cursor)
        staged.open()
        try:
            yield staged
        finally:
            if not connection.needs_rollback:
                staged.clear()


def _day(value: date | str) -> date:
    """SQLite keeps days as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
