"""What jht.eligibility is told: rows read into plain values."""

from datetime import date
from decimal import Decimal

from django.db.models import Min, Sum

from jht.eligibility import PARTIAL, Limit, Person, TaxTerms, Terms
from jht.models import Claim, Entry, Figure, Membership, Regulation, Segment

Kind = Figure.Kind


def regulation_on(on: date) -> Regulation | None:
    """The regulation in force on this day; None for days before the first one known here."""
    return Regulation.objects.valid_on(on).prefetch_related("rules").order_by("-valid_from").first()


def terms_on(on: date) -> tuple[str, dict[str, Terms]]:
    """Title and terms by reason of the regulation in force on this day; an empty title where none is known."""
    regulation = regulation_on(on)
    return (regulation.title, regulation.terms()) if regulation else ("", {})


def figure(kind: str, on: date) -> Limit | None:
    """One figure of the rules with its source."""
    row = Figure.objects.one(kind, on)
    return Limit(row.value, row.source, row.is_training) if row else None


def tax_terms(on: date) -> TaxTerms | None:
    """The tax on savings paid out on this day; None for days before the first rule known here. Four queries."""
    free, percent, surcharge = (figure(kind, on) for kind in (Kind.TAX_FREE, Kind.TAX_PERCENT, Kind.TAX_WITHOUT_NPWP))
    rows = Figure.objects.rows(Kind.TAX_BRACKET, on)
    if not (free and percent and surcharge and rows):
        return None
    return TaxTerms(
        free=free.value,
        percent=percent.value,
        brackets=tuple((Decimal(row.threshold) if row.threshold else None, row.value) for row in rows),
        without_npwp=surcharge.value,
        source=free.source,
        bracket_source=rows[0].source,
        is_training=free.is_training or percent.is_training or any(row.is_training for row in rows),
    )


def person(membership: Membership, on: date, balance: Decimal | None = None) -> Person:
    """One membership as jht.eligibility asks about it; `balance` where the caller has it already. Up to six queries.

    Years count from the person's first membership that saves for old age. That a part was taken counts for the
    person, whichever KPJ it came from (docs/aturan.md#pembayaran-sebagian).
    """
    if balance is None:
        balance = membership.balance(on)
    family = Membership.objects.filter(participant_id=membership.participant_id)
    since = family.exclude(segment=Segment.JAKON).aggregate(first=Min("start"))["first"] or membership.start
    paid = Claim.objects.filter(membership__participant_id=membership.participant_id, status=Claim.Status.PAID)
    withdrawn = membership.entries.filter(kind=Entry.Kind.WITHDRAWAL, date__lte=on)
    return Person(
        birth_date=membership.participant.birth_date,
        segment=membership.segment,
        member_since=since,
        ended_on=membership.end,
        balance=balance,
        took_partial=paid.filter(reason__in=PARTIAL, paid_on__lte=on).exists(),
        paid_out=not balance and withdrawn.exists(),
        has_npwp=membership.participant.has_npwp,
    )


def took_partial_later(membership: Membership, on: date) -> bool:
    """Whether a part was paid to this person on a day after this one, from which a clock was turned back. One query."""
    paid = Claim.objects.filter(membership__participant_id=membership.participant_id, status=Claim.Status.PAID)
    return paid.filter(reason__in=PARTIAL, paid_on__gt=on).exists()


def payments_before(membership: Membership, on: date) -> tuple[Decimal, int]:
    """For jht.eligibility.tax: what counts together with a payment on this day (rupiah), and which calendar year it is.

    Counted from the first claim paid from this KPJ or from one that was merged into it. Two or three queries.
    """
    paid = Claim.objects.filter(membership__in=_with_merged(membership), status=Claim.Status.PAID, paid_on__lte=on)
    first = paid.aggregate(first=Min("paid_on"))["first"]
    if first is None:
        return Decimal(0), 1
    year = on.year - first.year + 1
    counted = paid if year <= 2 else paid.filter(paid_on__year=on.year)
    return counted.aggregate(total=Sum("gross"))["total"] or Decimal(0), year


def _with_merged(membership: Membership) -> set[int]:
    """This membership and all whose balance came into it, also by way of others; as keys. One query."""
    family = Membership.objects.filter(participant_id=membership.participant_id, merged_into__isnull=False)
    into = dict(family.values_list("pk", "merged_into_id"))
    found = {membership.pk}
    while joined := {pk for pk, target in into.items() if target in found} - found:
        found |= joined
    return found
