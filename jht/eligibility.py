"""Who may ask for the savings, when, how much, and what tax is kept: plain values; no Django, no clock, no database.

The rules themselves are data (jht.models.Regulation, ReasonRule, Figure); jht.facts reads them into what stands here.
Every rule with its source and a worked example: docs/aturan.md#alasan-klaim and the sections after it.
"""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

# Reason's values, in the order in which they are shown; jht.models.Reason carries their names.
PARTIAL = ("partial_10", "partial_30")

# What the reason itself says about who can have it (only who has an employer can resign), whatever the regulation.
SEGMENTS_OF = {
    "retired_by_agreement": ("PU",),
    "contract_ended": ("PU", "PMI"),
    "stopped": ("BPU",),
    "resigned": ("PU", "PMI"),
    "dismissed": ("PU", "PMI"),
}
SEGMENT_NAMES = {"PU": "Penerima Upah", "BPU": "Bukan Penerima Upah", "PMI": "Pekerja Migran Indonesia"}
DESK_CHECKS = {
    "retired_by_agreement": "Usia pensiun tertulis dalam perjanjian kerja atau peraturan perusahaan.",
    "contract_ended": "Kepesertaan berakhir karena jangka waktu perjanjian kerja (PKWT) habis.",
    "stopped": "Usaha atau pekerjaan mandiri sudah dihentikan.",
    "resigned": "Pengunduran diri diterangkan oleh pemberi kerja.",
    "dismissed": "Pemutusan hubungan kerja dibuktikan dengan surat.",
    "left_country": "Kepindahan dari Indonesia untuk selamanya dibuktikan.",
    "disabled": "Cacat total tetap diterangkan oleh dokter.",
    "died": "Peserta sudah meninggal dunia dan yang mengajukan adalah ahli warisnya.",
    "partial_30": "Uangnya untuk perumahan, dibuktikan dengan dokumen perumahan.",
}


# --- What is known -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Person:
    """One membership of one person, as it stands on the day that is asked about.

    `member_since`: the first day of the person's first membership that saves for old age. `ended_on`: the last day of
    this membership, which is still a day of it; None while it runs. `balance`: rupiah and sen.
    `took_partial`: a part, 10 % or 30 %, was paid at any time. `paid_out`: all of this membership was paid.
    """

    birth_date: date
    segment: str
    member_since: date
    ended_on: date | None
    balance: Decimal
    took_partial: bool = False
    paid_out: bool = False
    has_npwp: bool = True


@dataclass(frozen=True)
class Terms:
    """What one regulation asks for one reason. None, 0 and 100 % ask nothing."""

    reason: str
    regulation: str
    article: str = ""
    source: str = ""
    needs_ended: bool = True
    min_age: int | None = None
    wait_months: int = 0
    min_years: int | None = None
    max_percent: int = 100
    documents: tuple[str, ...] = ()
    is_training: bool = False

    @property
    def cite(self) -> str:
        """Where a condition stands: the article, then the regulation."""
        return f"{self.regulation}, {self.article}" if self.article else self.regulation


@dataclass(frozen=True)
class Limit:
    """A figure with its source. Units: rupiah, percent or days, as whoever asks for it knows."""

    value: Decimal
    source: str
    is_training: bool = False


