"""Opening what a clerk uploads: judged by its bytes before anything reads it, then one Table for CSV and XLSX alike."""

from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import PurePath

from jht.imports.csvtext import Text
from jht.imports.headings import Cell, heading_place
from jht.imports.limits import MOST_CSV_BYTES, MOST_ROWS, MOST_XLSX_BYTES, FileRefused, too_many_rows
from jht.imports.xlsx import Workbook

HEADING_ROWS = 10  # among how many first rows the headings stand
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
SAVE_AS = "Simpan ulang sebagai XLSX atau CSV, lalu unggah."
# What a file really is by its first bytes, and what to do; XLSX and text are judged further.
KINDS = (
    (b"%PDF", "Berkas ini PDF, bukan lembar kerja. Unggah berkas XLSX atau CSV."),
    (b"\x89PNG", "Berkas ini gambar, bukan lembar kerja. Unggah berkas XLSX atau CSV."),
    (b"\xff\xd8\xff", "Berkas ini gambar, bukan lembar kerja. Unggah berkas XLSX atau CSV."),
    (b"GIF8", "Berkas ini gambar, bukan lembar kerja. Unggah berkas XLSX atau CSV."),
    (b"\x1f\x8b", "Berkas ini arsip terkompresi. Buka dahulu, lalu unggah berkas XLSX atau CSV di dalamnya."),
    (b"Rar!", "Berkas ini arsip terkompresi. Buka dahulu, lalu unggah berkas XLSX atau CSV di dalamnya."),
    (b"7z\xbc\xaf", "Berkas ini arsip terkompresi. Buka dahulu, lalu unggah berkas XLSX atau CSV di dalamnya."),
    (b"{\\rtf", f"Berkas ini dokumen teks, bukan lembar kerja. {SAVE_AS}"),
    (b"MZ", "Berkas ini program, jadi tidak dibuka. Unggah berkas XLSX atau CSV."),
    (b"\x7fELF", "Berkas ini program, jadi tidak dibuka. Unggah berkas XLSX atau CSV."),
)
EXTENSIONS = {
    ".xls": f"Berkas XLS (Excel lama) tidak dapat dibuka. {SAVE_AS}",
    ".xlsm": "Berkas XLSM dapat berisi makro, jadi tidak dibuka. Simpan ulang sebagai XLSX tanpa makro, lalu unggah.",
    ".xltm": "Berkas XLTM dapat berisi makro, jadi tidak dibuka. Simpan ulang sebagai XLSX tanpa makro, lalu unggah.",
    ".xltx": f"Berkas XLTX adalah templat Excel. {SAVE_AS}",
    ".xlsb": f"Berkas XLSB tidak dapat dibuka. {SAVE_AS}",
    ".ods": f"Berkas ODS tidak dapat dibuka. {SAVE_AS}",
    ".numbers": f"Berkas Numbers tidak dapat dibuka. {SAVE_AS}",
    ".pdf": "Berkas ini PDF, bukan lembar kerja. Unggah berkas XLSX atau CSV.",
}
TEXT_EXTENSIONS = (".csv", ".txt", ".tsv")


class Table:
    """One sheet of rows. `headings` as written, `heading_row` its number; `rows_estimate` for a progress bar.

    `sheet` is the name of the sheet that is read, "" for CSV; `format` is "csv" or "xlsx".
    """

    def __init__(self, source: Text | Workbook):
        self.source = source
        self.format = "csv" if isinstance(source, Text) else "xlsx"
        self.sheet = getattr(source, "sheet", "")
        first = list(islice(source.rows(), HEADING_ROWS))
        first = [(number, row) for number, row in first if number <= HEADING_ROWS] or first[:1]
        if not first:
            raise FileRefused("Berkas ini kosong. Isi judul kolom dan barisnya, lalu unggah.")
        place = heading_place([row for _, row in first])
        self.heading_row, headings = first[place]
        headings = [_heading(cell) for cell in headings]
        while len(headings) > 1 and not headings[-1]:
            headings.pop()
        self.headings: list[str] = headings
        self.rows_estimate = max(0, source.rows_estimate - self.heading_row)

    def rows(self) -> Iterator[tuple[int, tuple[Cell, ...]]]:
        """The rows below the headings that hold anything, each at least as long as the headings, streamed.

        FileRefused as soon as the file turns out to be broken or beyond the limits.
        """
        width, blanks = len(self.headings), [None] * len(self.headings)
        if self.format == "csv":
            blanks = [""] * width
        for count, (number, row) in enumerate(self.source.rows()):
            if number > self.heading_row:
                if count > MOST_ROWS:
                    raise too_many_rows()
                missing = width - len(row)
                yield number, (*row, *blanks[:missing]) if missing > 0 else tuple(row)


def _heading(cell: Cell) -> str:
    if isinstance(cell, date):
        return f"{cell:%d-%m-%Y}"
    return "" if cell is None else " ".join(str(cell).split())


def open_table(data: bytes, name: str) -> Table:
    """The rows of an uploaded CSV or XLSX; FileRefused, with the sentence for the clerk, when it is not opened.

    Nothing is unpacked or parsed before the bytes, the container and its sizes are judged.
    """
    extension = PurePath(name.replace("\\", "/")).suffix.lower()
    if not data:
        raise FileRefused("Berkas ini kosong (0 byte). Pilih berkas lain.")
    for magic, sentence in KINDS:
        if data.startswith(magic):
            raise FileRefused(sentence)
    if data.startswith(OLE):
        raise FileRefused(_old_office(data))
    if extension in EXTENSIONS:
        raise FileRefused(EXTENSIONS[extension])
    if data.startswith(b"PK"):
        return Table(_workbook(data, extension))
    return Table(_text(data, extension))


def _old_office(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "Berkas ini dilindungi kata sandi. Simpan ulang tanpa kata sandi, lalu unggah."
    return EXTENSIONS[".xls"]


def _workbook(data: bytes, extension: str) -> Workbook:
    if extension in TEXT_EXTENSIONS:
        raise FileRefused(f"Nama berkas berakhiran {extension}, padahal isinya bukan teks. {SAVE_AS}")
    if extension != ".xlsx":
        raise FileRefused("Berkas ini arsip, bukan lembar kerja. Unggah berkas XLSX atau CSV.")
    if len(data) > MOST_XLSX_BYTES:
        raise FileRefused("Berkas XLSX paling besar 40 MB. Bagi menjadi beberapa berkas, lalu unggah.")
    return Workbook(data)


def _text(data: bytes, extension: str) -> Text:
    if extension == ".xlsx":
        raise FileRefused(f"Nama berkas berakhiran .xlsx, padahal isinya bukan XLSX. {SAVE_AS}")
    if extension not in TEXT_EXTENSIONS:
        raise FileRefused("Jenis berkas ini tidak dikenal. Unggah berkas XLSX atau CSV.")
    if len(data) > MOST_CSV_BYTES:
        raise FileRefused("Berkas CSV paling besar 60 MB. Bagi menjadi beberapa berkas, lalu unggah.")
    begin = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if begin.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<svg")):
        raise FileRefused(f"Nama berkas berakhiran {extension}, padahal isinya halaman web atau XML. {SAVE_AS}")
    return Text(data)
