"""Saku Latih, the app under /jmo/: its shell, its login, the balance behind a tap, and the pages it shares."""

import json
import re
from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone

from jht.models import Claim
from jht.rules import add_months
from tests.jht.claiming import rates
from tests.jht.factories import make_membership, make_participant, pay
from tests.jht.test_claim_pages import ACCOUNT, DOCUMENTS

pytestmark = pytest.mark.django_db
KATA = "tebu-kopi-sungai-42"


@pytest.fixture
def user():
    return get_user_model().objects.create_user("budi@latih.test", KATA)


@pytest.fixture
def budi(user):
    """Rp285.000 paid for January 2026 (docs/aturan.md#iuran-pu)."""
    membership = make_membership(make_participant("Budi Santoso", user=user))
    pay(membership, date(2026, 1, 1), paid_on=date(2026, 2, 10))
    return membership


@pytest.fixture
def app(client, user):
    client.force_login(user)
    return client


def figure_of(membership) -> str:
    return f"{membership.balance(timezone.localdate()):,.0f}".replace(",", ".")


# --- Shell ---------------------------------------------------------------------------------------------------


def test_the_manifest_names_our_own_icons_and_stays_under_jmo(client):
    response = client.get("/jmo/manifest.webmanifest")
    told = json.loads(response.content)

    assert response.headers["Content-Type"] == "application/manifest+json"
    assert (told["scope"], told["start_url"], told["display"]) == ("/jmo/", "/jmo/", "standalone")
    assert "SIMULASI" in told["name"]
    assert {(icon["sizes"], icon["purpose"]) for icon in told["icons"]} == {
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    }
    assert all(finders.find(icon["src"].removeprefix("/static/")) for icon in told["icons"])


def test_the_worker_keeps_files_and_the_offline_page_and_nothing_else(client):
    response = client.get("/jmo/sw.js")
    kept = json.loads(re.search(r"SHELL = (\[.*\]);", response.text)[1])

    assert response.headers["Content-Type"].startswith("text/javascript")
    assert kept[0] == "/jmo/luring/"
    assert all(path.startswith("/static/portal/") for path in kept[1:])
    assert response.text.count("cache.") == 1  # filled once, while it is installed; never with what is fetched later


def test_the_offline_page_is_the_same_for_everybody(app, budi):
    assert app.get("/jmo/luring/").text == Client().get("/jmo/luring/").text
    assert "csrfmiddlewaretoken" not in app.get("/jmo/luring/").text


@pytest.mark.parametrize("path", ["", "masuk/", "luring/", "jht/", "saldo/", "profil/", "profil/data/"])
def test_every_page_bears_the_mark(app, budi, path):
    assert "SIMULASI — bukan situs resmi" in app.get(f"/jmo/{path}", follow=True).text


# --- Login ---------------------------------------------------------------------------------------------------


def sign_in(client, tick, password=KATA, query=""):
    return client.post(f"/jmo/masuk/{query}", {"login": "budi@latih.test", "password": password} | tick())


def test_an_account_of_the_web_opens_the_app_and_the_other_way_round(client, tick, user):
    response = sign_in(client, tick)

    assert (response.status_code, response.headers["Location"]) == (302, "/jmo/")
    assert client.get("/").status_code == 200


def test_the_app_asks_for_the_tick_too(client, user):
    response = client.post("/jmo/masuk/", {"login": "budi@latih.test", "password": KATA})

    assert response.status_code == 200
    assert "captcha" in response.context["form"].errors


def test_wrong_tries_in_the_app_lock_the_web_too(client, tick, user):
    for _ in range(10):
        sign_in(client, tick, "salah-salah-salah")
    web = client.post("/akun/login/", {"login": "budi@latih.test", "password": KATA} | tick())

    assert "menguncinya sebentar" in web.text


