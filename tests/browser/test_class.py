"""A class in real browsers: a trainer and trainees, each in a browser of their own."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import NAMES, heading, is_wider_than_the_window, picture, press, sign_up, summary, tick
from tests.browser.test_every_page import complaints
from tests.browser.test_keyboard import tab_to

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def make_class(page: Page, name: str, seats: int = 3) -> str:
    """From the service menu to the code on the projector."""
    page.goto("/")
    page.get_by_role("link", name="Kelas", exact=False).last.click()
    page.get_by_label("Nama kelas").fill(name)
    page.get_by_label("Jumlah kursi").fill(str(seats))
    press(page, "Buat kelas")
    heading(page, name)
    return page.locator(".door__code").inner_text().strip()


def sit_down(page: Page, code: str, name: str) -> None:
    """By the address in the QR."""
    page.goto(f"/kelas/{code}/")
    page.get_by_label("Nama Anda").fill(name)
    press(page, "Duduk di kelas")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def two_on_seats(signed_in, visitor, name: str) -> tuple[Page, Page, Page]:
    """A trainer on the page of a new class, Andi at a desk and Bela with a telephone."""
    trainer = signed_in("pelatih")
    code = make_class(trainer, name)
    andi, bela = visitor(), visitor(**PHONE)
    sit_down(andi, code, "Andi")
    sit_down(bela, code, "Bela")
    return trainer, andi, bela


def login_on_the_seat(page: Page, slug: str) -> None:
    page.goto("/kelas/")
    page.get_by_role("link", name="Mulai: ke halaman Login").click()
    page.get_by_role("link", name=f"Masuk sebagai {NAMES[slug]}").click()
    tick(page)
    press(page, "Login")
    heading(page, "Layanan")


def balance(page: Page) -> str:
    page.goto("/jht/")
    return page.locator(".hero-figure").inner_text()


def day(page: Page) -> str:
    return page.locator(".masthead__date time").get_attribute("datetime")


def test_a_trainer_and_two_trainees_through_a_class(signed_in, visitor):
    trainer = signed_in("pelatih")
    code = make_class(trainer, "Kelas Senin pagi")
    picture(trainer, "kelas")
    andi, bela = visitor(), visitor(**PHONE)
    sit_down(andi, code, "Andi")
    sit_down(bela, code, "Bela")
    picture(andi, "kursi")
    login_on_the_seat(andi, "budi")
    login_on_the_seat(bela, "budi")
    andis, belas = balance(andi), balance(bela)
    assert andis != belas
    assert "Rp" in andis

    real = day(trainer)
    trainer.get_by_role("link", name="Muat ulang daftar").click()
    expect(trainer.get_by_role("row", name="Andi")).to_be_visible()
    press(trainer, "Sebulan ke depan")
    expect(trainer.get_by_role("status")).to_contain_text("Untuk seluruh kelas sekarang")
    assert day(trainer) == real
    assert balance(andi) != andis
    assert balance(bela) != belas
    assert day(andi) == day(bela) != real
    press(trainer, "Kembali ke hari ini")
    expect(trainer.get_by_role("status")).to_contain_text("Untuk seluruh kelas sekarang")
    assert balance(andi) == andis
    assert day(andi) == real

    trainer.locator("summary", has_text="Ulangi kursi 1").click()
    press(trainer, "Ulangi kursi 1")
    expect(trainer.get_by_role("status")).to_contain_text("Kursi 1 mulai dari awal")
    andi.goto("/jht/")
    heading(andi, "Login")
    assert balance(bela) == belas
    login_on_the_seat(andi, "budi")
    assert balance(andi) == andis


def test_the_seat_goes_on_on_another_device_with_mail_and_account(signed_in, visitor):
    code = make_class(signed_in("pelatih"), "Kelas dua perangkat")
    here, there = visitor(), visitor(**PHONE)
    sit_down(here, code, "Andi")
    seat = here.locator(".seat-code").inner_text()
    who = sign_up(here)
    there.goto("/")
    there.get_by_role("link", name="Kelas", exact=True).click()
    there.get_by_label("Kode kursi").fill(seat.lower())
    press(there, "Ke kursi saya")
    expect(there.get_by_role("heading", level=1)).to_contain_text("Andi")
    there.goto("/kotak-masuk/")
    expect(there.get_by_text(who.email).first).to_be_visible()


@pytest.fixture
def class_code(signed_in) -> str:
    return make_class(signed_in("pelatih"), "Kelas uji", 2)


def test_nothing_is_wrong_with_any_page(signed_in, visitor, class_code, watch):
    watch.expected.append("Content Security Policy")  # axe tries what the page's policy forbids
    trainer, trainee = signed_in("pelatih"), visitor()
    trainee.goto("/kelas/")
    assert complaints(trainee) == []
    press(trainee, "Duduk di kelas")
    expect(summary(trainee)).to_be_visible()
    assert complaints(trainee) == []
    trainee.set_viewport_size({"width": 1280, "height": 800})
    sit_down(trainee, class_code, "Raden Ajeng Kusumaningtyas Widyastuti Prawirodirdjo")
    assert complaints(trainee) == []
    trainer.goto("/pelatih/")
    assert complaints(trainer) == []
    trainer.goto("/pelatih/")
    trainer.get_by_role("link", name="Kelas uji").first.click()
    for more in trainer.locator("details.hint summary").all():
        more.click()
    assert complaints(trainer) == []
    trainer.get_by_role("link", name="Kartu untuk dicetak").click()
    heading(trainer, "Kartu kursi")
    assert complaints(trainer) == []


def test_without_javascript_one_sits_down_turns_the_clock_and_begins_again(signed_in, visitor, class_code):
    page = visitor(java_script_enabled=False)
    sit_down(page, class_code, "Andi")
    before = day(page)
    page.get_by_label("Ke ulang tahun ke-56").select_option(index=0)
    press(page, "Putar ke hari itu")
    assert day(page) > before
    expect(page.get_by_text("(jam latihan)")).to_be_visible()
    page.locator("summary", has_text="Ulangi latihan ini").click()
    press(page, "Ulangi dari awal")
    assert day(page) == before
    press(page, "Tinggalkan kursi di perangkat ini")
    heading(page, "Ikut kelas")


def test_by_keyboard_into_the_class(signed_in, visitor, class_code):
    page = visitor()
    page.goto("/kelas/")
    page.get_by_label("Kode kelas").focus()
    page.keyboard.type(class_code)
    page.keyboard.press("Tab")
    page.keyboard.type("Andi")
    tab_to(page, "Duduk di kelas")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Andi")
    tab_to(page, "Sehari ke depan")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("sekarang")
    assert is_wider_than_the_window(page) == 0


def posts(page: Page, path: str) -> list[str]:
    """What this page posts to the address from now on."""
    seen: list[str] = []
    page.on("request", lambda one: one.method == "POST" and one.url.endswith(path) and seen.append(one.post_data))
    return seen


def tap_twice(page: Page, name: str) -> None:
    """The second time when the first is on its way to the server already."""
    button = page.get_by_role("button", name=name, exact=True)
    button.evaluate("button => { setTimeout(() => button.click(), 40); button.click(); }")


def test_a_double_tap_makes_one_class_five_seats_and_takes_one(signed_in, visitor):
    trainer = signed_in("pelatih")
    trainer.goto("/pelatih/")
    made, more = posts(trainer, "/pelatih/"), posts(trainer, "/kursi/")
    trainer.get_by_label("Nama kelas").fill("Kelas ketuk dua kali")
    trainer.get_by_label("Jumlah kursi").fill("3")
    tap_twice(trainer, "Buat kelas")
    heading(trainer, "Kelas ketuk dua kali")
    tap_twice(trainer, "Tambah 5 kursi")
    expect(trainer.get_by_text("0 dari 8 terisi")).to_be_visible()

    andi = visitor(**PHONE)
    taken = posts(andi, "/kelas/")
    andi.goto(f"/kelas/{trainer.locator('.door__code').inner_text().strip()}/")
    andi.get_by_label("Nama Anda").fill("Andi")
    tap_twice(andi, "Duduk di kelas")
    expect(andi.get_by_role("heading", level=1)).to_contain_text("Kursi 1: Andi")

    assert [len(one) for one in (made, more, taken)] == [1, 1, 1]
    trainer.reload()
    expect(trainer.get_by_text("1 dari 8 terisi")).to_be_visible()


def test_a_form_is_sent_again_after_a_refused_field_and_after_coming_back(visitor):
    page = visitor()
    page.goto("/kelas/")
    page.evaluate("""() => {
      const form = document.querySelector("form[data-once]");
      form.noValidate = false;
      window.sent = 0;
      addEventListener("submit", (event) => {
        window.sent += !event.defaultPrevented;
        event.preventDefault();
      });
    }""")
    press(page, "Duduk di kelas")  # both fields are empty: the browser refuses
    page.get_by_label("Kode kelas").fill("ABC234")
    page.get_by_label("Nama Anda").fill("Andi")
    press(page, "Duduk di kelas")
    press(page, "Duduk di kelas")
    assert page.evaluate("sent") == 1

    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    press(page, "Duduk di kelas")
    assert page.evaluate("sent") == 2


@pytest.mark.parametrize("path, button", [("/pelatih/", "Buat kelas"), ("/kelas/", "Duduk di kelas")])
def test_a_button_stands_apart_from_the_field_above_it(signed_in, visitor, path, button):
    """Also where a hidden field stands between the two."""
    page = signed_in("pelatih") if path == "/pelatih/" else visitor()
    page.goto(path)
    form = page.locator("form", has=page.get_by_role("button", name=button))
    above = form.locator("input:not([type=hidden]), textarea").last.bounding_box()

    assert form.get_by_role("button", name=button).bounding_box()["y"] - above["y"] - above["height"] >= 16
