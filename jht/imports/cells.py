"""The cells of an XLSX as they come by: texts, digits exactly as written, days."""

import re
import zipfile
from array import array
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Context, Decimal

from jht.imports.limits import (
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_SHARED_BYTES,
    FileRefused,
    too_many_cells,
    too_many_columns,
    too_many_rows,
)
from jht.imports.parts import SHEET_ROWS, UNUSUAL, parser, prefix

Raw = tuple[int, list]
CHUNK = 128 * 1024
DEEPEST = 40  # levels of XML
LONGEST_FORMULA = 200  # characters of a formula that are shown
EXACT = Context(prec=15)  # what a spreadsheet shows of a number; the rest is the binary fraction's noise
NUMBER = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
LAST_DAY = 2_958_465  # 31-12-9999


class Shared:
    """The workbook's texts, packed: one run of bytes and where each text begins."""

    def __init__(self, archive: zipfile.ZipFile, name: str | None):
        self.texts, self.begins = bytearray(), array("L", [0])
        if name:
            self._read(archive, name)

    def _read(self, archive: zipfile.ZipFile, name: str) -> None:
        own = prefix(archive, name).decode()
        si, t, phonetic = f"{own}si", f"{own}t", f"{own}rPh"
        reader, pieces, state = parser(), [], [False, False]  # inside <t>, inside a reading aid

        def start(tag, _):
            if tag == t:
                state[0] = not state[1]
            elif tag == phonetic:
                state[1] = True

        def end(tag):
            if tag == t:
                state[0] = False
            elif tag == phonetic:
                state[1] = False
            elif tag == si:
                self.texts += "".join(pieces).encode()
                self.begins.append(len(self.texts))
                pieces.clear()
                if len(self.texts) > MOST_SHARED_BYTES:
                    raise FileRefused(UNUSUAL.format("terlalu banyak teks"))

        def text(piece):
            if state[0]:
                pieces.append(piece)

        reader.StartElementHandler, reader.EndElementHandler, reader.CharacterDataHandler = start, end, text
        with archive.open(name) as part:
            while chunk := part.read(CHUNK):
                reader.Parse(chunk, False)
            reader.Parse(b"", True)

    def __getitem__(self, place: int) -> str:
        if not 0 <= place < len(self.begins) - 1:
            raise IndexError(place)
        return self.texts[self.begins[place] : self.begins[place + 1]].decode()


