""" "Mengapa segini?": how every figure of one year of a statement came about, in lines that add up to it.

No Django, no clock, no database, and no second arithmetic: every amount is the ledger's own or a term of jht.rules,
with the formula written beside it. Amounts in rupiah and sen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jht.rules import (
    EMPLOYER_RATE,
    WORKER_RATE,
    Movement,
    Rates,
    Stretch,
    YearLine,
    earning_parts,
    months_complete,
    round_sen,
    split_contribution,
    stretches,
)
from jht.words import MONTHS, day_name, month_name, percent, rupiah, rupiah_sen

SHARES = (
    f"Iuran Penerima Upah ialah {percent((EMPLOYER_RATE + WORKER_RATE) * 100)} dari upah yang dilaporkan: "
    f"pemberi kerja {percent(EMPLOYER_RATE * 100)}, pekerja {percent(WORKER_RATE * 100)}, tanpa batas upah."
)
SHARES_SOURCE = "PP 46/2015 Pasal 16"
BAND = "Iuran Bukan Penerima Upah mengikuti golongan penghasilan: 2 % dari nilai tengah golongannya."
CHOICE = "Pekerja Migran Indonesia memilih jumlah iuran sebulan dari daftar."
LATE = ", terlambat: berkembang sejak bulan dibayar"
ROUNDED = "setiap baris ditulis sampai sen; yang dibulatkan ialah jumlahnya, sekali"
FORMULA = "Hasil = jumlah yang berkembang × tingkat × bulan / 12. Iuran berkembang sejak bulan dibayar."


@dataclass(frozen=True)
class Posted:
    """One entry of the ledger with what is known about it; of a contribution: its month, wage and shares in rupiah."""

    movement: Movement
    reason: str = ""
    month: date | None = None
    wage: int = 0
    employer_share: int = 0
    worker_share: int = 0

    @property
    def name(self) -> str:
        """What the statement calls it."""
        kind, day = self.movement.kind, day_name(self.movement.date)
        if kind == "contribution":
            return f"Iuran {month_name(self.month or self.movement.date)}"
        if kind == "correction" and self.month:
            return f"Iuran {month_name(self.month)} dibatalkan"
        if kind == "transfer" and self.movement.is_return:
            return f"Pemindahan {day}, hasil tahun itu"
        return f"{NAMES[kind]} {day}"


NO_BREAK = "\N{NO-BREAK SPACE}"
ALWAYS = ("awal", "iuran", "hasil")
NAMES = {"withdrawal": "Penarikan", "correction": "Koreksi", "transfer": "Pemindahan", "return": "Dibukukan"}


@dataclass(frozen=True)
class Source:
    """Where a number comes from. `is_training`: no public source confirms it ("angka latihan")."""

    text: str
    is_training: bool = False


@dataclass(frozen=True)
class Tariff:
    """One row of a table of the rules: what a month costs from `valid_from` on, in rupiah.

    BPU: by income, up to `upper` (None: all above). PMI: one of the choices.
    """

    segment: str
    valid_from: date
    upper: int | None
    amount: int
    source: Source


@dataclass(frozen=True)
class Line:
    """One addend: what it is, how it was calculated (empty where the ledger just says so), why."""

    what: str
    amount: Decimal
    formula: str = ""
    note: str = ""


@dataclass(frozen=True)
class Part:
    """Lines under one heading."""

    lines: tuple[Line, ...]
    heading: str = ""

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))


@dataclass(frozen=True)
class Figure:
    """One figure of the statement: the lines of its parts add up to `amount`."""

    slug: str  # its place on the page
    label: str
    amount: Decimal
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Reckoning:
    """One year, figure by figure, as the statement has them. `booked`: the same return as the ledger holds it."""

    year: int
    figures: tuple[Figure, ...]
    booked: Figure


def reckon(
    line: YearLine,
    posted: Sequence[Posted],
    rates: Rates,
    sources: Mapping[int, Source],
    on: date,
    *,
    is_first: bool,
    segment: str = "PU",
    tariffs: Sequence[Tariff] = (),
) -> Reckoning:
    """How the figures of this year came about. `posted`: the year's entries up to `on`, oldest first.

    `is_first`: no year of this membership lies before. `tariffs`: the tables of BPU and PMI, any order.
    """
    returns = _returns(line, posted, rates, sources, on)
    figures = [
        _opening(line, is_first),
        _contributions(line, posted, segment, tariffs),
        returns,
        _gone(line, posted),
        _plain("koreksi", "Koreksi", line.corrections, posted, "correction"),
        _plain("pemindahan", "Pemindahan", line.transfers, posted, "transfer"),
    ]
    figures = [figure for figure in figures if figure.slug in ALWAYS or any(part.lines for part in figure.parts)]
    closing = Part(tuple(Line(figure.label, figure.amount) for figure in figures))
    figures.append(Figure("akhir", "Saldo akhir", line.closing, (closing,)))
    return Reckoning(line.year, tuple(figures), _booked(line, posted, rates))


# --- The figures ---------------------------------------------------------------------------------------------


def _opening(line: YearLine, is_first: bool) -> Figure:
    what = "Belum ada catatan sebelumnya" if is_first else f"Saldo akhir {line.year - 1}"
    return Figure("awal", "Saldo awal", line.opening, (Part((Line(what, line.opening),)),))


def _contributions(line: YearLine, posted: Sequence[Posted], segment: str, tariffs: Sequence[Tariff]) -> Figure:
    rows = [row for row in posted if row.movement.kind == "contribution"]
    lines, sources = [], []
    for row in rows:
        formula, source = _shares(row) if segment == "PU" else _by_table(row, segment, tariffs)
        if source not in sources:
            sources.append(source)
        paid = f"dibayar {day_name(row.movement.date)}{LATE if _is_late(row, segment) else ''}"
        lines.append(Line(row.name, row.movement.amount, formula, paid))
    rule = {"PU": SHARES, "BPU": BAND, "PMI": CHOICE}.get(segment, "")
    notes = [rule] if lines and rule else []
    if not lines:
        notes = ["Tidak ada iuran yang dibayar pada tahun ini."]
    known = tuple(source for source in sources if source is not None)
    return Figure("iuran", "Iuran", line.contributions, (Part(tuple(lines)),), tuple(notes), known)


def _shares(row: Posted) -> tuple[str, Source | None]:
    """A wage earner's month: both shares follow from the wage, unless the desk recorded something else."""
    shares = f"{rupiah(row.employer_share)} + {rupiah(row.worker_share)}"
    if (row.employer_share, row.worker_share) != split_contribution(row.wage):
        return f"pemberi kerja + pekerja = {shares}, seperti yang dicatat petugas", None
    wage, employer, worker = rupiah(row.wage), percent(EMPLOYER_RATE * 100), percent(WORKER_RATE * 100)
    return f"{wage} ×{NO_BREAK}{employer} + {wage} ×{NO_BREAK}{worker} = {shares}", Source(SHARES_SOURCE)


