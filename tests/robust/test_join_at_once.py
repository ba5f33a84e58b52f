"""Setuju pressed many times at once, at servers of two processes: one account, one KPJ, no fault."""

import re
import secrets
from concurrent.futures import ThreadPoolExecutor

from tests.robust.browser import Browser
from tests.server import Server

WORKERS, PRESSES = 2, 12
WORD = "tebu-kopi-sungai-42"
COUNT = """
from accounts.models import User
from jht.models import AuditRecord, LinkAttempt, Participant
mine = {{"user__email": "{email}"}}
print("counted", User.objects.filter(email="{email}").count(), Participant.objects.filter(**mine).count(),
    LinkAttempt.objects.filter(**mine).count(), AuditRecord.objects.filter(act="linked").count())
"""


def answer(browser: Browser, step: str, **given: str) -> None:
    path = f"/jmo/daftar/{step}/"
    status, _, text = browser.ask("POST", path, given | {"csrfmiddlewaretoken": browser.token(path)})
    assert status == 302, (step, text)


def shown(text: str, label: str) -> str:
    """What the practice card says under this label."""
    return re.sub(r"<[^>]+>", "", re.search(rf"<dt>{label}</dt><dd>(.*?)</dd>", text)[1])


def come_to_consent(browser: Browser, email: str) -> None:
    answer(browser, "peserta", answer="ya")
    answer(browser, "jenis", answer="PU")
    answer(browser, "kewarganegaraan", answer="WNI")
    card = browser.ask("GET", "/jmo/daftar/data/")[2]
    labels = {"name": "Nama lengkap", "birth_date": "Tanggal lahir", "nik": "NIK", "kpj": "Nomor KPJ"}
    answer(browser, "data", **{name: shown(card, label) for name, label in labels.items()})
    answer(browser, "email", email=email, **browser.tick())
    answer(browser, "kode-email", code=code_in(browser.ask("GET", "/kotak-masuk/")[2]))
    phone = re.search(r'name="own" value="([0-9]+)"', browser.ask("GET", "/jmo/daftar/handphone/")[2])[1]
    answer(browser, "handphone", own=phone)
    answer(browser, "kode-sms", code=code_in(browser.ask("GET", f"/telepon/?nomor={phone[-3:]}")[2]))
    answer(browser, "kata-sandi", password1=WORD, password2=WORD)


def code_in(page: str) -> str:
    return re.search(r'<span class="code">([0-9]{6})</span>', page)[1]


def test_one_account_however_often_setuju_is_pressed(database):
    email = f"serentak-{secrets.token_hex(3)}@latih.test"
    with Server(WORKERS=str(WORKERS), **database) as server:
        browser = Browser(server)
        come_to_consent(browser, email)
        token = browser.token("/jmo/daftar/setuju/")

        def press(_: int) -> tuple[int, str]:
            data = {"consent": "on", "csrfmiddlewaretoken": token}
            status, headers, _ = Browser(server, browser.cookies).ask("POST", "/jmo/daftar/setuju/", data)
            return status, headers["Location"]

        with ThreadPoolExecutor(PRESSES) as pool:
            answers = list(pool.map(press, range(PRESSES)))
        counted = server.manage("shell", "-c", COUNT.format(email=email)).split("counted")[1].split()

    assert {status for status, _ in answers} == {302}
    assert [place for _, place in answers].count("/jmo/daftar/selesai/") == 1
    assert {place for _, place in answers} <= {"/jmo/daftar/selesai/", "/jmo/masuk/", "/jmo/daftar/peserta/"}
    assert counted == ["1", "1", "1", "1"]
