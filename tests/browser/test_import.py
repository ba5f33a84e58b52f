"""Impor berkas in a real browser: faults first, then a good list, its progress bar, and everything written at once."""

import secrets

from playwright.sync_api import Page, expect

from tests.browser.steps import is_wider_than_the_window, picture

EMPLOYERS = "/petugas/jht/employer/"


def upload(page: Page, rows: list[str], name: str) -> None:
    text = "\r\n".join(["NPP;Nama perusahaan;Kota", *rows]).encode("cp1252")
    page.goto("/petugas/jht/importjob/add/")
    page.get_by_label("Isi berkas").select_option("employers")
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": text})
    page.get_by_role("button", name="Unggah dan periksa").click()
    expect(page.locator("[data-progress]")).to_have_count(0, timeout=60_000)


def test_a_clerk_brings_in_a_list(signed_in):
    page = signed_in("petugas")
    number = secrets.token_hex(3).upper()

    upload(page, [f"L{number}", f"L{number}1;PT Satu;Bandung", "salah;PT Dua;Café"], "perusahaan.csv")
    expect(page.get_by_role("button", name="Tulis semuanya")).to_be_disabled()
    expect(page.locator(".import-faults tbody tr")).not_to_have_count(0)
    picture(page, "impor-kesalahan")

    upload(page, [f"L{number}1;PT Satu {number};Bandung", f"L{number}2;PT Dua {number};Café"], "perusahaan.csv")
    page.get_by_role("button", name="Tulis semuanya").click()
    expect(page.get_by_text("2 baris baru tercatat.")).to_be_visible(timeout=60_000)
    picture(page, "impor-tercatat")
    page.set_viewport_size({"width": 320, "height": 640})
    assert not is_wider_than_the_window(page)

    page.goto(f"{EMPLOYERS}?q={number}")
    expect(page.locator("#result_list tbody tr")).to_have_count(2)
