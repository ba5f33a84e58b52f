"""What is written down of a seat: which page, how it ended and why, and never what was typed."""

import json

import pytest
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone

from accounts.models import OutboxMessage, TextMessage
from accounts.phones import phones_of
from portal.training.models import Event, Fault, OwnScenario, Run
from portal.training.runs import running
from portal.training.runs.reasons import _BY_CODE, _OF_FIELD, reason_of
from portal.training.scripts import library, vocabulary
from portal.training.scripts.vocabulary import JOIN, PAGES, REASONS
from portal.training.seats.people import password_of
from portal.training.trouble import faults, interference
from tests.portal.training.conftest import person, play
from tests.portal.training.test_crosswise import patterns
from tests.portal.training.test_running import SAVINGS, kpj_of, log_in


@pytest.fixture(autouse=True)
def light_captcha(monkeypatch):
    monkeypatch.setattr("accounts.captcha.HARDEST", 500)


def last(browser) -> Event:
    return Event.objects.filter(seat=browser.seat).latest("pk")


def told(browser) -> tuple:
    """The latest act, without its detail."""
    event = last(browser)
    return event.act, event.page, event.result


# --- Pages and forms -----------------------------------------------------------------------------------------
def test_a_page_that_was_shown_was_opened(sit):
    browser = play(sit(), "budi")

    browser.get("/jht/")

    assert told(browser) == ("buka", "saldo", "berhasil")
    assert last(browser).detail == {"sebagai": "budi", "lewat": "web"}


def test_the_same_page_in_the_app_has_the_same_word(sit):
    browser = play(sit(), "siti")

    browser.get("/jmo/layanan/")

    assert told(browser) == ("buka", "saldo", "berhasil")
    assert last(browser).detail["lewat"] == "app"


def test_a_login_is_told_with_who_came_in(sit):
    browser = sit()

    log_in(browser, "budi", "salah-sama-sekali")
    assert told(browser) == ("kirim", "login", "ditolak")
    assert last(browser).detail == {"sebagai": "tamu", "lewat": "web", "sebab": ["kata-sandi"]}

    log_in(browser, "budi")
    assert told(browser) == ("kirim", "login", "berhasil")
    assert last(browser).detail["sebagai"] == "budi"


def test_the_box_that_was_not_ticked_is_the_reason(sit):
    browser = sit()

    browser.post("/akun/login/", {"login": "a@latih.test", "password": "x"})

    assert last(browser).detail["sebab"] == ["captcha"]


def test_errors_that_a_template_draws_by_hand_are_noted_as_well(sit):
    browser = play(sit(), "wati")

    browser.post(f"/jht/klaim/{kpj_of(browser, 'wati')}/sebab/", {"reason": "retired"})

    assert told(browser) == ("kirim", "klaim-sebab", "ditolak")
    assert last(browser).detail["sebab"] == ["syarat"]


def test_linking_with_data_that_do_not_fit_says_so(sit):
    browser = play(sit(), "fajar")
    card = person(browser.seat, "fajar").participant
    data = {"nik": card.nik, "kpj": card.memberships.get().kpj, "name": "Bukan Fajar", "birth_date": "08-03-1999"}

    browser.post("/jht/hubungkan/", data)

    assert told(browser) == ("kirim", "hubungkan", "ditolak")
    assert last(browser).detail["sebab"] == ["tidak-sesuai"] and last(browser).detail["kpj"] == "fajar"


def test_a_page_that_asks_for_a_login_first_was_not_opened_and_a_form_was_refused(sit):
    browser = sit()
    before = Event.objects.count()

    browser.get("/jht/")
    assert Event.objects.count() == before
    browser.post("/jht/tambah/", {"kpj": "49000000011"})

    assert told(browser) == ("kirim", "tambah-kpj", "ditolak")
    assert last(browser).detail["sebab"] == ["belum-masuk"]


def test_anothers_page_does_not_exist_and_is_told_by_whose_it_is(sit):
    browser = play(sit(), "budi")

    browser.get(f"/jht/{kpj_of(browser, 'siti')}/")
    assert told(browser) == ("buka", "rincian", "tidak-ada")
    assert last(browser).detail["kpj"] == "siti"

    browser.get("/jht/49000000011/")  # nobody of this seat
    assert last(browser).detail["kpj"] == "lain"


