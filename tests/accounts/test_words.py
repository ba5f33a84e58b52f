"""One word for one thing on every page: "kata sandi", "e-mail", "Anda"."""

import doctest
import re
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import gettext, ngettext

from accounts import devices, passwords
from tests.accounts.conftest import GOOD, words

CATALOGUE = Path(settings.LOCALE_PATHS[0]) / "id" / "LC_MESSAGES"


def said(catalogue) -> dict:
    return {(e.msgctxt, e.msgid): (e.msgstr, e.msgstr_plural) for e in catalogue}


def test_the_compiled_catalogue_says_what_the_written_one_says():
    written, compiled = polib.pofile(str(CATALOGUE / "django.po")), polib.mofile(str(CATALOGUE / "django.mo"))
    assert said(written) == said(compiled)


def test_every_placeholder_of_the_original_is_kept():
    for entry in polib.pofile(str(CATALOGUE / "django.po")):
        marks = r"%(?:\(\w+\))?[sd]|</?\w+>"
        ours = entry.msgstr or entry.msgstr_plural[0]
        assert sorted(re.findall(marks, entry.msgid)) == sorted(re.findall(marks, ours)), entry.msgid


@pytest.mark.parametrize(
    ("original", "ours"),
    [
        ("Password", "Kata sandi"),
        ("Change password", "Ganti kata sandi"),
        ("Model name", "Daftar"),
        ("The two password fields didn’t match.", "Kedua kata sandi tidak sama. Ketik yang sama di kedua kotak."),
    ],
)
def test_django_speaks_as_we_do(original, ours):
    assert gettext(original) == ours


@pytest.mark.parametrize("errors", [1, 2])
def test_above_a_faulty_form_of_the_desk_stands_our_sentence(errors):
    ours = "Belum disimpan. Perbaiki isian yang ditandai di bawah ini."
    assert ngettext("Please correct the error below.", "Please correct the errors below.", errors) == ours


VISITOR = [
    "/akun/login/",
    "/akun/daftar/",
    "/akun/kata-sandi/lupa/",
    "/akun/kata-sandi/lupa/selesai/",
    "/akun/nonaktif/",
]
MEMBER = ["/akun/kata-sandi/ubah/", "/akun/email/", "/akun/perangkat/", "/akun/keluar/", "/akun/konfirmasi/"]


@pytest.mark.parametrize("url", VISITOR + MEMBER)
def test_every_page_says_kata_sandi_and_anda(client, sari, url):
    if url in MEMBER:
        client.force_login(sari)
    response = client.get(url)
    assert response.status_code == 200
    text = words(response)
    assert not re.search(r"(?<![Kk]ata )\b[Ss]andi\b|\banda\b|\b[Kk]amu\b|[Pp]assword|\b[Ee]mail\b|surel", text), text
    assert response.text.count("<h1") == 1
    assert "SIMULASI — bukan situs resmi" in response.text


@pytest.mark.parametrize("url", ["/akun/kode/", "/akun/kata-sandi/lupa/kode/", "/akun/kata-sandi/lupa/baru/"])
def test_pages_in_the_middle_lead_to_the_beginning(db, url):
    assert Client().get(url).status_code == 302


def test_every_mail_says_first_that_it_is_a_simulation(client, sari, tick, sign_up, login, mails):
    sign_up()
    sign_up("sari@latih.test")
    for email in ("sari@latih.test", "tidak@latih.test"):
        client.post("/akun/kata-sandi/lupa/", {"email": email} | tick())
    login(sari.email, GOOD)
    client.post(
        "/akun/kata-sandi/ubah/", {"oldpassword": GOOD, "password1": "tiga kuda laut", "password2": "tiga kuda laut"}
    )
    client.post("/akun/email/", {"email": "lain@latih.test"})
    client.post("/akun/konfirmasi/?next=/akun/email/", {"password": "tiga kuda laut"})
    client.post("/akun/kode/", {"code": mails()[-1].code})
    client.post("/akun/keluar/")
    assert len(mails()) == 7
    for mail in mails():
        assert mail.body.splitlines()[0] == "SIMULASI — bukan situs resmi"
        assert mail.subject.startswith("[SIMULASI] ")
        text = re.sub(r"\S+@\S+", "", mail.body)
        assert not re.search(r"(?<![Kk]ata )\bsandi\b|\banda\b|\bkamu\b|[Pp]assword|\bemail\b|surel|!|http", text), text
        assert "None" not in mail.body and "{" not in mail.body and "&" not in mail.body


def test_links_in_mails_come_from_the_setting_and_not_from_the_request(client, sign_up, mails, settings):
    settings.SITE_ORIGIN = "https://latih.example"
    settings.ALLOWED_HOSTS = ["*"]
    client.defaults["HTTP_HOST"] = "jahat.example"
    sign_up()
    assert "https://latih.example" in mails()[0].body
    assert "jahat" not in mails()[0].body


@pytest.mark.parametrize("module", [passwords, devices])
def test_the_examples_beside_the_rules_hold(module):
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
