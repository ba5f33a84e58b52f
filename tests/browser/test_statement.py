"""The picture of the savings and "Mengapa segini?" in a real browser: read, followed, printed, without JavaScript."""

import io
import re
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.steps import is_wider_than_the_window, picture
from tests.browser.test_every_page import complaints
from tests.browser.test_keyboard import tab_to

BUDI, CLAIMED = "/jht/49000000011/", "/jht/49000000136/"
NARROW = {"width": 320, "height": 568}


def why(page: Page, year: str = "20") -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Mengapa segini? Tahun {year}")


def lines_of(page: Page) -> None:
    """From the statement to the lines of its newest year."""
    page.goto(BUDI)
    page.get_by_role("link", name="Mengapa segini?").first.click()
    why(page)


def names_in_sight(page: Page) -> list[dict]:
    shown = page.locator(".chart__year").all()
    return [label.bounding_box() for label in shown if label.is_visible()]


@pytest.mark.parametrize(("who", "path"), [("budi", BUDI), ("tono", CLAIMED)])
def test_the_statement_and_the_lines_please_axe(signed_in, watch, who, path):
    page = signed_in(who)
    page.goto(path)
    assert complaints(page) == []
    page.get_by_role("link", name="Mengapa segini?").first.click()
    for _ in range(2):  # the newest year, and the one before
        page.locator("details").evaluate_all("parts => parts.forEach((part) => { part.open = true })")
        assert complaints(page) == []
        page.set_viewport_size({"width": 1280, "height": 800})
        page.get_by_role("navigation", name="Tahun lain").get_by_role("link").first.click()


def test_the_picture_has_a_name_a_description_and_the_list_beside_it(signed_in):
    page = signed_in("budi")
    page.goto(BUDI)
    chart = page.get_by_role("img", name="Pertumbuhan saldo")
    expect(chart).to_be_visible()
    expect(chart).to_have_accessible_description(re.compile("^Satu batang setiap tahun"))
    page.get_by_role("link", name="Angkanya per tahun").click()
    expect(page.get_by_role("heading", name="Per tahun")).to_be_in_viewport()


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_its_letters_are_as_large_on_a_telephone_as_on_a_desk_and_do_not_touch(signed_in, width):
    page = signed_in("budi", viewport={"width": width, "height": 800})
    page.goto(BUDI)
    boxes = names_in_sight(page)
    assert all(box["height"] >= 13 for box in boxes)
    for left, right in pairwise(boxes):
        assert left["x"] + left["width"] + 4 <= right["x"]
    inside = page.locator(".growth").bounding_box()
    for amount in page.locator(".chart__amount").all():
        assert amount.bounding_box()["x"] >= inside["x"]
    assert is_wider_than_the_window(page) == 0


def test_what_went_out_hangs_below_the_line(signed_in):
    page = signed_in("tono")
    page.goto(CLAIMED)
    line = page.locator(".chart__zero").bounding_box()["y"]
    assert page.locator(".chart__bar--taken").last.bounding_box()["y"] >= line - 2
    expect(page.locator(".growth__key")).to_contain_text("Sudah keluar")
    expect(page.get_by_role("img", name="Pertumbuhan saldo")).to_have_accessible_description(re.compile("keluar Rp"))


def test_the_lines_are_reached_and_left_by_keyboard_without_javascript(signed_in):
    page = signed_in("budi", java_script_enabled=False, viewport=NARROW)
    page.goto(BUDI)
    tab_to(page, "Mengapa segini?")
    page.keyboard.press("Enter")
    why(page)
    assert is_wider_than_the_window(page) == 0
    returns = page.get_by_role("region", name="Hasil pengembangan")
    expect(returns.get_by_role("row").filter(has_text="Saldo awal").first).to_contain_text("/12")
    year = page.get_by_role("navigation", name="Tahun lain").get_by_role("link").first
    earlier = year.inner_text()
    year.press("Enter")
    why(page, earlier)
    page.get_by_role("link", name="Rincian saldo").press("Enter")
    expect(page.get_by_role("img", name="Pertumbuhan saldo")).to_be_visible()


def test_the_lines_end_at_what_the_statement_shows(signed_in):
    page = signed_in("budi")
    page.goto(BUDI)
    whole = page.locator(".hero-figure").inner_text().replace("\n", "")
    lines_of(page)
    to_the_sen = page.get_by_role("region", name="Saldo akhir").locator(".figure__amount").inner_text()
    assert round(float(to_the_sen.removeprefix("Rp").replace(".", "").replace(",", "."))) == int(
        whole.removeprefix("Rp").replace(".", "")
    )
    picture(page, "mengapa-segini")


def test_both_pages_are_printed_with_the_mark_and_everything_unfolded(signed_in):
    page = signed_in("budi")
    page.goto(BUDI)
    picture(page, "rincian-bagan")
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert "Hasil pengembangan" in sheets[0].extract_text()
    page.emulate_media(media="print")
    box = page.locator(".chart").bounding_box()
    assert box["height"] < 400
    page.emulate_media(media="screen")
    lines_of(page)
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages)
    assert "SIMULASI" in text
    assert "dihitung, belum dibukukan" in text  # folded on screen
