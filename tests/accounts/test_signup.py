"""Buat Akun Baru: e-mail, kata sandi, box, consent, six digits."""

import re
from copy import deepcopy
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import OutboxMessage, User
from tests.accounts.conftest import GOOD, words, wrong

CODE = "/akun/kode/"


def test_six_digits_make_an_account_that_is_signed_in(client, sign_up, enter_code, mails):
    response = sign_up()
    assert (response.status_code, response["Location"]) == (302, CODE)
    assert not User.objects.exists()  # an account is born with the code
    [mail] = mails()
    assert mail.to == "baru@latih.test"
    assert mail.subject.startswith("[SIMULASI] ")
    assert mail.body.startswith("SIMULASI — bukan situs resmi\n")
    assert len(mail.code) == 6 and mail.code.isdigit()
    assert f"\n{mail.code}\n" in mail.body
    assert mail.code not in mail.subject

    response = enter_code(f" {mail.code[:3]} {mail.code[3:]} ")

    assert (response.status_code, response["Location"]) == (302, "/")
    user = User.objects.get(email="baru@latih.test")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert user.check_password(GOOD)
    assert not (user.is_staff or user.is_superuser or user.is_shared)


def test_a_wrong_code_says_so_and_the_right_one_still_works(sign_up, enter_code, mails):
    sign_up()
    code = mails()[0].code

    assert "Kode itu tidak cocok" in enter_code(wrong(code)).text
    assert "Kode terdiri dari enam angka" in enter_code("12 34").text
    assert "Kode belum diisi" in enter_code("").text
    assert enter_code(code)["Location"] == "/"


def test_an_expired_code_says_so_and_a_new_one_works(client, sign_up, enter_code, mails, monkeypatch):
    sign_up()
    later = timezone.now() + timedelta(minutes=16)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)

    assert "sudah lewat 15 menit" in enter_code(mails()[0].code).text
    assert not User.objects.exists()
    client.post(CODE, {"action": "resend"})
    assert enter_code(mails()[1].code)["Location"] == "/"


def test_a_code_replaced_by_a_newer_one_says_so(client, sign_up, enter_code, mails):
    sign_up()
    client.post(CODE, {"action": "resend"})
    old, new = (mail.code for mail in mails())
    assert "sudah diganti dengan yang lebih baru" in enter_code(old).text
    assert enter_code(new)["Location"] == "/"


def test_a_used_code_makes_no_second_account(client, sign_up, enter_code, mails):
    sign_up()
    code = mails()[0].code
    enter_code(code)
    client.post("/akun/keluar/")

    response = client.post(CODE, {"code": code}, follow=True)

    assert "sudah dipakai" in response.text
    assert User.objects.count() == 1


def test_five_wrong_codes_wear_the_code_out(client, sign_up, enter_code, mails):
    sign_up()
    code = mails()[0].code
    for _ in range(5):
        assert "tidak cocok" in enter_code(wrong(code)).text
    assert "sudah salah lima kali" in enter_code(code).text
    assert not User.objects.exists()
    client.post(CODE, {"action": "resend"})
    assert enter_code(mails()[1].code)["Location"] == "/"


def test_after_ten_wrong_codes_for_one_address_the_lock_says_how_long(client, sign_up, enter_code, mails):
    sign_up()
    for _ in range(2):
        for _ in range(5):
            enter_code(wrong(mails()[-1].code))
        client.post(CODE, {"action": "resend"})
    text = enter_code(mails()[-1].code).text
    assert "terlalu sering salah" in text
    assert "Coba lagi dalam 15 menit (pukul " in text


def test_another_address_can_be_chosen_before_the_code(client, sign_up, enter_code, mails):
    sign_up("salah@latih.test")
    response = client.post(CODE, {"action": "change"}, follow=True)
    assert response.redirect_chain[-1][0] == "/akun/daftar/"
    assert "Isi alamat yang benar" in response.text
    sign_up("benar@latih.test")
    enter_code(mails()[-1].code)
    assert [user.email for user in User.objects.all()] == ["benar@latih.test"]


def test_signing_up_twice_at_once_is_no_fault(sign_up, enter_code, mails):
    assert sign_up().status_code == 302
    assert sign_up().status_code == 302
    assert enter_code(mails()[1].code)["Location"] == "/"


def test_an_address_registered_meanwhile_is_not_taken_over(sign_up, enter_code, mails):
    sign_up("sari@latih.test")
    User.objects.create_user("sari@latih.test", GOOD)
    response = enter_code(mails()[0].code)
    assert response["Location"] == "/akun/login/"
    assert User.objects.count() == 1


