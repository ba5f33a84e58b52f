"""Exercises of a seat in a real browser: choosing, the panel beside the pages, the result; also without a script."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import is_wider_than_the_window, picture, press, tick
from tests.browser.test_class import heading, make_class, sit_down
from tests.browser.test_every_page import complaints
from tests.browser.test_keyboard import tab_to

SAVINGS = "Lihat saldo lewat situs"


@pytest.fixture
def seat(signed_in, visitor):
    """`seat()`: a browser on a seat of a class of its own; options are those of a browser."""
    code = make_class(signed_in("pelatih"), "Kelas latihan", 6)

    def sit(**options) -> Page:
        page = visitor(**options)
        sit_down(page, code, "Andi")
        return page

    return sit


def begin(page: Page, title: str, way: str) -> None:
    page.goto("/kelas/latihan/")
    page.get_by_role("link", name=title, exact=True).click()
    heading(page, title)
    press(page, f"Mulai {way}")


def given(page: Page, label: str) -> str:
    return page.locator(".coach__given div", has_text=label).locator("dd").inner_text()


def states(page: Page) -> list[str]:
    """How each step stands, on the page that comes or is there."""
    steps = page.locator(".coach__step")
    steps.first.wait_for(state="attached")
    page.wait_for_load_state()
    return [steps.nth(place).get_attribute("class").partition("coach__step--")[2] for place in range(steps.count())]


def test_from_the_list_to_the_result(seat):
    page = seat()
    begin(page, SAVINGS, "Latih")
    heading(page, "Login")
    picture(page, "latihan-login")
    assert states(page) == ["sekarang", "belum", "belum", "belum"]

    page.get_by_label("E-mail").fill(given(page, "E-mail"))
    page.get_by_label("Kata sandi", exact=True).fill(given(page, "Kata sandi"))
    tick(page)
    press(page, "Login")
    heading(page, "Layanan")
    page.get_by_role("main").get_by_role("link", name="Lihat Saldo JHT").click()
    heading(page, "Saldo JHT Anda")
    assert states(page)[:2] == ["selesai", "selesai"]
    page.get_by_role("link", name="Lihat rincian saldo").click()
    page.locator(".coach").get_by_label("Iuran dari perusahaan dan dari gaji").check()
    press(page, "Jawab")

    page.get_by_role("link", name="Lihat hasil").click()
    heading(page, SAVINGS)
    expect(page.locator(".score__points")).to_have_text("100")
    picture(page, "latihan-hasil")
    assert not complaints(page)


def test_a_phishing_mail_is_followed_and_explained(seat):
    page = seat()
    begin(page, "Surat yang mendesak", "Latih")
    page.goto("/kotak-masuk/")
    page.get_by_role("main").locator("a[href^='/kotak-masuk/']").first.click()
    page.locator(".letter__body a").click()
    heading(page, "Verifikasi akun Anda")
    assert not complaints(page)
    press(page, "Cairkan saldo")

    heading(page, "Halaman tadi contoh penipuan")
    assert not complaints(page)


@pytest.mark.parametrize("path", ["/kelas/latihan/", "/kelas/latihan/web-saldo/"])
def test_pages_of_exercises_are_accessible_and_fit_a_small_window(seat, path):
    page = seat(viewport={"width": 320, "height": 640})
    page.goto(path)

    assert not complaints(page)
    assert not is_wider_than_the_window(page)


def test_an_exercise_begins_by_keyboard_alone(seat):
    page = seat()
    page.goto("/kelas/latihan/web-saldo/")

    tab_to(page, "Mulai Latih")
    page.keyboard.press("Enter")

    heading(page, "Login")
    expect(page.locator(".coach")).to_be_visible()


def test_without_a_script_there_are_steps_hints_and_an_end(seat):
    page = seat(java_script_enabled=False)
    begin(page, SAVINGS, "Bimbing")
    assert len(states(page)) == 4

    press(page, "Minta petunjuk")
    expect(page.locator(".coach__hints")).to_contain_text("Petunjuk 1.")
    heading(page, "Login")
    press(page, "Akhiri latihan")

    heading(page, SAVINGS)
    expect(page.get_by_role("main")).to_contain_text("0 dari 4")
