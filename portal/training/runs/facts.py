"""What is true in the rows of a seat, whoever brought it about: the checks of `keadaan`. One small query each.

"Since the exercise began" goes by the seat's day, as the rows themselves do.
"""

from collections.abc import Callable, Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from jht import arrears
from jht.models import (
    AuditRecord,
    Claim,
    ClaimStep,
    Contribution,
    Employer,
    ImportJob,
    Membership,
    MergeRequest,
    Participant,
    Segment,
)
from portal.models import SmsRegistration
from portal.training.models import Run, Seat, SeatPerson
from portal.training.seats import exercises

Status = Claim.Status
DECIDED = (Status.APPROVED, Status.PAID, Status.REFUSED, Status.INCOMPLETE)
SHOWS_LATER = frozenset({"impor-selesai"})  # what another process brings about: looked at with every page


def true_ones(seat: Seat, run: Run, asked: Iterable[tuple[str, str]], today: date) -> frozenset[tuple[str, str]]:
    """Those of the asked facts (fact, about whom) that are true now."""
    return frozenset((fact, who) for fact, who in asked if fact in FACTS and FACTS[fact](seat, who, run, today))


def participants(seat: Seat, who: str) -> QuerySet[Participant]:
    """Whoever is played under this slug; for a card everybody whom an account of the trainee's own was linked to."""
    people = SeatPerson.objects.filter(seat=seat)
    if who.startswith("kartu"):
        cards = people.filter(slug__startswith="kartu")
        return Participant.objects.filter(pk__in=cards.values("participant"), user__isnull=False)
    return Participant.objects.filter(pk__in=people.filter(slug=who).values("participant"))


def _own_account(seat: Seat, who: str, run: Run, today: date) -> bool:
    played = SeatPerson.objects.filter(seat=seat, user__isnull=False).values("user")
    return User.objects.filter(inbox_key=seat.inbox_key, is_staff=False).exclude(pk__in=played).exists()


def _linked(seat: Seat, who: str, run: Run, today: date) -> bool:
    return participants(seat, who).filter(user__isnull=False).exists()


def _added(seat: Seat, who: str, run: Run, today: date) -> bool:
    people = participants(seat, who)
    hidden = Membership.objects.filter(participant__in=people, unadded_since__isnull=False)
    return people.exists() and not hidden.exists()


def _new_password(seat: Seat, who: str, run: Run, today: date) -> bool:
    """Everybody of a seat begins with one hash; whoever has another has changed the kata sandi."""
    others = SeatPerson.objects.filter(seat=seat, user__isnull=False).exclude(slug=who)
    mine = SeatPerson.objects.filter(seat=seat, slug=who, user__isnull=False)
    return mine.exclude(user__password__in=others.values("user__password")).exists()


def _phone(seat: Seat, who: str, run: Run, today: date) -> bool:
    people = participants(seat, who)
    if who.startswith("kartu"):  # a text registers a card that no account has been linked to
        cards = SeatPerson.objects.filter(seat=seat, slug__startswith="kartu")
        people = Participant.objects.filter(pk__in=cards.values("participant"))
    asked = SmsRegistration.objects.filter(phone__startswith=seat.phone_stem, membership__participant__in=people)
    return asked.exists()


def _claims(seat: Seat, who: str) -> QuerySet[Claim]:
    return Claim.objects.filter(membership__participant__in=participants(seat, who))


def _filed(seat: Seat, who: str, run: Run, today: date) -> bool:
    return _claims(seat, who).filter(filed_on__gte=run.day).exists()


def _completed(seat: Seat, who: str, run: Run, today: date) -> bool:
    """Handed in again after the clerk had asked for something."""
    asked = ClaimStep.objects.filter(claim=OuterRef("claim"), status=Status.INCOMPLETE, pk__lt=OuterRef("pk"))
    again = ClaimStep.objects.filter(claim__in=_claims(seat, who), status=Status.SUBMITTED)
    return again.filter(Exists(asked), at__date__gte=run.day).exists()


