"""The article's tour: make an account, sign in, link, see the balance."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from portal import cast
from tests.browser import money
from tests.browser.steps import (
    begin_sign_up,
    fill_link,
    give_code,
    heading,
    login,
    picture,
    practice_card,
    press,
    rupiah,
    sign_out,
)


def test_from_buat_akun_baru_to_the_true_balance(page):
    page.goto("/")
    heading(page, "Login")
    picture(page, "login")
    page.get_by_role("link", name="Buat Akun Baru").click()
    heading(page, "Buat Akun Baru")
    picture(page, "daftar")

    who = begin_sign_up(page, "wulan")
    picture(page, "kode")
    with page.context.expect_page() as opened:
        page.get_by_role("main").get_by_role("link", name="Kotak Masuk").click(modifiers=["Control"])
    mailbox = opened.value
    expect(mailbox.locator(".mail").first).to_contain_text(who.email)
    picture(mailbox, "kotak-masuk")
    mailbox.locator(".mail").first.get_by_role("link").click()
    code = re.sub(r"\D", "", mailbox.locator(".code").inner_text())
    mailbox.close()
    give_code(page, code)
    heading(page, "Layanan")

    sign_out(page)
    login(page, who.email, who.password)
    page.get_by_role("link", name="Hubungkan kepesertaan").click()
    card = practice_card(page)
    fill_link(page, card)
    picture(page, "hubungkan", {"width": 1280, "height": 1150})
    press(page, "Hubungkan")

    today = datetime.now(ZoneInfo("Asia/Jakarta")).date()
    person = next(person for person in cast.practice_people() if person.jobs[0].kpj == card.kpj)
    truth = rupiah(money.balance_of(person.jobs[0], today))
    expect(page.get_by_text("Kepesertaan Anda sudah terhubung dengan akun ini.")).to_be_visible()
    expect(page.locator(".hero-figure")).to_have_text(truth)

    page.get_by_role("link", name="Layanan").click()
    page.get_by_role("link", name="Lihat Saldo JHT").click()
    expect(page.locator(".hero-figure")).to_have_text(truth)
    page.get_by_role("link", name="Lihat rincian saldo").click()
    expect(page.locator(".hero-figure")).to_have_text(truth)
    year = page.locator("details.year").first
    expect(year.get_by_role("table")).to_be_hidden()
    year.locator("summary").click()
    expect(year.get_by_role("table")).to_be_visible()
    expect(year.locator(".year__closing")).to_contain_text(truth.removeprefix("Rp"))


def test_the_code_is_legible_at_a_glance(page):
    begin_sign_up(page)
    page.goto("/kotak-masuk/")
    code = page.locator(".mail .code").first
    assert code.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 24
