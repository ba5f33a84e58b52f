"""Within an account: kata sandi, e-mail, devices, log out."""

import pytest
from django.test import Client

from accounts.models import User
from tests.accounts.conftest import GOOD, wrong

BETTER = "tiga bintang di atas sawah"
PASSWORD, EMAIL, CODE, AGAIN, DEVICES = (
    "/akun/kata-sandi/ubah/",
    "/akun/email/",
    "/akun/kode/",
    "/akun/konfirmasi/",
    "/akun/perangkat/",
)


def change(client, old=GOOD, new=BETTER):
    return client.post(PASSWORD, {"oldpassword": old, "password1": new, "password2": new})


@pytest.fixture
def inside(client, sari, login):
    login(sari.email, GOOD)
    return client


@pytest.fixture
def elsewhere(client, sari, login, inside):
    """The same account, signed in on a second device."""
    here, client.cookies = client.cookies, Client().cookies
    login(sari.email, GOOD)
    other = Client()
    client.cookies, other.cookies = here, client.cookies
    return other


def test_a_change_of_kata_sandi_keeps_this_session_and_ends_the_others(inside, elsewhere, sari, mails):
    assert change(inside).status_code == 302
    assert inside.get(DEVICES).status_code == 200
    assert elsewhere.get(DEVICES).status_code == 302
    sari.refresh_from_db()
    assert sari.check_password(BETTER)
    assert [mail.subject for mail in mails()] == ["[SIMULASI] Kata sandi Anda sudah diganti"]


def test_the_current_kata_sandi_is_asked_and_guesses_are_counted_with_logins(inside):
    for _ in range(10):
        assert "Kata sandi sekarang tidak cocok" in change(inside, old="salah sekali 9").text
    assert "Coba lagi dalam 15 menit" in change(inside).text


@pytest.mark.parametrize("staff", [False, True])
def test_staff_need_fifteen_characters(inside, staff):
    User.objects.update(is_staff=staff)
    response = change(inside, new="empat belas ka")  # 14
    assert ("paling sedikit 15" in response.text) is staff


def test_a_new_email_is_confirmed_by_its_code(inside, sari, mails, login):
    response = inside.post(EMAIL, {"email": "sari.baru@latih.test"})
    assert response["Location"].startswith(AGAIN)
    assert "tidak cocok" in inside.post(response["Location"], {"password": "salah sekali 9"}).text
    assert inside.post(response["Location"], {"password": GOOD})["Location"] == CODE
    [mail] = mails()
    assert (mail.to, len(mail.code)) == ("sari.baru@latih.test", 6)
    assert "tidak cocok" in inside.post(CODE, {"code": wrong(mail.code)}).text
    sari.refresh_from_db()
    assert sari.email == "sari@latih.test"

    inside.post(CODE, {"code": mail.code})

    sari.refresh_from_db()
    assert sari.email == "sari.baru@latih.test"
    assert mails()[-1].to == "sari@latih.test" and "sudah diganti" in mails()[-1].subject
    assert "beri tahu pelatih atau petugas" in mails()[-1].body and "buat kata sandi baru" not in mails()[-1].body
    inside.post("/akun/keluar/")
    assert login("sari.baru@latih.test", GOOD).status_code == 302


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_is_inside_and_waits_for_no_code_is_led_home(inside, method):
    response = getattr(inside, method)(CODE, {"code": "048213"}, follow=True)

    assert response.redirect_chain == [("/", 302)]
    assert "Kode sudah dipakai, Anda sudah masuk." in response.text


def test_an_address_of_somebody_else_is_not_revealed_before_its_code(inside, mails):
    User.objects.create_user("budi@latih.test", GOOD)
    url = inside.post(EMAIL, {"email": "budi@latih.test"})["Location"]
    assert inside.post(url, {"password": GOOD})["Location"] == CODE
    response = inside.post(CODE, {"code": mails()[0].code}, follow=True)
    assert "sudah dipakai akun lain" in response.text
    assert User.objects.filter(email="budi@latih.test").count() == 1


def test_a_new_code_for_a_new_email(inside, mails):
    url = inside.post(EMAIL, {"email": "lain@latih.test"})["Location"]
    inside.post(url, {"password": GOOD})
    inside.post(CODE, {"action": "resend"})
    assert len(mails()) == 2
    assert inside.post(CODE, {"code": mails()[1].code}).status_code == 302
    assert User.objects.get().email == "lain@latih.test"


def test_the_same_email_is_no_change(inside):
    assert "Ini sudah e-mail akun Anda" in inside.post(EMAIL, {"email": "sari@latih.test"}).text


def test_log_out_is_a_button_not_a_link(inside):
    page = inside.get("/akun/keluar/")
    assert "Keluar dari perangkat ini?" in page.text
    assert inside.get(DEVICES).status_code == 200
    response = inside.post("/akun/keluar/")
    assert response["Location"] == "/akun/login/"
    assert inside.get(DEVICES).status_code == 302


def test_one_device_can_be_ended(inside, elsewhere, sari):
    page = inside.get(DEVICES)
    assert page.text.count('name="end"') == 3  # two devices, and all others at once
    other = next(d["pk"] for d in page.context["devices"] if not d["here"])
    inside.post(DEVICES, {"end": other})
    assert elsewhere.get(DEVICES).status_code == 302
    assert inside.get(DEVICES).status_code == 200


def test_all_other_devices_can_be_ended(inside, elsewhere):
    inside.post(DEVICES, {"end": "others"})
    assert elsewhere.get(DEVICES).status_code == 302
    assert inside.get(DEVICES).status_code == 200


def test_devices_of_others_do_not_exist(inside, client, login):
    mine = inside.get(DEVICES).context["devices"][0]["pk"]
    client.post("/akun/keluar/")
    User.objects.create_user("budi@latih.test", GOOD)
    login("budi@latih.test", GOOD)
    for end in (mine, "0", "x", "9" * 30, ""):
        assert client.post(DEVICES, {"end": end}).status_code == 404


def test_on_a_shared_account_everybody_sees_only_their_own_device(inside, elsewhere):
    User.objects.update(is_shared=True)
    page = inside.get(DEVICES)
    assert len(page.context["devices"]) == 1
    inside.post(DEVICES, {"end": "others"})
    assert elsewhere.get(DEVICES).status_code == 200


def test_a_shared_account_cannot_be_changed(inside, sari):
    User.objects.update(is_shared=True)
    assert "dipakai bersama" in inside.get(PASSWORD).text
    assert "dipakai bersama" in inside.get(EMAIL).text
    change(inside)
    inside.post(EMAIL, {"email": "lain@latih.test"})
    sari.refresh_from_db()
    assert sari.email == "sari@latih.test" and sari.check_password(GOOD)


def test_an_account_without_kata_sandi_makes_one(client, db):
    user = User.objects.create_user("tanpa@latih.test", None)
    client.force_login(user)
    assert client.get(PASSWORD)["Location"] == "/akun/kata-sandi/buat/"
    assert client.get("/akun/kata-sandi/buat/").status_code == 200
    client.post("/akun/kata-sandi/buat/", {"password1": BETTER, "password2": BETTER})
    user.refresh_from_db()
    assert user.check_password(BETTER)


def test_pages_of_an_account_lead_a_visitor_to_login(client, db):
    for path in (PASSWORD, EMAIL, AGAIN, DEVICES, "/akun/kata-sandi/buat/"):
        assert client.get(path)["Location"].startswith("/akun/login/")
