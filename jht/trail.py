"""Who did what: one line of the trail, written in the transaction of what it tells about."""

from collections.abc import Callable, Iterable
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
    label: Callable[[models.Model], str] | None = None,
) -> None:
    """The same for several rows, in one statement. `label`: how a row reads, where its own name says too little."""
    AuditRecord.objects.bulk_create(
        AuditRecord(
            **_who(act, by, told, at),
            what=row._meta.verbose_name,
            key=str(row.pk)[:40],
            label=(label or label_of)(row)[:200],
            participant_id_was=_participant_of(row),
        )
        for row in rows
    )


def note_list(
    act: AuditRecord.Act,
    model: type[models.Model],
    by: AbstractBaseUser | None,
    told: str = "",
    at: datetime | None = None,
) -> None:
    """The same for a whole list, such as an export: no row is named, `told` says which part of the list it was."""
    AuditRecord.objects.create(
        **_who(act, by, told, at),
        what=model._meta.verbose_name,
        label=f"daftar {model._meta.verbose_name_plural}"[:200],
    )


def label_of(row: models.Model) -> str:
    """How a row reads on the trail: a month or a movement of money says whose it is."""
    return f"{row} · {row.membership.kpj}" if isinstance(row, Contribution | Entry) else str(row)


def _who(act: AuditRecord.Act, by: AbstractBaseUser | None, told: str, at: datetime | None) -> dict:
    return {
        "at": at or timezone.now(),
        "actor_id": getattr(by, "pk", None),
        "actor_name": by.get_username() if by else SYSTEM,
        "act": act,
        "told": told[:500],
    }


def _participant_of(row: models.Model) -> int | None:
    """Whose data it is, where it is somebody's."""
    if isinstance(row, Participant):
        return row.pk
    if isinstance(row, Membership | MergeRequest):
        return row.participant_id
    if isinstance(row, Contribution | Entry | Claim):
        return row.membership.participant_id
    return None
