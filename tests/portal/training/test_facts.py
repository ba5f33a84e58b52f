"""What `keadaan` looks at: true only once it has come about, and only for the one it is about."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.phones import phones_of
from jht import actions, claims, merges
from jht.claims import Account, Application, Paper
from jht.models import Claim, ImportJob, Membership
from portal.models import SmsRegistration
from portal.training.models import Run, Seat
from portal.training.runs import facts, running
from portal.training.scripts import library
from portal.training.scripts.vocabulary import FACTS
from portal.training.seats import exercises
from portal.training.seats.seating import today_of
from tests.portal.training.conftest import person


@pytest.fixture
def seat(sit) -> Seat:
    """A seat that has just begun an exercise."""
    browser = sit()
    running.start(browser.seat, library.find("web-saldo"), "latih", timezone.now())
    seat = Seat.objects.select_related("classroom", "clerk").get(pk=browser.seat.pk)
    seat.browser, seat.today, seat.moment = browser, today_of(seat, timezone.now()), timezone.now()
    return seat


def true_of(seat: Seat, fact: str, who: str = "budi") -> bool:
    run = running.open_run(seat)
    return bool(facts.true_ones(seat, run, [(fact, who)], seat.today))


def claim_of(seat: Seat) -> Claim:
    """Wati files a claim today."""
    wati = person(seat, "wati").participant
    where = Account("Bank Latihan Utara", "4900012345", wati.name)
    papers = [Paper("KTP (contoh)", "ktp")]
    application = Application(reason="resigned", account=where, token=f"uji-{seat.pk}", papers=papers)
    return claims.file_claim(wati.memberships.get(), application, seat.today, seat.moment, None)


def waiting(seat: Seat, slug: str) -> Claim:
    return Claim.objects.get(membership__participant=person(seat, slug).participant, status="submitted")


def own_account(seat):
    User.objects.create_user(f"saya.{seat.mark.lower()}@latih.test", "x", inbox_key=seat.inbox_key)


def link(seat):
    user = person(seat, "fajar").user
    type(person(seat, "fajar").participant).objects.filter(pk=person(seat, "fajar").participant.pk).update(user=user)


def add(seat):
    Membership.objects.filter(participant=person(seat, "intan").participant).update(unadded_since=None)


def new_password(seat):
    user = person(seat, "budi").user
    user.set_password("payung-ombak-58")
    user.save()


def register_phone(seat):
    held = person(seat, "budi").participant.memberships.get()
    number = phones_of(seat.inbox_key)[0].number
    SmsRegistration.objects.create(phone=number, membership=held, at=seat.moment)


def complete(seat):
    claim = claim_of(seat)
    claims.ask_for_more(claim, "Buku tabungan belum ada.", seat.moment, seat.clerk)
    assert not true_of(seat, "klaim-dilengkapi", "wati")
    claims.complete_claim(claim, [], Account(claim.bank, claim.account_number, claim.account_name), seat.moment, None)


def approve(seat):
    claims.approve(claim_of(seat), seat.today, seat.moment, seat.clerk)


def refuse(seat):
    claims.refuse(claim_of(seat), "documents", "", seat.today, seat.moment, seat.clerk)


def cancel(seat):
    claims.cancel_claim(claim_of(seat), seat.today, seat.moment, None)


def decide_three(seat):
    claims.approve(waiting(seat, exercises.APPROVED), seat.today, seat.moment, seat.clerk)
    claims.refuse(waiting(seat, exercises.REFUSED), "waiting", "", seat.today, seat.moment, seat.clerk)
    assert not true_of(seat, "tiga-klaim-diputus")
    claims.ask_for_more(waiting(seat, exercises.INCOMPLETE), "Buku tabungan.", seat.moment, seat.clerk)


def ask_to_merge(seat):
    siti = person(seat, "siti").participant
    held = list(siti.memberships.order_by("start"))
    return merges.request_merge(siti, held[-1], held[:-1], seat.today, None)


def merge(seat):
    merges.merge(ask_to_merge(seat), seat.today, seat.clerk)


def new_employer(seat):
    clerk = play_clerk(seat)
    data = {"npp": exercises.npp_of(seat, 1), "name": "PT Baru Rekaan", "city": "Latihan Utara"}
    assert clerk.post("/petugas/jht/employer/add/", data).status_code == 302


def play_clerk(seat):
    seat.browser.force_login(seat.clerk)
    return seat.browser


def record_month(seat):
    month = exercises.month_of(seat)
    workers = Membership.objects.filter(employer__npp=exercises.npp_of(seat), segment="PU")
    payments = [actions.wage_payment(worker, month, 4_000_000, seat.today) for worker in workers]
    actions.record_contributions(payments[1:], seat.clerk)
    assert not true_of(seat, "iuran-bulan-lengkap")
    actions.record_contributions(payments[:1], seat.clerk)


def finish_import(seat):
    job = {"kind": "contributions", "file_name": "a.csv", "file_hash": "0" * 64, "created_at": seat.moment}
    ImportJob.objects.create(state="done", created_by=seat.clerk, ended_at=timezone.now(), **job)


def update_data(seat):
    participant = person(seat, "budi").participant
    participant.data_updated_on = seat.today
    participant.save()


CASES = {
    "akun-dibuat": ("budi", own_account),
    "terhubung": ("fajar", link),
    "kpj-ditambah": ("intan", add),
    "sandi-diganti": ("budi", new_password),
    "hp-terdaftar": ("budi", register_phone),
    "klaim-diajukan": ("wati", claim_of),
    "klaim-dilengkapi": ("wati", complete),
    "klaim-disetujui": ("wati", approve),
    "klaim-ditolak": ("wati", refuse),
    "klaim-dibatalkan": ("wati", cancel),
    "tiga-klaim-diputus": ("petugas", decide_three),
    "amalgamasi-diminta": ("siti", ask_to_merge),
    "kpj-digabung": ("siti", merge),
    "pemberi-kerja-baru": ("petugas", new_employer),
    "iuran-bulan-lengkap": ("petugas", record_month),
    "impor-selesai": ("petugas", finish_import),
    "data-dikinikan": ("budi", update_data),
}


def test_every_fact_of_the_vocabulary_is_looked_at_and_tested():
    assert set(CASES) == set(FACTS) == set(facts.FACTS)


@pytest.mark.parametrize("fact", CASES)
def test_a_fact_is_true_once_it_has_come_about(seat, fact):
    who, do = CASES[fact]
    assert not true_of(seat, fact, who)

    do(seat)

    assert true_of(seat, fact, who)
    if who not in ("petugas", "budi"):
        assert not true_of(seat, fact, "slamet") or fact in ("terhubung", "kpj-ditambah")


def test_a_change_to_the_employer_of_the_seat_adds_none(seat):
    run, clerk = running.open_run(seat), play_clerk(seat)
    own = seat.employers.get().employer
    data = {"npp": own.npp, "name": own.name, "city": "Latihan Barat"}

    assert clerk.post(f"/petugas/jht/employer/{own.pk}/change/", data).status_code == 302

    own.refresh_from_db()
    told = run.events.filter(page="meja-pemberi-kerja", act="kirim", result="berhasil")
    assert own.city == "Latihan Barat" and told.exists()
    assert not true_of(seat, "pemberi-kerja-baru", "petugas")


def test_an_employer_of_an_earlier_exercise_is_not_added_in_this_one(seat):
    new_employer(seat)
    run = running.open_run(seat)

    Run.objects.filter(pk=run.pk).update(started_at=timezone.now() + timedelta(seconds=1))
    run.refresh_from_db()

    assert not facts.true_ones(seat, run, [("pemberi-kerja-baru", "petugas")], seat.today)


def test_what_is_true_on_another_seat_is_not_true_here(seat, sit):
    other = sit("Bela").seat
    register_phone(seat)
    run = replace_seat(seat, other)

    assert not facts.true_ones(other, run, [("hp-terdaftar", "budi"), ("akun-dibuat", "budi")], seat.today)


def replace_seat(seat, other):
    running.start(other, library.find("web-saldo"), "latih", timezone.now())
    return running.open_run(other)


def test_a_card_that_was_linked_to_an_account_of_ones_own_is_linked(seat):
    card = seat.people.filter(slug__startswith="kartu").first().participant
    assert not true_of(seat, "terhubung", "kartu")

    own = User.objects.create_user(f"saya.{seat.mark.lower()}@latih.test", "x", inbox_key=seat.inbox_key)
    type(card).objects.filter(pk=card.pk).update(user=own)

    assert true_of(seat, "terhubung", "kartu")


def test_an_import_that_ends_later_does_its_step_with_the_next_page(seat):
    """The rows are written by another process, after the button was pressed."""
    run = running.open_run(seat)
    scenario = library.find("petugas-impor-satu-baris")
    running.stop(run)
    running.start(seat, scenario, "latih", timezone.now())
    clerk = play_clerk(seat)
    finish_import(seat)

    clerk.get("/petugas/jht/importjob/")

    done = {one.step for one in seat.events.all()}
    asks_for_it = [step.code for step in scenario.steps if "impor-selesai" in step.done.what]
    assert set(asks_for_it) <= done and asks_for_it
