"""Who registers in the app."""

from datetime import date

import pytest

from tests.jht.factories import make_membership, make_participant, pay
from tests.portal.join.person import Person


@pytest.fixture
def membership():
    """Budi, Rp285.000 paid (docs/aturan.md#iuran-pu); nobody has linked him."""
    held = make_membership(make_participant("Budi Santoso", birth_date=date(1990, 3, 15)))
    pay(held, date(2026, 1, 1), paid_on=date(2026, 2, 10))
    return held


@pytest.fixture
def person(client, tick, membership):
    return Person(client, tick, membership)
