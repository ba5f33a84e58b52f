"""Every mail is a row first; who may read it, and how it leaves."""

import smtplib
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from django.core.mail import send_mail
from django.test import Client
from django.utils import timezone

from accounts import courier, delivery
from accounts.models import OutboxMessage, User
from accounts.outbox import inbox_key
from tests.accounts.conftest import GOOD

RESET = "/akun/kata-sandi/lupa/"
State = OutboxMessage.State


@pytest.fixture
def readable(client, rf):
    """What this browser may read."""

    def by(browser=client):
        request = rf.get("/")
        request.COOKIES = {name: morsel.value for name, morsel in browser.cookies.items()}
        return list(OutboxMessage.objects.readable_by(inbox_key(request)).values_list("to", flat=True))

    return by


def in_another_browser(client):
    """Go on with empty cookies; returns those of before."""
    before, client.cookies = client.cookies, Client().cookies
    return before


def test_without_a_mail_there_is_no_mailbox(client, db, readable):
    assert readable() == []
    assert "kotak" not in client.get("/akun/login/").cookies


def test_what_goes_out_by_smtp_is_read_by_nobody_here(client, sign_up, readable, settings, monkeypatch):
    monkeypatch.setattr(delivery, "wake", lambda: None)
    settings.EMAIL_URL = "smtp://127.0.0.1:9"

    sign_up()

    assert OutboxMessage.objects.get().state == State.PENDING
    assert readable() == []


