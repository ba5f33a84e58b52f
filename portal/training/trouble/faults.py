"""How a fault is thrown at a seat or a class, used, and ended. Which there are: fault_kinds.py beside this."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts import limits
from accounts.models import User
from portal.training.models import Classroom, Fault, Seat
from portal.training.runs.asked import Asked
from portal.training.trouble.fault_kinds import CHANNELS, FAULTS, NONE, PARAMETER, FaultKind

__all__ = ["CHANNELS", "FAULTS", "NONE", "PARAMETER", "FaultKind"]  # for those who throw: one name to import

LONGEST = 240  # minutes
LOCK = "akun-terkunci"  # the one fault that leaves something behind when it ends


def clock_at(moment: datetime) -> str:
    """The time of day in Jakarta, minutes rounded up: nobody comes back too early."""
    return f"{timezone.localtime(moment + timedelta(seconds=59 if moment.second else 0)):%H.%M}"


# --- Thrown and ended ----------------------------------------------------------------------------------------
@transaction.atomic
def throw(
    classroom: Classroom,
    seat: Seat | None,
    kind: str,
    source: str,
    by: AbstractBaseUser | None,
    now: datetime,
    minutes: int | None = None,
) -> list[Fault]:
    """Disturb a seat, or the whole class without one, from the real moment `now` on; what was thrown.

    A fault that acts a number of times does so on every seat of the class by itself. The same fault, thrown again
    before it has ended, begins anew; but what a trainer or the scenario threw does not end by what a trainee calls up.
    """
    told = FAULTS[kind]
    until = now + timedelta(minutes=min(minutes or told.minutes, LONGEST))
    every_seat = seat is None and told.uses is not None
    targets: Iterable[Seat | None] = classroom.seats.all() if every_seat else [seat]
    same = _of(classroom, seat, [kind]).active(now)
    (same.filter(source=source) if source == Fault.Source.MAGIC else same).update(until=now)
    return Fault.objects.bulk_create(
        Fault(
            classroom=classroom,
            seat=target,
            kind=kind,
            thrown_at=now,
            until=until,
            uses_left=told.uses,
            source=source,
            thrown_by=by,
        )
        for target in targets
    )


@transaction.atomic
def end(
    classroom: Classroom,
    seat: Seat | None,
    now: datetime,
    kinds: Sequence[str] | None = None,
    source: str | None = None,
) -> int:
    """End what still disturbs a seat (its own faults), or everything in the class without one; how many.

    `kinds` and `source` leave others alone. An account that was locked is open again at once, unless another fault
    keeps it locked.
    """
    faults = _of(classroom, seat, kinds)
    ended = (faults.filter(source=source) if source else faults).active(now)
    locks = ended.filter(kind=LOCK).exists()
    count = ended.update(until=now)
    if locks:
        seats = [seat] if seat else list(classroom.seats.all())
        held = set(Fault.objects.filter(classroom=classroom, kind=LOCK).active(now).values_list("seat", flat=True))
        _unlock([one for one in seats if not {one.pk, None} & held])
    return count


def _of(classroom: Classroom, seat: Seat | None, kinds: Sequence[str] | None):
    faults = Fault.objects.filter(classroom=classroom)
    if seat is not None:
        faults = faults.filter(seat=seat)
    return faults if kinds is None else faults.filter(kind__in=kinds)


def _unlock(seats: Sequence[Seat]) -> None:
    """Forget the wrong tries at the accounts of these seats; a lock of a fault is counted like them."""
    accounts = User.objects.filter(inbox_key__in=[seat.inbox_key for seat in seats])
    limits.forget_accounts(accounts.values_list("email", "inbox_key"))


OWN_FIRST = F("seat").asc(nulls_last=True), "id"
ON_SEAT = Asked(
    lambda seat, classroom, at: Fault.objects.on_seat(Seat(seat, classroom)).active(at).order_by(*OWN_FIRST),
    *(int, int, datetime),
)


def active(seat: Seat, now: datetime) -> list[Fault]:
    """What disturbs this seat at the real moment `now`, its own before those of the class. One query."""
    return ON_SEAT.rows(seat.pk, seat.classroom_id, now)


def use(fault: Fault) -> bool:
    """Let it act once: True for exactly as many callers as it has uses, however many ask at the same moment."""
    if fault.uses_left is None:
        return True
    left = Fault.objects.filter(pk=fault.pk).filter(Q(uses_left__gt=0))
    return bool(left.update(uses_left=F("uses_left") - 1))


@dataclass(frozen=True)
class Thrown:
    """One throw that still acts, for the trainer's list. `seat` None: the whole class, of which `seats` wait for it."""

    kind: FaultKind
    seat: Seat | None
    until: datetime
    uses_left: int | None
    seats: int
    source: str

    @property
    def ends(self) -> str:
        return clock_at(self.until)


def thrown_in(classroom: Classroom, now: datetime) -> list[Thrown]:
    """What disturbs this class, the newest first; a throw at every seat is one. One query."""
    throws: dict[tuple, list[Fault]] = {}
    for fault in Fault.objects.filter(classroom=classroom).active(now).select_related("seat"):
        throws.setdefault((fault.kind, fault.thrown_at), []).append(fault)
    return [
        Thrown(
            kind=FAULTS[kind],
            seat=rows[0].seat if len(rows) == 1 else None,
            until=rows[0].until,
            uses_left=rows[0].uses_left if len(rows) == 1 else None,
            seats=len(rows) if len(rows) > 1 else 0,
            source=rows[0].get_source_display(),
        )
        for (kind, _), rows in throws.items()
        if kind in FAULTS
    ]
