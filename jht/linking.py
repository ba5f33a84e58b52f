"""An account becomes the account of a participant, and shows one more KPJ: tries are counted, refusals say nothing."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.module_loading import import_string

from jht import trail
from jht.identity import same_name
from jht.models import (
    AuditRecord,
    LinkAttempt,
    Membership,
    Participant,
)

Act = AuditRecord.Act
LINK_TRIES = 5  # failed tries of one account within LINK_WINDOW
LINK_WINDOW = timedelta(hours=1)


class NoMatch(Exception):
    """What was typed fits no participant that this account may be linked to. Deliberately says no more."""


class TooManyTries(Exception):
    """`until`: from when this account may try again."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


@dataclass(frozen=True)
class Identity:
    """What somebody says of a person to be linked: a NIK, or a passport instead, and what stands on the card."""

    kpj: str
    name: str
    birth_date: date
    nik: str | None = None
    passport: str | None = None

    def membership(self, *, hold: bool = False) -> Membership | None:
        """The KPJ of the one participant whom all of it fits and who has no account yet. `hold` locks both rows."""
        rows = Membership.objects.select_related("participant").filter(
            kpj=self.kpj,
            participant__nik=self.nik,
            participant__passport=self.passport,
            participant__birth_date=self.birth_date,
            participant__user__isnull=True,
        )
        found = (rows.select_for_update(of=("self", "participant")) if hold else rows).first()
        return found if found and same_name(found.participant.name, self.name) else None


def link_participant(user: AbstractBaseUser, who: Identity, at: datetime) -> Participant:
    """Link the account to the one participant whom all four data fit and who has no account yet.

    The KPJ that was typed counts as added. Raises NoMatch, or TooManyTries after LINK_TRIES failures within
    LINK_WINDOW. Each try is recorded, without what was typed; tries of one account wait for one another, so parallel
    guesses are counted too.
    """
    with transaction.atomic():
        _refuse_many_tries(user, at)
        membership = who.membership(hold=True)
        if membership and not import_string(settings.JHT_MAY_LINK)(user, membership):
            membership = None
        matched = membership is not None and not Participant.objects.filter(user=user).exists()
        LinkAttempt.objects.create(user=user, at=at, matched=matched)
        if matched:
            participant = membership.participant
            participant.user = user
            participant.save(update_fields=["user"])
            trail.note(Act.LINKED, participant, user)
            _add(membership, user)
    if not matched:
        raise NoMatch
    return participant


def add_membership(user: AbstractBaseUser, kpj: str, at: datetime) -> Membership:
    """Show a KPJ of the linked participant that was not added since it began; a second time changes nothing.

    Raises NoMatch for a KPJ of somebody else and for one that does not exist alike, and TooManyTries as
    `link_participant` does: both count the same tries.
    """
    with transaction.atomic():
        _refuse_many_tries(user, at)
        membership = Membership.objects.filter(kpj=kpj, participant__user=user).first()
        if membership and not import_string(settings.JHT_MAY_ADD)(user, membership):
            membership = None
        LinkAttempt.objects.create(user=user, at=at, matched=membership is not None)
        if membership:
            _add(membership, user)
    if not membership:
        raise NoMatch
    return membership


def _refuse_many_tries(user: AbstractBaseUser, at: datetime) -> None:
    get_user_model().objects.select_for_update().get(pk=user.pk)
    recent = LinkAttempt.objects.filter(user=user, matched=False, at__gt=at - LINK_WINDOW, at__lte=at).order_by("-at")
    failures = list(recent.values_list("at", flat=True)[:LINK_TRIES])
    if len(failures) == LINK_TRIES:
        raise TooManyTries(failures[-1] + LINK_WINDOW)


def _add(membership: Membership, user: AbstractBaseUser) -> None:
    if Membership.objects.filter(pk=membership.pk, unadded_since__isnull=False).update(unadded_since=None):
        trail.note(Act.LINKED, membership, user, "KPJ ditambahkan pada akun")