def _by_table(row: Posted, segment: str, tariffs: Sequence[Tariff]) -> tuple[str, Source | None]:
    """What a self-employed or a migrant worker's month costs by the table in force in that month."""
    month, amount = row.month or row.movement.date, row.employer_share + row.worker_share
    table = [tariff for tariff in tariffs if tariff.segment == segment and tariff.valid_from <= month]
    latest = max((tariff.valid_from for tariff in table), default=month)
    table = sorted((tariff for tariff in table if tariff.valid_from == latest), key=_order)
    if segment == "PMI":
        chosen = next((tariff for tariff in table if tariff.amount == amount), None)
        return ("jumlah yang dipilih", chosen.source) if chosen else ("seperti yang dicatat petugas", None)
    below = 0
    for tariff in table:
        if tariff.upper is None or row.wage <= tariff.upper:
            break
        below = tariff.upper
    else:
        return "seperti yang dicatat petugas", None
    if tariff.amount != amount:
        return f"penghasilan {rupiah(row.wage)}, seperti yang dicatat petugas", None
    end = "ke atas" if tariff.upper is None else f"sampai {rupiah(tariff.upper)}"
    return f"penghasilan {rupiah(row.wage)}, golongan {rupiah(below + 1) if below else 'Rp0'} {end}", tariff.source


