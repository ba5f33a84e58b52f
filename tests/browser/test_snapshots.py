"""Snapshots in real browsers: a trainee keeps a seat and comes back, a trainer the room; also without a script."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import is_wider_than_the_window, picture, press
from tests.browser.test_class import PHONE, balance, day, login_on_the_seat, make_class, sit_down
from tests.browser.test_every_page import complaints
from tests.browser.test_keyboard import tab_to


def keep(page: Page, name: str) -> None:
    page.get_by_label("Nama titik baru").fill(name)
    press(page, "Simpan titik ini")


def test_a_seat_goes_on_a_year_and_comes_back_to_its_day_and_its_balance(signed_in, visitor):
    trainer = signed_in("pelatih")
    andi = visitor(**PHONE)
    sit_down(andi, make_class(trainer, "Kelas titik"), "Andi")
    login_on_the_seat(andi, "budi")
    then, saldo = day(andi), balance(andi)
    andi.goto("/kelas/")
    keep(andi, "Sebelum waktu berjalan")
    expect(andi.locator(".messages")).to_contain_text("Titik “Sebelum waktu berjalan” disimpan.")
    assert complaints(andi) == [] and not is_wider_than_the_window(andi)
    picture(andi, "titik")
    for _ in range(2):
        press(andi, "Ke akhir tahun")
    assert day(andi) != then and balance(andi) != saldo

    andi.goto("/kelas/")
    andi.get_by_role("button", name="Kembali ke sini (titik Sebelum waktu berjalan)").click()
    expect(andi.locator(".messages")).to_contain_text("Kursi Anda kembali ke titik “Sebelum waktu berjalan”")
    assert day(andi) == then
    login_on_the_seat(andi, "budi")
    assert balance(andi) == saldo


@pytest.mark.parametrize("script", [True, False])
def test_a_trainer_keeps_the_room_and_brings_one_seat_back_with_the_keyboard(signed_in, visitor, script):
    trainer = signed_in("pelatih", java_script_enabled=script)
    code = make_class(trainer, "Kelas titik semua")
    for name in ("Andi", "Bela"):
        sit_down(visitor(), code, name)
    trainer.reload()
    keep(trainer, "Sebelum klaim")
    expect(trainer.locator(".messages")).to_contain_text("Titik “Sebelum klaim” disimpan untuk 2 kursi.")
    if script:
        assert complaints(trainer) == []
        picture(trainer, "titik-kelas")
    trainer.get_by_label("Kursi yang kembali ke titik Sebelum klaim").select_option(label="Kursi 2")
    trainer.get_by_label("Kursi yang kembali ke titik Sebelum klaim").focus()
    tab_to(trainer, "Bawa kembali ke titik Sebelum klaim")
    trainer.keyboard.press("Enter")
    expect(trainer.locator(".messages")).to_contain_text("Kursi 2 kembali ke titik “Sebelum klaim”.")


@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_fit_narrow_and_wide_windows(signed_in, visitor, width):
    trainer = signed_in("pelatih", viewport={"width": width, "height": 700})
    andi = visitor(viewport={"width": width, "height": 700})
    sit_down(andi, make_class(trainer, "Kelas lebar"), "Andi")
    keep(andi, "Sesudah KPJ digabung dan sebelum saldo diperiksa lagi")
    trainer.reload()

    for page in (andi, trainer):
        assert not is_wider_than_the_window(page)
        assert complaints(page) == []
