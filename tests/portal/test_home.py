"""The service menu, the mailbox and the terms."""

import re

import pytest

from accounts.models import User
from tests.jht.factories import make_participant


@pytest.fixture
def ani(db):
    return User.objects.create_user("ani@latih.test")


def test_a_visitor_is_led_to_the_login_page(db, client):
    response = client.get("/")

    assert (response.status_code, response.headers["Location"]) == (302, "/akun/login/")


def test_an_account_without_membership_is_led_to_link_one(client, ani):
    client.force_login(ani)
    response = client.get("/")

    assert "Hubungkan kepesertaan" in response.text
    assert "Lihat Saldo JHT" in response.text
    assert "Meja Petugas" not in response.text


def test_a_participant_sees_the_services_in_the_order_of_the_real_menu(client, ani):
    make_participant(user=ani)
    client.force_login(ani)
    page = client.get("/").text

    titles = re.findall(r'service__title">([^<]+)<', page)
    assert titles == ["Kartu Digital", "Lihat Saldo JHT", "Pengajuan Klaim", "Simulasi", "Tracking Klaim"]


def test_a_clerk_also_sees_the_desk(client, ani):
    ani.is_staff = True
    ani.save()
    client.force_login(ani)

    assert "Meja Petugas" in client.get("/").text


def test_the_terms_say_that_this_is_a_simulation(db, client):
    response = client.get("/ketentuan/")

    assert response.status_code == 200
    assert "SIMULASI — bukan situs resmi" in response.text
    assert "bukan situs resmi" in response.text


@pytest.mark.parametrize("path", ["/kotak-masuk/", "/kotak-masuk/1/"])
def test_the_mailbox_exists_only_in_a_training_room(db, client, settings, path):
    settings.DEMO = False

    assert client.get(path).status_code == 404


def sign_up(client, tick, email):
    words = {"password1": "tebu kopi sungai 42", "password2": "tebu kopi sungai 42", "consent": "on", "terms": "on"}
    return client.post("/akun/daftar/", {"email": email} | words | tick())


def test_a_mail_and_its_code_are_read_on_screen(client, tick, settings):
    settings.DEMO = True
    sign_up(client, tick, "baru@latih.test")
    mails = client.get("/kotak-masuk/").context["mails"]
    page = client.get(f"/kotak-masuk/{mails[0].pk}/")

    assert mails[0].to == "baru@latih.test"
    assert mails[0].code in page.text
    assert "no-store" in page.headers["Cache-Control"]


def test_another_browser_cannot_read_it(client, tick, settings):
    settings.DEMO = True
    sign_up(client, tick, "baru@latih.test")
    mail = client.get("/kotak-masuk/").context["mails"][0]
    stranger = type(client)()

    assert list(stranger.get("/kotak-masuk/").context["mails"]) == []
    assert stranger.get(f"/kotak-masuk/{mail.pk}/").status_code == 404


def test_pages_of_the_site_itself_are_only_read(db, client):
    for path in ("/", "/ketentuan/", "/health/", "/robots.txt", "/kotak-masuk/"):
        assert client.post(path).status_code == 405
