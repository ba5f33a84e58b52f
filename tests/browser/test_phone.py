"""The phone on screen: register and read the balance by hand, by keyboard, without JavaScript, beside a page."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from portal import cast
from portal.sms.language import length
from tests.browser import money
from tests.browser.steps import is_wider_than_the_window, picture, press, rupiah
from tests.browser.test_every_page import complaints
from tests.browser.test_keyboard import tab_to

BUDI = next(person for person in cast.PEOPLE if person.slug == "budi")
REGISTER = "DAFTAR SALDO#4971011503880001#15-03-1988#49000000011"
WIDE = {"viewport": {"width": 1440, "height": 900}}


def bubbles(page: Page):
    return page.locator(".phone .bubble__text")


def send(page: Page, text: str) -> None:
    page.get_by_label("Pesan ke 2757").fill(text)
    press(page, "Kirim")


def balance() -> str:
    return rupiah(money.balance_of(BUDI.jobs[0], datetime.now(ZoneInfo("Asia/Jakarta")).date()))


def register_and_ask(page: Page) -> None:
    page.goto("/telepon/")
    send(page, REGISTER)
    expect(bubbles(page)).to_have_count(2)
    expect(bubbles(page).last).to_contain_text("sekarang terdaftar untuk KPJ *******0011")
    send(page, "SALDO 49000000011")
    expect(bubbles(page)).to_have_count(4)
    expect(bubbles(page).last).to_contain_text(balance())


def test_register_by_text_and_read_the_balance(page):
    register_and_ask(page)
    expect(page.get_by_label("Pesan ke 2757")).to_be_focused()
    expect(page.get_by_label("Pesan ke 2757")).to_have_value("")
    picture(page, "telepon")
    assert page.locator("[data-log]").evaluate("log => log.scrollTop + log.clientHeight >= log.scrollHeight - 1")

    page.reload()
    expect(bubbles(page)).to_have_count(4)


def test_another_number_knows_nothing_of_it(page):
    register_and_ask(page)
    page.get_by_label("Nomor telepon").select_option(index=1)
    expect(bubbles(page)).to_have_count(0)
    send(page, "SALDO 49000000011")
    expect(bubbles(page).last).to_contain_text("belum terdaftar")


def test_another_number_keeps_the_draft_and_the_page_says_which_it_is(page):
    page.goto("/telepon/")
    page.get_by_label("Pesan ke 2757").fill("SALDO 4900")
    page.get_by_label("Nomor telepon").select_option(index=1)
    expect(page.locator(".phone-list a[aria-current]")).to_have_attribute("href", "/telepon/?nomor=002")
    expect(page.get_by_label("Pesan ke 2757")).to_have_value("SALDO 4900")
    page.reload()
    expect(page.get_by_label("Nomor telepon")).to_have_value("002")


def test_a_number_that_receives_twice(page):
    page.goto("/telepon/?nomor=903")
    expect(page.locator(".phone__kind")).to_have_text("menerima setiap SMS dua kali")
    send(page, "halo")
    expect(bubbles(page)).to_have_count(3)


def test_what_comes_appears_by_itself_and_only_once(page):
    page.goto("/telepon/")
    elsewhere = page.context.new_page()
    elsewhere.goto("/telepon/")
    send(elsewhere, "halo")
    expect(bubbles(page)).to_have_count(2)
    page.wait_for_timeout(3500)
    expect(bubbles(page)).to_have_count(2)


def test_an_empty_text_says_what_is_missing(page):
    page.goto("/telepon/")
    press(page, "Kirim")
    expect(page.locator(".phone__error")).to_contain_text("Pesan masih kosong")
    expect(page.get_by_label("Pesan ke 2757")).to_have_accessible_description(
        "Pesan masih kosong. Ketik misalnya SALDO lalu nomor KPJ."
    )
    assert complaints(page) == []


def test_by_keyboard_alone(page):
    page.goto("/telepon/")
    tab_to(page, "Nomor telepon")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".phone__pick select")).to_be_focused()
    expect(page.locator(".phone__pick select")).to_have_value("002")
    tab_to(page, "Pesan ke 2757")
    page.keyboard.type(REGISTER)
    tab_to(page, "Kirim")
    page.keyboard.press("Enter")
    expect(bubbles(page).last).to_contain_text("terdaftar untuk KPJ")
    page.keyboard.type("SALDO 49000000011")
    page.keyboard.press("Control+Enter")
    expect(bubbles(page).last).to_contain_text(balance())


def test_without_javascript_every_step_is_a_page(visitor):
    page = visitor(java_script_enabled=False)
    register_and_ask(page)
    expect(page).to_have_url(f"{page.url.partition('/telepon/')[0]}/telepon/?nomor=001")
    page.get_by_label("Nomor telepon").select_option(index=3)
    press(page, "Pilih")
    expect(page.locator(".phone__kind")).to_contain_text("terlambat")
    send(page, "")
    expect(page.locator(".phone__error")).to_be_visible()


@pytest.mark.parametrize("path", ["/telepon/", "/telepon/?nomor=901"])
def test_axe_finds_nothing_and_nothing_is_wider_than_320_pixels(visitor, watch, path):
    page = visitor()
    page.goto(path)
    send(page, "DAFTAR SALDO#4971011503880001#31-02-1988#49000000011")
    expect(bubbles(page).first).to_be_visible()
    assert watch.found() == []  # now, because axe itself tries things that the page's policy forbids
    assert complaints(page) == []
    watch.faults.clear()


def test_it_stands_beside_any_page_on_a_wide_screen(signed_in, watch):
    page = signed_in("budi", **WIDE)
    page.goto("/telepon/")
    press(page, "Letakkan di samping setiap halaman")
    page.goto("/jht/")
    beside = page.locator(".phone-beside")
    expect(beside.locator(".phone")).to_be_visible()
    send(page, "halo")
    expect(bubbles(page).last).to_contain_text("Kata tidak dikenal")
    expect(page.locator(".hero-figure")).to_be_visible()
    assert is_wider_than_the_window(page) == 0
    phone, main = beside.bounding_box(), page.locator("main").bounding_box()
    assert main["x"] + main["width"] <= phone["x"]
    assert phone["y"] >= 0
    assert phone["y"] + phone["height"] <= 900
    picture(page, "telepon-di-samping", WIDE["viewport"])

    beside.get_by_label("Nomor telepon").select_option(index=1)
    expect(bubbles(page)).to_have_count(0)
    page.goto("/jht/49000000011/")
    expect(beside.get_by_label("Nomor telepon")).to_have_value("002")
    assert watch.found() == []
    assert complaints(page) == []
    watch.faults.clear()
    page.set_viewport_size(WIDE["viewport"])
    press(page, "Singkirkan telepon")
    expect(beside).to_have_count(0)
    page.goto("/jht/")
    expect(page.locator(".hero-figure")).to_be_visible()
    expect(beside).to_have_count(0)


@pytest.mark.parametrize("path", ["/petugas/", "/petugas/jht/contribution/", "/petugas/jht/participant/add/"])
def test_it_stands_beside_the_pages_of_the_desk(signed_in, watch, path):
    page = signed_in("pelatih", **WIDE)
    page.goto("/telepon/")
    press(page, "Letakkan di samping setiap halaman")
    page.goto(path)
    beside = page.locator(".phone-beside")
    expect(beside.locator(".phone")).to_be_visible()
    send(page, "halo")
    expect(bubbles(page).last).to_contain_text("Kata tidak dikenal")
    assert is_wider_than_the_window(page) == 0
    phone, main = beside.bounding_box(), page.locator("#container").bounding_box()
    assert main["x"] + main["width"] <= phone["x"]
    assert phone["y"] >= 0
    assert phone["y"] + phone["height"] <= 900
    if path.endswith("/contribution/"):
        picture(page, "telepon-di-meja", WIDE["viewport"])
    page.set_viewport_size({"width": 1200, "height": 700})
    assert is_wider_than_the_window(page) == 0
    assert watch.found() == []
    assert complaints(page) == []
    watch.faults.clear()
    page.set_viewport_size(WIDE["viewport"])
    press(page, "Singkirkan telepon")
    expect(beside).to_have_count(0)
    expect(page.locator("#content-start")).to_be_focused()


COUNTED = (
    "", "SALDO 49000000011", REGISTER, "a" * 160, "a" * 161, "a" * 306, "a" * 307, "€" * 80, "€" * 81, "é" * 160,
    "—", "—" * 70, "—" * 71, "😀" * 35, "😀" * 36, "baris\nbaris", "[kurung]~|^{}\\",
    "ç", "Ç", "ñ" * 161, "٣", "a" * 1000,
)  # fmt: skip


def test_the_counter_counts_as_the_server_does(page):
    page.goto("/telepon/")
    for text in COUNTED:
        page.get_by_label("Pesan ke 2757").fill(text)
        expected = length(text)
        cost = f"{expected.parts * 350:,}".replace(",", ".")
        expect(page.locator("[data-count]")).to_have_text(
            f"{expected.left} karakter lagi · {expected.parts} SMS · Rp{cost} (angka latihan)"
        )