def test_asking_for_another_code_is_not_the_code(sit):
    browser = sit()
    from tests.conftest import solved

    data = {"email": "saya.baru@latih.test", "password1": "payung-ombak-58", "password2": "payung-ombak-58"}
    ticked = {"captcha": solved(browser.get("/akun/captcha/").json()), "captcha_tick": "on", "consent": "on"}
    browser.post("/akun/daftar/", data | ticked)
    assert told(browser) == ("kirim", "daftar", "berhasil")

    browser.post("/akun/kode/", {"action": "resend"})
    assert told(browser) == ("kirim", "kode-minta-lagi", "berhasil")
    browser.post("/akun/kode/", {"code": "000000"})
    assert last(browser).detail["sebab"] in (["kode-salah"], ["kode-lama"])
    browser.post("/akun/kode/", {"code": OutboxMessage.objects.exclude(code="").latest("pk").code})

    assert told(browser) == ("kirim", "kode", "berhasil")
    assert last(browser).detail["sebagai"] == "kartu"


def test_a_simulation_with_a_query_was_asked_for(sit):
    browser = play(sit(), "budi")

    browser.get("/jht/simulasi/klaim/")
    assert told(browser)[0] == "buka"
    browser.get("/jht/simulasi/klaim/?tanggal=kemarin")

    assert told(browser) == ("kirim", "simulasi-klaim", "ditolak")
    assert "tanggal" in last(browser).detail["sebab"]


def test_what_only_stands_beside_a_page_is_not_written_down(sit):
    browser = sit()
    before = Event.objects.count()

    for path in ("/akun/captcha/", "/telepon/percakapan/", "/jmo/manifest.webmanifest", "/health/", "/robots.txt"):
        browser.get(path)
    browser.get("/tidak-ada-halaman-ini/")
    browser.head("/akun/login/")
    browser.get("/akun/login/", headers={"Sec-Purpose": "prefetch"})

    assert Event.objects.count() == before


def test_without_a_seat_nothing_is_written_down(client, room):
    client.get("/akun/login/")
    client.post("/akun/login/", {"login": "x"})

    assert not Event.objects.exists()


def test_a_page_that_fails_is_told_as_such(sit, monkeypatch):
    browser = play(sit(), "budi")
    browser.raise_request_exception = False
    monkeypatch.setattr("jht.views.explain", lambda *_: 1 / 0)

    assert browser.get("/jht/").status_code == 500
    assert told(browser) == ("buka", "saldo", "galat")


def test_a_page_that_is_still_to_come_was_not_opened(sit):
    browser = play(sit(), "budi")
    faults.throw(browser.seat.classroom, browser.seat, "halaman-lambat", Fault.Source.TRAINER, None, timezone.now())
    taken = [interference.SLEEPERS.acquire(blocking=False) for _ in range(2)]

    try:
        assert "Refresh" in browser.get("/jht/").headers
    finally:
        for _ in filter(None, taken):
            interference.SLEEPERS.release()

    assert [one.act for one in Event.objects.filter(seat=browser.seat)] == ["gangguan"]


# --- Never what was typed --------------------------------------------------------------------------------------
def test_nothing_that_was_typed_is_kept(sit):
    browser = sit()
    seat, number = browser.seat, phones_of(browser.seat.inbox_key)[0].number
    budi = person(seat, "budi").participant
    browser.post("/telepon/", {"text": f"DAFTAR SALDO#{budi.nik}#15-03-1988#{kpj_of(browser, 'budi')}"})
    browser.post("/telepon/", {"text": "RAHASIA Budi Santoso 731905"})
    log_in(browser, "budi", "salah-ketik-ini")
    log_in(browser, "budi")
    browser.post("/jht/tambah/", {"kpj": kpj_of(browser, "siti")})
    browser.get(f"/jht/{kpj_of(browser, 'siti')}/")

    kept = json.dumps(list(Event.objects.filter(seat=seat).values("page", "detail", "step", "wrong")))

    numbers = [kpj_of(browser, slug) for slug in ("budi", "siti")]
    for secret in (budi.nik, *numbers, number, "salah-ketik-ini", password_of(seat), "RAHASIA", "Santoso", "731905"):
        assert secret not in kept


