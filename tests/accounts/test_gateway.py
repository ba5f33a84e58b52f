"""Texts of ours leave through the gateway of SMS_URL: taken, refused, tried again; a code does not stay behind."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from accounts import gateway
from accounts.models import TextMessage
from accounts.texts import send_code, send_text

pytestmark = pytest.mark.django_db
PHONE = "0849111111001"
State = TextMessage.State


class Sendsms(HTTPServer):
    """Speaks as Kannel's sendsms service does; `answers`: what it says to each request in turn."""

    def __init__(self):
        self.asked, self.answers = [], []
        super().__init__(("127.0.0.1", 0), Handler)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(parse_qs(urlsplit(self.path).query))
        status = self.server.answers.pop(0) if self.server.answers else 202
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def sendsms(settings, monkeypatch):
    monkeypatch.setattr(gateway, "wake", lambda: None)  # the test itself delivers
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # the address of an operator is asked directly
    server = Sendsms()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.SMS_URL = f"http://127.0.0.1:{server.server_port}/cgi-bin/sendsms?username=latih&password=rahasia"
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def the_text() -> TextMessage:
    return TextMessage.objects.get()


def test_a_text_is_handed_over_with_what_the_operator_wrote(sendsms):
    now = timezone.now()
    send_text(PHONE, "Halo & selamat = pagi?", now)
    assert the_text().state == State.PENDING

    assert gateway.deliver_due(now) == 1

    (asked,) = sendsms.asked
    assert asked["to"] == [PHONE]
    assert asked["text"] == ["SIMULASI. Halo & selamat = pagi?"]
    assert (asked["username"], asked["charset"]) == (["latih"], ["UTF-8"])
    assert the_text().state == State.SENT
    assert gateway.deliver_due(now) == 0


@pytest.mark.parametrize(("status", "state"), [(202, State.SENT), (403, State.FAILED)])
def test_a_code_cannot_be_read_here_once_it_has_left(sendsms, status, state):
    sendsms.answers = [status]
    now = timezone.now()
    send_code(PHONE, "048213", now)

    gateway.deliver_due(now)

    row = the_text()
    assert sendsms.asked[0]["text"][0].startswith("SIMULASI. Kode verifikasi Anda 048213")
    assert (row.state, row.code) == (state, "")
    assert "048213" not in row.text


@pytest.mark.parametrize("status", [302, 408, 429, 500, 503])
def test_a_busy_gateway_is_asked_again_and_given_up_after_an_hour(sendsms, status):
    sendsms.answers = [status, status, 202]
    now = timezone.now()
    send_text(PHONE, "halo", now)
    gateway.deliver_due(now)
    row = the_text()
    assert (row.state, row.tries) == (State.PENDING, 1)
    assert row.next_try_at > now

    TextMessage.objects.update(arrives_at=now - timedelta(hours=2))
    gateway.deliver_due(row.next_try_at)

    assert the_text().state == State.FAILED
    assert len(sendsms.asked) == 2  # nobody followed the redirect


def test_a_gateway_that_is_away_is_asked_again(settings, monkeypatch):
    monkeypatch.setattr(gateway, "wake", lambda: None)
    settings.SMS_URL = "http://127.0.0.1:9/"
    now = timezone.now()
    send_text(PHONE, "halo", now)

    assert gateway.deliver_due(now) == 0

    assert (the_text().state, the_text().last_error) == (State.PENDING, "URLError")


def test_two_workers_hand_a_text_over_once(sendsms):
    now = timezone.now()
    send_text(PHONE, "halo", now)
    row = the_text()

    assert gateway._deliver(row, now) is True
    assert gateway._deliver(row, now) is False

    assert len(sendsms.asked) == 1


def test_faults_of_a_number_hold_at_the_gateway_too(sendsms):
    now = timezone.now()
    for ending in ("901", "902", "903"):
        send_text(f"0849111111{ending}", "halo", now)

    gateway.deliver_due(now)

    assert [asked["to"][0][-3:] for asked in sendsms.asked] == ["903", "903"]
    gateway.deliver_due(now + timedelta(minutes=2))
    assert sendsms.asked[-1]["to"][0][-3:] == "902"
    assert TextMessage.objects.get(phone__endswith="901").state == State.LOST


def test_without_a_gateway_nothing_leaves(settings):
    settings.SMS_URL = ""
    send_text(PHONE, "halo", timezone.now())

    assert the_text().state == State.CAPTURED
    assert gateway.anything_waits() is False
