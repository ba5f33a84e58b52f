"""Who did what: one line of the trail, written in the transaction of what it tells about."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.utils import timezone

from jht.models import AuditRecord, Claim, Contribution, Entry, Membership, MergeRequest, Participant

SYSTEM = "sistem"


def note(
    act: AuditRecord.Act, row: models.Model, by: AbstractBaseUser | None, told: str = "", at: datetime | None = None
) -> None:
    """Write down that `by` (None: the system) did this to `row`. `at` is the real time when none is given:

    the trail tells what happened in the room, not on which day the class pretends to be.
    """
    note_many(act, [row], by, told, at)


def note_many(
    act: AuditRecord.Act,
    rows: Iterable[models.Model],
    by: AbstractBaseUser | None,
    told: str = "",
    at: datetime | None = None,
) -> None:
    """The same for several rows, in one statement."""
    at = at or timezone.now()
    AuditRecord.objects.bulk_create(
        AuditRecord(
            at=at,
            actor_id=getattr(by, "pk", None),
            actor_name=by.get_username() if by else SYSTEM,
            act=act,
            what=row._meta.verbose_name,
            key=str(row.pk)[:40],
            label=str(row)[:200],
            participant_id_was=_participant_of(row),
            told=told[:500],
        )
        for row in rows
    )


def _participant_of(row: models.Model) -> int | None:
    """Whose data it is, where it is somebody's."""
    if isinstance(row, Participant):
        return row.pk
    if isinstance(row, Membership | MergeRequest):
        return row.participant_id
    if isinstance(row, Contribution | Entry | Claim):
        return row.membership.participant_id
    return None
