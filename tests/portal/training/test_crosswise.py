"""From one seat, every address of the site is tried with what belongs to another: 404, or a page of one's own."""

import re

import pytest
from django.core import signing
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.models import OutboxMessage, TextMessage, User
from accounts.phones import phones_of
from jht import linking
from jht.models import Claim, Membership, MergeRequest
from portal.models import SmsRegistration
from portal.reach import may_find
from portal.sms.answers import answer
from portal.training.models import Run, Seat
from portal.training.runs import running
from portal.training.scripts import library
from tests.portal.training.conftest import person, play

PUBLIC = {"kartu/<str:token>/"}  # what a QR leads to: masked by design, and its token is no number one can guess
SMS = "DAFTAR SALDO#{nik}#{born}#{kpj}"


def patterns(resolver=None, before=""):
    """Every address of the site as its pattern."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, path)
        elif isinstance(entry, URLPattern):
            yield path


def filled(pattern: str, values: dict[str, list]) -> list[str]:
    """The addresses that a pattern makes with another's values; those of regular expressions with one of their own."""
    paths = [re.sub(r"\(\?P<\w+>[^)]*\)|[\^$]|\\Z", "1", pattern) if "(?P" in pattern else pattern]
    for name in re.findall(r"<(?:\w+:)?(\w+)>", pattern):
        paths = [re.sub(rf"<(?:\w+:)?{name}>", str(value), path) for path in paths for value in values.get(name, ["1"])]
    return ["/" + path for path in paths]


@pytest.fixture
def neighbour(sit):
    """Another seat, where much has happened: mails, texts, a claim, a wish to merge."""
    browser = play(sit("Bela"), "siti")
    seat = browser.seat
    OutboxMessage.objects.create(to="x@latih.test", subject="Rahasia Bela", code="731905", inbox_key=seat.inbox_key)
    number = phones_of(seat.inbox_key)[0].number
    TextMessage.objects.create(phone=number, direction="in", text="Rahasia Bela", arrives_at=timezone.now())
    running.start(seat, library.find("web-saldo"), "bimbing", timezone.now())
    return play(browser, "siti")


def secrets_of(seat: Seat) -> list[str]:
    """What may never be read on another seat: numbers, e-mails, codes, what was written."""
    theirs = seat.people.values("participant")
    people = [one.participant for one in seat.people.select_related("participant")]
    memberships = Membership.objects.filter(participant__in=theirs)
    claims = Claim.objects.filter(membership__participant__in=theirs)
    return [
        seat.code, f"{seat.mark.lower()}@latih.test", "Rahasia Bela", "731905", seat.inbox_key, seat.phone_stem,
        *(one.identity for one in people), *memberships.values_list("kpj", flat=True),
        *claims.values_list("number", flat=True),
    ]  # fmt: skip


def values_of(browser) -> dict[str, list]:
    theirs = browser.seat.people.values("participant")
    memberships = Membership.objects.filter(participant__in=theirs)
    claims = Claim.objects.filter(membership__participant__in=theirs)
    mails = OutboxMessage.objects.filter(inbox_key=browser.seat.inbox_key)
    merges = MergeRequest.objects.filter(participant__in=theirs)
    run = Run.objects.get(seat=browser.seat)
    return {
        "kpj": list(memberships.values_list("kpj", flat=True))[:4],
        "number": [*claims.values_list("number", flat=True), browser.seat.number],
        "pk": [browser.seat.classroom_id, *mails.values_list("pk", flat=True), *merges.values_list("pk", flat=True),
               run.pk],
        "slug": ["web-saldo", "setuju"],
        "token": [signing.dumps([browser.seat.pk, run.pk], salt=running.BAIT_SALT)],
        "year": [2025],
        "kind": ["pdf", "csv", "xlsx"],
        "step": ["sebab"],
        "code": [browser.seat.classroom.code, browser.seat.code],
        "object_id": [memberships.first().pk],
        "url": ["x"],
    }  # fmt: skip


