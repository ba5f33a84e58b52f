"""Reading spreadsheets: encodings, separators, Excel's own ways, headings; templates and the marked-up copy."""

import io
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.styles import numbers

from jht.imports.columns import LISTS, Kind
from jht.imports.faults import MASK, Fault
from jht.imports.files import FileRefused, marked_copy, open_table, template
from jht.imports.headings import recognise, swapped
from tests.jht.hostile import ROW, sheet, xlsx

TEXT = "NPP;Nama perusahaan;Kota\r\nL4900001;PT Rékaan “Jaya”;Bandung\r\nL4900002;CV Contoh;\r\n"
AFTERNOON = datetime(2026, 3, 15, 13, 30)  # noqa: DTZ001 (a cell has no time zone)
READ = [(2, ("L4900001", "PT Rékaan “Jaya”", "Bandung")), (3, ("L4900002", "CV Contoh", ""))]


def rows(data: bytes, name: str = "daftar.csv"):
    return list(open_table(data, name).rows())


def workbook(*lines, **looks) -> bytes:
    """An XLSX as another program writes it."""
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    for where, look in looks.items():
        book.active[where].number_format = look
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


# --- CSV -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_csv_is_read_in_every_usual_encoding(encoding):
    assert rows(TEXT.encode(encoding)) == READ


def test_a_csv_is_read_in_utf_16_of_either_order():
    assert rows(b"\xfe\xff" + TEXT.encode("utf-16-be")) == READ


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_the_separator_is_recognised(separator):
    assert rows(TEXT.replace(";", separator).encode()) == READ


@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
def test_every_kind_of_line_end_is_read(newline):
    assert rows(TEXT.replace("\r\n", newline).encode()) == READ


def test_commas_in_amounts_do_not_make_columns():
    data = "KPJ;Bulan;Upah;Tanggal bayar\n" + "49000000011;03-2026;5.000.000,00;10-04-2026\n" * 3

    table = open_table(data.encode(), "a.csv")

    assert table.headings == ["KPJ", "Bulan", "Upah", "Tanggal bayar"]
    assert next(table.rows())[1][2] == "5.000.000,00"


def test_excels_own_hint_of_the_separator_is_no_row():
    assert rows(b"sep=|\r\nNPP|Nama\r\nL4900001|A;B, C\r\n") == [(2, ("L4900001", "A;B, C"))]


def test_a_row_counts_once_however_many_lines_its_cells_have():
    data = b'NPP;Nama\r\nL4900001;"PT\r\nDua ""Baris"""\r\n\r\nL4900002;PT Dua\r\n'

    assert rows(data) == [(2, ("L4900001", 'PT\r\nDua "Baris"')), (4, ("L4900002", "PT Dua"))]


def test_leading_zeros_stay():
    assert rows(b"NPP;Nama\r\n00000001;007\r\n") == [(2, ("00000001", "007"))]


def test_a_row_with_more_cells_than_headings_is_told():
    table = open_table(b"NPP;Nama\r\nL4900001;PT A;B;C\r\nL4900002\r\n", "a.csv")
    layout = recognise(table.headings, Kind.EMPLOYERS, table.heading_row)

    (first, long), (_, short) = table.rows()

    fault = layout.beyond(first, long)
    assert (fault.row, fault.column, fault.value) == (2, "C", "B")
    assert "4 kolom, padahal judulnya 2" in fault.problem
    assert layout.beyond(3, short) is None
    assert layout.cells(short) == {"npp": "L4900002", "name": ""}


# --- XLSX ----------------------------------------------------------------------------------------------------


def test_the_cells_of_an_xlsx_keep_their_digits_and_days():
    data = workbook(
        ["KPJ", "NIK", "Tingkat", "Hari", "Waktu", "Ya", "Kosong", "Teks"],
        [49000000011, 4971015503900001, 5.63, date(2026, 3, 15), AFTERNOON, True, None, "007"],
    )

    ((number, cells),) = rows(data, "a.xlsx")

    assert number == 2
    assert cells == (
        49000000011,
        4971015503900001,
        Decimal("5.63"),
        date(2026, 3, 15),
        date(2026, 3, 15),
        "ya",
        None,
        "007",
    )
    assert not any(isinstance(cell, float) for cell in cells)


