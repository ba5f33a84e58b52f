"""A seat is kept under a name and comes back as it stood then; nothing else in the database changes."""

import hashlib
import json
import zlib
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts import limits
from accounts.models import OutboxMessage, TextMessage, User
from accounts.phones import phones_of
from jht import actions, claims, ledger, merges
from jht.models import (
    AuditRecord,
    Claim,
    Contribution,
    Employer,
    Entry,
    ImportJob,
    LinkAttempt,
    Membership,
    MergeRequest,
    Participant,
    Removal,
    Segment,
)
from portal import rows
from portal.models import FormerPerson, SmsRegistration
from portal.training.models import Fault, Message, Run, Seat, SeatEmployer, SeatPerson, Snapshot
from portal.training.seats import belongings, seating, snapshots, stamping
from portal.training.seats.people import VARIANTS
from tests.portal.training.conftest import TODAY, person, play

APPEND_ONLY = (AuditRecord, Removal, FormerPerson)  # what is written there stays, and more is added
NOT_OF_THE_SEAT = (Session, UserSession, Seat, Snapshot)


@pytest.fixture
def now(real_clock):
    return timezone.now()


@pytest.fixture
def seats(demo, now):
    """Two seats of a class, with their people."""
    room = seating.open_class("Kelas Senin", TODAY, 2, 7, now, None)
    return [seating.take_free(room, name, now) for name in ("Andi", "Bela")]


def told(seat: Seat) -> dict[str, list]:
    """Everything of a seat without the keys of its rows: references by place, in the order of the rows."""
    tables = belongings.read(Seat.objects.get(pk=seat.pk))
    places = {
        label: {row[0]: f"{label}#{place}" for place, row in enumerate(table["rows"])}
        for label, table in tables.items()
    }
    found = {}
    for label, table in tables.items():
        columns = belongings.columns_of(belongings.model_of(label))
        lines = []
        for row in table["rows"]:
            line = []
            for column, value in zip(columns, row, strict=True):
                if column.points_to and value is not None:
                    target = column.points_to._meta.label_lower
                    value = places.get(target, {}).get(value, value)
                if label == "jht.entry" and column.name == "key":
                    value = belongings.NAMES.sub(_by_place(places), value)
                line.append(value)
            lines.append(line[1:])
        found[label] = lines
    return found


def same(one: dict, other: dict) -> bool:
    """Whether both tell the same; fails with the names of what differs, which says more than thousands of rows."""
    assert [name for name in one if one[name] != other[name]] == []
    return one.keys() == other.keys()


def _by_place(places):
    def name(match):
        label = belongings.NAMED[match[1]]._meta.label_lower
        return f"{match[1]}:{places[label].get(int(match[2]), match[2])}"

    return name


def others(seat: Seat) -> dict[str, str]:
    """A hash of every row of the database that is not this seat's, table by table, of what stood there before."""
    of_seat = belongings.of(Seat.objects.get(pk=seat.pk))
    own = {queryset.model: set(queryset.values_list("pk", flat=True)) for queryset in of_seat}
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model in NOT_OF_THE_SEAT or not model._meta.managed or model._meta.proxy:
            continue
        fields = [field.attname for field in model._meta.concrete_fields]
        listed = model._base_manager.order_by("pk").values_list(*fields)
        digest = hashlib.sha256()
        for row in listed:
            if row[fields.index(model._meta.pk.attname)] not in own.get(model, ()):
                digest.update(repr(row).encode())
        found[model._meta.label] = digest.hexdigest()
    for model in APPEND_ONLY:
        found.pop(model._meta.label)
    found["other seats"] = repr(list(Seat.objects.exclude(pk=seat.pk).order_by("pk").values_list()))
    return found


def written_down() -> list[list[tuple]]:
    """What may only grow."""
    return [list(model.objects.order_by("pk").values_list()) for model in APPEND_ONLY]


