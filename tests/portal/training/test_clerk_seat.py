"""The clerk of a seat: who it is, how a trainee becomes it, and what is there to be done on the real desk."""

import io
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from jht.imports import jobs
from jht.models import AuditRecord, Claim, Contribution, Employer, ImportJob, Membership, MergeRequest, Participant
from portal import cast
from portal.training.models import Classroom, Seat
from portal.training.seats import clerks, exercises, files, people, seating
from tests.conftest import solved
from tests.portal.training.conftest import TODAY, person, play

JANUARY = date(2026, 1, 1)  # on 10 March its contributions are due since 15 February, those of February not yet


@pytest.fixture
def light_work(monkeypatch):
    monkeypatch.setattr("accounts.captcha.HARDEST", 500)


def captcha(browser):
    return {"captcha": solved(browser.get("/akun/captcha/").json()), "captcha_tick": "on"}


def at_the_desk(browser: Client) -> Client:
    """Signed in as the clerk of the seat."""
    browser.seat.refresh_from_db()
    browser.force_login(browser.seat.clerk)
    return browser


@pytest.fixture
def desk(real_clock, sit):
    return at_the_desk(sit("Andi"))


def company(seat: Seat) -> Employer:
    return seat.employers.select_related("employer").get().employer


def listed(browser: Client, address: str) -> list:
    return list(browser.get(f"/petugas/jht/{address}").context["cl"].result_list)


# --- Into the desk and out -----------------------------------------------------------------------------------
def test_a_card_of_the_seat_leads_to_the_desk(sit, light_work):
    browser = sit("Andi")
    to_login = browser.post("/kelas/petugas/")["Location"]
    page = browser.get(to_login).text
    email, password = f"petugas.{browser.seat.mark.lower()}@latih.test", people.password_of(browser.seat)
    login = {"login": email, "password": password, "next": "/petugas/"}

    assert "Petugas kursi" in browser.get("/akun/login/").text
    assert f'value="{email}"' in page and f'value="{password}"' in page
    assert browser.post("/akun/login/", login | captcha(browser))["Location"] == "/petugas/"
    assert "Meja Petugas" in browser.get("/petugas/").text


def test_whoever_was_signed_in_is_signed_out_first(sit):
    browser = play(sit("Andi"), "budi")
    browser.post("/kelas/petugas/")

    assert browser.get("/jht/").status_code == 302


def test_the_clerk_who_asks_again_is_at_the_desk_at_once(desk):
    assert desk.post("/kelas/petugas/")["Location"] == "/petugas/"


def test_the_app_has_no_card_of_a_clerk(sit):
    assert "Petugas kursi" not in sit("Andi").get("/jmo/masuk/").text


def test_the_seats_clerk_sits_on_the_seat_with_its_clock_and_its_mails(desk):
    desk.post("/kelas/jam/", {"ke": "bulan"})
    page = desk.get("/petugas/")

    assert page.wsgi_request.seat == desk.seat
    assert page.wsgi_request.seat_inbox == desk.seat.inbox_key
    assert "10 April 2026" in page.text


def test_the_clerk_is_on_that_seat_whatever_cookie_the_browser_has(desk, sit):
    other = sit("Bela")
    desk.cookies["kursi"] = other.cookies["kursi"].value
    without = Client()
    without.force_login(desk.seat.clerk)

    assert desk.get("/petugas/").wsgi_request.seat == desk.seat
    assert without.get("/petugas/").wsgi_request.seat == desk.seat


def test_staff_of_the_house_sit_on_no_seat(desk, trainer):
    trainer.cookies["kursi"] = desk.cookies["kursi"].value

    assert trainer.get("/petugas/").wsgi_request.seat is None


def test_outside_a_demo_the_clerk_is_on_no_seat_and_still_finds_nothing_else(desk, settings):
    Participant.objects.create(nik="4971015503900001", name="Orang Rumah", birth_date=date(1990, 3, 15))
    settings.DEMO = False

    assert desk.get("/petugas/").wsgi_request.seat is None
    assert "Orang Rumah" not in desk.get("/petugas/jht/participant/?all=").text


def test_a_clerk_who_lost_the_seat_finds_nothing(desk):
    Seat.objects.filter(pk=desk.seat.pk).update(clerk=None)
    typed = {"npp": "L49ABCD1", "name": "CV Tanpa Kursi", "city": ""}

    assert [listed(desk, page) for page in ("participant/", "employer/", "claim/", "auditrecord/")] == [[], [], [], []]
    assert desk.post("/petugas/jht/employer/add/", typed).status_code == 403
    assert not Employer.objects.filter(name="CV Tanpa Kursi").exists()


