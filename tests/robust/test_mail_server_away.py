"""The mail server goes away and comes back: the answer does not wait for it, and nothing is lost."""

import time

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from tests.postgres import free_port
from tests.robust.browser import Browser
from tests.server import Server


class Mailbox:
    def __init__(self):
        self.got = []

    async def handle_DATA(self, server, session, envelope):
        self.got.append((envelope.rcpt_tos[0], envelope.content))
        return "250 OK"


class Quiet(Controller):
    def factory(self):
        return SMTP(self.handler, hostname="localhost")


def ask_for_code(server, email: str) -> float:
    """Seconds until the answer."""
    browser = Browser(server)
    form = {"email": email} | browser.tick()
    form["csrfmiddlewaretoken"] = browser.token("/akun/kata-sandi/lupa/")
    assert browser.ask("POST", "/akun/kata-sandi/lupa/", form)[0] == 302
    return browser.took


def wait_for(mailbox: Mailbox, count: int, seconds: float) -> None:
    end = time.monotonic() + seconds
    while len(mailbox.got) < count and time.monotonic() < end:
        time.sleep(0.1)
    assert len(mailbox.got) == count


@pytest.mark.parametrize("workers", ["1", "2"])
def test_mail_waits_for_the_server_and_is_sent_once(workers):
    port, mailbox = free_port(), Mailbox()
    with Server(EMAIL_URL=f"smtp://127.0.0.1:{port}", WORKERS=workers) as server:
        for number in range(5):
            assert ask_for_code(server, f"siapa{number}@latih.test") < 2
        smtp = Quiet(mailbox, hostname="127.0.0.1", port=port)
        smtp.start()
        try:
            wait_for(mailbox, 5, seconds=16)
            ask_for_code(server, "nanti@latih.test")
            wait_for(mailbox, 6, seconds=3)
            time.sleep(2)
        finally:
            smtp.stop()
    assert sorted(to for to, _ in mailbox.got) == sorted(
        [*(f"siapa{number}@latih.test" for number in range(5)), "nanti@latih.test"]
    )
    assert all(b"Message-ID" in content for _, content in mailbox.got)


def test_what_an_earlier_process_left_behind_is_sent_by_the_next(tmp_path):
    port, mailbox = free_port(), Mailbox()
    url = f"smtp://127.0.0.1:{port}"
    with Server(tmp_path, EMAIL_URL=url) as first:
        ask_for_code(first, "siapa@latih.test")
        first.kill()
    smtp = Quiet(mailbox, hostname="127.0.0.1", port=port)
    smtp.start()
    try:
        with Server(tmp_path, EMAIL_URL=url):
            wait_for(mailbox, 1, seconds=75)  # a claim of the killed process lasts up to a minute
    finally:
        smtp.stop()