def test_the_cookie_is_hidden_from_scripts_and_signed(client, sign_up, readable):
    cookie = sign_up().cookies["kotak"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/"
    assert readable() == ["baru@latih.test"]
    client.cookies["kotak"] = cookie.value[:-1] + ("A" if cookie.value[-1] != "A" else "B")
    assert readable() == []


def test_a_mailbox_survives_login_and_logout(client, sign_up, enter_code, mails, readable):
    sign_up()
    enter_code(mails()[0].code)
    client.post("/akun/keluar/")
    assert readable() == ["baru@latih.test"]


def test_a_code_belongs_to_the_browser_that_made_the_account(client, sign_up, enter_code, mails, tick, readable):
    sign_up()
    enter_code(mails()[0].code)
    client.post("/akun/keluar/")
    owner = in_another_browser(client)
    client.post(RESET, {"email": "baru@latih.test"} | tick())
    assert mails()[-1].code
    assert readable() == []
    client.cookies = owner
    assert readable() == ["baru@latih.test"] * 2


def test_nobody_reads_codes_for_an_account_an_operator_made(client, tick, mails, readable):
    User.objects.create_user("pelatih@latih.test", GOOD, is_staff=True)
    client.post(RESET, {"email": "pelatih@latih.test"} | tick())
    assert mails()[0].code
    assert readable() == []


def test_codes_for_a_shared_example_account_are_read_by_whoever_asked(client, tick, readable):
    User.objects.create_user("budi@latih.test", GOOD, is_shared=True)
    client.post(RESET, {"email": "budi@latih.test"} | tick())
    first = in_another_browser(client)
    client.post(RESET, {"email": "budi@latih.test"} | tick())
    assert readable() == ["budi@latih.test"]
    client.cookies = first
    assert readable() == ["budi@latih.test"]


def test_asking_first_does_not_make_ones_own_the_mail_of_another(client, sign_up, tick, readable):
    client.post(RESET, {"email": "baru@latih.test"} | tick())
    in_another_browser(client)
    sign_up("baru@latih.test")
    assert readable() == ["baru@latih.test"]


def test_nothing_leaves_the_machine_by_default(db, settings, monkeypatch):
    assert settings.EMAIL_URL == ""
    monkeypatch.setattr(smtplib.SMTP, "connect", lambda *args: pytest.fail("a connection"))
    send_mail("Perihal", "Isi", None, ["a@latih.test"])
    assert delivery.deliver_due(timezone.now()) == 0
    assert OutboxMessage.objects.get().state == State.CAPTURED


# --- With a real SMTP server ---------------------------------------------------------------------------------
class Mailbox:
    """Keeps what arrives; refuses recipients named `tolak`."""

    def __init__(self):
        self.got = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("tolak"):
            return "550 no such mailbox"
        if address.startswith("nanti"):
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.got.append(envelope)
        return "250 OK"


class Quiet(Controller):
    def factory(self):
        return SMTP(self.handler, hostname="localhost")


@pytest.fixture
def smtp(settings):
    from tests.postgres import free_port

    settings.EMAIL_URL = "smtp://localhost"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    controller = Quiet(Mailbox(), hostname=settings.EMAIL_HOST, port=settings.EMAIL_PORT)
    yield controller
    if controller._thread:
        controller.stop()
    else:
        controller.loop.close()


@pytest.fixture
def write(db):
    def one(to="sari@latih.test"):
        send_mail("[SIMULASI] Kode", "SIMULASI — bukan situs resmi\n\n482913\n", None, [to])
        return OutboxMessage.objects.latest("pk")

    return one


def test_a_mail_reaches_the_server_and_its_text_is_erased_here(smtp, write):
    smtp.start()
    mail = write()
    assert (mail.state, mail.body != "") == (State.PENDING, True)
    assert delivery.deliver_due(timezone.now()) == 1
    [got] = smtp.handler.got
    assert got.rcpt_tos == ["sari@latih.test"]
    assert b"482913" in got.content or b"NDgyOTEz" in got.content
    mail.refresh_from_db()
    assert (mail.state, mail.body, mail.code) == (State.SENT, "", "")
    assert delivery.deliver_due(timezone.now()) == 0


def test_a_server_that_comes_back_gets_every_mail(smtp, write):
    write(), write("budi@latih.test")
    at = timezone.now()
    for _ in range(6):
        assert delivery.deliver_due(at) == 0
        at = max(OutboxMessage.objects.values_list("next_try_at", flat=True))
    assert OutboxMessage.objects.filter(state=State.PENDING).exclude(body="").count() == 2
    smtp.start()
    assert delivery.deliver_due(at) == 2
    assert {rcpt for got in smtp.handler.got for rcpt in got.rcpt_tos} == {"sari@latih.test", "budi@latih.test"}


def test_while_the_server_is_away_the_next_try_is_at_most_15_seconds_off(smtp, write):
    mail = write()
    at = timezone.now()
    for _ in range(10):
        delivery.deliver_due(at)
        mail.refresh_from_db()
        assert timedelta(0) < mail.next_try_at - at <= timedelta(seconds=15)
        at = mail.next_try_at


def test_a_mail_two_workers_see_is_sent_once(smtp, write):
    smtp.start()
    write()
    at = timezone.now()
    [seen_by_first], [seen_by_second] = OutboxMessage.objects.due(at), OutboxMessage.objects.due(at)
    assert [delivery._deliver(seen_by_first, at), delivery._deliver(seen_by_second, at)] == [True, False]
    assert len(smtp.handler.got) == 1


def test_a_mail_claimed_by_a_worker_that_died_is_taken_over(smtp, write):
    smtp.start()
    mail = write()
    at = timezone.now()
    OutboxMessage.objects.filter(pk=mail.pk).update(next_try_at=at + courier.CLAIM)
    assert delivery.deliver_due(at) == 0
    assert delivery.deliver_due(at + courier.CLAIM) == 1


def test_an_address_the_server_refuses_for_good_is_not_tried_for_ever(smtp, write):
    smtp.start()
    refused, later = write("tolak@latih.test"), write("nanti@latih.test")
    delivery.deliver_due(timezone.now())
    refused.refresh_from_db(), later.refresh_from_db()
    assert (refused.state, later.state) == (State.FAILED, State.PENDING)


def test_codes_are_sent_after_the_answer(smtp, sign_up, mails, django_capture_on_commit_callbacks, monkeypatch):
    woken = []
    monkeypatch.setattr(delivery, "wake", lambda: woken.append(1))
    with django_capture_on_commit_callbacks(execute=True):
        assert sign_up().status_code == 302
    assert woken == [1]
    assert mails()[0].state == State.PENDING