def read_sheet(archive: zipfile.ZipFile, part: str, shared: Shared, day_styles: set[str], epoch: date) -> Iterator[Raw]:
    """The rows of a sheet that hold anything, as (number, cells), streamed."""
    own = prefix(archive, part).decode()
    c, r, v, t, f = (f"{own}{tag}" for tag in ("c", "row", "v", "t", "f"))
    ready: list[Raw] = []
    pieces: list[str] = []
    places: dict[str, int] = {}
    row: list | None = None
    row_number = cells = depth = 0
    place = -1
    kind = style = formula = ""
    in_cell = in_text = in_formula = False

    def start(tag: str, attrs: dict[str, str]) -> None:
        nonlocal row, row_number, cells, depth, place, kind, style, in_cell, in_text, in_formula
        if tag == v or (tag == t and in_cell):
            in_text = True
        elif tag == c:
            if row is None or in_cell:
                raise ValueError("a cell outside a row")
            in_cell = True
            cells += 1
            if cells > MOST_CELLS:
                raise too_many_cells()
            if "r" in attrs:
                letters = attrs["r"].rstrip("0123456789")
                place = places[letters] if letters in places else places.setdefault(letters, column(letters))
            else:
                place += 1
            kind, style = attrs.get("t", "n"), attrs.get("s", "")
        elif tag == r:
            found = int(attrs.get("r", row_number + 1))
            if found <= row_number or row is not None:
                raise ValueError("rows out of order")
            if found > SHEET_ROWS:
                raise too_many_rows()
            row_number, row, place = found, [], -1
        elif tag == f:
            in_formula = True
        else:
            depth += 1
            if depth > DEEPEST:
                raise FileRefused(UNUSUAL.format("bersarang terlalu dalam"))

    def text(piece: str) -> None:
        nonlocal formula
        if in_text:
            pieces.append(piece)
        elif in_formula:
            formula = f"{formula}{piece}"[:LONGEST_FORMULA]

    def end(tag: str) -> None:
        nonlocal row, depth, formula, in_cell, in_text, in_formula
        if tag == v or (tag == t and in_cell):
            in_text = False
        elif tag == c:
            in_cell = False
            if pieces:
                put(pieces[0] if len(pieces) == 1 else "".join(pieces))
                pieces.clear()
            elif formula:
                put_value(f"={formula}")
            formula = ""
        elif tag == r:
            if row:
                ready.append((row_number, row))
            row = None
        elif tag == f:
            in_formula = False
        else:
            depth -= 1

    def put(written: str) -> None:
        if kind == "s":
            put_value(clean(shared[int(written)], row_number))
        elif kind == "n":
            value = number(written)
            put_value(day(value, epoch) if style in day_styles and not isinstance(value, str) else value)
        elif kind == "b":
            put_value("ya" if written == "1" else "tidak")
        elif kind == "d":
            put_value(date.fromisoformat(written[:10]))
        else:
            put_value(clean(written, row_number))

    def put_value(value: str | int | Decimal | date) -> None:
        if value == "":
            return
        if place >= MOST_COLUMNS:
            raise too_many_columns(row_number)
        missing = place - len(row)
        if missing:
            if missing < 0:
                raise ValueError("cells out of order")
            row.extend([None] * missing)
        row.append(value)

    reader = parser()
    reader.StartElementHandler, reader.EndElementHandler, reader.CharacterDataHandler = start, end, text
    with archive.open(part) as source:
        while chunk := source.read(CHUNK):
            reader.Parse(chunk, False)
            if ready:
                yield from ready
                ready.clear()
        reader.Parse(b"", True)
    yield from ready


def column(letters: str) -> int:
    """The place of a column, counted from 0.

    >>> column("A"), column("AA"), column("XFD")
    (0, 26, 16383)
    """
    if not re.fullmatch(r"[A-Z]{1,3}", letters):
        raise ValueError("not a cell")
    place = 0
    for char in letters:
        place = place * 26 + ord(char) - 64
    return place - 1


def clean(text: str, row: int) -> str:
    """A text with the spreadsheet's own escapes undone; refused when it cannot be stored."""
    if "_x" in text:
        text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
            raise FileRefused(
                f"Baris {row} memuat karakter yang tidak dapat disimpan. Ketik ulang isinya, lalu unggah."
            )
    return text


def number(text: str) -> int | Decimal | str:
    """A number as the spreadsheet shows it, never through a binary fraction; what is no number stays text.

    >>> number("49000000011"), number("4.9000000011E10"), number("5.6299999999999999"), number("1E+99")
    (49000000011, 49000000011, Decimal('5.63'), '1E+99')
    """
    if text.isascii() and text.isdigit() and len(text) <= 20:
        return int(text)
    text = text.strip()
    if not NUMBER.fullmatch(text):
        return text
    value = Decimal(text)
    if abs(value.adjusted()) > 20:
        return text
    if value == value.to_integral_value():
        return int(value)
    value = EXACT.plus(value)
    return int(value) if value == value.to_integral_value() else value.normalize()


def day(serial: int | Decimal, epoch: date) -> date | int | Decimal:
    """The day a spreadsheet's serial number stands for; a time of day is dropped. Out of range it stays a number.

    >>> day(46096, date(1899, 12, 30)), day(Decimal("46096.75"), date(1899, 12, 30)), day(1, date(1899, 12, 30))
    (datetime.date(2026, 3, 15), datetime.date(2026, 3, 15), datetime.date(1900, 1, 1))
    """
    whole = int(serial)
    if not 1 <= whole <= LAST_DAY or epoch.toordinal() + whole > date.max.toordinal():
        return serial
    if epoch.year == 1899 and whole < 60:
        whole += 1  # spreadsheets count a 29 February 1900 that never was
    return epoch + timedelta(days=whole)
