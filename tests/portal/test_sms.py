"""2757 answers: through both doors for gateways and the terminal, with the sentence for every mistake."""

import hashlib
import hmac
import json
import time
from datetime import date
from decimal import Decimal

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.models import TextMessage
from jht import actions
from jht.models import Rate
from portal.models import SmsRegistration
from portal.sms.language import length
from tests.jht.factories import make_membership, make_participant, pay, training_nik

pytestmark = pytest.mark.django_db
PHONE, OTHER = "0849111111001", "0849222222001"
BORN = date(1988, 3, 15)


@pytest.fixture(autouse=True)
def gateway(settings):
    settings.SMS_SECRET = "rahasia-gerbang"


@pytest.fixture
def budi():
    """Rp285.000 paid on 1 January 2026 (docs/aturan.md#iuran-pu)."""
    person = make_participant("Budi Santoso", birth_date=BORN, nik=training_nik(BORN))
    membership = make_membership(person)
    pay(membership, date(2026, 1, 1))
    return membership


@pytest.fixture
def text(client):
    """Text to 2757 as Kannel hands it over; the answer."""

    def send(message: str, phone: str = PHONE, **changed) -> str:
        send.number += 1
        asked = {"dari": phone, "isi": message, "id": f"msg-{send.number}", "kunci": "rahasia-gerbang"} | changed
        response = client.get("/sms/masuk", asked)
        assert response["Content-Type"] == "text/plain; charset=utf-8"
        send.status = response.status_code
        return response.text

    send.number = 0
    return send


def registration(membership, **changed) -> str:
    person = membership.participant
    parts = {"nik": person.nik, "born": f"{person.birth_date:%d-%m-%Y}", "kpj": membership.kpj} | changed
    return "DAFTAR SALDO#" + "#".join(parts.values())


def test_who_registers_may_ask_for_the_balance(text, budi):
    assert "sekarang terdaftar untuk KPJ *******" in text(registration(budi))

    answer = text(f"SALDO {budi.kpj}")

    assert answer.startswith("SIMULASI. Saldo JHT KPJ *******")
    assert f"Rp{budi.balance(timezone.localdate()):,.0f}".replace(",", ".") in answer
    assert budi.kpj not in answer


def test_registering_twice_says_so_and_keeps_one(text, budi):
    text(registration(budi))

    assert "sudah terdaftar" in text(registration(budi))
    assert SmsRegistration.objects.count() == 1


def test_somebody_elses_number_learns_nothing(text, budi):
    text(registration(budi))

    foreign, unknown = text(f"SALDO {budi.kpj}", OTHER), text("SALDO 49999999999", OTHER)

    assert foreign == unknown
    assert "belum terdaftar" in foreign


def test_the_name_is_compared_when_it_is_written(text, budi):
    nik, born = budi.participant.nik, "15-03-1988"

    assert "Data tidak sesuai" in text(f"DAFTAR SALDO#{nik}#ANI SANTOSO#{born}#{budi.kpj}")
    assert "sekarang terdaftar" in text(f"DAFTAR SALDO#{nik}#budi  santoso#{born}#{budi.kpj}")


def test_each_wrong_part_of_the_data_is_told(text, budi):
    assert "Data tidak sesuai" in text(registration(budi, born="16-03-1988"))
    assert "Data tidak sesuai" in text(registration(budi, nik=training_nik(BORN)))
    assert "Nomor KPJ tidak terdaftar" in text(registration(budi, kpj="49999999999"))
    assert "harus 11 angka" in text(registration(budi, kpj="4900000001"))
    assert "harus 16 angka" in text(registration(budi, nik="497101"))


def test_the_example_that_newspapers_print_is_impossible_and_says_why(text):
    """docs/aturan.md: its NIK has month 97, its KPJ ten digits."""
    answer = text("DAFTAR SALDO#3523418097870002#ADI SUNARYO#01-09-1987#2345678901")

    assert "mustahil" in answer
    assert "bulan lahir" in answer
    assert "KPJ harus 11 angka" in answer
    assert not TextMessage.objects.filter(text__contains="3523418097870002").exists()


def test_a_number_that_may_be_real_is_refused_and_not_kept(text):
    answer = text("DAFTAR SALDO#3171011503880001#15-03-1988#49000000011")

    assert "tampak sungguhan" in answer
    assert "3171011503880001" not in TextMessage.objects.get().text


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("", "kosong"),
        ("INFO", "Kata tidak dikenal"),
        ("SALDO", "Nomor KPJ belum ada"),
        ("SALDO 49", "harus 11 angka"),
        ("DAFTAR SALDO 497101", "tanda #"),
        ("DAFTAR SALDO#4971011503880001#1988-03-15#49000000011", "tanggal-bulan-tahun"),
    ],
)
def test_each_mistake_in_the_text_gets_its_sentence_and_an_example(text, message, said):
    answer = text(message)

    assert said in answer
    assert "misalnya" in answer or "Contoh" in answer
    assert length(answer).parts == 1