@pytest.mark.parametrize("look", ["dd/mm/yyyy", "[$-421]d mmmm yyyy", "mmm-yy", numbers.FORMAT_DATE_XLSX14, "m/yyyy"])
def test_a_number_that_looks_like_a_day_is_one(look):
    assert rows(workbook(["Hari"], [46096], A2=look), "a.xlsx") == [(2, (date(2026, 3, 15),))]


@pytest.mark.parametrize("look", ["0.00", "#,##0", '"hari" 0', "[Red]0", "hh:mm", "General"])
def test_a_number_that_looks_like_a_number_stays_one(look):
    assert rows(workbook(["Upah"], [46096], A2=look), "a.xlsx") == [(2, (46096,))]


def test_days_counted_from_1904_are_read_too():
    data = workbook(["Hari"], [date(2026, 3, 15)])
    book = openpyxl.load_workbook(io.BytesIO(data))
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active["A2"] = date(2026, 3, 15)
    target = io.BytesIO()
    book.save(target)

    assert rows(target.getvalue(), "a.xlsx") == [(2, (date(2026, 3, 15),))]


def test_a_formula_counts_with_its_stored_value_and_is_shown_without_one():
    cells = '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2"><f>A2*2</f></c></row>'

    assert rows(xlsx(sheet(ROW.format(n=1, text="NPP") + cells)), "a.xlsx") == [(2, (2, "=A2*2"))]


def test_the_first_visible_sheet_is_read():
    book = openpyxl.Workbook()
    book.active.title, book.active.sheet_state = "Tersembunyi", "hidden"
    for name in ("Iuran", "Lain"):
        book.create_sheet(name).append([name])
    target = io.BytesIO()
    book.active = 1
    book.save(target)

    table = open_table(target.getvalue(), "a.xlsx")

    assert (table.sheet, table.headings) == ("Iuran", ["Iuran"])


def test_prefixed_xml_as_some_programs_write_it_is_read():
    plain = sheet(ROW.format(n=1, text="NPP") + ROW.format(n=2, text="L4900001"))
    prefixed = plain.replace("xmlns=", "xmlns:x=").replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")

    assert rows(xlsx(prefixed), "a.xlsx") == [(2, ("L4900001",))]


def test_a_link_to_click_on_is_harmless():
    book = openpyxl.Workbook()
    book.active.append(["NPP"])
    book.active.append(["L4900001"])
    book.active["A2"].hyperlink = "https://latih.test/"
    target = io.BytesIO()
    book.save(target)

    assert rows(target.getvalue(), "a.xlsx") == [(2, ("L4900001",))]


def test_a_table_is_read_as_often_as_asked():
    table = open_table(workbook(["NPP"], ["L4900001"]), "a.xlsx")

    assert list(table.rows()) == list(table.rows()) == [(2, ("L4900001",))]


# --- Headings ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("heading", ["Nomor KPJ", "No. KPJ", "KPJ", "  no_kpj ", "NOMOR-KPJ*", "No.KPJ", "Kpj:"])
def test_a_heading_is_known_in_its_usual_shapes(heading):
    layout = recognise([heading, "Tgl. Bayar", "BULAN IURAN", "Upah (Rp)"], Kind.CONTRIBUTIONS)

    assert layout.faults == []
    assert layout.positions == {"kpj": 0, "paid_on": 1, "month": 2, "wage": 3}


def test_the_heading_row_is_found_below_a_title():
    data = (
        "Daftar iuran PT Rekaan\n\nMaret 2026;;\nNo. KPJ;Bulan;Upah;Tanggal bayar\n49000000011;03-2026;1;10-04-2026\n"
    )

    table = open_table(data.encode(), "a.csv")

    assert (table.heading_row, table.headings[0]) == (4, "No. KPJ")
    assert [number for number, _ in table.rows()] == [5]


def test_unknown_missing_and_doubled_headings_are_told_with_their_column():
    layout = recognise(["KPJ", "Zodiak", "No KPJ", "Upah"], Kind.CONTRIBUTIONS, 3)

    told = {(fault.row, fault.column): fault.problem for fault in layout.faults if fault.column}
    assert told == {
        (3, "B"): "Judul kolom B tidak dikenal.",
        (3, "C"): "Kolom C berjudul sama artinya dengan kolom A: Nomor KPJ.",
    }
    missing = [fault.problem for fault in layout.faults if not fault.column]
    assert missing == ["Kolom Bulan iuran tidak ada.", "Kolom Dibayar tanggal tidak ada."]


