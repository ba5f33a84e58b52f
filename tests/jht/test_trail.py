"""Jejak petugas: who did what is written once, reads well, is found again, and is never changed."""

import csv
import importlib
from datetime import date, timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jht import actions, merges, trail
from jht.models import AuditRecord, Contribution, Membership, Participant, Rate
from tests.jht.claiming import approved, ended_membership, filed, rates
from tests.jht.factories import make_employer, make_membership, make_participant, pay

pytestmark = pytest.mark.django_db
Act = AuditRecord.Act
TRAIL = "/petugas/jht/auditrecord/"


def acts(**found) -> list[str]:
    return list(AuditRecord.objects.filter(**found).order_by("pk").values_list("act", flat=True))


# --- What is written -----------------------------------------------------------------------------------------


def test_entering_and_changing_are_one_line_each_under_the_clerks_name(desk, clerk):
    company = {"npp": "L4900001", "name": "PT Lama", "city": ""}
    desk.post("/petugas/jht/employer/add/", company)
    row = AuditRecord.objects.get()
    desk.post(f"/petugas/jht/employer/{row.key}/change/", {**company, "name": "PT Baru"})

    assert acts() == ["entered", "changed"]
    assert (row.actor, row.actor_name, row.what, row.label) == (
        clerk, clerk.email, "pemberi kerja", "PT Lama · L4900001",
    )  # fmt: skip
    assert "nama perusahaan" in AuditRecord.objects.get(act="changed").told.lower()
    assert not LogEntry.objects.exists()


def test_a_correction_a_cancellation_and_a_credited_year_are_written_by_the_action(clerk):
    Rate.objects.create(year=2024, percent=5, source="contoh")
    contribution = pay(make_membership(start=date(2024, 1, 1)), date(2024, 1, 1))
    kept = pay(make_membership(start=date(2024, 1, 1)), date(2024, 1, 1))
    today = timezone.localdate()
    for _ in range(2):  # the second time changes nothing and is no line
        actions.correct(kept.membership, 50_000, "Salah hitung", today, "koreksi-1", clerk)
        actions.cancel_contribution(contribution, "Salah bulan", today, clerk)
        actions.credit_return(2024, today, clerk)

    assert acts(actor=clerk) == ["entered", "cancelled", "credited"]
    correction, cancelled, credited = AuditRecord.objects.order_by("pk")
    assert "Rp50.000" in correction.told
    assert correction.participant_id_was == kept.membership.participant_id
    assert "Salah bulan" in cancelled.told
    assert contribution.membership.kpj in cancelled.label
    assert "1 catatan" in credited.told


def test_a_refused_act_leaves_no_line(clerk):
    membership = make_membership()
    with pytest.raises(Exception, match="kurang dari Rp0"):
        actions.correct(membership, -1, "salah", timezone.localdate(), "koreksi", clerk)

    assert not AuditRecord.objects.exists()


def test_a_participant_who_links_an_account_is_on_the_trail(client):
    user = get_user_model().objects.create_user("budi@latih.test")
    membership = make_membership(make_participant("Budi Latihan"))
    person = membership.participant
    client.force_login(user)
    typed = {"nik": person.nik, "kpj": membership.kpj, "name": person.name, "birth_date": "15-03-1990"}

    client.post("/jht/hubungkan/", {**typed, "name": "Bukan Dia"})
    assert not AuditRecord.objects.exists()
    client.post("/jht/hubungkan/", typed)

    line = AuditRecord.objects.get()
    assert (line.act, line.actor, line.participant_id_was) == ("linked", user, person.pk)


def test_a_removal_is_told_with_its_reason_and_stays_after_the_person(client, boss):
    client.force_login(boss)
    person = make_membership(make_participant("Budi Latihan")).participant
    number = person.pk

    client.post(f"/petugas/jht/participant/{number}/hapus-rekaan/", {"reason": "Kelas selesai", "confirm": "on"})

    line = AuditRecord.objects.get()
    assert (line.act, line.label, line.participant_id_was) == ("removed", "Budi Latihan", number)
    assert "Kelas selesai" in line.told
    assert f"{TRAIL}?peserta={number}" in client.get(f"{TRAIL}{line.pk}/change/").text


def test_an_ordinary_deletion_is_written_before_the_row_goes(client, boss):
    client.force_login(boss)
    company = make_employer("PT Lama")

    client.post(f"/petugas/jht/employer/{company.pk}/delete/", {"post": "yes"})

    assert AuditRecord.objects.get().label == f"PT Lama · {company.npp}"
    assert acts() == ["removed"]


