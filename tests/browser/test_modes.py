"""The four ways to exercise, on the live pages, by keyboard alone; on small windows; without a script."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import is_wider_than_the_window, picture, press, tick
from tests.browser.test_class import heading, make_class, sit_down
from tests.browser.test_every_page import complaints
from tests.browser.test_exercises import SAVINGS, begin, given, states
from tests.browser.test_keyboard import tab_to

WAYS = ("Tunjukkan", "Bimbing", "Latih", "Uji")
PROJECTOR = {"viewport": {"width": 1280, "height": 720}}
HANDSET = {"viewport": {"width": 320, "height": 568}, "has_touch": True, "is_mobile": True}
UNCOVERED = """() => {
  const focused = document.activeElement, sheet = document.querySelector("#latihan");
  const at = focused.getBoundingClientRect();
  return sheet.contains(focused) || at.bottom <= sheet.getBoundingClientRect().top + 1 && at.top >= 0;
}"""
QUICK = "localStorage.setItem('latih-laju', 'cepat');"


@pytest.fixture(scope="module")
def _code() -> list[str]:
    return []


@pytest.fixture
def seat(signed_in, visitor, _code):
    """`seat()`: a browser on a seat of a class of this file; options are those of a browser."""
    if not _code:
        _code.append(make_class(signed_in("pelatih"), "Kelas empat cara", 20))

    def sit(**options) -> Page:
        page = visitor(**options)
        sit_down(page, _code[0], "Andi")
        return page

    return sit


def start(page: Page, slug: str, way: str) -> None:
    page.goto(f"/kelas/latihan/{slug}/")
    press(page, f"Mulai {way}")
    expect(page.locator("#latihan")).to_be_visible()


def sentence(page: Page, other_than: str = "") -> str:
    """What the pointer says, once it says something else."""
    if other_than:
        expect(page.locator(".coach__say")).not_to_have_text(other_than)
    return page.locator(".coach__say").inner_text()


def follow(page: Page, answer: int, most: int = 60) -> list[str]:
    """Do what the pointer says with the keyboard alone until the exercise is over; what it said."""
    said = [""]
    for _ in range(most):
        page.wait_for_function(
            "before => document.querySelector('#latihan')?.dataset.over === 'ya' || "
            "![before, undefined].includes(document.querySelector('.coach__say')?.innerText)",
            arg=said[-1],
        )
        if page.locator("#latihan").get_attribute("data-over") == "ya":
            return said[1:]
        said.append(page.locator(".coach__say").inner_text())
        obey(page, said[-1], answer)
    raise AssertionError(f"the pointer leads nowhere: {said[-6:]}")


def obey(page: Page, words: str, answer: int) -> None:
    if page.locator("a.coach__go").count():
        page.keyboard.press("Alt+k")
        page.keyboard.press("Enter")
        return
    page.keyboard.press("Alt+k")
    expect(page.locator("[aria-describedby~=latihan-kata]")).to_be_focused()
    if typed := re.match(r"Isi “.*” dengan (.*)", words) or re.match(r"Ketik (.*)", words):
        page.keyboard.press("Control+a")
        page.keyboard.type(typed[1])
        page.keyboard.press("Tab")
    elif words.startswith("Centang"):
        page.keyboard.press("Space")
        expect(page.get_by_text("Terverifikasi", exact=True)).to_be_visible()
    elif words.startswith("Pilih jawaban"):
        for _ in range(answer):
            page.keyboard.press("ArrowDown")
        if not answer:
            page.keyboard.press("Space")
    else:
        page.keyboard.press("Enter")


# --- Bimbing -------------------------------------------------------------------------------------------------
def test_bimbing_leads_through_a_whole_exercise_and_never_takes_the_focus(seat):
    page = seat()
    begin(page, SAVINGS, "Bimbing")
    first = sentence(page)
    assert first.startswith("Isi “E-mail” dengan budi.")
    assert page.evaluate("document.activeElement === document.body")
    expect(page.get_by_label("E-mail")).to_have_accessible_description(first)
    expect(page.locator(".coach-pointer")).to_be_visible()
    picture(page, "cara-bimbing", PROJECTOR["viewport"])

    said = follow(page, answer=1)

    assert len(said) == 8
    expect(page.locator(".coach__end")).to_contain_text("4 dari 4 langkah")


def test_bimbing_leads_the_clerk_through_the_desk(seat):
    page = seat()
    start(page, "petugas-iuran-sebulan", "Bimbing")
    said = follow(page, answer=0)
    assert "Tekan “Catat iuran”." in said
    expect(page.locator(".coach__end")).to_contain_text("4 dari 4 langkah")


def test_bimbing_finds_the_way_back_from_another_page(seat):
    page = seat()
    begin(page, SAVINGS, "Bimbing")
    first = sentence(page)
    page.get_by_role("link", name="Kotak Masuk").click()
    heading(page, "Kotak Masuk")
    assert (
        "Login" in page.locator(".coach__lead a, .coach-target").first.inner_text()
        or page.locator("a.coach__go").count()
    )
    page.keyboard.press("Alt+k")
    page.keyboard.press("Enter")
    heading(page, "Login")
    assert sentence(page) == first


def test_bimbing_on_a_telephone_speaks_in_the_sheet(seat, watch):
    page = seat(**HANDSET)
    begin(page, SAVINGS, "Bimbing")
    expect(page.locator(".coach__say")).to_contain_text("Isi “E-mail”")
    expect(page.locator(".coach-pointer")).to_be_hidden()
    assert is_wider_than_the_window(page) == 0
    for _ in range(14):
        page.keyboard.press("Tab")
        page.wait_for_timeout(60)
        assert page.evaluate(UNCOVERED)
    assert watch.found() == []
    assert complaints(page) == []
    watch.faults.clear()


def test_bimbing_at_400_percent_speaks_under_the_control(seat):
    page = seat(viewport={"width": 320, "height": 180})
    begin(page, SAVINGS, "Bimbing")
    sentence(page)
    page.keyboard.press("Alt+k")
    pointer, control = page.locator(".coach-pointer"), page.get_by_label("E-mail")
    expect(control).to_be_focused()
    expect(pointer).to_be_visible()
    assert pointer.bounding_box()["y"] >= control.bounding_box()["y"] + control.bounding_box()["height"]
    assert is_wider_than_the_window(page) == 0


def test_the_sheet_covers_nothing_in_the_app_and_remembers_whether_it_is_open(seat):
    page = seat(**HANDSET)
    start(page, "app-saldo", "Bimbing")
    page.goto("/jmo/masuk/")
    bar, body = page.locator(".coach__bar"), page.locator(".coach__body")
    expect(body).to_be_hidden()
    bar.focus()
    page.keyboard.press("Enter")
    expect(body).to_be_visible()
    page.reload()
    expect(body).to_be_visible()
    page.get_by_label("E-mail").focus()
    for _ in range(10):
        page.keyboard.press("Tab")
        page.wait_for_timeout(60)
        assert page.evaluate(UNCOVERED)


# --- Tunjukkan -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("slug", ["web-saldo", "sms-saldo", "beberapa-kpj", "petugas-iuran-sebulan"])
def test_tunjukkan_plays_an_exercise_to_its_end_by_itself(seat, slug):
    page = seat(**PROJECTOR)
    page.add_init_script(QUICK)
    start(page, slug, "Tunjukkan")
    caption = page.locator(".coach-bar__caption")
    expect(caption).not_to_be_empty()
    assert float(caption.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")) >= 32  # read from eight metres
    expect(caption).to_contain_text("Selesai.", timeout=90_000)
    expect(page.locator(".coach__end")).to_contain_text("Selesai")
    assert set(states(page)) == {"selesai"}


def test_tunjukkan_pauses_and_goes_on_by_keyboard_and_when_touched(seat, watch):
    page = seat(**PROJECTOR)
    page.add_init_script(QUICK)
    begin(page, SAVINGS, "Tunjukkan")
    caption = page.locator(".coach-bar__caption")
    expect(caption).to_contain_text("Mengisi “E-mail”")
    page.keyboard.press("Escape")
    expect(caption).to_contain_text("Dijeda.")
    held = caption.inner_text()
    page.wait_for_timeout(2500)
    assert caption.inner_text() == held
    picture(page, "cara-tunjukkan", PROJECTOR["viewport"])
    assert watch.found() == []
    assert complaints(page) == []
    watch.faults.clear()
    page.set_viewport_size(PROJECTOR["viewport"])

    page.get_by_role("button", name="Lanjut").focus()
    page.keyboard.press("Enter")
    expect(caption).to_contain_text("Kata sandi")
    page.get_by_role("heading", level=1).click()
    expect(caption).to_contain_text("Dijeda karena halaman disentuh.")
    page.keyboard.press("Escape")
    heading(page, "Layanan")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Berhenti").focus()
    page.keyboard.press("Enter")
    heading(page, SAVINGS)


def test_tunjukkan_says_what_is_missing_and_stops(seat):
    page = seat(**PROJECTOR)
    page.add_init_script(
        f"{QUICK} addEventListener('DOMContentLoaded', () => document.querySelector('[data-captcha]')?.remove())"
    )
    begin(page, SAVINGS, "Tunjukkan")
    caption = page.locator(".coach-bar__caption")
    expect(caption).to_have_text("Peragaan berhenti. “Saya bukan robot” tidak ada di halaman ini.")
    expect(page.get_by_role("button", name="Lanjut")).to_be_visible()
    page.wait_for_timeout(2000)
    heading(page, "Login")
    expect(caption).to_contain_text("Peragaan berhenti.")


# --- Latih and Uji -------------------------------------------------------------------------------------------
def test_latih_gives_a_hint_for_points_without_leaving_the_page(seat, watch):
    page = seat()
    begin(page, SAVINGS, "Latih")
    expect(page.locator(".coach__price")).to_have_text("Setiap petunjuk mengurangi nilai 5.")
    page.get_by_label("E-mail").fill("sedang diketik")
    tab_to(page, "Minta petunjuk")
    page.keyboard.press("Enter")
    expect(page.locator(".coach__hints")).to_contain_text("Petunjuk 1.")
    expect(page.locator("p[role=status]").last).to_contain_text("Petunjuk 1.")
    expect(page.get_by_role("button", name="Minta petunjuk")).to_be_focused()
    expect(page.get_by_label("E-mail")).to_have_value("sedang diketik")
    expect(page.locator(".coach-target")).to_have_count(0)
    assert watch.found() == []
    assert complaints(page) == []
    watch.faults.clear()


def test_uji_shows_its_time_gives_no_hints_and_ends_with_the_result(seat, server, watch):
    page = seat()
    begin(page, SAVINGS, "Uji")
    expect(page.locator("[data-left]")).to_have_text("6 menit")
    expect(page.get_by_role("button", name="Minta petunjuk")).to_have_count(0)
    assert watch.found() == []
    assert complaints(page) == []
    watch.faults.clear()
    page.set_viewport_size({"width": 1280, "height": 800})
    run = page.locator("#latihan").get_attribute("data-run")
    server.manage(
        "shell", "-c",
        "from datetime import timedelta; from django.utils import timezone; from portal.training.models import Run; "
        f"Run.objects.filter(pk={run}).update(deadline_at=timezone.now() + timedelta(seconds=12))",
    )  # fmt: skip
    page.reload()
    expect(page.locator("[data-left]")).to_have_text("10 detik")
    page.wait_for_url("**/kelas/latihan/hasil/**")
    expect(page.get_by_role("main")).to_contain_text("waktu habis")
    expect(page.get_by_role("main")).to_contain_text("0 dari 4")


# --- Everywhere ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("way", WAYS)
def test_without_a_script_every_way_is_a_list_of_steps_beside_the_page(seat, way):
    page = seat(java_script_enabled=False)
    begin(page, SAVINGS, way)
    heading(page, "Login")
    assert states(page) == ["sekarang", "belum", "belum", "belum"]
    panel, main = page.locator("#latihan").bounding_box(), page.locator("main").bounding_box()
    assert panel["x"] + panel["width"] <= main["x"]
    expect(page.locator(".coach-bar, .coach-pointer, .coach-target")).to_have_count(0)
    assert given(page, "E-mail").startswith("budi.")


def test_the_panel_follows_what_is_done_without_a_new_page(seat):
    page = seat()
    start(page, "sms-saldo", "Latih")
    page.goto("/telepon/")
    values = {name: given(page, name) for name in ("NIK", "Tanggal lahir", "Nomor KPJ")}
    page.get_by_label("Pesan ke 2757").fill("DAFTAR SALDO#{NIK}#{Tanggal lahir}#{Nomor KPJ}".format(**values))
    press(page, "Kirim")
    expect(page.locator(".coach__step").first).to_have_class(re.compile("selesai"))


def test_a_panel_and_the_phone_stand_beside_a_page_together(seat, watch):
    page = seat(viewport={"width": 1440, "height": 900})
    begin(page, SAVINGS, "Latih")
    page.goto("/telepon/")
    press(page, "Letakkan di samping setiap halaman")
    page.goto("/akun/login/")
    tick(page)
    phone, main, panel = (page.locator(name).bounding_box() for name in (".phone-beside", "main", "#latihan"))
    assert panel["x"] + panel["width"] <= main["x"]
    assert main["x"] + main["width"] <= phone["x"]
    assert is_wider_than_the_window(page) == 0
    for width in (1200, 960, 768):
        page.set_viewport_size({"width": width, "height": 700})
        assert is_wider_than_the_window(page) == 0
