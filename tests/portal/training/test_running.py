"""A run through a scenario, as a trainee goes through it: by the pages of the site, beside them the panel."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.training.models import Event, OwnScenario, Run
from portal.training.runs import running
from portal.training.scripts import library
from tests.conftest import solved
from tests.portal.training.conftest import person, play

SAVINGS = """
judul: Baca saldo
jenis: peserta
tingkat: dasar
peran: budi
menit: 6
cerita: "{nama} ingin tahu saldonya."
tujuan: Budi membaca saldonya.
diketahui: {E-mail: "{email}", Kata sandi: "{kata_sandi}"}
langkah:
  - kode: masuk
    lakukan: Login sebagai Budi.
    petunjuk: [Lihat kartu data., Tekan Login.]
    selesai: {kirim: login, hasil: berhasil, sebagai: budi}
    batas: 3
    peragaan:
      - buka: login
      - isi: {E-mail: "{email}", Kata sandi: "{kata_sandi}"}
      - centang: Saya bukan robot
      - klik: Login
  - kode: saldo
    lakukan: Buka saldonya.
    petunjuk: [Ada di halaman Layanan.]
    selesai: {buka: saldo, sebagai: budi}
    peragaan: [{klik: Lihat Saldo JHT}]
  - kode: umur
    lakukan: Jawab pertanyaannya.
    tanya: Pada umur berapa JHT boleh diambil seluruhnya?
    pilihan: {a: 59 tahun, b: 56 tahun}
    petunjuk: [Buka Simulasi klaim.]
    selesai: {jawab: b}
    peragaan: [{jawab: b}]
salah:
  - kode: tiga-kali-salah
    bila: {kirim: login, hasil: ditolak, sebab: kata-sandi, kali: 3}
    artinya: Kata sandi salah tiga kali.
    contoh: [{buka: login}]
  - kode: milik-siti
    bila: {buka: rincian, kpj: lain}
    artinya: KPJ itu milik orang lain.