# --- What follows --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One condition in words. `ok`: True met, False not met, None for the desk to see from the papers.

    `from_day`: the day from which a condition that time meets is met; None when time does not meet it.
    """

    text: str
    source: str
    ok: bool | None
    from_day: date | None = None
    is_training: bool = False


@dataclass(frozen=True)
class Verdict:
    """What one reason gives. `allowed`: no condition fails on that day.

    `earliest`: the first day on which none fails, as far as is known today; None when something else than time is
    missing. `max_amount`: rupiah, at most this; None when the regulation does not know the reason.
    """

    reason: str
    allowed: bool
    why: list[Line]
    earliest: date | None
    max_amount: Decimal | None
    documents: tuple[str, ...] = ()
    terms: Terms | None = None

    @property
    def failed(self) -> list[Line]:
        """The conditions that are not met."""
        return [line for line in self.why if line.ok is False]


def judge(
    person: Person, terms: Mapping[str, Terms], reasons: Sequence[str], regulation: str, on: date
) -> list[Verdict]:
    """For each reason, whether this membership can be claimed on this day under these terms, and why.

    `terms` by reason, of the one regulation that is asked; a reason that is missing there is refused, and says so.
    Source: docs/aturan.md#alasan-klaim.
    """
    return [judge_one(person, terms.get(reason), reason, regulation, on) for reason in reasons]


def judge_one(person: Person, terms: Terms | None, reason: str, regulation: str, on: date) -> Verdict:
    """One reason of `judge`."""
    if terms is None:
        unknown = Line(f"{regulation} tidak tercatat mempunyai alasan ini.", regulation, ok=False)
        return Verdict(reason, False, [*_savings(person), unknown], None, None)
    lines = [*_savings(person), *_conditions(person, terms, on)]
    failed = [line for line in lines if line.ok is False]
    days = [line.from_day for line in failed]
    earliest = None
    if None not in days:
        earliest = max([line.from_day for line in lines if line.from_day], default=on)
    return Verdict(
        reason,
        allowed=not failed,
        why=lines,
        earliest=earliest,
        max_amount=share_of(person.balance, terms.max_percent),
        documents=terms.documents,
        terms=terms,
    )


def share_of(balance: Decimal, percent: int) -> Decimal:
    """So much of a balance: all of it to the sen, a part in whole rupiah, rounded down.

    >>> share_of(Decimal("12345678.90"), 10), share_of(Decimal("12345678.90"), 100)
    (Decimal('1234567'), Decimal('12345678.90'))
    """
    if percent == 100:
        return balance
    return (balance * percent / 100).quantize(Decimal(1), ROUND_DOWN)


def after_months(day: date, months: int) -> date:
    """The same day so many months later; where that month is shorter, its last day.

    >>> after_months(date(2026, 9, 30), 1), after_months(date(2026, 1, 31), 1)
    (datetime.date(2026, 10, 30), datetime.date(2026, 2, 28))
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _savings(person: Person) -> list[Line]:
    """Whether there is anything to ask for: the conditions common to all reasons."""
    source = "PP 46/2015"
    if person.segment == "JAKON":
        return [Line("Peserta jasa konstruksi (Jakon) tidak mempunyai JHT.", source, ok=False)]
    if person.paid_out:
        return [Line("Saldo kepesertaan ini sudah pernah dibayarkan seluruhnya.", source, ok=False)]
    if person.balance <= 0:
        return [Line("Saldo kepesertaan ini Rp0, jadi belum ada yang dapat dibayarkan.", source, ok=False)]
    return [Line("Kepesertaan ini mempunyai saldo JHT yang belum dibayarkan.", source, ok=True)]


