"""The people of a seat: made when somebody takes it, kept up with its clock, removed and made anew at a reset."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from itertools import count

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import limits
from accounts.models import OutboxMessage, TextMessage, User
from jht import actions
from jht.models import Employer, Membership, MergeRequest, Participant
from portal import cast, casting
from portal.demo import password_for
from portal.training.models import Seat, SeatEmployer, SeatPerson
from portal.training.seats import clerks, exercises, stamping

PRACTICE_CARDS = 3  # people whom nobody has linked, for accounts that a trainee makes
FOREIGNERS = 4  # passports of a seat
VARIANTS = 5  # seats that are copies of each other but for their numbers; neighbours in a room never are
LOWEST, STEP = 86, 7  # wages of a variant are 86, 93, … 114 percent of those of the cast
REGENCIES, DISTRICTS, SEATS, SERIALS = 69, 99, 100, 99  # a district's NIK serve so many seats, so many people each


def password_of(seat: Seat) -> str:
    """One for everybody of a seat, so that it is hashed once; different on every installation."""
    return password_for(f"kursi {seat.code}", staff=False)


@lru_cache(maxsize=512)
def _hashed(kata_sandi: str) -> str:
    """Made once for a seat in the life of this process: making it takes longer than all the rows."""
    return make_password(kata_sandi)


def hash_ahead(seat: Seat) -> None:
    """Before the transaction in which the seat is made, so that nobody who writes waits for it."""
    _hashed(password_of(seat))


def variant_of(seat: Seat) -> int:
    return seat.number % VARIANTS


def cast_of(seat: Seat) -> tuple[list[cast.Person], list[cast.Claimed]]:
    """The cast as it is played on this seat: the same stories with numbers, e-mails and amounts of its own.

    Remembered for the seats of a room, as their pages ask for it again and again; nobody changes these lists.
    """
    return _cast_of(seat.pk, seat.number, seat.mark)


@lru_cache(maxsize=64)
def _cast_of(pk: int, number: int, mark: str) -> tuple[list[cast.Person], list[cast.Claimed]]:
    seat = Seat(pk=pk, number=number, mark=mark)
    variant = variant_of(seat)
    percent = LOWEST + STEP * (variant * 3 % VARIANTS)
    area, place = divmod(seat.pk, SEATS)
    people, numbers = [], {}
    foreigners = count(100_000 + seat.pk * FOREIGNERS)
    for person in [*cast.PEOPLE, *_practice(variant), *exercises.people_of(seat)]:
        jobs = []
        for job in person.jobs:
            numbers[job.kpj] = f"497{seat.pk % 10**6:06}{len(numbers):02}"
            scaled = job if person.wage_is_told else job.scaled(percent)
            jobs.append(replace(scaled, kpj=numbers[job.kpj]))
        people.append(
            replace(
                person,
                jobs=tuple(jobs),
                story=with_numbers(person.story, numbers),
                area=f"{1 + area // DISTRICTS % REGENCIES:02}{1 + area % DISTRICTS:02}",
                serial=1 + place * SERIALS + len(people),
                passport=person.passport and f"X49{next(foreigners) % 10**6:06}",
                mark=seat.mark.lower(),
            )
        )
    told = [replace(claimed, kpj=numbers[claimed.kpj]) for claimed in [*cast.CLAIMS, *exercises.CLAIMS]]
    return people, told


def with_numbers(text: str, numbers: Mapping[str, str]) -> str:
    """A text that names KPJ of the cast, with those of a seat instead."""
    return re.sub(r"(?<!\d)49\d{9}(?!\d)", lambda found: numbers.get(found[0], found[0]), text)


def numbers_of(seat: Seat) -> dict[str, str]:
    """Which KPJ of this seat stands for which of the cast."""
    pairs = zip(cast.PEOPLE, cast_of(seat)[0], strict=False)
    return {own.kpj: theirs.kpj for one, other in pairs for own, theirs in zip(one.jobs, other.jobs, strict=True)}


def _practice(turn: int) -> list[cast.Person]:
    """A few wage earners, another few on the next seat, and one of each other kind that can register in the app."""
    wage_earners = list(cast.practice_people())
    first = turn * PRACTICE_CARDS
    cards = [wage_earners[(first + step) % len(wage_earners)] for step in range(PRACTICE_CARDS)]
    others = {(person.jobs[0].segment, bool(person.passport)): person for person in cast.other_practice_people()}
    return [*cards, *others.values()]


def make(seat: Seat, on: date) -> None:
    """Everybody of this seat as of `on`, with accounts that log in by the seat's own kata sandi. In a transaction."""
    variant, (people, told) = variant_of(seat), cast_of(seat)
    also = exercises.npp_of(seat), clerks.email_of(seat)
    made = stamping.Made(people, seat.inbox_key, _hashed(password_of(seat)), on, also)
    if template := stamping.known(variant, on):
        stamping.stamp(seat, template, made, timezone.now())
        clerks.appoint(seat)
    else:
        _make_by_the_rules(seat, made, told)
        stamping.learn(variant, seat, made)
    seat.made_on = seat.paid_until = on
    seat.save(update_fields=["made_on", "paid_until"])