def much_happens(seat: Seat, now) -> None:
    """A claim decided and paid, one filed, KPJ merged, a month cancelled, mails, texts, an account, a company."""
    on = TODAY
    own = User.objects.create_user(
        f"baru.{seat.mark.lower()}@latih.test", "kata-sandi-baru-9", inbox_key=seat.inbox_key
    )
    LinkAttempt.objects.create(user=own, at=now, matched=False)
    card = seat.people.filter(slug__startswith="kartu").order_by("pk").first().participant
    card.user = own
    card.save(update_fields=["user"])
    siti = person(seat, "siti").participant
    first, *_, last = siti.memberships.order_by("start")
    asked = merges.request_merge(siti, last, [first], on, None)
    merges.merge(asked, on, None)
    budi = person(seat, "budi").participant.memberships.get()
    actions.cancel_contribution(Contribution.objects.filter(membership=budi).first(), "Salah bulan", on, None)
    actions.correct(budi, 12_345, "Koreksi latihan", on, "koreksi-1", None)
    ratna = Claim.objects.get(membership__participant=person(seat, "ratna").participant)
    claims.approve(ratna, on, now, None)
    claims.pay(ratna, on, now, None)
    OutboxMessage.objects.create(to=own.email, subject="Kode Anda", body="Isi", code="123456", inbox_key=seat.inbox_key)
    phone = phones_of(seat.inbox_key)[0].number
    TextMessage.objects.create(phone=phone, direction="in", text="SALDO", arrives_at=now)
    SmsRegistration.objects.create(phone=phone, membership=budi, at=now)
    company = Employer.objects.create(npp="L49ZZZZ1", name="PT Baru Rekaan")
    SeatEmployer.objects.create(seat=seat, employer=company)
    new = Participant.objects.create(nik="4901019001900001", name="Orang Baru", birth_date="1990-01-01")
    SeatPerson.objects.create(seat=seat, slug="baru-1", participant=new)
    Membership.objects.create(participant=new, employer=company, kpj="49799999999", segment=Segment.PU, start=TODAY)
    ImportJob.objects.create(
        kind="contributions", file_name="a.csv", file_hash="x", file=b"\x00\xff", created_at=now, created_by=seat.clerk
    )
    Seat.objects.filter(pk=seat.pk).update(days_ahead=20)


def balances(seat: Seat) -> dict[str, str]:
    """What everybody of the seat has on this day, by KPJ."""
    numbers = dict(
        Membership.objects.filter(participant__in=seat.people.values("participant")).values_list("pk", "kpj")
    )
    return {numbers[pk]: str(amount) for pk, amount in ledger.balances(ledger.rates(), TODAY, list(numbers)).items()}


def test_a_seat_comes_back_exactly_as_it_was_and_nothing_else_changes(seats, now):
    seat = seats[0]
    much_happens(seat, now)
    before, saldo, kept = told(seat), balances(seat), snapshots.keep(seat, "Sesudah klaim", now)
    seating.reset([seat], now, None)
    assert told(seat) != before
    beside, written = others(seat), written_down()

    snapshots.go_back(seat, kept, now, None)

    assert same(told(seat), before)
    assert balances(seat) == saldo
    assert same(others(seat), beside)
    assert [now_there[: len(before)] for now_there, before in zip(written_down(), written, strict=True)] == written


def test_it_comes_back_as_often_as_one_likes(seats, now):
    seat = seats[0]
    much_happens(seat, now)
    before, kept = told(seat), snapshots.keep(seat, "Titik", now)

    for _ in range(3):
        snapshots.go_back(seat, kept, now, None)

    assert told(seat) == before


def test_what_comes_back_goes_on_like_any_other_seat(seats, now):
    """The guards of the ledger are in force, whoever keeps paying pays on, and a claim is paid once."""
    seat = seats[0]
    kept = snapshots.keep(seat, "Awal", now)
    snapshots.go_back(seat, kept, now, None)
    budi = person(seat, "budi").participant.memberships.get()
    ratna = Claim.objects.get(membership__participant=person(seat, "ratna").participant)
    claims.approve(ratna, TODAY, now, None)
    claims.pay(ratna, TODAY, now, None)

    actions.cancel_contribution(budi.contributions.first(), "Salah", TODAY, None)

    assert Entry.objects.filter(membership=ratna.membership, kind="withdrawal").count() == 1
    assert Entry.objects.filter(key__startswith="cancel:", membership=budi).count() == 1
    assert claims.pay(ratna, TODAY, now, None).status == "paid"
    assert Entry.objects.filter(membership=ratna.membership, kind="withdrawal").count() == 1


