"""The door to the clerk's desk, and how long it stays open."""

import time

import pytest
from django.contrib.sessions.models import Session

from accounts.models import User


@pytest.fixture
def clerk(db):
    return User.objects.create_superuser("petugas@latih.test", "tebu-kopi-sungai-padi-42")


@pytest.fixture
def clock(monkeypatch):
    """`clock.now += 60`: a minute passes for PrivatePages."""

    class Clock:
        now = time.time()

    monkeypatch.setattr("portal.middleware.time.time", lambda: Clock.now)
    return Clock


@pytest.mark.parametrize("path", ["/petugas/", "/petugas/login/", "/petugas/accounts/user/"])
def test_a_visitor_comes_through_the_door_with_the_captcha(db, client, path):
    response = client.get(path, follow=True)

    assert response.redirect_chain[-1][0].startswith("/akun/login/?next=")
    assert "Saya bukan robot" in response.text


def test_the_desk_has_no_login_form_of_its_own(client, clerk):
    words = {"username": clerk.email, "password": "tebu-kopi-sungai-padi-42"}

    assert client.post("/petugas/login/", words).status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_participant_cannot_open_it(db, client):
    client.force_login(User.objects.create_user("ani@latih.test"))

    for path in ("/petugas/", "/petugas/login/", "/petugas/jht/participant/"):
        refused = client.get(path, follow=True)
        assert refused.status_code == 403
        assert 'href="/akun/keluar/">keluar</a>' in refused.text


def test_a_clerk_can(client, clerk):
    client.force_login(clerk)
    response = client.get("/petugas/")

    assert response.status_code == 200
    assert "Meja Petugas" in response.text


def test_the_way_back_never_leads_to_another_site(client, clerk):
    client.force_login(clerk)

    assert client.get("/petugas/login/?next=https://jahat.example/").headers["Location"] == "/petugas/"
    assert client.get("/petugas/login/?next=//jahat.example/").headers["Location"] == "/petugas/"


def test_leaving_the_desk_needs_a_post_and_ends_the_session(client, clerk):
    client.force_login(clerk)

    assert client.get("/petugas/logout/").status_code == 405
    assert client.post("/petugas/logout/").headers["Location"] == "/akun/login/"
    assert not Session.objects.exists()


def test_a_clerk_who_walks_away_is_signed_out(client, clerk, clock):
    client.force_login(clerk)
    client.get("/petugas/")
    clock.now += 15 * 60 + 1
    response = client.get("/petugas/jht/participant/")

    assert response.headers["Location"] == "/akun/login/?next=%2Fpetugas%2Fjht%2Fparticipant%2F"
    assert not Session.objects.exists()
    assert "15 menit" in client.get(response.headers["Location"]).text


def test_a_clerk_who_works_stays(client, clerk, clock):
    client.force_login(clerk)
    for _ in range(6):
        assert client.get("/petugas/").status_code == 200
        clock.now += 10 * 60


def test_the_limit_can_be_adjusted(client, clerk, clock, settings):
    settings.STAFF_IDLE_MINUTES = 3
    client.force_login(clerk)
    client.get("/petugas/")
    clock.now += 181

    assert client.get("/petugas/").status_code == 302


def test_a_participant_may_read_for_an_hour(db, client, clock):
    client.force_login(User.objects.create_user("ani@latih.test"))
    client.get("/")
    clock.now += 60 * 60

    assert client.get("/").status_code == 200


def test_the_last_click_is_written_at_most_once_a_minute(client, clerk, clock, django_assert_num_queries):
    client.force_login(clerk)
    client.get("/ketentuan/")
    clock.now += 30
    with django_assert_num_queries(2):  # session and user
        client.get("/ketentuan/")
    clock.now += 31
    seen = client.session["staff_seen"]
    client.get("/ketentuan/")

    assert client.session["staff_seen"] - seen == 61
