"""What the pages tell a participant about rows: one sentence a fact, one object a card or a year."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Max, Q

from jht import arrears
from jht.dues import Arrears, Behind, Due, Terms, stretches
from jht.models import Entry, Membership, Segment
from jht.querysets import Held
from jht.rules import Rates, YearLine, months_complete
from jht.words import day_name, month_name, percent

JAKON_SENTENCE = (
    "Peserta jasa konstruksi (Jakon) dilindungi dari kecelakaan kerja dan kematian saja, "
    "jadi kepesertaan ini tidak mempunyai saldo JHT."
)

SEGMENTS = dict(Segment.choices)
COVER = ("Jaminan Kecelakaan Kerja (JKK)", "Jaminan Kematian (JKM)")


def programmes(membership: Membership | Held) -> list[str]:
    """What a membership takes part in, as far as this place teaches it (docs/jmo.md#program)."""
    return ["Jaminan Hari Tua (JHT)", *COVER] if Membership.has_jht.fget(membership) else list(COVER)


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
    is_behind: bool = False  # months due are missing: jht:arrears says which
    wage_label: str = "Upah dilaporkan"

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
    has_one_card: bool

    __getitem__ = object.__getattribute__


def explain(
    memberships: Iterable[Membership | Held],
    balances: Mapping[int, Decimal],
    on: date,
    terms: Terms | None = None,
    paid: Mapping[int, int] | None = None,
) -> Account:
    """The cards of these memberships, which carry `employer_name`, `last_month` and `last_wage`.

    `terms`: when contributions are due; `paid`: by membership, how many of its months due were paid. Who has them
    already saves a query each. Otherwise at most one, for those with nothing in them.
    """
    memberships = list(memberships)
    due = arrears.months_due(on, terms or arrears.terms())
    paid = arrears.paid_months(memberships, due) if paid is None else paid
    empty = [membership.pk for membership in memberships if not balances.get(membership.pk)]
    gone = _where_it_went(empty, on) if empty else {}
    cards = []
    for row in memberships:
        lacks = arrears.behind(row, paid.get(row.pk, 0), due) if row.segment in due else NOTHING
        cards.append(_card(row, balances.get(row.pk, Decimal(0)), gone.get(row.pk, ""), lacks, on))
    saving = sum([card.has_jht for card in cards])
    sentence = "Kepesertaan Anda melindungi dari kecelakaan kerja dan kematian, tanpa tabungan hari tua."
    if saving:
        sentence = f"Terkumpul dari {saving} kepesertaan sampai {day_name(on)}, termasuk hasil pengembangan."
    total = sum([card.balance for card in cards], Decimal(0))
    return Account(cards, on, total, saving, sentence, has_one_card=len(cards) == 1)


def _where_it_went(empty: list[int], on: date) -> dict[int, str]:
    """Why nothing is left in these memberships, where money was paid out or moved away. One query."""
    paid_out = Max("entries__date", filter=Q(entries__kind=Entry.Kind.WITHDRAWAL, entries__date__lte=on))
    rows = Membership.objects.filter(pk__in=empty).annotate(paid_out=paid_out)
    told = {}
    for pk, merged_into, merged_on, paid in rows.values_list("pk", "merged_into__kpj", "merged_on", "paid_out"):
        if merged_into and merged_on <= on:
            told[pk] = (
                f"Digabung ke KPJ {merged_into} pada {day_name(merged_on)}. Saldonya tampak di sana; riwayatnya ada "
                "pada rincian."
            )
        elif paid:
            told[pk] = f"Saldo Rp0 karena klaim sudah dibayarkan pada {day_name(paid)}. Riwayatnya ada pada rincian."
    return told


NOTHING = Behind(0, None, None)


def _card(membership: Membership | Held, balance: Decimal, where_it_went: str, lacks: Behind, on: date) -> Card:
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
        notes=list(_notes(membership, where_it_went, lacks, on)),
        is_behind=bool(lacks) and not where_it_went,
        # The self-employed have no wage and nobody who reports one
        wage_label="Penghasilan dilaporkan" if membership.segment == Segment.BPU else Card.wage_label,
    )


def _notes(membership: Membership | Held, where_it_went: str, lacks: Behind, on: date):
    if not Membership.has_jht.fget(membership):  # the model's rules, asked of a row that is no model
        yield "info", JAKON_SENTENCE
        return
    if where_it_went:
        yield "info", where_it_went
        return
    active = Membership.is_active(membership, on)
    if not active:
        yield "info", "Kepesertaan ini tidak aktif. Saldonya tetap berkembang walau tidak ada iuran baru."
    if lacks:
        yield "warn", _lacking(membership.segment, lacks)
    elif active and not membership.last_month and membership.segment in PAYERS:
        yield "info", "Belum ada iuran yang jatuh tempo, jadi saldo masih Rp0. Iuran pertama akan tampak di sini."


# Migrant workers (PMI) have no monthly due date in our sources.
PAYERS = {
    Segment.PU: (
        "tercatat dibayar oleh pemberi kerja, padahal sudah jatuh tempo. Saldo bertambah setelah iuran dibayar. "
        "Tanyakan kepada bagian personalia perusahaan Anda."
    ),
    Segment.BPU: (
        "tercatat. Peserta Bukan Penerima Upah membayar sendiri, paling lambat tanggal jatuh tempo bulan itu. Saldo "
        "bertambah setelah Anda membayar."
    ),
}


def _lacking(segment: str, lacks: Behind) -> str:
    """Months due and not recorded, and who pays them."""
    parts = [_stretch(lacks.first, lacks.last)] if lacks.first else []
    if lacks.earlier:
        parts.append(f"{lacks.earlier} bulan {'sebelumnya' if parts else 'sebelum bulan terakhir yang dibayar'}")
    return f"Iuran {' dan '.join(parts)} belum {PAYERS[segment]}"


def _stretch(first: date, last: date) -> str:
    return month_name(first) if first == last else f"{month_name(first)} sampai {month_name(last)}"


def months_in_words(missing: Iterable[Due]) -> str:
    """Months as stretches: "Feb 2026, Jun 2026 sampai Agu 2026"."""
    return ", ".join(_stretch(*stretch) for stretch in stretches(due.month for due in missing))


def fine_in_words(found: Arrears) -> str:
    """What the fine is and who pays it; empty where there is none."""
    rates = {due.percent for due in (*found.missing, *found.late) if due.percent is not None}
    if not rates:
        return ""
    figures = " atau ".join(percent(rate) for rate in sorted(rates))
    return (
        f"Denda {figures} dari iuran untuk setiap bulan keterlambatan, bulan yang belum penuh dihitung satu bulan. "
        "Denda dibayar oleh pemberi kerja dan tidak diambil dari saldo atau upah Anda."
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