def test_a_reset_changes_nothing_of_anybody_else(seats, now):
    seat = seats[0]
    much_happens(seat, now)
    beside = others(seat)

    seating.reset([seat], now, None)

    assert same(others(seat), beside)


def test_a_reset_of_an_empty_seat_takes_nothing_from_anybody(demo, now):
    room = seating.open_class("Kelas", TODAY, 1, 7, now, None)
    TextMessage.objects.create(phone="084911112222", direction="in", text="SALDO", arrives_at=now)

    assert seating.reset(room.seats.all(), now, None) == 0
    assert TextMessage.objects.exists()


def test_what_was_done_and_what_the_trainer_did_is_history(seats, now):
    seat = seats[0]
    kept = snapshots.keep(seat, "Awal", now)
    run = Run.objects.create(seat=seat, scenario="saldo", text="", mode="latih", started_at=now, day=TODAY)
    fault = Fault.objects.create(
        classroom=seat.classroom, seat=seat, kind="halaman-lambat", thrown_at=now, until=now, source="pelatih"
    )
    message = Message.objects.create(classroom=seat.classroom, seat=seat, text="Halo", sent_at=now)

    snapshots.go_back(seat, kept, now, None)

    for row in (run, fault, message):
        assert type(row).objects.filter(pk=row.pk).exists()


def test_the_day_comes_back_too_also_when_the_class_has_gone_on(seats, now):
    seat = seats[0]
    Seat.objects.filter(pk=seat.pk).update(days_ahead=12)
    kept = snapshots.keep(seat, "Dua belas hari lagi", now)
    seat.classroom.days_ahead = 100
    seat.classroom.save(update_fields=["days_ahead"])

    snapshots.go_back(seat, kept, now, None)

    assert seating.today_of(Seat.objects.select_related("classroom").get(pk=seat.pk), now) == TODAY + timedelta(days=12)


def test_whoever_is_signed_in_on_the_seat_is_signed_out_and_others_are_not(sit):
    one, other = play(sit("Andi"), "budi"), play(sit("Bela"), "budi")
    one.get("/jht/")
    other.get("/jht/")
    one.post("/kelas/titik/", {"name": "Awal"})
    one.post(f"/kelas/titik/{Snapshot.objects.get().pk}/kembali/")

    assert one.get("/jht/").status_code == 302
    assert other.get("/jht/").status_code == 200


def test_mails_on_their_way_are_not_sent_a_second_time(seats, now):
    seat = seats[0]
    OutboxMessage.objects.create(to="a@latih.test", subject="S", inbox_key=seat.inbox_key, state="pending")
    kept = snapshots.keep(seat, "Awal", now)
    snapshots.go_back(seat, kept, now, None)

    assert OutboxMessage.objects.get(inbox_key=seat.inbox_key).state == "captured"


def test_tries_that_were_counted_are_counted_again(sit):
    """A snapshot of a locked account comes back locked."""
    browser = sit("Andi")
    email = person(browser.seat, "budi").user.email
    for _ in range(10):
        limits.hit("password-account", email, 10, timedelta(minutes=15), timezone.now())
    kept = snapshots.keep(browser.seat, "Terkunci", timezone.now())
    seating.reset([browser.seat], timezone.now(), None)
    assert limits.hit("password-account", email, 10, timedelta(minutes=15), timezone.now()).allowed
    snapshots.go_back(browser.seat, kept, timezone.now(), None)

    assert not limits.hit("password-account", email, 10, timedelta(minutes=15), timezone.now()).allowed


