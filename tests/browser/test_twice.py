"""Double clicks, two tabs, two devices."""

from playwright.sync_api import expect

from tests.browser.steps import fill_sign_up, heading, login, login_by_card, press, sign_up, tick
from tests.browser.test_class import make_class, posts, sit_down


def test_a_double_click_on_login_signs_in(page):
    page.goto("/akun/login/?sebagai=dewi")
    tick(page)
    page.get_by_role("button", name="Login", exact=True).dblclick()
    heading(page, "Layanan")


def test_a_double_click_on_buat_akun_baru_sends_one_mail(page):
    fill_sign_up(page, "dua-kali@latih.test")
    tick(page)
    page.get_by_role("button", name="Buat Akun Baru", exact=True).dblclick()
    heading(page, "Masukkan kode")
    page.goto("/kotak-masuk/")
    expect(page.locator(".mail")).to_have_count(1)


def test_a_login_form_left_open_in_a_second_tab_leads_somewhere_sensible(page):
    page.goto("/akun/login/?sebagai=dewi")
    tick(page)
    second = page.context.new_page()
    login_by_card(second, "dewi")
    press(page, "Login")
    heading(page, "Layanan")


def test_keluar_in_one_tab_counts_for_the_other(page):
    login_by_card(page, "dewi")
    second = page.context.new_page()
    second.goto("/jht/")
    press(page, "Keluar")
    heading(page, "Login")
    second.get_by_role("link", name="Lihat rincian saldo").click()
    heading(second, "Login")


def test_a_session_ended_on_another_device_is_over(page, visitor):
    who = sign_up(page)
    other = visitor()
    login(other, who.email, who.password)
    heading(other, "Layanan")

    page.goto("/akun/perangkat/")
    press(page, "Keluarkan semua perangkat lain")
    expect(page.get_by_text("Perangkat lain sudah dikeluarkan")).to_be_visible()
    other.get_by_role("link", name="Hubungkan kepesertaan").click()
    heading(other, "Login")
    page.goto("/")
    heading(page, "Layanan")


def test_a_double_click_on_minta_petunjuk_asks_for_one_hint(signed_in, visitor):
    page = visitor()
    sit_down(page, make_class(signed_in("pelatih"), "Kelas petunjuk", 1), "Andi")
    page.goto("/kelas/latihan/web-saldo/")
    press(page, "Mulai Latih")
    page.get_by_role("button", name="Minta petunjuk").wait_for()
    page.wait_for_load_state()  # its scripts have run
    asked = posts(page, "/kelas/latihan/petunjuk/")
    page.get_by_role("button", name="Minta petunjuk").dblclick()
    expect(page.locator(".coach__hints li")).to_have_count(1)
    page.reload()
    expect(page.locator(".coach__hints li")).to_have_count(1)

    assert len(asked) == 1
    page.get_by_role("button", name="Minta petunjuk").click()
    expect(page.locator(".coach__hints li")).to_have_count(2)