def test_what_was_typed_stays_except_the_kata_sandi(sign_up):
    response = sign_up("baru@latih.test", password2="lain sekali 99")
    assert "Kedua kata sandi tidak sama" in response.text
    assert 'value="baru@latih.test"' in response.text
    assert GOOD not in response.text and "lain sekali 99" not in response.text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": ""}, "E-mail belum diisi"),
        ({"email": "bukan-alamat"}, "belum lengkap"),
        ({"email": "a" * 250 + "@latih.test"}, "lebih dari 254 karakter"),
        ({"email": "é@latih.test"}, "tanpa huruf khusus"),
        ({"password1": "", "password2": ""}, "Kata sandi belum diisi"),
        ({"password2": ""}, "Kata sandi belum diketik sekali lagi"),
        ({"consent": ""}, "Persetujuan belum dicentang"),
    ],
)
def test_each_mistake_has_its_sentence_and_writes_no_mail(db, sign_up, mails, changes, sentence):
    response = sign_up(**changes)
    assert response.status_code == 200
    assert sentence in response.text
    assert all(len(errors) == 1 for errors in response.context["form"].errors.values())
    assert mails() == []


def test_a_registered_address_is_not_revealed(client, sari, sign_up, mails, settings):
    known = sign_up("sari@latih.test")
    known_page = client.get(known["Location"])
    known_cookies = {name: dict(morsel) for name, morsel in known.cookies.items()}
    client.cookies.clear()
    new = sign_up("baru@latih.test")
    new_page = client.get(new["Location"])
    new_cookies = {name: dict(morsel) for name, morsel in new.cookies.items()}

    assert (known.status_code, known["Location"]) == (new.status_code, new["Location"])
    assert {n: {k: v for k, v in m.items() if k != "expires"} for n, m in known_cookies.items()} == {
        n: {k: v for k, v in m.items() if k != "expires"} for n, m in new_cookies.items()
    }
    assert words(known_page).replace("sari@", "baru@") == words(new_page)
    to_known, to_new = mails()
    assert "Anda sudah punya akun" in to_known.subject and to_known.code == ""
    assert to_new.code


def test_a_new_code_for_a_registered_address_is_one_mail_too(client, sari, sign_up, mails):
    sign_up("sari@latih.test")
    client.post(CODE, {"action": "resend"})
    assert [mail.code for mail in mails()] == ["", ""]


def test_an_account_that_waits_for_its_code_cannot_be_told_by_logging_in(sari, sign_up, login):
    """Otherwise: sign up as somebody, log in with that kata sandi, and see whether the address was free."""
    sign_up("sari@latih.test", "punya penyerang 1")
    sign_up("baru@latih.test", "punya penyerang 1")
    known, new = (login(email, "punya penyerang 1") for email in ("sari@latih.test", "baru@latih.test"))
    assert known.status_code == new.status_code == 200
    assert words(known) == words(new)


def test_the_terms_are_one_click_away(client, db):
    assert f'href="{reverse("terms")}"' in client.get("/akun/daftar/").text


def test_mail_to_one_address_is_limited(sign_up, mails):
    for _ in range(10):
        assert sign_up().status_code == 302
    response = sign_up()
    assert "terlalu sering diminta. Coba lagi dalam 60 menit (pukul " in response.text
    assert OutboxMessage.objects.count() == 10


def test_the_code_page_without_a_sign_up_leads_to_login(client, db):
    response = client.get(CODE, follow=True)
    assert response.redirect_chain == [("/akun/login/", 302)]
    assert "Tidak ada kode yang ditunggu" in response.text


def test_a_code_sent_twice_at_once_ends_inside(client, sign_up, enter_code, mails):
    sign_up()
    second = Client()
    second.cookies = deepcopy(client.cookies)  # it left before the answer to the first arrived
    enter_code(mails()[-1].code)

    again = second.post(CODE, {"code": mails()[-1].code})

    assert "Kode sudah dipakai, Anda sudah masuk." in client.get(again["Location"], follow=True).text


@pytest.mark.parametrize("page", [CODE, "/akun/kata-sandi/lupa/kode/"])
def test_a_code_is_sent_once_however_often_the_button_is_pressed(client, sign_up, tick, page):
    sign_up()
    client.post("/akun/kata-sandi/lupa/", {"email": "baru@latih.test"} | tick())

    assert re.search(rf'action="{page}" novalidate data-once>', client.get(page).text)


def test_an_endless_kata_sandi_is_refused_at_once(sign_up):
    """Comparing it with itself for repetitions would hold the whole process for minutes."""
    endless = "a" * 400_000 + "b"

    page = sign_up(password1=endless, password2=endless).text

    assert "paling banyak 128" in page
    assert not OutboxMessage.objects.exists()
