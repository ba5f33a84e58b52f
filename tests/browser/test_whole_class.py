"""A whole class in real browsers at once: a trainer and three trainees, a fault, a reset, and what is talked about."""

from playwright.sync_api import Page, expect

from tests.browser.steps import press, tick
from tests.browser.test_class import PHONE, heading, make_class, sit_down
from tests.browser.test_exercises import SAVINGS, begin, given, states
from tests.browser.test_faults import throw

MAINTENANCE = "Pemeliharaan"


def type_in(page: Page, password: str = "") -> None:
    """The login page, filled in from the card of given data."""
    page.get_by_label("E-mail", exact=True).fill(given(page, "E-mail"))
    page.get_by_label("Kata sandi", exact=True).fill(password or given(page, "Kata sandi"))
    tick(page)
    press(page, "Login")


def tap_in(page: Page, *, ticked: bool = True) -> None:
    """On a telephone the panel is folded: the card of Budi fills in the form."""
    page.goto("/akun/login/?sebagai=budi")
    if ticked:
        tick(page)
    press(page, "Login")


def test_a_trainer_and_three_trainees_from_the_code_to_the_debrief(signed_in, visitor, watch):
    trainer = signed_in("pelatih")
    code = make_class(trainer, "Kelas lengkap", 4)
    room = trainer.url
    andi, bela, citra = visitor(), visitor(**PHONE), visitor()
    for page, name in ((andi, "Andi"), (bela, "Bela"), (citra, "Citra")):
        sit_down(page, code, name)
        begin(page, SAVINGS, "Latih")
    watch.expected.append("503")

    # Andi gets through; Bela forgets the tick; Citra tries a kata sandi of her own.
    type_in(andi)
    heading(andi, "Layanan")
    tap_in(bela, ticked=False)
    expect(bela.get_by_role("alert")).to_be_visible()
    type_in(citra, "kata sandi karangan")
    expect(citra.get_by_role("alert")).to_be_visible()
    assert states(andi)[0] == "selesai"
    assert states(bela)[0] == states(citra)[0] == "sekarang"

    # The trainer lets the site go down for the room, and up again.
    trainer.goto(room)
    throw(trainer, fault_option(trainer, MAINTENANCE), "Seluruh kelas")
    andi.goto("/jht/")
    bela.goto("/akun/login/")
    for page in (andi, bela):
        expect(page.get_by_role("heading", level=1)).to_contain_text("emeliharaan")
    trainer.get_by_role("button", name=f"Akhiri {MAINTENANCE}").click()
    andi.goto("/jht/")
    heading(andi, "Saldo JHT Anda")
    savings = andi.locator(".hero-figure").inner_text()
    tap_in(bela)
    heading(bela, "Layanan")

    # Citra's seat begins anew; nobody else notices.
    trainer.goto(room)
    trainer.locator("summary", has_text="Ulangi kursi 3").click()
    trainer.get_by_role("button", name="Ulangi kursi 3").click()
    expect(trainer.get_by_role("status").first).to_contain_text("Kursi 3 mulai dari awal")
    citra.goto("/kelas/")
    expect(citra.get_by_role("heading", level=1)).to_contain_text("Citra")
    andi.reload()
    assert andi.locator(".hero-figure").inner_text() == savings

    andi.get_by_role("link", name="Lihat rincian saldo").click()
    andi.locator(".coach").get_by_label("Iuran dari perusahaan dan dari gaji").check()
    press(andi, "Jawab")
    andi.get_by_role("link", name="Lihat hasil").click()
    expect(andi.get_by_role("region", name="Ringkasan hasil")).to_contain_text("100")

    trainer.goto(room)
    trainer.get_by_role("link", name="Bahas", exact=True).click()
    heading(trainer, "Bahas: Kelas lengkap")
    expect(trainer.get_by_role("row", name="Andi")).to_contain_text("4 / 4")
    expect(trainer.get_by_role("row", name="Bela")).to_contain_text("1 / 4")
    expect(trainer.get_by_role("region", name="alah jalan yang paling sering")).to_contain_text("tanpa centang")
    expect(trainer.get_by_role("main")).to_contain_text(MAINTENANCE)


def fault_option(trainer: Page, name: str) -> str:
    """The words of the option for this fault; they also say how long it lasts."""
    options = trainer.get_by_role("combobox", name="Gangguan").locator("option")
    return next(text for text in options.all_inner_texts() if text.startswith(name))