def test_a_claim_and_a_merge_are_written_step_by_step_and_once(desk, clerk):
    rates()
    claim = approved(ended_membership(), by=clerk)
    person = make_participant()
    target, source = (make_membership(person, segment="BPU", start=date(2024, 1, 1)) for _ in range(2))
    request = merges.request_merge(person, target, [source], timezone.localdate(), None)
    for _ in range(2):
        desk.post(f"/petugas/jht/mergerequest/{request.pk}/gabungkan/")
        desk.post(f"/petugas/jht/claim/{claim.pk}/tolak/", {"tolak-refusal": "other", "tolak-message": "Tidak cocok."})

    assert acts(what="klaim") == ["asked", "approved", "refused"]
    assert acts(what="kepesertaan") == ["merged"]
    assert acts(what="amalgamasi") == ["asked", "approved"]


def test_what_a_trainer_does_with_accounts_is_on_the_same_trail(client, boss):
    client.force_login(boss)

    client.post("/petugas/accounts/user/add/", {"email": "baru@latih.test", "usable_password": "false"})

    assert (AuditRecord.objects.get().label, acts()) == ("baru@latih.test", ["entered"])


# --- Who looked ----------------------------------------------------------------------------------------------


def test_opening_a_persons_page_is_written_once_for_each_time(desk, clerk):
    rates()
    claim = filed(ended_membership())
    contribution = Contribution.objects.first()
    membership = contribution.membership
    before = AuditRecord.objects.count()
    pages = {
        "participant": membership.participant, "membership": membership, "contribution": contribution, "claim": claim,
    }  # fmt: skip
    for name, row in pages.items():
        for _ in range(2):
            assert desk.get(f"/petugas/jht/{name}/{row.pk}/change/").status_code == 200

    assert acts(act="looked", actor=clerk) == ["looked"] * 8
    assert AuditRecord.objects.count() == before + 8
    looked = AuditRecord.objects.filter(act="looked").values_list("participant_id_was", flat=True)
    assert set(looked) == {membership.participant_id, claim.membership.participant_id}


def test_searching_listing_and_saving_are_no_looking(desk):
    membership = make_membership()
    for address in ("participant/?q=budi", "membership/", f"membership/?q={membership.kpj}", "employer/", "rate/"):
        desk.get(f"/petugas/jht/{address}")
    desk.get(f"/petugas/jht/employer/{membership.employer_id}/change/")
    desk.post(f"/petugas/jht/membership/{membership.pk}/change/", {"kpj": "x"})

    assert not AuditRecord.objects.exists()


def test_who_may_not_look_leaves_no_line(client):
    client.force_login(get_user_model().objects.create_user("orang@latih.test"))

    client.get(f"/petugas/jht/membership/{make_membership().pk}/change/")

    assert not AuditRecord.objects.exists()


def test_no_page_view_of_a_participant_writes(client):
    rates()
    user = get_user_model().objects.create_user("budi@latih.test")
    membership = ended_membership()
    Participant.objects.filter(pk=membership.participant_id).update(user=user)
    client.force_login(user)
    kpj = membership.kpj
    pages = ["", f"{kpj}/", f"{kpj}/tunggakan/", "kartu/", f"kartu/{kpj}/", "klaim/", "lacak/", "simulasi/"]
    pages += ["amalgamasi/", f"{kpj}/rincian.csv"]
    client.get("/jht/")
    for page in pages:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/jht/{page}").status_code in (200, 400), page
        written = [query["sql"] for query in captured if not query["sql"].lstrip().upper().startswith("SELECT")]
        assert [sql for sql in written if "session" not in sql.lower() and "SAVEPOINT" not in sql] == [], page
    assert not AuditRecord.objects.exists()


# --- The page ------------------------------------------------------------------------------------------------


@pytest.fixture
def lines(clerk):
    """Two people, two actors, two days."""
    budi, siti = make_membership(make_participant("Budi")), make_membership(make_participant("Siti"))
    day = timezone.localtime().replace(hour=12)
    trail.note(Act.ENTERED, budi.participant, clerk, "Peserta baru", at=day - timedelta(days=40))
    trail.note(Act.CHANGED, budi, clerk, at=day)
    trail.note(Act.LOOKED, siti, None, at=day)
    trail.note_list(Act.EXPORTED, Membership, clerk, "CSV, seluruh daftar", at=day)
    return budi, siti


def told(desk, query: str) -> set[str]:
    page = desk.get(f"{TRAIL}?{query}")
    return {record.act for record in page.context["cl"].result_list}


def test_the_trail_is_filtered_by_act_kind_actor_day_person_and_row(desk, clerk, lines):
    budi, siti = lines
    today = f"{timezone.localdate():%d-%m-%Y}"
    everything = {"entered", "changed", "looked", "exported"}

    assert told(desk, "") == everything
    assert told(desk, "act__exact=looked") == {"looked"}
    assert told(desk, "jenis=peserta") == {"entered"}
    assert told(desk, "pelaku=sistem") == {"looked"}
    assert told(desk, f"dari={today}") == {"changed", "looked", "exported"}
    assert told(desk, f"dari={today}&sampai={today}&pelaku=petugas") == {"changed", "exported"}
    assert told(desk, "sampai=01-01-2020") == set()
    for whose in (budi.kpj, budi.participant.nik, budi.participant_id):
        assert told(desk, f"peserta={whose}") == {"entered", "changed"}
    assert told(desk, "peserta=siapa") == set()
    assert told(desk, f"jenis=kepesertaan&baris={siti.pk}") == {"looked"}
    assert told(desk, "q=Peserta baru") == {"entered"}


