"""The clock of a class and of a seat: what follows it, what does not."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts import limits
from accounts.models import OutboxMessage
from jht.models import Contribution, Entry, Membership
from portal.training.models import Classroom, Seat
from portal.training.seats import clock, seating
from portal.training.seats.people import password_of
from tests.conftest import solved
from tests.portal.training.conftest import TODAY, person, play


def captcha(browser):
    return {"captcha": solved(browser.get("/akun/captcha/").json()), "captcha_tick": "on"}


@pytest.fixture
def light_work(monkeypatch):
    monkeypatch.setattr("accounts.captcha.HARDEST", 500)


@pytest.mark.parametrize(
    "move, today, day",
    [
        ("hari", date(2026, 12, 31), date(2027, 1, 1)),
        ("bulan", date(2026, 1, 31), date(2026, 2, 28)),
        ("bulan", date(2026, 12, 5), date(2027, 1, 5)),
        ("tanggal-15", date(2026, 3, 10), date(2026, 3, 15)),
        ("tanggal-15", date(2026, 12, 15), date(2027, 1, 15)),
        ("akhir-tahun", date(2026, 3, 10), date(2026, 12, 31)),
        ("akhir-tahun", date(2026, 12, 31), date(2027, 12, 31)),
        ("umur-hendra", date(2026, 3, 10), date(2026, 4, 17)),  # born on the 17th, 55 years and 11 months ago
        ("kemarin", date(2026, 3, 10), None),
        ("umur-siapa", date(2026, 3, 10), None),
        ("hari", date(2099, 12, 31), None),
    ],
)
def test_a_move_leads_to_its_day(move, today, day):
    assert clock.day_after(move, today, clock.birthdays(TODAY, today)) == day


def shown_day(browser) -> str:
    return browser.get("/kelas/").text.partition("<time")[2].partition(">")[2].partition("<")[0]


def test_the_trainers_clock_moves_every_seat_and_no_page_of_the_trainer(real_clock, room, sit, trainer):
    one, other = sit("Andi"), sit("Bela")
    trainer.post(f"/pelatih/{room.pk}/jam/", {"ke": "tanggal-15"})

    assert shown_day(one) == shown_day(other) == "15 Maret 2026"
    assert "10 Maret 2026" in trainer.get("/").text


def test_the_clock_of_one_seat_leaves_the_others_alone(real_clock, room, sit):
    one, other = sit("Andi"), sit("Bela")
    one.post("/kelas/jam/", {"ke": "bulan"})

    assert shown_day(one) == "10 April 2026"
    assert shown_day(other) == "10 Maret 2026"
    assert "(jam latihan)" in one.get("/kelas/").text


def test_the_trainer_turns_one_seat_and_back(real_clock, room, sit, trainer):
    one, other = sit("Andi"), sit("Bela")
    trainer.post(f"/pelatih/{room.pk}/kursi/1/jam/", {"ke": "akhir-tahun"})
    moved = shown_day(one), shown_day(other)
    trainer.post(f"/pelatih/{room.pk}/kursi/1/jam/", {"ke": "kembali"})

    assert moved == ("31 Desember 2026", "10 Maret 2026")
    assert shown_day(one) == "10 Maret 2026"


def test_class_and_seat_add_up(real_clock, room, sit, trainer):
    one = sit("Andi")
    one.post("/kelas/jam/", {"ke": "hari"})
    trainer.post(f"/pelatih/{room.pk}/jam/", {"ke": "hari"})

    assert shown_day(one) == "12 Maret 2026"


def test_after_a_move_who_keeps_paying_has_paid_and_who_is_behind_is_further_behind(real_clock, sit):
    browser = sit("Andi")
    kpj = {slug: person(browser.seat, slug).participant.memberships.get().kpj for slug in ("budi", "rina")}
    last = {slug: Contribution.objects.filter(membership__kpj=number).first().month for slug, number in kpj.items()}
    for _ in range(2):
        browser.post("/kelas/jam/", {"ke": "bulan"})
    play(browser, "budi").get("/jht/")
    paid = {slug: Contribution.objects.filter(membership__kpj=number).first().month for slug, number in kpj.items()}

    assert paid["budi"] == date(last["budi"].year, last["budi"].month + 2, 1)
    assert paid["rina"] == last["rina"]
    # The balance of the day: Rp of April is there in May, and gone again when the clock goes back
    later = Membership.objects.get(kpj=kpj["budi"]).balance(date(2026, 5, 10))
    browser.post("/kelas/jam/", {"ke": "kembali"})
    assert f"{round(later):,}".replace(",", ".") not in browser.get("/jht/").text


def test_another_seat_gets_no_payment_from_a_moved_clock(real_clock, sit):
    one, other = sit("Andi"), sit("Bela")
    theirs = Contribution.objects.filter(membership__participant__in=other.seat.people.values("participant"))
    before = theirs.count()
    one.post("/kelas/jam/", {"ke": "bulan"})
    one.get("/")
    other.get("/")

    assert theirs.count() == before


def test_the_wait_after_resigning_ends_on_the_seats_clock(real_clock, sit):
    """Maya resigned ten days ago: a month's wait (docs/aturan.md#klaim)."""
    browser = play(sit("Andi"), "maya")
    kpj = person(browser.seat, "maya").participant.memberships.get().kpj
    waiting = browser.post(f"/jht/klaim/{kpj}/sebab/", {"reason": "resigned"})
    browser.post("/kelas/jam/", {"ke": "bulan"})
    allowed = browser.post(f"/jht/klaim/{kpj}/sebab/", {"reason": "resigned"})

    assert waiting.status_code == 200
    assert allowed.status_code == 302


