"""The format of a backup and what restoring refuses. The whole way, while people write: tests/robust/test_backup.py."""

import json
import sqlite3
import stat
import zipfile
from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from portal.backup import CONTENTS, Refused
from portal.restore import Archive
from portal.rows import KIND_OF, Column, jsonb, line, lines_of, tables, values
from tests.server import Server

COLUMNS = tuple(
    Column(kind, kind, places=2)
    for kind in ("int", "text", "bool", "date", "moment", "decimal", "json", "bytes")
)  # fmt: skip
letters = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
days = st.dates(date(1900, 1, 1))
moments = st.builds(datetime.combine, days, st.times()).map(str)  # as Django keeps them on SQLite: in UTC
stored = st.tuples(
    st.integers(-(2**63), 2**63 - 1),
    letters,
    st.sampled_from([0, 1]),
    days.map(str),
    moments,
    st.integers(-(10**15), 10**15).map(lambda sen: sen / 100),
    st.recursive(letters | st.integers() | st.booleans() | st.none(), lambda one: st.dictionaries(letters, one)).map(
        json.dumps
    ),
    st.binary(),
)


@given(stored)
def test_a_row_comes_back_as_it_was(row):
    written = line(COLUMNS, row)
    back = values(COLUMNS, written)

    assert written.count(b"\n") == 1
    assert line(COLUMNS, back) == written
    number, text, flag, day, moment, amount, document, data = back
    assert (number, text, flag, day, data) == (*row[:4], row[7])
    assert datetime.fromisoformat(moment) == datetime.fromisoformat(row[4])
    assert float(amount) == row[5]
    assert json.loads(document) == json.loads(row[6])


def test_nothing_is_told_apart_from_the_letters_for_it():
    columns = (Column("a", "text"), Column("b", "text"), Column("c", "text"))

    assert line(columns, (None, r"\N", "")) == b"\\N\t\\\\N\t\n"
    assert values(columns, b"\\N\t\\\\N\t\n") == [None, r"\N", ""]


def test_a_moment_is_written_as_postgresql_writes_it():
    at = Column("at", "moment")

    assert line((at,), ("2026-11-22 16:58:07.120000",)) == b"2026-11-22 16:58:07.12+00\n"
    assert line((at,), ("2026-11-22 16:58:07",)) == b"2026-11-22 16:58:07+00\n"


def test_json_is_written_as_postgresql_writes_it():
    assert jsonb({"bb": [1, None, True], "c": "é\n", "a": {}}) == '{"a": {}, "c": "é\\n", "bb": [1, null, true]}'


@given(st.lists(st.binary(min_size=1).map(lambda text: text.replace(b"\n", b""))), st.integers(1, 7))
def test_lines_are_found_wherever_the_pieces_end(texts, size):
    whole = b"".join(text + b"\n" for text in texts)
    pieces = [whole[start : start + size] for start in range(0, len(whole), size)]

    assert list(lines_of(iter(pieces))) == texts


def test_every_kind_of_field_can_be_backed_up():
    kinds = set()
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            while field.remote_field:
                field = field.target_field
            kinds.add(field.get_internal_type())

    assert kinds <= set(KIND_OF)


# --- A backup of a real installation -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def installation(tmp_path_factory) -> Server:
    server = Server(tmp_path_factory.mktemp("asal"))
    server.manage("migrate", "-v0")
    server.manage(
        "shell", "--no-imports", "-c",
        "from jht.models import Employer; Employer.objects.create(npp='CADANG01', name='PT Tab\\t dan \\\\N')",
    )  # fmt: skip
    server.manage("backup", str(server.data_dir / "cadangan.zip"))
    return server


@pytest.fixture(scope="module")
def file(installation):
    return installation.data_dir / "cadangan.zip"


@pytest.fixture
def forged(file, tmp_path):
    """The same backup with something changed in its members, sealed again as a proper archive."""

    def forge(change):
        path = tmp_path / "palsu.zip"
        with zipfile.ZipFile(file) as old, zipfile.ZipFile(path, "w") as new:
            for name in old.namelist():
                new.writestr(name, change(name, old.read(name)))
        return path

    return forge


def changed_contents(**values_):
    def change(name: str, data: bytes) -> bytes:
        return json.dumps(json.loads(data) | values_).encode() if name == CONTENTS else data

    return change