def test_what_a_row_named_outside_of_the_seat_and_is_gone_is_left_empty(seats, now):
    seat = seats[0]
    clerk = User.objects.create_user("petugas-lain@latih.test", is_staff=True)
    asked = MergeRequest.objects.get(participant__in=seat.people.values("participant"))
    MergeRequest.objects.filter(pk=asked.pk).update(decided_by=clerk)
    kept = snapshots.keep(seat, "Awal", now)
    clerk.delete()

    snapshots.go_back(seat, kept, now, None)

    assert MergeRequest.objects.get(participant__in=seat.people.values("participant")).decided_by is None


def test_a_snapshot_of_before_a_column_was_added_can_still_be_opened(seats, now):
    seat = seats[0]
    kept = snapshots.keep(seat, "Lama", now)
    packed = json.loads(zlib.decompress(bytes(kept.content)))
    table = packed["tables"]["jht.participant"]
    place = table["columns"].index("has_npwp")
    table["columns"].pop(place)
    for row in table["rows"]:
        row.pop(place)
    packed["tables"]["jht.gone"] = {"columns": ["id"], "rows": [[1]]}
    Snapshot.objects.filter(pk=kept.pk).update(content=zlib.compress(json.dumps(packed).encode()))

    snapshots.go_back(seat, kept, now, None)

    assert person(seat, "budi").participant.has_npwp is False


def test_one_of_another_version_is_refused_and_the_seat_stays(seats, now):
    seat = seats[0]
    kept = snapshots.keep(seat, "Baru", now)
    Snapshot.objects.filter(pk=kept.pk).update(content=zlib.compress(b'{"version": 99}'))
    before = told(seat)

    with pytest.raises(ValidationError, match="versi lain"):
        snapshots.go_back(seat, kept, now, None)
    assert told(seat) == before


@pytest.mark.parametrize("kind", list(belongings.READ))
def test_every_kind_of_value_is_one_that_a_backup_knows(kind):
    assert kind in rows.KINDS


def test_a_seat_copied_from_another_is_like_one_made_by_the_rules(demo, now):
    """Same rows, same amounts, same story; only what is a seat's own differs, and that is its own."""
    room = seating.open_class("Kelas", TODAY, 1 + VARIANTS, 7, now, None)
    first, like_it = room.seats.get(number=1), room.seats.get(number=1 + VARIANTS)
    stamping.forget()
    by_rules = _made(like_it, now)
    trail = _trail(like_it)
    seating.reset([seating.take(first, now)], now, None)  # another one is the one to copy from now on
    stamping.forget()
    seating.reset([first], now, None)
    seating.reset([like_it], now, None)

    assert same(_without_moments(told(like_it)), by_rules)
    assert _trail(like_it) == trail


def _made(seat: Seat, now) -> dict:
    seating.take(seat, now)
    return _without_moments(told(seat))


def _trail(seat: Seat) -> list:
    numbers = list(Claim.objects.filter(membership__participant__in=seat.people.values("participant")).order_by("pk"))
    return [
        AuditRecord.objects.filter(
            participant_id_was=claim.membership.participant_id, key=str(claim.pk), label=claim.number
        ).count()
        for claim in numbers
    ]


def _without_moments(tables: dict) -> dict:
    """Without the moments at which rows were recorded, the salt of the kata sandi, and the numbers of claims."""
    joined = [column.name for column in belongings.columns_of(User)[1:]].index("date_joined")
    for row in tables["accounts.user"]:
        row[joined] = ""
        row[:] = [value for value in row if not str(value).startswith(("argon2", "md5"))]
    numbers = {row[0]: f"KL-{place}" for place, row in enumerate(tables["jht.claim"])}
    for label, lines in tables.items():
        for row in lines:
            for place, value in enumerate(row):
                if isinstance(value, str):
                    for number, stands in numbers.items():
                        value = value.replace(number, stands)
                    row[place] = value
            if label == "jht.entry":
                row[:] = [value for value in row if not str(value).startswith("2026-03-10 ")]
    return tables
