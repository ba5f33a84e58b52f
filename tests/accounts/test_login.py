"""Login: e-mail, kata sandi, "Saya bukan robot"; and what a guesser meets."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User
from tests.accounts.conftest import GOOD, words

LOGIN = "/akun/login/"


def test_login_opens_the_account_under_a_new_session(client, sari, login):
    client.get("/akun/daftar/")
    session = client.session
    session["before"] = True
    session.save()
    old = session.session_key

    response = login("Sari@Latih.test", GOOD)

    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.session.session_key != old
    assert not Session.objects.filter(pk=old).exists()


@pytest.mark.parametrize(("email", "password"), [("sari@latih.test", "salah sekali 9"), ("tidak@latih.test", GOOD)])
def test_known_and_unknown_addresses_get_the_same_refusal(client, sari, login, email, password):
    response = login(email, password)
    assert response.status_code == 200
    assert "E-mail atau kata sandi tidak cocok" in response.text
    assert f'value="{email}"' in response.text
    assert password not in response.text
    expected = login("sari@latih.test", "lain lagi 12345")
    assert words(response) == words(expected)
    assert response.cookies.keys() == expected.cookies.keys()


def test_without_the_box_the_kata_sandi_is_not_even_looked_at(client, sari, monkeypatch):
    monkeypatch.setattr(User, "check_password", lambda *args: pytest.fail("a free guess"))
    response = client.post(LOGIN, {"login": "sari@latih.test", "password": GOOD})
    assert "belum dicentang" in response.text
    assert 'value="sari@latih.test"' in response.text


def test_after_ten_wrong_tries_the_account_is_locked_and_the_lock_says_until_when(client, sari, login):
    for number in range(10):
        assert "tidak cocok" in login("sari@latih.test", "salah sekali 9", REMOTE_ADDR=f"10.0.0.{number}").text

    response = login("sari@latih.test", GOOD)

    assert re.search(r"Coba lagi dalam 15 menit \(pukul \d\d\.\d\d\)\.", response.text)
    assert 'value="sari@latih.test"' in response.text
    assert "_auth_user_id" not in client.session


def test_an_unknown_address_is_locked_in_the_same_words(client, sari, login):
    for _ in range(10):
        login("sari@latih.test", "salah sekali 9")
        login("tidak@latih.test", "salah sekali 9")
    assert words(login("sari@latih.test", "x" * 10)) == words(login("tidak@latih.test", "x" * 10))


def test_the_lock_ends_when_it_said(client, sari, login, monkeypatch):
    for _ in range(10):
        login("sari@latih.test", "salah sekali 9")
    later = timezone.now() + timedelta(minutes=15, seconds=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert login("sari@latih.test", GOOD).status_code == 302


def test_a_success_clears_nobodys_count(client, sari, login):
    for _ in range(9):
        login("sari@latih.test", "salah sekali 9")
    assert login("sari@latih.test", GOOD).status_code == 302
    client.post("/akun/keluar/")
    assert "tidak cocok" in login("sari@latih.test", "salah sekali 9").text
    assert "Coba lagi dalam" in login("sari@latih.test", GOOD).text


def test_forty_people_behind_one_address_do_not_lock_each_other_out(client, db, login, monkeypatch):
    for person in range(40):
        User.objects.create_user(f"p{person}@latih.test", None)
    monkeypatch.setattr(User, "check_password", lambda user, password: False)
    for person in range(40):
        for _ in range(5):
            assert "Coba lagi" not in login(f"p{person}@latih.test", "salah sekali 9").text


@pytest.mark.parametrize(
    "there",
    [
        "https://jahat.example/",
        "//jahat.example/",
        "/\\jahat.example",
        "javascript:alert(1)",
        "http:///x",
        "\t/x",
        "jht/",
    ],
)
def test_next_leads_nowhere_but_home(client, sari, tick, there):
    response = client.post(LOGIN, {"login": sari.email, "password": GOOD, "next": there} | tick())
    assert response["Location"] == "/"


def test_next_leads_to_our_own_pages(client, sari, login):
    assert login(sari.email, GOOD, next="/jht/?a=1")["Location"] == "/jht/?a=1"


def test_a_closed_account_is_told_so_only_with_its_kata_sandi(client, sari, login):
    User.objects.update(is_active=False)
    assert "tidak cocok" in login(sari.email, "salah sekali 9").text
    response = login(sari.email, GOOD)
    assert response["Location"] == "/akun/nonaktif/"
    assert "Akun ini ditutup" in client.get("/akun/nonaktif/").text


def test_a_card_of_the_demo_fills_in_the_form(client, db, settings, monkeypatch):
    settings.DEMO, settings.DEMO_PREFILL = True, "tests.accounts.test_login.prefill"
    page = client.get(LOGIN, {"sebagai": "budi"}).text
    assert 'value="budi@latih.test"' in page and 'value="kunci-budi-12"' in page
    assert "kunci-budi-12" not in client.get(LOGIN, {"sebagai": "siapa"}).text


def test_outside_a_demo_no_card_fills_in_anything(client, db, settings):
    settings.DEMO, settings.DEMO_PREFILL = False, "tests.accounts.test_login.prefill"
    assert "kunci-budi-12" not in client.get(LOGIN, {"sebagai": "budi"}).text


def prefill(request, slug):
    return ("budi@latih.test", "kunci-budi-12") if slug == "budi" else None


def test_somebody_signed_in_is_led_on(client, sari):
    client.force_login(sari)
    assert client.get(LOGIN)["Location"] == "/"


def test_x_forwarded_for_counts_only_behind_our_own_proxies(rf, settings):
    from accounts.client import client_ip

    forged = rf.get("/", headers={"X-Forwarded-For": "1.1.1.1, 2.2.2.2"}, REMOTE_ADDR="9.9.9.9")
    assert client_ip(forged) == "9.9.9.9"
    settings.TRUSTED_PROXIES = 1
    assert client_ip(forged) == "2.2.2.2"
    settings.TRUSTED_PROXIES = 3
    assert client_ip(forged) == "9.9.9.9"
    settings.TRUSTED_PROXIES = 1
    assert client_ip(rf.get("/", headers={"X-Forwarded-For": "unsinn"}, REMOTE_ADDR="")) == "0.0.0.0"


def test_a_login_costs_few_queries(client, sari, login, django_assert_max_num_queries, tick):
    data = {"login": sari.email, "password": GOOD} | tick()
    with django_assert_max_num_queries(30):
        client.post(LOGIN, data)


def test_one_trainee_cannot_lock_a_shared_card_for_the_room(client, login, settings):
    settings.DEMO = True
    User.objects.create_user("kartu@latih.test", "kebun-teh-pagi", is_shared=True)
    for _ in range(11):
        locked = login("kartu@latih.test", "bukan ini")
    assert "terlalu sering salah" in locked.text

    client.cookies.clear()  # somebody else's browser

    assert login("kartu@latih.test", "kebun-teh-pagi").status_code == 302