def _order(tariff: Tariff) -> tuple[bool, int, int]:
    return tariff.upper is None, tariff.upper or 0, tariff.amount


def _is_late(row: Posted, segment: str) -> bool:
    """Whether the money came after the month in which it is surely due, whatever the holidays.

    Employers pay in the following month, self-employed members in the same one (docs/aturan.md#jatuh-tempo); no
    source names a day for migrant workers.
    """
    if row.month is None or segment not in ("PU", "BPU"):
        return False
    paid = row.movement.date
    return (paid.year - row.month.year) * 12 + paid.month - row.month.month > (1 if segment == "PU" else 0)


def _returns(line: YearLine, posted: Sequence[Posted], rates: Rates, sources: Mapping[int, Source], on: date) -> Figure:
    """Every amount that earned, for how many months, at which rate; rounded once, after adding."""
    months = months_complete(on) if line.year == on.year else 12
    found = stretches(line.opening, line.movements, rates.of(line.year).percent, months)
    parts = [_stretch(stretch, line, posted, has_heading=len(found) > 1) for stretch in found]
    parts = [part for part in parts if part.lines]
    earned = round_sen(sum((stretch.earned for stretch in found), Decimal(0)))
    rest = []
    if rounding := earned - sum((part.total for part in parts), Decimal(0)):
        rest.append(Line("Pembulatan", rounding, note=ROUNDED))
    if other := line.returns - earned:
        rest.append(Line("Perbedaan dengan buku besar", other, note="dibukukan tidak menurut rumus ini"))
    if len(parts) == 1:
        parts, rest = [Part(parts[0].lines + tuple(rest), parts[0].heading)], []
    if rest:
        parts.append(Part(tuple(rest)))
    notes = [FORMULA, _which_rate(line.year, rates)]
    if months < 12:
        until = f"sampai {MONTHS[months - 1]}, bulan terakhir yang lengkap" if months else "setelah Januari lengkap"
        notes.append(f"Tahun ini masih berjalan: dihitung {until}.")
    if not parts:
        notes = ["Tidak ada yang berkembang pada tahun ini.", *notes]
    known = sources.get(_year_of_rate(line.year, rates))
    return Figure("hasil", "Hasil pengembangan", line.returns, tuple(parts), tuple(notes), (known,) if known else ())


def _stretch(stretch: Stretch, line: YearLine, posted: Sequence[Posted], *, has_heading: bool) -> Part:
    waiting: dict[Movement, list[Posted]] = {}
    for row in posted:
        waiting.setdefault(row.movement, []).append(row)
    lines = []
    for movement, amount, months in stretch.parts:
        row = waiting[movement].pop(0) if waiting.get(movement) else None
        if not amount or not months:
            continue
        what = f"Saldo awal {line.year}" if movement is None else row.name if row else NAMES.get(movement.kind, "Iuran")
        lines.append(
            Line(
                what,
                round_sen(stretch.of(amount, months)),
                f"{rupiah_sen(amount)} ×{NO_BREAK}{_rate(stretch.percent)} ×{NO_BREAK}{months}/12",
                _span(stretch.end - months, stretch.end),
            )
        )
    heading = ""
    if has_heading or stretch.settled:
        heading = f"{_span(stretch.begin, stretch.end)}, {_rate(stretch.percent)}"
        if stretch.settled:
            heading += ": diselesaikan karena uangnya keluar, jadi tingkatnya tetap"
    return Part(tuple(lines), heading)


