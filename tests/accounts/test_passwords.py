"""Which kata sandi is good enough: SECURITY of docs/, "Passwords"."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.passwords import COMMON, common
from tests.accounts.conftest import GOOD


def fault(password, **user):
    try:
        validate_password(password, User(**user))
    except ValidationError as error:
        return [e.code for e in error.error_list]
    return []


@pytest.mark.parametrize(
    "password",
    [GOOD, "x7-kwp2m", "🥁🥁 gamelan", "kuda terbang", "ALLCAPSONLYX", "a b c d e f g h j q", "é" * 3 + "vüqzx"],
)
def test_no_rules_about_what_it_is_made_of(password):
    assert fault(password) == []


@pytest.mark.parametrize(
    ("password", "staff", "codes"),
    [
        ("g7-kwpx", False, ["too_short"]),
        ("g7-kwpxa", False, []),
        ("g7-kwpxa-qmzyt", True, ["too_short"]),
        ("g7-kwpxa-qmzyt9", True, []),
    ],
)
def test_eight_for_participants_and_fifteen_for_staff(password, staff, codes):
    assert fault(password, is_staff=staff) == codes


LONG = "".join(chr(97 + (i * i + i // 7) % 26) for i in range(129))


def test_128_is_accepted_and_129_refused_clearly():
    assert fault(LONG[:128]) == []
    with pytest.raises(ValidationError, match="129 karakter; paling banyak 128"):
        validate_password(LONG, User())


def test_a_kata_sandi_of_128_is_never_cut(client, sign_up, enter_code, mails, login):
    sign_up(password=LONG[:128])
    enter_code(mails()[0].code)
    client.post("/akun/keluar/")
    assert login("baru@latih.test", LONG[:127]).status_code == 200
    assert login("baru@latih.test", LONG[:128]).status_code == 302


def test_the_field_does_not_cut_what_is_pasted(client, db):
    assert "maxlength" not in client.get("/akun/daftar/").text


@pytest.mark.parametrize(
    "password",
    [
        "password", "PASSWORD1", "12345678", "rahasia123", "katasandi", "Indonesia2026", "qwertyuiop", "11111111",
        "abcabcabc", "portallatih", "Portal Latih 2026", "saldojht1", "bismillah", "akucintakamu", "sayabukanrobot",
        "passwordpassword", "123456789012345", "1qaz2wsx3edc",
    ],
)  # fmt: skip
def test_what_guessers_try_first_is_refused(password):
    assert "too_common" in fault(password)


def test_ones_own_email_is_refused():
    assert fault("sari.dewi99", email="sari.dewi@latih.test") == ["too_similar"]
    assert fault("sari.dewi dan tiga kuda awan", email="sari.dewi@latih.test") == []


def test_the_list_is_a_clean_file():
    lines = COMMON.read_text("utf-8").splitlines()
    assert lines == sorted(set(lines)) and len(lines) > 500
    assert all(line == line.strip().casefold() and len(line) >= 6 for line in lines)
    assert len(common()) == len(lines)


def test_a_weak_kata_sandi_is_refused_at_sign_up_with_its_reason(sign_up):
    assert "paling sedikit 8" in sign_up(password="pendek").text
    assert "paling banyak 128" in sign_up(password=LONG).text
    assert "paling dulu dicoba orang lain" in sign_up(password="rahasia123").text
