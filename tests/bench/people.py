"""Run inside the measured installation: prints, as JSON, a session key for a person with each length of history."""

import json
from datetime import date

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from jht import actions
from jht.models import Employer, Membership, Participant, Rate


def signed_in(user) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


def saver(years: int, today: date) -> str:
    """A new person who has paid every month of the last `years` years."""
    number = f"49{years:09}"
    user = get_user_model().objects.create_user(f"bench{years}@latih.test")
    person = Participant.objects.create(
        nik=f"4971010101{70:02}{years:04}", name=f"Penabung {years}", birth_date=date(1970, 1, 1), user=user
    )
    start = date(today.year - years, 1, 1)
    membership = Membership.objects.create(
        participant=person, employer=Employer.objects.first(), kpj=number, segment="PU", start=start
    )
    actions.record_contributions(
        actions.wage_payment(membership, date(year, month, 1), 5_000_000, date(year, month, 1))
        for year in range(start.year, today.year)
        for month in range(1, 13)
    )
    return signed_in(user)


def people() -> dict[str, str]:
    today = timezone.localdate()
    for year in range(today.year - 41, today.year):
        Rate.objects.get_or_create(year=year, defaults={"percent": 5, "source": "bench", "credited_on": today})
    siti = get_user_model().objects.get(email="siti@latih.test")
    return {"three": signed_in(siti), "one_year": saver(1, today), "forty_years": saver(40, today)}


print("PEOPLE " + json.dumps(people()))
