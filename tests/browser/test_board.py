"""The trainer's board with two trainees: what they do is seen, what is said arrives, looking along needs a yes."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import heading, is_wider_than_the_window, picture, press, tick
from tests.browser.test_class import make_class, sit_down, two_on_seats
from tests.browser.test_every_page import complaints
from tests.browser.test_keyboard import tab_to

SOON = 12_000  # ms: two rounds of asking, on a busy machine


def begin(page: Page, title: str = "Lihat saldo lewat situs", way: str = "Latih") -> None:
    """Choose an exercise, and how one wants to go through it."""
    page.goto("/kelas/latihan/")
    page.get_by_role("link", name=title).first.click()
    page.get_by_role("button", name=way).first.click()
    heading(page, "Login")


def log_in(page: Page) -> None:
    page.goto("/akun/login/?sebagai=budi")
    tick(page)
    press(page, "Login")
    heading(page, "Layanan")


@pytest.fixture
def room(signed_in, visitor):
    """A trainer at the board, two trainees at an exercise."""
    trainer, andi, bela = two_on_seats(signed_in, visitor, "Kelas papan")
    begin(andi), begin(bela)
    trainer.get_by_role("link", name="Papan pelatih").click()
    heading(trainer, "Papan pelatih")
    return trainer, andi, bela


def row(trainer: Page, number: int):
    return trainer.locator(f"#kursi-{number}")


def test_what_is_done_on_a_seat_comes_to_the_board_and_what_the_trainer_says_to_the_seat(room):
    trainer, andi, bela = room
    expect(row(trainer, 1)).to_contain_text("Langkah 1 dari 4")
    log_in(andi)
    expect(row(trainer, 1)).to_contain_text("Langkah 2 dari 4", timeout=SOON)
    expect(row(trainer, 2)).to_contain_text("Langkah 1 dari 4")
    picture(trainer, "papan")

    row(trainer, 1).get_by_role("button", name="Petunjuk untuk kursi 1").click()
    expect(trainer.get_by_role("status")).to_contain_text("Petunjuk untuk kursi 1: Lihat pilihan di halaman Layanan.")
    expect(andi.get_by_role("heading", name="Dari pelatih")).to_be_visible(timeout=SOON)
    expect(andi.locator(".told")).to_contain_text("Lihat pilihan di halaman Layanan.")
    expect(bela.locator(".told")).to_have_count(0)

    trainer.locator(".board-more summary").click()
    trainer.get_by_label("Pesan ke seluruh kelas").fill("Lima menit lagi.")
    press(trainer, "Kirim pesan")
    expect(trainer.get_by_role("status")).to_contain_text("Pesan dikirim ke seluruh kelas.")
    expect(bela.locator(".told")).to_contain_text("Lima menit lagi.", timeout=SOON)
    press(bela, "Sudah saya baca")
    expect(bela.locator(".told")).to_have_count(0)
    bela.reload()
    expect(bela.locator(".told")).to_have_count(0)

    trainer.get_by_role("link", name="Bahas", exact=True).click()
    expect(trainer.get_by_role("heading", name="Bahas: Kelas papan")).to_be_visible()
    expect(trainer.get_by_role("row", name="Andi")).to_contain_text("1 / 4")
    picture(trainer, "bahas")


def test_a_fault_by_one_tap(room):
    trainer, _, _ = room
    trainer.locator(".board-more summary").click()
    trainer.get_by_label("Gangguan sekali ketuk").select_option(label="Sesi berakhir")
    press(trainer, "Pakai pilihan ini")
    expect(trainer).to_have_url(re.compile("gangguan=sesi-berakhir"))
    row(trainer, 1).get_by_role("button", name="Sesi berakhir di kursi 1").click()
    expect(trainer.get_by_role("status")).to_contain_text("Sesi berakhir untuk kursi 1")
    expect(row(trainer, 1).locator(".badge", has_text="Sesi berakhir")).to_be_visible(timeout=SOON)
    expect(row(trainer, 2).locator(".badge", has_text="Sesi berakhir")).to_have_count(0)


def test_looking_along_with_a_yes_until_the_trainee_stops_it(room):
    trainer, andi, _ = room
    row(trainer, 1).get_by_role("button", name="Lihat bersama kursi 1").click()
    expect(trainer.get_by_text("Peserta sedang ditanya.")).to_be_visible()
    question = andi.get_by_role("heading", name="Bolehkah pelatih melihat halaman Anda?")
    expect(question).to_be_visible(timeout=SOON)
    assert complaints(andi) == []
    press(andi, "Ya, boleh")
    expect(andi.locator(".along--on")).to_be_visible()
    expect(trainer.get_by_text("Peserta setuju.")).to_be_visible(timeout=SOON)
    andi.goto("/ketentuan/")
    expect(andi.locator(".along--on")).to_be_visible()
    frame = trainer.frame_locator("iframe.looked")
    expect(frame.get_by_role("heading", level=1)).to_have_text("Ketentuan simulasi", timeout=SOON)
    andi.goto("/akun/login/")
    andi.get_by_label("E-mail", exact=True).fill("rahasia@latih.test")
    expect(frame.get_by_role("heading", level=1)).to_have_text("Login", timeout=SOON)
    assert frame.get_by_label("E-mail", exact=True).input_value() == ""
    picture(trainer, "melihat-bersama")
    andi.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(andi.get_by_role("button", name="Hentikan")).to_be_in_viewport()
    press(andi, "Hentikan")
    expect(andi.locator(".along--on")).to_have_count(0)
    expect(trainer.locator("iframe.looked")).to_have_count(0, timeout=SOON)
    expect(trainer.get_by_text("Tidak ada yang dilihat")).to_be_visible()


def test_the_focus_and_the_place_survive_a_refresh(room):
    trainer, andi, _ = room
    trainer.set_viewport_size({"width": 1280, "height": 300})
    button = row(trainer, 2).get_by_role("button", name="Petunjuk untuk kursi 2")
    button.focus()
    place = trainer.evaluate("scrollY")
    log_in(andi)
    expect(row(trainer, 1)).to_contain_text("Langkah 2 dari 4", timeout=SOON)
    expect(button).to_be_focused()
    assert trainer.evaluate("scrollY") == place > 0


def test_nothing_is_wrong_with_any_page(room, watch):
    watch.expected.append("Content Security Policy")  # axe tries what the page's policy forbids
    trainer, andi, _ = room
    log_in(andi)
    board = trainer.url
    trainer.locator(".board-more summary").click()
    assert complaints(trainer) == []
    for path in ("1/", "../layar/", "../bahas/", "../bahas/1/", "../lihat/1/"):
        trainer.goto(board + path)
        assert complaints(trainer) == [], path


def test_the_projector_has_no_names(room):
    trainer, _, _ = room
    trainer.get_by_role("link", name="Layar kelas").click()
    expect(trainer.locator(".screen__seat")).to_have_count(2)
    assert "Andi" not in trainer.locator("body").inner_text()
    picture(trainer, "layar-kelas", {"width": 1280, "height": 720})


def test_without_javascript_everything_is_there_on_the_next_page(signed_in, visitor):
    code = make_class(signed_in("pelatih"), "Kelas tanpa skrip")
    trainer, andi = signed_in("pelatih", java_script_enabled=False), visitor(java_script_enabled=False)
    sit_down(andi, code, "Andi")
    trainer.goto("/pelatih/")
    trainer.get_by_role("link", name="Kelas tanpa skrip").click()
    trainer.get_by_role("link", name="Papan pelatih").click()
    trainer.get_by_role("link", name="Muat ulang").click()
    row(trainer, 1).get_by_role("link", name="Lainnya untuk kursi 1").click()
    trainer.get_by_label("Pesan ke kursi ini").fill("Selamat pagi.")
    press(trainer, "Kirim pesan")
    expect(trainer.get_by_text("Pesan dikirim ke kursi 1.")).to_be_visible()
    press(trainer, "Minta melihat bersama")
    andi.goto("/ketentuan/")
    expect(andi.get_by_text("Selamat pagi.")).to_be_visible()
    press(andi, "Sudah saya baca")
    heading(andi, "Ketentuan simulasi")
    press(andi, "Ya, boleh")
    andi.goto("/ketentuan/")
    trainer.reload()
    expect(trainer.frame_locator("iframe.looked").get_by_role("heading", level=1)).to_have_text("Ketentuan simulasi")
    press(andi, "Hentikan")
    trainer.reload()
    expect(trainer.get_by_text("Tidak ada yang dilihat")).to_be_visible()


def test_by_keyboard_from_the_board_to_a_hint(room):
    trainer, andi, _ = room
    trainer.locator("#isi").focus()
    tab_to(trainer, "Petunjuk")
    trainer.keyboard.press("Enter")
    expect(trainer.get_by_role("status")).to_contain_text("Petunjuk untuk kursi 1")
    expect(andi.locator(".told")).to_be_visible(timeout=SOON)
    assert is_wider_than_the_window(andi) == 0
