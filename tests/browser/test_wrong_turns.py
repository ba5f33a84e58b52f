"""What goes wrong for people, and whether the page says so: what is wrong, what is true, what to do."""

from datetime import datetime, timedelta
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import (
    GOOD_PASSWORD,
    PracticeCard,
    begin_sign_up,
    fill_link,
    fill_login,
    fill_sign_up,
    give_code,
    heading,
    login,
    login_by_card,
    newest_code,
    practice_card,
    press,
    sign_out,
    sign_up,
    summary,
    tick,
)
from tests.conftest import solved

NEW_PASSWORD = "terompet-hijau-daun-38"


# --- Login ---------------------------------------------------------------------------------------------------
def test_a_wrong_password_keeps_the_email_and_drops_the_password(page):
    login(page, "siti@latih.test", "bukan-kata-sandinya")
    expect(summary(page)).to_contain_text("E-mail atau kata sandi tidak cocok.")
    expect(page.get_by_label("E-mail", exact=True)).to_have_value("siti@latih.test")
    expect(page.get_by_label("Kata sandi", exact=True)).to_have_value("")
    expect(page.get_by_role("checkbox", name="Saya bukan robot")).not_to_be_checked()


def test_an_unknown_address_gets_the_same_words_as_a_wrong_password(page):
    login(page, "siti@latih.test", "bukan-kata-sandinya")
    known = summary(page).inner_text()
    login(page, "tidak-ada@latih.test", "bukan-kata-sandinya")
    assert summary(page).inner_text() == known


def test_an_unticked_box_says_so(page):
    page.goto("/akun/login/?sebagai=budi")
    press(page, "Login")
    expect(summary(page)).to_contain_text("“Saya bukan robot” belum dicentang.")
    expect(page.get_by_label("E-mail", exact=True)).to_have_value("budi@latih.test")


def test_the_same_login_sent_twice_is_refused(page):
    page.goto("/akun/login/")
    fill_login(page, "siti@latih.test", "bukan-kata-sandinya")
    tick(page)
    with page.expect_request(lambda request: request.method == "POST") as sent:
        press(page, "Login")
    expect(summary(page)).to_be_visible()
    again = page.request.post("/akun/login/", form=dict(parse_qsl(sent.value.post_data)))
    assert "ini sudah dipakai dan hanya berlaku sekali" in again.text()


def test_a_tick_older_than_ten_minutes_is_refused(page, server):
    code = (
        "import json; from datetime import timedelta; from django.utils import timezone; "
        "from accounts.captcha import new_challenge; "
        "print('>>>' + json.dumps(new_challenge(timezone.now() - timedelta(minutes=11))))"
    )
    challenge = server.manage("shell", "-c", code).split(">>>")[1]
    page.route("**/akun/captcha/", lambda route: route.fulfill(content_type="application/json", body=challenge))
    login(page, "siti@latih.test", "bukan-kata-sandinya")
    expect(summary(page)).to_contain_text("sudah lewat 10 menit dan tidak berlaku lagi")


def test_ten_wrong_passwords_lock_and_the_lock_says_how_long(page):
    email = "dikunci@latih.test"
    page.goto("/akun/login/")
    token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    for _ in range(10):
        box = {"captcha": solved(page.request.get("/akun/captcha/").json()), "captcha_tick": "on"}
        form = {"login": email, "password": "salah-terus-99", "csrfmiddlewaretoken": token} | box
        page.request.post("/akun/login/", form=form)
    login(page, email, "salah-terus-99")
    expect(summary(page)).to_contain_text("sudah terlalu sering salah, jadi kami menguncinya sebentar.")
    expect(summary(page)).to_contain_text("Coba lagi dalam 15 menit (pukul ")


# --- Sign-up -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("pendek7", "8"),
        ("password123", "termasuk yang paling dulu dicoba orang lain"),
        ("1234567890", "termasuk yang paling dulu dicoba orang lain"),
    ],
    ids=["short", "common word", "common digits"],
)
def test_a_weak_password_is_refused_and_the_email_stays(page, password, sentence):
    fill_sign_up(page, "lemah@latih.test", password)
    tick(page)
    press(page, "Buat Akun Baru")
    expect(summary(page)).to_contain_text(sentence)
    expect(page.get_by_label("E-mail", exact=True)).to_have_value("lemah@latih.test")
    expect(page.get_by_label("Kata sandi", exact=True)).to_have_value("")


def test_two_different_passwords_are_refused(page):
    fill_sign_up(page, "beda@latih.test", GOOD_PASSWORD, again=NEW_PASSWORD)
    tick(page)
    press(page, "Buat Akun Baru")
    expect(summary(page)).to_contain_text("Kedua kata sandi tidak sama.")


def test_a_registered_address_is_not_given_away(page, visitor):
    fill_sign_up(page, "budi@latih.test")
    tick(page)
    press(page, "Buat Akun Baru")
    heading(page, "Masukkan kode")
    known = page.get_by_role("main").inner_text()

    other = visitor()
    who = begin_sign_up(other)
    assert known.replace("budi@latih.test", who.email) == other.get_by_role("main").inner_text()


