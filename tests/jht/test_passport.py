"""Foreigners: a passport instead of a NIK, wherever somebody is told apart by a number."""

import os
import re
import sqlite3
import subprocess
import sys
from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from jht import claims
from jht.models import Participant
from jht.typed import nik_or_passport, read_identity
from tests.jht.factories import make_employer, make_membership, make_participant, pay, training_kpj, training_nik

PASSPORT = "X49000123"
REAL = "B1234567"  # looks like somebody's
BORN = date(1990, 3, 15)


@pytest.fixture
def emma(db):
    return make_participant("Emma Contohsson", nik=None, passport=PASSPORT)


@pytest.fixture
def held(emma):
    membership = make_membership(emma)
    pay(membership, date(2024, 1, 1))
    return membership


# --- Rows ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    "numbers",
    [
        {"nik": None, "passport": None},
        {"nik": "4971015503900001", "passport": PASSPORT},
        {"nik": None, "passport": REAL},
        {"nik": None, "passport": "x49000123"},
        {"nik": None, "passport": "X4900012"},
        {"nik": None, "passport": ""},
    ],
)
def test_the_database_takes_exactly_one_training_number(numbers):
    with pytest.raises(IntegrityError), transaction.atomic():
        Participant.objects.create(name="Emma", birth_date=BORN, **numbers)


def test_a_passport_is_nobody_elses(emma):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_participant("Orang Lain", nik=None, passport=PASSPORT)


@pytest.mark.django_db
def test_any_number_of_people_have_no_passport_and_no_nik():
    make_participant()
    make_participant()
    make_participant(nik=None, passport="X49000001")
    make_participant(nik=None, passport="X49000002")

    assert Participant.objects.count() == 4


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ({"nik": None, "passport": None}, "Isi salah satu: NIK untuk WNI"),
        ({"nik": None, "passport": REAL}, "nomor paspor latihan"),
    ],
)
def test_each_rule_has_its_sentence(numbers, sentence):
    with pytest.raises(ValidationError, match=sentence):
        Participant(name="Emma", birth_date=BORN, **numbers).full_clean()


@pytest.mark.parametrize("typed", [PASSPORT, "x49 000 123", "X49-000.123"])
def test_a_number_is_read_as_people_write_it(typed):
    assert read_identity(typed) == PASSPORT
    assert nik_or_passport(PASSPORT) == {"nik": None, "passport": PASSPORT}
    assert nik_or_passport("4971015503900001") == {"nik": "4971015503900001", "passport": None}


# --- Web -----------------------------------------------------------------------------------------------------


def link(client, number, held):
    typed = {"nik": number, "kpj": held.kpj, "name": held.participant.name, "birth_date": f"{BORN:%d-%m-%Y}"}
    return client.post("/jht/hubungkan/", typed)


@pytest.mark.parametrize("typed", [PASSPORT, "x49 000123"])
def test_hubungkan_takes_a_passport(client, held, typed):
    client.force_login(get_user_model().objects.create_user("emma@latih.test"))

    assert link(client, typed, held).status_code == 302
    assert held.kpj in client.get("/jht/kartu/").text
    for path in ("", f"{held.kpj}/", f"kartu/{held.kpj}/", f"klaim/{held.kpj}/", f"{held.kpj}/mengapa/2024/", "lacak/"):
        assert client.get(f"/jht/{path}").status_code == 200, path
    for kind in ("pdf", "csv", "xlsx"):
        assert client.get(f"/jht/{held.kpj}/rincian.{kind}").status_code == 200, kind


def test_what_looks_like_a_real_passport_is_refused_and_not_shown_again(client, held):
    client.force_login(get_user_model().objects.create_user("emma@latih.test"))
    page = link(client, REAL, held)

    assert "hanya nomor paspor latihan" in page.text
    assert REAL not in page.text


def test_somebody_elses_passport_is_the_sentence_of_all_mismatches(client, held):
    client.force_login(get_user_model().objects.create_user("emma@latih.test"))

    assert "Data tidak sesuai" in link(client, "X49000999", held).text


def test_nothing_bars_a_foreigners_claim_for_a_nik_that_is_not_there(held):
    assert claims.barred_at_a_distance(held, timezone.localdate()) is None


# --- Desk ----------------------------------------------------------------------------------------------------


def participant(**changes):
    inline = {f"memberships-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}
    return {"nik": "", "passport": "", "name": "Emma Contohsson", "birth_date": "15-03-1990"} | inline | changes


def test_the_desk_enters_a_foreigner(admin_client):
    assert admin_client.post("/petugas/jht/participant/add/", participant(passport="x49000123")).status_code == 302
    assert Participant.objects.get().identity == PASSPORT


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "NIK masih kosong"),
        ({"passport": PASSPORT, "nik": training_nik()}, "Isi salah satu"),
        ({"passport": REAL}, "hanya nomor paspor latihan"),
    ],
)
def test_the_desk_is_told_what_is_wrong(admin_client, changes, sentence):
    page = admin_client.post("/petugas/jht/participant/add/", participant(**changes))

    assert sentence in page.text
    assert REAL not in page.text
    assert not Participant.objects.exists()


