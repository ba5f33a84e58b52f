"""Meja Petugas: a clerk enters a person, a membership and a month; that person sees the money."""

import re
import secrets
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import PracticeCard, fill_link, heading, login_by_card, picture, press, sign_up


def choose(page: Page, field: str, text: str) -> None:
    """Pick from one of the admin's searching lists."""
    page.locator(f".field-{field.rpartition('-')[2]} .select2-selection").first.click()
    page.locator(".select2-search__field").fill(text)
    page.locator(".select2-results__option", has_text=text).first.click()


def save(page: Page) -> None:
    page.locator("input[name=_save]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def test_what_a_clerk_enters_a_person_sees(page, visitor):
    today = datetime.now(ZoneInfo("Asia/Jakarta")).date()
    last_month = today.replace(day=1) - timedelta(days=1)
    serial = secrets.randbelow(9000) + 1000
    card = PracticeCard(f"497101150390{serial}", f"4920000{serial}", f"Kartika Rekaan {serial}", "15-03-1990")

    login_by_card(page, "petugas")
    page.get_by_role("link", name="Meja Petugas").first.click()
    heading(page, "Data peserta dan iuran")
    picture(page, "petugas")

    page.goto("/petugas/jht/participant/add/")
    page.get_by_label("NIK").fill(card.nik)
    page.get_by_label("Nama lengkap").fill(card.name)
    page.get_by_label("Tanggal lahir").fill(card.birth_date)
    save(page)

    page.goto("/petugas/jht/membership/add/")
    choose(page, "participant", card.name)
    page.get_by_label("Nomor KPJ").fill(card.kpj)
    page.get_by_label("Segmen").select_option("PU")
    choose(page, "employer", "PT Kopi Tamaran Nusa")
    page.get_by_label("Mulai").fill(f"{last_month.replace(day=1):%d-%m-%Y}")
    save(page)

    page.goto("/petugas/jht/contribution/add/")
    choose(page, "membership", card.kpj)
    page.get_by_label("Bulan iuran").fill(f"{last_month:%m-%Y}")
    page.get_by_label("Upah atau penghasilan sebulan").fill("5.000.000")
    page.locator("input[name=paid_on]").fill(f"{today:%d-%m-%Y}")
    save(page)
    page.goto(f"/petugas/jht/entry/?q={card.kpj}")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)

    person = visitor()
    sign_up(person, "kartika")
    person.goto("/jht/hubungkan/")
    fill_link(person, card)
    press(person, "Hubungkan")
    # 5,7 % of five million (docs/aturan.md#iuran-pu); paid this month, so it has earned nothing yet,
    # unless the year ends today.
    expected = "Rp286.306" if (today.month, today.day) == (12, 31) else "Rp285.000"
    expect(person.locator(".hero-figure")).to_have_text(expected)
    expect(person.locator(".membership")).to_contain_text("Rp5.000.000")


def test_a_real_looking_nik_is_refused_at_the_desk_too(signed_in):
    page = signed_in("petugas")
    page.goto("/petugas/jht/participant/add/")
    page.get_by_label("NIK").fill("3175091503900001")
    page.get_by_label("Nama lengkap").fill("Nama Saya")
    page.get_by_label("Tanggal lahir").fill("15-03-1990")
    page.locator("input[name=_save]").click()
    expect(page.get_by_text("tampak seperti NIK sungguhan")).to_be_visible()
    assert "3175091503900001" not in page.content()


def test_a_month_of_a_whole_employer_adds_up_while_typing(signed_in):
    page = signed_in("pelatih")
    page.goto("/petugas/jht/employer/")
    page.locator("#result_list a", has_text="PT Kopi Tamaran Nusa").click()
    page.get_by_role("link", name="Iuran sebulan", exact=True).click()
    page.get_by_label("Bulan iuran").fill(f"{datetime.now(ZoneInfo('Asia/Jakarta')):%m-%Y}")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Upah Budi Santoso")).to_be_visible()
    for box in page.get_by_role("checkbox", name=re.compile("^Sertakan ")).all():
        box.uncheck()
    expect(page.locator("[data-total=both]")).to_have_text("Rp0")
    page.get_by_label("Sertakan Budi Santoso").check()
    page.get_by_label("Upah Budi Santoso").fill("4.000.000")
    expect(page.locator("[data-total=employer]")).to_have_text("Rp148.000")  # docs/aturan.md#iuran-pu
    expect(page.locator("[data-total=worker]")).to_have_text("Rp80.000")
    expect(page.locator("[data-total=both]")).to_have_text("Rp228.000")


@pytest.mark.parametrize("path", ["/petugas/", "/petugas/jht/participant/"])
def test_a_participant_cannot_open_the_desk(signed_in, path):
    page = signed_in("budi")
    answer = page.goto(path)
    assert answer.status == 403
    heading(page, "Halaman ini bukan untuk akun Anda")


def test_a_visitor_comes_to_the_desk_through_the_one_login(page):
    page.goto("/petugas/jht/participant/")
    heading(page, "Login")
