"""Back to what a backup holds, all or nothing: `manage.py restore FILE`.

The file is checked first. Then a new database is made beside the old one (a file for SQLite, a schema for PostgreSQL),
filled, compared with the file, and only then takes the old one's place in one step. The old one is kept aside.
"""

import json
import os
import sqlite3
import zipfile
from contextlib import suppress
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from portal.backup import CONTENTS, FORMAT, PIECE, VERSION, Refused, digest, member, one_moment
from portal.rows import Table, UnknownMigrations, known, last_of_each_app, lines_of, tables, values

LARGEST_CONTENTS = 10_000_000  # bytes of isi.json
PEOPLE = ("accounts_user", "jht_participant", "jht_employer")  # a database with any of these is in use
BATCH = 2_000  # rows written to SQLite at a time
BROKEN = "Berkas {path} bukan cadangan yang utuh: {why}. Basis data tidak diubah."


class Archive:
    """An opened backup, checked to the last byte. Raises Refused."""

    def __init__(self, path: Path):
        self.path = path
        try:
            self.zip = zipfile.ZipFile(path)
            if self.zip.getinfo(CONTENTS).file_size > LARGEST_CONTENTS:
                raise ValueError
            self.contents = json.loads(self.zip.read(CONTENTS))
            assert_format = self.contents["format"] == FORMAT
        except FileNotFoundError:
            raise Refused(f"Berkas {path} tidak ada. Periksa namanya.") from None
        except OSError as error:
            raise Refused(f"Berkas {path} tidak dapat dibaca: {error.strerror}.") from error
        except (zipfile.BadZipFile, KeyError, TypeError, ValueError, NotImplementedError, RuntimeError):
            assert_format = False
        if not assert_format:
            raise Refused(BROKEN.format(path=path, why="bukan cadangan Portal Latih atau terpotong"))
        if self.contents.get("version") != VERSION:
            raise Refused("Cadangan ini dari versi yang lebih baru. Perbarui program ini lebih dahulu.")
        self.migrations = {tuple(one) for one in self.contents["migrations"]}
        try:
            self.tables = tables(self.migrations)
            self.targets = last_of_each_app(known(MigrationLoader(None), self.migrations))
        except UnknownMigrations as error:
            raise Refused("Cadangan ini dari versi yang lebih baru. Perbarui program ini lebih dahulu.") from error
        self.described = {table["name"]: table for table in self.contents["tables"]}
        self._check()

    def text(self, table: str):
        with self.zip.open(member(table)) as file:
            while piece := file.read(PIECE):
                yield piece

    def _check(self) -> None:
        expected = {table.name: [column.name for column in table.columns] for table in self.tables}
        if {name: table["columns"] for name, table in self.described.items()} != expected:
            raise Refused(BROKEN.format(path=self.path, why="tabelnya tidak sesuai"))
        for name, table in self.described.items():
            try:
                found = digest(self.text(name))
            except (zipfile.BadZipFile, KeyError, OSError, EOFError, ValueError, zipfile.zlib.error):
                found = None
            if found != (table["rows"], table["sha256"]):
                raise Refused(BROKEN.format(path=self.path, why=f"isi tabel {name} rusak"))


def bring_back(path: Path, *, replace: bool, at: datetime) -> tuple[dict, str]:
    """Put the backup in the place of the database; its contents, and where the old database is kept ("": nowhere).

    Raises Refused, and then the database is as it was.
    """
    archive = Archive(path)
    place = (SqlitePlace if connection.vendor == "sqlite" else PostgresPlace)(f"{at:%Y%m%d-%H%M%S}")
    place.refuse_unless_free(replace)
    place.make()
    try:
        MigrationExecutor(connection).migrate(archive.targets)
        place.fill(archive)
        _compare(archive)
        call_command("migrate", verbosity=0)  # an older backup is brought up to date
        call_command("createcachetable", verbosity=0)
        kept = place.swap()
    except BaseException:
        place.abandon()
        raise
    return archive.contents, kept


