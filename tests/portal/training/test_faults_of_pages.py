"""Faults of pages, and of whom they concern: one seat, a room, nobody else; each ends by itself."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import OutboxMessage
from portal.training.models import Fault
from portal.training.trouble import faults, interference
from portal.training.trouble.faults import FAULTS
from tests.portal.training.conftest import play
from tests.portal.training.disturbed import TRAINER, ask, card, later, register, sign_in, sign_up, throw, ticked


@pytest.fixture(autouse=True)
def light(monkeypatch):
    monkeypatch.setattr("accounts.captcha.HARDEST", 500)
    monkeypatch.setattr(interference, "SLOW", 0.01)


# --- Balance -------------------------------------------------------------------------------------------------
def test_no_balance_is_shown_anywhere_until_it_is_over(sit, monkeypatch):
    browser = play(sit(), "budi")
    _, kpj = card(browser)
    register(browser)
    throw(browser, "saldo-tidak-tersedia")
    get, post = browser.get, browser.post
    asked = [
        get("/jht/"), get(f"/jht/{kpj}/"), get(f"/jht/{kpj}/rincian.pdf"),
        get("/jmo/layanan/"), get(f"/jmo/saldo/{kpj}/"), post("/jmo/"), post("/jmo/", {"bagian": "1"}),
    ]  # fmt: skip
    by_text = ask(browser, f"SALDO {kpj}")
    others = [get("/"), get("/jmo/"), get("/jht/kartu/"), get("/jht/simulasi/")]
    later(monkeypatch, minutes=5, seconds=1)

    assert {response.status_code for response in asked} == {503}
    assert all("Saldo belum dapat ditampilkan" in response.text for response in asked)
    assert all(295 <= int(response["Retry-After"]) <= 301 for response in asked)
    assert "SIMULASI. Saldo belum dapat ditampilkan. Saldo Anda tidak berubah. Coba lagi sesudah pukul" in by_text
    assert {response.status_code for response in others} == {200}
    assert get("/jht/").status_code == 200 and get(f"/jmo/saldo/{kpj}/").status_code == 200
    assert "Rp" in ask(browser, f"SALDO {kpj}")


# --- Pages ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/jht/", "/jmo/", "/akun/login/"])
@pytest.mark.parametrize(
    "kind, status, words, times",
    [
        ("galat-500", 500, "Ada yang salah pada situs ini", 1),
        ("layanan-sibuk", 503, "Layanan sedang sibuk", 3),
        ("pemeliharaan", 503, "Situs sedang dalam pemeliharaan", None),
    ],
)
def test_a_page_is_refused_in_the_house_manner(sit, monkeypatch, path, kind, status, words, times):
    browser = play(sit(), "budi") if path != "/akun/login/" else sit()
    throw(browser, kind)
    refused = [browser.get(path) for _ in range(times or 5)]
    if times is None:
        later(monkeypatch, minutes=FAULTS[kind].minutes, seconds=1)

    assert {response.status_code for response in refused} == {status}
    assert all(words in response.text and "SIMULASI" in response.text for response in refused)
    assert all(("Retry-After" in response) == (status == 503) for response in refused)
    assert "/kelas/" in refused[0].text
    assert browser.get(path).status_code == 200


def test_nothing_is_done_of_what_is_posted_into_an_error(sit):
    browser = sit()
    throw(browser, "galat-500")

    assert sign_up(browser).status_code == 500
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize("kind, words", [("pemeliharaan", "pemeliharaan"), ("layanan-sibuk", "sibuk")])
def test_2757_says_that_it_is_away(sit, kind, words):
    browser = sit()
    throw(browser, kind)

    assert words in ask(browser, "SALDO 1")


@pytest.mark.parametrize("kind", ["galat-500", "pemeliharaan", "layanan-sibuk", "halaman-lambat", "sesi-berakhir"])
def test_the_way_out_is_always_open(sit, kind):
    browser = play(sit(), "budi")
    throw(browser, kind)
    open_ones = [browser.get(path).status_code for path in ("/kelas/", "/kotak-masuk/", "/telepon/", "/health/")]

    assert open_ones == [200] * 4
    assert browser.post("/akun/keluar/").status_code == 302
    assert browser.post("/kelas/ulangi/")["Location"] == "/kelas/"
    assert browser.post("/kelas/keluar/")["Location"] == "/kelas/"
    assert "Ikut kelas" in browser.get("/kelas/").text


@pytest.mark.parametrize("path, login", [("/jht/", "/akun/login/"), ("/jmo/saldo/", "/jmo/masuk/")])
def test_the_session_really_ends_once(sit, path, login):
    browser = sit()
    sign_in(browser)
    key = browser.session.session_key
    throw(browser, "sesi-berakhir")
    ended = browser.get(path)
    sign_in(browser)

    assert ended["Location"].startswith(login) and f"next={path}" in ended["Location"]
    assert not browser.session.exists(key)
    assert browser.get(path).status_code == 200


# --- Throwing and ending -------------------------------------------------------------------------------------
def test_a_neighbour_notices_nothing(sit):
    one, other = play(sit("Andi"), "budi"), play(sit("Bela"), "budi")
    for kind in FAULTS:
        throw(one, kind)
    _, kpj = card(other)

    assert [other.get(path).status_code for path in ("/", "/jht/", "/jmo/", f"/jht/{kpj}/")] == [200] * 4
    assert "sekarang terdaftar" in register(other)
    assert other.post("/jht/tambah/", {"kpj": kpj}).status_code == 302
    assert {fault.uses_left for fault in Fault.objects.filter(kind="captcha-gagal")} == {1}


def test_a_fault_for_the_room_acts_once_on_every_seat(room, sit):
    one, other = sit("Andi"), sit("Bela")
    faults.throw(room, None, "captcha-gagal", TRAINER, None, timezone.now())

    for browser in (one, other):
        assert "tidak cocok" in sign_in(browser).text
        assert sign_in(browser).status_code == 302


def test_a_fault_that_lasts_disturbs_the_whole_room_and_no_other_class(room, sit):
    one, other = sit("Andi"), sit("Bela")
    faults.throw(room, None, "pemeliharaan", TRAINER, None, timezone.now())

    assert one.get("/akun/login/").status_code == other.get("/akun/login/").status_code == 503
    assert Client().get("/akun/login/").status_code == 200


def test_the_same_fault_thrown_again_begins_anew(sit):
    browser = sit()
    throw(browser, "layanan-sibuk")
    throw(browser, "layanan-sibuk")

    assert [browser.get("/akun/login/").status_code for _ in range(4)] == [503, 503, 503, 200]


def test_any_fault_is_called_up_by_an_address_of_a_page_and_ended_so(sit):
    browser = sit()
    for kind in FAULTS:
        assert browser.get(f"/akun/login/?gangguan={kind}&sebagai=budi")["Location"] == "/akun/login/?sebagai=budi"
    thrown = Fault.objects.all()

    assert {(fault.kind, fault.seat, fault.source) for fault in thrown} == {(k, browser.seat, "ajaib") for k in FAULTS}
    assert browser.get("/akun/login/").status_code == 503
    assert "sudah berakhir: 15" in browser.get("/kelas/?gangguan=tidak-ada", follow=True).text
    assert browser.get("/akun/login/").status_code == 200


def test_a_trainee_ends_no_fault_of_the_trainer(sit):
    browser = sit()
    throw(browser, "pemeliharaan")
    browser.get("/kelas/?gangguan=tidak-ada")

    assert browser.get("/akun/login/").status_code == 503


def test_an_unknown_fault_is_answered_with_those_that_exist(sit):
    page = sit().get("/kelas/?gangguan=banjir", follow=True).text

    assert "tidak dikenal" in page and all(kind in page for kind in FAULTS)


# --- Who has nothing to do with it ---------------------------------------------------------------------------
def test_outside_a_demo_nothing_of_it_exists(room, sit, settings):
    browser = play(sit(), "budi")
    for kind in FAULTS:
        throw(browser, kind)
    settings.DEMO = False

    assert browser.get("/jht/").status_code == 200
    assert browser.get("/jht/?gangguan=galat-500").status_code == 200
    assert browser.post("/akun/kata-sandi/lupa/", {"email": "ani+surat-hilang@latih.test"} | ticked(browser))
    assert OutboxMessage.objects.get().state == "captured"
    assert Fault.objects.count() == len(FAULTS)


def test_who_sits_on_no_seat_calls_up_nothing(demo, client):
    assert client.get("/akun/login/?gangguan=galat-500").status_code == 200
    sign_up(client, "ani+surat-hilang@latih.test")

    assert OutboxMessage.objects.get().state == "captured"
    assert not Fault.objects.exists()


@pytest.mark.parametrize("thrown", [0, 15])
def test_a_seat_pays_one_query_and_others_none(sit, thrown, client):
    browser = play(sit(), "budi")
    browser.get("/ketentuan/")
    for kind in list(FAULTS)[:thrown]:
        faults.throw(browser.seat.classroom, None, kind, TRAINER, None, timezone.now() - timedelta(days=1))

    with CaptureQueriesContext(connection) as of_a_seat:
        browser.get("/ketentuan/")
        browser.get("/telepon/percakapan/")
    with CaptureQueriesContext(connection) as of_others:
        client.get("/ketentuan/")
    assert len([query for query in of_a_seat if "portal_fault" in query["sql"]]) == 1
    assert len(of_others) == 0


def test_every_fault_says_what_a_handbook_prints():
    for kind, told in FAULTS.items():
        assert told.id == kind and told.name and told.what.endswith(".") and told.seen and told.way_out.endswith(".")
        assert told.channels and told.minutes and told.magic[0] == f"?gangguan={kind}"
        assert told.page is None or ("sms" in told.channels) == bool(told.page.texts)