def _decided(*statuses: str) -> Callable[[Seat, str, Run, date], bool]:
    def decided(seat: Seat, who: str, run: Run, today: date) -> bool:
        since = Q(decided_on__gte=run.day) | Q(paid_on__gte=run.day)
        return _claims(seat, who).filter(since, status__in=statuses).exists()

    return decided


def _cancelled(seat: Seat, who: str, run: Run, today: date) -> bool:
    steps = ClaimStep.objects.filter(claim__in=_claims(seat, who), status=Status.CANCELLED, at__date__gte=run.day)
    return steps.exists()


def _three_decided(seat: Seat, who: str, run: Run, today: date) -> bool:
    """By the clerk of the seat; sent back to be completed counts as well."""
    everybody = SeatPerson.objects.filter(seat=seat).values("participant")
    steps = ClaimStep.objects.filter(claim__membership__participant__in=everybody, status__in=DECIDED)
    return bool(seat.clerk_id) and steps.filter(by=seat.clerk_id).values("claim").distinct().count() >= 3


def _merge_asked(seat: Seat, who: str, run: Run, today: date) -> bool:
    return MergeRequest.objects.filter(participant__in=participants(seat, who), asked_on__gte=run.day).exists()


def _merged(seat: Seat, who: str, run: Run, today: date) -> bool:
    held = Membership.objects.filter(participant__in=participants(seat, who))
    return held.filter(merged_on__gte=run.day).exists()


def _new_employer(seat: Seat, who: str, run: Run, today: date) -> bool:
    """Beside the one that the seat was made with. By the real clock, as the trail is dated."""
    added = seat.employers.exclude(employer__npp=exercises.npp_of(seat)).values_list("employer", flat=True)
    entered = AuditRecord.objects.filter(
        act=AuditRecord.Act.ENTERED, what=Employer._meta.verbose_name, key__in=[str(key) for key in added]
    )
    return bool(seat.clerk_id) and entered.filter(actor=seat.clerk_id, at__gte=run.started_at).exists()


def _month_complete(seat: Seat, who: str, run: Run, today: date) -> bool:
    """The month that was due last, for every worker of the seat's employers; there must be one."""
    month = arrears.months_due(today, arrears.terms())[Segment.PU]
    workers = Membership.objects.filter(employer__in=seat.employers.values("employer"), segment=Segment.PU)
    workers = workers.filter(Q(end__isnull=True) | Q(end__gte=month), start__lte=today, merged_into__isnull=True)
    paid = Contribution.objects.standing().filter(membership=OuterRef("pk"), month=month)
    return workers.exists() and not workers.filter(~Exists(paid)).exists()


def _imported(seat: Seat, who: str, run: Run, today: date) -> bool:
    """By the real clock, as imports are dated."""
    done = ImportJob.objects.filter(state=ImportJob.State.DONE, created_by=seat.clerk_id)
    return bool(seat.clerk_id) and done.filter(ended_at__gte=run.started_at).exists()


def _updated(seat: Seat, who: str, run: Run, today: date) -> bool:
    return participants(seat, who).filter(data_updated_on__gte=run.day).exists()


FACTS: dict[str, Callable[[Seat, str, Run, date], bool]] = {
    "akun-dibuat": _own_account,
    "terhubung": _linked,
    "kpj-ditambah": _added,
    "sandi-diganti": _new_password,
    "hp-terdaftar": _phone,
    "klaim-diajukan": _filed,
    "klaim-dilengkapi": _completed,
    "klaim-disetujui": _decided(Status.APPROVED, Status.PAID),
    "klaim-ditolak": _decided(Status.REFUSED),
    "klaim-dibatalkan": _cancelled,
    "tiga-klaim-diputus": _three_decided,
    "amalgamasi-diminta": _merge_asked,
    "kpj-digabung": _merged,
    "pemberi-kerja-baru": _new_employer,
    "iuran-bulan-lengkap": _month_complete,
    "impor-selesai": _imported,
    "data-dikinikan": _updated,
}