def _compare(archive: Archive) -> None:
    """What was filled in, read again, must be the file to the last byte."""
    with one_moment() as reader:
        for table in archive.tables:
            described = archive.described[table.name]
            if digest(reader.text(table)) != (described["rows"], described["sha256"]):
                raise Refused(f"Tabel {table.name} tidak kembali seperti semula. Basis data tidak diubah.")


class SqlitePlace:
    """A new file beside the old one."""

    def __init__(self, stamp: str):
        self.path = Path(connection.settings_dict["NAME"])
        self.new = self.path.with_name(f"{self.path.name}.memulihkan")
        self.kept = self.path.with_name(f"{self.path.name}.sebelum-{stamp}")

    def refuse_unless_free(self, replace: bool) -> None:
        connection.close()
        if not self.path.exists() or not self.path.stat().st_size:
            return
        try:
            old = sqlite3.connect(self.path, isolation_level=None, timeout=1)
            try:
                used = any(_has_rows(old.execute, table) for table in PEOPLE)
                # Only the last one connected may leave WAL mode; its log is then all in the file.
                old.execute("PRAGMA journal_mode = DELETE")
            finally:
                old.close()
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise Refused(STILL_IN_USE) from error
            used = True
        except sqlite3.DatabaseError:  # wrecked: that is what backups are for
            used = True
        if used and not replace:
            raise Refused(NOT_EMPTY)

    def make(self) -> None:
        self._clean()
        connection.close()
        self.was, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], str(self.new)

    def fill(self, archive: Archive) -> None:
        connection.disable_constraint_checking()
        with transaction.atomic(), connection.cursor() as cursor:
            # The guards stand aside while the rows come in: they would judge each of them as if it were new.
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
            for table in archive.tables:
                cursor.execute(f'DELETE FROM "{table.name}"')  # noqa: S608 (what the migrations filled in)
            for table in archive.tables:
                self._rows(cursor, table, archive)
            for _, definition in triggers:
                cursor.execute(definition)
            try:
                connection.check_constraints()
            except IntegrityError as error:
                raise Refused(BROKEN.format(path=archive.path, why="ada baris yang kehilangan induknya")) from error

    def _rows(self, cursor, table: Table, archive: Archive) -> None:
        marks = ", ".join(["%s"] * len(table.columns))
        insert = f'INSERT INTO "{table.name}" ({table.names}) VALUES ({marks})'  # noqa: S608
        lines = lines_of(archive.text(table.name))
        while batch := list(islice(lines, BATCH)):
            cursor.executemany(insert, [values(table.columns, text) for text in batch])
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table.name])
        if (last := archive.described[table.name]["last_key"]) is not None:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table.name, last])

    def swap(self) -> str:
        with connection.cursor() as cursor:  # Django's own, which knows the functions in our constraints
            cursor.execute("PRAGMA integrity_check")
            (fine,) = cursor.fetchone()
            cursor.execute("PRAGMA journal_mode = DELETE")  # everything into the one file; the site turns WAL on again
        connection.close()
        if fine != "ok":
            raise Refused("Berkas basis data yang baru tidak utuh; mungkin disknya bermasalah.")
        _fsync(self.new)
        existed = self.path.exists()
        if existed:
            for suffix in ("-wal", "-shm"):  # only a wrecked file still has them: what is in them belongs to it
                with suppress(FileNotFoundError):
                    Path(f"{self.path}{suffix}").rename(f"{self.kept}{suffix}")
            self.new.chmod(self.path.stat().st_mode & 0o777)
            try:
                os.link(self.path, self.kept)  # a second name, so that there is a database at every moment
            except OSError:  # not on every file system
                self.path.rename(self.kept)
        self.new.replace(self.path)
        _fsync(self.path.parent)
        connection.settings_dict["NAME"] = self.was
        return str(self.kept) if existed else ""

    def abandon(self) -> None:
        connection.close()
        connection.settings_dict["NAME"] = self.was
        self._clean()

    def _clean(self) -> None:
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(f"{self.new}{suffix}").unlink(missing_ok=True)