@pytest.mark.parametrize(
    "page",
    ["jht/rate/", "jht/figure/", "jht/regulation/", "jht/reasonrule/", "jht/linkattempt/", "jht/removal/",
     "accounts/user/", "accounts/outboxmessage/", "accounts/textmessage/", "portal/smsregistration/"],
)  # fmt: skip
def test_what_all_seats_share_is_no_page_of_this_desk(desk, page):
    assert desk.get(f"/petugas/{page}").status_code == 403


def test_the_clerk_is_no_trainer(desk, room):
    assert desk.get("/pelatih/").status_code == 404
    assert desk.post(f"/pelatih/{room.pk}/akhiri/").status_code == 404


# --- What is there to be done --------------------------------------------------------------------------------
def test_the_seat_has_a_company_of_five_whose_last_month_is_missing(desk):
    own = company(desk.seat)
    workers = Membership.objects.filter(employer=own)
    last = {worker.contributions.order_by("-month").first().month for worker in workers}

    assert [row.pk for row in listed(desk, "employer/")] == [own.pk]
    assert workers.count() == 5
    assert last == {date(2025, 12, 1)}
    assert exercises.month_of(desk.seat) == JANUARY
    assert own.name in desk.get("/petugas/jht/employer/tunggakan/").text


def test_the_month_is_entered_for_all_five_at_once(desk):
    address = f"/petugas/jht/employer/{company(desk.seat).pk}/iuran-sebulan/?bulan=01-2026&dibayar=10-03-2026"
    lines = desk.get(address).context["lines"]
    typed = {}
    for line in lines:
        typed |= {f"{line.form.prefix}-take": "on", f"{line.form.prefix}-wage": str(line.form.initial["wage"])}
    desk.post(address, typed)

    assert len(lines) == 5
    assert Contribution.objects.filter(membership__employer=company(desk.seat), month=JANUARY).count() == 5
    assert "Tidak ada pemberi kerja yang menunggak" in desk.get("/petugas/jht/employer/tunggakan/").text


@pytest.fixture
def brought_in(desk):
    """`brought_in(name)`: the file is downloaded from the seat and uploaded at the desk; the job as it ended."""

    def bring(name: str) -> ImportJob:
        file = io.BytesIO(desk.get(f"/kelas/berkas/{name}").content)
        file.name = name
        desk.post("/petugas/jht/importjob/add/", {"kind": "contributions", "file": file})
        return ImportJob.objects.latest("pk")

    return bring


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_the_file_has_exactly_one_faulty_row_and_put_right_it_goes_in(desk, brought_in, extension):
    faulty = brought_in(f"iuran.{extension}")
    right = brought_in(f"iuran-betul.{extension}")
    desk.post(f"/petugas/jht/importjob/{right.pk}/tulis/")
    right.refresh_from_db()

    assert [(fault["row"], fault["column"]) for fault in faulty.faults] == [(4, "A")]
    assert "tidak ada" in faulty.faults[0]["problem"]
    assert (right.state, right.rows_new) == (ImportJob.State.DONE, 5)
    assert Contribution.objects.filter(membership__employer=company(desk.seat), month=JANUARY).count() == 5


def test_the_file_is_judged_as_of_the_seats_day_and_by_the_real_clock(desk, monkeypatch):
    begun = []
    monkeypatch.setattr(jobs, "start", begun.append)
    desk.post("/kelas/jam/", {"ke": "bulan"})
    file = io.BytesIO(b"Nomor KPJ;Bulan;Upah;Tanggal bayar\n49700000129;02-2026;3.000.000;01-04-2026\n")
    file.name = "iuran.csv"
    desk.post("/petugas/jht/importjob/add/", {"kind": "contributions", "file": file})
    job = ImportJob.objects.get()

    assert begun == [job]
    assert (job.day, job.created_at) == (TODAY + timedelta(days=31), timezone.now())


@pytest.mark.parametrize("name", ["iuran.pdf", "lain.csv", "iuran", "..", "iuran.csv.csv"])
def test_there_are_no_other_files(desk, name):
    assert desk.get(f"/kelas/berkas/{name}").status_code == 404


def test_files_are_for_seats(client, db, settings):
    settings.DEMO = True

    assert client.get("/kelas/berkas/iuran.csv")["Location"] == "/kelas/"
    assert files.FILES.keys() == {"iuran", "iuran-betul"}


def claim_of(seat: Seat, slug: str) -> Claim:
    return Claim.objects.get(membership__participant=person(seat, slug).participant)


