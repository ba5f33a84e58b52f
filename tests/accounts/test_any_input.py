"""No input to any form gives a 500."""

from urllib.parse import quote_from_bytes, urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.models import User
from tests.accounts.conftest import GOOD

FIELDS = {
    "/akun/login/": ["login", "password", "captcha", "captcha_tick", "next"],
    "/akun/daftar/": ["email", "password1", "password2", "consent", "captcha", "next"],
    "/akun/kode/": ["code", "action", "email"],
    "/akun/kata-sandi/lupa/": ["email", "captcha", "next"],
    "/akun/kata-sandi/lupa/kode/": ["code", "next"],
    "/akun/kata-sandi/lupa/baru/": ["password1", "password2"],
    "/akun/kata-sandi/ubah/": ["oldpassword", "password1", "password2", "next"],
    "/akun/email/": ["email", "action_add", "action_remove"],
    "/akun/konfirmasi/": ["password", "next"],
    "/akun/perangkat/": ["end"],
}
RAW = st.binary(max_size=40) | st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass"))
LIKELY = st.sampled_from(
    [b"sari@latih.test", b"482913", b"\x00", b"\xed\xa0\x80", b"a" * 5000, b"-1", "İ@ı.id".encode(), b"//x", b"resend"]
)


@pytest.fixture
def light(monkeypatch, db):
    """Hashing is not what is tried here."""
    monkeypatch.setattr(User, "check_password", lambda user, password: False)
    monkeypatch.setattr("accounts.captcha.ProofOfWorkField.clean", lambda field, value: "")
    monkeypatch.setattr("accounts.signup.make_password", lambda password: "!")
    monkeypatch.setattr("django.contrib.auth.base_user.make_password", lambda password: "!")
    return User.objects.create_user("sari@latih.test", GOOD)


@pytest.mark.parametrize("url", FIELDS)
@given(data=st.data())
@example(data=None)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_posted_is_answered(light, url, data):
    client = Client()
    if url in ("/akun/kata-sandi/ubah/", "/akun/email/", "/akun/konfirmasi/", "/akun/perangkat/"):
        client.force_login(light)
    if url in ("/akun/kode/", "/akun/kata-sandi/lupa/kode/"):
        begin = url.removesuffix("kode/") if "lupa" in url else "/akun/daftar/"
        answers = {"email": "sari@latih.test", "password1": GOOD, "password2": GOOD, "consent": "on", "captcha": "x"}
        client.post(begin, answers)
    pairs = [(name, b"") for name in FIELDS[url]]
    if data is not None:
        pairs = [
            (name, data.draw(RAW | LIKELY)) for name in data.draw(st.lists(st.sampled_from(FIELDS[url]), max_size=6))
        ]
    body = "&".join(f"{name}={quote_from_bytes(value)}" for name, value in pairs)
    response = client.post(url, body, content_type="application/x-www-form-urlencoded")
    assert response.status_code < 500


@pytest.mark.parametrize("url", FIELDS)
@pytest.mark.parametrize("size", [20_000, 900_000, 1_100_000])
def test_long_text_is_answered(client, light, url, size):
    client.force_login(light) if url in ("/akun/email/", "/akun/konfirmasi/") else None
    for name in FIELDS[url][:2]:
        body = urlencode({name: "a" * size})
        assert client.post(url, body, content_type="application/x-www-form-urlencoded").status_code < 500


@pytest.mark.parametrize(
    "query", ["next=%00", "next=%ED%A0%80", "next=/%0d%0aX:1", "sebagai[]=1", "sebagai=%ff", "email=a%00"]
)
@pytest.mark.parametrize("url", ["/akun/login/", "/akun/daftar/", "/akun/kata-sandi/lupa/"])
def test_odd_queries_are_answered(client, db, settings, url, query):
    settings.DEMO = True
    assert client.get(f"{url}?{query}").status_code < 500