class PostgresPlace:
    """A new schema beside the old one, under its name in the end."""

    def __init__(self, stamp: str):
        connection.close_pool()
        connection.settings_dict["OPTIONS"].pop("pool", None)  # one connection, whose search path is ours to change
        self.new, self.kept = f"memulihkan_{stamp.replace('-', '_')}", f"sebelum_{stamp.replace('-', '_')}"

    def refuse_unless_free(self, replace: bool) -> None:
        others = (
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema()")
            (self.schema,) = cursor.fetchone()
            names = set(connection.introspection.table_names(cursor))
            self.was_there = bool(names)
            if any(_has_rows(_answer(cursor), table) for table in PEOPLE if table in names) and not replace:
                raise Refused(NOT_EMPTY)
            cursor.execute(others)
            if cursor.fetchone()[0]:
                raise Refused(STILL_IN_USE)

    def make(self) -> None:
        with connection.cursor() as cursor:
            try:
                cursor.execute(f'CREATE SCHEMA "{self.new}"')
            except DatabaseError as error:
                raise Refused(
                    "Akun basis data ini tidak boleh membuat skema, yang diperlukan untuk memulihkan. "
                    "Pakai pemilik basis datanya."
                ) from error
            cursor.execute(f'SET search_path = "{self.new}"')

    def fill(self, archive: Archive) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'")
            # The guards stand aside while the rows come in: they would judge each of them as if it were new.
            for table in archive.tables:
                cursor.execute(f'ALTER TABLE "{table.name}" DISABLE TRIGGER USER')
            for table in archive.tables:
                cursor.execute(f'DELETE FROM "{table.name}"')  # noqa: S608 (what the migrations filled in)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
            for table in archive.tables:
                with cursor.copy(f'COPY "{table.name}" ({table.names}) FROM STDIN') as copy:
                    for piece in archive.text(table.name):
                        copy.write(piece)
                last = archive.described[table.name]["last_key"]
                cursor.execute(  # does nothing where keys are not counted
                    "SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)",
                    [f'"{table.name}"', table.key.name, last or 1, last is not None],
                )
            try:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            except IntegrityError as error:
                raise Refused(BROKEN.format(path=archive.path, why="ada baris yang kehilangan induknya")) from error
            for table in archive.tables:
                cursor.execute(f'ALTER TABLE "{table.name}" ENABLE TRIGGER USER')

    def swap(self) -> str:
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f'ANALYZE "{table}"')
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'ALTER SCHEMA "{self.schema}" RENAME TO "{self.kept}"')
            cursor.execute(f'ALTER SCHEMA "{self.new}" RENAME TO "{self.schema}"')
            if not self.was_there:
                cursor.execute(f'DROP SCHEMA "{self.kept}"')
        self._look_at_home()
        return f"skema {self.kept}" if self.was_there else ""

    def abandon(self) -> None:
        if connection.connection is None or connection.connection.closed:
            connection.close()
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute(f'DROP SCHEMA IF EXISTS "{self.new}" CASCADE')
        with suppress(DatabaseError):
            self._look_at_home()

    def _look_at_home(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("RESET search_path")


NOT_EMPTY = "Basis data ini sudah berisi. Tambahkan --replace untuk menggantinya; yang lama disimpan di sampingnya."
STILL_IN_USE = "Basis data ini masih dipakai. Hentikan Portal Latih lebih dahulu, lalu ulangi."


def _answer(cursor):
    def execute(query: str):
        cursor.execute(query)
        return cursor

    return execute


def _has_rows(execute, table: str) -> bool:
    """Whether the table has any row; one that does not exist has none."""
    try:
        return bool(execute(f'SELECT EXISTS (SELECT 1 FROM "{table}")').fetchone()[0])  # noqa: S608
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return False
        raise


def _fsync(path: Path) -> None:
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
