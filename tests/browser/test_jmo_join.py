"""Buat Akun in the app on a telephone: by tapping, by keyboard, without JavaScript; both codes read off the screen."""

import re
import secrets

import pytest
from playwright.sync_api import Page, expect

from tests.browser.states import State
from tests.browser.steps import GOOD_PASSWORD, newest_code, picture, press, tick
from tests.browser.test_every_page import complaints, rooms, shown  # noqa: F401 (rooms and shown are fixtures)
from tests.browser.test_jmo import PHONE, WIDER, heading, tap
from tests.browser.test_keyboard import tab_to

ON = "Selanjutnya"


def choose(page: Page, answer: str) -> None:
    page.get_by_role("radio", name=answer).check()
    press(page, ON)


def card_of(page: Page) -> dict[str, str]:
    """What the practice card shows, as the form calls it."""
    rows = page.get_by_role("region", name="Kartu latihan Anda").locator("dl > div")
    told = {row.locator("dt").inner_text(): row.locator("dd").inner_text() for row in rows.all()}
    squeezed = {name: re.sub(r"\s", "", value) for name, value in told.items()}
    return squeezed | {"Nama lengkap": told["Nama lengkap"], "Tanggal lahir": told["Tanggal lahir"]}


def fill_card(page: Page) -> dict[str, str]:
    card = card_of(page)
    for label, value in card.items():
        page.get_by_label(label, exact=True).fill(value)
    press(page, ON)
    return card


def text_code(page: Page) -> str:
    """The digits of the newest text, read on the telephone on the screen, to which the page itself leads."""
    address = page.get_by_role("link", name="telepon di layar").get_attribute("href")
    telephone = page.context.new_page()
    telephone.goto(address)
    expect(telephone.locator(".bubble .code").last).to_be_visible()
    code = re.sub(r"\D", "", telephone.locator(".bubble .code").last.inner_text())
    telephone.close()
    assert len(code) == 6
    return code


def give_code(page: Page, code: str) -> None:
    page.get_by_label("Kode enam angka").fill(code)
    press(page, ON)


def own_phone(page: Page, ending: str = "001") -> None:
    page.locator(f"button[name=own][value$='{ending}']").click()
    heading(page, "Masukkan kode")


def to_data(page: Page, segment: str = "Penerima Upah (PU)", citizenship: str = "Indonesia") -> None:
    page.goto("/jmo/daftar/")
    choose(page, "Ya, saya sudah daftar")
    choose(page, segment)
    choose(page, citizenship)
    heading(page, "Lengkapi data diri")


def to_mail_code(page: Page) -> str:
    to_data(page)
    fill_card(page)
    email = f"aplikasi-{secrets.token_hex(3)}@latih.test"
    page.get_by_label("E-mail", exact=True).fill(email)
    tick(page)
    press(page, "Kirim kode")
    heading(page, "Masukkan kode")
    return email


def to_phone(page: Page) -> None:
    to_mail_code(page)
    give_code(page, newest_code(page))
    heading(page, "Nomor handphone")


def to_text_code(page: Page) -> None:
    to_phone(page)
    own_phone(page)


def to_password(page: Page) -> None:
    to_text_code(page)
    give_code(page, text_code(page))
    heading(page, "Buat kata sandi")


def fill_password(page: Page) -> None:
    page.get_by_label("Kata sandi", exact=True).fill(GOOD_PASSWORD)
    page.get_by_label("Kata sandi, sekali lagi").fill(GOOD_PASSWORD)
    press(page, ON)
    heading(page, "Syarat dan ketentuan")


def to_agree(page: Page) -> None:
    to_password(page)
    fill_password(page)


def test_tapped_through_with_both_codes_read_off_the_screen(visitor):
    page = visitor(**PHONE)
    page.goto("/jmo/")
    tap(page, "link", "Buat Akun Baru")
    expect(page.get_by_text("Langkah 1 dari 10")).to_be_visible()
    picture(page, "jmo-daftar", PHONE["viewport"])
    choose(page, "Ya, saya sudah daftar")
    heading(page, "Pilih jenis kepesertaan")
    choose(page, "Bukan Penerima Upah (BPU)")
    heading(page, "Pilih kewarganegaraan")
    choose(page, "Warga Negara Indonesia")
    picture(page, "jmo-daftar-data", PHONE["viewport"])
    card = fill_card(page)
    email = f"aplikasi-{secrets.token_hex(3)}@latih.test"
    page.get_by_label("E-mail", exact=True).fill(email)
    tick(page)
    press(page, "Kirim kode")
    expect(page.get_by_text(email).first).to_be_visible()
    give_code(page, newest_code(page))
    heading(page, "Nomor handphone")
    picture(page, "jmo-daftar-handphone", PHONE["viewport"])
    own_phone(page)
    give_code(page, text_code(page))
    heading(page, "Buat kata sandi")

    page.go_back()  # the browser's own way back, and the page's: nothing is lost on either
    expect(page.get_by_text("Sudah terbukti")).to_be_visible()
    for _ in range(4):
        back(page)
    expect(page.get_by_label("Nama lengkap")).to_have_value(card["Nama lengkap"])
    expect(page.get_by_label("Nomor KPJ")).to_have_value(card["Nomor KPJ"])
    page.goto("/jmo/daftar/")
    fill_password(page)

    press(page, "Setuju")
    expect(page.locator(".error-summary")).to_contain_text("Persetujuan belum dicentang")
    page.get_by_role("checkbox", name="Saya mengerti").check()
    page.get_by_role("button", name="Setuju").dblclick()
    heading(page, "Akun Anda sudah jadi")
    picture(page, "jmo-daftar-selesai", PHONE["viewport"])
    tap(page, "link", "Pengkinian Data")
    expect(page.get_by_role("main")).to_contain_text(email)

    page.goto("/jht/")  # the same account on the web
    expect(page.get_by_role("main")).to_contain_text("Bukan Penerima Upah")


