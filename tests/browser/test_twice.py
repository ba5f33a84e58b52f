"""Double clicks, two tabs, two devices."""

from playwright.sync_api import expect

from tests.browser.steps import (
    fill_sign_up,
    login,
    login_by_card,
    press,
    sign_up,
    tick,
)


def test_a_double_click_on_login_signs_in(page):
    page.goto("/akun/login/?sebagai=dewi")
    tick(page)
    page.get_by_role("button", name="Login", exact=True).dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Layanan")


def test_a_double_click_on_buat_akun_baru_sends_one_mail(page):
    fill_sign_up(page, "dua-kali@latih.test")
    tick(page)
    page.get_by_role("button", name="Buat Akun Baru", exact=True).dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Masukkan kode")
    page.goto("/kotak-masuk/")
    expect(page.locator(".mail")).to_have_count(1)


def test_a_login_form_left_open_in_a_second_tab_leads_somewhere_sensible(page):
    page.goto("/akun/login/?sebagai=dewi")
    tick(page)
    second = page.context.new_page()
    login_by_card(second, "dewi")
    press(page, "Login")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Layanan")


def test_keluar_in_one_tab_counts_for_the_other(page):
    login_by_card(page, "dewi")
    second = page.context.new_page()
    second.goto("/jht/")
    press(page, "Keluar")
    expect(page.get_by_role("heading", level=1)).to_have_text("Login")
    second.get_by_role("link", name="Lihat rincian saldo").click()
    expect(second.get_by_role("heading", level=1)).to_have_text("Login")


def test_a_session_ended_on_another_device_is_over(page, visitor):
    who = sign_up(page)
    other = visitor()
    login(other, who.email, who.password)
    expect(other.get_by_role("heading", level=1)).to_have_text("Layanan")

    page.goto("/akun/perangkat/")
    press(page, "Keluarkan semua perangkat lain")
    expect(page.get_by_text("Perangkat lain sudah dikeluarkan")).to_be_visible()
    other.get_by_role("link", name="Hubungkan kepesertaan").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Login")
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Layanan")
