"""Everything people entered, in one file, while they go on writing: `manage.py backup FILE`.

A zip archive: `tabel/<name>.txt` with the rows of each table (portal/rows.py) and `isi.json`, which says what is in
it: the migrations, and for each table its columns, number of rows and SHA-256. All tables are read in one transaction,
so the file is the database at one moment. Made on SQLite it can be restored on PostgreSQL, and the other way round.
"""

import hashlib
import json
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from portal.rows import Table, UnknownMigrations, line, tables

FORMAT, VERSION = "cadangan-portal-latih", 1
CONTENTS = "isi.json"
PIECE = 1 << 20  # bytes


class Refused(Exception):
    """The message is the sentence for the person at the keyboard."""


def member(table: str) -> str:
    """Where in the archive the rows of a table lie."""
    return f"tabel/{table}.txt"


# --- Reading the database at one moment ----------------------------------------------------------------------


class SqliteReader:
    """A snapshot of its own connection: in WAL mode a reader sees one moment and stops no writer."""

    def __init__(self, path: str):
        self.connection = sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
        self.connection.execute("BEGIN")

    def rows(self, query: str) -> list[tuple]:
        return self.connection.execute(query).fetchall()

    def text(self, table: Table) -> Iterator[bytes]:
        for row in self.connection.execute(table.query()):
            yield line(table.columns, row)

    def last_key(self, table: Table) -> int | None:
        """The highest key ever given, also when its row is gone: a number is never given twice."""
        found = self.connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", [table.name]).fetchone()
        return found[0] or None if found else None


class PostgresReader:
    """Inside a transaction that sees one moment; the server writes the text itself."""

    FORMATS = "SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL TimeZone = 'UTC'; SET LOCAL bytea_output = 'hex'"

    def __init__(self, cursor):
        self.cursor = cursor
        cursor.execute(self.FORMATS)

    def rows(self, query: str) -> list[tuple]:
        self.cursor.execute(query)
        return self.cursor.fetchall()

    def text(self, table: Table) -> Iterator[bytes]:
        with self.cursor.copy(f"""COPY ({table.query(' COLLATE "C"')}) TO STDOUT""") as copy:
            yield from map(bytes, copy)

    def last_key(self, table: Table) -> int | None:
        ((sequence,),) = self.rows(f"SELECT pg_get_serial_sequence('\"{table.name}\"', '{table.key.name}')")
        if sequence is None:
            return None
        ((last, is_called),) = self.rows(f"SELECT last_value, is_called FROM {sequence}")  # noqa: S608
        return last if is_called else None


@contextmanager
def one_moment():
    """A reader of the configured database as it is now; nobody waits for it."""
    if connection.vendor == "sqlite":
        reader = SqliteReader(connection.settings_dict["NAME"])
        try:
            yield reader
        finally:
            reader.connection.close()
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield PostgresReader(cursor)


def digest(pieces: Iterator[bytes], write=lambda piece: None) -> tuple[int, str]:
    """Passes the text on to `write`; how many rows it has, and its SHA-256."""
    count, seen = 0, hashlib.sha256()
    gathered: list[bytes] = []
    size = 0
    for piece in pieces:
        count += piece.count(b"\n")
        gathered.append(piece)
        size += len(piece)
        if size > PIECE:
            whole = b"".join(gathered)
            seen.update(whole)
            write(whole)
            gathered, size = [], 0
    whole = b"".join(gathered)
    seen.update(whole)
    write(whole)
    return count, seen.hexdigest()


# --- Writing the file ----------------------------------------------------------------------------------------


def make(path: Path, at: datetime) -> dict:
    """Write the backup to `path`, which must not exist yet; what it contains. Raises Refused.

    The file appears whole or not at all, readable by its owner only: it holds personal data and password hashes.
    """
    if path.exists():
        raise Refused(f"Berkas {path} sudah ada dan tidak ditimpa. Pilih nama lain.")
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
    except OSError as error:
        raise Refused(f"Berkas {path} tidak dapat ditulis: {error.strerror}.") from error
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            contents = _write(file, at)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        _fsync_folder(path.parent)
    except OSError as error:
        raise Refused(f"Berkas {path} tidak dapat ditulis: {error.strerror}.") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return contents


def _write(file, at: datetime) -> dict:
    with one_moment() as reader, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        migrations = reader.rows("SELECT app, name FROM django_migrations ORDER BY app, name")
        try:
            found = tables(set(map(tuple, migrations)))
        except UnknownMigrations as error:
            raise Refused("Basis data ini dari versi yang lebih baru. Perbarui program ini lebih dahulu.") from error
        described = []
        for table in found:
            with archive.open(member(table.name), "w", force_zip64=True) as target:
                rows, sha256 = digest(reader.text(table), target.write)
            described.append(
                {
                    "name": table.name,
                    "columns": [column.name for column in table.columns],
                    "rows": rows,
                    "sha256": sha256,
                    "last_key": reader.last_key(table),
                }
            )
        contents = {
            "format": FORMAT,
            "version": VERSION,
            "made_at": at.isoformat(),
            "engine": connection.vendor,
            "migrations": [list(one) for one in migrations],
            "tables": described,
        }
        archive.writestr(CONTENTS, json.dumps(contents, indent=1))
    return contents


def _fsync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut; Windows cannot open a folder."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
