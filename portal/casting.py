"""The cast comes to life: rows for invented people, a whole set at a time. The seed command makes the house's own,
each seat of a class its own again (portal/training)."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from jht import actions, claims
from jht.models import Claim, Contribution, Employer, Figure, Membership, Participant, Rate
from jht.rules import bpu_contribution
from jht.samples import SAMPLES, right_for
from portal import cast


def make_rates(on: date) -> None:
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


def make_people(
    people: Sequence[cast.Person], told: Iterable[cast.Claimed], on: date, companies: Iterable[cast.Company] = ()
) -> list[Participant]:
    """Participants with everything that happened to them by `on`, in the order given; nobody has an account yet.

    Inside a transaction. `told`: their claims. Years that are credited already are credited for them too. `companies`:
    those beside the cast's own for which they work.
    """
    employers = _employers([*cast.COMPANIES.values(), *companies])
    participants = Participant.objects.bulk_create(
        Participant(
            nik=person.nik(on),
            passport=person.passport,
            name=person.name,
            birth_date=person.birth_date(on),
            data_updated_on=on if person.has_updated else None,
        )
        for person in people
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
        for participant, person in zip(participants, people, strict=True)
        for job in person.jobs
    )
    record_payments(people, on)
    _file_claims(people, told, on)
    return participants


def record_payments(people: Collection[cast.Person], on: date) -> None:
    """Everything paid by `on` and not yet recorded; for those who were there before, only while they keep paying."""
    jobs = {job.kpj: job for person in people for job in person.jobs}
    memberships = list(Membership.objects.filter(kpj__in=jobs))
    recorded: dict[int, set[date]] = {}
    theirs = Contribution.objects.filter(membership__in=[membership.pk for membership in memberships])
    for membership_id, month in theirs.values_list("membership_id", "month"):
        recorded.setdefault(membership_id, set()).add(month)
    payments = []
    bands = Figure.objects.bpu_bands(on)
    for membership in memberships:
        job, months = jobs[membership.kpj], recorded.get(membership.pk, set())
        if membership.merged_into_id or (months and not job.keeps_paying):
            continue
        for month, paid_on in job.paid_months(membership.start, membership.end, on):
            if month not in months and (not months or month > max(months)):
                payments.append(_payment(membership, job, month, paid_on, bands))
    actions.record_contributions(payments)


def _employers(companies: Collection[cast.Company]) -> dict[str, Employer]:
    """These companies, by NPP; whichever is missing is made."""
    Employer.objects.bulk_create(
        (Employer(npp=one.npp, name=one.name, city=one.city) for one in companies), ignore_conflicts=True
    )
    return Employer.objects.in_bulk([one.npp for one in companies], field_name="npp")


def _payment(
    membership: Membership, job: cast.Job, month: date, paid_on: date, bands: list[tuple[int | None, int]]
) -> actions.Payment:
    wage = job.wage_in(month, membership.start)
    if job.segment == "PU":
        return actions.wage_payment(membership, month, wage, paid_on)
    if job.segment == "BPU":
        return actions.Payment(membership, month, wage, 0, bpu_contribution(wage, bands), paid_on)
    return actions.Payment(membership, month, 0, 0, wage, paid_on)


def _file_claims(people: Iterable[cast.Person], told: Iterable[cast.Claimed], on: date) -> None:
    """The claims of these people, each as far as it has come. Nobody has an account yet, so no mail is written."""
    theirs = {job.kpj: person for person in people for job in person.jobs}
    for claimed in told:
        if claimed.kpj in theirs:
            _file_claim(claimed, theirs[claimed.kpj], on)


def _file_claim(told: cast.Claimed, person: cast.Person, on: date) -> None:
    membership = Membership.objects.get(kpj=told.kpj)
    if told.ended_days_ago:
        _report_end(membership, on - timedelta(days=told.ended_days_ago))
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
    if told.ended_days_ago:
        _report_end(membership, membership.end)


def _report_end(membership: Membership, day: date | None) -> None:
    Membership.objects.filter(pk=membership.pk).update(end=day)


def _paper(name: str, told: cast.Claimed) -> claims.Paper:
    """The right sample, none where that one is missing, or the one that explains what the clerk wrote."""
    if told.state == "submitted" and told.paper and told.paper in name:
        return claims.Paper(name)
    wrong = {"incomplete": "buram", "refused": "salah"}.get(told.state)
    slug = wrong if wrong and told.paper in name else right_for(name).slug
    return claims.Paper(name, slug, SAMPLES[slug].is_legible)


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))
