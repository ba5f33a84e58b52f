"""Buat Akun in the app, step by step: the whole way, every wrong turn, and that nobody learns who has an account."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import OutboxMessage, TextMessage
from jht.models import LinkAttempt, Participant
from tests.jht.factories import make_membership, make_participant, pay

pytestmark = pytest.mark.django_db
KATA = "tebu-kopi-sungai-42"
PHONE = "0849123456001"
ORDER = [
    "peserta", "jenis", "kewarganegaraan", "data", "email",
    "kode-email", "handphone", "kode-sms", "kata-sandi", "setuju",
]  # fmt: skip


def at(step: str) -> str:
    return f"/jmo/daftar/{step}/"


@pytest.fixture
def membership():
    """Budi, Rp285.000 paid (docs/aturan.md#iuran-pu); nobody has linked him."""
    held = make_membership(make_participant("Budi Santoso", birth_date=date(1990, 3, 15)))
    pay(held, date(2026, 1, 1), paid_on=date(2026, 2, 10))
    return held


class Person:
    """Somebody who answers one question after the other."""

    def __init__(self, client, tick, membership, email="baru@latih.test"):
        self.client, self.tick, self.membership, self.email = client, tick, membership, email
        self.segment, self.citizenship = membership.segment, "WNA" if membership.participant.passport else "WNI"

    def data(self, **changes) -> dict:
        who = self.membership.participant
        typed = {
            "name": who.name,
            "birth_date": f"{who.birth_date:%d-%m-%Y}",
            "passport" if who.passport else "nik": who.identity,
            "kpj": self.membership.kpj,
        }
        return typed | changes

    def mail_code(self) -> str:
        return OutboxMessage.objects.filter(to=self.email).latest("pk").code

    def text_code(self, phone: str = PHONE) -> str:
        return TextMessage.objects.filter(phone=phone).latest("pk").code

    def answer_of(self, step: str) -> dict:
        return {
            "peserta": lambda: {"answer": "ya"},
            "jenis": lambda: {"answer": self.segment},
            "kewarganegaraan": lambda: {"answer": self.citizenship},
            "data": self.data,
            "email": lambda: {"email": self.email} | self.tick(),
            "kode-email": lambda: {"code": self.mail_code()},
            "handphone": lambda: {"phone": PHONE},
            "kode-sms": lambda: {"code": self.text_code()},
            "kata-sandi": lambda: {"password1": KATA, "password2": KATA},
            "setuju": lambda: {"consent": "on"},
        }[step]()

    def give(self, step: str, **answer):
        return self.client.post(at(step), answer or self.answer_of(step))

    def come_to(self, step: str) -> "Person":
        for one in ORDER[: ORDER.index(step)]:
            response = self.give(one)
            assert response.status_code == 302, (one, response.context["form"].errors)
        return self

    def finish(self):
        return self.come_to("setuju").give("setuju")


@pytest.fixture
def person(client, tick, membership):
    return Person(client, tick, membership)


def sentences(page) -> str:
    """What a page says, without what differs each time."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page.text)
    return re.sub(r"\s+", " ", text)


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
        assert f'href="{at(ORDER[number - 2]) if number > 1 else "/jmo/"}"' in page
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
        ("birth_date", "31-02-1990", "hari-bulan-tahun"),
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
