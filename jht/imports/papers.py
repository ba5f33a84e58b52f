"""What a clerk downloads before and after: an empty list with an example, and the own list with its faults marked."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from jht import sheets
from jht.forms import may_be_real_nik
from jht.imports.columns import LISTS, Column, Kind
from jht.imports.faults import MASK, Fault, letter
from jht.imports.tables import Table, open_table
from jht.sheets import Sheet, Styled

LONGEST_COPY = 50_000  # rows; of a longer list only the faulty rows are copied
WRONG_HEADING = "Yang salah"


def template(kind: str, extension: str) -> tuple[str, bytes]:
    """File name and bytes of an empty list of this kind, as "csv" or "xlsx", with two rows of invented examples."""
    columns = [column for column in LISTS[kind] if column.examples]
    rows = [[column.title for column in columns], *([column.examples[n] for column in columns] for n in range(2))]
    label = Kind(kind).label
    name = f"templat-{label.lower().replace(' ', '-')}.{extension}"
    if extension == "csv":
        return name, b"".join(sheets.csv_stream(rows))
    widths = [max(16, len(column.title) + 4) for column in columns]
    pages = [Sheet(label, rows, widths), Sheet("Penjelasan", _explanations(kind), (26, 10, 90, 22))]
    return name, b"".join(sheets.xlsx_stream(pages))


def _explanations(kind: str) -> Iterator[Sequence]:
    yield "Kolom", "Wajib", "Isinya", "Contoh"
    for column in LISTS[kind]:
        yield column.title, "ya" if column.is_required else "tidak", column.about, _example(column)
    yield ()
    yield ("Dua baris contoh berisi data rekaan. Hapus sebelum mengunggah daftar Anda.",)
    yield ("Kolom boleh berurutan lain. Judul yang lazim, misalnya No. KPJ untuk Nomor KPJ, juga dikenal.",)
    yield ("Hanya lembar pertama yang dibaca. NIK dan nomor KPJ ditulis sebagai teks supaya angkanya utuh.",)


def _example(column: Column) -> str | int | date | None:
    return next((example for example in column.examples if example is not None), None)


def marked_copy(data: bytes, name: str, faults: Iterable[Fault]) -> bytes:
    """The uploaded sheet as XLSX: faulty cells coloured, and what is wrong in a last column of each row.

    Row numbers stay those of the file; of a list beyond LONGEST_COPY rows only the faulty ones are copied. What may be
    a real NIK is masked, since the copy is kept for a day. FileRefused when the file itself cannot be opened.
    """
    table = open_table(data, name)
    by_row: dict[int, list[Fault]] = defaultdict(list)
    for fault in faults:
        by_row[fault.row or table.heading_row].append(fault)
    only_faulty = table.rows_estimate > LONGEST_COPY
    width = len(table.headings)
    rows = _marked_rows(table, by_row, only_faulty, width)
    sheet = Sheet("Diperiksa", rows, (18,) * width + (80,), table.heading_row, numbered=True)
    return b"".join(sheets.xlsx_stream([sheet]))


def _marked_rows(table: Table, by_row: dict[int, list[Fault]], only_faulty: bool, width: int) -> Iterator:
    for number, row in table.source.rows():
        found = by_row.get(number, ())
        if only_faulty and not found and number != table.heading_row:
            continue
        wrong = {fault.column for fault in found}
        cells: list = [
            Styled(_shown(cell), sheets.WRONG) if letter(place) in wrong else _shown(cell)
            for place, cell in enumerate(row[:width])
        ]
        cells += [Styled(None, sheets.WRONG) if letter(place) in wrong else None for place in range(len(cells), width)]
        if number == table.heading_row:
            cells.append(f"{WRONG_HEADING}: {_sentences(found)}" if found else WRONG_HEADING)
        elif found:
            cells.append(Styled(_sentences(found), sheets.NOTE))
        yield number, cells


def _sentences(faults: Sequence[Fault]) -> str:
    return " ".join(f"{fault.column + ': ' if fault.column else ''}{fault.problem} {fault.right}" for fault in faults)


def _shown(cell):
    """A cell of the file itself: what may be a real NIK is not written anywhere again."""
    return MASK if isinstance(cell, str | int) and may_be_real_nik(cell) else cell
