"""The headers that the Observatory asks for, and the cookies."""

import pytest
from django.test import Client

from accounts.models import User

EVERYWHERE = {
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ADDRESSES = ["/", "/akun/login/", "/akun/daftar/", "/ketentuan/", "/health/", "/robots.txt", "/tidak-ada/", "/petugas/"]


@pytest.mark.parametrize("path", ADDRESSES)
def test_no_answer_goes_without_its_safe_headers(db, client, path):
    response = client.get(path)

    assert {name: response.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert "geolocation=()" in response.headers["Permissions-Policy"]
    assert (
        response.headers["Cache-Control"].split(",")[-1].strip() in ("no-store", "private")
        or "no-store" in response.headers["Cache-Control"]
    )
    assert "Server" not in response.headers


@pytest.mark.parametrize("path", ADDRESSES)
def test_the_content_security_policy_begins_with_nothing(db, client, path):
    policy = client.get(path).headers["Content-Security-Policy"]
    directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))

    assert directives["default-src"] == "'none'"
    assert directives["frame-ancestors"] == "'none'"
    assert directives["base-uri"] == "'none'"
    assert directives["form-action"] == "'self'"
    assert "unsafe" not in policy
    assert "*" not in policy


@pytest.mark.parametrize("kwargs", [{"headers": {"host": "bpjsku.example"}}, {"headers": {"host": "lain.example"}}])
def test_refusals_before_all_other_middleware_wear_them_too(client, kwargs):
    response = client.get("/", **kwargs)

    assert {name: response.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_the_opener_policy_is_sent_where_browsers_heed_it(client):
    """On a room's plain-http address it is ignored with an error in the console of every page."""
    at_home = client.get("/robots.txt", headers={"host": "localhost:8000"})
    behind_https = client.get("/robots.txt", secure=True)
    in_the_room = client.get("/robots.txt", headers={"host": "testserver"})

    assert at_home.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert behind_https.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Cross-Origin-Opener-Policy" not in in_the_room.headers


def test_search_engines_are_sent_away(client):
    assert client.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"


def test_pages_of_a_person_are_never_kept(db, client):
    client.force_login(User.objects.create_user("ani@latih.test"))
    for path in ("/", "/jht/", "/akun/email/", "/tidak-ada/"):
        assert "no-store" in client.get(path).headers["Cache-Control"]


def test_cookies_are_out_of_reach_of_scripts(client, login):
    User.objects.create_user("ani@latih.test", "gelas kuda awan 7")
    client.get("/akun/login/")
    login("ani@latih.test", "gelas kuda awan 7")

    for name in ("sesi", "csrf"):
        assert client.cookies[name]["httponly"]
        assert client.cookies[name]["samesite"] == "Lax"


def test_a_form_without_its_token_is_refused_with_a_page(db):
    response = Client(enforce_csrf_checks=True).post("/akun/login/", {"login": "ani@latih.test"})

    assert response.status_code == 403
    assert "SIMULASI" in response.text
    assert "muat ulang" in response.text