def test_a_person_and_a_row_lead_to_their_part_of_the_trail(desk, lines):
    budi, _ = lines
    page = desk.get(f"/petugas/jht/participant/{budi.participant_id}/change/").text
    history = desk.get(f"/petugas/jht/membership/{budi.pk}/history/", follow=True)

    assert f'href="{TRAIL}?peserta={budi.participant_id}"' in page
    assert "Jejak orang ini" in page
    assert [record.act for record in history.context["cl"].result_list] == ["changed"]


def test_the_trail_reads_in_words_and_leads_to_the_rows(desk, lines):
    budi, _ = lines

    text = desk.get(TRAIL).text

    for words in ("Jejak petugas", "mengubah", "melihat", "mengekspor", "daftar kepesertaan", "sistem"):
        assert words in text
    assert f'href="/petugas/jht/membership/{budi.pk}/change/"' in text


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("dari=31-02-2026", "Hari yang dicari tidak terbaca. Tanggal ini tidak ada dalam kalender"),
        ("dari=01-11-2026&sampai=01-10-2026", "lebih akhir daripada “sampai”"),
    ],
)
def test_a_day_that_is_none_is_told_and_shows_nothing(desk, lines, asked, told):
    answer = desk.get(f"{TRAIL}?{asked}")

    assert told in answer.text
    assert not answer.context["cl"].result_list
    exported = b"".join(desk.get(f"{TRAIL}unduh/csv/?{asked}").streaming_content).decode("utf-8-sig")
    assert len(exported.splitlines()) == 1


def test_the_trail_is_exported_as_it_is_filtered(desk, lines):
    answer = desk.get(f"{TRAIL}unduh/csv/?act__exact=entered")

    rows = list(csv.reader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:3] == ["Waktu", "Oleh", "Perbuatan"]
    assert [row[2] for row in rows[1:]] == ["memasukkan"]
    assert b"".join(desk.get(f"{TRAIL}unduh/xlsx/").streaming_content).startswith(b"PK")
    assert acts(what="jejak") == ["exported", "exported"]


def test_nobody_writes_changes_or_deletes_a_line_by_hand(client, boss, lines):
    client.force_login(boss)
    line = AuditRecord.objects.first()

    assert client.get(f"{TRAIL}add/").status_code == 403
    assert client.get(f"{TRAIL}{line.pk}/change/").status_code == 200
    for tail in ("change/", "delete/"):
        assert client.post(f"{TRAIL}{line.pk}/{tail}", {"post": "yes"}).status_code == 403


def test_the_first_page_shows_what_this_person_did_last(desk, clerk, lines):
    text = desk.get("/petugas/").text

    assert "Tindakan Anda yang terakhir" in text
    assert "daftar kepesertaan" in text
    assert text.index("Jejak petugas") > text.index("Penghapusan peserta")


# --- The database --------------------------------------------------------------------------------------------

STATEMENTS = ["UPDATE jht_auditrecord SET told = 'lain'", "DELETE FROM jht_auditrecord"]
if connection.vendor == "postgresql":
    STATEMENTS.append("TRUNCATE jht_auditrecord")


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_database_refuses_to_change_or_delete_the_trail(lines, statement):
    with pytest.raises(DatabaseError, match="trail is never"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert AuditRecord.objects.count() == 4


def test_the_old_log_becomes_part_of_the_trail_once(clerk):
    membership = make_membership()
    kind = ContentType.objects.get_for_model(Membership)
    logged = {"user": clerk, "content_type": kind, "object_id": str(membership.pk), "object_repr": membership.kpj}
    LogEntry.objects.create(**logged, action_flag=1, change_message='[{"added": {}}]')
    LogEntry.objects.create(**logged, action_flag=2, change_message="Iuran dibatalkan: salah")
    LogEntry.objects.create(user=clerk, object_id="7", object_repr="sesuatu", action_flag=3)
    migration = importlib.import_module("jht.migrations.0012_one_trail")
    for _ in range(2):
        migration.copy(apps, connection.schema_editor())

    assert acts() == ["entered", "changed", "removed"]
    first, second, _ = AuditRecord.objects.order_by("pk")
    assert (first.what, first.label, first.participant_id_was) == (
        "kepesertaan", membership.kpj, membership.participant_id,
    )  # fmt: skip
    assert first.at == LogEntry.objects.order_by("pk").first().action_time
    assert second.told == "Iuran dibatalkan: salah"
    assert first.actor_name == clerk.email
