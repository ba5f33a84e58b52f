"""A seat as it stood at one moment, to come back to: packed, kept under a name, put back.

What happened on the seat (runs, events) and what a trainer has done to it (faults, messages) is history and stays.
Whoever is signed in on the seat is signed out, as at a reset: the accounts come back under new keys. Mails that were
still to be sent come back as read on screen only, so going back sends nothing twice. The trail is never put back.
"""

import json
import zlib
from collections.abc import Sequence
from datetime import date, datetime

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Attempt, OutboxMessage, TextMessage
from jht.models import Employer
from portal.training.models import Classroom, Seat, Snapshot
from portal.training.seats import belongings, people, seating

VERSION = 1
MOST = 10  # snapshots of one seat
LONGEST_NAME = Snapshot._meta.get_field("name").max_length or 60
UNSENT = {"pending"}  # states of mails and texts that are still on their way
KEPT = ("days_ahead", "made_on", "paid_until", "clerk_id")  # columns of the seat itself


def pack(seat: Seat) -> bytes:
    """Everything that belongs to this seat, in some forty kilobytes. In a transaction; the seat should be held."""
    seat = Seat.objects.get(pk=seat.pk)
    tables = belongings.read(seat)
    content = {
        "version": VERSION,
        "seat": {name: _plain(getattr(seat, name)) for name in KEPT},
        "companies": _companies(tables),
        "tables": {label: table for label, table in tables.items() if table["rows"]},
    }
    return zlib.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())


def unpack(seat: Seat, content: bytes, now: datetime, by: AbstractBaseUser | None, reason: str) -> None:
    """Put back what was packed in the place of what is there now. In a transaction that holds the seat.

    Raises ValidationError for what a newer program has packed.
    """
    packed = json.loads(zlib.decompress(content))
    if packed["version"] != VERSION:
        raise ValidationError("Titik ini disimpan oleh versi lain dari program ini dan tidak dapat dibuka.", "version")
    people.remove([seat], reason, now, by)
    tables = belongings.known_tables(packed["tables"])
    _employ(tables, packed["companies"])
    for model in (OutboxMessage, TextMessage):
        _send_nothing(tables.get(model._meta.label_lower))
    attempts = tables.get(Attempt._meta.label_lower)
    if attempts:  # of accounts that are not there just now
        key = attempts["columns"].index("key")
        Attempt.objects.filter(key__in=[row[key] for row in attempts["rows"]]).delete()
    keys = belongings.fresh_keys(tables)
    belongings.write(seat, tables, keys)
    own = packed["seat"]
    clerk = keys.get("accounts.user", {}).get(own["clerk_id"])
    Seat.objects.filter(pk=seat.pk).update(
        days_ahead=own["days_ahead"],
        made_on=own["made_on"] and date.fromisoformat(own["made_on"]),
        paid_until=own["paid_until"] and date.fromisoformat(own["paid_until"]),
        clerk=clerk,
    )
    seat.refresh_from_db()


# --- Kept under a name ---------------------------------------------------------------------------------------
def clean_name(name: str) -> str:
    """The name as it is kept. Raises ValidationError."""
    name = " ".join(name.split())
    if not name:
        raise ValidationError("Beri nama dahulu, misalnya Sebelum klaim.", "empty")
    if len(name) > LONGEST_NAME:
        raise ValidationError(f"Nama paling panjang {LONGEST_NAME} huruf. Pakai nama yang lebih pendek.", "long")
    if not name.isprintable():
        raise ValidationError("Nama hanya berisi huruf, angka, dan tanda baca.", "characters")
    return name


@transaction.atomic
def keep(seat: Seat, name: str, now: datetime) -> Snapshot:
    """Keep the seat as it is under this name. Raises ValidationError with a sentence that may be shown."""
    name = clean_name(name)
    held = Seat.objects.select_for_update(of=("self",), no_key=True).select_related("classroom").get(pk=seat.pk)
    if held.made_on is None:
        raise ValidationError(f"Kursi {held.number} masih kosong, jadi tidak ada yang disimpan.", "empty_seat")
    names = list(held.snapshots.values_list("name", flat=True))
    if name.casefold() in map(str.casefold, names):
        raise ValidationError(f"Di kursi {held.number} sudah ada titik bernama “{name}”. Pilih nama lain.", "known")
    if len(names) >= MOST:
        raise ValidationError(
            f"Kursi {held.number} sudah menyimpan {MOST} titik. Hapus satu yang tidak dipakai lagi.", "full"
        )
    return Snapshot.objects.create(
        seat=held, name=name, taken_at=now, day=seating.today_of(held, now), content=pack(held)
    )