def test_a_lock_ends_and_a_turned_back_clock_brings_none(real_clock, sit, light_work):
    browser = sit("Andi")
    email, right = person(browser.seat, "budi").user.email, password_of(browser.seat)

    def attempt(word: str):
        return browser.post("/akun/login/", {"login": email, "password": word} | captcha(browser))

    for _ in range(11):
        locked = attempt("salah")
    browser.post("/kelas/jam/", {"ke": "hari"})
    for _ in range(11):
        locked_tomorrow = attempt("salah")
    browser.post("/kelas/jam/", {"ke": "kembali"})

    assert "Coba lagi dalam" in locked.text and "Coba lagi dalam" in locked_tomorrow.text
    assert attempt(right).status_code == 302


def test_another_account_stays_locked_however_one_turns_ones_clock(real_clock, sit, light_work):
    one, other = sit("Andi"), sit("Bela")
    theirs = person(other.seat, "budi").user.email
    for _ in range(11):
        one.post("/akun/login/", {"login": theirs, "password": "salah"} | captcha(one))
    one.post("/kelas/jam/", {"ke": "bulan"})
    login = {"login": theirs, "password": password_of(other.seat)} | captcha(one)

    assert "Coba lagi dalam" in one.post("/akun/login/", login).text


def test_a_code_expires_on_the_seats_clock(real_clock, sit, light_work):
    browser = sit("Andi")
    email = person(browser.seat, "budi").user.email
    browser.post("/akun/kata-sandi/lupa/", {"email": email} | captcha(browser))
    code = OutboxMessage.objects.get().code
    browser.post("/kelas/jam/", {"ke": "hari"})

    assert "sudah lewat 15 menit" in browser.post("/akun/kata-sandi/lupa/kode/", {"code": code}).text


def test_a_sign_up_waits_no_longer_than_an_hour_of_the_seat(real_clock, sit, light_work):
    browser = sit("Andi")
    data = {"email": "andi@latih.test", "password1": "kembang-sepatu-71", "password2": "kembang-sepatu-71"}
    browser.post("/akun/daftar/", data | {"consent": "on"} | captcha(browser))
    waits = browser.get("/akun/kode/").status_code
    browser.post("/kelas/jam/", {"ke": "hari"})

    assert waits == 200
    assert browser.get("/akun/kode/").status_code == 302


def test_a_mail_bears_the_seats_day(real_clock, sit, light_work):
    browser = sit("Andi")
    browser.post("/kelas/jam/", {"ke": "bulan"})
    browser.post("/akun/kata-sandi/lupa/", {"email": person(browser.seat, "budi").user.email} | captcha(browser))

    assert "10 April 2026" in browser.get("/kotak-masuk/").text


def test_the_session_lives_by_the_real_clock(real_clock, sit):
    browser = play(sit("Andi"), "budi")
    for _ in range(3):
        browser.post("/kelas/jam/", {"ke": "akhir-tahun"})

    assert browser.get("/jht/").status_code == 200


def test_what_was_used_once_stays_used_when_the_clock_goes_back(db):
    now = timezone.now()

    assert limits.use_once("captcha", "x", timedelta(minutes=10), now + timedelta(days=30))
    assert not limits.use_once("captcha", "x", timedelta(minutes=10), now)


def test_a_move_that_does_not_exist_moves_nothing(real_clock, sit):
    browser = sit("Andi")

    assert "tidak dapat diputar" in browser.post("/kelas/jam/", {"ke": "umur-0"}, follow=True).text
    assert shown_day(browser) == "10 Maret 2026"


def test_the_hour_stays_the_real_one(real_clock, sit):
    browser = sit("Andi")
    browser.post("/kelas/jam/", {"ke": "akhir-tahun"})

    assert browser.get("/").wsgi_request.now - timezone.now() == timedelta(days=296)


# --- Again from the beginning --------------------------------------------------------------------------------
def traces(seat) -> tuple:
    """Everything of a seat that a reset of another must leave alone."""
    theirs = seat.people.values("participant")
    entries = Entry.objects.filter(membership__participant__in=theirs).order_by("pk")
    return list(seat.people.values_list("pk", "user")), list(entries.values_list("pk", "amount"))


