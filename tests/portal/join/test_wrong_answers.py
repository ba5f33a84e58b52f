"""Buat Akun in the app: every wrong turn, and that nobody learns who has an account."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import OutboxMessage, TextMessage
from jht.models import LinkAttempt, Participant
from tests.jht.factories import make_membership, make_participant
from tests.portal.join.person import KATA, ORDER, Person, at, sentences

pytestmark = pytest.mark.django_db


# --- Wrong answers -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ORDER[:3])
@pytest.mark.parametrize(("answer", "sentence"), [("", "Belum ada yang dipilih"), ("X", "Pilihan ini tidak ada")])
def test_a_question_without_an_answer_of_its_own_says_so(client, person, step, answer, sentence):
    person.come_to(step)

    assert sentence in client.post(at(step), {"answer": answer}).text


def test_a_migrant_worker_is_a_citizen(client, person):
    person.come_to("jenis").give("jenis", answer="PMI")

    assert "selalu warga negara Indonesia" in person.give("kewarganegaraan", answer="WNA").text
    person.give("kewarganegaraan", answer="WNI")
    person.give("jenis", answer="PU")
    person.give("kewarganegaraan", answer="WNA")
    assert "selalu warga negara Indonesia" in person.give("jenis", answer="PMI").text


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Nama masih kosong"),
        ("birth_date", "31-02-1990", "Februari 1990 berakhir pada tanggal 28"),
        ("nik", "3523418097870002", "tampak seperti NIK sungguhan"),
        ("kpj", "123", "11 angka dan berawalan 49"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(person, field, value, sentence):
    person.come_to("data")
    page = person.give("data", **person.data(**{field: value})).text

    assert sentence in page
    assert "3523418097870002" not in page


@pytest.mark.parametrize(
    "odd", ["²²²²²²", "٤٩٧١٠١٥٥٠٣٩٠٠٠٠١", "x" * 5000, "<script>", "\u202e49", "-1", "49" * 60, " \t "]
)
def test_whatever_is_typed_is_answered_by_a_page(client, person, odd):
    """An allowed answer would lead on; none of these is one."""
    fields = {
        "peserta": ["answer"], "data": ["name", "birth_date", "nik", "kpj"], "kode-email": ["code"],
        "handphone": ["phone", "own"], "kode-sms": ["code"],
    }  # fmt: skip
    for step in ORDER[:8]:
        if step in fields:
            response = client.post(at(step), dict.fromkeys(fields[step], odd))
            assert response.status_code == 200, step
            assert response.context["form"].errors
        assert person.give(step).status_code == 302


def mismatches(membership):
    other = make_membership(make_participant("Orang Lain"))
    taken = make_participant("Budi Santoso", user=get_user_model().objects.create_user("a@latih.test"))
    linked = make_membership(taken)
    return [
        {"name": "Budi Hartono"},
        {"birth_date": "16-03-1990"},
        {"nik": other.participant.nik},
        {"kpj": other.kpj},
        {"kpj": "49999999999"},
        {"nik": taken.nik, "kpj": linked.kpj, "birth_date": f"{taken.birth_date:%d-%m-%Y}"},
    ]


def test_what_does_not_match_is_one_sentence_whatever_it_is(client, tick, membership):
    told = set()
    for change in mismatches(membership):
        person = Person(Client(), tick, membership).come_to("data")
        page = person.give("data", **person.data(**change))
        told.add(tuple(page.context["form"].non_field_errors()))
        assert list(page.context["form"].errors) == ["__all__"]

    assert len(told) == 1
    assert told.pop()[0].startswith("Data tidak sesuai.")


def test_the_kind_of_membership_must_fit_too(client, tick, membership):
    person = Person(client, tick, membership)
    person.segment = "BPU"

    assert "Data tidak sesuai" in person.come_to("data").give("data").text


def test_five_wrong_tries_lock_this_browser_for_an_hour_and_no_other(person, tick, membership):
    person.come_to("data")
    for _ in range(5):
        assert "Data tidak sesuai" in person.give("data", **person.data(name="Salah")).text

    assert "Coba lagi dalam 60 menit" in person.give("data").text
    assert Person(Client(), tick, membership).come_to("data").give("data").status_code == 302


def test_a_machine_that_changes_browsers_is_locked_by_its_address(tick, membership, monkeypatch):
    monkeypatch.setattr("portal.jmo.join_forms.MATCH_FROM_ADDRESS", type("L", (), {
        "scope": "jmo-match-address", "most": 3, "window": timedelta(hours=1)})())  # fmt: skip
    for _ in range(3):
        person = Person(Client(), tick, membership).come_to("data")
        person.give("data", **person.data(name="Salah"))

    assert "Coba lagi dalam" in Person(Client(), tick, membership).come_to("data").give("data").text


def test_the_email_needs_the_tick(person, client):
    person.come_to("email")

    assert "belum dicentang" in client.post(at("email"), {"email": "baru@latih.test"}).text
    assert not OutboxMessage.objects.exists()


def test_a_wrong_code_says_so_and_a_new_one_replaces_the_old(client, person):
    person.come_to("kode-email")
    old = person.mail_code()
    wrong = f"{(int(old) + 1) % 10**6:06d}"

    assert "Kode itu tidak cocok" in person.give("kode-email", code=wrong).text
    assert client.post(at("kode-email"), {"action": "resend"}).headers["Location"] == at("kode-email")
    assert "sudah diganti dengan yang lebih baru" in person.give("kode-email", code=old).text
    assert person.give("kode-email").headers["Location"] == at("handphone")


def test_the_webs_page_for_codes_makes_no_account_of_what_the_app_began(client, person):
    person.come_to("kode-email")

    assert "Tidak ada kode yang ditunggu" in client.get("/akun/kode/", follow=True).text
    assert "Tidak ada kode yang ditunggu" in client.post("/akun/kode/", {"code": person.mail_code()}, follow=True).text
    assert not get_user_model().objects.exists()


def test_a_sign_up_older_than_an_hour_asks_for_the_email_again(client, person, monkeypatch):
    person.come_to("kata-sandi")
    later = timezone.now() + timedelta(minutes=61)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)

    assert client.get(at("kata-sandi")).headers["Location"] == at("email")


def test_an_expired_code_says_so(client, person, monkeypatch):
    person.come_to("kode-sms")
    later = timezone.now() + timedelta(minutes=16)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)

    assert "sudah lewat 15 menit" in person.give("kode-sms").text


@pytest.mark.parametrize("number", ["081234567890", "0849", "08491234567890123", "abc", "+62 812-3456-7890"])
def test_only_invented_phones_get_a_text(person, number):
    page = person.come_to("handphone").give("handphone", phone=number).text

    assert "hanya nomor latihan yang dipakai" in page
    assert "0812" not in page and "812-3456" not in page
    assert not TextMessage.objects.exists()


def test_the_browsers_own_phones_are_offered_in_a_demo(client, person, settings):
    settings.DEMO = True
    page = person.come_to("handphone").client.get(at("handphone")).text
    own = re.findall(r'name="own" value="(0849[0-9]+)"', page)

    assert len(own) == 5
    assert "tidak pernah menerima SMS" in page
    client.post(at("handphone"), {"own": own[1]})
    assert person.text_code(own[1]) in client.get(f"/telepon/?nomor={own[1][-3:]}").text


@pytest.mark.parametrize(("ending", "shown"), [("901", 0), ("902", 0), ("903", 2)])
def test_phones_that_misbehave_do(client, person, settings, ending, shown):
    settings.DEMO = True
    page = person.come_to("handphone").client.get(at("handphone")).text
    number = next(one for one in re.findall(r'name="own" value="([0-9]+)"', page) if one.endswith(ending))
    client.post(at("handphone"), {"own": number})

    told = TextMessage.objects.conversation(number, timezone.now()).exclude(state=TextMessage.State.LOST)
    assert told.count() == shown
    assert TextMessage.objects.conversation(number, timezone.now() + timedelta(minutes=2)).count() == max(shown, 1)
    assert person.give("kode-sms", code=person.text_code(number)).headers["Location"] == at("kata-sandi")


def test_texts_to_one_phone_are_limited(client, person):
    person.come_to("kode-sms")
    for _ in range(9):
        client.post(at("kode-sms"), {"action": "resend"})

    page = client.post(at("kode-sms"), {"action": "resend"}, follow=True)
    assert "terlalu sering diminta" in page.text
    assert TextMessage.objects.count() == 10


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [("pendek", "pendek", "8"), (KATA, "lain-sekali-12", "tidak sama"), ("", "", "Kata sandi belum diisi")],
)
def test_the_kata_sandi_is_judged_as_on_the_web(person, first, second, sentence):
    page = person.come_to("kata-sandi").give("kata-sandi", password1=first, password2=second)

    assert sentence in str(page.context["form"].errors)


def test_without_consent_there_is_no_account(client, person):
    person.come_to("setuju")

    assert "Persetujuan belum dicentang" in client.post(at("setuju"), {}).text
    assert not get_user_model().objects.exists()


def test_setuju_pressed_twice_makes_one_account(client, person):
    person.come_to("setuju")
    twin = Client()
    session = dict(client.session.items())
    person.give("setuju")
    store = client.session.__class__()
    store.update(session)
    store.save()
    twin.cookies["sesi"] = store.session_key  # as if both had been read before either was answered

    response = twin.post(at("setuju"), {"consent": "on"}, follow=True)

    assert get_user_model().objects.count() == 1
    assert LinkAttempt.objects.count() == 1
    assert "Akun Anda sudah jadi" in response.text


def test_a_person_linked_meanwhile_leaves_an_account_without_a_kpj(client, person, membership):
    person.come_to("setuju")
    Participant.objects.update(user=get_user_model().objects.create_user("cepat@latih.test"))

    page = person.give("setuju"), client.get("/jmo/daftar/selesai/")

    assert page[0].headers["Location"] == "/jmo/daftar/selesai/"
    assert "baru saja terhubung dengan akun lain" in page[1].text
    assert 'href="/jmo/layanan/hubungkan/"' in page[1].text


def test_an_address_registered_meanwhile_is_not_taken_over(client, person):
    person.come_to("setuju")
    get_user_model().objects.create_user("baru@latih.test", "lain-sekali-12")

    page = client.post(at("setuju"), {"consent": "on"}, follow=True)

    assert "sudah punya akun" in page.text
    assert get_user_model().objects.get().check_password("lain-sekali-12")


# --- Nobody learns who has an account ------------------------------------------------------------------------


def test_a_known_address_looks_like_an_unknown_one_and_its_code_never_comes(tick, membership):
    get_user_model().objects.create_user("baru@latih.test", KATA)
    known = Person(Client(), tick, membership).come_to("email")
    unknown = Person(Client(), tick, membership, email="anda@latih.test").come_to("email")
    answers = [one.give("email") for one in (known, unknown)]
    pages = [one.client.get(at("kode-email")) for one in (known, unknown)]

    assert [answer.headers["Location"] for answer in answers] == [at("kode-email")] * 2
    assert sentences(pages[0]).replace("baru@", "anda@") == sentences(pages[1])
    assert sorted(OutboxMessage.objects.values_list("to", flat=True)) == ["anda@latih.test", "baru@latih.test"]
    assert OutboxMessage.objects.get(to="baru@latih.test").code == ""
    assert "Kode itu tidak cocok" in known.give("kode-email", code="123456").text
    known.client.post(at("kode-email"), {"action": "resend"})
    unknown.client.post(at("kode-email"), {"action": "resend"})
    assert OutboxMessage.objects.filter(to="baru@latih.test").count() == 2
    assert OutboxMessage.objects.filter(to="anda@latih.test").count() == 2


# --- The practice card ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("segment", "citizenship"), [("PU", "WNI"), ("BPU", "WNI"), ("PMI", "WNI"), ("PU", "WNA"), ("BPU", "WNA")]
)
def test_a_demo_shows_a_card_of_the_chosen_kind_that_registers(client, tick, settings, segment, citizenship):
    settings.DEMO = True
    call_command("seed", verbosity=0)
    client.post(at("peserta"), {"answer": "ya"})
    client.post(at("jenis"), {"answer": segment})
    client.post(at("kewarganegaraan"), {"answer": citizenship})
    card = client.get(at("data")).context["card"]
    trainee = Person(client, tick, card)

    assert (card.segment, bool(card.participant.passport)) == (segment, citizenship == "WNA")
    for step in ORDER[3:]:
        trainee.give(step)
    card.participant.refresh_from_db()
    assert card.participant.user.email == "baru@latih.test"


def test_without_a_demo_there_is_no_card(client, person):
    person.come_to("data")

    assert client.get(at("data")).context["card"] is None
