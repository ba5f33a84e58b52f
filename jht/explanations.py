"""What the pages tell a participant about rows: one sentence a fact, one object a card or a year."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jht.models import Entry, Membership, Segment
from jht.querysets import Held
from jht.rules import Rates, YearLine, add_months, last_month_due, months_complete

JAKON_SENTENCE = (
    "Peserta jasa konstruksi (Jakon) dilindungi dari kecelakaan kerja dan kematian saja, "
    "jadi kepesertaan ini tidak mempunyai saldo JHT."
)


MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
MONTHS_SHORT = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")


def month_name(month: date) -> str:
    """A month as it is written on every page.

    >>> month_name(date(2026, 8, 1))
    'Agu 2026'
    """
    return f"{MONTHS_SHORT[month.month - 1]} {month.year}"


def day_name(day: date) -> str:
    """A day as it is written on every page.

    >>> day_name(date(2026, 3, 15))
    '15 Maret 2026'
    """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


SEGMENTS = dict(Segment.choices)


@dataclass(frozen=True)
class Card:
    """One KPJ as Lihat Saldo JHT shows it; `notes` are (level, sentence) pairs.

    Everything is worked out here and not asked again: a template looks each name up every time it meets it.
    """

    kpj: str
    employer_name: str  # of who has no employer: the segment
    segment_label: str
    has_jht: bool
    is_active: bool
    balance: Decimal
    last_contribution_month: date | None
    last_wage: int | None  # migrant workers report none
    notes: list[tuple[str, str]]

    __getitem__ = object.__getattribute__  # templates look here first; without it every name costs a failed attempt

    @property
    def status_label(self) -> str:
        return "Aktif" if self.is_active else "Nonaktif"


@dataclass(frozen=True)
class Account:
    """All memberships of one person on one day. `saving`: how many of them save for old age at all."""

    cards: list[Card]
    as_of: date
    total: Decimal
    saving: int
    sentence: str

    __getitem__ = object.__getattribute__


def explain(memberships: Iterable[Membership | Held], balances: Mapping[int, Decimal], on: date) -> Account:
    """The cards of these memberships, which carry `employer_name`, `last_month` and `last_wage`.

    At most one query, for those with nothing in them.
    """
    memberships = list(memberships)
    empty = [membership.pk for membership in memberships if not balances.get(membership.pk)]
    paid_out: dict[int, date] = {}
    if empty:
        withdrawals = Entry.objects.filter(membership__in=empty, kind=Entry.Kind.WITHDRAWAL, date__lte=on)
        paid_out = dict(withdrawals.order_by("date").values_list("membership_id", "date"))
    cards = [_card(row, balances.get(row.pk, Decimal(0)), paid_out.get(row.pk), on) for row in memberships]
    saving = sum([card.has_jht for card in cards])
    sentence = "Kepesertaan Anda melindungi dari kecelakaan kerja dan kematian, tanpa tabungan hari tua."
    if saving:
        sentence = f"Terkumpul dari {saving} kepesertaan sampai {day_name(on)}, termasuk hasil pengembangan."
    return Account(cards, on, sum([card.balance for card in cards], Decimal(0)), saving, sentence)


def _card(membership: Membership | Held, balance: Decimal, paid_out_on: date | None, on: date) -> Card:
    label = SEGMENTS[membership.segment]
    return Card(
        kpj=membership.kpj,
        employer_name=membership.employer_name or label,
        segment_label=label,
        has_jht=Membership.has_jht.fget(membership),
        is_active=Membership.is_active(membership, on),
        balance=balance,
        last_contribution_month=membership.last_month,
        last_wage=membership.last_wage or None,
        notes=list(_notes(membership, paid_out_on, on)),
    )


def _notes(membership: Membership | Held, paid_out_on: date | None, on: date):
    if not Membership.has_jht.fget(membership):  # the model's rules, asked of a row that is no model
        yield "info", JAKON_SENTENCE
        return
    if paid_out_on:
        yield (
            "info",
            f"Saldo Rp0 karena klaim sudah dibayarkan pada {day_name(paid_out_on)}. Riwayatnya ada pada rincian.",
        )
        return
    if Membership.is_active(membership, on):
        yield from _arrears(membership, on)
    else:
        yield "info", "Kepesertaan ini tidak aktif. Saldonya tetap berkembang walau tidak ada iuran baru."


def _arrears(membership: Membership | Held, on: date):
    """Months due and not recorded after the last one paid. Migrant workers have no monthly due date in our sources."""
    if membership.segment not in (Segment.PU, Segment.BPU):
        return
    first = add_months(membership.last_month, 1) if membership.last_month else membership.start.replace(day=1)
    last = last_month_due(membership.segment, on)
    if first > last:
        if not membership.last_month:
            yield "info", "Belum ada iuran yang jatuh tempo, jadi saldo masih Rp0. Iuran pertama akan tampak di sini."
        return
    months = month_name(first) if first == last else f"{month_name(first)} sampai {month_name(last)}"
    if membership.segment == Segment.PU:
        yield (
            "warn",
            f"Iuran {months} belum tercatat dibayar oleh pemberi kerja, padahal sudah jatuh tempo. Saldo bertambah "
            "setelah iuran dibayar. Tanyakan kepada bagian personalia perusahaan Anda.",
        )
    else:
        yield (
            "warn",
            f"Iuran {months} belum tercatat. Peserta Bukan Penerima Upah membayar sendiri, paling lambat tanggal 15 "
            "bulan itu. Saldo bertambah setelah Anda membayar.",
        )


NOTES = {Entry.Kind.CONTRIBUTION: "dibayar {day}", Entry.Kind.RETURN: "dibukukan {day}"}


@dataclass(frozen=True)
class Row:
    """One movement inside a year. `month`: the month it is for; `note`: when or why."""

    month: date
    kind_label: str
    amount: Decimal
    note: str


@dataclass(frozen=True)
class Year:
    """One year of the statement as the page shows it."""

    line: YearLine
    rate: Decimal
    rate_note: str
    is_open: bool
    months: list[Row]

    def __getattr__(self, name: str):
        return getattr(self.line, name)


def explain_years(
    lines: list[YearLine], rows: Iterable[tuple], rates: Rates, sources: Mapping[int, str], on: date
) -> list[Year]:
    """The years of a statement, newest first.

    `rows`: (date, kind, amount, settled percent or None, contribution month or None, reason) of every entry by `on`;
    `sources`: by year, where the rate comes from.
    """
    by_year: dict[int, list[Row]] = {}
    for day, kind, amount, _, month, reason in rows:
        note = NOTES.get(kind, "{reason}").format(day=day_name(day), reason=reason)
        by_year.setdefault(day.year, []).append(Row(month or day, Entry.Kind(kind).label, amount, note))
    years = []
    for line in reversed(lines):
        rate = rates.of(line.year)
        months = by_year.get(line.year, [])
        if line.accrued_return:
            last_complete = date(line.year, max(1, months_complete(on)) if line.year == on.year else 12, 1)
            note = "dihitung sampai bulan terakhir yang lengkap, belum dibukukan"
            months = [Row(last_complete, "Hasil pengembangan berjalan", line.accrued_return, note), *months]
        years.append(
            Year(
                line=line,
                rate=rate.percent,
                rate_note=f"perkiraan, tingkat {line.year} belum ditetapkan" if rate.estimated else sources[line.year],
                is_open=line.year > rates.closed_until(on),
                months=months,
            )
        )
    return years