def go_back(seat: Seat, snapshot: Snapshot, now: datetime, by: AbstractBaseUser | None) -> None:
    """Put the seat back to this moment: its people, its mails, its phone, and its day. Other seats stay as they are.

    Raises ValidationError, and changes nothing, when another seat has taken meanwhile what there is only once.
    """
    try:
        _go_back(seat, snapshot, now, by)
    except IntegrityError as error:
        raise ValidationError(
            f"Kursi {seat.number} tetap seperti sekarang: e-mail atau NPP yang dibuat di titik “{snapshot.name}” kini "
            "dipakai orang lain.",
            "taken",
        ) from error


@transaction.atomic
def _go_back(seat: Seat, snapshot: Snapshot, now: datetime, by: AbstractBaseUser | None) -> None:
    held = Seat.objects.select_for_update(of=("self",), no_key=True).select_related("classroom").get(pk=seat.pk)
    content = Snapshot.objects.values_list("content", flat=True).get(pk=snapshot.pk, seat=held)
    unpack(held, bytes(content), now, by, f"Kembali ke titik {snapshot.name}"[:200])
    # The same day, also when the class has gone on meanwhile.
    days_ahead = (snapshot.day - seating.today_in(held.classroom, now)).days
    Seat.objects.filter(pk=held.pk).update(days_ahead=days_ahead)
    seat.refresh_from_db()


def keep_room(classroom: Classroom, name: str, now: datetime) -> tuple[int, list[str]]:
    """Keep every seat that is taken, each in its own transaction; how many were kept, and why others were not."""
    name, kept, refused = clean_name(name), 0, []
    for seat in _taken(classroom):
        try:
            keep(seat, name, now)
            kept += 1
        except ValidationError as error:
            refused += error.messages
    return kept, refused


def go_back_room(snapshots: Sequence[Snapshot], now: datetime, by: AbstractBaseUser | None) -> tuple[int, list[str]]:
    """Put these seats back, one after another; how many went back, and why others did not. With their seats."""
    done, refused = 0, []
    for snapshot in snapshots:
        try:
            go_back(snapshot.seat, snapshot, now, by)
            done += 1
        except ValidationError as error:
            refused += error.messages
    return done, refused


def _taken(classroom: Classroom):
    return classroom.seats.filter(started_at__isnull=False, made_on__isnull=False)


# --- Inside --------------------------------------------------------------------------------------------------
def _plain(value):
    return value.isoformat() if isinstance(value, date) else value


def _companies(tables: belongings.Tables) -> dict[str, list[str]]:
    """Those of the house that these people work for: by key, what tells them."""
    place = tables["jht.membership"]["columns"].index("employer_id")
    named = {row[place] for row in tables["jht.membership"]["rows"]}
    known = Employer.objects.filter(pk__in=named).values_list("pk", "npp", "name", "city")
    return {str(pk): [npp, name, city] for pk, npp, name, city in known}


def _employ(tables: belongings.Tables, companies: dict[str, list[str]]) -> None:
    """Memberships name the company that is there today; one that was removed meanwhile is entered again."""
    own = {row[0] for row in tables.get("jht.employer", {"rows": []})["rows"]}
    outside = {int(pk): told for pk, told in companies.items() if int(pk) not in own}
    there = set(Employer.objects.filter(pk__in=outside).values_list("pk", flat=True))
    missing = {
        pk: Employer.objects.get_or_create(npp=npp, defaults={"name": name, "city": city})[0].pk
        for pk, (npp, name, city) in outside.items()
        if pk not in there
    }
    if missing and (table := tables.get("jht.membership")):
        place = table["columns"].index("employer_id")
        for row in table["rows"]:
            row[place] = missing.get(row[place], row[place])


def _send_nothing(table: dict[str, list] | None) -> None:
    if table:
        state = table["columns"].index("state")
        for row in table["rows"]:
            if row[state] in UNSENT:
                row[state] = "captured"
