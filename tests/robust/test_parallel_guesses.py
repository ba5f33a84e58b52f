"""What is limited, and what works once, also when posted forty times at the same moment to several workers."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.robust.browser import Browser
from tests.server import Server

GOOD, FORTY = "gelas kuda awan 7", 40


@pytest.fixture(scope="module")
def server():
    with Server(WORKERS="2") as running:
        yield running


def at_once(jobs: list) -> list[tuple]:
    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result() for future in [pool.submit(job) for job in jobs]]


def test_forty_guesses_at_once_at_one_account_are_ten(server):
    browser = Browser(server)
    token = browser.token("/akun/login/")
    forms = [
        {"login": "korban@latih.test", "password": f"tebakan nomor {n}", "csrfmiddlewaretoken": token} | browser.tick()
        for n in range(FORTY)
    ]
    cookies = browser.cookies
    answers = at_once([lambda form=form: Browser(server, cookies).ask("POST", "/akun/login/", form) for form in forms])
    assert {status for status, _, _ in answers} == {200}
    looked_at = sum("E-mail atau kata sandi tidak cocok" in text for _, _, text in answers)
    locked = sum("Coba lagi dalam" in text for _, _, text in answers)
    assert (looked_at, locked) == (10, 30)


def test_one_answer_to_the_captcha_opens_one_form(server):
    browser = Browser(server)
    form = {"csrfmiddlewaretoken": browser.token("/akun/kata-sandi/lupa/")} | browser.tick()
    cookies = browser.cookies
    answers = at_once(
        [
            lambda n=n: Browser(server, cookies).ask(
                "POST", "/akun/kata-sandi/lupa/", form | {"email": f"siapa{n}@latih.test"}
            )
            for n in range(FORTY)
        ]
    )
    assert sorted(status for status, _, _ in answers) == [200] * (FORTY - 1) + [302]
    assert sum("sudah dipakai" in text for _, _, text in answers) == FORTY - 1


def begin_sign_up(server, email: str) -> tuple[Browser, dict, str]:
    """A browser on the code page, the form it posts there, and the code from its mailbox."""
    browser = Browser(server)
    form = {"email": email, "password1": GOOD, "password2": GOOD, "consent": "on"} | browser.tick()
    form["csrfmiddlewaretoken"] = browser.token("/akun/daftar/")
    assert browser.ask("POST", "/akun/daftar/", form)[0] == 302
    code = re.search(r'class="code"[^>]*>\s*(\d{6})', browser.ask("GET", "/kotak-masuk/")[2])[1]
    return browser, {"csrfmiddlewaretoken": browser.token("/akun/kode/")}, code


def test_forty_wrong_codes_at_once_in_one_session_are_five(server):
    browser, form, code = begin_sign_up(server, "penebak@latih.test")
    guesses = [f"{(int(code) + 1 + n) % 10**6:06d}" for n in range(FORTY)]
    answers = at_once(
        [
            lambda guess=guess: Browser(server, browser.cookies).ask("POST", "/akun/kode/", form | {"code": guess})
            for guess in guesses
        ]
    )
    assert sum("Kode itu tidak cocok" in text for _, _, text in answers) == 5
    assert sum("sudah salah lima kali" in text for _, _, text in answers) == FORTY - 5


def test_the_right_code_forty_times_at_once_makes_one_account(server):
    browser, form, code = begin_sign_up(server, "sekali@latih.test")
    answers = at_once(
        [lambda: Browser(server, browser.cookies).ask("POST", "/akun/kode/", form | {"code": code})] * FORTY
    )
    assert {status for status, _, _ in answers} <= {200, 302}
    assert sum(headers.get("Location") == "/" for _, headers, _ in answers) == 1
    count = "from accounts.models import User; print(User.objects.filter(email='sekali@latih.test').count())"
    assert server.manage("shell", "-v", "0", "-c", count).strip() == "1"
