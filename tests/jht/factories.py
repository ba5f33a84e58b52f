"""Invented people, companies and payments for tests, each with numbers nobody else in the test run has."""

from datetime import date
from itertools import count

from jht import actions
from jht.models import Contribution, Employer, Figure, Membership, Participant, Segment
from jht.rules import bpu_contribution

PMI_AMOUNTS = (50_000, 100_000, 200_000, 300_000, 400_000, 500_000, 600_000)  # docs/aturan.md#iuran-pmi
_serial = count(1)


def training_nik(birth_date: date = date(1990, 3, 15), woman: bool = False) -> str:
    """A valid training NIK that no other test row has: 9,999 serials for each of 99 districts."""
    district, serial = divmod(next(_serial), 9_999)
    day = birth_date.day + (40 if woman else 0)
    return f"4971{district % 99 + 1:02}{day:02}{birth_date:%m%y}{serial + 1:04}"


def training_kpj() -> str:
    """A valid training KPJ that no other test row has."""
    return f"49{next(_serial):09}"


def make_participant(name: str = "Budi Latihan", *, birth_date: date = date(1990, 3, 15), **fields) -> Participant:
    fields.setdefault("nik", training_nik(birth_date))
    return Participant.objects.create(name=name, birth_date=birth_date, **fields)


def make_employer(name: str = "PT Rekaan Jaya", **fields) -> Employer:
    fields.setdefault("npp", f"L{next(_serial):07}")
    return Employer.objects.create(name=name, **fields)


def make_membership(
    participant: Participant | None = None,
    employer: Employer | None = None,
    *,
    segment: str = Segment.PU,
    start: date = date(2020, 1, 1),
    **fields,
) -> Membership:
    """One KPJ; whoever is missing is invented, an employer only where the segment has one."""
    if employer is None and segment in (Segment.PU, Segment.JAKON):
        employer = make_employer()
    fields.setdefault("kpj", training_kpj())
    return Membership.objects.create(
        participant=participant or make_participant(), employer=employer, segment=segment, start=start, **fields
    )


def pay(membership: Membership, month: date, wage: int = 5_000_000, *, paid_on: date | None = None) -> Contribution:
    """Record one month as the desk does: paid on the first of the month unless told otherwise.

    PU: both shares of the wage. BPU: the amount for this income. PMI: `wage` is the chosen amount.
    """
    paid_on = paid_on or month
    if membership.segment == Segment.BPU:
        contribution = bpu_contribution(wage, Figure.objects.bpu_bands(month))
        payment = actions.Payment(membership, month, wage, 0, contribution, paid_on)
    elif membership.segment == Segment.PMI:
        amount = wage if wage in PMI_AMOUNTS else 100_000
        payment = actions.Payment(membership, month, 0, 0, amount, paid_on)
    else:
        payment = actions.wage_payment(membership, month, wage, paid_on)
    return actions.record_contributions([payment])[0]