def _make_by_the_rules(seat: Seat, made: stamping.Made, told: Sequence[cast.Claimed]) -> None:
    company = exercises.company_of(seat)
    participants = casting.make_people(made.people, told, made.on, [company])
    played = [person for person in made.people if person.tag != cast.PRACTICE_TAG]
    users = User.objects.bulk_create(
        User(email=person.email, password=made.kata_sandi, inbox_key=seat.inbox_key) for person in played
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    accounts: dict[str, User] = {person.slug: user for person, user in zip(played, users, strict=True)}
    linked = []
    for person, participant in zip(made.people, participants, strict=True):
        if person.is_linked:
            participant.user = accounts[person.slug]
            linked.append(participant)
    Participant.objects.bulk_update(linked, ["user"])
    SeatPerson.objects.bulk_create(
        SeatPerson(seat=seat, slug=person.slug, participant=participant, user=accounts.get(person.slug))
        for person, participant in zip(made.people, participants, strict=True)
    )
    SeatEmployer.objects.create(seat=seat, employer=Employer.objects.get(npp=company.npp))
    _ask_for_merge(made)
    clerks.make(seat, made.kata_sandi)


def _ask_for_merge(made: stamping.Made) -> None:
    """Somebody wants both KPJ in one and waits for the clerk. Without a line in the trail, which would name numbers."""
    person = next(one for one in made.people if one.slug == exercises.MERGED)
    source, target = (Membership.objects.get(kpj=job.kpj) for job in person.jobs)
    asked = MergeRequest.objects.create(participant=target.participant, target=target, asked_on=made.on)
    asked.sources.set([source])


def keep_up(seat: Seat, today: date) -> None:
    """Record what has come due since, when the seat's day has gone on: whoever keeps paying has paid."""
    if seat.paid_until is None or today <= seat.paid_until:
        return
    with transaction.atomic():
        held = Seat.objects.select_for_update(no_key=True).get(pk=seat.pk)
        if held.paid_until and held.paid_until < today:
            casting.record_payments(cast_of(held)[0], today)
            Seat.objects.filter(pk=seat.pk).update(paid_until=today)
    seat.paid_until = today


def remove(seats: Sequence[Seat], reason: str, at: datetime, by: AbstractBaseUser | None) -> None:
    """Everything invented that belongs to these seats: people, ledgers, accounts, mails, texts, locks. The seats stay.

    In a transaction. Also the participants that somebody's own account was linked to, if they are the seat's.
    """
    if not seats:
        return  # no condition would be a condition for everybody
    keys = [seat.inbox_key for seat in seats]
    participants = list(Participant.objects.filter(pk__in=_people(seats).values("participant")))
    _people(seats).delete()
    users = User.objects.filter(Q(inbox_key__in=keys, is_staff=False) | Q(desk_seat__in=[seat.pk for seat in seats]))
    known = list(users.values_list("pk", "email", "inbox_key"))
    devices = UserSession.objects.filter(user__in=[pk for pk, _, _ in known])
    Session.objects.filter(pk__in=list(devices.values_list("session_key", flat=True))).delete()
    devices.delete()
    clerks.note_former([one.pk for one in participants], [pk for pk, _, _ in known])
    actions.remove_participants(participants, reason, at, by)
    clerks.remove_employers(seats)
    User.objects.filter(pk__in=[pk for pk, _, _ in known]).delete()
    OutboxMessage.objects.filter(inbox_key__in=keys).delete()
    texts = Q()
    for seat in seats:
        texts |= Q(phone__startswith=seat.phone_stem)
    TextMessage.objects.filter(texts).delete()
    limits.forget_accounts((email, key) for _, email, key in known)


def _people(seats: Sequence[Seat]):
    return SeatPerson.objects.filter(seat__in=[seat.pk for seat in seats])
