"""The statement as a file to keep: PDF for reading and printing, CSV and XLSX for reckoning.

The PDF is tagged (PDF/UA-1) and is made in this process by typst, whose fonts and everything else are inside the
library: it asks no network, no font of the machine and no file (docs/decisions/0009-pdf.md).
"""

import json
import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import typst

from jht.explanations import Card, Year
from jht.rules import round_sen
from jht.sheets import HEADING, Sheet, Styled, Value, csv_stream, xlsx_stream
from jht.words import ROUNDING, day_name, month_name, rupiah

MARK = "SIMULASI — bukan situs resmi"
SIMULATION = f"{MARK}. Orang, perusahaan, dan saldo di sini rekaan. Berkas ini hanya untuk latihan."
TEMPLATE = Path(__file__).resolve().parent.parent / "templates" / "jht" / "statement.typ"
FACTS_HEAD = ("Data", "Isi")
SUMS = ("Saldo awal", "Iuran", "Hasil", "Penarikan", "Koreksi", "Pemindahan", "Saldo akhir")
ROWS = ("Bulan", "Keterangan", "Jumlah (Rp)")
LONGEST_LINE = 64  # characters of a note that surely fit in one line
LONGEST_YEAR = 34  # rows of a year that surely fit on one page
STRANGE = re.compile(r"[^ -~\u00a0-\u017f–—‘’“”•…−]")  # what the fonts may not have


@dataclass(frozen=True)
class Paper:
    """What one file tells: some years of one membership, oldest first. `until`: the last day they cover."""

    card: Card
    name: str
    years: Sequence[Year]
    until: date
    made_on: date

    def between(self, first: int, last: int) -> "Paper":
        """Only these years; a range that ends before the last year covers it to its last day."""
        years = [year for year in self.years if first <= year.year <= last]
        until = min(self.until, date(last, 12, 31)) if years else self.until
        return replace(self, years=years, until=until)

    @property
    def closing(self) -> Decimal:
        return self.years[-1].closing if self.years else Decimal(0)

    @property
    def period(self) -> str:
        if not self.years:
            return "belum ada catatan"
        first, last = self.years[0].year, self.years[-1].year
        return str(first) if first == last else f"{first} sampai {last}"

    @property
    def facts(self) -> list[tuple[str, str]]:
        return [
            ("Nama", self.name),
            ("KPJ", self.card.kpj),
            ("Pemberi kerja", self.card.employer_name),
            ("Segmen", self.card.segment_label),
            ("Status", self.card.status_label),
            ("Tahun", self.period),
            ("Sampai", day_name(self.until)),
        ]


def sums(year: Year) -> tuple[Decimal, ...]:
    """The figures of a year in the order of SUMS; the first six add up to the last."""
    return (
        year.opening,
        year.contributions,
        year.returns,
        year.withdrawals,
        year.corrections,
        year.transfers,
        year.closing,
    )


def in_figures(amount: Decimal) -> str:
    """Whole rupiah without the "Rp": a column of money names it once.

    >>> in_figures(Decimal("-1234567.5"))
    '−1.234.568'
    """
    return rupiah(amount).replace("Rp", "")


def in_percent(percent: Decimal) -> str:
    """A yearly rate with two decimals.

    >>> in_percent(Decimal("5.6"))
    '5,60 %'
    """
    return f"{percent:.2f} %".replace(".", ",")


def grouped(kpj: str) -> str:
    """A KPJ in the groups of 3-4-4 in which one reads it aloud.

    >>> grouped("49000000017")
    '490 0000 0017'
    """
    return f"{kpj[:3]} {kpj[3:7]} {kpj[7:]}"


# --- PDF -----------------------------------------------------------------------------------------------------


def pdf(paper: Paper) -> bytes:
    """The statement as PDF/UA-1 on A4: the years at a glance, then each year with its months."""
    return printed(_words(paper), paper.made_on)


def printed(words: dict, made_on: date, template: bytes | None = None) -> bytes:
    """PDF/UA-1 of these words; `template`: another document of the house than the statement."""
    try:
        return _press().print(words, made_on, template)
    except typst.TypstError:  # PDF/UA refuses a letter that no font has, rather than printing a blank
        return _press().print(_shown(words), made_on, template)


class Press:
    """The compiler with its template and fonts, used by one thread at a time.

    What it remembers of a document (up to 45 MB) it forgets only after ten others, so ten empty ones follow.
    """

    def __init__(self):
        self.template = TEMPLATE.read_bytes()
        self.lock = threading.Lock()
        fonts = typst.Fonts(include_system_fonts=False)
        nowhere = str(TEMPLATE.parent / "no-packages")
        self.compiler = typst.Compiler(
            self.template,
            root=str(TEMPLATE.parent),
            font_paths=fonts,
            package_path=nowhere,
            package_cache_path=nowhere,
        )

    def print(self, words: dict, made_on: date, template: bytes | None = None) -> bytes:
        """The PDF of this text; typst.TypstError where a letter cannot be shown."""
        with self.lock:
            try:
                return self.compiler.compile(
                    input=template or self.template,
                    format="pdf",
                    sys_inputs={"data": json.dumps(words)},
                    pdf_standards=["ua-1"],
                    timestamp=datetime(made_on.year, made_on.month, made_on.day, tzinfo=UTC),
                )
            finally:
                for _ in range(10):
                    self.compiler.compile(input=b"", format="svg", sys_inputs=None)