bahas: [Saldo selalu saldo pada suatu tanggal., Usia pensiun 56 tahun.]
halaman: saldo
"""


@pytest.fixture(autouse=True)
def light_captcha(monkeypatch):
    monkeypatch.setattr("accounts.captcha.HARDEST", 500)


@pytest.fixture
def savings(demo):
    OwnScenario.objects.create(slug="baca-saldo", text=SAVINGS)
    return library.find("baca-saldo")


@pytest.fixture
def begin(sit, savings):
    """`begin("latih")`: a browser on a seat that has begun the exercise through its page."""

    def through_the_page(mode: str = "latih", name: str = "Andi"):
        browser = sit(name)
        assert browser.post("/kelas/latihan/baca-saldo/", {"cara": mode}).status_code == 302
        return browser

    return through_the_page


def log_in(browser, slug: str, password: str | None = None):
    from portal.training.seats.people import password_of

    challenge = browser.get("/akun/captcha/").json()
    data = {"login": person(browser.seat, slug).user.email, "password": password or password_of(browser.seat)}
    return browser.post("/akun/login/", data | {"captcha": solved(challenge), "captcha_tick": "on"})


def codes(browser) -> list[tuple[str, str, str]]:
    """Which step or wrong turn each act of the latest run was."""
    run = Run.objects.filter(seat=browser.seat).first()
    return [(one.act, one.step, one.wrong) for one in run.events.all() if one.step or one.wrong]


def kpj_of(browser, slug: str) -> str:
    return person(browser.seat, slug).participant.memberships.first().kpj


# --- The way through -----------------------------------------------------------------------------------------
def test_an_exercise_is_done_by_doing_it(begin):
    browser = begin()

    log_in(browser, "budi")
    page = browser.get("/jht/")
    assert "coach__step--selesai" in page.text and 'data-step="umur"' in page.text
    browser.post("/kelas/latihan/jawab/", {"jawab": "b", "langkah": "umur", "kembali": "/jht/"})

    run = Run.objects.get()
    assert codes(browser) == [("kirim", "masuk", ""), ("buka", "saldo", ""), ("jawab", "umur", "")]
    assert run.outcome == "selesai" and run.ended_at is not None
    assert "Lihat hasil" in browser.get("/jht/").text
    sheet = browser.get(f"/kelas/latihan/hasil/{run.pk}/").text
    assert '<span class="score__points">100</span>' in sheet and "Usia pensiun 56 tahun." in sheet


def test_the_page_that_does_a_step_shows_it_as_done_already(begin):
    browser = play(begin(), "budi")

    text = browser.get("/jht/").text

    assert text.index("Login sebagai Budi") < text.index("coach__step--selesai") < text.index("Jawab pertanyaannya")


def test_the_panel_stands_beside_the_app_and_the_desk_as_well(begin):
    browser = play(begin(), "budi")
    for page in ("/jmo/", "/jht/"):
        text = browser.get(page).text
        assert 'id="latihan"' in text and 'class="skip-link" href="#latihan"' in text
    assert 'id="latihan"' not in browser.get("/telepon/alat/").text  # the phone beside a page is no page

    browser.seat.refresh_from_db()
    browser.force_login(browser.seat.clerk)

    assert 'id="latihan"' in browser.get("/petugas/").text
    assert 'id="latihan"' not in browser.get("/petugas/jht/employer/?_popup=1").text


@pytest.mark.parametrize(
    ("slug", "door"),
    [
        ("web-saldo", "/akun/login/"),
        ("app-saldo", "/jmo/"),
        ("sms-saldo", "/telepon/"),
        ("petugas-gabungkan-kpj", "/petugas/"),
    ],
)
def test_an_exercise_begins_where_its_story_begins(sit, slug, door):
    assert sit().post(f"/kelas/latihan/{slug}/", {"cara": "latih"}).url == door


def test_whoever_skips_a_step_has_missed_it(begin):
    browser = play(begin(), "budi")

    browser.get("/jht/")
    browser.post("/kelas/latihan/jawab/", {"jawab": "b", "langkah": "umur"})
    assert Run.objects.get().ended_at is None  # the answer alone ends nothing: the first step can still be done
    browser.post("/kelas/latihan/berhenti/")

    result = running.progress(Run.objects.get())
    assert [one.state for one in result.steps] == ["terlewat", "selesai", "selesai"]
    assert result.points == 67  # a third of 100 for one of three steps


def test_a_step_after_its_time_is_late(begin, monkeypatch):
    browser = begin()
    later = timezone.now() + timedelta(minutes=4)
    monkeypatch.setattr(timezone, "now", lambda: later)

    log_in(browser, "budi")

    result = running.progress(Run.objects.get())
    assert result.steps[0].state == "terlambat" and result.points == 90


# --- Wrong turns ---------------------------------------------------------------------------------------------
def test_three_wrong_passwords_are_one_wrong_turn(begin):
    browser = begin()

    for _ in range(3):
        log_in(browser, "budi", "bukan-kata-sandinya")

    assert codes(browser) == [("kirim", "", "tiga-kali-salah")]
    result = running.progress(Run.objects.get())
    assert [(one.wrong.code, one.times) for one in result.wrongs] == [("tiga-kali-salah", 1)]
    assert result.points == 90


def test_asking_for_anothers_kpj_is_a_wrong_turn_and_stays_a_404(begin):
    browser = play(begin(), "budi")

    response = browser.get(f"/jht/{kpj_of(browser, 'siti')}/")

    assert response.status_code == 404
    assert codes(browser) == [("buka", "", "milik-siti")]
    assert browser.get(f"/jht/{kpj_of(browser, 'budi')}/").status_code == 200
    assert len(codes(browser)) == 1


def test_a_wrong_answer_costs_as_much_as_a_hint_and_may_be_mended(begin):
    browser = play(begin(), "budi")

    refused = browser.post("/kelas/latihan/jawab/", {"jawab": "a", "kembali": "/jht/"}, follow=True)
    assert "belum tepat" in refused.text and Run.objects.get().ended_at is None
    browser.post("/kelas/latihan/jawab/", {"jawab": "b"})

    result = running.progress(Run.objects.get())
    assert result.steps[2].state == "selesai"
    assert result.steps[2].slips == 1


# --- Hints ---------------------------------------------------------------------------------------------------
def test_hints_go_from_vague_to_exact_and_each_costs_points_once(begin):
    browser = begin("latih")

    first = browser.post("/kelas/latihan/petunjuk/", {"kembali": "/akun/login/"}, follow=True).text
    assert "Lihat kartu data." in first and "Tekan Login." not in first
    second = browser.post("/kelas/latihan/petunjuk/", {"kembali": "/akun/login/"}, follow=True).text
    assert "Tekan Login." in second and "Minta petunjuk" not in second
    browser.post("/kelas/latihan/petunjuk/")

    assert running.progress(Run.objects.get()).points == 90
    assert Event.objects.filter(act="petunjuk").count() == 2


def test_an_uji_gives_no_hints(begin):
    browser = begin("uji")

    assert "Minta petunjuk" not in browser.get("/akun/login/").text
    told = browser.post("/kelas/latihan/petunjuk/", {"kembali": "/akun/login/"}, follow=True)

    assert "tidak ada petunjuk" in told.text and "Lihat kartu data." not in told.text
    assert not Event.objects.filter(act="petunjuk").exists()


def test_showing_scores_nothing(begin):
    begin("tunjukkan")

    assert running.progress(Run.objects.get()).points is None


# --- The ends of an exercise ---------------------------------------------------------------------------------
def test_an_uji_ends_by_itself_when_its_time_is_over(begin, monkeypatch):
    browser = begin("uji")
    run = Run.objects.get()
    assert run.deadline_at - run.started_at == timedelta(minutes=6)
    later = run.deadline_at + timedelta(minutes=1)
    monkeypatch.setattr(timezone, "now", lambda: later)

    page = browser.get("/akun/login/")

    run.refresh_from_db()
    assert (run.outcome, run.ended_at) == ("waktu-habis", run.deadline_at)
    assert "Waktu habis" in page.text
    assert not run.events.filter(act="buka", at__gt=run.deadline_at).exists()


def test_stopping_leads_to_what_was_done_so_far(begin):
    browser = begin()
    log_in(browser, "budi")

    sheet = browser.post("/kelas/latihan/berhenti/", follow=True)

    assert Run.objects.get().outcome == "berhenti"
    assert "1 dari 3" in sheet.text
    assert 'id="latihan"' not in browser.get("/jht/").text


def test_beginning_another_exercise_ends_the_one_before(begin):
    browser = begin()
    browser.post("/kelas/latihan/baca-saldo/", {"cara": "uji"})

    assert list(Run.objects.order_by("pk").values_list("mode", "outcome")) == [("latih", "berhenti"), ("uji", "")]


def test_an_exercise_begins_on_a_seat_as_it_was_made(begin, savings):
    browser = begin()
    play(browser, "fajar")
    card = person(browser.seat, "fajar").participant
    browser.post("/kelas/jam/", {"ke": "bulan"})
    data = {"nik": card.nik, "kpj": card.memberships.get().kpj, "name": card.name}
    browser.post("/jht/hubungkan/", data | {"birth_date": card.birth_date.strftime("%d-%m-%Y")})
    assert person(browser.seat, "fajar").participant.user is not None

    browser.post("/kelas/latihan/baca-saldo/", {"cara": "latih"})

    assert person(browser.seat, "fajar").participant.user is None
    browser.seat.refresh_from_db()
    assert browser.seat.days_ahead == 0
    assert browser.get("/jht/").status_code == 302  # signed out


def test_a_reset_ends_the_exercise(begin):
    browser = begin()

    browser.post("/kelas/ulangi/")

    assert Run.objects.get().outcome == "berhenti"
    assert 'id="latihan"' not in browser.get("/akun/login/").text


def test_a_way_that_does_not_exist_begins_nothing(sit, savings):
    told = sit("Andi").post("/kelas/latihan/baca-saldo/", {"cara": "curang"}, follow=True)

    assert "belum dipilih" in told.text
    assert not Run.objects.exists()


# --- Pages ---------------------------------------------------------------------------------------------------
def test_the_list_says_what_was_done(begin):
    browser = begin()
    log_in(browser, "budi")
    browser.get("/jht/")
    assert "Selesai" not in browser.get("/kelas/latihan/").text.partition("<main")[2].partition("</main>")[0]
    browser.post("/kelas/latihan/jawab/", {"jawab": "b"})

    assert "story--done" in browser.get("/kelas/latihan/").text


def test_the_story_is_told_with_the_numbers_of_the_seat(sit, savings):
    browser = sit("Andi")

    text = browser.get("/kelas/latihan/baca-saldo/").text

    assert person(browser.seat, "budi").user.email in text and "{email}" not in text


def test_another_seats_result_does_not_exist(begin, sit):
    begin()
    run = Run.objects.get()

    assert sit("Bela").get(f"/kelas/latihan/hasil/{run.pk}/").status_code == 404


def test_without_a_seat_there_are_no_exercises(client, savings):
    assert client.get("/kelas/latihan/").url == "/kelas/"


def test_outside_a_demo_there_is_nothing(client, savings, settings):
    settings.DEMO = False
    for path in ("", "baca-saldo/", "panel/", "peragaan/", "hasil/1/"):
        assert client.get(f"/kelas/latihan/{path}").status_code == 404


def test_the_showing_is_told_with_all_values_and_only_where_it_is_shown(begin):
    browser = begin("bimbing")

    told = browser.get("/kelas/latihan/peragaan/").json()

    assert told["mode"] == "bimbing" and told["step"]["code"] == "masuk"
    assert told["actions"][0] == {"verb": "buka", "argument": "login", "address": "/akun/login/"}
    assert told["actions"][1]["argument"]["E-mail"] == person(browser.seat, "budi").user.email
    browser.post("/kelas/latihan/baca-saldo/", {"cara": "latih"})
    assert browser.get("/kelas/latihan/peragaan/").status_code == 404


def test_a_button_of_the_panel_leads_back_to_its_page_and_nowhere_else(begin):
    browser = begin()

    assert browser.post("/kelas/latihan/petunjuk/", {"kembali": "/akun/login/"}).url == "/akun/login/#latihan"
    for elsewhere in ("https://jahat.example/", "//jahat.example/", ""):
        assert browser.post("/kelas/latihan/petunjuk/", {"kembali": elsewhere}).url == "/kelas/latihan/"


def test_the_script_gets_the_panel_alone(begin):
    browser = begin()

    part = browser.post("/kelas/latihan/petunjuk/", {"bagian": "1", "kembali": "/akun/login/"})

    assert part.text.lstrip().startswith("<aside") and "Petunjuk 1." in part.text
    browser.post("/kelas/latihan/berhenti/")
    assert browser.get("/kelas/latihan/panel/").status_code == 204


def test_a_page_of_a_seat_that_exercises_nothing_costs_two_statements_more(sit, django_assert_max_num_queries, client):
    """One to look for a run, one to write down that the page was opened; a page without a seat costs none."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = sit("Andi")
    browser.get("/ketentuan/")
    with CaptureQueriesContext(connection) as on_seat:
        browser.get("/ketentuan/")
    with CaptureQueriesContext(connection) as without:
        client.get("/ketentuan/")

    ours = [query["sql"] for query in on_seat if "_run" in query["sql"] or "_event" in query["sql"]]
    assert len(ours) == 2
    assert not [query for query in without if "portal_" in query["sql"]]
