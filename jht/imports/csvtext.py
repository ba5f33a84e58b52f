"""Reading a CSV as a stream: its encoding, its separator, its rows."""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from jht.imports.limits import (
    LONGEST_LINE,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_LINES_A_ROW,
    MOST_ROWS,
    FileRefused,
    too_many_cells,
    too_many_columns,
    too_many_rows,
)

BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
SEPARATORS = ";,\t"
PIECE = 1024 * 1024
SAMPLE = 64 * 1024  # characters in which the separator is looked for
HINT = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)  # Excel's own first line; it is not a row
LONGEST_CELL = 32_767  # characters, as in a spreadsheet
SAVE_AGAIN = 'Simpan ulang sebagai "CSV UTF-8", lalu unggah.'


class Text:
    """A CSV whose bytes are checked when it is made; `rows` reads it as often as asked."""

    def __init__(self, data: bytes):
        self.data = data
        self.skip, self.encoding = next(((len(bom), name) for bom, name in BOMS if data.startswith(bom)), (0, "utf-8"))
        self.encoding = _check(data, self.skip, self.encoding)
        with self._open() as text:
            sample = text.read(SAMPLE)
        hint = HINT.match(sample)
        self.has_hint = bool(hint)
        self.separator = hint[1] if hint else _separator(sample)
        newline = "\n".encode(self.encoding)
        self.rows_estimate = data.count(newline) or data.count("\r".encode(self.encoding))
        if self.rows_estimate > MOST_ROWS:
            raise too_many_rows()

    def _open(self) -> io.TextIOWrapper:
        source = io.BytesIO(self.data)
        source.seek(self.skip)
        return io.TextIOWrapper(source, self.encoding, newline="")

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Rows that hold anything, as (number, cells). A row counts once, however many lines its cells have."""
        with self._open() as text:
            if self.has_hint:
                text.readline()
            lines = _Lines(text)
            number = cells = 0
            try:
                for number, row in enumerate(csv.reader(lines, delimiter=self.separator, strict=True), start=1):
                    lines.pulled = 0
                    cells += len(row)
                    if len(row) > MOST_COLUMNS and any(row[MOST_COLUMNS:]):
                        raise too_many_columns(number)
                    if cells > MOST_CELLS:
                        raise too_many_cells()
                    if number > MOST_ROWS:
                        raise too_many_rows()
                    if any(row):
                        yield number, row
            except (csv.Error, _TooLong) as broken:
                raise FileRefused(
                    f"Baris {number + 1} tidak dapat dibaca: tanda kutipnya tidak ditutup atau isinya terlalu panjang. "
                    "Perbaiki baris itu, lalu unggah."
                ) from broken


class _TooLong(Exception):
    """One row with more text or lines than any list has."""


class _Lines:
    """The lines of a text; `pulled` says how many the row being read has taken."""

    def __init__(self, text: io.TextIOWrapper):
        self.text, self.pulled = text, 0

    def __iter__(self) -> Iterator[str]:
        readline = self.text.readline
        while line := readline(LONGEST_LINE):
            self.pulled += 1
            if len(line) >= LONGEST_LINE or self.pulled > MOST_LINES_A_ROW:
                raise _TooLong
            yield line


def _check(data: bytes, skip: int, encoding: str) -> str:
    """The encoding in which the whole text can be read; refused with the row where there is none."""
    try:
        _decode(data, skip, encoding)
    except _Undecodable as fault:
        lone = encoding == "utf-8" and data[fault.at] == 0xED and data[fault.at + 1 : fault.at + 2] >= b"\xa0"
        if skip or lone:
            raise FileRefused(
                f"Baris {fault.line} memuat karakter yang rusak, sehingga tidak dapat disimpan. Ketik ulang isinya. "
                + SAVE_AGAIN
            ) from None
    else:
        return encoding
    try:
        _decode(data, skip, "cp1252")
    except _Undecodable as fault:
        raise FileRefused(
            f"Baris {fault.line} memuat karakter yang tidak dikenal dalam UTF-8 maupun Windows-1252. {SAVE_AGAIN}"
        ) from None
    return "cp1252"


class _Undecodable(Exception):
    def __init__(self, at: int, line: int):
        self.at, self.line = at, line


def _decode(data: bytes, skip: int, encoding: str) -> None:
    """Read all of a text in pieces, keeping none."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    for begin in range(skip, len(data), PIECE):
        piece = data[begin : begin + PIECE]
        kept = len(decoder.getstate()[0])
        try:
            text = decoder.decode(piece, final=begin + PIECE >= len(data))
        except UnicodeDecodeError as fault:
            good = fault.object[: fault.start].decode(encoding, "ignore")
            raise _Undecodable(begin - kept + fault.start, line + _lines(good)) from None
        if "\0" in text:
            line += _lines(text[: text.index("\0")])
            raise FileRefused(f"Baris {line} memuat karakter NUL, jadi ini bukan teks biasa. {SAVE_AGAIN}")
        line += _lines(text)


def _lines(text: str) -> int:
    return text.count("\n") or text.count("\r")


def _separator(sample: str) -> str:
    """Of `;`, `,` and tab the one that cuts most rows into the same number of columns."""
    best, found = (0, 0), ","
    for separator in SEPARATORS:
        widths = []
        try:
            for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator):
                if row:
                    widths.append(len(row))
                if len(widths) == 30:
                    break
        except csv.Error:
            continue
        wide = [width for width in widths if width > 1]
        if wide:
            width = max(set(wide), key=lambda one: (wide.count(one), one))
            if (wide.count(width), width) > best:
                best, found = (wide.count(width), width), separator
    return found