def test_a_trainee_begins_again_and_the_neighbour_notices_nothing(real_clock, sit):
    one, other = play(sit("Andi"), "budi"), play(sit("Bela"), "budi")
    before, numbers = traces(other.seat), [p.participant.nik for p in one.seat.people.select_related("participant")]
    one.post("/kelas/jam/", {"ke": "bulan"})
    OutboxMessage.objects.create(to="x@latih.test", subject="Lama", inbox_key=one.seat.inbox_key)
    OutboxMessage.objects.create(to="x@latih.test", subject="Punya Bela", inbox_key=other.seat.inbox_key)
    one.post("/kelas/ulangi/")

    assert shown_day(one) == "10 Maret 2026"
    assert one.get("/jht/").status_code == 302
    assert [p.participant.nik for p in one.seat.people.select_related("participant")] == numbers
    assert list(OutboxMessage.objects.values_list("subject", flat=True)) == ["Punya Bela"]
    assert traces(other.seat) == before
    assert other.get("/jht/").status_code == 200


def test_the_trainer_resets_one_seat_or_the_room(real_clock, room, sit, trainer):
    one, other = sit("Andi"), sit("Bela")
    before = traces(one.seat), traces(other.seat)
    trainer.post(f"/pelatih/{room.pk}/kursi/1/ulangi/")
    after_one = traces(one.seat), traces(other.seat)
    trainer.post(f"/pelatih/{room.pk}/ulangi/")

    assert after_one[0] != before[0] and after_one[1] == before[1]
    assert traces(other.seat) != before[1]
    assert "masih kosong" in trainer.post(f"/pelatih/{room.pk}/kursi/4/ulangi/", follow=True).text


def test_the_people_of_a_seat_have_what_the_cast_has(db, settings):
    """Born into credited years, they end with the balances of those who lived through them: the same formula."""
    settings.DEMO = True
    call_command("seed", verbosity=0)
    room = seating.open_class("Kelas", timezone.localdate(), 1, 7, timezone.now(), None)
    seat = seating.take_free(room, "Andi", timezone.now())
    today = timezone.localdate()

    def balances(**of) -> list:
        return [one.balance(today) for one in Membership.objects.filter(**of).order_by("kpj")]

    for slug, kpj in (("agus", "49000000094"), ("dewi", "49000000060"), ("tono", "49000000136")):
        theirs = balances(participant=person(seat, slug).participant)
        assert theirs == balances(kpj=kpj), slug
    assert balances(participant=person(seat, "tono").participant) == [0]


# --- The end -------------------------------------------------------------------------------------------------
def test_an_ended_class_keeps_its_data_for_its_days_and_then_nothing_is_left(real_clock, room, sit, trainer):
    browser = play(sit("Andi"), "budi")
    OutboxMessage.objects.create(to="x@latih.test", subject="Lama", inbox_key=browser.seat.inbox_key)
    trainer.post(f"/pelatih/{room.pk}/akhiri/")
    call_command("sweep_classes", verbosity=0)
    kept = Membership.objects.count()
    real_clock(TODAY + timedelta(days=8))
    call_command("sweep_classes", verbosity=0)

    assert kept
    assert not Membership.objects.exists() and not Entry.objects.exists() and not OutboxMessage.objects.exists()
    assert "Ikut kelas" in Client().get("/kelas/").text
    assert not Classroom.objects.exists()


# --- A class whose clock was turned --------------------------------------------------------------------------
def test_a_scenario_has_people_of_the_day_on_which_the_class_is(real_clock, room, sit, trainer):
    browser = sit("Andi")
    trainer.post(f"/pelatih/{room.pk}/jam/", {"ke": "bulan"})
    browser.post("/kelas/latihan/petugas-iuran-sebulan/", {"cara": "latih"})
    seat = Seat.objects.select_related("classroom").get(pk=browser.seat.pk)

    assert seat.made_on == seating.today_of(seat, timezone.now()) == date(2026, 4, 10)


def test_a_birthday_of_the_story_can_be_reached_on_any_day_of_the_class(real_clock, room, sit, trainer):
    browser = sit("Andi")
    for _ in range(3):
        trainer.post(f"/pelatih/{room.pk}/jam/", {"ke": "bulan"})  # past Hendra's birthday, as of today's people
    browser.post("/kelas/latihan/loket-koran-usia-59/", {"cara": "tunjukkan"})
    seat = Seat.objects.select_related("classroom").get(pk=browser.seat.pk)

    assert [one.day > date(2026, 6, 10) for one in clock.birthdays(seat.made_on, seating.today_of(seat, timezone.now()))
            if one.slug == "hendra"] == [True]  # fmt: skip


def test_a_class_is_on_a_day_that_its_clock_can_show(trainer):
    page = trainer.post("/pelatih/", {"name": "Senin", "day": "31-12-9999", "seats": "2", "keep_days": "7"})

    assert "Tanggal kelas paling akhir 31-12-2099." in page.text
    assert not Classroom.objects.exists()
