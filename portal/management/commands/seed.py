"""Make the invented people, their employers, contributions and rates. Safe to run twice."""

from datetime import date
from decimal import Decimal

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from jht import actions
from jht.models import Contribution, Employer, Membership, Participant, Rate
from jht.rules import bpu_contribution
from portal import cast
from portal.demo import password_for


class Command(BaseCommand):
    help = "Make the invented people. Run again, it adds what has come due since and changes nothing else."

    def handle(self, **options):
        people = seed(timezone.localdate())
        self.stdout.write(f"Orang rekaan: {people} peserta baru.")


@transaction.atomic
def seed(on: date) -> int:
    """Make whatever of the cast is missing as of `on`; how many participants were new."""
    _make_rates(on)
    employers = {
        npp: Employer.objects.get_or_create(npp=npp, defaults={"name": company.name, "city": company.city})[0]
        for npp, company in cast.COMPANIES.items()
    }
    everyone = [*cast.PEOPLE, *cast.practice_people()]
    known = set(Membership.objects.values_list("kpj", flat=True))
    new = [person for person in everyone if person.jobs[0].kpj not in known]
    for person in new:
        _make_participant(person, employers, on)
    _record_payments(everyone, on)
    for person in new:
        _pay_claims(person, on)
    _credit_past_years(on)
    _make_accounts()
    return len(new)


def _make_rates(on: date) -> None:
    for year in range(on.year - 12, on.year + 1):
        published = cast.PUBLISHED_RATES.get(year)
        Rate.objects.get_or_create(
            year=year,
            defaults={
                "percent": Decimal(published or cast.PRACTICE_RATE),
                "source": "sumber publik" if published else "ditetapkan untuk latihan",
                "is_training": published is None,
            },
        )


def _make_participant(person: cast.Person, employers: dict[str, Employer], on: date) -> None:
    participant = Participant.objects.create(nik=person.nik(on), name=person.name, birth_date=person.birth_date(on))
    Membership.objects.bulk_create(
        Membership(
            participant=participant,
            employer=employers[job.npp] if job.npp else None,
            kpj=job.kpj,
            segment=job.segment,
            start=job.start(on),
            end=job.end(on),
        )
        for job in person.jobs
    )


def _record_payments(people: list[cast.Person], on: date) -> None:
    """Everything paid by `on` and not yet recorded; for those who were there before, only while they keep paying."""
    memberships = Membership.objects.in_bulk(field_name="kpj")
    recorded: dict[int, set[date]] = {}
    for membership_id, month in Contribution.objects.values_list("membership_id", "month"):
        recorded.setdefault(membership_id, set()).add(month)
    payments = []
    for person in people:
        for job in person.jobs:
            membership = memberships[job.kpj]
            months = recorded.get(membership.pk, set())
            if months and not job.keeps_paying:
                continue
            for month, paid_on in job.paid_months(membership.start, membership.end, on):
                if month not in months and (not months or month > max(months)):
                    payments.append(_payment(membership, job, month, paid_on))
    actions.record_contributions(payments)


def _payment(membership: Membership, job: cast.Job, month: date, paid_on: date) -> actions.Payment:
    wage = job.wage_in(month, membership.start)
    if job.segment == "PU":
        return actions.wage_payment(membership, month, wage, paid_on)
    if job.segment == "BPU":
        return actions.Payment(membership, month, wage, 0, bpu_contribution(wage), paid_on)
    return actions.Payment(membership, month, 0, 0, wage, paid_on)


def _pay_claims(person: cast.Person, on: date) -> None:
    for job in person.jobs:
        if job.claimed_days_ago is not None:
            membership = Membership.objects.get(kpj=job.kpj)
            paid_on = date.fromordinal(on.toordinal() - job.claimed_days_ago)
            actions.withdraw(membership, None, "Klaim JHT dibayarkan", paid_on, key=f"seed-claim:{job.kpj}")


def _credit_past_years(on: date) -> None:
    for year in (
        Rate.objects.filter(credited_on__isnull=True, year__lt=on.year).order_by("year").values_list("year", flat=True)
    ):
        actions.credit_return(year, on)


def _make_accounts() -> None:
    """An account for everyone in the cast, with the e-mail already confirmed; known ones keep their password."""

    User = get_user_model()
    known = set(User.objects.values_list("email", flat=True))
    for someone in [*cast.PEOPLE, *cast.STAFF]:
        if someone.email in known:
            continue
        is_staff = isinstance(someone, cast.Staff)
        user = User.objects.create_user(
            someone.email, password_for(someone.email, staff=is_staff), is_staff=is_staff, is_shared=True
        )
        if is_staff:
            user.groups.add(Group.objects.get(name=someone.group))
        elif someone.is_linked:
            Participant.objects.filter(memberships__kpj=someone.jobs[0].kpj).update(user=user)
