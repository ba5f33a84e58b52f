"""Unduh rincian and Kartu Digital in a real browser: files arrive, the card is readable, scanned and printed."""

import io

import openpyxl
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.steps import is_wider_than_the_window, picture, press
from tests.browser.test_every_page import complaints
from tests.browser.test_keyboard import heading, tab_to


def statement(page: Page) -> None:
    page.goto("/jht/")
    page.get_by_role("link", name="Lihat rincian saldo").first.click()
    expect(page.get_by_role("heading", level=2, name="Unduh rincian")).to_be_visible()


def saved(page: Page, button: str) -> tuple[str, bytes]:
    with page.expect_download() as download:
        press(page, button)
    return download.value.suggested_filename, download.value.path().read_bytes()


def card(page: Page) -> None:
    page.goto("/jht/kartu/")
    page.get_by_role("link", name="Buka kartu").first.click()
    expect(page.get_by_role("img", name="Kode QR")).to_be_visible()


def test_the_statement_is_saved_as_three_files(signed_in):
    page = signed_in("siti")
    statement(page)

    name, pdf = saved(page, "Unduh PDF")
    assert name.startswith("simulasi-rincian-jht-49")
    assert name.endswith(".pdf")
    assert "SIMULASI — bukan situs resmi" in PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    name, xlsx = saved(page, "Unduh XLSX")
    assert openpyxl.load_workbook(io.BytesIO(xlsx)).worksheets[0]["A1"].value.startswith("SIMULASI")
    name, csv = saved(page, "Unduh CSV")
    assert csv.decode("utf-8-sig").startswith("SIMULASI")


def test_without_javascript_and_by_keyboard(signed_in):
    page = signed_in("siti", java_script_enabled=False)
    statement(page)

    tab_to(page, "Dari tahun")  # which selects what stands there
    page.keyboard.press("Control+A")
    page.keyboard.type("abc")
    page.keyboard.press("Enter")
    heading(page, "Unduh rincian")
    expect(page.locator(".error-summary")).to_contain_text("empat angka")
    expect(page.get_by_label("Dari tahun")).to_have_value("abc")


def test_a_wrong_year_is_put_right_on_the_page_that_says_so(signed_in):
    page = signed_in("siti")
    statement(page)
    page.get_by_label("Dari tahun").fill("1900")
    page.get_by_label("Sampai tahun").fill("1901")
    press(page, "Unduh PDF")

    expect(page.locator(".error-summary")).to_be_focused()
    assert complaints(page) == []
    page.get_by_label("Dari tahun").fill("")
    page.get_by_label("Sampai tahun").fill("")
    name, _ = saved(page, "Unduh PDF")
    assert name.endswith(".pdf")


def test_the_statement_with_its_download_pleases_axe(signed_in):
    page = signed_in("siti")
    statement(page)

    assert complaints(page) == []


def test_the_card_is_reached_by_keyboard(signed_in):
    page = signed_in("siti")
    page.goto("/")
    tab_to(page, "Kartu Digital")
    page.keyboard.press("Enter")
    heading(page, "Kartu Digital")
    tab_to(page, "Buka kartu")
    page.keyboard.press("Enter")
    heading(page, "Kartu Digital")
    tab_to(page, "Lihat halaman pemeriksaan")
    page.keyboard.press("Enter")
    heading(page, "Kartu latihan ini terbit dari Portal Latih")


def test_cards_card_and_check_please_axe(signed_in, visitor):
    page = signed_in("siti")
    page.goto("/jht/kartu/")
    assert complaints(page) == []
    page.set_viewport_size({"width": 1280, "height": 800})
    card(page)
    assert complaints(page) == []
    path = page.get_by_role("link", name="Lihat halaman pemeriksaan").get_attribute("href")

    anybody = visitor(java_script_enabled=True)
    anybody.goto(path)
    heading(anybody, "Kartu latihan ini terbit dari Portal Latih")
    assert complaints(anybody) == []
    anybody.goto("/kartu/palsu/")
    heading(anybody, "Kartu ini tidak terbit dari Portal Latih")
    assert complaints(anybody) == []


def test_the_card_works_without_javascript_at_320_pixels(signed_in):
    page = signed_in("siti", java_script_enabled=False, viewport={"width": 320, "height": 568})
    card(page)

    expect(page.get_by_text("SIMULASI — bukan kartu resmi")).to_be_visible()
    assert is_wider_than_the_window(page) == 0


def test_only_the_card_is_printed_as_large_as_a_bank_card(signed_in):
    page = signed_in("siti")
    card(page)
    picture(page, "kartu")
    page.emulate_media(media="print")

    box = page.locator(".digital").bounding_box()
    assert (round(box["width"] / 96 * 25.4, 1), round(box["height"] / 96 * 25.4)) == (85.6, 54)
    inside = page.locator(".digital__body").evaluate("body => body.scrollHeight <= body.clientHeight")
    assert inside
    for hidden in (".masthead", ".footer", ".back"):
        expect(page.locator(hidden).first).to_be_hidden()
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert len(sheets) == 1
    assert float(sheets[0].mediabox.width) > float(sheets[0].mediabox.height)  # A6, lying
    assert "SIMULASI — bukan kartu resmi" in sheets[0].extract_text()
