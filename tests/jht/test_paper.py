"""Unduh rincian: the statement as PDF, CSV and XLSX, through its addresses; text and tags of the PDF."""

import csv
import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from jht import actions, paper
from jht.models import Rate
from tests.jht.factories import make_employer, make_membership, make_participant, pay

pytestmark = pytest.mark.django_db
GOLDEN = Path(__file__).resolve().parent.parent / "data"
NOON = datetime(2026, 3, 15, 5, tzinfo=UTC)  # noon in Jakarta on 15 March 2026
MARK = "SIMULASI — bukan situs resmi"


@pytest.fixture
def user():
    return get_user_model().objects.create_user("budi@latih.test")


@pytest.fixture
def signed_in(client, user, monkeypatch):
    monkeypatch.setattr("portal.middleware.timezone.now", lambda: NOON)
    client.force_login(user)
    return client


@pytest.fixture
def membership(user):
    """The published example: wage Rp5.000.000 from 2021 to 2025 at 5 % (docs/aturan.md#hasil-pengembangan)."""
    for year in range(2021, 2026):
        Rate.objects.create(year=year, percent=5, source="contoh docs/aturan.md", is_training=False)
    person = make_participant("Budi Santoso", user=user)
    employer = make_employer("PT Rekaan Jaya")
    membership = make_membership(person, employer, kpj="49000000017", start=date(2021, 1, 1))
    pay_years(membership, 2021, 2025)
    return membership


def pay_years(membership, first: int, last: int) -> None:
    actions.record_contributions(
        actions.wage_payment(membership, date(year, month, 1), 5_000_000, date(year, month, 1))
        for year in range(first, last + 1)
        for month in range(1, 13)
    )
    for rate in Rate.objects.filter(credited_on__isnull=True).order_by("year"):
        actions.credit_return(rate.year, on=date(2026, 1, 2))


def read(response) -> PdfReader:
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/pdf")
    return PdfReader(io.BytesIO(response.content))


def text_of(reader: PdfReader) -> str:
    return "\n".join(f"--- {number} ---\n{page.extract_text()}" for number, page in enumerate(reader.pages, 1))


def tags(reader: PdfReader) -> list[str]:
    """The structure tree as one reads it: each element's tag, indented."""
    lines = []

    def walk(element, depth: int) -> None:
        element = element.get_object()
        if not isinstance(element, DictionaryObject) or "/S" not in element:
            return  # the content itself
        lines.append("  " * depth + element["/S"][1:])
        kids = element.get("/K", [])
        kids = kids.get_object() if hasattr(kids, "get_object") else kids
        for kid in kids if isinstance(kids, list) else [kids]:
            walk(kid, depth + 1)

    kids = reader.trailer["/Root"]["/StructTreeRoot"]["/K"]
    for kid in kids if isinstance(kids, list) else [kids]:
        walk(kid, 0)
    return lines


def compare(name: str, text: str) -> None:
    """With the file in tests/data; a person has read that one against docs/aturan.md."""
    assert text.strip() + "\n" == (GOLDEN / name).read_text()


# --- PDF -----------------------------------------------------------------------------------------------------


def test_the_pdf_says_word_for_word_what_the_golden_file_says(signed_in, membership):
    reader = read(signed_in.get("/jht/49000000017/rincian.pdf?dari=2024&sampai=2025"))

    compare("rincian-2024-2025.txt", text_of(reader))


def test_the_tags_of_the_pdf_are_those_of_the_golden_file(signed_in, membership):
    reader = read(signed_in.get("/jht/49000000017/rincian.pdf?dari=2025&sampai=2025"))

    compare("rincian-2025-tags.txt", "\n".join(tags(reader)))


def test_the_published_example_stands_in_the_pdf(signed_in, membership):
    text = text_of(read(signed_in.get("/jht/49000000017/rincian.pdf")))

    for closing in ("3.512.625", "7.200.881", "11.073.550", "15.139.853", "19.409.470"):
        assert closing in text


