"""The clerk of a seat: an account that works at the real desk with the seat's own people and companies, nothing else.

What it may see stands in portal/reach_at_desk.py, for every page of the desk at once.
"""

from collections.abc import Iterable, Sequence

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AbstractBaseUser, Group

from accounts.models import User
from jht.models import Employer, ImportJob
from portal.training.models import FormerPerson, Seat, SeatEmployer

SLUG = "petugas"
GROUP = "Petugas kelas"  # portal/migrations/0008


def email_of(seat: Seat) -> str:
    return f"{SLUG}.{seat.mark.lower()}@latih.test"


def make(seat: Seat, kata_sandi: str) -> None:
    """The account of a seat that has none, with this hashed kata sandi. Inside a transaction."""
    user = User.objects.create(email=email_of(seat), password=kata_sandi, inbox_key=seat.inbox_key, is_staff=True)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    user.groups.add(Group.objects.get_by_natural_key(GROUP))
    appoint(seat)


def appoint(seat: Seat) -> None:
    """The account with the clerk's e-mail is the seat's clerk: after it was made, copied or brought back."""
    seat.clerk = User.objects.filter(email=email_of(seat), is_staff=True).first()
    Seat.objects.filter(pk=seat.pk).update(clerk=seat.clerk)


def seat_of(user: AbstractBaseUser) -> Seat | None:
    """The seat whose clerk this is, with its class. No query for staff of the house, who have no mailbox of a seat."""
    if not (user.is_staff and user.inbox_key):
        return None
    return Seat.objects.select_related("classroom", "glance").defer("glance__html").filter(clerk=user.pk).first()


def note_former(participants: Iterable[int], accounts: Iterable[int]) -> None:
    """These people and accounts, by key, go with their seat; in the transaction that removes them."""
    FormerPerson.objects.bulk_create(
        [
            *(FormerPerson(participant_id_was=key) for key in participants),
            *(FormerPerson(account_id_was=key) for key in accounts),
        ]
    )


def remove_employers(seats: Sequence[Seat]) -> None:
    """The companies that only these seats know, once nobody works there any more, and the files brought in."""
    keys = [seat.pk for seat in seats]
    own = list(SeatEmployer.objects.filter(seat__in=keys).values_list("employer", flat=True))
    SeatEmployer.objects.filter(seat__in=keys).delete()
    Employer.objects.filter(pk__in=own).delete()
    ImportJob.objects.filter(created_by__desk_seat__in=keys).delete()