def _conditions(person: Person, terms: Terms, on: date) -> list[Line]:
    lines: list[Line] = []

    def say(text: str, ok: bool | None, from_day: date | None = None) -> None:
        lines.append(Line(text, terms.cite, ok, from_day, terms.is_training))

    segments = SEGMENTS_OF.get(terms.reason)
    if segments:
        names = " atau ".join(SEGMENT_NAMES[segment] for segment in segments)
        say(f"Alasan ini untuk peserta {names}.", person.segment in segments)
    if terms.needs_ended:
        free_from = person.ended_on + timedelta(days=1) if person.ended_on else None
        say("Kepesertaan sudah berakhir (nonaktif).", free_from is not None and free_from <= on, free_from)
    if terms.wait_months:
        free_from = after_months(person.ended_on, terms.wait_months) if person.ended_on else None
        say(
            f"Masa tunggu {terms.wait_months} bulan sejak kepesertaan berakhir sudah lewat.",
            free_from is not None and free_from <= on,
            free_from,
        )
    if terms.min_age:
        birthday = after_months(person.birth_date, 12 * terms.min_age)
        say(f"Usia paling sedikit {terms.min_age} tahun.", birthday <= on, birthday)
    if terms.min_years:
        anniversary = after_months(person.member_since, 12 * terms.min_years)
        say(f"Kepesertaan paling sedikit {terms.min_years} tahun.", anniversary <= on, anniversary)
    if terms.reason in PARTIAL:
        say("Pembayaran sebagian, 10 % atau 30 %, hanya satu kali dan belum pernah diambil.", not person.took_partial)
    if terms.reason in DESK_CHECKS:
        say(DESK_CHECKS[terms.reason], None)
    return lines


def fits_channel(balance: Decimal, limit: Decimal) -> bool:
    """Whether a claim on this balance can go through the app or the web; above it: a branch. Both in rupiah.

    >>> limit = Decimal(15_000_000)
    >>> fits_channel(limit, limit), fits_channel(Decimal("15000000.01"), limit)
    (True, False)
    """
    return balance <= limit


# --- Tax -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TaxTerms:
    """The tax on savings that are paid out. `free` in rupiah, the others in percent.

    `brackets`: (upper end in rupiah or None for all above, percent), lowest first.
    """

    free: Decimal
    percent: Decimal
    brackets: tuple[tuple[Decimal | None, Decimal], ...]
    without_npwp: Decimal
    source: str = ""
    bracket_source: str = ""
    is_training: bool = False


@dataclass(frozen=True)
class TaxStep:
    """One slice of what is taxed: `base` rupiah at `percent` make `tax` rupiah, unrounded."""

    base: Decimal
    percent: Decimal
    tax: Decimal = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tax", self.base * self.percent / 100)


def tax_steps(gross: Decimal, terms: TaxTerms, *, earlier: Decimal = Decimal(0), year: int = 1) -> list[TaxStep]:
    """The slices of the tax on `gross` rupiah, without the surcharge; see `tax`."""
    brackets = terms.brackets if year >= 3 else ((terms.free, Decimal(0)), (None, terms.percent))
    steps, lower = [], Decimal(0)
    for upper, percent in brackets:
        begin = max(lower, earlier)
        end = earlier + gross if upper is None else min(upper, earlier + gross)
        if end > begin:
            steps.append(TaxStep(end - begin, percent))
        lower = upper if upper is not None else lower
    return steps


def tax(
    gross: Decimal, terms: TaxTerms, *, earlier: Decimal = Decimal(0), year: int = 1, has_npwp: bool = True
) -> Decimal:
    """PPh 21 on `gross` rupiah paid now, in whole rupiah (half up).

    `year`: which calendar year this is, counted from the first payment's (1). In the first two all payments count as
    one made at once: nothing up to `free`, `percent` above it, final, with or without NPWP. From the third year on
    the brackets apply, and without NPWP the tax is `without_npwp` percent higher. `earlier`: what was already paid
    in the same two years, or from the third year on in the same year.
    Source: docs/aturan.md#pajak.

    >>> terms = TaxTerms(Decimal(50_000_000), Decimal(5), ((Decimal(60_000_000), Decimal(5)), (None, Decimal(15))),
    ...                  Decimal(20))
    >>> tax(Decimal(80_000_000), terms), tax(Decimal(80_000_000), terms, year=3, has_npwp=False)
    (Decimal('1500000'), Decimal('7200000'))
    """
    total = sum((step.tax for step in tax_steps(gross, terms, earlier=earlier, year=year)), Decimal(0))
    if year >= 3 and not has_npwp:
        total *= 1 + terms.without_npwp / 100
    return total.quantize(Decimal(1), ROUND_HALF_UP)
