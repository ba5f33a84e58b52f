"""The invented people can be made on any day of the calendar, also on the first of a month."""

from datetime import date

import pytest

from jht.models import Claim
from portal import cast, casting
from portal.training.seats import exercises

CLAIMS = [*cast.CLAIMS, *exercises.CLAIMS]
PEOPLE = [
    person
    for person in [*cast.PEOPLE, *exercises.PEOPLE]
    if {job.kpj for job in person.jobs} & {claimed.kpj for claimed in CLAIMS}
]


@pytest.mark.parametrize("day", [date(2027, 1, 1), date(2027, 2, 2), date(2028, 2, 29), date(2026, 12, 31)])
def test_everybody_with_a_claim_could_file_it(db, day):
    casting.make_rates(day)
    casting.make_people(PEOPLE, CLAIMS, day)
    assert Claim.objects.count() == len(CLAIMS)
