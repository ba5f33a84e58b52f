"""How a browser comes to a seat, keeps it, and leaves it; how a class gets its seats and loses them."""

import logging
import secrets
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from time import sleep
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.phones import STEM, phones_of
from jht.identity import same_name
from portal.training.models import Classroom, Fault, Glance, Run, Seat, random_code
from portal.training.runs.asked import Asked
from portal.training.seats import once, people

COOKIE_AGE = 30 * 24 * 60 * 60  # seconds
SALT = "portal.training.seat"
LASTS = timedelta(hours=14)  # how long a class runs at least, when nobody ends it; never less than its day
PAUSE = 0.05  # seconds between two seats that are made ahead, where one writes at a time: SQLite looks every 0.1 s
SEAT = Asked(
    lambda code: Seat.objects.select_related("classroom", "glance").defer("glance__html").filter(code=code), str
)
logger = logging.getLogger(__name__)
JAKARTA = ZoneInfo("Asia/Jakarta")


class Full(Exception):
    """Every seat of the class is taken."""


class Reserved(Full):
    """The seats that are left wait for other names."""


def cookie_name() -> str:
    return "__Host-kursi" if settings.HTTPS else "kursi"


def code_in_cookie(request: HttpRequest) -> str | None:
    """The code of the seat that this browser's cookie names, unless it is forged or too old."""
    return request.get_signed_cookie(cookie_name(), default=None, salt=SALT, max_age=COOKIE_AGE)


def seat_in_cookie(request: HttpRequest) -> Seat | None:
    """The seat this browser sits on, with its class; None without a cookie of ours or after the seat is gone."""
    code = code_in_cookie(request)
    return SEAT.first(code) if code else None


def keep(response: HttpResponse, seat: Seat) -> HttpResponse:
    """The cookie that outlives login and logout."""
    response.set_signed_cookie(
        cookie_name(), seat.code, salt=SALT, max_age=COOKIE_AGE, secure=settings.HTTPS, httponly=True, samesite="Lax"
    )
    return response


def leave(response: HttpResponse) -> HttpResponse:
    response.set_cookie(cookie_name(), "", max_age=0, secure=settings.HTTPS, httponly=True, samesite="Lax")
    return response


def today_of(seat: Seat, now: datetime) -> date:
    """The seat's day, at the real moment `now`."""
    return timezone.localdate(now + seat.clock_offset, JAKARTA)


def today_in(classroom: Classroom, now: datetime) -> date:
    """The day of a class, and of every seat that has not turned its own clock."""
    return timezone.localdate(now, JAKARTA) + timedelta(days=classroom.days_ahead)


# --- The class -----------------------------------------------------------------------------------------------
@transaction.atomic
def open_class(
    name: str,
    day: date,
    seats: int,
    keep_days: int,
    now: datetime,
    by: AbstractBaseUser | None,
    names: Sequence[str] = (),
    form_key: str = "",
) -> Classroom:
    """A class with its seats, the first of them for these names; their people are made when somebody sits down.

    The same form, by its hidden key, makes one class however often it is sent.
    """
    midnight = datetime.combine(day + timedelta(days=1), time.min, tzinfo=JAKARTA)
    told = (name, day, seats, keep_days, tuple(names), by and by.pk)
    classroom, is_new = Classroom.objects.get_or_create(
        code=once.class_code(form_key, told) if form_key else random_code(6),
        name=name,
        day=day,
        made_by=by,
        defaults={"ends_at": max(now + LASTS, midnight), "keep_days": keep_days},
    )
    if not is_new:
        return classroom
    add_seats(classroom, max(seats, len(names)), names)
    if day <= timezone.localdate(now, JAKARTA):
        furnish_soon(classroom, now)
    return classroom


@transaction.atomic
def add_seats(classroom: Classroom, count: int, names: Sequence[str] = ()) -> None:
    Classroom.objects.select_for_update().get(pk=classroom.pk)
    last = classroom.seats.order_by("-number").values_list("number", flat=True).first() or 0
    stems = set(Seat.objects.values_list("phone_stem", flat=True))
    called = [*names, *[""] * (count - len(names))]
    Seat.objects.bulk_create(_seat(classroom, last + step, name, stems) for step, name in enumerate(called, start=1))


def _seat(classroom: Classroom, number: int, name: str, stems: set[str]) -> Seat:
    """An empty seat whose phones nobody else has."""
    while (stem := phones_of(key := secrets.token_hex(16))[0].number[:STEM]) in stems:
        pass
    stems.add(stem)
    return Seat(
        classroom=classroom,
        number=number,
        name=name,
        code=random_code(8),
        mark=random_code(5),
        inbox_key=key,
        phone_stem=stem,
    )


