"""Which column of a file is which: headings by name, in any order, case and punctuation, with the usual other names."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jht.imports.columns import LISTS, Column, Kind
from jht.imports.faults import Fault, letter, shown

Cell = str | int | Decimal | date | None
SAMPLE = 20  # rows looked at to see whether two columns are swapped
OUR_NOTES = "yangsalah"  # the column of our own marked copy, which may be put right and brought in


def plain(heading: object) -> str:
    """A heading without what people vary: case, accents, punctuation, blanks, and "No." for "Nomor".

    >>> plain("  No. KPJ* "), plain("nomor_kpj"), plain("Upah (Rp)")
    ('nomorkpj', 'nomorkpj', 'upahrp')
    """
    text = unicodedata.normalize("NFKD", str(heading or "")).casefold()
    words = re.findall(r"[a-z0-9]+", text)
    return "".join(
        "nomor" if word in ("no", "nmr", "nomer") else "tanggal" if word == "tgl" else word for word in words
    )


NAMES: dict[str, dict[str, Column]] = {
    kind: {plain(title): column for column in reversed(columns) for title in (*column.others, column.title)}
    for kind, columns in LISTS.items()
}


@dataclass(frozen=True)
class Layout:
    """Which column of a file holds which field. With `faults` nothing is written; `is_readable`: its rows can be judged
    all the same, because every column that must be there is."""

    kind: str
    positions: dict[str, int]
    headings: list[str]
    heading_row: int
    faults: list[Fault]
    is_readable: bool = True

    def cells(self, row: Sequence[Cell]) -> dict[str, Cell]:
        """A row as {field: cell}, for the fields the importer reads; what the row or the file lacks is None."""
        return {name: row[place] if place < len(row) else None for name, place in self.positions.items()}

    def letter(self, name: str) -> str:
        """The letter of a field's column; empty when the file has none."""
        return letter(self.positions[name]) if name in self.positions else ""

    def beyond(self, number: int, row: Sequence[Cell]) -> Fault | None:
        """A row with more filled cells than there are headings: its values have probably slipped to the right."""
        if len(row) <= len(self.headings) or not any(filled(cell) for cell in row[len(self.headings) :]):
            return None
        return Fault(
            number,
            letter(len(self.headings)),
            shown(row[len(self.headings)]),
            f"Baris ini berisi {len(row)} kolom, padahal judulnya {len(self.headings)}.",
            "Sesuaikan jumlah kolomnya. Dalam CSV, isian yang memuat pemisah kolom ditulis di antara tanda kutip.",
        )


def filled(cell: Cell) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def recognise(headings: Sequence[str], kind: str, heading_row: int = 1) -> Layout:
    """Which column is which; every unknown, missing or doubled heading is a fault.

    A column without any heading is passed over as long as it is empty (`Layout.beyond`, `stray`).
    """
    names, positions, faults, taken = NAMES[kind], {}, [], {}
    for place, heading in enumerate(headings):
        if not filled(heading) or plain(heading).startswith(OUR_NOTES):
            continue
        column = names.get(plain(heading))
        if column is None:
            faults.append(_unknown(heading_row, place, heading, kind))
        elif column.name in taken:
            first = letter(taken[column.name])
            faults.append(
                Fault(
                    heading_row,
                    letter(place),
                    shown(heading),
                    f"Kolom {letter(place)} berjudul sama artinya dengan kolom {first}: {column.title}.",
                    "Hapus salah satunya, atau perbaiki judulnya.",
                )
            )
        else:
            taken[column.name] = place
            if column.is_read:
                positions[column.name] = place
    is_whole = True
    for column in LISTS[kind]:
        if column.is_required and column.name not in taken:
            is_whole = False
            faults.append(
                Fault(
                    heading_row,
                    "",
                    "",
                    f"Kolom {column.title} tidak ada.",
                    f"Tambahkan kolom berjudul {column.title}. {column.about}",
                )
            )
    if kind == Kind.CONTRIBUTIONS and not {"wage", "pmi_amount"} & taken.keys():
        is_whole = False
        faults.append(
            Fault(
                heading_row, "", "", "Kolom Upah tidak ada.", "Tambahkan kolom Upah, atau Iuran PMI untuk peserta PMI."
            )
        )
    return Layout(kind, positions, list(headings), heading_row, faults, is_whole)


def _unknown(heading_row: int, place: int, heading: str, kind: str) -> Fault:
    elsewhere = [Kind(other).label for other, names in NAMES.items() if other != kind and plain(heading) in names]
    titles = ", ".join(column.title for column in LISTS[kind] if column.is_read)
    hint = f" Judul ini dikenal untuk {elsewhere[0]}: periksa jenis datanya." if elsewhere else ""
    return Fault(
        heading_row,
        letter(place),
        shown(heading),
        f"Judul kolom {letter(place)} tidak dikenal.{hint}",
        f"Hapus kolom itu atau perbaiki judulnya. Judul yang dikenal: {titles}.",
    )


def score(headings: Iterable[object], kind: str | None = None) -> int:
    """How many cells of a row are headings, of this kind or of whichever kind fits best."""
    words = {plain(cell) for cell in headings if isinstance(cell, str)}
    return max(len(words & NAMES[one].keys()) for one in ([kind] if kind else NAMES))


def heading_place(rows: Sequence[Sequence[Cell]]) -> int:
    """The place of the heading row among the first rows of a sheet: the one with most headings, else the first.

    >>> heading_place([("Daftar iuran PT Rekaan",), (), ("No. KPJ", "Bulan", "Upah")])
    2
    """
    scores = [score(row) for row in rows]
    best = max(scores, default=0)
    if best:
        return scores.index(best)
    return next((place for place, row in enumerate(rows) if any(map(filled, row))), 0)


def swapped(layout: Layout, rows: Iterable[Sequence[Cell]]) -> list[Fault]:
    """Columns whose values evidently belong under another heading of the same file.

    Said only when most of the sampled cells are unlike their own heading and like exactly the other one.
    """
    judged = {
        column.name: column for column in LISTS[layout.kind] if column.is_like and column.name in layout.positions
    }
    like: dict[str, Counter] = {name: Counter() for name in judged}
    seen: Counter = Counter()
    for row in list(rows)[:SAMPLE]:
        cells = layout.cells(row)
        for name in judged:
            if not filled(cells[name]):
                continue
            seen[name] += 1
            text = f"{cells[name]:%d-%m-%Y}" if isinstance(cells[name], date) else str(cells[name])
            like[name].update(other for other, column in judged.items() if column.is_like(text))
    faults = []
    for name, column in judged.items():
        half = seen[name] / 2
        holds = [other for other in judged if other != name and like[name][other] > half]
        if len(holds) == 1 and like[name][name] <= half:
            other = judged[holds[0]]
            place = layout.letter(name)
            faults.append(
                Fault(
                    layout.heading_row,
                    place,
                    shown(layout.headings[layout.positions[name]]),
                    f"Kolom {place} berisi {other.title}, padahal judulnya {column.title}.",
                    "Tukar kembali kedua kolom itu, atau perbaiki judulnya.",
                )
            )
    return faults
