"""Buat Akun in the app, step by step: the whole way, back and ahead."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.jht.factories import make_membership, make_participant
from tests.portal.join.person import KATA, ORDER, PHONE, Person, at

pytestmark = pytest.mark.django_db


# --- The whole way -------------------------------------------------------------------------------------------


def test_ten_answers_make_an_account_with_its_phone_and_its_kpj(client, person, membership):
    response = person.finish()

    user = get_user_model().objects.get(email="baru@latih.test")
    assert response.headers["Location"] == "/jmo/daftar/selesai/"
    assert user.phone == PHONE
    assert user.check_password(KATA)
    assert user.participant == membership.participant
    assert 'href="/jmo/profil/data/"' in client.get("/jmo/daftar/selesai/").text
    assert membership.kpj in client.get(f"/jmo/saldo/{membership.kpj}/").text
    assert "jmo-join" not in client.session


def test_every_step_says_where_one_is_and_leads_back(client, person):
    for number, step in enumerate(ORDER, 1):
        page = client.get(at(step)).text
        assert f"Langkah {number} dari 10" in page
        back = at(ORDER[number - 2]) if number > 1 else "/jmo/"
        by_button = 'name="kembali"' in page and client.post(at(step), {"kembali": "1"}).headers["Location"] == back
        assert by_button or f'href="{back}"' in page
        response = person.give(step)
        after = at(ORDER[number]) if number < 10 else "/jmo/daftar/selesai/"
        assert response.headers["Location"] == after


def test_the_account_of_the_app_opens_the_web(person, tick, membership):
    person.finish()
    web = Client()
    answer = {"login": "baru@latih.test", "password": KATA} | tick()

    assert web.post("/akun/login/", answer).headers["Location"] == "/"
    assert membership.kpj in re.sub(r"<[^>]+>", "", web.get("/jht/").text)


def test_an_account_of_the_web_opens_the_app(client, tick):
    get_user_model().objects.create_user("lama@latih.test", KATA)
    response = client.post("/jmo/masuk/", {"login": "lama@latih.test", "password": KATA} | tick())

    assert response.headers["Location"] == "/jmo/"


def test_the_door_of_the_app_leads_to_the_question_that_is_open(client, person):
    assert client.get("/jmo/daftar/").headers["Location"] == at("peserta")
    person.come_to("email")
    assert client.get("/jmo/daftar/").headers["Location"] == at("email")


def test_a_setting_turns_the_first_two_questions_round(client, person, settings):
    settings.JMO_CITIZENSHIP_FIRST = True

    assert person.give("peserta").headers["Location"] == at("kewarganegaraan")
    assert person.give("kewarganegaraan").headers["Location"] == at("jenis")
    assert person.give("jenis").headers["Location"] == at("data")
    assert "Langkah 3 dari 10" in client.get(at("jenis")).text


@pytest.mark.parametrize("segment", ["BPU", "PMI"])
def test_self_employed_and_migrant_workers_register_too(client, tick, segment):
    held = make_membership(make_participant("Joko Rekaan"), segment=segment)
    Person(client, tick, held).finish()

    assert get_user_model().objects.get().participant == held.participant


def test_a_foreigner_registers_with_a_passport(client, tick):
    held = make_membership(make_participant("Emma Contohsson", nik=None, passport="X49000123"))
    guest = Person(client, tick, held).come_to("data")

    page = client.get(at("data")).text
    assert "Nomor paspor" in page
    assert 'name="nik"' not in page
    assert guest.give("data", **guest.data(passport="x49 000123")).status_code == 302
    for step in ORDER[4:]:
        guest.give(step)
    assert get_user_model().objects.get().participant == held.participant
    assert "Emma Contohsson" in client.get("/jmo/profil/").text


# --- Back and ahead ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reached", range(9))
def test_nobody_skips_ahead_by_address(client, person, reached):
    person.come_to(ORDER[reached])

    for later in ORDER[reached + 1 :]:
        assert client.get(at(later)).headers["Location"] == at(ORDER[reached])
        assert client.post(at(later), {"consent": "on"}).headers["Location"] == at(ORDER[reached])
    assert not get_user_model().objects.exists()


def test_going_back_loses_nothing(client, person, membership):
    person.come_to("setuju")

    pages = {step: client.get(at(step)).text for step in ORDER}
    for step in ("peserta", "jenis", "kewarganegaraan"):
        assert len(re.findall(r"<input[^>]* checked", pages[step])) == 1
    for value in (membership.participant.nik, "Budi Santoso", "15-03-1990", membership.kpj):
        assert f'value="{value}"' in pages["data"]
    assert "baru@latih.test" in pages["email"]
    assert f'value="{PHONE}"' in pages["handphone"]
    for step in ("email", "kode-email", "handphone", "kode-sms"):
        assert "Sudah terbukti" in pages[step]
    assert "Sudah dibuat" in pages["kata-sandi"]
    assert KATA not in "".join(pages.values())
    assert person.give("setuju").headers["Location"] == "/jmo/daftar/selesai/"


def test_going_back_keeps_what_was_not_sent_or_not_accepted(client, person):
    person.come_to("data")
    wrong = person.data(name="Budi Santosa")
    assert "Data tidak sesuai" in person.give("data", **wrong).text
    assert client.post(at("data"), wrong | {"kpj": "49", "kembali": "1"}).headers["Location"] == at("kewarganegaraan")

    page = client.get(at("data")).text
    for value in (wrong["nik"], "Budi Santosa", "15-03-1990", "49"):
        assert f'value="{value}"' in page
    person.give("data")
    client.post(at("email"), {"email": "belum@latih", "kembali": "1"})
    assert 'value="belum@latih"' in client.get(at("email")).text
    assert 'value="Budi Santoso"' in client.get(at("data")).text


def test_going_back_keeps_no_real_number(client, person):
    person.come_to("data")
    client.post(at("data"), person.data(nik="3171011503900001", kpj="3171011503900001") | {"kembali": "1"})

    assert "3171011503900001" not in client.get(at("data")).text
    assert "3171011503900001" not in str(dict(client.session))


def test_another_kind_of_membership_asks_for_the_data_again_and_keeps_what_was_typed(client, person):
    person.come_to("email")
    person.give("jenis", answer="BPU")

    assert client.get(at("email")).headers["Location"] == at("data")
    assert 'value="Budi Santoso"' in client.get(at("data")).text
    assert "Data tidak sesuai" in person.give("data").text


def test_another_address_needs_another_code(client, person):
    person.come_to("handphone")
    person.email = "lain@latih.test"
    person.give("email")

    assert client.get(at("handphone")).headers["Location"] == at("kode-email")
    person.give("kode-email")
    for step in ORDER[6:]:
        person.give(step)
    assert get_user_model().objects.get().email == "lain@latih.test"


def test_a_step_that_does_not_exist_is_not_found(client):
    assert client.get(at("rahasia")).status_code == 404


def test_who_is_signed_in_is_led_home(client, person):
    person.finish()

    for path in ("/jmo/daftar/", at("peserta"), at("setuju")):
        assert client.get(path).headers["Location"] == "/jmo/"


def test_belum_leads_to_a_page_that_teaches(client, person):
    response = client.post(at("peserta"), {"answer": "belum"}, follow=True)

    assert response.redirect_chain == [("/jmo/daftar/belum/", 302)]
    assert "Perusahaan wajib mendaftarkan pekerjanya" in response.text
    assert client.get(at("jenis")).headers["Location"] == at("peserta")
