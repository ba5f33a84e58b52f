"""Faults in real browsers: the trainer throws one, a trainee meets it, the neighbour does not, and it ends."""

import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import is_wider_than_the_window, picture, press, tick
from tests.browser.test_class import heading, make_class, two_on_seats
from tests.browser.test_every_page import complaints
from tests.browser.test_keyboard import tab_to


def throw(trainer: Page, fault: str, whom: str) -> None:
    """From the class page."""
    trainer.get_by_role("combobox", name="Gangguan").select_option(label=fault)
    trainer.get_by_role("combobox", name="Untuk siapa").select_option(label=whom)
    press(trainer, "Mulai gangguan")


def log_in(page: Page) -> None:
    page.goto("/akun/login/?sebagai=budi")
    tick(page)
    press(page, "Login")


@pytest.fixture
def room(signed_in, visitor):
    """A trainer on the page of the class, and two trainees."""
    trainer, andi, bela = two_on_seats(signed_in, visitor, "Kelas gangguan")
    trainer.reload()
    return trainer, andi, bela


def test_a_fault_from_throw_to_end(room):
    trainer, andi, bela = room
    throw(trainer, "Pemeliharaan (selama 3 menit)", "Kursi 1, Andi")
    expect(trainer.get_by_text("Pemeliharaan untuk kursi 1, paling lama sampai pukul")).to_be_visible()
    expect(trainer.locator(".faults__one")).to_contain_text("Pemeliharaan: kursi 1, Andi")
    assert complaints(trainer) == []
    picture(trainer, "gangguan")

    andi.goto("/akun/login/")
    heading(andi, "Situs sedang dalam pemeliharaan")
    assert complaints(andi) == []
    andi.get_by_role("link", name="Ke kursi Anda").click()
    expect(andi.get_by_role("heading", level=1)).to_contain_text("Andi")
    bela.goto("/akun/login/")
    heading(bela, "Login")

    trainer.get_by_role("button", name="Akhiri Pemeliharaan di kursi 1").click()
    expect(trainer.get_by_text("Pemeliharaan berakhir di kursi 1.")).to_be_visible()
    andi.goto("/akun/login/")
    heading(andi, "Login")


def test_the_captcha_fails_once_and_then_the_session_ends(room):
    trainer, andi, _ = room
    throw(trainer, "Captcha gagal (sekali)", "Seluruh kelas")
    log_in(andi)
    expect(andi.get_by_text("Pemeriksaan “Saya bukan robot” tidak cocok").first).to_be_visible()
    log_in(andi)
    heading(andi, "Layanan")
    throw(trainer, "Sesi berakhir (sekali)", "Kursi 1, Andi")
    andi.get_by_role("link", name="Lihat Saldo JHT").click()
    heading(andi, "Login")


def test_a_slow_page_is_late_and_comes(room):
    trainer, andi, bela = room
    throw(trainer, "Halaman lambat (selama 5 menit)", "Kursi 1, Andi")
    begun = time.monotonic()
    andi.goto("/akun/login/")
    took = time.monotonic() - begun

    assert took > 4
    heading(andi, "Login")
    bela.goto("/akun/login/")
    heading(bela, "Login")


def test_a_trainee_calls_a_fault_up_by_the_address_and_ends_it(room):
    _, _, bela = room
    bela.goto("/akun/login/?gangguan=galat-500")
    heading(bela, "Ada yang salah pada situs ini")
    bela.goto("/akun/login/?gangguan=pemeliharaan")
    bela.get_by_role("link", name="Akhiri gangguan").click()
    expect(bela.get_by_text("Gangguan yang Anda panggil sendiri sudah berakhir: 1.")).to_be_visible()
    bela.goto("/akun/login/")
    heading(bela, "Login")


def test_with_the_keyboard_alone_and_without_a_script(signed_in, visitor):
    trainer = signed_in("pelatih", java_script_enabled=False)
    make_class(trainer, "Kelas tanpa tetikus")
    tab_to(trainer, "Mulai gangguan")
    trainer.keyboard.press("Enter")

    expect(trainer.locator(".faults__one")).to_contain_text("Surat terlambat: seluruh kelas")


def test_on_a_narrow_screen_nothing_sticks_out(room):
    trainer, andi, _ = room
    throw(trainer, "Layanan sibuk (3 kali)", "Kursi 1, Andi")
    trainer.get_by_text("Apa yang dilakukan setiap gangguan").click()
    andi.goto("/akun/login/")
    for page in (trainer, andi):
        page.set_viewport_size({"width": 320, "height": 640})
        assert not is_wider_than_the_window(page)
    assert complaints(trainer) == []
