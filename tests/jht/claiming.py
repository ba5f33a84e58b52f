"""What the tests of claims need: somebody who may claim, and a form filled in."""

from datetime import UTC, date, datetime

from django.contrib.auth import get_user_model

from jht import actions, claims
from jht.claims import Account, Application, Paper
from jht.models import Claim, Membership, Rate
from tests.jht.factories import make_membership, make_participant, pay

TODAY = date(2026, 6, 20)
NOW = datetime(2026, 6, 20, 3, 0, tzinfo=UTC)


def rates(percent: str = "6") -> None:
    for year in range(2015, 2027):
        Rate.objects.create(year=year, percent=percent, source="contoh")


def somebody(email: str = "peserta@latih.test", name: str = "Budi Latihan", **fields):
    """A participant with an account."""
    user = get_user_model().objects.create_user(email)
    return make_participant(name, user=user, **fields)


def ended_membership(participant=None, *, end: date = date(2026, 3, 31), months: int = 3, **fields) -> Membership:
    """A KPJ that ended and holds `months` x Rp285.000, paid on the first of each month of 2026."""
    membership = make_membership(participant or somebody(), start=date(2025, 1, 1), end=end, **fields)
    for month in range(1, months + 1):
        pay(membership, date(2026, month, 1))
    return membership


def application(membership: Membership, reason: str = "resigned", **fields) -> Application:
    fields.setdefault("token", f"token-{membership.kpj}-{reason}")
    fields.setdefault("account", Account("Bank Latihan Utara", "4900012345", membership.participant.name))
    fields.setdefault("papers", (Paper("KTP (contoh)", "ktp"), Paper("Buku tabungan (contoh)", "buku-tabungan")))
    return Application(reason=reason, **fields)


def filed(membership: Membership, reason: str = "resigned", on: date = TODAY, **fields) -> Claim:
    by = membership.participant.user
    return claims.file_claim(membership, application(membership, reason, **fields), on, NOW, by)


def approved(membership: Membership, by, reason: str = "resigned", **fields) -> Claim:
    return claims.approve(filed(membership, reason, **fields), TODAY, NOW, by)


def credit(year: int, on: date) -> None:
    actions.credit_return(year, on)
