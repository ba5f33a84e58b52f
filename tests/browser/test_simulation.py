"""Simulasi in a real browser: the published example, the eleven reasons, two regulations side by side."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import is_wider_than_the_window, press, summary
from tests.browser.test_every_page import complaints

SAVINGS, CLAIM = "/jht/simulasi/tabungan/", "/jht/simulasi/klaim/"
PUBLISHED = f"{SAVINGS}?segmen=PU&upah=5.000.000&mulai=01-2026&tahun=5&tingkat=5,00"
LONGEST = f"{SAVINGS}?segmen=PU&upah=100.000.000&mulai=07-2026&tahun=40&tingkat=12,00&saldo=2.000.000.000"
RESIGNED = "lahir=15-03-1990&segmen=PU&sejak=01-02-2014&berakhir=31-01-2022&saldo=80.000.000&npwp=on"
ALL_REASONS = f"{CLAIM}?tanggal=22-11-2026&{RESIGNED}"
BESIDE = f"{CLAIM}?tanggal=15-03-2022&{RESIGNED}&alasan=resigned&banding_peraturan=permenaker-2-2022"
PAGES = {
    "doors": "/jht/simulasi/",
    "savings, to fill in": SAVINGS,
    "savings, answered": PUBLISHED,
    "savings, forty years": LONGEST,
    "savings, faulty": f"{SAVINGS}?segmen=PU&upah=&tahun=99",
    "claim, to fill in": CLAIM,
    "claim, all reasons": ALL_REASONS,
    "claim, two regulations": BESIDE,
    "claim, faulty": f"{CLAIM}?tanggal=31-02-2026&kpj=sendiri",
    "claim, before all rules": f"{CLAIM}?tanggal=01-01-2010&{RESIGNED}",
}


def open_everything(page: Page) -> None:
    page.evaluate("document.querySelectorAll('main details').forEach((part) => { part.open = true })")


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_axe_finds_nothing_and_nothing_is_wider_than_320_pixels(visitor, watch, session_of, path):
    page = visitor(storage=session_of("siti"))
    page.goto(path)
    open_everything(page)
    assert watch.found() == []  # now, because axe itself tries things that the page's policy forbids
    assert complaints(page) == []
    watch.faults.clear()


def test_from_the_menu_to_the_published_result_and_back_to_what_was_supposed(signed_in):
    page = signed_in("siti")
    page.goto("/")
    page.get_by_role("link", name="Simulasi").first.click()
    page.get_by_role("link", name="Simulasi tabungan").click()
    page.get_by_role("link", name="upah Rp5.000.000").click()
    expect(page.locator(".hero-figure")).to_have_text("Rp19.409.470")
    expect(page.get_by_role("img", name="Pertumbuhan tabungan")).to_be_visible()
    page.get_by_label("Lama menabung").fill("1")
    press(page, "Hitung")
    expect(page.locator(".hero-figure")).to_have_text("Rp3.512.625")
    page.reload()
    expect(page.locator(".hero-figure")).to_have_text("Rp3.512.625")


def test_one_year_opens_to_its_months_by_keyboard(signed_in):
    page = signed_in("siti")
    page.goto(PUBLISHED)
    year = page.locator("details.year").first
    year.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(year.get_by_role("row")).to_have_count(13)
    expect(year.get_by_role("row", name="Mar 2026")).to_contain_text("862.125")


def test_every_field_is_reached_and_sent_by_keyboard(signed_in):
    page = signed_in("siti")
    page.goto(f"{SAVINGS}?segmen=PU&upah=&tahun=5&tingkat=5&mulai=01-2026")
    expect(summary(page)).to_contain_text("Upah atau penghasilan masih kosong")
    summary(page).get_by_role("link").first.press("Enter")
    expect(page.get_by_label("Upah atau penghasilan")).to_be_focused()
    page.keyboard.type("5.000.000")
    page.keyboard.press("Enter")
    expect(page.locator(".hero-figure")).to_have_text("Rp19.409.470")


def test_without_javascript_a_claim_is_answered_and_its_rule_can_be_read(signed_in):
    page = signed_in("siti", java_script_enabled=False)
    page.goto(CLAIM)
    page.get_by_label("Saldo dan data").select_option("sendiri")
    page.get_by_text("Angka sendiri", exact=True).click()
    for label, text in (
        ("Tanggal klaim", "10-10-2026"),
        ("Tanggal lahir", "15-03-1990"),
        ("Peserta sejak", "01-02-2014"),
        ("Berhenti bekerja", "30-09-2026"),
        ("Saldo (Rp)", "80.000.000"),
    ):
        page.get_by_label(label).fill(text)
    press(page, "Hitung")
    resigned = page.locator("details.option", has_text="Mengundurkan diri")
    expect(resigned).to_contain_text("Mulai 30 Oktober 2026")
    resigned.locator("summary").click()
    expect(resigned.get_by_text("Permenaker 4/2022, Pasal 8").first).to_be_visible()
    expect(resigned.locator(".sum__total")).to_contain_text("Rp78.500.000")


def test_ones_own_membership_is_offered_first(signed_in):
    page = signed_in("budi")
    page.goto(CLAIM)
    press(page, "Hitung")
    expect(page.get_by_role("heading", level=2).first).to_contain_text("menurut Permenaker 4/2022")
    expect(page.locator("details.option")).to_have_count(11)


def test_two_regulations_stand_side_by_side_on_a_wide_screen_and_below_each_other_on_a_telephone(signed_in):
    page = signed_in("siti")
    page.goto(BESIDE)
    expect(page.get_by_text("Tidak berlaku pada tanggal itu")).to_be_visible()
    left, right = (answer.bounding_box() for answer in page.locator(".answer").all())
    assert right["x"] > left["x"] + left["width"] - 1
    page.set_viewport_size({"width": 320, "height": 568})
    above, below = (answer.bounding_box() for answer in page.locator(".answer").all())
    assert below["y"] >= above["y"] + above["height"]
    assert is_wider_than_the_window(page) == 0
