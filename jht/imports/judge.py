"""Every row of a file, judged by the rules of jht.typed, which the desk's forms use too.

A judge reads a batch of rows and gives back what is to be written, and tells a fault for each cell that is wrong. It
knows what each text means once it has read it: the months, days and wages of a list are few, and so it is quick.
"""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from jht import typed
from jht.forms import may_be_real_passport
from jht.imports.faults import MASK, Fault, shown
from jht.imports.headings import Cell, Layout
from jht.scope import Scope

Row = tuple[int, Sequence[Cell]]
REMEMBERED = 100_000  # texts, or memberships, of which a judge keeps the meaning
LOOKED_UP = 10_000  # keys asked of the database at once
CANCELLED = "dibatalkan"  # a row of our own export that no longer counts

RIGHT = {
    "kpj": "11 angka berawalan 49, misalnya 49000000011.",
    "nik": "16 angka berawalan 49, misalnya 4971015503900001; untuk WNA paspor, misalnya X49000123.",
    "npp": "8 huruf besar atau angka, misalnya L4900001.",
    "name": "Nama lengkap, paling banyak 120 huruf.",
    "city": "Nama kota, paling banyak 80 huruf, atau kosong.",
    "birth_date": "Hari-bulan-tahun, misalnya 15-03-1990.",
    "segment": "PU, BPU, PMI atau JAKON.",
    "start": "Hari-bulan-tahun, misalnya 01-02-2024.",
    "end": "Hari-bulan-tahun, tidak sebelum tanggal mulai, atau kosong.",
    "month": "Bulan-tahun, misalnya 03-2026.",
    "wage": "Rupiah penuh, misalnya 5.000.000.",
    "pmi_amount": "Salah satu jumlah iuran PMI, atau kosong.",
    "paid_on": "Hari-bulan-tahun, misalnya 10-04-2026.",
    "year": "Empat angka, misalnya 2026.",
    "percent": "Persen dengan koma, misalnya 5,63.",
    "source": "Dari mana angka ini, paling banyak 200 huruf.",
    "is_training": "ya atau tidak.",
}
REQUIRED = {
    "kpj": "Nomor KPJ masih kosong. Isi 11 angka pada kartu peserta.",
    "nik": "NIK masih kosong. Isi 16 angka NIK latihan.",
    "month": "Bulan masih kosong. Isi bulan-tahun, misalnya 03-2026.",
    "paid_on": "Tanggal masih kosong. Isi dengan urutan hari-bulan-tahun, misalnya 15-03-1990.",
    "birth_date": "Tanggal masih kosong. Isi dengan urutan hari-bulan-tahun, misalnya 15-03-1990.",
    "start": "Tanggal masih kosong. Isi dengan urutan hari-bulan-tahun, misalnya 15-03-1990.",
    "npp": typed.empty("NPP"),
    "name": typed.empty("nama"),
    "segment": typed.empty("segmen"),
    "year": typed.empty("tahun"),
    "percent": "Tingkat masih kosong. Isi dalam persen, misalnya 5,63.",
    "source": typed.empty("sumber"),
}


def plain(cell: Cell) -> str:
    """A cell as a person would have typed it."""
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, date):
        return f"{cell:%d-%m-%Y}"
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}".replace(".", ",")
    return str(cell)


class Meanings(dict):
    """What each cell means once `read` has read it; a cell that is faulty is read anew each time."""

    def __init__(self, read: Callable[[Any], Any]):
        self.read = read

    def __missing__(self, cell):
        meaning = self.read(cell)
        if len(self) >= REMEMBERED:
            self.clear()
        self[cell] = meaning
        return meaning


class Judge:
    """`tell` takes each fault. `batch` gives the rows that passed, as the writer of this kind wants them."""

    kind: str

    def __init__(self, layout: Layout, today: date, tell: Callable[[Fault], None], scope: Scope | None = None):
        """`scope`: what whoever brings the file in works with; all else is unknown to these rows."""
        self.layout, self.today, self.tell, self.scope = layout, today, tell, scope

    def batch(self, rows: list[Row]) -> list:
        raise NotImplementedError

    def fault(self, number: int, name: str, cell: Cell, problem: str, right: str = "") -> None:
        place = self.layout.letter(name)
        if name == "nik" and may_be_real_passport(plain(cell)):
            cell = MASK
        self.tell(Fault(number, place, shown(plain(cell)), problem, right or RIGHT.get(name, "")))

    def read(self, number: int, name: str, cell: Cell, read: Callable, optional: bool = False):
        """What the cell means; None, and a fault told, when it means nothing. An empty optional cell is None too."""
        text = plain(cell)
        if not text:
            if not optional:
                self.fault(number, name, cell, REQUIRED[name])
            return None
        try:
            return read(text)
        except ValidationError as fault:
            self.fault(number, name, cell, " ".join(fault.messages))
            return None

    def slipped(self, number: int, cells: Sequence[Cell]) -> bool:
        fault = self.layout.beyond(number, cells)
        if fault:
            self.tell(fault)
        return fault is not None


def typed_or_none(read: Callable[[str], str], cell: Cell) -> str | None:
    try:
        return read(plain(cell))
    except ValidationError:
        return None


def sentence_of(model, constraint: str) -> str:
    return next(one.violation_error_message for one in model._meta.constraints if one.name == constraint)


def stored_day(value: date | str | None) -> date | None:
    """SQLite keeps days as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
