"""Make the invented people, their employers, contributions and rates. Safe to run twice."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from jht import actions, claims
from jht.models import Claim, Contribution, Employer, Figure, Membership, Participant, Rate
from jht.rules import bpu_contribution
from jht.samples import SAMPLES, right_for
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
    everyone = [*cast.PEOPLE, *cast.practice_people(), *cast.other_practice_people()]
    known = set(Membership.objects.values_list("kpj", flat=True))
    new = [person for person in everyone if person.jobs[0].kpj not in known]
    for person in new:
        _make_participant(person, employers, on)
    _record_payments(everyone, on)
    _file_claims(new, on)
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
    participant = Participant.objects.create(
        nik=person.nik(on),
        passport=person.passport,
        name=person.name,
        birth_date=person.birth_date(on),
        data_updated_on=on if person.has_updated else None,
    )
    Membership.objects.bulk_create(
        Membership(
            participant=participant,
            employer=employers[job.npp] if job.npp else None,
            kpj=job.kpj,
            segment=job.segment,
            start=job.start(on),
            end=job.end(on),
            unadded_since=job.start(on) if job.is_unadded else None,
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
    bands = Figure.objects.bpu_bands(on)
    for person in people:
        for job in person.jobs:
            membership = memberships[job.kpj]
            months = recorded.get(membership.pk, set())
            if membership.merged_into_id or (months and not job.keeps_paying):
                continue
            for month, paid_on in job.paid_months(membership.start, membership.end, on):
                if month not in months and (not months or month > max(months)):
                    payments.append(_payment(membership, job, month, paid_on, bands))
    actions.record_contributions(payments)


def _payment(
    membership: Membership, job: cast.Job, month: date, paid_on: date, bands: list[tuple[int | None, int]]
) -> actions.Payment:
    wage = job.wage_in(month, membership.start)
    if job.segment == "PU":
        return actions.wage_payment(membership, month, wage, paid_on)
    if job.segment == "BPU":
        return actions.Payment(membership, month, wage, 0, bpu_contribution(wage, bands), paid_on)
    return actions.Payment(membership, month, 0, 0, wage, paid_on)


def _file_claims(new: list[cast.Person], on: date) -> None:
    """The claims of who is new, each as far as it has come. Nobody has an account yet, so no mail is written."""
    theirs = {job.kpj: person for person in new for job in person.jobs}
    for told in cast.CLAIMS:
        if told.kpj in theirs:
            _file_claim(told, theirs[told.kpj], on)


def _file_claim(told: cast.Claimed, person: cast.Person, on: date) -> None:
    membership = Membership.objects.get(kpj=told.kpj)
    filed, decided = on - timedelta(days=told.filed_days_ago), on - timedelta(days=told.decided_days_ago)
    papers = [_paper(name, told) for name in claims.verdicts(membership, filed, [told.reason])[0].documents]
    form = claims.Application(
        reason=told.reason,
        account=claims.Account("Bank Latihan Utara", f"49{told.kpj[-8:]}", person.name),
        token=f"seed-claim:{told.kpj}",
        has_npwp=True,
        papers=papers,
    )
    claim = claims.file_claim(membership, form, filed, _noon(filed), None, channel=Claim.Channel.BRANCH)
    if told.state == "incomplete":
        unreadable = [paper.name for paper in papers if told.paper in paper.name]
        claims.ask_for_more(claim, told.message, _noon(decided), None, unreadable)
    elif told.state == "refused":
        claims.refuse(claim, Claim.Refusal.DOCUMENTS, told.message, decided, _noon(decided), None)
    elif told.state == "paid":
        claims.approve(claim, filed, _noon(filed), None)
        claims.pay(claim, decided, _noon(decided), None)


def _paper(name: str, told: cast.Claimed) -> claims.Paper:
    """The right sample, or the one that explains what the clerk wrote."""
    wrong = {"incomplete": "buram", "refused": "salah"}.get(told.state)
    slug = wrong if wrong and told.paper in name else right_for(name).slug
    return claims.Paper(name, slug, SAMPLES[slug].is_legible)


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


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