def test_three_claims_wait_to_be_approved_refused_and_sent_back(desk):
    queue = listed(desk, "claim/?menunggu=petugas")
    good, bad, lacking = (
        claim_of(desk.seat, slug) for slug in (exercises.APPROVED, exercises.REFUSED, exercises.INCOMPLETE)
    )
    address = "/petugas/jht/claim/{}/{}/"
    paper = lacking.documents.get(sample="").name
    desk.post(address.format(good.pk, "setujui"))
    too_early = desk.post(address.format(bad.pk, "setujui"), follow=True)
    still = claim_of(desk.seat, exercises.REFUSED).status
    desk.post(address.format(bad.pk, "tolak"), {"tolak-refusal": Claim.Refusal.WAITING, "tolak-message": ""})
    asked = {"minta-message": "Lampirkan buku tabungan.", "minta-unreadable": [paper]}
    desk.post(address.format(lacking.pk, "lengkapi"), asked)

    assert {good, bad, lacking} <= set(queue)
    assert "Buku tabungan" in paper
    assert "Masa tunggu" in too_early.text and still == Claim.Status.SUBMITTED
    assert [claim_of(desk.seat, slug).status for slug in ("galih", "nurul", "fitri")] == [
        Claim.Status.APPROVED, Claim.Status.REFUSED, Claim.Status.INCOMPLETE,
    ]  # fmt: skip


def test_what_the_clerk_decides_is_read_in_the_mailbox_of_the_seat(desk, sit):
    other = sit("Bela")
    desk.post(f"/petugas/jht/claim/{claim_of(desk.seat, exercises.APPROVED).pk}/setujui/")

    assert "KL-2026" in desk.get("/kotak-masuk/").text
    assert "KL-2026" not in other.get("/kotak-masuk/").text


def test_somebody_waits_for_two_kpj_to_become_one(desk):
    asked = listed(desk, "mergerequest/?status__exact=asked")
    wulan = person(desk.seat, exercises.MERGED).participant
    before = sum(membership.balance(TODAY) for membership in wulan.memberships.all())
    desk.post(f"/petugas/jht/mergerequest/{asked[0].pk}/gabungkan/")

    assert [request.participant for request in asked] == [wulan]
    assert MergeRequest.objects.get(pk=asked[0].pk).status == MergeRequest.Status.DONE
    assert wulan.memberships.filter(merged_into__isnull=False).count() == 1
    assert sum(membership.balance(TODAY) for membership in wulan.memberships.all()) == before


def test_a_seat_that_is_a_copy_of_another_has_a_clerk_and_exercises_of_its_own(real_clock, demo):
    room = seating.open_class("Kelas", TODAY, 1 + people.VARIANTS, 7, timezone.now(), None)
    first, copy = (seating.take(room.seats.get(number=number), timezone.now()) for number in (1, 1 + people.VARIANTS))
    browser = Client()
    browser.seat = copy
    at_the_desk(browser)

    assert copy.clerk.email == clerks.email_of(copy) != first.clerk.email
    assert [group.name for group in copy.clerk.groups.all()] == [clerks.GROUP]
    assert company(copy).npp == exercises.npp_of(copy) != company(first).npp
    assert company(copy).memberships.count() == company(first).memberships.count() == 5
    assert [row.pk for row in listed(browser, "employer/")] == [company(copy).pk]
    assert len(listed(browser, "claim/?menunggu=petugas")) == 4  # the three, and Ratna's of the cast
    assert len(listed(browser, "mergerequest/")) == 1
    assert claim_of(copy, exercises.INCOMPLETE).documents.filter(sample="").count() == 1


def test_the_workers_are_no_practice_cards(desk):
    everybody = desk.seat.people.filter(user__isnull=True)

    assert {one.slug[:5] for one in everybody} == {"kartu"}


def test_nobody_of_the_exercises_has_a_name_of_the_cast():
    slugs = [person_.slug for person_ in (*cast.PEOPLE, *exercises.PEOPLE)]
    numbers = [job.kpj for person_ in (*cast.PEOPLE, *exercises.PEOPLE) for job in person_.jobs]

    assert len(set(slugs)) == len(slugs) and len(set(numbers)) == len(numbers)


def test_no_two_seats_share_the_number_of_a_company():
    seats = [Seat(pk=pk, number=1, mark="ABCDE") for pk in (*range(1, 200), 9_999, 123_456, 1_336_335)]
    numbers = {exercises.npp_of(seat, turn) for seat in seats for turn in range(10)}

    assert len(numbers) == 10 * len(seats)
    assert all(len(number) == 8 for number in numbers)
    assert not numbers & cast.COMPANIES.keys()


# --- What the clerk enters -----------------------------------------------------------------------------------
def enter_company(browser: Client) -> Employer:
    browser.post("/petugas/jht/employer/add/", {"npp": "L49BARU1", "name": "CV Baru Latihan", "city": ""})
    return Employer.objects.get(npp="L49BARU1")


