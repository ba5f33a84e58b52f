"""Unduh CSV and XLSX: what the list shows, all of it, harmless in a spreadsheet, and ready to be brought in again."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from django.contrib.admin import site
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jht import actions, sheets
from jht.admin.base import DeskAdmin
from jht.imports.columns import LISTS, Kind
from jht.imports.engine import bring_in
from jht.imports.files import open_table
from jht.imports.headings import recognise
from jht.models import AuditRecord, Contribution, Entry, Rate
from tests.jht.factories import make_employer, make_membership, make_participant, pay

pytestmark = pytest.mark.django_db
KINDS = {
    "employer": Kind.EMPLOYERS,
    "participant": Kind.PARTICIPANTS,
    "membership": Kind.MEMBERSHIPS,
    "contribution": Kind.CONTRIBUTIONS,
    "rate": Kind.RATES,
}
MARCH = date(2024, 3, 1)
MARCH_NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)


def unduh(desk, model, extension="csv", **asked):
    response = desk.get(f"/petugas/jht/{model}/unduh/{extension}/", asked)
    assert response.status_code == 200
    return response.getvalue()


def csv_rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


def xlsx_rows(data: bytes) -> list[tuple]:
    return list(openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(values_only=True))


# --- What is in it -------------------------------------------------------------------------------------------


def test_every_list_has_its_two_buttons_with_the_filters_that_are_set(desk):
    page = desk.get("/petugas/jht/contribution/", {"keadaan": "batal"}).text

    assert 'href="/petugas/jht/contribution/unduh/csv/?keadaan=batal"' in page
    assert 'href="/petugas/jht/contribution/unduh/xlsx/?keadaan=batal"' in page


def test_contributions_have_the_headings_of_the_template_and_their_figures(desk):
    member = make_membership(make_participant("Siti Rekaan"), make_employer("PT Rekaan", npp="L4900001"))
    pay(member, MARCH, paid_on=date(2024, 4, 10))  # 5.000.000: 185.000 + 100.000, docs/aturan.md#iuran-pu

    headings, row = csv_rows(unduh(desk, "contribution"))

    assert row == [
        member.kpj, "03-2024", "5000000", "", "10-04-2024", "tercatat", "Siti Rekaan", "L4900001", "PT Rekaan",
        "185000", "100000", "285000", "",
    ]  # fmt: skip
    assert headings == [column.title for column in LISTS[Kind.CONTRIBUTIONS]]


def test_in_xlsx_amounts_are_numbers_days_are_days_and_a_kpj_is_text(desk):
    member = make_membership()
    pay(member, MARCH, paid_on=date(2024, 4, 10))

    _, row = xlsx_rows(unduh(desk, "contribution", "xlsx"))

    assert (row[0], row[1], row[2], row[4].date()) == (member.kpj, "03-2024", 5_000_000, date(2024, 4, 10))


def test_a_migrant_workers_month_shows_the_amount_chosen_and_no_wage(desk):
    pay(make_membership(segment="PMI"), MARCH, 200_000)

    _, row = csv_rows(unduh(desk, "contribution"))

    assert row[2:4] == ["", "200000"]


def test_the_ledger_keeps_the_sign_and_the_sen_as_numbers(desk, clerk):
    member = make_membership()
    pay(member, MARCH)
    actions.correct(member, Decimal("-12500.75"), "salah catat", MARCH, "k", clerk)

    typed = csv_rows(unduh(desk, "entry"))[1]
    stored = xlsx_rows(unduh(desk, "entry", "xlsx"))[1]

    assert typed[4] == "-12500,75"
    assert (type(stored[4]), stored[4]) == (float, -12500.75)


def test_a_list_is_exported_as_it_is_searched_and_filtered_and_all_pages_of_it(desk):
    for number in range(60):  # a page of the list shows fifty
        make_employer(f"PT Rekaan {number}", city="Bandung")
    make_employer("CV Lain", city="Medan")

    assert len(csv_rows(unduh(desk, "employer", q="Bandung"))) == 61
    assert [row[1] for row in csv_rows(unduh(desk, "employer", q="Medan"))] == ["Nama perusahaan", "CV Lain"]


def test_an_empty_list_still_has_its_headings(desk):
    assert csv_rows(unduh(desk, "membership"))[0][:2] == ["NIK", "Nomor KPJ"]
    assert xlsx_rows(unduh(desk, "membership", "xlsx"))[0][:2] == ("NIK", "Nomor KPJ")


def test_a_list_without_columns_of_its_own_gives_what_it_shows(desk, boss, client):
    client.force_login(boss)
    actions.remove_participant(make_participant(), "salah orang", MARCH_NOON, boss)

    headings, row = csv_rows(unduh(client, "removal"))

    assert headings == ["Waktu", "Nomor peserta", "Alasan", "Oleh"]
    assert row[2:] == ["salah orang", "kepala@latih.test"]


# --- Harmless ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+62", "-2+3", "@SUM(1)", "\t=1", "\r=1"])
def test_a_name_that_looks_like_a_formula_is_exported_as_text(desk, name):
    make_employer(name)

    assert csv_rows(unduh(desk, "employer"))[1][1] == f"'{name}"
    book = openpyxl.load_workbook(io.BytesIO(unduh(desk, "employer", "xlsx")))
    cell = book.worksheets[0]["B2"]
    assert cell.data_type == "s"
    assert cell.value.startswith("'")


# --- Who, and what it costs ------------------------------------------------------------------------------------


def test_each_export_leaves_a_line_that_says_which_part_of_the_list(desk, clerk):
    unduh(desk, "contribution", "xlsx", keadaan="tercatat", q="Budi")

    line = AuditRecord.objects.get()
    assert (line.actor, line.act, line.label) == (clerk, "exported", "daftar iuran")
    assert line.told == "XLSX, keadaan=tercatat, q=Budi"


def test_who_may_not_see_a_list_gets_no_export_of_it(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("tamu@latih.test", is_staff=True))

    assert client.get("/petugas/jht/participant/unduh/csv/").status_code == 403
    client.logout()
    assert client.get("/petugas/jht/participant/unduh/csv/").status_code == 302
    assert not AuditRecord.objects.exists()


def test_a_real_nik_in_the_search_is_neither_searched_nor_noted(desk):
    response = desk.get("/petugas/jht/participant/unduh/csv/", {"q": "3174010101900001"}, follow=True)

    assert "tampak seperti NIK sungguhan" in response.text
    assert not AuditRecord.objects.exists()


@pytest.mark.parametrize("address", ["unduh/pdf/", "unduh/csv/?id__year=x"])
def test_rubbish_in_the_address_is_no_server_error(desk, address):
    assert desk.get(f"/petugas/jht/participant/{address}").status_code in (302, 404)


@pytest.mark.parametrize("model", ["participant", "employer", "membership", "contribution", "entry", "rate"])
@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_an_export_costs_the_same_queries_for_any_number_of_rows(desk, model, extension):
    Rate.objects.create(year=2020, percent=5, source="latihan")

    def queries():
        with CaptureQueriesContext(connection) as context:
            unduh(desk, model, extension)
        return len(context)

    pay(make_membership(), MARCH)
    queries()  # what a process asks once, such as content types
    few = queries()
    for year in range(2021, 2027):
        Rate.objects.create(year=year, percent=5, source="latihan")
        pay(make_membership(), MARCH)
    assert queries() == few


# --- Round trip ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
@pytest.mark.parametrize(("model", "kind"), KINDS.items())
def test_what_was_exported_is_recognised_by_the_importer(desk, model, kind, extension):
    Rate.objects.create(year=2020, percent=Decimal("5.63"), source="latihan")
    member = make_membership()
    pay(member, MARCH)

    table = open_table(unduh(desk, model, extension), f"daftar.{extension}")
    layout = recognise(table.headings, kind, table.heading_row)

    assert layout.faults == []
    assert layout.positions.keys() == {column.name for column in LISTS[kind] if column.is_read}
    assert len(list(table.rows())) == 1
    assert Contribution.objects.count() == 1


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
@pytest.mark.parametrize("model", ["employer", "participant", "membership", "contribution", "rate"])
def test_what_was_exported_can_be_brought_in_again_and_changes_nothing(desk, clerk, model, extension):
    Rate.objects.create(year=2020, percent=Decimal("5.63"), source="latihan")
    for segment in ("PU", "BPU", "PMI"):
        pay(make_membership(segment=segment), MARCH, 200_000, paid_on=date(2024, 4, 10))
    cancelled = pay(make_membership(), MARCH)
    actions.cancel_contribution(cancelled, "salah catat", date(2024, 5, 1), clerk)
    before = list(Contribution.objects.order_by("pk").values()), Entry.objects.count(), Rate.objects.count()
    table = open_table(unduh(desk, model, extension), f"daftar.{extension}")

    outcome = bring_in(table, KINDS[model], today=date(2026, 11, 20), by=clerk, write=True)

    assert (outcome.faults, outcome.rows_new) == ([], 0)
    after = list(Contribution.objects.order_by("pk").values()), Entry.objects.count(), Rate.objects.count()
    assert after == before


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_every_list_of_the_desk_can_be_downloaded(client, boss, extension):
    client.force_login(boss)
    lists = [model._meta for model, page in site._registry.items() if isinstance(page, DeskAdmin)]
    assert len(lists) >= 8

    for meta in lists:
        response = client.get(f"/petugas/{meta.app_label}/{meta.model_name}/unduh/{extension}/")
        assert response.status_code == 200, meta
        assert response.getvalue()


def test_what_is_more_than_a_sheet_holds_goes_onto_the_next(desk, monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)  # a heading and two rows
    for number in range(5):
        make_employer(f"PT Rekaan {number}")

    book = openpyxl.load_workbook(io.BytesIO(unduh(desk, "employer", "xlsx")))
    title = book.sheetnames[0]
    pages = [list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets]

    assert book.sheetnames == [title, f"{title} (2)", f"{title} (3)"]
    assert [len(page) for page in pages] == [3, 3, 2]
    assert len({page[0] for page in pages}) == 1  # the same headings
    assert {row[1] for page in pages for row in page[1:]} == {f"PT Rekaan {number}" for number in range(5)}


def test_a_sheet_that_is_just_full_has_no_empty_one_after_it(desk, monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    for number in range(2):
        make_employer(f"PT Rekaan {number}")

    assert len(openpyxl.load_workbook(io.BytesIO(unduh(desk, "employer", "xlsx"))).worksheets) == 1


def test_a_sheet_may_outgrow_two_gigabytes_while_it_is_written(desk, monkeypatch):
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 20_000)  # stands for 2 GiB
    for number in range(800):
        make_employer(f"PT Rekaan {number} dengan nama panjang")

    assert len(xlsx_rows(unduh(desk, "employer", "xlsx"))) == 801
