"""Who may reach whose invented people: those of a seat in a class only from that seat.

Lookups by what people type (Hubungkan, DAFTAR SALDO) would otherwise find anybody whose card one has seen.
"""

from django.conf import settings

from accounts.models import User
from jht.models import Membership
from portal.models import Seat


def may_link(user: User, membership: Membership) -> bool:
    """Whether this account may be linked to this participant."""
    return may_find(user.inbox_key, membership)


def may_find(key: str, membership: Membership) -> bool:
    """Whether the browser with this inbox key may find this participant by what is typed."""
    seat = _seat_of(membership)
    return seat is None or seat.inbox_key == key


def may_ask(phone: str, membership: Membership) -> bool:
    """Whether this phone may ask by text for this KPJ."""
    seat = _seat_of(membership)
    return seat is None or phone.startswith(seat.phone_stem)


def _seat_of(membership: Membership) -> Seat | None:
    """The seat for which this person was made; None for the house's own people."""
    if not settings.DEMO:
        return None
    return Seat.objects.filter(people__participant=membership.participant_id).only("inbox_key", "phone_stem").first()
