"""What people do on the pages, by what they see: labels, buttons, links."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from portal import cast
from tests.server import ROOT

PICTURES = ROOT / "docs" / "gambar"
NAMES = {someone.slug: someone.name for someone in (*cast.PEOPLE, *cast.STAFF)}
GOOD_PASSWORD = "kembang-sepatu-biru-71"


@dataclass(frozen=True)
class Visitor:
    email: str
    password: str = GOOD_PASSWORD


@dataclass(frozen=True)
class PracticeCard:
    nik: str
    kpj: str
    name: str
    birth_date: str  # DD-MM-YYYY


def tick(page: Page) -> None:
    """Tick "Saya bukan robot" and wait until the work is truly done."""
    page.get_by_role("checkbox", name="Saya bukan robot").check()
    expect(page.get_by_text("Terverifikasi", exact=True)).to_be_visible()


def heading(page: Page, text: str) -> None:
    """The page of this heading is there, and its scripts have run: what is pressed next, they see."""
    expect(page.get_by_role("heading", level=1)).to_have_text(text)
    page.wait_for_load_state()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def fill_login(page: Page, email: str, password: str) -> None:
    page.get_by_label("E-mail", exact=True).fill(email)
    page.get_by_label("Kata sandi", exact=True).fill(password)


def login(page: Page, email: str, password: str) -> None:
    """One try to sign in, whatever comes of it."""
    page.goto("/akun/login/")
    fill_login(page, email, password)
    tick(page)
    press(page, "Login")


def login_by_card(page: Page, slug: str) -> None:
    """As the trainer does: a card, the box, the button."""
    page.goto("/akun/login/")
    page.get_by_role("link", name=f"Masuk sebagai {NAMES[slug]}").click()
    tick(page)
    press(page, "Login")
    heading(page, "Layanan")


def fill_sign_up(page: Page, email: str, password: str = GOOD_PASSWORD, again: str | None = None) -> None:
    page.goto("/akun/daftar/")
    page.get_by_label("E-mail", exact=True).fill(email)
    page.get_by_label("Kata sandi", exact=True).fill(password)
    page.get_by_label("Kata sandi, sekali lagi").fill(password if again is None else again)
    page.get_by_role("checkbox", name="Saya mengerti").check()


def begin_sign_up(page: Page, name: str = "") -> Visitor:
    """As far as the page that asks for the code."""
    who = Visitor(f"{name or f'baru-{secrets.token_hex(3)}'}@latih.test")
    fill_sign_up(page, who.email)
    tick(page)
    press(page, "Buat Akun Baru")
    heading(page, "Masukkan kode")
    return who


def newest_code(page: Page) -> str:
    """The six digits of the newest mail, read in the mailbox beside the page."""
    mailbox = page.context.new_page()
    mailbox.goto("/kotak-masuk/")
    code = re.sub(r"\D", "", mailbox.locator(".mail .code").first.inner_text())
    mailbox.close()
    assert len(code) == 6
    return code


def give_code(page: Page, code: str) -> None:
    page.get_by_label("Kode enam angka").fill(code)
    press(page, "Kirim kode")


def sign_up(page: Page, name: str = "") -> Visitor:
    """A new account, signed in."""
    who = begin_sign_up(page, name)
    give_code(page, newest_code(page))
    heading(page, "Layanan")
    return who


def practice_card(page: Page) -> PracticeCard:
    """What the card on "Hubungkan kepesertaan" shows."""
    card = page.get_by_role("region", name="Kartu latihan Anda")

    def value(label: str) -> str:
        return card.locator("div", has=page.get_by_text(label, exact=True)).locator("dd").inner_text().strip()

    nik, kpj = (re.sub(r"\D", "", value(label)) for label in ("NIK", "Nomor KPJ"))
    return PracticeCard(nik, kpj, name=value("Nama lengkap"), birth_date=value("Tanggal lahir"))


def fill_link(page: Page, card: PracticeCard) -> None:
    page.get_by_label("NIK atau nomor paspor").fill(card.nik)
    page.get_by_label("Nomor KPJ").fill(card.kpj)
    page.get_by_label("Nama lengkap").fill(card.name)
    page.get_by_label("Tanggal lahir").fill(card.birth_date)


def summary(page: Page) -> Locator:
    """The list of what must be put right, on top of a form."""
    return page.locator(".error-summary")


def sign_out(page: Page) -> None:
    press(page, "Keluar")
    heading(page, "Login")


def rupiah(amount: int) -> str:
    """Rp1.234.567 as the pages write it."""
    return f"Rp{amount:,}".replace(",", ".")


def is_wider_than_the_window(page: Page) -> int:
    """By how many pixels the page scrolls sideways; 0 when it does not."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def picture(page: Page, name: str, size: Mapping[str, int] | None = None) -> None:
    """Leave a picture for README and handbook, when asked by PICTURES=1."""
    if os.environ.get("PICTURES") != "1":
        return
    PICTURES.mkdir(exist_ok=True)
    before = page.viewport_size
    page.set_viewport_size(size or {"width": 1280, "height": 800})
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    page.screenshot(path=PICTURES / f"{name}.png", animations="disabled", caret="hide")
    page.set_viewport_size(before)