def test_the_pdf_is_accessible(signed_in, membership):
    reader = read(signed_in.get("/jht/49000000017/rincian.pdf"))
    root = reader.trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "id"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Rincian saldo JHT, KPJ 490 0000 0017, 2021 sampai 2026 (SIMULASI)"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert all(page["/Tabs"] == "/S" for page in reader.pages)
    assert all(page.mediabox.width == pytest.approx(595.28, abs=0.1) for page in reader.pages)  # A4
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            base = font["/DescendantFonts"][0]["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(base)
            assert "/ToUnicode" in font.get_object()


def test_every_table_has_header_cells_and_every_row_is_one(signed_in, membership):
    lines = tags(read(signed_in.get("/jht/49000000017/rincian.pdf")))

    names = [line.strip() for line in lines]
    assert names.count("Table") == names.count("THead") == 2 + 2 * 6  # facts, years, and two for each year
    assert names.count("TH") == 2 + 8 + 6 * (7 + 3)
    assert names.count("H1") == 2
    assert names.count("H2") == 6


def test_every_cell_names_its_headings(signed_in, membership):
    reader = read(signed_in.get("/jht/49000000017/rincian.pdf?dari=2025&sampai=2025"))
    cells = [element.get_object() for element in reader.trailer["/Root"]["/StructTreeRoot"]["/K"]]
    table = {"TH": [], "TD": []}
    while cells:
        element = cells.pop().get_object()
        if not isinstance(element, DictionaryObject) or "/S" not in element:
            continue
        if element["/S"][1:] in table:
            table[element["/S"][1:]].append((element.get("/ID"), element["/A"][0].get_object()))
        kids = element.get("/K", [])
        cells += kids if isinstance(kids, list) else [kids]
    headings = {str(name) for name, _ in table["TH"]}

    assert all(attributes["/Scope"] == "/Column" for _, attributes in table["TH"])
    assert len(table["TD"]) == 7 * 2 + 7 + 13 * 3
    assert all({str(name) for name in attributes["/Headers"]} <= headings for _, attributes in table["TD"])
    assert all(len(attributes["/Headers"]) == 1 for _, attributes in table["TD"])


def test_what_repeats_on_every_page_is_not_read_aloud(signed_in, membership):
    for page in read(signed_in.get("/jht/49000000017/rincian.pdf")).pages:
        content = page.get_contents().get_data()
        for kind in (b"Header", b"Footer"):
            assert re.search(rb"/Artifact<<[^>]*/Subtype/" + kind + rb"/Type/Pagination>>BDC", content)


def test_the_template_opens_no_file_and_no_package():
    words = paper.TEMPLATE.read_text()

    for way_out in ("#import", "#include", "read(", "image(", "plugin(", "eval(", "csv(", "xml(", "yaml(", "toml("):
        assert way_out not in words
    assert words.count("json(") == words.count("json(bytes(sys.inputs.data))") == 1


def test_each_page_bears_the_mark_and_its_number(signed_in, membership):
    pages = read(signed_in.get("/jht/49000000017/rincian.pdf")).pages

    assert len(pages) == 3
    for number, page in enumerate(pages, 1):
        text = page.extract_text()
        assert MARK in text
        assert f"Halaman {number} dari {len(pages)}" in text


def test_three_full_years_stand_on_one_page(signed_in, membership):
    pages = read(signed_in.get("/jht/49000000017/rincian.pdf?dari=2021&sampai=2023")).pages

    assert len(pages) == 2
    assert all(f"Tahun {year}" in pages[1].extract_text() for year in (2021, 2022, 2023))


def test_a_correction_a_withdrawal_and_a_long_reason_are_told(signed_in, membership):
    reason = "Iuran Maret dibayar dua kali oleh pemberi kerja dan dikembalikan kepada perusahaan " * 2
    actions.correct(membership, Decimal("-285000"), reason.strip(), date(2026, 2, 2), key="k", by=None)
    actions.withdraw(membership, None, "Klaim: mengundurkan diri", date(2026, 3, 3), key="w")

    text = " ".join(text_of(read(signed_in.get("/jht/49000000017/rincian.pdf?dari=2026"))).split())

    assert "Koreksi, Iuran Maret dibayar dua kali oleh pemberi kerja dan dikembalikan" in text
    assert "Penarikan, Klaim: mengundurkan diri" in text
    assert "−285.000" in text


@pytest.mark.parametrize("name", ["李小龙 Latihan", "Ayu 😀", "Ñandú Łukasz", '#image("/etc/hostname") $x$ *a* @b <c>'])
def test_any_name_is_printed_as_text(signed_in, membership, name):
    membership.participant.name = name
    membership.participant.save()

    text = text_of(read(signed_in.get("/jht/49000000017/rincian.pdf")))

    assert name.encode("latin-1", "replace").decode("latin-1").replace("?ukasz", "Łukasz") in text


def test_a_year_too_long_for_a_page_goes_on_overleaf(signed_in, membership):
    for turn in range(80):
        actions.correct(
            membership, Decimal(turn + 1), f"Latihan koreksi ke-{turn}", date(2026, 2, 2), key=f"k{turn}", by=None
        )

    reader = read(signed_in.get("/jht/49000000017/rincian.pdf?dari=2026"))

    assert len(reader.pages) == 2
    assert all(f"Latihan koreksi ke-{turn}" in text_of(reader) for turn in range(80))


def test_a_kpj_without_entries_gets_a_sentence(signed_in, user):
    empty = make_membership(make_participant(user=user), start=date(2026, 3, 1))

    assert "belum ada yang dapat dirinci" in text_of(read(signed_in.get(f"/jht/{empty.kpj}/rincian.pdf")))


# --- CSV and XLSX --------------------------------------------------------------------------------------------


def csv_rows(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


def amount(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def test_the_csv_begins_with_the_mark_and_adds_up_to_the_sen(signed_in, membership):
    rows = csv_rows(signed_in.get("/jht/49000000017/rincian.csv?sampai=2025"))

    assert rows[0][0].startswith(MARK)
    assert ["KPJ", "49000000017"] in rows
    head = rows.index(["Tahun", "Bulan", "Jenis", "Keterangan", "Jumlah (Rp)", "Saldo (Rp)"])
    body = rows[head + 1 :]
    assert len(body) == 1 + 5 * 13
    assert sum(amount(row[4]) for row in body) == amount(body[-1][5]) == Decimal("19409470.47")
    assert body[1] == ["2021", "01-2021", "Iuran", "dibayar 1 Januari 2021", "285000,00", "285000,00"]


def test_a_later_range_opens_with_what_was_there(signed_in, membership):
    rows = csv_rows(signed_in.get("/jht/49000000017/rincian.csv?dari=2025&sampai=2025"))

    opening = next(row for row in rows if row[2:3] == ["Saldo awal"])
    assert opening[4] == "15139852,83"
    assert rows[-1][5] == "19409470,47"
    assert ["Sampai", "31 Desember 2025"] in rows


def test_the_xlsx_holds_numbers_that_add_up(signed_in, membership):
    response = signed_in.get("/jht/49000000017/rincian.xlsx?sampai=2025")
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    years, months = book.worksheets

    assert [sheet["A1"].value.startswith(MARK) for sheet in (years, months)] == [True, True]
    by_year = [row for row in years.iter_rows(values_only=True) if isinstance(row[0], int)]
    assert [row[0] for row in by_year] == [2021, 2022, 2023, 2024, 2025]
    for row in by_year:
        assert sum(Decimal(str(value)) for value in row[1:7]) == Decimal(str(row[7]))
    assert by_year[-1][7] == 19409470.47
    body = [row for row in months.iter_rows(values_only=True) if isinstance(row[0], int)]
    assert sum(Decimal(str(row[4])) for row in body) == Decimal("19409470.47")
    assert body[1][1] == "01-2021"


def test_no_cell_is_a_formula(signed_in, membership):
    actions.correct(membership, Decimal(1000), "=1+1", date(2026, 2, 2), key="k", by=None)
    membership.participant.name = "@SUM(A1)"
    membership.participant.save()

    rows = csv_rows(signed_in.get("/jht/49000000017/rincian.csv"))
    book = openpyxl.load_workbook(io.BytesIO(signed_in.get("/jht/49000000017/rincian.xlsx").content))

    assert ["Nama", "'@SUM(A1)"] in rows
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)
    assert not any(cell.data_type == "f" for sheet in book for row in sheet for cell in row)


# --- Addresses -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["pdf", "csv", "xlsx"])
def test_a_file_is_saved_under_a_name_that_says_simulasi(signed_in, membership, kind):
    response = signed_in.get(f"/jht/49000000017/rincian.{kind}")

    assert response.headers["Content-Disposition"] == (
        f'attachment; filename="simulasi-rincian-jht-49000000017.{kind}"'
    )
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("kind", ["pdf", "csv", "xlsx", "docx"])
def test_somebody_elses_kpj_none_and_no_such_file_are_404(signed_in, membership, kind):
    stranger = make_membership()
    pay(stranger, date(2026, 1, 1))

    for kpj in (stranger.kpj, "49999999999"):
        assert signed_in.get(f"/jht/{kpj}/rincian.{kind}").status_code == 404
    assert signed_in.get("/jht/49000000017/rincian.docx").status_code == 404


def test_a_visitor_is_asked_to_log_in(client, membership):
    response = client.get("/jht/49000000017/rincian.pdf")

    assert (response.status_code, response.url.split("?")[0]) == (302, "/akun/login/")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("dari=abc", "Tahun ditulis dengan empat angka, misalnya 2024."),
        ("sampai=20244", "Tahun ditulis dengan empat angka"),
        ("dari=２０２４", "Tahun ditulis dengan empat angka"),
        ("dari=-1", "Tahun ditulis dengan empat angka"),
        ("dari=2025&sampai=2024", "Tahun awal melewati tahun akhir."),
        ("dari=1990&sampai=1999", "Rincian KPJ ini berisi tahun 2021 sampai 2026."),
        ("dari=2040", "Tahun awal melewati tahun akhir."),
    ],
)
def test_rubbish_gets_a_sentence_and_keeps_what_was_typed(signed_in, membership, query, sentence):
    response = signed_in.get(f"/jht/49000000017/rincian.pdf?{query}")

    assert response.status_code == 400
    assert sentence in response.text
    assert 'value="' in response.text


def test_a_range_that_reaches_beyond_the_entries_is_cut_to_them(signed_in, membership):
    text = text_of(read(signed_in.get("/jht/49000000017/rincian.pdf?dari=1990&sampai=2022")))

    assert "2021 sampai 2022" in text
    assert "sampai 31 Desember 2022" in text


def test_the_statement_page_leads_to_the_files(signed_in, membership):
    page = signed_in.get("/jht/49000000017/").text

    for kind in ("pdf", "csv", "xlsx"):
        assert f"/jht/49000000017/rincian.{kind}" in page


def test_a_file_costs_a_fixed_number_of_queries(signed_in, membership, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        signed_in.get("/jht/49000000017/rincian.csv")

    pay_years(make_membership(membership.participant, kpj="49000000018", start=date(1986, 1, 1)), 1986, 2025)
    with django_assert_max_num_queries(6):
        signed_in.get("/jht/49000000018/rincian.csv")


def test_the_clock_of_these_tests_is_the_one_of_the_golden_files():
    assert timezone.localdate(NOON) == date(2026, 3, 15)