def _gone(line: YearLine, posted: Sequence[Posted]) -> Figure:
    """What was paid out, and how much of it had been this year's return, which is taken first."""
    earning = {}
    for movement, _, amount in earning_parts(line.opening, line.movements):
        earning.setdefault(movement, []).append(amount)
    lines = []
    for row in posted:
        if row.movement.kind != "withdrawal":
            continue
        from_balance = -earning[row.movement].pop(0)
        from_return = -row.movement.amount - from_balance
        formula = ""
        if from_return:
            formula = f"{rupiah_sen(from_return)} hasil tahun ini + {rupiah_sen(from_balance)} saldo yang berkembang"
        lines.append(Line(row.name, row.movement.amount, formula, row.reason))
    notes = ("Uang yang keluar diambil dari hasil tahun ini dahulu, baru dari saldo yang berkembang.",) if lines else ()
    return Figure("penarikan", "Penarikan", line.withdrawals, (Part(tuple(lines)),), notes)


def _plain(slug: str, label: str, amount: Decimal, posted: Sequence[Posted], kind: str) -> Figure:
    """What the ledger says, with its reason."""
    rows = [row for row in posted if row.movement.kind == kind]
    lines = tuple(Line(row.name, row.movement.amount, note=row.reason) for row in rows)
    notes = ()
    if any(row.movement.is_return for row in rows):
        notes = ("Hasil tahun itu yang ikut dipindahkan baru berkembang mulai tahun berikutnya.",)
    return Figure(slug, label, amount, (Part(lines),), notes)


def _booked(line: YearLine, posted: Sequence[Posted], rates: Rates) -> Figure:
    """The rows of the statement that make the year's return: when each was booked, and why there are several."""
    lines, has_year_end = [], False
    for row in (row for row in posted if row.movement.kind == "return"):
        if row.movement.percent is not None:
            note = f"diselesaikan dengan tingkat {_rate(row.movement.percent)}, karena uangnya keluar hari itu"
        elif has_year_end:
            note = "selisih: ada yang dicatat setelah tahun ini dibukukan"
        else:
            note, has_year_end = "hasil tahun ini, atau sisanya, pada akhir tahun", True
        lines.append(Line(row.name, row.movement.amount, note=note))
    if line.accrued_return:
        lines.append(Line("Berjalan", line.accrued_return, note="dihitung, belum dibukukan"))
    return Figure("dibukukan", "Catatan hasil di buku besar", line.returns, (Part(tuple(lines)),))


# --- Words ---------------------------------------------------------------------------------------------------


def _rate(value: Decimal) -> str:
    """A yearly return, with two places as everywhere."""
    return f"{value:.2f}".replace(".", ",") + f"{NO_BREAK}%"


def _span(begin: int, end: int) -> str:
    """The months after `begin` and up to `end` complete ones.

    >>> _span(0, 4), _span(4, 5)
    ('Januari sampai April', 'Mei')
    """
    return MONTHS[begin] if end - begin == 1 else f"{MONTHS[begin]} sampai {MONTHS[end - 1]}"


def _year_of_rate(year: int, rates: Rates) -> int | None:
    """The year whose rate counts for this one: its own, else the latest earlier one."""
    return max((known for known in rates.percents if known <= year), default=None)


def _which_rate(year: int, rates: Rates) -> str:
    rate, known = rates.of(year), _year_of_rate(year, rates)
    if known is None:
        return f"Tingkat {year} belum ditetapkan, jadi hasilnya dihitung Rp0."
    if rate.estimated:
        used = f"dipakai tingkat {known}, {_rate(rate.percent)} setahun, sebagai perkiraan"
        return f"Tingkat {year} belum ditetapkan: {used}."
    return f"Tingkat {year}: {_rate(rate.percent)} setahun."
