"""The state explorer and the scenarios at the desk, as a trainer sees them."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import heading, is_wider_than_the_window, picture, press
from tests.browser.test_every_page import complaints
from tests.browser.test_keyboard import tab_to

STATE = "/pelatih/keadaan/saldo-tiga-kpj/"
DESK = "/petugas/portal/ownscenario/"


def framed(page: Page):
    return page.frame_locator("iframe")


def test_a_trainer_finds_a_state_sees_it_and_goes_on_to_the_next(signed_in):
    trainer = signed_in("pelatih")
    trainer.goto("/pelatih/")
    trainer.get_by_role("link", name="Penjelajah keadaan").click()
    trainer.get_by_role("link", name="Saldo, tiga KPJ", exact=True).click()

    expect(framed(trainer).locator(".hero-figure")).to_contain_text("Rp")
    picture(trainer, "keadaan")
    trainer.get_by_role("link", name="Ponsel").click()
    expect(trainer.locator("iframe")).to_have_attribute("width", "360")
    trainer.get_by_role("link", name="Berikutnya").click()
    heading(trainer, "Saldo nol, sudah klaim")
    assert trainer.url.endswith("?lebar=ponsel")


def test_the_whole_page_is_shown_and_nothing_in_it_can_be_operated(signed_in):
    trainer = signed_in("pelatih")
    trainer.goto(STATE)
    expect(framed(trainer).locator(".hero-figure")).to_be_visible()
    inside = trainer.locator("iframe").element_handle().content_frame()
    frame_height = trainer.locator("iframe").evaluate("one => one.clientHeight")

    assert frame_height >= inside.evaluate("document.documentElement.scrollHeight")
    framed(trainer).get_by_text("Lihat rincian saldo").first.click(force=True)
    assert inside.evaluate("location.pathname") == f"{STATE}tampilan/"
    assert inside.evaluate("document.body.inert")


@pytest.mark.parametrize("width, pixels", [("laptop", 2560), ("ponsel", 720)])
def test_the_picture_for_a_slide_is_drawn_in_the_browser(signed_in, width, pixels):
    trainer = signed_in("pelatih", accept_downloads=True)
    trainer.goto(f"{STATE}?lebar={width}")
    expect(framed(trainer).locator(".hero-figure")).to_be_visible()
    with trainer.expect_download() as download:
        press(trainer, "Unduh gambar")
    data = Path(download.value.path()).read_bytes()

    assert download.value.suggested_filename == f"saldo-tiga-kpj-{pixels // 2}.png"
    assert data[:8] == b"\x89PNG\r\n\x1a\n" and int.from_bytes(data[16:20], "big") == pixels
    assert len(data) > 20_000  # not an empty sheet
    expect(trainer.get_by_role("status")).to_contain_text("sudah diunduh")


def test_without_javascript_the_state_is_there_and_a_sentence_says_how_to_print(signed_in):
    trainer = signed_in("pelatih", java_script_enabled=False)
    trainer.goto(STATE)

    expect(trainer.get_by_text("lalu cetak ke PDF")).to_be_visible()
    expect(trainer.get_by_role("button", name="Unduh gambar")).to_be_hidden()
    trainer.get_by_role("link", name="Buka sebagai halaman sendiri").click()
    expect(trainer.locator(".hero-figure")).to_contain_text("Rp")


def test_the_states_by_keyboard(signed_in):
    trainer = signed_in("pelatih")
    trainer.goto("/pelatih/keadaan/")
    tab_to(trainer, "Login, belum diisi apa pun")
    trainer.keyboard.press("Enter")

    heading(trainer, "Login, belum diisi apa pun")
    tab_to(trainer, "Unduh gambar")


def test_a_scenario_is_copied_mended_tried_and_saved(signed_in):
    trainer = signed_in("pelatih")
    trainer.goto(DESK)
    trainer.get_by_role("link", name="Salin web-saldo", exact=True).click()
    trainer.get_by_label("Kode").fill("saldo-kelas-kami")
    text = trainer.get_by_label("Naskah")
    good = text.input_value().replace("judul: ", "judul: Kelas kami, ", 1)
    text.fill(good.replace("menit: 6", "menit: enam"))
    press(trainer, "Simpan")

    expect(trainer.get_by_text("ditulis dengan angka bulat")).to_be_visible()
    trainer.get_by_role("link", name="Baris 5").click()
    assert text.evaluate("one => one.value.slice(one.selectionStart, one.selectionEnd)") == "menit: enam"
    picture(trainer, "skenario-keliru")
    text.fill(good)
    press(trainer, "Coba mainkan")
    expect(trainer.get_by_text("Tercapai.").first).to_be_visible(timeout=60_000)
    press(trainer, "Simpan")
    expect(trainer.get_by_text("disimpan. Latihan yang sedang")).to_be_visible()

    trainer.get_by_text("Hapus naskah Anda").click()
    press(trainer, "Hapus naskah")
    expect(trainer.get_by_text("Skenario saldo-kelas-kami dihapus")).to_be_visible()


@pytest.mark.parametrize(
    "path", ["/pelatih/keadaan/", STATE, f"{STATE}?lebar=ponsel", DESK, f"{DESK}web-saldo/change/", f"{DESK}add/"]
)
def test_axe_finds_nothing(signed_in, watch, path):
    trainer = signed_in("pelatih")
    trainer.goto(path)
    trainer.wait_for_load_state()

    assert watch.found() == []  # now, because axe itself tries things that the page's policy forbids
    assert complaints(trainer) == []
    watch.faults.clear()
    assert not is_wider_than_the_window(trainer)