# --- Phishing --------------------------------------------------------------------------------------------------
BAITED = SAVINGS.replace(
    "langkah:",
    'awal:\n  - surat: {perihal: Saldo dibekukan, isi: "Yth. {nama}, <b>segera</b>.", umpan: Periksa saldo sekarang}\n'
    '  - sms: {isi: "Kirim kode Anda kepada petugas."}\nlangkah:',
    1,
).replace(
    "salah:\n",
    "salah:\n  - kode: umpan-diisi\n    bila: {umpan: diisi}\n    artinya: Data diberikan kepada penipu.\n",
    1,
)


@pytest.fixture
def baited(sit):
    OwnScenario.objects.create(slug="umpan", text=BAITED)
    assert library.find("umpan")
    browser = sit()
    browser.post("/kelas/latihan/umpan/", {"cara": "latih"})
    return browser


def bait_in(browser) -> str:
    mail = OutboxMessage.objects.get(inbox_key=browser.seat.inbox_key)
    page = browser.get(f"/kotak-masuk/{mail.pk}/").text
    assert "&lt;b&gt;segera" in page
    return page.partition('<a href="/kelas/umpan/')[2].partition('"')[0]


def test_the_link_of_a_phishing_mail_is_watched_and_explains_itself(baited):
    path = f"/kelas/umpan/{bait_in(baited)}"

    assert "SIMULASI" in baited.get(path).text
    assert (last(baited).act, last(baited).detail) == ("umpan", {"umpan": "dibuka"})
    explained = baited.post(path, {"kata_sandi": "rahasia-saya"})

    assert "contoh penipuan" in explained.text and "rahasia-saya" not in explained.text
    assert last(baited).wrong == "umpan-diisi"
    assert running.progress(Run.objects.get()).points == 90


def test_the_form_of_the_phishing_page_sends_nothing(baited):
    form = baited.get(f"/kelas/umpan/{bait_in(baited)}").text.partition("<main")[2].partition("</main>")[0]

    assert form.count("<input") == 4 and form.count("name=") == 1  # the token of the form alone


def test_a_phishing_page_is_only_for_whom_it_was_sent_to(baited, sit):
    path = f"/kelas/umpan/{bait_in(baited)}"

    assert sit("Bela").get(path).status_code == 404
    assert baited.get("/kelas/umpan/tebakan/").status_code == 404


def test_a_stranger_s_text_lies_on_the_phone(baited):
    assert TextMessage.objects.get(phone__startswith=baited.seat.phone_stem).text.endswith("kepada petugas.")
    assert "nomor tidak dikenal" in baited.get("/telepon/").text


def test_only_links_of_the_exercise_can_be_followed():
    from portal.templatetags.latih import with_bait

    assert "<a" not in with_bait("[klik](https://jahat.example/) <a href=/kelas/umpan/x/>x</a>")
    assert '<a href="/kelas/umpan/a:b/">Periksa</a>' in with_bait("[Periksa](/kelas/umpan/a:b/)")


# --- The words -------------------------------------------------------------------------------------------------
def test_every_page_of_the_vocabulary_is_a_view_that_exists():
    names = set()

    def walk(resolver, space=""):
        for entry in resolver.url_patterns:
            if hasattr(entry, "url_patterns"):
                walk(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
            elif entry.name:
                names.add(space + entry.name)

    walk(get_resolver())
    assert [view for page in PAGES.values() for view in page.views if view not in names] == []
    assert JOIN in names


def test_every_reason_has_a_meaning():
    words = {*_BY_CODE.values(), *(word for words in _OF_FIELD.values() for word in words.values())}
    assert words <= set(REASONS)
    assert reason_of("apa-saja", "kode-baru") == "lain"


def test_words_of_pages_are_used_once():
    views = [view for page in PAGES.values() for view in page.views if view != JOIN]
    assert len(views) == len(set(views))
    assert all(page.title for page in PAGES.values())
    assert vocabulary.word_of("jmo:register_step", "tidak-ada") == ""


def test_addresses_of_exercises_come_before_the_code_of_a_class():
    order = [path for path in patterns() if path.startswith("kelas/")]
    assert order.index("kelas/latihan/") < order.index("kelas/<str:code>/")
    with pytest.raises(NoReverseMatch):
        reverse("scenario", args=["Bukan Kode"])