@pytest.mark.parametrize("path", ["/jmo/saldo/", "/jmo/profil/", "/jmo/jht/", "/jmo/layanan/", "/jmo/layanan/klaim/"])
def test_a_visitor_is_asked_to_sign_in_inside_the_app_and_led_on(client, tick, user, path):
    response = client.get(path)

    assert response.headers["Location"] == f"/jmo/masuk/?next={path}"
    assert sign_in(client, tick, query=f"?next={path}").headers["Location"] == path


def test_next_leads_nowhere_else(client, tick, user):
    assert sign_in(client, tick, query="?next=//contoh.example/").headers["Location"] == "/jmo/"


def test_the_cards_of_the_demo_lead_to_the_login_of_the_app(client, settings):
    settings.DEMO = True

    assert 'href="/jmo/masuk/?sebagai=budi#masuk"' in client.get("/jmo/masuk/").text
    assert 'href="/akun/login/?sebagai=budi#masuk"' in client.get("/akun/login/").text


@pytest.mark.parametrize("login", ["/akun/login/", "/jmo/masuk/"])
@pytest.mark.parametrize(
    ("there", "kept"),
    [
        ("/jht/49000000017/", "&amp;next=/jht/49000000017/"),
        ("/jht/?a=1&b=\"><b>'", "&amp;next=/jht/%3Fa%3D1%26b%3D%22%3E%3Cb%3E%27"),
        ("//contoh.example/", ""),
        ("https://contoh.example/", ""),
    ],
)
def test_a_card_keeps_where_one_wanted_to_go_within_this_site(client, settings, login, there, kept):
    settings.DEMO = True

    assert f'href="{login}?sebagai=budi{kept}#masuk"' in client.get(login, {"next": there}).text
    assert f'href="{login}?sebagai=budi#masuk"' in client.get(login).text


def test_keluar_ends_the_session_and_only_by_post(app, budi):
    assert app.get("/jmo/keluar/").headers["Location"] == "/jmo/profil/"
    assert "Tampilkan saldo" in app.get("/jmo/").text
    assert app.post("/jmo/keluar/").headers["Location"] == "/jmo/"
    assert "Tampilkan saldo" not in app.get("/jmo/").text


# --- Home ----------------------------------------------------------------------------------------------------


def test_the_figure_is_not_in_the_page_before_it_is_asked_for(app, budi):
    assert figure_of(budi) not in app.get("/jmo/").text
    assert figure_of(budi) in app.post("/jmo/").text


def test_the_script_gets_the_part_alone(app, budi):
    part = app.post("/jmo/", {"bagian": "1"})

    assert figure_of(budi) in part.text
    assert "<html" not in part.text
    assert "no-store" in part.headers["Cache-Control"]


def test_the_figure_needs_the_token_of_the_form(user, budi):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user)

    assert browser.post("/jmo/").status_code == 403


def test_an_account_that_is_not_linked_is_led_to_hubungkan(app):
    assert 'href="/jmo/layanan/hubungkan/"' in app.get("/jmo/").text
    assert app.get("/jmo/saldo/").headers["Location"] == "/jmo/layanan/hubungkan/"
    assert "Rp" not in app.post("/jmo/").text


# --- Cek Saldo -----------------------------------------------------------------------------------------------


def test_pilih_kpj_names_company_and_status_and_no_figure(app, budi):
    old = make_membership(budi.participant, end=timezone.localdate() - timedelta(days=40))
    page = app.get("/jmo/saldo/").text

    assert budi.employer.name in page
    assert (page.count(">Aktif<"), page.count(">Nonaktif<")) == (1, 1)
    assert f'href="/jmo/saldo/{old.kpj}/"' in page
    assert "money" not in page


def test_the_balance_shows_its_seven_fields(app, budi):
    page = app.get(f"/jmo/saldo/{budi.kpj}/").text
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page[page.index("<dl") : page.index("</dl>")]))

    for label, value in (
        ("Jumlah saldo", f"Rp{figure_of(budi)}"),
        ("Nomor KPJ", budi.kpj),
        ("Status kepesertaan", "Aktif"),
        ("Segmen", "Penerima Upah"),
        ("Pembayaran iuran terakhir", "10 Februari 2026"),
        ("Program yang diikuti", "Jaminan Hari Tua (JHT), Jaminan Kecelakaan Kerja (JKK), Jaminan Kematian (JKM)"),
        ("Upah dilaporkan", "Rp5.000.000"),
    ):
        assert f"{label}{value}" in shown


