"""Make the invented people, their employers, contributions and rates. Safe to run twice."""

from datetime import date

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from jht import actions
from jht.models import Membership, Participant, Rate
from portal import cast, casting
from portal.demo import password_for


class Command(BaseCommand):
    help = "Make the invented people. Run again, it adds what has come due since and changes nothing else."

    def handle(self, **options):
        people = seed(timezone.localdate())
        self.stdout.write(f"Orang rekaan: {people} peserta baru.")


@transaction.atomic
def seed(on: date) -> int:
    """Make whatever of the cast is missing as of `on`; how many participants were new."""
    casting.make_rates(on)
    everyone = [*cast.PEOPLE, *cast.practice_people(), *cast.other_practice_people()]
    known = set(Membership.objects.values_list("kpj", flat=True))
    new = [person for person in everyone if person.jobs[0].kpj not in known]
    casting.make_people(new, cast.CLAIMS, on)
    casting.record_payments([person for person in everyone if person not in new], on)
    _credit_past_years(on)
    _make_accounts()
    return len(new)


def _credit_past_years(on: date) -> None:
    for year in (
        Rate.objects.filter(credited_on__isnull=True, year__lt=on.year).order_by("year").values_list("year", flat=True)
    ):
        actions.credit_return(year, on)


def _make_accounts() -> None:
    """An account for everyone in the cast, with the e-mail already confirmed; known ones keep their password."""

    User = get_user_model()
    known = set(User.objects.values_list("email", flat=True))
    for someone in [*cast.PEOPLE, *cast.STAFF]:
        if someone.email in known:
            continue
        is_staff = isinstance(someone, cast.Staff)
        user = User.objects.create_user(
            someone.email, password_for(someone.email, staff=is_staff), is_staff=is_staff, is_shared=True
        )
        if is_staff:
            user.groups.add(Group.objects.get(name=someone.group))
        elif someone.is_linked:
            Participant.objects.filter(memberships__kpj=someone.jobs[0].kpj).update(user=user)