def test_a_wrong_code_an_earlier_one_and_a_used_one_each_get_their_sentence(page):
    begin_sign_up(page)
    first = newest_code(page)
    wrong = f"{(int(first) + 1) % 1_000_000:06}"
    give_code(page, wrong)
    expect(summary(page)).to_contain_text("Kode itu tidak cocok.")
    give_code(page, "12 34")
    expect(summary(page)).to_contain_text("Kode terdiri dari enam angka")

    press(page, "Kirim kode baru")
    expect(page.get_by_text("Kode baru sudah dikirim.")).to_be_visible()
    give_code(page, first)
    expect(summary(page)).to_contain_text("sudah diganti dengan yang lebih baru")

    second = newest_code(page)
    give_code(page, f"{second[:3]} {second[3:]}")  # as the mail shows it
    heading(page, "Layanan")
    sign_out(page)
    page.goto("/akun/kode/")
    expect(page.get_by_text("Tidak ada kode yang ditunggu di peramban ini")).to_be_visible()


def test_a_code_wrong_five_times_is_worn_out(page):
    begin_sign_up(page)
    right = newest_code(page)
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    for _ in range(5):
        give_code(page, wrong)
        expect(summary(page)).to_contain_text("Kode itu tidak cocok.")
    give_code(page, right)
    expect(summary(page)).to_contain_text("sudah salah lima kali, jadi tidak berlaku lagi")


def test_another_address_can_be_given_before_the_code(page):
    begin_sign_up(page)
    press(page, "Ganti alamat e-mail")
    heading(page, "Buat Akun Baru")


# --- A forgotten kata sandi ----------------------------------------------------------------------------------
def ask_for_new_password(page: Page, email: str) -> None:
    page.goto("/akun/login/")
    page.get_by_role("link", name="Lupa kata sandi").click()
    page.get_by_label("E-mail", exact=True).fill(email)
    tick(page)
    press(page, "Kirim kode")
    heading(page, "Masukkan kode")


def test_a_forgotten_password_is_replaced_by_code(page):
    who = sign_up(page)
    sign_out(page)
    ask_for_new_password(page, who.email)
    give_code(page, newest_code(page))
    page.get_by_label("Kata sandi baru", exact=True).fill(NEW_PASSWORD)
    page.get_by_label("Kata sandi baru, sekali lagi").fill(NEW_PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Simpan").click()

    login(page, who.email, who.password)
    expect(summary(page)).to_contain_text("E-mail atau kata sandi tidak cocok.")
    login(page, who.email, NEW_PASSWORD)
    heading(page, "Layanan")


def test_an_unknown_address_sees_the_same_page_for_a_forgotten_password(page, visitor):
    ask_for_new_password(page, "siti@latih.test")
    known = page.get_by_role("main").inner_text()
    other = visitor()
    ask_for_new_password(other, "tidak-ada@latih.test")
    assert known.replace("siti@", "tidak-ada@") == other.get_by_role("main").inner_text()


# --- Hubungkan kepesertaan -----------------------------------------------------------------------------------
def test_data_that_does_not_match_names_no_field_and_locks_after_five_tries(page):
    sign_up(page)
    page.goto("/jht/hubungkan/")
    card = practice_card(page)
    wrong_day = datetime.strptime(card.birth_date, "%d-%m-%Y") + timedelta(days=1)  # noqa: DTZ007 (a day)
    wrong = PracticeCard(card.nik, card.kpj, card.name, f"{wrong_day:%d-%m-%Y}")
    for _ in range(5):
        fill_link(page, wrong)
        press(page, "Hubungkan")
        expect(summary(page)).to_contain_text("Data tidak sesuai. Keempat data harus sama")
        expect(page.locator("[aria-invalid=true]")).to_have_count(0)
    fill_link(page, card)
    press(page, "Hubungkan")
    expect(summary(page)).to_contain_text("Terlalu banyak percobaan yang tidak sesuai.")
    expect(summary(page)).to_contain_text("60 menit")


def test_a_real_looking_nik_is_refused_and_not_shown_again(own_account):
    page = own_account()
    page.goto("/jht/hubungkan/")
    real = "3175091503900001"
    fill_link(page, PracticeCard(real, "49100000001", "Nama Saya", "15-03-1990"))
    press(page, "Hubungkan")
    expect(summary(page)).to_contain_text("tampak seperti NIK sungguhan")
    expect(page.get_by_label("NIK atau nomor paspor")).to_have_value("")
    expect(page.get_by_label("Nama lengkap")).to_have_value("Nama Saya")
    assert real not in page.content()


# --- Going ---------------------------------------------------------------------------------------------------
def test_after_keluar_the_back_button_shows_nobodys_data(page):
    login_by_card(page, "budi")
    page.goto("/jht/")
    figure = page.locator(".hero-figure").inner_text()
    sign_out(page)
    page.go_back(wait_until="commit")
    heading(page, "Login")
    assert figure not in page.content()
    page.goto("/jht/")
    heading(page, "Login")


def test_keluar_by_address_asks_first(signed_in):
    page = signed_in("budi")
    page.goto("/akun/keluar/")
    page.get_by_role("link", name="Tetap masuk").click()
    heading(page, "Layanan")
