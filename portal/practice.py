"""The card that a trainee with an own account types from: a participant whom nobody has linked yet. Demo only."""

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet

from jht.models import Membership
from portal import cast
from portal.models import Seat, SeatPerson


def practice_card(user: AbstractBaseUser) -> Membership | None:
    """A membership whose data this account can link; None outside a demo or when every card is used.

    Accounts made one after another get different cards, and the same account sees the same card again. One query.
    """
    if not settings.DEMO:
        return None
    if card := _card_of_seat(user):
        return card
    own = [p.jobs[0].kpj for p in cast.PEOPLE if not p.is_linked and p.email == user.email]
    numbers = own or [person.jobs[0].kpj for person in cast.practice_people()]
    return _first_free(numbers, user.pk)


def join_card(segment: str, *, is_foreign: bool, key: str) -> Membership | None:
    """A membership of this kind whose data the browser with this inbox key can register in the app. One query."""
    if not settings.DEMO:
        return None
    seat = Seat.objects.filter(inbox_key=key).first()
    if seat:
        return _free_on(key).filter(segment=segment, participant__passport__isnull=not is_foreign).first()
    people = [*cast.practice_people(), *cast.other_practice_people()]
    fitting = [p for p in people if p.jobs[0].segment == segment and bool(p.passport) == is_foreign]
    return _first_free([person.jobs[0].kpj for person in fitting], int(key[:8], 16))


def _first_free(numbers: list[str], start: int) -> Membership | None:
    """The first of these KPJ that nobody has linked, counted in a ring from `start`."""
    cards = Membership.objects.select_related("participant", "employer").filter(
        kpj__in=numbers, participant__user__isnull=True
    )
    free = {membership.kpj: membership for membership in cards}
    start %= max(1, len(numbers))
    return next((free[kpj] for kpj in numbers[start:] + numbers[:start] if kpj in free), None)


def _card_of_seat(user: AbstractBaseUser) -> Membership | None:
    """In a class, the people of the own seat: Fajar for Fajar, a practice card for everybody else. At most two
    queries; one for accounts that no browser made."""
    if not user.inbox_key:
        return None
    played = SeatPerson.objects.filter(user=user).values("participant")
    return _free_on(user.inbox_key, played).first() or _free_on(user.inbox_key).first()


def _free_on(key: str, participants: QuerySet | None = None) -> QuerySet[Membership]:
    """The practice cards of the seat with this inbox key that nobody has linked; or those of these participants."""
    people = SeatPerson.objects.filter(seat__inbox_key=key)
    practice = people.filter(user__isnull=True) if participants is None else people.filter(participant__in=participants)
    return (
        Membership.objects.select_related("participant", "employer")
        .filter(participant__in=practice.values("participant"), participant__user__isnull=True)
        .order_by("pk")
    )