def test_a_heading_of_another_list_says_which():
    layout = recognise(["NPP", "Nama perusahaan", "Tanggal lahir"], Kind.EMPLOYERS)

    assert "dikenal untuk Peserta" in layout.faults[0].problem


def test_swapped_columns_are_told():
    layout = recognise(["KPJ", "NIK", "Segmen", "Mulai"], Kind.MEMBERSHIPS)
    sample = [("4971015503900001", "49000000011", "PU", "01-02-2024")] * 5

    told = [fault.problem for fault in swapped(layout, sample)]

    assert sorted(told) == [
        "Kolom A berisi NIK, padahal judulnya Nomor KPJ.",
        "Kolom B berisi Nomor KPJ, padahal judulnya NIK.",
    ]


def test_columns_in_their_place_are_not_told_however_faulty_their_cells():
    layout = recognise(["NIK", "KPJ", "Segmen", "Mulai"], Kind.MEMBERSHIPS)
    sample = [("abc", 49000000011, "PU", date(2024, 2, 1)), ("", None, "PUU", "kemarin")] * 5

    assert swapped(layout, sample) == []


# --- Templates and the marked-up copy ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_a_template_is_recognised_as_what_it_is(kind, extension):
    name, data = template(kind, extension)
    table = open_table(data, name)
    layout = recognise(table.headings, kind, table.heading_row)

    assert layout.faults == []
    assert swapped(layout, [row for _, row in table.rows()]) == []
    assert len(list(table.rows())) == 2


def test_a_template_explains_its_columns_on_a_second_sheet():
    _, data = template(Kind.CONTRIBUTIONS, "xlsx")

    first, second = openpyxl.load_workbook(io.BytesIO(data)).worksheets

    assert first.freeze_panes == "A2"
    assert second["A2"].value == "Nomor KPJ"
    assert second["B2"].value == "ya"
    assert "11 angka berawalan 49" in second["C2"].value


def test_the_marked_copy_colours_the_cell_and_says_what_is_wrong_in_its_row():
    data = b"Daftar\n\nKPJ;Bulan\n49000000011;13-2026\n49000000022;03-2026\n"
    fault = Fault(4, "B", "13-2026", "Bulan 13 tidak ada.", "Isi bulan 01 sampai 12.")

    marked = openpyxl.load_workbook(io.BytesIO(marked_copy(data, "a.csv", [fault]))).active

    assert marked["C3"].value == "Yang salah"
    assert marked["C4"].value == "B: Bulan 13 tidak ada. Isi bulan 01 sampai 12."
    assert marked["B4"].fill.fgColor.rgb == "FFFFD9CC"
    assert marked["A4"].fill.fill_type is None
    assert marked["A5"].value == "49000000022"
    assert marked["C5"].value is None


def test_the_marked_copy_keeps_days_and_can_be_brought_in_again():
    data = workbook(["KPJ", "Bulan", "Upah", "Tanggal bayar"], ["49000000011", "03-2026", 5_000_000, date(2026, 4, 10)])
    copy = marked_copy(data, "a.xlsx", [Fault(2, "D", "10-04-2026", "Salah.", "Betulkan.")])

    table = open_table(copy, "salinan.xlsx")

    assert recognise(table.headings, Kind.CONTRIBUTIONS, table.heading_row).faults == []
    ((_, cells),) = table.rows()
    assert cells[:4] == ("49000000011", "03-2026", 5_000_000, date(2026, 4, 10))


def test_what_may_be_a_real_nik_is_masked_in_the_marked_copy():
    data = b"NIK;Nama;Tanggal lahir\n3174010101900001;A;01-01-1990\n"

    copy = marked_copy(data, "a.csv", [Fault(2, "A", MASK, "NIK sungguhan.", "Isi NIK latihan.")])

    assert openpyxl.load_workbook(io.BytesIO(copy)).active["A2"].value == MASK


def test_a_file_that_cannot_be_opened_has_no_marked_copy():
    with pytest.raises(FileRefused):
        marked_copy(b"%PDF", "a.csv", [])
