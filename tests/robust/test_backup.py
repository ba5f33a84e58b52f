"""Backup while people write, wreck, restore: every row acknowledged before the backup began is there, sums agree."""

import contextlib
import json
import sqlite3
import time
import zipfile
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from tests.robust.conftest import run_python
from tests.robust.test_kills import employers, start_clerks, stop_clerks
from tests.server import Server

MEMBERS, AMOUNT = 5, Decimal("12.34")
PREPARE = f"""
from datetime import date
from jht.models import Membership, Participant, Rate
Rate.objects.get_or_create(year=2025, defaults=dict(percent=5, source="uji"))
for number in range({MEMBERS}):
    person = Participant.objects.create(
        nik=f"49710101019000{{number + 50:02}}", name=f"Simpan {{number}}", birth_date=date(1990, 1, 1))
    Membership.objects.create(participant=person, kpj=f"4977700000{{number}}", segment="PMI", start=date(2020, 1, 1))
"""
POST = f"""
import sys
from datetime import date
from decimal import Decimal
from jht import actions
from jht.models import Membership
members = list(Membership.objects.filter(kpj__startswith="49777"))
for number in range(100_000):
    key = f"{{LETTER}}-{{number}}"
    member = members[number % len(members)]
    actions.correct(member, Decimal("{AMOUNT}"), "uji", date(2026, 1, 2), key, None)
    print(key, flush=True)
"""
LEDGER = (
    'SELECT kpj, jht_entry."key", amount FROM jht_entry JOIN jht_membership ON jht_membership.id = membership_id '
    "WHERE kpj LIKE '49777%'"
)


class Poster:
    """Posts corrections in a process of its own; what it printed was committed."""

    def __init__(self, server: Server, letter: str):
        self.output = server.data_dir / f"{letter}.txt"
        code = f"import sys; sys.stdout = open({str(self.output)!r}, 'w')\nLETTER = {letter!r}\n{POST}"
        known = {name: server.environ[name] for name in ("DATA_DIR", "DATABASE_URL") if name in server.environ}
        self.process = run_python(code, known)

    def acknowledged(self) -> set[str]:
        """Whole lines only: the last one may be half-written."""
        text = self.output.read_text() if self.output.exists() else ""
        return set(text.rpartition("\n")[0].split())

    def stop(self) -> None:
        self.process.kill()
        self.process.communicate()


def query(server: Server, sql: str) -> list[tuple]:
    if url := server.environ.get("DATABASE_URL"):
        with psycopg.connect(url) as connection:
            return connection.execute(sql).fetchall()
    with contextlib.closing(sqlite3.connect(server.data_dir / "portal.sqlite3")) as connection:
        return connection.execute(sql).fetchall()


def wreck(server: Server) -> None:
    """What a disk, or a person with too many rights, does."""
    if url := server.environ.get("DATABASE_URL"):
        with psycopg.connect(url) as connection:
            connection.execute("DROP TABLE jht_entry, django_migrations CASCADE")
            connection.execute("UPDATE jht_employer SET name = 'rusak'")
    else:
        path = server.data_dir / "portal.sqlite3"
        half = path.stat().st_size // 2
        path.write_bytes(b"rusak" * 1000 + path.read_bytes()[5000:half])


def sums(server: Server) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for kpj, _, amount in query(server, LEDGER):
        found[kpj] = found.get(kpj, Decimal(0)) + Decimal(str(amount)).quantize(Decimal("0.01"))
    return found


@pytest.fixture
def other_engine(request, database) -> dict[str, str]:
    return {} if database else {"DATABASE_URL": request.getfixturevalue("postgres").new_database()}


def test_a_backup_made_while_people_write_brings_back_what_was_acknowledged(
    database, other_engine, signed_in, tmp_path
):
    file = tmp_path / "cadangan.zip"
    with Server(WORKERS="2", **database) as server:
        cookie = signed_in(server)
        server.manage("shell", "--no-imports", "-c", PREPARE)
        clerks = start_clerks(server, cookie, "A")
        posters = [Poster(server, letter) for letter in "XY"]
        deadline = time.monotonic() + 60
        while not all(len(poster.acknowledged()) > 20 for poster in posters) or not all(c.stored for c in clerks):
            assert time.monotonic() < deadline, [poster.process.poll() for poster in posters]
            time.sleep(0.1)
        stored_before = {npp for clerk in clerks for npp in list(clerk.stored)}
        posted_before = set.union(*(poster.acknowledged() for poster in posters))

        server.manage("backup", str(file))

        posted_meanwhile = set.union(*(poster.acknowledged() for poster in posters)) - posted_before
        for poster in posters:
            poster.stop()
        stored = stop_clerks(clerks)
        assert posted_meanwhile  # nobody had to wait for the backup to end
        assert stored - stored_before
        server.stop()
        wreck(server)

        assert "dipulihkan" in server.manage("restore", str(file), "--replace")
        server.start()

        ledger = query(server, LEDGER)
        keys = {key for _, key, _ in ledger}
        assert stored_before <= employers(server)
        assert posted_before <= keys
        assert len(keys) == len(ledger)
        # One moment: each poster's keys are all those up to its last one, and every sum is that many postings.
        for letter in "XY":
            numbers = sorted(int(key.partition("-")[2]) for key in keys if key.startswith(letter))
            assert numbers == list(range(len(numbers)))
        assert sums(server) == {
            f"4977700000{n}": AMOUNT * sum(kpj == f"4977700000{n}" for kpj, _, _ in ledger) for n in range(MEMBERS)
        }
        server.manage("credit_return", "2025")  # the books go on
        assert server.get("/akun/login/")[0] == 200

        with Server(**other_engine) as elsewhere:  # and the same file on the other engine
            elsewhere.stop()
            elsewhere.manage("restore", str(file), "--replace")
            assert {key for _, key, _ in query(elsewhere, LEDGER)} == keys
            assert sums(elsewhere) == sums(server)
            elsewhere.manage("backup", str(tmp_path / "lain.zip"))
    assert described(file) == described(tmp_path / "lain.zip")  # to the last byte


def described(file: Path) -> list:
    with zipfile.ZipFile(file) as archive:
        return json.loads(archive.read("isi.json"))["tables"]


def test_a_restore_that_is_interrupted_leaves_the_old_database(database, tmp_path):
    file = tmp_path / "cadangan.zip"
    with Server(**database) as server:
        server.stop()
        server.manage("shell", "--no-imports", "-c", PREPARE)
        server.manage("backup", str(file))
        query_before = query(server, "SELECT id, kpj FROM jht_membership ORDER BY id")
        code = f"""
from datetime import datetime
from pathlib import Path
from unittest import mock
from portal import restore
with mock.patch("portal.restore._compare", side_effect=KeyboardInterrupt):
    restore.bring_back(Path({str(file)!r}), replace=True, at=datetime(2026, 1, 1))
"""
        known = {name: server.environ[name] for name in ("DATA_DIR", "DATABASE_URL") if name in server.environ}
        interrupted = run_python(code, known)
        interrupted.communicate()

        assert interrupted.returncode != 0
        assert query(server, "SELECT id, kpj FROM jht_membership ORDER BY id") == query_before
        assert not list(server.data_dir.glob("*memulihkan*"))
        server.start()


def test_a_running_site_is_not_replaced(database, tmp_path):
    with Server(**database) as server:
        server.get("/akun/login/")
        server.manage("backup", str(tmp_path / "cadangan.zip"))

        with pytest.raises(AssertionError, match="masih dipakai"):
            server.manage("restore", str(tmp_path / "cadangan.zip"), "--replace")

        assert server.get("/health/")[0] == 200