def test_a_cancelled_payment_is_not_the_last(app, budi):
    pay(budi, date(2026, 2, 1), paid_on=date(2026, 3, 10))
    budi.contributions.filter(month=date(2026, 2, 1)).update(cancelled_on=date(2026, 3, 11))

    assert "10 Februari 2026" in app.get(f"/jmo/saldo/{budi.kpj}/").text


def test_jakon_is_told_why_there_is_no_balance(app, user):
    jakon = make_membership(make_participant(user=user), segment="JAKON")
    page = app.get(f"/jmo/saldo/{jakon.kpj}/").text

    assert "Tanpa JHT" in page
    assert "dilindungi dari kecelakaan kerja dan kematian saja" in page
    assert "Jaminan Hari Tua (JHT)" not in page


@pytest.mark.parametrize("path", ["/jmo/saldo/{}/", "/jmo/layanan/{}/", "/jmo/layanan/kartu/{}/"])
def test_somebody_elses_kpj_and_none_are_the_same_404(app, budi, path):
    other = make_membership()

    assert [app.get(path.format(kpj)).status_code for kpj in (budi.kpj, other.kpj, "49999999999")] == [200, 404, 404]


def test_a_page_that_does_not_exist_leads_back_into_the_app(app, budi):
    assert 'href="/jmo/">Ke beranda' in app.get("/jmo/saldo/49999999999/").text
    assert 'href="/">Ke beranda' in app.get("/jht/49999999999/").text


def test_who_pays_for_himself_has_an_income_and_no_company(app, user):
    joko = make_membership(make_participant(user=user), segment="BPU")
    pay(joko, date(2026, 1, 1), 3_000_000, paid_on=date(2026, 2, 10))

    for page in (app.get(f"/jmo/saldo/{joko.kpj}/").text, app.get("/jht/").text, app.get(f"/jht/{joko.kpj}/").text):
        assert "Penghasilan dilaporkan" in page
        assert "Upah dilaporkan" not in page
    assert "minta petugas mencatat hari terakhir" in app.get(f"/jht/klaim/{joko.kpj}/").text
    assert "minta perusahaan melaporkan" not in app.get(f"/jht/klaim/{joko.kpj}/").text


def test_a_foreigner_sees_passport_and_citizenship(app, user):
    make_membership(make_participant(user=user, nik=None, passport="X49000123"))

    assert "Asing (WNA)" in app.get("/jmo/profil/").text
    page = app.get("/jmo/profil/data/").text
    assert "Nomor paspor" in page
    assert "X49000123" in page


def test_a_balance_costs_a_fixed_number_of_queries(app, budi, django_assert_max_num_queries):
    app.get(f"/jmo/saldo/{budi.kpj}/")
    with django_assert_max_num_queries(8):
        app.get(f"/jmo/saldo/{budi.kpj}/")


# --- Pages shared with the web -------------------------------------------------------------------------------

SHARED = ["", "tambah/", "kartu/", "klaim/", "lacak/", "simulasi/", "simulasi/tabungan/", "simulasi/klaim/"]


@pytest.mark.parametrize("path", SHARED)
def test_a_shared_page_wears_the_frame_of_where_one_is(app, budi, path):
    inside, outside = app.get(f"/jmo/layanan/{path}").text, app.get(f"/jht/{path}").text

    assert 'class="handset"' in inside
    assert 'class="handset"' not in outside
    assert not re.search(r'(href|action)="/jht/', inside)
    assert "/jmo/layanan/" not in outside


def test_a_shared_page_sends_on_within_the_app(app, user):
    assert app.get("/jmo/layanan/").headers["Location"] == "/jmo/layanan/hubungkan/"
    assert app.get("/jht/").headers["Location"] == "/jht/hubungkan/"


