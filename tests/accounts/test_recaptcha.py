"""Google's checkbox through the real django-recaptcha client, over HTTPS, against a stand-in.

The stand-in answers as documented: https://developers.google.com/recaptcha/docs/verify
"""

import gc
import json
import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.accounts.conftest import GOOD

LOGIN = "/akun/login/"

# urllib and the stand-in leave sockets of cut connections to the garbage collector, which says so.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def certificate(folder, name: str, issuer=None):
    """A certificate for localhost signed by `issuer` (certificate, key), or a CA of its own."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    parent, parent_key = issuer or (None, key)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(parent.subject if parent else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(parent_key.public_key()), critical=False)
    )
    if issuer:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    else:
        usage = dict.fromkeys(
            ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only"), False
        )
        builder = builder.add_extension(
            x509.KeyUsage(digital_signature=True, key_cert_sign=True, crl_sign=True, decipher_only=False, **usage),
            critical=True,
        )
    signed = builder.sign(parent_key, hashes.SHA256())
    pem = folder / f"{name}.pem"
    pem.write_bytes(
        signed.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return signed, key, pem


class StandIn(BaseHTTPRequestHandler):
    """Answers what `server.answer` says and remembers what it was asked."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.server.asked.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        answer = self.server.answer
        if callable(answer):
            return answer(self)
        status, body = answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        return None

    def log_message(self, *args):
        pass


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that gave up is part of the test."""


@pytest.fixture(scope="module")
def google(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ca")
    ca, ca_key, ca_pem = certificate(folder, "ca")
    _, _, pem = certificate(folder, "localhost", (ca, ca_key))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server = QuietServer(("127.0.0.1", 0), StandIn)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.ca, server.asked, server.answer = str(ca_pem), [], None
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def configured(settings, google, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", google.ca)
    google.asked.clear()
    settings.USE_RECAPTCHA = True
    settings.RECAPTCHA_PUBLIC_KEY, settings.RECAPTCHA_PRIVATE_KEY = "site-key", "secret-key"
    settings.RECAPTCHA_DOMAIN = f"localhost:{google.server_port}"
    settings.RECAPTCHA_VERIFY_REQUEST_TIMEOUT = 1
    yield
    for thread in threading.enumerate():
        if thread.name == "recaptcha":
            thread.join()
    gc.collect()


@pytest.fixture
def post(client, sari):
    def send(token="token-from-google", **headers):
        data = {"login": sari.email, "password": GOOD, "g-recaptcha-response": token}
        return client.post(LOGIN, data, **headers)

    return send


def says(success: bool, *codes: str) -> tuple[int, bytes]:
    return 200, json.dumps({"success": success, "error-codes": list(codes)} if codes else {"success": success}).encode()


def test_a_box_that_google_confirms_opens_the_login(google, post):
    google.answer = says(True)
    assert post(headers={"X-Forwarded-For": "6.6.6.6"}).status_code == 302
    [asked] = google.asked
    assert asked == {"secret": ["secret-key"], "response": ["token-from-google"], "remoteip": ["127.0.0.1"]}


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (says(False, "timeout-or-duplicate"), "sudah dipakai atau lewat waktunya"),
        (says(False, "invalid-input-response"), "tidak meyakini"),
        (says(False), "tidak meyakini"),
        (says(False, "invalid-input-secret"), "Kunci captcha Google di situs ini keliru"),
        ((200, b"<html>captive portal</html>"), "tidak dapat dihubungi"),
        ((200, b"[]"), "tidak dapat dihubungi"),
        ((200, b"{}"), "tidak dapat dihubungi"),
        ((200, b'{"success": "yes"}'), "tidak meyakini"),
        ((200, b'{"success": false, "error-codes": 7}'), "tidak dapat dihubungi"),
        ((200, b"\xff\xfe"), "tidak dapat dihubungi"),
        ((200, b""), "tidak dapat dihubungi"),
        ((500, b"oops"), "tidak dapat dihubungi"),
        ((404, b""), "tidak dapat dihubungi"),
    ],
)
def test_each_refusal_has_its_sentence_and_opens_nothing(google, client, post, answer, sentence):
    google.answer = answer
    response = post()
    assert response.status_code == 200
    assert sentence in response.text
    assert "_auth_user_id" not in client.session
    assert 'value="sari@latih.test"' in response.text


def hang(handler):
    time.sleep(3)


def dribble(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(10):
        handler.wfile.write(b" ")
        time.sleep(0.3)


def cut(handler):
    handler.connection.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("fault", [hang, dribble, cut])
def test_a_server_that_hangs_dribbles_or_hangs_up_is_told_within_the_time(google, client, post, fault):
    google.answer = fault
    begun = time.monotonic()
    response = post()
    assert time.monotonic() - begun < 2.8
    assert "Layanan captcha Google tidak dapat dihubungi" in response.text
    assert "_auth_user_id" not in client.session


def test_nobody_listening_is_told(settings, post):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.RECAPTCHA_DOMAIN = f"localhost:{free.getsockname()[1]}"
    assert "tidak dapat dihubungi" in post().text


def test_a_certificate_of_somebody_else_is_not_believed(google, post, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    google.answer = says(True)
    assert "tidak dapat dihubungi" in post().text


def test_an_unticked_box_is_not_even_asked_about(google, post):
    assert "belum dicentang" in post("").text
    assert "tidak meyakini" in post("é" * 10).text
    assert "tidak meyakini" in post("x" * 9000).text
    assert google.asked == []


@pytest.mark.parametrize("url", [LOGIN, "/akun/daftar/", "/akun/kata-sandi/lupa/"])
def test_only_these_pages_may_load_google_and_nothing_inline(client, db, settings, url):
    settings.RECAPTCHA_DOMAIN = "www.google.com"
    response = client.get(url)
    policy = response["Content-Security-Policy"]
    assert "https://www.google.com/recaptcha/" in policy and "https://www.gstatic.com/recaptcha/" in policy
    assert "unsafe" not in policy
    assert 'src="https://www.google.com/recaptcha/api.js?hl=id"' in response.text
    assert 'data-sitekey="site-key"' in response.text
    assert "portal/js/captcha-google.js" in response.text and "portal/js/captcha.js" not in response.text
    assert "<script>" not in response.text and "data-callback" not in response.text
    assert "google" not in client.get("/ketentuan/")["Content-Security-Policy"]