def test_no_address_shows_or_changes_anything_of_another_seat(sit, neighbour):
    one = play(sit("Andi"), "siti")
    hidden, values = secrets_of(neighbour.seat), values_of(neighbour)
    before = Membership.objects.filter(participant__in=neighbour.seat.people.values("participant")).count()
    tried, seat_cookie = 0, one.cookies["kursi"].value

    for pattern in patterns():
        if pattern in PUBLIC:
            continue
        for path in filled(pattern, values):
            response = one.get(path)
            text = b"".join(response).decode("latin-1") if response.streaming else response.content.decode("latin-1")
            echoed = path.strip("/").split("/")  # an address may be repeated on its own 404
            found = [secret for secret in hidden if secret in text and secret not in echoed]
            assert not found, f"{path} shows {found}"
            assert response.status_code < 500, path
            posted = one.post(path, {"kpj": values["kpj"][0], "ke": "bulan", "token": "x"})
            assert posted.status_code < 500, path
            if "<str:kpj>" in pattern or "<str:number>" in pattern:
                assert {response.status_code, posted.status_code} <= {404, 405}, path
                assert 404 in (response.status_code, posted.status_code), path
            tried += 1
            one.cookies["kursi"] = seat_cookie  # whatever that address did to seat and login
            play(one, "siti")

    seat = Seat.objects.get(pk=neighbour.seat.pk)
    assert Run.objects.get(seat=seat).ended_at is None and not Run.objects.exclude(seat=seat).exists()
    assert not seat.events.exclude(act="mulai").exists()
    assert tried > 100
    assert seat.days_ahead == neighbour.seat.days_ahead and seat.started_at == neighbour.seat.started_at
    assert Membership.objects.filter(participant__in=seat.people.values("participant")).count() == before
    assert OutboxMessage.objects.filter(subject="Rahasia Bela").exists()
    assert "Rahasia Bela" in neighbour.get("/kotak-masuk/").text


def test_whoever_reads_anothers_card_can_link_it_neither_by_form_nor_by_text(sit, neighbour):
    one = sit("Andi")
    card = neighbour.seat.people.filter(user__isnull=True).first().participant
    kpj, born = card.memberships.get().kpj, card.birth_date.strftime("%d-%m-%Y")
    own = User.objects.create_user("andi@latih.test", inbox_key=one.seat.inbox_key)
    one.force_login(own)

    refused = one.post("/jht/hubungkan/", {"nik": card.nik, "kpj": kpj, "name": card.name, "birth_date": born})
    phone, theirs = (phones_of(seat.inbox_key)[0].number for seat in (one.seat, neighbour.seat))
    told = answer(phone, SMS.format(nik=card.nik, born=born, kpj=kpj), timezone.now(), timezone.localdate())

    assert "Data tidak sesuai" in refused.text
    assert "tidak terdaftar" in told
    assert not SmsRegistration.objects.exists()
    assert "sekarang terdaftar" in answer(
        theirs, SMS.format(nik=card.nik, born=born, kpj=kpj), timezone.now(), timezone.localdate()
    )
    assert not may_find(one.seat.inbox_key, card.memberships.get())  # Buat Akun in the app
    who = linking.Identity(nik=card.nik, kpj=kpj, name=card.name, birth_date=card.birth_date)
    with pytest.raises(linking.NoMatch):
        linking.link_participant(User.objects.create_user("luar@latih.test"), who, timezone.now())


def test_what_the_trainer_may_do_a_trainee_may_not(sit, room):
    browser = play(sit("Andi"), "budi")

    for name, numbers in (("trainer_reset", [room.pk]), ("trainer_end", [room.pk]), ("trainer_clock", [room.pk]),
                          ("trainer_seat_reset", [room.pk, 1]), ("trainer_add_seats", [room.pk])):  # fmt: skip
        assert browser.post(reverse(name, args=numbers)).status_code == 404
    assert browser.get("/pelatih/").status_code == 404
    room.refresh_from_db()
    assert room.is_running(timezone.now()) and room.seats.count() == 4


def test_signing_up_on_a_seat_is_read_on_that_seat_alone(sit, neighbour):
    one = sit("Andi")
    OutboxMessage.objects.create(to="andi@latih.test", subject="Untuk Andi", inbox_key=one.seat.inbox_key)

    assert "Untuk Andi" in one.get("/kotak-masuk/").text
    assert "Untuk Andi" not in neighbour.get("/kotak-masuk/").text


def test_a_person_of_the_seat_belongs_to_nobody_else(sit, neighbour):
    one = sit("Andi")
    mine, theirs = person(one.seat, "budi"), person(neighbour.seat, "budi")

    assert mine.participant.nik != theirs.participant.nik and mine.user != theirs.user
