"""Who may reach whose invented people: those of a seat in a class only from that seat.

Lookups by what people type (Hubungkan, DAFTAR SALDO) would otherwise find anybody whose card one has seen. A class may
also have a lookup fail that would succeed (portal/training/trouble/faults.py).
"""

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import User
from jht.models import Membership
from portal.models import Seat


def may_link(user: User, membership: Membership) -> bool:
    """Whether this account may be linked to this participant."""
    return may_find(user.inbox_key, membership)


def may_add(user: User, membership: Membership) -> bool:
    """Whether this account may add this KPJ, which is its own."""
    return not _fails("kpj-tidak-terdaftar")


def may_find(key: str, membership: Membership) -> bool:
    """Whether the browser with this inbox key may find this participant by what is typed."""
    seat = _seat_of(membership)
    return (seat is None or seat.inbox_key == key) and not _fails("data-tidak-sesuai")


def may_ask(phone: str, membership: Membership) -> bool:
    """Whether this phone may ask by text for this KPJ."""
    seat = _seat_of(membership)
    return (seat is None or phone.startswith(seat.phone_stem)) and not _fails("kpj-tidak-terdaftar")


def may_fit() -> bool:
    """Whether data that fit a participant are found to fit, where a text asks for it."""
    return not _fails("data-tidak-sesuai")


def _fails(kind: str) -> bool:
    """Whether the class has this lookup fail on purpose, just for once."""
    return settings.DEMO and import_string(settings.REACH_FAILS)(kind)


def _seat_of(membership: Membership) -> Seat | None:
    """The seat for which this person was made; None for the house's own people."""
    if not settings.DEMO:
        return None
    return Seat.objects.filter(people__participant=membership.participant_id).only("inbox_key", "phone_stem").first()
