"""What each list of the desk gives out as CSV or XLSX, row by row, in one query however many rows there are.

The headings are those of the import templates, so that an exported list can be brought in again and changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Any

from django.db.models import QuerySet

from jht import sheets
from jht.imports.columns import LISTS, Kind
from jht.models import AuditRecord, Entry, Segment
from jht.sheets import Sheet, Styled, Value

CHUNK = 2_000  # rows fetched at once
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def as_it_is(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Out:
    """One column of an export: its heading, the fields it is made of (as values_list names them), and how."""

    title: str
    paths: tuple[str, ...]
    shape: Callable[..., Value | Styled] = as_it_is


def money(amount: int | Decimal) -> Styled:
    """Rupiah: a number in the spreadsheet, with dots between its thousands."""
    return Styled(amount, sheets.SEN if isinstance(amount, Decimal) else sheets.RUPIAH)


def month(day: date) -> str:
    return f"{day:%m-%Y}"


def yes(value: bool) -> str:
    return "ya" if value else "tidak"


def either(nik: str | None, passport: str | None) -> str | None:
    """The number that says who somebody is; foreigners have a passport instead of a NIK."""
    return nik or passport


def _titles(kind: str) -> dict[str, str]:
    return {column.name: column.title for column in LISTS[kind]}


_EMPLOYER, _PERSON = _titles(Kind.EMPLOYERS), _titles(Kind.PARTICIPANTS)
_MEMBERSHIP, _MONTH, _RATE = _titles(Kind.MEMBERSHIPS), _titles(Kind.CONTRIBUTIONS), _titles(Kind.RATES)

EMPLOYERS = (
    Out(_EMPLOYER["npp"], ("npp",)),
    Out(_EMPLOYER["name"], ("name",)),
    Out(_EMPLOYER["city"], ("city",)),
)
PARTICIPANTS = (
    Out(_PERSON["nik"], ("nik", "passport"), either),
    Out(_PERSON["name"], ("name",)),
    Out(_PERSON["birth_date"], ("birth_date",)),
)
MEMBERSHIPS = (
    Out(_MEMBERSHIP["nik"], ("participant__nik", "participant__passport"), either),
    Out(_MEMBERSHIP["kpj"], ("kpj",)),
    Out(_MEMBERSHIP["segment"], ("segment",)),
    Out(_MEMBERSHIP["npp"], ("employer__npp",)),
    Out(_MEMBERSHIP["start"], ("start",)),
    Out(_MEMBERSHIP["end"], ("end",)),
    Out(_MEMBERSHIP["name"], ("participant__name",)),
    Out(_MEMBERSHIP["company"], ("employer__name",)),
)
CONTRIBUTIONS = (
    Out(_MONTH["kpj"], ("membership__kpj",)),
    Out(_MONTH["month"], ("month",), month),
    Out(
        _MONTH["wage"],
        ("membership__segment", "wage"),
        lambda segment, wage: None if segment == Segment.PMI else money(wage),
    ),
    Out(
        _MONTH["pmi_amount"],
        ("membership__segment", "worker_share"),
        lambda segment, share: money(share) if segment == Segment.PMI else None,
    ),
    Out(_MONTH["paid_on"], ("paid_on",)),
    Out(_MONTH["standing"], ("cancelled_on",), lambda day: "dibatalkan" if day else "tercatat"),
    Out(_MONTH["name"], ("membership__participant__name",)),
    Out(_MONTH["npp"], ("membership__employer__npp",)),
    Out(_MONTH["company"], ("membership__employer__name",)),
    Out(_MONTH["employer_share"], ("employer_share",), money),
    Out(_MONTH["worker_share"], ("worker_share",), money),
    Out(_MONTH["total"], ("employer_share", "worker_share"), lambda employer, worker: money(employer + worker)),
    Out(_MONTH["cancelled_on"], ("cancelled_on",)),
)
ENTRIES = (
    Out("Tanggal", ("date",)),
    Out("Nomor KPJ", ("membership__kpj",)),
    Out("Nama", ("membership__participant__name",)),
    Out("Jenis", ("kind",), lambda kind: str(Entry.Kind(kind).label)),
    Out("Jumlah (Rp)", ("amount",), money),
    Out("Bulan iuran", ("contribution__month",), lambda day: month(day) if day else None),
    Out("Alasan", ("reason",)),
    Out("Dicatat", ("recorded_at",)),
    Out("Dicatat oleh", ("recorded_by__email",)),
)
RATES = (
    Out(_RATE["year"], ("year",)),
    Out(_RATE["percent"], ("percent",)),
    Out(_RATE["source"], ("source",)),
    Out(_RATE["is_training"], ("is_training",), yes),
    Out(_RATE["credited_on"], ("credited_on",)),
)

TRAIL = (
    Out("Waktu", ("at",)),
    Out("Oleh", ("actor_name",)),
    Out("Perbuatan", ("act",), lambda act: str(AuditRecord.Act(act).label)),
    Out("Jenis data", ("what",)),
    Out("Baris", ("label",)),
    Out("Nomor baris", ("key",)),
    Out("Nomor peserta", ("participant_id_was",)),
    Out("Keterangan", ("told",)),
)


def rows_of(queryset: QuerySet, columns: Sequence[Out]) -> Iterator[list]:
    """The rows of an export, streamed from one query."""
    paths = list(dict.fromkeys(path for column in columns for path in column.paths))
    places = [itemgetter(*(paths.index(path) for path in column.paths)) for column in columns]
    shapes = [
        column.shape if len(column.paths) == 1 else (lambda values, shape=column.shape: shape(*values))
        for column in columns
    ]
    makers = list(zip(shapes, places, strict=True))
    for values in queryset.values_list(*paths).iterator(chunk_size=CHUNK):
        yield [shape(place(values)) for shape, place in makers]


def stream(extension: str, title: str, headings: Sequence[str], rows: Iterable[Sequence]) -> Iterator[bytes]:
    """The bytes of an export in one of FORMATS. In CSV a cell's looks are left out."""
    if extension == "csv":
        plain = ([cell.value if isinstance(cell, Styled) else cell for cell in row] for row in rows)
        return sheets.csv_stream(_headed(headings, plain))
    widths = [max(14, len(heading) + 4) for heading in headings]
    return sheets.xlsx_stream([Sheet(title, _headed(headings, rows), widths)])


def _headed(headings: Sequence[str], rows: Iterable[Sequence]) -> Iterator[Sequence]:
    yield headings
    yield from rows
