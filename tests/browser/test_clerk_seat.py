"""A trainee as the clerk of a seat: from the seat to the real desk, a month, a file with one bad row, a merge."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import heading, is_wider_than_the_window, picture, press, tick
from tests.browser.test_class import make_class, sit_down
from tests.browser.test_every_page import complaints


def to_the_desk(page: Page) -> None:
    """From the page of the seat; the login page is filled in, the box is ticked as ever."""
    page.goto("/kelas/")
    press(page, "Masuk sebagai petugas kursi")
    tick(page)
    press(page, "Login")
    heading(page, "Data peserta dan iuran")


@pytest.fixture
def desk(signed_in, visitor) -> Page:
    page = visitor()
    sit_down(page, make_class(signed_in("pelatih"), "Kelas petugas", 1), "Andi")
    to_the_desk(page)
    return page


def bring_in(page: Page, name: str) -> None:
    with page.expect_download() as begun:
        page.goto("/petugas/")
        page.evaluate(f"location.assign('/kelas/berkas/{name}')")
    page.goto("/petugas/jht/importjob/add/")
    page.get_by_label("Isi berkas").select_option("contributions")
    file = {"name": name, "mimeType": "text/csv", "buffer": begun.value.path().read_bytes()}
    page.locator("input[type=file]").set_input_files(file)
    press(page, "Unggah dan periksa")


def test_a_trainee_works_through_the_desk_of_the_seat(desk):
    own = desk.locator("#seat-exercises")
    expect(own).to_contain_text("Latihan di kursi 1")
    picture(desk, "meja-kursi")

    own.get_by_role("link", name="Amalgamasi").click()
    desk.locator("#result_list tbody a").first.click()
    press(desk, "Gabungkan")
    expect(desk.get_by_text("Saldonya utuh")).to_be_visible()

    bring_in(desk, "iuran.csv")
    expect(desk.locator(".import-faults tbody tr")).to_have_count(1)
    expect(desk.locator(".import-faults")).to_contain_text("tidak ada")
    bring_in(desk, "iuran-betul.csv")
    press(desk, "Tulis semuanya")
    expect(desk.get_by_text("5 baris baru tercatat.")).to_be_visible()

    desk.goto("/petugas/jht/employer/")
    expect(desk.locator("#result_list tbody tr")).to_have_count(1)
    desk.goto("/petugas/jht/employer/tunggakan/")
    expect(desk.get_by_text("Tidak ada pemberi kerja yang menunggak")).to_be_visible()


def test_nothing_is_wrong_with_its_pages(desk, watch):
    watch.expected.append("Content Security Policy")  # axe tries what the page's policy forbids
    for path in ("/kelas/", "/petugas/", "/petugas/jht/employer/"):
        desk.goto(path)
        assert complaints(desk) == []
    desk.set_viewport_size({"width": 320, "height": 640})
    for path in ("/kelas/", "/petugas/"):
        desk.goto(path)
        assert is_wider_than_the_window(desk) == 0