def test_a_construction_worker_and_a_paid_claim_have_nothing_to_show(text, budi):
    jakon = make_membership(budi.participant, segment="JAKON")
    text(registration(jakon))
    text(registration(budi))
    actions.withdraw(budi, None, "Klaim", date(2026, 3, 10), key="claim")

    assert "tanpa saldo JHT" in text(f"SALDO {jakon.kpj}")
    assert "Rp0. Klaim sudah dibayarkan pada 10-03-2026" in text(f"SALDO {budi.kpj}")


def test_nobody_paid_anything_yet(text):
    new = make_membership(make_participant(birth_date=BORN))
    text(registration(new))

    assert "Belum ada iuran" in text(f"SALDO {new.kpj}")


def test_a_text_delivered_twice_is_answered_once(text, budi):
    first = text(registration(budi), id="same")
    again = text(registration(budi), id="same")

    assert first
    assert again == ""
    assert TextMessage.objects.count() == 1


def test_one_number_is_slowed_down_and_another_is_not(text):
    answers = [text("SALDO 49999999999") for _ in range(31)]

    assert "Terlalu banyak SMS" in answers[-1]
    assert "Terlalu banyak" not in answers[-2]
    assert "belum terdaftar" in text("SALDO 49999999999", OTHER)


def test_guessing_data_is_stopped_before_the_texts_are(text, budi):
    for day in range(1, 11):
        text(registration(budi, born=f"{day:02}-01-1988"))

    assert "Terlalu banyak" in text(registration(budi))


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"kunci": "salah"}, 403),
        ({"kunci": ""}, 403),
        ({"phone": "081234567890"}, 403),
        ({"phone": "abc"}, 403),
        ({"phone": ""}, 400),
        ({"id": ""}, 400),
        ({"id": "x" * 81}, 413),
        ({"message": "x" * 1001}, 413),
        ({"message": "a\0b"}, 400),
    ],
)
def test_garbage_at_the_door_is_refused_with_a_sentence(client, changed, status):
    asked = {"dari": PHONE, "isi": "SALDO", "id": "1", "kunci": "rahasia-gerbang"}
    names = {"phone": "dari", "message": "isi"}
    asked |= {names.get(name, name): value for name, value in changed.items()}

    response = client.get("/sms/masuk", asked)

    assert response.status_code == status
    assert not TextMessage.objects.exists()


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("isi=SALDO&charset=UTF-8", 200),
        ("isi=caf%C3%A9&charset=GSM", 200),
        ("isi=caf%E9%20%93x%94&charset=WINDOWS-1252", 200),
        ("isi=caf%E9&charset=UTF-8", 400),
        ("isi=caf%E9", 400),
        ("isi=%81&charset=windows-1252", 400),
        ("isi=%00S%00A&charset=UTF-16BE", 400),
        ("isi=%ED%A0%80", 400),
        ("isi=x&charset=%FF", 400),
        ("isi=x&charset=utf-7", 200),
        ("&".join(["a=1"] * 3000), 400),
    ],
)
def test_a_text_is_read_in_the_charset_that_the_gateway_names(client, query, status):
    response = client.get(f"/sms/masuk?dari={PHONE}&id=1&kunci=rahasia-gerbang&{query}")

    assert response.status_code == status
    assert TextMessage.objects.count() == (status == 200)
    if "%93" in query:
        assert TextMessage.objects.get().text == "café “x”"


@pytest.mark.parametrize("address", ["::ffff:127.0.0.1", "::1"])
def test_the_gateway_beside_us_is_known_by_any_of_its_names(client, address):
    asked = {"dari": PHONE, "isi": "SALDO", "id": "1", "kunci": "rahasia-gerbang"}

    assert client.get("/sms/masuk", asked, REMOTE_ADDR=address).status_code == 200


@pytest.mark.parametrize(
    ("setting", "value", "fault"),
    [
        ("SMS_SECRET", "pendek", "portal.E005"),
        ("SMS_GATEWAYS", ["127.0.0.1/32", "gerbang"], "portal.E006"),
        ("SMS_URL", "file:///etc/passwd", "portal.E007"),
    ],
)
def test_a_gateway_that_is_set_up_wrongly_stops_the_start(settings, setting, value, fault):
    settings.SMS_SECRET = "rahasia-gerbang-latihan"
    assert not [error for error in run_checks() if error.id.startswith("portal.")]

    setattr(settings, setting, value)

    assert fault in [error.id for error in run_checks()]