@pytest.mark.parametrize("kind", ["participant", "membership", "contribution", "entry"])
@pytest.mark.parametrize("typed", [PASSPORT, "x49 000123"])
def test_the_desk_finds_a_foreigner_by_passport(admin_client, held, kind, typed):
    pay(make_membership(make_participant("Orang Lain")), date(2024, 1, 1))
    page = admin_client.get(f"/petugas/jht/{kind}/", {"q": typed})

    assert held.kpj in page.text or "Emma Contohsson" in page.text
    assert "Orang Lain" not in page.text


def test_the_desk_opens_every_page_of_a_foreigner(admin_client, held):
    emma = held.participant
    for path in (
        f"participant/{emma.pk}/change/", f"participant/{emma.pk}/hapus-rekaan/", f"membership/{held.pk}/change/",
        f"auditrecord/?peserta={PASSPORT}", "participant/?e=1",
    ):  # fmt: skip
        assert admin_client.get(f"/petugas/jht/{path}", follow=True).status_code == 200, path
    assert PASSPORT in admin_client.get("/petugas/jht/participant/").text
    assert f"?q={PASSPORT}" in admin_client.get(f"/petugas/jht/participant/{emma.pk}/change/").text


def test_a_saved_foreigner_is_not_told_of_a_nik_that_differs(admin_client, emma):
    address = f"/petugas/jht/participant/{emma.pk}/change/"
    page = admin_client.post(address, participant(passport=PASSPORT, birth_date="16-03-1990"), follow=True)

    assert "NIK tidak diterbitkan ulang. Periksa" not in page.text
    emma.refresh_from_db()
    assert emma.birth_date == date(1990, 3, 16)


# --- Files ---------------------------------------------------------------------------------------------------


def bring_in(tmp_path, kind, *lines):
    path = tmp_path / "daftar.csv"
    path.write_text("\n".join(lines))
    call_command("import_data", path, kind=kind, verbosity=0)


def test_a_foreigner_comes_in_by_file_and_goes_out_the_same(admin_client, tmp_path, db):
    company, kpj = make_employer(), training_kpj()
    bring_in(tmp_path, "participants", "NIK;Nama;Tanggal lahir", "x49000123;Emma Contohsson;15-03-1990")
    bring_in(
        tmp_path,
        "memberships",
        "NIK;Nomor KPJ;Segmen;NPP;Mulai;Berakhir",
        f"{PASSPORT};{kpj};PU;{company.npp};01-02-2024;",
    )
    emma = Participant.objects.get(passport=PASSPORT)

    assert (emma.nik, emma.memberships.get().kpj) == (None, kpj)
    for kind in ("participant", "membership"):
        response = admin_client.get(f"/petugas/jht/{kind}/unduh/csv/")
        assert response.status_code == 200, kind
        told = b"".join(response.streaming_content).decode("utf-8-sig")
        assert PASSPORT in told
        bring_in(tmp_path, f"{kind}s", told)  # what went out changes nothing
    assert Participant.objects.count() == 1


# --- Migration -----------------------------------------------------------------------------------------------

ROWS = """
    INSERT INTO jht_participant (id, nik, name, birth_date, has_npwp)
        VALUES (7, '4971015503900001', 'Siti', '1990-03-15', 0);
    INSERT INTO jht_membership (id, participant_id, kpj, segment, start)
        VALUES (8, 7, '49000000011', 'BPU', '2020-01-01');
    INSERT INTO jht_entry (id, membership_id, date, kind, amount, reason, "key", recorded_at)
        VALUES (9, 8, '2020-02-01', 'correction', 5, 'x', 'k', '2020-02-01');
"""


def test_on_sqlite_the_triggers_and_the_rows_survive_the_migration(tmp_path):
    env = {**os.environ, "DATA_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/t.sqlite3"}

    def opened():
        database = sqlite3.connect(tmp_path / "t.sqlite3")
        database.create_function("REGEXP", 2, lambda pattern, text: text and bool(re.search(pattern, text)))
        return database

    def migrate(name):
        subprocess.run([sys.executable, "manage.py", "migrate", "jht", name, "-v0"], env=env, check=True, timeout=300)

    migrate("0012")
    database = opened()
    database.executescript(ROWS)
    triggers = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    before = database.execute(triggers).fetchall()
    database.close()

    migrate("0013")
    database = opened()

    assert len(before) >= 10
    assert database.execute(triggers).fetchall() == before
    siti = database.execute("SELECT id, nik, passport FROM jht_participant").fetchall()
    assert siti == [(7, "4971015503900001", None)]
    assert database.execute("SELECT participant_id, unadded_since FROM jht_membership").fetchall() == [(7, None)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    with pytest.raises(sqlite3.IntegrityError, match="ledger entries are never changed"):
        database.execute("UPDATE jht_entry SET amount = 6")
    with pytest.raises(sqlite3.IntegrityError, match="construction workers"):
        database.execute("UPDATE jht_membership SET segment = 'JAKON'")
    with pytest.raises(sqlite3.IntegrityError, match="participant_nik_or_passport"):
        database.execute("UPDATE jht_participant SET nik = NULL")
    database.close()