@pytest.mark.parametrize("segment", ["Penerima Upah (PU)", "Bukan Penerima Upah (BPU)"])
def test_a_foreigner_is_asked_for_a_passport(visitor, segment):
    page = visitor(**PHONE)
    to_data(page, segment, "Warga Negara Asing")
    assert fill_card(page)["Nomor paspor"].startswith("X49")
    heading(page, "E-mail Anda")


def test_a_telephone_that_never_receives_is_changed_for_another(visitor):
    page = visitor(**PHONE)
    to_phone(page)
    own_phone(page, "901")
    press(page, "Kirim kode baru")
    expect(page.get_by_text("Kode baru sudah dikirim")).to_be_visible()
    tap(page, "link", "Ganti nomor")
    own_phone(page, "903")
    give_code(page, text_code(page))
    heading(page, "Buat kata sandi")


def test_by_keyboard_alone(visitor):
    page = visitor()
    page.goto("/jmo/daftar/")
    tab_to(page, "Ya, saya sudah daftar")
    page.keyboard.press("Space")
    tab_to(page, ON)
    page.keyboard.press("Enter")
    heading(page, "Pilih jenis kepesertaan")
    tab_to(page, "Penerima Upah")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Pekerja Migran Indonesia")).to_be_checked()
    tab_to(page, ON)
    page.keyboard.press("Enter")
    heading(page, "Pilih kewarganegaraan")
    assert tab_to(page, "Kembali")[-1] == "Kembali"
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name="Pekerja Migran Indonesia")).to_be_checked()


def test_without_javascript_all_but_the_box(visitor):
    """The box "Saya bukan robot" alone needs JavaScript, as on the web; so its page is answered in another window."""
    plain = {"java_script_enabled": False, **PHONE}
    page = visitor(**plain)
    to_data(page)
    fill_card(page)
    heading(page, "E-mail Anda")
    scripted = visitor(storage=page.context.storage_state(), **PHONE)
    scripted.goto("/jmo/daftar/")
    scripted.get_by_label("E-mail", exact=True).fill(f"tanpa-{secrets.token_hex(3)}@latih.test")
    tick(scripted)
    press(scripted, "Kirim kode")
    page = visitor(storage=scripted.context.storage_state(), **plain)
    page.goto("/jmo/daftar/")
    give_code(page, newest_code(page))
    own_phone(page)
    give_code(page, text_code(page))
    fill_password(page)
    page.get_by_role("checkbox", name="Saya mengerti").check()
    press(page, "Setuju")
    heading(page, "Akun Anda sudah jadi")


def unanswered(page: Page) -> None:
    page.goto("/jmo/daftar/")
    press(page, ON)
    expect(page.locator(".error-summary")).to_be_visible()


def wrong_data(page: Page) -> None:
    to_data(page)
    page.get_by_label("Nama lengkap").fill("Orang Lain")
    press(page, ON)
    expect(page.locator(".error-summary")).to_be_visible()


def email(page: Page) -> None:
    to_data(page)
    fill_card(page)
    heading(page, "E-mail Anda")


def real_phone(page: Page) -> None:
    to_phone(page)
    page.get_by_label("Nomor handphone").fill("081234567890")
    press(page, "Kirim kode")
    expect(page.locator(".error-summary")).to_be_visible()


def back(page: Page) -> None:
    """By the arrow: a button where there are fields, whose content it keeps, else a link."""
    here = page.url
    page.locator(".top__back").click()
    expect(page).not_to_have_url(here)
    page.wait_for_load_state()


def proved(page: Page) -> None:
    to_phone(page)
    back(page)
    expect(page.get_by_text("Sudah terbukti")).to_be_visible()


def second(page: Page) -> None:
    page.goto("/jmo/daftar/")
    choose(page, "Ya, saya sudah daftar")
    page.get_by_role("radio", name="Pekerja Migran Indonesia").check()


STATES = [
    State("join, member", lambda page: page.goto("/jmo/daftar/")),
    State("join, unanswered", unanswered),
    State("join, not yet", lambda page: page.goto("/jmo/daftar/belum/")),
    State("join, kind", second),
    State("join, data", to_data),
    State("join, data refused", wrong_data),
    State("join, e-mail", email),
    State("join, code of the mail", to_mail_code),
    State("join, proved", proved),
    State("join, phone", to_phone),
    State("join, phone refused", real_phone),
    State("join, code of the text", to_text_code),
    State("join, password", to_password),
    State("join, consent", to_agree),
    State("add a KPJ, web", lambda page: page.goto("/jht/tambah/"), "intan"),
    State("add a KPJ, app", lambda page: page.goto("/jmo/layanan/tambah/"), "intan"),
]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_axe_finds_nothing_and_nothing_is_wider_than_320_pixels(shown, state):  # noqa: F811
    page = shown(state)
    assert complaints(page) == []
    if page.locator(".screen").count():
        assert page.locator(".screen").evaluate(WIDER) == 0


def test_a_kpj_from_a_new_job_shows_once_it_is_added(visitor, session_of):
    page = visitor(storage=session_of("intan"), **PHONE)
    page.goto("/jmo/profil/ubah/")
    tap(page, "link", "Tambah Kartu Peserta")
    page.get_by_label("Nomor KPJ").fill("49999999999")
    press(page, "Simpan")
    expect(page.locator(".error-summary")).to_contain_text("Nomor KPJ tidak terdaftar")