_press = cache(Press)


def _words(paper: Paper) -> dict:
    """Everything the template prints, as text."""
    running = f"KPJ {grouped(paper.card.kpj)} · sampai {day_name(paper.until)}"
    facts = [(label, grouped(value) if label == "KPJ" else value) for label, value in paper.facts]
    several = len(paper.years) > 1
    notes = [] if paper.years else ["Belum ada iuran yang dibayar untuk KPJ ini, jadi belum ada yang dapat dirinci."]
    return {
        "title": f"Rincian saldo JHT, KPJ {grouped(paper.card.kpj)}, {paper.period} (SIMULASI)",
        "author": "Portal Latih (SIMULASI)",
        "heading": "Rincian saldo JHT",
        "mark": MARK,
        "simulation": SIMULATION,
        "running": running,
        "made": f"Portal Latih · dibuat {day_name(paper.made_on)}",
        "balance_label": f"Saldo sampai {day_name(paper.until)}, termasuk hasil pengembangan",
        "balance": rupiah(paper.closing),
        "facts_head": FACTS_HEAD,
        "facts": [text for fact in facts for text in fact],
        "notes": notes,
        "overview_title": "Per tahun",
        "rounding": ROUNDING,
        "overview_head": ("Tahun", *SUMS),
        "overview": [text for year in paper.years for text in (str(year.year), *map(in_figures, sums(year)))]
        if several
        else [],
        "months_title": "Bulan demi bulan",
        "sums_head": SUMS,
        "months_head": ROWS,
        "years": [_year(year) for year in paper.years],
        "end": f"Akhir rincian. {MARK}.",
    }


def _year(year: Year) -> dict:
    rate = f"Hasil pengembangan {in_percent(year.rate)} setahun" + (f" ({year.rate_note})." if year.rate_note else ".")
    rows = [
        (month_name(row.month), f"{row.kind_label}, {row.note}" if row.note else row.kind_label, in_figures(row.amount))
        for row in reversed(year.months)
    ] or [("", "Tidak ada catatan pada tahun ini.", "0")]
    return {
        "title": f"Tahun {year.year}" + (", masih berjalan" if year.is_open else ""),
        "rate": rate,
        "sums": [in_figures(amount) for amount in sums(year)],
        "months": [text for row in rows for text in row],
        "wraps": [len(note) > LONGEST_LINE for _, note, _ in rows],
        "long": len(rows) + sum(len(note) // LONGEST_LINE for _, note, _ in rows) > LONGEST_YEAR,
    }


def _shown(words):
    """The same text with a question mark for each letter that the fonts may not have."""
    if isinstance(words, str):
        return STRANGE.sub("?", unicodedata.normalize("NFC", words))
    if isinstance(words, dict):
        return {key: _shown(value) for key, value in words.items()}
    if isinstance(words, list | tuple):
        return [_shown(value) for value in words]
    return words


# --- CSV and XLSX --------------------------------------------------------------------------------------------

HEADINGS = ("Tahun", "Bulan", "Jenis", "Keterangan", "Jumlah (Rp)", "Saldo (Rp)")


def records(paper: Paper) -> Iterator[tuple[int, str, str, str, Decimal, Decimal]]:
    """Year, month, kind, note, amount and the balance after it, oldest first. The amounts add up to the closing."""
    if not paper.years:
        return
    balance = round_sen(paper.years[0].opening)
    yield paper.years[0].year, "", SUMS[0], "", balance, balance
    for year in paper.years:
        for row in reversed(year.months):
            balance += row.amount
            yield year.year, f"{row.month:%m-%Y}", row.kind_label, row.note, row.amount, balance


def as_csv(paper: Paper) -> bytes:
    """The mark, the facts, and every movement to the sen."""
    return b"".join(csv_stream([[SIMULATION], *paper.facts, [], HEADINGS, *records(paper)]))


def as_xlsx(paper: Paper) -> bytes:
    """Two sheets, the years and the months, each beginning with the mark; amounts are numbers to the sen."""
    years = ([year.year, *map(round_sen, sums(year))] for year in paper.years)
    sheets = [
        _sheet("Per tahun", [22, *[18] * 7], paper, ("Tahun", *(f"{name} (Rp)" for name in SUMS)), years),
        _sheet("Per bulan", [22, 11, 28, 50, 18, 18], paper, HEADINGS, records(paper)),
    ]
    return b"".join(xlsx_stream(sheets))


def _sheet(
    name: str, widths: Sequence[int], paper: Paper, headings: Sequence[str], rows: Iterable[Sequence[Value]]
) -> Sheet:
    bold = [Styled(text, HEADING) for text in headings]
    return Sheet(name, [[SIMULATION], *paper.facts, [], bold, *rows], widths)
