"""What no browser sends is refused before any view meets it; nothing that arrives is ever a 500."""

import io

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from portal.wsgi import application

FORM = "application/x-www-form-urlencoded"
PAGES = [
    "/",
    "/akun/login/",
    "/akun/daftar/",
    "/akun/kata-sandi/lupa/",
    "/jht/",
    "/jht/49000000011/",
    "/petugas/",
    "/x/",
]


@pytest.fixture(autouse=True)
def keep_the_connection():
    """The test's transaction lives on it; a server closes old ones around every request (as does the test client)."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def answer(method="GET", path="/", query="", body=b"", **environ) -> int:
    """The status for a request exactly as a server would hand it over (PEP 3333), without the test client's manners."""
    statuses = []
    iterable = application(
        {
            "REQUEST_METHOD": method,
            "PATH_INFO": path.encode().decode("latin-1"),
            "SCRIPT_NAME": "",
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.url_scheme": "http",
            **environ,
        },
        lambda status, headers, exc_info=None: statuses.append(int(status[:3])),
    )
    b"".join(iterable)
    iterable.close()
    return statuses[0]


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PUT", "DELETE", "PATCH", "PROPFIND", "BREW"])
def test_only_the_methods_of_links_and_forms_are_known(client, method):
    response = client.generic(method, "/ketentuan/")

    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD, POST, OPTIONS"


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "iso-8859-1", "shift_jis", "rot13", "idna", "tidak-ada", '""'])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_foreign_charset_is_refused(db, method, charset):
    assert answer(method, "/akun/login/", "a=%2B", b"login=%2BAGE-", CONTENT_TYPE=f"{FORM}; charset={charset}") == 415


@pytest.mark.parametrize(
    "header", [f"{FORM}; charset*=tidakada''utf-8", "multipart/form-data; boundary*=x''y; a*=q''z"]
)
def test_a_content_type_that_cannot_be_parsed_is_refused(db, header):
    assert answer("POST", "/akun/login/", body=b"a=b", CONTENT_TYPE=header) == 415


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "text/xml", "application/octet-stream", "x", ""])
def test_a_body_that_is_not_a_form_is_refused(db, kind):
    assert answer("POST", "/akun/login/", body=b"login=a", CONTENT_TYPE=kind) == 415


def test_a_form_in_utf_8_is_read(db):
    assert (
        answer("POST", "/akun/login/", body=b"login=a", CONTENT_TYPE=f"{FORM}; charset=UTF-8") == 403
    )  # no CSRF token


@pytest.mark.parametrize("kind", [FORM, "multipart/form-data; boundary=x"])
def test_a_body_above_the_limit_is_too_large(client, kind):
    body = b"a=" + b"b" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    response = client.generic("POST", "/akun/login/", body, content_type=kind)

    assert response.status_code == 413
    assert "terlalu besar" in response.text


@pytest.mark.parametrize("broken", ["%00", "a%00b", "%ED%A0%80", "%FF", "%C3%28"])
def test_nul_surrogates_and_broken_utf_8_are_refused_in_query_and_body(db, broken):
    assert answer(path="/akun/login/", query=f"next={broken}") == 400
    assert answer("POST", "/akun/login/", body=f"login={broken}".encode(), CONTENT_TYPE=FORM) == 400


@pytest.mark.parametrize("path", ["/\0", "/jht/\0/", "/jht/4900\x0b/", "/petugas/\x7f"])
def test_control_characters_in_a_path_are_refused(db, path):
    assert answer(path=path) == 400


@pytest.mark.parametrize("cookie", ['sesi="\\000abcdefgh"', 'csrf="\\000"', 'messages="\\001"', '"\\000"=a'])
def test_a_nul_hidden_in_a_cookie_is_refused(db, cookie):
    assert answer(path="/", HTTP_COOKIE=cookie) in (302, 400)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"x",
        b"--x\r\n",
        b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--",
        b'--x\r\nContent-Disposition: form-data; name="login"\r\n\r\na\0b\r\n--x--\r\n',
        b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%\r\n--x--\r\n',
        b'--x\r\nContent-Disposition: form-data; name="a"; filename="\0"\r\n\r\nz\r\n--x--\r\n',
    ],
)
@pytest.mark.parametrize("boundary", ["x", "", '""', "ÿ", "a" * 300])
def test_a_broken_multipart_form_is_a_fault_of_the_sender(db, body, boundary):
    kind = f"multipart/form-data; boundary={boundary}"

    assert 400 <= answer("POST", "/akun/login/", body=body, CONTENT_TYPE=kind) < 500


def test_too_many_fields_are_refused(db):
    assert answer("GET", "/akun/login/", "a=b&" * 3000, CONTENT_TYPE=f"{FORM}; charset=utf-8") in (400, 415)
    assert answer("POST", "/akun/login/", body=b"&".join([b"a=b"] * 3000), CONTENT_TYPE=FORM) == 400


@pytest.mark.parametrize("length", ["-1", "x", "²", "9" * 40, "1e3"])
def test_a_length_that_is_none_is_refused(db, length):
    assert answer("POST", "/akun/login/", body=b"a=b", CONTENT_TYPE=FORM, CONTENT_LENGTH=length) in (400, 413)


@pytest.mark.parametrize("number", [0, 2**31, 2**63, 10**40])
def test_a_number_in_the_address_is_never_too_large(db, settings, number):
    settings.DEMO = True
    assert answer(path=f"/kotak-masuk/{number}/") == 404


latin = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=40)


@effort(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "OPTIONS"]),
    path=st.sampled_from(PAGES) | st.text(max_size=30).map(lambda text: f"/{text}".encode(errors="replace").decode()),
    query=latin,
    body=st.binary(max_size=60) | latin.map(lambda text: f"login={text}&password=%2B".encode("latin-1")),
    kind=st.sampled_from([FORM, "multipart/form-data; boundary=x", "text/plain"]) | latin,
    cookie=latin | latin.map(lambda text: f"sesi={text}; csrf={text}; kotak={text}; messages={text}"),
    text=latin,
)
def test_nothing_that_arrives_is_a_server_error(db, method, path, query, body, kind, cookie, text):
    headers = {
        "HTTP_COOKIE": cookie,
        "HTTP_ACCEPT_LANGUAGE": text,
        "HTTP_REFERER": text,
        "HTTP_USER_AGENT": text,
    }

    assert answer(method, path, query, body, CONTENT_TYPE=kind, **headers) < 500