def enter_worker(browser: Client, employer: Employer) -> Participant:
    typed = {
        "nik": "4971015503900001",
        "name": "Baru Rekaan",
        "birth_date": "15-03-1990",
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "0",
        "memberships-0-kpj": "49799999991",
        "memberships-0-segment": "PU",
        "memberships-0-employer": str(employer.pk),
        "memberships-0-start": "01-02-2026",
    }
    browser.post("/petugas/jht/participant/add/", typed)
    return Participant.objects.get(nik="4971015503900001")


def test_a_new_company_and_its_worker_belong_to_the_seat(desk):
    own = enter_company(desk)
    worker = enter_worker(desk, own)

    assert desk.seat.employers.filter(employer=own).exists()
    assert desk.seat.people.filter(participant=worker).exists()
    assert worker in listed(desk, "participant/?q=Baru")
    assert worker.memberships.get().employer == own


def test_what_a_file_brings_in_belongs_to_the_seat(desk):
    file = io.BytesIO(b"NPP;Nama perusahaan;Kota\nL49BARU2;CV Dari Berkas;Latihan\n")
    file.name = "perusahaan.csv"
    desk.post("/petugas/jht/importjob/add/", {"kind": "employers", "file": file})
    desk.post(f"/petugas/jht/importjob/{ImportJob.objects.get().pk}/tulis/")

    assert desk.seat.employers.filter(employer__npp="L49BARU2").exists()


def test_only_training_numbers_are_taken(desk):
    desk.post("/petugas/jht/participant/add/", {"nik": "3171015503900001", "name": "X", "birth_date": "15-03-1990"})

    assert not Participant.objects.filter(name="X").exists()


def test_a_reset_takes_along_what_was_entered_and_puts_the_exercises_back(desk):
    seat, before = desk.seat, company(desk.seat).npp
    enter_worker(desk, enter_company(desk))
    ImportJob.objects.create(
        kind="rates", file_name="x", file_hash="x", created_at=timezone.now(), created_by=seat.clerk
    )
    desk.post(f"/petugas/jht/claim/{claim_of(seat, exercises.APPROVED).pk}/setujui/")
    desk.post("/kelas/ulangi/")
    signed_out = desk.get("/petugas/").status_code
    at_the_desk(desk)

    assert signed_out == 302
    assert not Employer.objects.filter(npp="L49BARU1").exists()
    assert not Participant.objects.filter(nik="4971015503900001").exists()
    assert not ImportJob.objects.exists()
    assert company(seat).npp == before
    assert claim_of(seat, exercises.APPROVED).status == Claim.Status.SUBMITTED
    assert User.objects.filter(email=clerks.email_of(seat)).count() == 1
    assert listed(desk, f"auditrecord/?pelaku={clerks.email_of(seat)}") == []


def test_after_the_class_nothing_of_its_clerks_is_left(desk, real_clock, room):
    enter_worker(desk, enter_company(desk))
    seating.end(room, timezone.now())
    real_clock(TODAY + timedelta(days=9))
    seating.sweep(timezone.now())

    assert not Classroom.objects.exists()
    assert not User.objects.filter(is_staff=True).exists()
    assert not Participant.objects.exists() and not Membership.objects.exists()
    assert set(Employer.objects.values_list("npp", flat=True)) == cast.COMPANIES.keys()


def test_a_company_that_the_seat_does_not_own_is_read_on_a_membership_and_not_changed(desk):
    slamet = person(desk.seat, "slamet").participant.memberships.get()  # Jakon: no money was ever booked
    page = desk.get(f"/petugas/jht/membership/{slamet.pk}/change/")
    typed = {"start": f"{slamet.start:%d-%m-%Y}", "end": "09-03-2026", "unadded_since": "", "segment": "BPU"}
    desk.post(f"/petugas/jht/membership/{slamet.pk}/change/", typed)
    employer = slamet.employer
    slamet.refresh_from_db()

    assert employer.name in page.text
    assert f"/petugas/jht/employer/{employer.pk}/" not in page.text
    assert (slamet.end, slamet.employer, slamet.segment) == (date(2026, 3, 9), employer, "JAKON")


def test_the_trail_of_the_seat_is_the_seats(desk, sit):
    other = at_the_desk(sit("Bela"))
    for browser, name in ((desk, "CV Satu"), (other, "CV Dua")):
        browser.post("/petugas/jht/employer/add/", {"npp": f"L49BARU{name[-1].upper()}", "name": name, "city": ""})

    assert "CV Satu" in desk.get("/petugas/jht/auditrecord/").text
    assert "CV Dua" not in desk.get("/petugas/jht/auditrecord/").text
    assert AuditRecord.objects.filter(actor=other.seat.clerk).exists()
