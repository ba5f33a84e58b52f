""" "Saya bukan robot" by proof of work."""

import base64
import json
from datetime import timedelta

import pytest
from altcha import create_challenge_v1
from django.utils import timezone

from accounts import captcha
from tests.accounts.conftest import GOOD
from tests.conftest import solved

FORMS = {
    "/akun/login/": {"login": "baru@latih.test", "password": GOOD},
    "/akun/daftar/": {"email": "baru@latih.test", "password1": GOOD, "password2": GOOD, "consent": "on"},
    "/akun/kata-sandi/lupa/": {"email": "baru@latih.test"},
}
every_form = pytest.mark.parametrize("url", FORMS)


@every_form
def test_an_unticked_box_says_so_and_keeps_what_was_typed(client, db, url):
    response = client.post(url, FORMS[url])
    assert "belum dicentang" in response.text
    assert 'value="baru@latih.test"' in response.text
    assert GOOD not in response.text


@every_form
def test_a_tick_without_javascript_says_what_is_missing(client, db, url):
    response = client.post(url, FORMS[url] | {"captcha_tick": "on"})
    assert "belum selesai" in response.text and "JavaScript" in response.text


@every_form
def test_an_answer_works_once(client, tick, url):
    answer = tick()
    first = client.post(url, FORMS[url] | answer)
    assert "robot” ini sudah dipakai" not in first.text
    client.cookies.clear()
    assert "sudah dipakai dan hanya berlaku sekali" in client.post(url, FORMS[url] | answer).text


@every_form
def test_an_expired_answer_says_so(client, tick, url, monkeypatch):
    answer = tick()
    later = timezone.now() + timedelta(minutes=10, seconds=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert "sudah lewat 10 menit" in client.post(url, FORMS[url] | answer).text


def encoded(payload) -> str:
    return base64.b64encode(json.dumps(payload).encode()).decode()


def forged() -> dict:
    """A right answer to a challenge we never gave."""
    challenge = create_challenge_v1(hmac_key="guess", max_number=50, expires=timezone.now() + timedelta(hours=1))
    return json.loads(base64.b64decode(solved(challenge.to_dict())))


@pytest.mark.parametrize(
    "answer",
    [
        "on",
        "1",
        "=",
        "é",
        "A" * 5000,
        encoded([]),
        encoded(None),
        encoded("x"),
        encoded({}),
        encoded({"algorithm": [], "challenge": 1, "number": "x", "salt": None, "signature": {}}),
        "[" * 900,
        base64.b64encode(b"[" * 700).decode(),
    ],
)
def test_a_constant_passes_nothing(client, db, answer):
    response = client.post("/akun/login/", FORMS["/akun/login/"] | {"captcha": answer, "captcha_tick": "on"})
    assert response.status_code == 200
    assert "tidak cocok. Muat ulang" in response.text


def test_a_challenge_of_ones_own_passes_nothing(client, db):
    response = client.post("/akun/login/", FORMS["/akun/login/"] | {"captcha": encoded(forged())})
    assert "tidak cocok. Muat ulang" in response.text


@pytest.mark.parametrize(
    "change",
    [
        {"number": 10**9},
        {"number": True},
        {"number": -1},
        {"number": 1.0},
        {"salt": "00?expires=9999999999&"},
        {"signature": "0" * 64},
        {"algorithm": "SHA-1"},
    ],
)
def test_a_right_answer_with_one_thing_changed_passes_nothing(client, tick, change):
    payload = json.loads(base64.b64decode(tick()["captcha"])) | change
    response = client.post("/akun/login/", FORMS["/akun/login/"] | {"captcha": encoded(payload)})
    assert "tidak cocok. Muat ulang" in response.text


def test_digits_moved_from_number_to_salt_are_still_the_same_answer(client, tick, monkeypatch):
    payload = json.loads(base64.b64decode(tick()["captcha"]))
    url = "/akun/kata-sandi/lupa/"
    assert client.post(url, FORMS[url] | {"captcha": encoded(payload)}).status_code == 302
    digits = str(payload["number"])
    moved = payload | {"salt": payload["salt"] + digits[:-1], "number": int(digits[-1])}
    response = client.post(url, FORMS[url] | {"captcha": encoded(moved)})
    assert response.status_code == 200


def test_a_browser_has_real_work_to_do(client, db):
    response = client.get("/akun/captcha/")
    challenge = response.json()
    assert challenge["maxNumber"] >= 100_000
    assert challenge["validFor"] == 600
    assert "no-store" in response["Cache-Control"]
    assert len(challenge["salt"]) + 6 < 56  # one block of SHA-256: a cheap phone does not do the work twice
    assert client.post("/akun/captcha/").status_code == 405


@every_form
def test_the_box_is_a_native_checkbox_with_a_label_and_a_live_status(client, db, url):
    page = client.get(url).text
    assert '<input type="checkbox" name="captcha_tick" id="id_captcha"' in page
    assert '<label for="id_captcha">Saya bukan robot</label>' in page
    assert 'id="id_captcha_status" role="status"' in page
    assert "<noscript>" in page and "memerlukan JavaScript" in page
    assert "captcha.js" in page


@every_form
def test_no_inline_script_style_or_other_host(client, db, url):
    response = client.get(url)
    assert "<style" not in response.text and " style=" not in response.text and " onclick=" not in response.text
    assert "<script>" not in response.text
    assert "google" not in response.text.lower()
    assert "unsafe" not in response["Content-Security-Policy"] and "google" not in response["Content-Security-Policy"]


def test_a_failed_form_comes_with_a_box_that_starts_anew(client, tick):
    answer = tick()["captcha"]
    response = client.post("/akun/login/", {"login": "", "password": "", "captcha": answer})
    assert answer not in response.text
    assert "checked" not in response.text


def test_the_key_is_not_the_secret_key(settings):
    assert captcha._key() != settings.SECRET_KEY
