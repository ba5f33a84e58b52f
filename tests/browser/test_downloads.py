"""Unduh: a clerk filters a list and takes it along; what arrives is a file, named in plain words."""

import io

import openpyxl
from playwright.sync_api import expect

from tests.browser.steps import login_by_card


def download(page, words: str):
    with page.expect_download() as waiting:
        page.get_by_role("link", name=words, exact=True).click()
    return waiting.value


def test_a_clerk_takes_a_filtered_list_along(page):
    login_by_card(page, "petugas")
    page.goto("/petugas/jht/membership/?segment__exact=BPU")
    shown = page.locator("#result_list tbody tr").count()

    csv, xlsx = download(page, "Unduh CSV"), download(page, "Unduh XLSX")

    assert csv.suggested_filename.startswith("kepesertaan-")
    lines = csv.path().read_bytes().decode("utf-8-sig").splitlines()
    assert lines[0].startswith("NIK;Nomor KPJ;Segmen")
    assert len(lines) == shown + 1
    rows = list(openpyxl.load_workbook(io.BytesIO(xlsx.path().read_bytes())).active.iter_rows(values_only=True))
    assert {row[2] for row in rows[1:]} == {"BPU"}


def test_the_buttons_stay_in_sight_on_a_narrow_screen_and_are_reached_by_keyboard(page):
    login_by_card(page, "petugas")
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto("/petugas/jht/contribution/")

    button = page.get_by_role("link", name="Unduh XLSX", exact=True)
    button.focus()

    expect(button).to_be_in_viewport()
    box = button.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
