"""Writing CSV and XLSX as streams: a row goes out as soon as it is known, and memory stays flat for any number of rows.

XLSX is written by hand (a dozen kinds of cell in ten small parts) because the common writers take minutes and hold the
file back until its end; measured in docs/decisions/0011-spreadsheets.md.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, count, islice
from xml.sax.saxutils import escape

from django.utils import timezone

Value = str | int | Decimal | date | datetime | bool | None

DANGEROUS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
)  # a spreadsheet takes such a text for a formula
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML has no place for them
EPOCH = date(1899, 12, 30)
FIRST_SAFE_DAY = date(1900, 3, 1)  # earlier ones are counted differently by different programs: written as text
MOST_DIGITS = 15  # spreadsheets keep no more of a number
FLUSH = 64 * 1024
MOST_ROWS = 1_048_576  # of one sheet; what is more goes onto the next
LONGEST_NAME = 31  # of a sheet, in letters

# The cell styles, in the order of <cellXfs> below.
PLAIN, HEADING, DAY, RUPIAH, SEN, TEXT, WRONG, WRONG_DAY, NOTE = range(9)

STYLES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1">\
<numFmt numFmtId="164" formatCode="dd\\-mm\\-yyyy"/></numFmts><fonts count="2"><font><sz val="11"/>\
<name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="4"><fill>\
<patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill>\
<patternFill patternType="solid"><fgColor rgb="FFEFE6DC"/></patternFill></fill><fill>\
<patternFill patternType="solid"><fgColor rgb="FFFFD9CC"/></patternFill></fill></fills><borders count="1">\
<border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="9"><xf xfId="0"/>\
<xf xfId="0" fontId="1" fillId="2" applyFont="1" applyFill="1"/>\
<xf xfId="0" numFmtId="164" applyNumberFormat="1"/><xf xfId="0" numFmtId="3" applyNumberFormat="1"/>\
<xf xfId="0" numFmtId="4" applyNumberFormat="1"/><xf xfId="0" numFmtId="49" applyNumberFormat="1"/>\
<xf xfId="0" fillId="3" applyFill="1"/>\
<xf xfId="0" numFmtId="164" fillId="3" applyNumberFormat="1" applyFill="1"/>\
<xf xfId="0" fillId="3" applyFill="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""
NAMESPACES = (
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml"


@dataclass(frozen=True, slots=True)
class Styled:
    """A cell that looks other than its value's kind says."""

    value: Value
    style: int


@dataclass
class Sheet:
    """One sheet: its rows, each a sequence of cells, or (row number, cells) where rows are left out.

    `headings` says how many first rows are headings and stay in sight; `widths` are in characters.
    """

    name: str
    rows: Iterable[Sequence | tuple[int, Sequence]]
    widths: Sequence[int] = ()
    headings: int = 1
    numbered: bool = field(default=False)


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe before the dangerous first sign.

    >>> harmless("=2+5"), harmless("Budi")
    ("'=2+5", 'Budi')
    """
    return f"'{text}" if text.startswith(DANGEROUS) else text


# --- CSV ---------------------------------------------------------------------------------------------------------


def csv_stream(rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """UTF-8 with BOM, `;` between the columns and a decimal comma: what Excel in Indonesia opens by a double click."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    text.write("\ufeff")
    for row in rows:
        writer.writerow([_csv_cell(cell) for cell in row])
        if text.tell() > FLUSH:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _csv_cell(value: Value) -> str:
    """Numbers keep their sign: they are no formulas. Everything else is text and made harmless.

    >>> _csv_cell(Decimal("-12500.75")), _csv_cell("-12500"), _csv_cell(date(2026, 3, 15))
    ('-12500,75', "'-12500", '15-03-2026')
    """
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    return harmless(_words(value))


def _words(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%d-%m-%Y %H.%M}"
    if isinstance(value, date):
        return f"{value.day:02}-{value.month:02}-{value.year:04}"
    return UNPRINTABLE.sub("", str(value))


# --- XLSX --------------------------------------------------------------------------------------------------------


