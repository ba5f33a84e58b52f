"""Tunggakan and Jejak petugas in a real browser: from the balance to the months, from the months to who looked."""

from playwright.sync_api import expect

from tests.browser.steps import is_wider_than_the_window
from tests.browser.test_keyboard import heading, tab_to


def test_a_participant_reads_which_months_are_missing_without_javascript(signed_in):
    page = signed_in("rina", java_script_enabled=False)
    page.set_viewport_size({"width": 320, "height": 568})
    page.goto("/jht/")

    tab_to(page, "Bulan yang belum dibayar KPJ 49000000086")
    page.keyboard.press("Enter")

    heading(page, "Iuran yang belum dibayar")
    expect(page.get_by_role("table")).to_have_count(1)
    expect(page.get_by_role("row")).to_have_count(5)  # the head and the four months
    expect(page.get_by_text("Denda dibayar oleh pemberi kerja dan tidak diambil dari saldo")).to_be_visible()
    assert not is_wider_than_the_window(page)


def test_a_clerk_finds_who_owes_and_the_visit_is_on_the_trail(signed_in):
    page = signed_in("petugas")
    page.goto("/petugas/jht/employer/")

    page.get_by_role("link", name="Tunggakan", exact=True).click()
    page.get_by_role("link", name="CV Bengkel Roda Contoh").click()
    page.get_by_role("link", name="49000000086").click()
    expect(page.get_by_text("Belum tercatat:")).to_be_visible()

    page.goto("/petugas/jht/auditrecord/?act__exact=looked&peserta=49000000086")
    expect(page.get_by_role("link", name="49000000086 · Rina Kartikasari").first).to_be_visible()
