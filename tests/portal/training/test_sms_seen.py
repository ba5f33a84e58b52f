"""What is written down of a text to 2757: how it began, which KPJ it named, and its own answer, never another's."""

import pytest

from accounts.models import TextMessage
from portal.models import SmsRegistration
from portal.sms import answers
from portal.training.models import OwnScenario
from portal.training.runs import sms_seen
from portal.training.scripts.vocabulary import REASONS
from tests.portal.training.conftest import person, play
from tests.portal.training.test_recording import last, told
from tests.portal.training.test_running import SAVINGS, kpj_of


def test_a_text_is_told_by_how_it_begins_whose_kpj_it_names_and_what_was_answered(sit):
    browser = sit()
    budi = person(browser.seat, "budi").participant
    kpj = kpj_of(browser, "budi")

    browser.post("/telepon/", {"text": f"SALDO {kpj}"})
    assert told(browser) == ("sms", "telepon", "ditolak")
    assert last(browser).detail["sebab"] == ["hp-belum-terdaftar"]

    browser.post("/telepon/", {"text": f"daftar saldo#{budi.nik}#{budi.birth_date:%d-%m-%Y}#{kpj}"})
    assert SmsRegistration.objects.exists()
    assert told(browser) == ("sms", "telepon", "berhasil") and last(browser).detail["kata"] == "DAFTAR SALDO"

    browser.post("/telepon/", {"text": f"SALDO {kpj}"})
    detail = last(browser).detail
    assert (detail["kata"], detail["kpj"], detail["lewat"]) == ("SALDO", "budi", "sms")
    assert detail["dijawab"].startswith("Saldo JHT KPJ *******")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("HALO", "format-sms"),
        ("DAFTAR SALDO#4971011503880001#03-15-1988#49000000011", "tanggal"),
        ("DAFTAR SALDO#3523418097870002#ADI SUNARYO#01-09-1987#2345678901", "nik"),
        ("DAFTAR SALDO#3171011503880001#15-03-1988#49000000011", "nik-sungguhan"),
        ("DAFTAR SALDO#4971011503880001#15-03-1988#49999999999", "tidak-terdaftar"),
        ("SALDO", "kpj"),
    ],
)
def test_why_2757_refused(sit, text, reason):
    browser = sit()

    browser.post("/telepon/", {"text": text})

    assert last(browser).detail["sebab"] == [reason]


def test_every_refusal_of_2757_has_a_word_and_every_word_its_refusal():
    told = [*answers.NOT_UNDERSTOOD.values(), *answers.NIK_FAULTS.values(), answers.KPJ_FAULT, answers.KPJ_UNKNOWN,
            answers.NO_MATCH, answers.NOT_REGISTERED, answers.TOO_OFTEN]  # fmt: skip
    for sentence in told:
        assert any(words in sentence for words, _ in sms_seen.REFUSALS), sentence
    for words, reason in sms_seen.REFUSALS:
        assert any(words in sentence for sentence in told), words
        assert reason in REASONS


TOLD = """  - kode: bertanya
    lakukan: Tanyakan saldonya.
    petunjuk: [SALDO lalu nomor KPJ.]
    selesai: {sms: saldo, hasil: berhasil, kpj: budi}
    peragaan: [{sms: "SALDO {kpj}"}]
"""


@pytest.mark.parametrize("part", [{}, {"bagian": "1"}])
def test_a_text_that_the_phone_refused_is_not_judged_by_the_answer_before(sit, part):
    OwnScenario.objects.create(slug="bertanya", text=SAVINGS.replace("langkah:\n", f"langkah:\n{TOLD}", 1))
    browser = sit()
    browser.post("/kelas/latihan/bertanya/", {"cara": "latih"})
    budi, kpj = person(browser.seat, "budi").participant, kpj_of(browser, "budi")
    browser.post("/telepon/", {"text": f"DAFTAR SALDO#{budi.nik}#{budi.birth_date:%d-%m-%Y}#{kpj}"})
    assert told(browser) == ("sms", "telepon", "berhasil")
    texts = TextMessage.objects.count()

    browser.post("/telepon/", part | {"text": f"SALDO {kpj}" + " " * 1_000})
    assert (TextMessage.objects.count(), told(browser)) == (texts, ("sms", "telepon", "ditolak"))
    assert last(browser).step == "" and "dijawab" not in last(browser).detail
    browser.post("/telepon/", part | {"text": ""})
    assert told(browser) == ("sms", "telepon", "ditolak") and last(browser).detail["sebab"] == ["kosong"]

    browser.post("/telepon/", part | {"text": f"SALDO {kpj}"})
    assert (told(browser), last(browser).step) == (("sms", "telepon", "berhasil"), "bertanya")


def test_of_somebody_with_several_kpj_it_is_told_which_one(sit):
    browser = play(sit(), "siti")
    held = [one.kpj for one in person(browser.seat, "siti").participant.memberships.order_by("start")]

    browser.post("/telepon/", {"text": f"SALDO {held[1]}"})
    assert (last(browser).detail["kpj"], last(browser).detail["satu_kpj"]) == ("siti", "siti.kpj2")
    browser.post("/telepon/", {"text": f"SALDO {held[2][:4]} {held[2][4:]}"})
    assert last(browser).detail["satu_kpj"] == "siti.kpj3"
    browser.get(f"/jht/{held[0]}/")
    assert (last(browser).detail["kpj"], last(browser).detail["satu_kpj"]) == ("siti", "siti.kpj")
    browser.post("/telepon/", {"text": f"SALDO {kpj_of(browser, 'budi')}"})
    assert last(browser).detail["kpj"] == "budi" and "satu_kpj" not in last(browser).detail


def test_a_text_whose_answer_is_lost_was_not_answered(sit):
    browser = sit()

    browser.post("/telepon/", {"text": "SALDO 49000000011", "nomor": "901"})

    assert told(browser) == ("sms", "telepon", "galat")
    assert "dijawab" not in last(browser).detail


def test_a_code_given_away_by_text_is_seen(sit):
    browser = sit()

    browser.post("/telepon/", {"text": "Pak petugas, kodenya 731905"})

    assert last(browser).detail["kata"] == "KODE"