def test_the_statement_in_the_app_offers_its_files_in_the_app(app, budi):
    page = app.get(f"/jmo/layanan/{budi.kpj}/").text

    assert f"/jmo/layanan/{budi.kpj}/rincian.pdf" in page


def test_a_claim_made_in_the_app_came_through_the_app(app, user):
    rates()
    today = timezone.localdate()
    ended = make_membership(
        make_participant("Budi Latihan", user=user),
        start=today - timedelta(days=900),
        end=today - timedelta(days=180),
    )
    pay(ended, add_months(today, -12))
    steps = f"/jmo/layanan/klaim/{ended.kpj}/"
    assert "Data sudah dikinikan: belum" in app.get(steps).text
    assert "belum dikinikan" in app.post(f"{steps}sebab/", {"reason": "resigned"}).text
    app.post("/jmo/profil/data/", {"right": "on"})
    app.post("/jmo/profil/data/wajah/", {"face": "jelas"})
    assert "Data sudah dikinikan: ya" in app.get(steps).text
    app.post(f"{steps}sebab/", {"reason": "resigned"})
    app.post(f"{steps}dokumen/", DOCUMENTS)
    page = app.post(f"{steps}rekening/", ACCOUNT, follow=True)
    answer = app.post(f"{steps}konfirmasi/", {"agreed": "on", "token": page.context["form"]["token"].value()})
    claim = Claim.objects.get()

    assert claim.channel == Claim.Channel.APP
    assert answer.headers["Location"] == f"/jmo/layanan/lacak/{claim.number}/"


def test_the_arrow_of_a_claim_leads_one_step_back(app, user):
    ended = make_membership(make_participant("Budi Latihan", user=user), end=date(2026, 1, 31))
    page = app.get(f"/jmo/layanan/klaim/{ended.kpj}/sebab/").text

    assert f'class="top__back" href="/jmo/layanan/klaim/{ended.kpj}/"' in page


# --- Profil Saya ---------------------------------------------------------------------------------------------


def test_pengkinian_data_asks_for_the_data_and_then_for_a_face_and_keeps_the_day(app, budi):
    assert app.get("/jmo/profil/data/wajah/").headers["Location"] == "/jmo/profil/data/"
    assert "Belum dicentang" in app.post("/jmo/profil/data/").text
    assert app.post("/jmo/profil/data/", {"right": "on"}).headers["Location"] == "/jmo/profil/data/wajah/"
    assert app.post("/jmo/profil/data/wajah/", {"face": "jelas"}).headers["Location"] == "/jmo/profil/"

    budi.participant.refresh_from_db()
    assert budi.participant.data_updated_on == timezone.localdate()


@pytest.mark.parametrize(
    ("face", "sentence"),
    [
        ("", "Belum ada gambar yang dipilih"),
        ("masker", "tertutup masker"),
        ("gelap", "terlalu gelap"),
        ("kamera", "Gambar itu tidak ada di sini"),
    ],
)
def test_a_face_that_cannot_be_seen_is_refused_with_its_reason(app, budi, face, sentence):
    app.post("/jmo/profil/data/", {"right": "on"})

    assert sentence in app.post("/jmo/profil/data/wajah/", {"face": face}).text
    budi.participant.refresh_from_db()
    assert budi.participant.data_updated_on is None


def test_no_page_of_the_app_asks_for_a_file_of_a_face(app, budi):
    app.post("/jmo/profil/data/", {"right": "on"})
    page = app.get("/jmo/profil/data/wajah/").text

    assert 'type="file"' not in page
    assert page.count('<svg class="face__drawing') == 3


def test_ubah_profil_lists_the_kpj_and_leads_to_adding_one(app, budi):
    page = app.get("/jmo/profil/ubah/").text

    assert f'href="/jmo/saldo/{budi.kpj}/"' in page
    assert 'href="/jmo/layanan/tambah/"' in page