# --- The seat ------------------------------------------------------------------------------------------------
@transaction.atomic
def take_free(classroom: Classroom, name: str, now: datetime, form_key: str = "") -> Seat:
    """The seat that waits for this name, else the first that waits for nobody, rather one whose people are there
    already; Full or Reserved without any. Two at once get two seats; the same form, by its hidden key, one however
    often it is sent."""
    Classroom.objects.select_for_update().get(pk=classroom.pk)
    if form_key and (own := once.seat_of(classroom, form_key, name, now)):
        return own
    waiting = classroom.seats.filter(started_at__isnull=True)
    # Held, so that nobody makes its people a second time; one that is being made ahead just now is passed over.
    free = _for(name, waiting.select_for_update(skip_locked=True, no_key=True))
    free = free or _for(name, waiting.select_for_update(no_key=True))
    if not free:
        raise Reserved if waiting.exists() else Full
    free.sort(key=lambda seat: (seat.name == "", seat.made_on is None, seat.number))
    if form_key:
        once.keep(free[0], form_key, name, now)
    return _start(free[0], name, now)


def _for(name: str, seats: Iterable[Seat]) -> list[Seat]:
    return [seat for seat in seats if not seat.name or same_name(seat.name, name)]


@transaction.atomic
def take(seat: Seat, now: datetime) -> Seat:
    """This very seat, by its code: for the first time, or again on another device."""
    Classroom.objects.select_for_update().get(pk=seat.classroom_id)  # first, as everybody else who sits down
    seat = Seat.objects.select_for_update(no_key=True).get(pk=seat.pk)
    return seat if seat.started_at else _start(seat, seat.name, now)


def _start(seat: Seat, name: str, now: datetime) -> Seat:
    seat.name, seat.started_at, seat.last_seen_at = name, now, now
    seat.save(update_fields=["name", "started_at", "last_seen_at"])
    if seat.made_on is None:
        people.make(seat, timezone.localdate(now, JAKARTA))
    furnish_soon(seat.classroom, now)
    return seat


def furnish_soon(classroom: Classroom, now: datetime) -> None:
    """Make the people of all empty seats ready, aside, once a day: from then on sitting down takes a moment.

    Begun by a class for today and by whoever sits down first. Should this process end meanwhile, the other seats are
    made when they are taken.
    """
    today = timezone.localdate(now, JAKARTA)
    waiting = Classroom.objects.filter(pk=classroom.pk).exclude(furnished_on=today)
    if waiting.update(furnished_on=today):
        aside = threading.Thread(target=_furnish_aside, args=(classroom.pk, today), name="seats", daemon=True)
        transaction.on_commit(aside.start)


def _furnish_aside(classroom_pk: int, on: date) -> None:
    try:
        furnish(classroom_pk, on)
    except Exception:
        logger.exception("The seats of class %s are made one by one as they are taken.", classroom_pk)
    finally:
        connection.close()


def furnish(classroom_pk: int, on: date) -> None:
    """The people of every seat that has none, seat by seat: whoever wants to write waits for one at most.

    Meanwhile another thread, which never asks the database, hashes what the next seats will need.
    """
    empty = list(Seat.objects.filter(classroom=classroom_pk, made_on__isnull=True))
    with ThreadPoolExecutor(1, thread_name_prefix="hashes") as aside:
        hashed = aside.map(people.hash_ahead, empty)
        for waiting, _ in zip(empty, hashed, strict=True):
            with transaction.atomic():
                seat = Seat.objects.select_for_update(no_key=True).filter(pk=waiting.pk, made_on__isnull=True).first()
                if seat:
                    people.make(seat, on)
            if connection.vendor == "sqlite":
                sleep(PAUSE)


@transaction.atomic
def reset(seats: Iterable[Seat], now: datetime, by: AbstractBaseUser | None, on: date | None = None) -> int:
    """Make the people of these seats anew; how many seats had any. Others stay as is.

    As of the real day, as when somebody sits down, so that a room whose clock was turned has the same people
    everywhere; or as of `on`. What was being exercised ends, since its people are gone, and with it what it disturbed.
    """
    held = list(
        Seat.objects.select_for_update(no_key=True)
        .filter(pk__in=[seat.pk for seat in seats], started_at__isnull=False)
        .order_by("pk")
    )
    Run.objects.open().filter(seat__in=held).update(ended_at=now, outcome=Run.Outcome.STOPPED)
    Fault.objects.filter(seat__in=held, source=Fault.Source.SCENARIO).active(now).update(until=now)
    people.remove(held, "Kursi latihan diulang", now, by)
    for seat in held:
        seat.days_ahead = 0
        seat.save(update_fields=["days_ahead"])
        people.make(seat, on or timezone.localdate(now, JAKARTA))
    return len(held)


def end(classroom: Classroom, now: datetime) -> None:
    """Nobody of the class gets in any more, and what was being exercised ends; its data stay until `removed_at`. A
    second time changes nothing."""
    Classroom.objects.filter(pk=classroom.pk, ends_at__gt=now).update(ends_at=now)
    Run.objects.open().filter(seat__classroom=classroom).update(ended_at=now, outcome=Run.Outcome.STOPPED)
    Glance.objects.filter(seat__classroom=classroom).delete()


def sweep(now: datetime) -> int:
    """Remove the classes whose time has come, with everything invented for them; how many there were."""
    Glance.objects.filter(seat__classroom__ends_at__lte=now).delete()
    over = [one for one in Classroom.objects.filter(ends_at__lte=now) if one.removed_at <= now]
    for classroom in over:
        with transaction.atomic():
            people.remove(list(classroom.seats.all()), "Kelas berakhir", now, None)
            classroom.delete()
    return len(over)
