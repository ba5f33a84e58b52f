"""docs/sms.md says what is true: every text of its table is sent, and its worked signature computed."""

import hashlib
import hmac
import json
import re

import pytest
from django.core.management import call_command
from django.db import transaction

from portal import cast
from portal.sms.answers import EXAMPLE, NIK_FAULTS, NOT_UNDERSTOOD
from portal.sms.language import length
from tests.portal.sms_table import PAGE, ROWS

SECRET = "rahasia-gerbang"


@pytest.fixture(scope="module")
def everybody(django_db_setup, django_db_blocker):
    """The cast, seeded once; each test sees it and leaves it as it was."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def text(everybody, db, client, settings):
    settings.SMS_SECRET = SECRET
    sent = []

    def send(message: str) -> str:
        sent.append(message)
        asked = {"dari": "0849757575001", "isi": message, "id": f"tabel-{len(sent)}", "kunci": SECRET}
        return client.get("/sms/masuk", asked).text

    return send


def registration(kpj: str) -> str:
    from jht.models import Membership

    person = Membership.objects.get(kpj=kpj).participant
    return f"DAFTAR SALDO#{person.nik}#{person.birth_date:%d-%m-%Y}#{kpj}"


@pytest.mark.parametrize(("message", "when", "answer"), ROWS, ids=[row[0] or "empty" for row in ROWS])
def test_the_answer_is_the_one_of_the_handbook(text, message, when, answer):
    if when == "sesudah mendaftar":
        kpj = re.sub(r"[^0-9]", "", message.rpartition("#")[2])
        assert "sekarang terdaftar" in text(registration(kpj))
    said = text(message)

    assert re.fullmatch(re.escape(answer).replace("…", "[0-9.-]+"), said)
    assert said.startswith("SIMULASI. ")
    assert length(said).gsm
    assert length(said).parts == (2 if "3523418097870002" in message else 1)


def test_the_table_shows_every_sentence_there_is():
    answers = " ".join(answer for _, _, answer in ROWS)
    shown_elsewhere = {"regency", "district", "day", "serial"}  # parts of a NIK; docs/aturan.md has their examples

    assert len(ROWS) >= 30
    for sentence in NOT_UNDERSTOOD.values():
        assert sentence in answers
    for part, sentence in NIK_FAULTS.items():
        assert (sentence in answers) is (part not in shown_elsewhere)


def test_the_example_in_every_answer_is_budi_as_he_is():
    budi = next(person for person in cast.PEOPLE if person.slug == "budi")
    born = budi.born
    nik, kpj = budi.nik(born), budi.jobs[0].kpj

    assert f"Contoh: DAFTAR SALDO#{nik}#{born:%d-%m-%Y}#{kpj}" == EXAMPLE
    assert f"DAFTAR SALDO#{nik}#{born:%d-%m-%Y}#{kpj}" in [row[0] for row in ROWS]


def test_every_sentence_fits_one_text():
    for sentence in (*NOT_UNDERSTOOD.values(), *(f"{fault} {EXAMPLE}" for fault in NIK_FAULTS.values())):
        assert (length(f"SIMULASI. {sentence}").parts, length(sentence).gsm) == (1, True), sentence


def test_the_worked_signature_is_right():
    values = dict(re.findall(r"^(SMS_SECRET|X-Latih-\w+|badan) +(.+)$", PAGE.read_text(), re.M))
    signed = f"{values['X-Latih-Time']}.{values['badan']}".encode()

    expected = hmac.new(values["SMS_SECRET"].encode(), signed, hashlib.sha256).hexdigest()

    assert values["X-Latih-Signature"] == expected
    assert json.loads(values["badan"]).keys() == {"id", "from", "text"}