def test_only_known_addresses_and_only_with_a_secret(client, settings):
    asked = {"dari": PHONE, "isi": "SALDO", "id": "1", "kunci": "rahasia-gerbang"}

    assert client.get("/sms/masuk", asked, REMOTE_ADDR="203.0.113.9").status_code == 403
    assert client.get("/sms/masuk").status_code == 403
    settings.SMS_SECRET = ""
    assert client.get("/sms/masuk", asked).status_code == 404
    assert client.post("/sms/masuk", asked).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "kind", "status"),
    [
        ("POST", "/sms/masuk", "application/x-www-form-urlencoded", 405),
        ("GET", "/sms/masuk.json", "", 405),
        ("POST", "/sms/masuk.json", "text/plain", 415),
        ("POST", "/sms/masuk.json", "application/x-www-form-urlencoded", 415),
    ],
)
def test_a_gateway_gets_a_sentence_and_never_a_page(method, path, kind, status):
    response = Client(enforce_csrf_checks=True).generic(method, path, b"a=b", content_type=kind)

    assert response.status_code == status
    assert "<" not in response.text
    assert response.headers["Content-Type"].startswith("application/json" if path.endswith("json") else "text/plain")


def test_the_same_id_with_another_sender_or_other_words_is_another_text(client, budi):
    asked = {"dari": PHONE, "isi": "SALDO", "id": "7", "kunci": "rahasia-gerbang"}

    answers = [
        client.get("/sms/masuk", asked | more).text
        for more in ({}, {}, {"isi": "INFO"}, {"dari": PHONE[:-1] + "2"}, {"id": "8"})
    ]

    assert [bool(text) for text in answers] == [True, False, True, True, True]


def signed(client, message, *, secret: str = "rahasia-gerbang", age: int = 0):
    body = message if isinstance(message, str) else json.dumps(message)
    moment = str(int(time.time()) - age)
    signature = hmac.new(secret.encode(), f"{moment}.{body}".encode(), hashlib.sha256).hexdigest()
    return client.post(
        "/sms/masuk.json",
        body,
        content_type="application/json",
        headers={"X-Latih-Time": moment, "X-Latih-Signature": signature},
    )


def test_a_signed_text_is_answered_once(client, budi):
    message = {"id": "a1", "from": "+62" + PHONE[1:], "text": registration(budi)}

    first, again = signed(client, message), signed(client, message)

    assert "sekarang terdaftar" in first.json()["reply"]
    assert first.json()["parts"] == [first.json()["reply"]]
    assert again.json() == {"reply": None, "parts": []}


@pytest.mark.parametrize(
    ("message", "options", "status"),
    [
        ({"id": "1", "from": PHONE, "text": "SALDO"}, {"secret": "salah"}, 403),
        ({"id": "1", "from": PHONE, "text": "SALDO"}, {"age": 400}, 403),
        ("{", {}, 400),
        ("[]", {}, 400),
        ("[" * 5000, {}, 400),
        ({"id": 1, "from": PHONE, "text": "SALDO"}, {}, 400),
        ({"id": "1", "from": PHONE}, {}, 400),
        ({"id": "1", "from": PHONE, "text": "\ud800"}, {}, 400),
        ({"id": "1", "from": PHONE, "text": "x" * 20_000}, {}, 413),
    ],
)
def test_a_signed_text_that_is_wrong_is_refused(client, message, options, status):
    response = signed(client, message, **options)

    assert response.status_code == status
    assert response.json()["error"]


@pytest.mark.parametrize(
    "kind", ["text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "x" * 300, ""]
)
@pytest.mark.parametrize("body", [b"", b"{}", b"--x\r\n\r\n", b"a=%00", b"\xff\xfe"])
def test_a_body_that_is_no_json_is_refused(client, kind, body):
    response = client.post("/sms/masuk.json", body, content_type=kind)

    assert 400 <= response.status_code < 500


def test_a_text_that_could_not_be_answered_is_answered_when_it_comes_again(text, budi, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr("portal.sms.inbox.answer", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            text(registration(budi), id="same")

    assert "sekarang terdaftar" in text(registration(budi), id="same")


def test_an_email_with_a_real_looking_number_is_not_kept(text, budi):
    text(registration(budi) + "#3171011503880001@latih.test")

    assert SmsRegistration.objects.get().email == ""
    assert not TextMessage.objects.filter(text__contains="3171").exists()


def test_a_kpj_of_somebody_real_is_unknown_and_nothing_else(text):
    assert "belum terdaftar" in text("SALDO 23456789012")


def test_the_terminal_texts_too(capsys, budi):
    call_command("sms", PHONE, registration(budi))

    assert "sekarang terdaftar" in capsys.readouterr().out
    with pytest.raises(CommandError, match="bukan nomor latihan"):
        call_command("sms", "08123456789", "SALDO")


def test_a_text_shows_the_same_balance_as_the_page(text, budi, client, django_user_model):
    Rate.objects.create(year=2026, percent=Decimal("5.50"), source="contoh")
    user = django_user_model.objects.create_user("budi@latih.test", "kata-sandi-panjang-1")
    budi.participant.user = user
    budi.participant.save()
    client.force_login(user)
    text(registration(budi))

    shown = text(f"SALDO {budi.kpj}").partition("Rp")[2].partition(". ")[0]

    assert f'<span class="money__rp">Rp</span>{shown}' in client.get("/jht/").text
    assert Decimal(shown.replace(".", "")) > 285_000