class _Pipe:
    """What the archive writes, to be taken away piece by piece. It cannot seek, so nothing is written twice."""

    def __init__(self):
        self.pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self.pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits here."""

    def take(self) -> bytes:
        taken = b"".join(self.pieces)
        self.pieces.clear()
        return taken


def xlsx_stream(sheets: Sequence[Sheet]) -> Iterator[bytes]:
    """The bytes of a workbook, sheet by sheet. How many there are is known, and written down, at the end."""
    pipe = _Pipe()
    names: list[str] = []
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for name, content in _first_parts():
            archive.writestr(_member(name), content)
        for place, sheet in enumerate(chain.from_iterable(map(_fitting, sheets)), start=1):
            names.append(sheet.name)
            # A sheet may outgrow 2 GiB, which cannot be foreseen: its sizes get the wide fields from the start.
            with archive.open(_member(f"xl/worksheets/sheet{place}.xml"), "w", force_zip64=True) as part:
                buffer: list[str] = []
                size = 0
                for piece in _sheet_xml(sheet):
                    buffer.append(piece)
                    size += len(piece)
                    if size > FLUSH:
                        part.write("".join(buffer).encode())
                        buffer, size = [], 0
                        if taken := pipe.take():
                            yield taken
                part.write("".join(buffer).encode())
            yield pipe.take()
        for name, content in _last_parts(names):
            archive.writestr(_member(name), content)
    yield pipe.take()


def _fitting(sheet: Sheet) -> Iterator[Sheet]:
    """The sheet, and where it is full the next one with the same headings: "Iuran", "Iuran (2)", …

    They share one stream of rows: each must be written before the next is asked for.
    """
    if sheet.numbered:  # its rows stand where they stood in a sheet that fitted
        yield sheet
        return
    rows = iter(sheet.rows)
    headings = list(islice(rows, sheet.headings))
    for number in count(1):
        mark = f" ({number})" if number > 1 else ""
        name = f"{sheet.name[: LONGEST_NAME - len(mark)]}{mark}"
        yield replace(sheet, name=name, rows=chain(headings, islice(rows, MOST_ROWS - len(headings))))
        following = list(islice(rows, 1))
        if not following:
            return
        rows = chain(following, rows)


def _member(name: str) -> zipfile.ZipInfo:
    """Always of the same day: the same rows make the same file."""
    member = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


def _first_parts() -> Iterator[tuple[str, str]]:
    yield (
        "_rels/.rels",
        f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    )
    yield "xl/styles.xml", STYLES


def _last_parts(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    numbers = range(1, len(names) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{MAIN}.worksheet+xml"/>' for n in numbers
    )
    yield (
        "[Content_Types].xml",
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/'
        f'vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{MAIN}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{MAIN}.styles+xml"/>{overrides}</Types>',
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{links}<Relationship Id="rId{len(names) + 1}" '
        f'Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
    )
    tabs = "".join(
        f'<sheet name="{_attribute(name)}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in zip(numbers, names, strict=True)
    )
    yield "xl/workbook.xml", f"{HEAD}<workbook {NAMESPACES}><sheets>{tabs}</sheets></workbook>"


def _attribute(text: str) -> str:
    return escape(UNPRINTABLE.sub("", text), {'"': "&quot;"})


def _sheet_xml(sheet: Sheet) -> Iterator[str]:
    yield f"{HEAD}<worksheet {NAMESPACES}>"
    if sheet.headings:
        yield (
            f'<sheetViews><sheetView workbookViewId="0"><pane ySplit="{sheet.headings}" '
            f'topLeftCell="A{sheet.headings + 1}" state="frozen"/></sheetView></sheetViews>'
        )
    if sheet.widths:
        yield "<cols>"
        for place, width in enumerate(sheet.widths, start=1):
            yield f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>'
        yield "</cols>"
    yield "<sheetData>"
    rows = sheet.rows if sheet.numbered else enumerate(sheet.rows, start=1)
    for number, row in rows:
        style = HEADING if number <= sheet.headings else None
        yield f'<row r="{number}">{"".join(_cells(number, row, style))}</row>'
    yield "</sheetData></worksheet>"


LETTERS = [*map(chr, range(65, 91)), *(f"{first}{second}" for first in "ABC" for second in map(chr, range(65, 91)))]


def _cells(number: int, row: Sequence, heading: int | None) -> Iterator[str]:
    for place, value in enumerate(row):
        style = heading
        if isinstance(value, Styled):
            value, style = value.value, value.style
        if value is None or value == "":
            if style is not None and style != HEADING:
                yield f'<c r="{LETTERS[place]}{number}" s="{style}"/>'
            continue
        yield _cell(f"{LETTERS[place]}{number}", value, style)


def _cell(where: str, value: Value, style: int | None) -> str:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        digits = f"{value:f}" if isinstance(value, Decimal) else str(value)
        if len(digits.lstrip("-").replace(".", "")) <= MOST_DIGITS:
            fitting = SEN if isinstance(value, Decimal) else PLAIN
            return f'<c r="{where}" s="{fitting if style is None else style}"><v>{digits}</v></c>'
        value = digits
    if isinstance(value, date) and not isinstance(value, datetime) and value >= FIRST_SAFE_DAY:
        fitting = {None: DAY, WRONG: WRONG_DAY}.get(style, style)
        return f'<c r="{where}" s="{fitting}"><v>{(value - EPOCH).days}</v></c>'
    text = _csv_cell(value) if isinstance(value, bool) else harmless(_words(value))
    fitting = TEXT if style is None else style
    return f'<c r="{where}" s="{fitting}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