def refuse(server: Server, *arguments: str) -> str:
    """The sentence with which a command ends."""
    with pytest.raises(AssertionError) as ended:
        server.manage(*arguments)
    return str(ended.value)


def test_a_backup_is_for_its_owner_only_and_never_overwritten(installation, file):
    before = file.read_bytes()

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "sudah ada dan tidak ditimpa" in refuse(installation, "backup", str(file))
    assert file.read_bytes() == before
    assert not list(file.parent.glob(".cadangan*"))


def test_a_backup_holds_no_secret_and_no_session(installation, file):
    secret = (installation.data_dir / "secret-key").read_text().strip()
    with zipfile.ZipFile(file) as archive:
        everything = b"".join(map(archive.read, archive.namelist())).decode()

    assert secret not in everything
    assert "django_session" not in archive.namelist()
    assert "tabel/jht_entry.txt" in archive.namelist()


def test_what_is_not_a_backup_is_refused(file, tmp_path):
    rubbish, cut, other = tmp_path / "a.zip", tmp_path / "b.zip", tmp_path / "c.zip"
    rubbish.write_bytes(b"SQLite format 3\0" * 100)
    cut.write_bytes(file.read_bytes()[:-200])
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("catatan.txt", "bukan cadangan")

    for path in (rubbish, cut, other):
        with pytest.raises(Refused, match="bukan cadangan Portal Latih atau terpotong"):
            Archive(path)
    with pytest.raises(Refused, match="tidak ada"):
        Archive(tmp_path / "tidak-ada.zip")


def test_a_changed_row_is_refused(forged):
    path = forged(lambda name, data: data.replace(b"CADANG01", b"CADANG02"))

    with pytest.raises(Refused, match="isi tabel jht_employer rusak"):
        Archive(path)


def test_a_bit_that_flipped_is_refused(file, tmp_path):
    data = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as archive:
        lies_at = archive.getinfo("tabel/auth_permission.txt").header_offset + 400
    data[lies_at] ^= 0x10
    path = tmp_path / "bit.zip"
    path.write_bytes(data)

    with pytest.raises(Refused, match="rusak"):
        Archive(path)


def test_a_backup_of_a_newer_program_is_refused(forged, file):
    with zipfile.ZipFile(file) as archive:
        migrations = json.loads(archive.read(CONTENTS))["migrations"]

    for change in (changed_contents(version=2), changed_contents(migrations=[*migrations, ["jht", "9999_besok"]])):
        with pytest.raises(Refused, match="versi yang lebih baru"):
            Archive(forged(change))


def test_an_older_backup_knows_the_tables_of_its_day():
    first = {("jht", "0001_initial"), ("accounts", "0001_initial")}

    names = {table.name for table in tables(first)}

    assert "jht_entry" in names
    assert "jht_claim" not in names  # came with 0004


def test_restoring_over_people_asks_first_and_keeps_the_old_database(installation, file):
    database = installation.data_dir / "portal.sqlite3"
    installation.manage(
        "shell", "--no-imports", "-c",
        "from jht.models import Employer; Employer.objects.create(npp='SESUDAH1', name='PT Sesudah')",
    )  # fmt: skip

    assert "Tambahkan --replace" in refuse(installation, "restore", str(file))
    said = installation.manage("restore", str(file), "--replace")

    def employers(path) -> list[tuple]:
        with sqlite3.connect(path) as connection:
            rows = connection.execute("SELECT npp, name FROM jht_employer ORDER BY npp").fetchall()
        connection.close()
        return rows

    (kept,) = installation.data_dir.glob("portal.sqlite3.sebelum-*[0-9]")
    assert str(kept) in said
    assert employers(database) == [("CADANG01", "PT Tab\t dan \\N")]
    assert [npp for npp, _ in employers(kept)] == ["CADANG01", "SESUDAH1"]
    with sqlite3.connect(database) as connection:
        triggers = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    connection.close()
    assert {"entry_is_never_changed", "audit_is_never_deleted"} <= triggers


def test_a_moment_of_the_contents_says_when(file):
    with zipfile.ZipFile(file) as archive:
        made_at = datetime.fromisoformat(json.loads(archive.read(CONTENTS))["made_at"])

    assert made_at.tzinfo is not None
    assert made_at <= datetime.now(UTC)
