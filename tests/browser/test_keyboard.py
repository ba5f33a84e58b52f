"""Everything by keyboard: Tab, Enter, Space. The focus is always seen, and goes down the page as one reads."""

from collections.abc import Iterator

from playwright.sync_api import Page, expect

from tests.browser.steps import begin_sign_up, heading, newest_code, summary

FOCUSED = """() => {
  const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
  const labels = at.labels ? [...at.labels].map((label) => label.innerText).join(" ") : "";
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return {
    name: (labels || at.innerText || at.getAttribute("aria-label") || "").replace(/\\s+/g, " ").trim(),
    body: at === document.body, seen: ring || style.boxShadow !== "none",
    inside: box.bottom > 0 && box.top < innerHeight && box.width > 0,
  };
}"""


def stops(page: Page, most: int = 60) -> Iterator[str]:
    """Press Tab; the name of each thing that has the focus, which must be seen and lie in the window."""
    for _ in range(most):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at["body"]:
            return
        assert at["seen"], f"no focus ring on {at['name']!r}"
        assert at["inside"], f"the focus on {at['name']!r} is outside the window"
        yield at["name"]


def tab_to(page: Page, name: str) -> list[str]:
    """Tab until the focus is on `name`; what was passed on the way."""
    passed = []
    for stop in stops(page):
        passed.append(stop)
        if stop.startswith(name):
            return passed
    raise AssertionError(f"{name!r} is not reached by Tab: {passed}")


def test_login_saldo_and_statement(page):
    page.goto("/akun/login/")
    assert tab_to(page, "Langsung ke isi") == ["Langsung ke isi"]
    page.keyboard.press("Enter")
    tab_to(page, "E-mail")
    for _ in range(30):  # on to the cards
        page.keyboard.press("Tab")
        if "Masuk sebagai Budi Santoso" in page.evaluate(FOCUSED)["name"]:
            break
    page.keyboard.press("Enter")
    expect(page.get_by_label("E-mail", exact=True)).to_have_value("budi@latih.test")

    page.get_by_label("E-mail", exact=True).focus()
    assert tab_to(page, "Saya bukan robot") == ["Kata sandi", "Tampilkan kata sandi", "Saya bukan robot"]
    page.keyboard.press("Space")
    expect(page.get_by_text("Terverifikasi", exact=True)).to_be_visible()
    assert tab_to(page, "Login") == ["Lupa kata sandi", "Login"]
    page.keyboard.press("Enter")
    heading(page, "Layanan")

    tab_to(page, "Lihat Saldo JHT")
    page.keyboard.press("Enter")
    heading(page, "Saldo JHT Anda")
    tab_to(page, "Lihat rincian saldo")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2, name="Per tahun")).to_be_visible()
    tab_to(page, "20")  # the newest year
    page.keyboard.press("Enter")
    expect(page.locator("details.year").first.get_by_role("table")).to_be_visible()
    page.keyboard.press("Space")
    expect(page.locator("details.year").first.get_by_role("table")).to_be_hidden()


def test_sign_up_and_the_mailbox(page):
    page.goto("/akun/daftar/")
    tab_to(page, "E-mail")
    page.keyboard.type("papan-tik@latih.test")
    assert tab_to(page, "Kata sandi") == ["Kata sandi"]
    page.keyboard.type("kembang-sepatu-biru-71")
    assert tab_to(page, "Kata sandi, sekali lagi") == ["Tampilkan kata sandi", "Kata sandi, sekali lagi"]
    page.keyboard.type("kembang-sepatu-biru-71")
    tab_to(page, "Saya mengerti")
    page.keyboard.press("Space")
    tab_to(page, "Saya bukan robot")
    page.keyboard.press("Space")
    expect(page.get_by_text("Terverifikasi", exact=True)).to_be_visible()
    tab_to(page, "Buat Akun Baru")
    page.keyboard.press("Enter")
    heading(page, "Masukkan kode")

    tab_to(page, "Kotak Masuk")
    page.keyboard.press("Enter")
    heading(page, "Kotak Masuk")
    tab_to(page, "[SIMULASI]")
    page.keyboard.press("Enter")
    expect(page.locator(".letter .code")).to_be_visible()
    code = newest_code(page)
    page.goto("/akun/kode/")
    tab_to(page, "Kode enam angka")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    heading(page, "Layanan")


def test_the_menu_opens_closes_and_leads_out(signed_in):
    page = signed_in("budi")
    page.goto("/")
    tab_to(page, "Akun")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Perangkat")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Perangkat")).to_be_hidden()
    assert page.evaluate(FOCUSED)["name"] == "Akun"
    page.keyboard.press("Enter")
    tab_to(page, "Perangkat")
    page.keyboard.press("Enter")
    heading(page, "Perangkat")


def test_the_focus_goes_to_the_error_summary_and_from_there_to_the_field(page):
    page.goto("/akun/login/")
    tab_to(page, "Login")
    page.keyboard.press("Enter")
    expect(summary(page)).to_be_focused()
    assert tab_to(page, "E-mail belum diisi") == ["E-mail belum diisi. Isi alamat lengkap, misalnya nama@contoh.id."]
    page.keyboard.press("Enter")
    expect(page.get_by_label("E-mail", exact=True)).to_be_focused()
    expect(page.get_by_label("E-mail", exact=True)).to_have_accessible_description(
        "E-mail belum diisi. Isi alamat lengkap, misalnya nama@contoh.id."
    )


def test_every_stop_of_the_code_page_is_seen(page):
    begin_sign_up(page)
    assert list(stops(page))[-1] == "Ketentuan simulasi"
