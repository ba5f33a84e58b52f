"""A forgotten kata sandi: a code by mail, a new kata sandi, all sessions end."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.accounts.conftest import GOOD, words, wrong

START, CODE, NEW = "/akun/kata-sandi/lupa/", "/akun/kata-sandi/lupa/kode/", "/akun/kata-sandi/lupa/baru/"
BETTER = "tiga bintang di atas sawah"


@pytest.fixture
def ask(client, tick):
    return lambda email: client.post(START, {"email": email} | tick())


def renew(client, password=BETTER):
    return client.post(NEW, {"password1": password, "password2": password})


def test_a_code_from_the_mail_makes_a_new_kata_sandi(client, sari, ask, mails, login):
    assert ask("SARI@latih.test")["Location"] == CODE
    code = mails()[0].code
    assert client.post(CODE, {"code": code})["Location"] == NEW
    response = renew(client)
    assert response["Location"] == "/akun/kata-sandi/lupa/selesai/"
    assert "Login dengan kata sandi yang baru" in client.get(response["Location"]).text
    assert "sudah diganti" in mails()[-1].subject
    assert "tidak cocok" in login(sari.email, GOOD).text
    assert login(sari.email, BETTER).status_code == 302


def test_a_reset_ends_all_sessions(client, sari, ask, mails, login):
    login(sari.email, GOOD)
    elsewhere, client.cookies = client.cookies, Client().cookies
    ask(sari.email)
    client.post(CODE, {"code": mails()[0].code})
    renew(client)
    client.cookies = elsewhere
    assert client.get("/akun/perangkat/").status_code == 302


def test_known_and_unknown_addresses_meet_the_same_pages(client, sari, ask, mails):
    known = ask("sari@latih.test")
    page = words(client.get(CODE))
    refusal = words(client.post(CODE, {"code": wrong(mails()[0].code)}))
    shape = {name: (morsel["path"], morsel["httponly"]) for name, morsel in known.cookies.items()}
    client.cookies.clear()
    unknown = ask("siti@latih.test")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert shape == {name: (morsel["path"], morsel["httponly"]) for name, morsel in unknown.cookies.items()}
    assert page.replace("sari@", "siti@") == words(client.get(CODE))
    assert refusal.replace("sari@", "siti@") == words(client.post(CODE, {"code": "123456"}))
    first, second = mails()
    assert first.code and not second.code
    assert "Belum ada akun" in second.subject


def test_wrong_worn_and_used_codes_have_their_sentences(client, sari, ask, mails):
    ask(sari.email)
    code = mails()[0].code
    for _ in range(5):
        assert "Kode itu tidak cocok" in client.post(CODE, {"code": wrong(code)}).text
    assert "sudah salah lima kali" in client.post(CODE, {"code": code}).text
    ask(sari.email)
    client.post(CODE, {"code": mails()[1].code})
    renew(client)
    response = client.post(CODE, {"code": mails()[1].code}, follow=True)
    assert response.redirect_chain[-1][0] == START
    assert "sudah dipakai atau sudah lewat waktunya" in response.text


def test_an_expired_code_leads_back_to_the_start(client, sari, ask, mails, monkeypatch):
    ask(sari.email)
    later = timezone.now() + timedelta(minutes=16)
    monkeypatch.setattr("time.time", lambda: later.timestamp())
    response = client.post(CODE, {"code": mails()[0].code}, follow=True)
    assert response.redirect_chain[-1][0] == START
    assert "sudah lewat waktunya" in response.text


def test_nobody_skips_the_code(client, sari, ask):
    assert renew(client)["Location"] == START
    ask(sari.email)
    assert renew(client)["Location"] == CODE
    sari.refresh_from_db()
    assert sari.check_password(GOOD)


def test_a_weak_new_kata_sandi_is_refused(client, sari, ask, mails):
    ask(sari.email)
    client.post(CODE, {"code": mails()[0].code})
    assert "paling dulu dicoba orang lain" in renew(client, "rahasia123").text
    assert "paling sedikit 8" in renew(client, "pendek").text


def test_a_shared_example_account_keeps_its_kata_sandi(client, sari, ask, mails):
    User.objects.update(is_shared=True)
    ask(sari.email)
    client.post(CODE, {"code": mails()[0].code})
    assert "dipakai bersama" in renew(client).text
    sari.refresh_from_db()
    assert sari.check_password(GOOD)


def test_an_account_deleted_meanwhile_is_no_fault(client, sari, ask, mails):
    ask(sari.email)
    User.objects.all().delete()
    assert client.post(CODE, {"code": mails()[0].code}).status_code == 302


def test_a_reset_unlocks_the_account_of_its_owner(client, sari, ask, mails, login):
    for _ in range(10):
        login(sari.email, "salah sekali 9")
    ask(sari.email)
    client.post(CODE, {"code": mails()[0].code})
    renew(client)
    assert login(sari.email, BETTER).status_code == 302
