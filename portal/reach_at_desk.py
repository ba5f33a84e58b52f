"""What somebody at the desk works with: the clerk of a seat with the seat's own, the house's clerks with the house's.

Named by JHT_DESK_SCOPE; jht.scope asks it for every list, choice, page and file of the desk.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Model, OuterRef, Q
from django.db.models.functions import Substr

from accounts.models import OutboxMessage, TextMessage, User
from accounts.phones import STEM
from jht.models import Employer, Participant
from jht.scope import Scope
from portal.models import FormerPerson, Seat, SeatEmployer, SeatPerson

CLERK_OF_SEAT = "portal.clerk_of_seat"  # whoever has this right and no seat finds nothing


def desk_scope(user: User) -> Scope | None:
    """What this account works with; None for everything, which is a superuser's. Costs no query of its own."""
    if user.is_superuser:
        return None
    if user.has_perm(CLERK_OF_SEAT):
        return _of_seat(user)
    return _of_the_house() if settings.DEMO else None


@dataclass(frozen=True)
class OfSeat(Scope):
    """The people and companies of the seat whose clerk has the key `clerk`, and nothing else."""

    clerk: int = 0

    def keep(self, rows: Iterable[Model]) -> None:
        """What the clerk enters belongs to the seat, and goes with it."""
        seat = Seat.objects.filter(clerk=self.clerk).first()
        if seat is None:
            raise PermissionDenied
        rows = list(rows)
        people = [row for row in rows if isinstance(row, Participant)]
        companies = [row for row in rows if isinstance(row, Employer)]
        SeatPerson.objects.bulk_create(
            SeatPerson(seat=seat, slug=f"masukan-{person.pk}", participant=person) for person in people
        )
        SeatEmployer.objects.bulk_create(SeatEmployer(seat=seat, employer=company) for company in companies)


def _of_seat(user: User) -> Scope:
    people = SeatPerson.objects.filter(seat__clerk=user.pk).order_by()
    return OfSeat(
        participants=people.values("participant"),
        employers=SeatEmployer.objects.filter(seat__clerk=user.pk).order_by().values("employer"),
        clerks=User.objects.filter(pk=user.pk).order_by().values("pk"),
        accounts=people.filter(user__isnull=False).values("user"),
        only=True,
        clerk=user.pk,
    )


@dataclass(frozen=True)
class OfTheHouse(Scope):
    """Everything but what is made for seats: the lists of the house stay its own while a class of forty is on."""

    def condition(self, model: type[Model]) -> Q | None:
        seats = Seat.objects.order_by()
        if model is OutboxMessage:
            return ~Q(inbox_key__in=seats.values("inbox_key"))
        if model is TextMessage:
            return ~Exists(seats.filter(phone_stem=Substr(OuterRef("phone"), 1, STEM)))
        return super().condition(model)


def _of_the_house() -> Scope:
    seats, former = Seat.objects.order_by(), FormerPerson.objects.order_by()
    return OfTheHouse(
        participants=SeatPerson.objects.order_by().values("participant"),
        employers=SeatEmployer.objects.order_by().values("employer"),
        clerks=seats.filter(clerk__isnull=False).values("clerk"),
        accounts=User.objects.filter(inbox_key__in=seats.values("inbox_key")).order_by().values("pk"),
        only=False,
        gone=former.filter(participant_id_was__isnull=False).values("participant_id_was"),
        gone_accounts=former.filter(account_id_was__isnull=False).values("account_id_was"),
    )
