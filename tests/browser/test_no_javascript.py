"""Without JavaScript every page reads and works; only the tick cannot, and its three forms say so."""

import pytest
from playwright.sync_api import expect

from tests.browser.steps import PracticeCard, fill_link, heading, press, summary

NEEDS = "memerlukan JavaScript. Nyalakan JavaScript di peramban Anda, lalu muat ulang halaman ini."


@pytest.mark.parametrize("path", ["/akun/login/", "/akun/daftar/", "/akun/kata-sandi/lupa/"])
def test_the_captcha_forms_say_that_the_tick_needs_javascript(visitor, path):
    page = visitor(java_script_enabled=False)
    page.goto(path)
    notice = page.locator("noscript p")  # Playwright's text search passes over <noscript>
    expect(notice).to_be_visible()
    expect(notice).to_contain_text(NEEDS)


def test_a_form_sent_all_the_same_gets_an_answer(visitor):
    page = visitor(java_script_enabled=False)
    page.goto("/akun/login/?sebagai=budi")
    page.get_by_role("checkbox", name="Saya bukan robot").check()
    press(page, "Login")
    expect(summary(page)).to_contain_text("Pemeriksaan ini memerlukan JavaScript.")
    expect(page.get_by_label("E-mail", exact=True)).to_have_value("budi@latih.test")


def test_a_password_field_is_plain(visitor):
    page = visitor(java_script_enabled=False)
    page.goto("/akun/login/")
    expect(page.locator(".password__toggle")).to_be_hidden()


def test_balance_statement_menu_and_keluar_work(signed_in, session_of, visitor):
    page = signed_in("siti", java_script_enabled=False)
    page.goto("/")
    page.get_by_role("link", name="Lihat Saldo JHT").click()
    expect(page.locator(".hero-figure")).to_contain_text("Rp")
    page.locator(".hint summary").click()
    expect(page.get_by_text("Pekerjaan baru sering berarti KPJ baru")).to_be_visible()
    page.get_by_role("link", name="Lihat rincian saldo").first.click()
    year = page.locator("details.year").first
    year.locator("summary").click()
    expect(year.get_by_role("table")).to_be_visible()
    page.locator(".menu__more summary").click()
    page.get_by_role("link", name="Perangkat").click()
    heading(page, "Perangkat")
    page.goto("/kotak-masuk/")
    heading(page, "Kotak Masuk")


def test_hubungkan_answers(own_account):
    page = own_account(java_script_enabled=False)
    page.goto("/jht/hubungkan/")
    fill_link(page, PracticeCard("4971015503900001", "123", "", "31-02-1990"))
    press(page, "Hubungkan")
    expect(summary(page).get_by_role("link")).to_have_count(3)
    summary(page).get_by_role("link").last.click()
    expect(page.get_by_label("Tanggal lahir")).to_be_focused()


def test_the_desk_records_without_javascript(signed_in):
    page = signed_in("petugas", java_script_enabled=False)
    page.goto("/petugas/jht/employer/add/")
    page.get_by_label("NPP").fill("L4999001")
    page.get_by_label("Nama").fill("PT Tanpa Skrip Rekaan")
    page.get_by_label("Kota").fill("Latihan Utara")
    page.locator("input[name=_save]").click()
    expect(page.locator(".messagelist")).to_contain_text("PT Tanpa Skrip Rekaan")
