"""Every page in every state one can bring it to: how to get there, and as whom.

A state is a function of a page; `WHO` says whose: "" a visitor, "own" an account made here, else a slug of the cast.
"""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.browser.steps import GOOD_PASSWORD, begin_sign_up, fill_login, give_code, heading, newest_code, press, tick

Reach = Callable[[Page], object]


@dataclass(frozen=True)
class State:
    name: str
    reach: Reach
    who: str = ""


def at(path: str) -> Reach:
    return lambda page: page.goto(path)


def empty_form(path: str, button: str) -> Reach:
    """The form sent with nothing in it: every error is shown."""

    def reach(page: Page) -> None:
        page.goto(path)
        press(page, button)
        expect(page.locator(".error-summary")).to_be_visible()

    return reach


def wrong_password(page: Page) -> None:
    page.goto("/akun/login/")
    fill_login(page, "tidak-ada@latih.test", "salah-sekali-17")
    tick(page)
    press(page, "Login")
    expect(page.locator(".error-summary")).to_be_visible()


def wrong_code(page: Page) -> None:
    begin_sign_up(page)
    give_code(page, "12")
    expect(page.locator(".error-summary")).to_be_visible()


def mailbox_with_mail(page: Page) -> None:
    begin_sign_up(page)
    page.goto("/kotak-masuk/")


def opened_mail(page: Page) -> None:
    mailbox_with_mail(page)
    page.locator(".mail").first.get_by_role("link").click()
    expect(page.locator(".letter")).to_be_visible()


def texted(text: str) -> Reach:
    """The phone on screen after one text."""

    def reach(page: Page) -> None:
        page.goto("/telepon/")
        page.get_by_label("Pesan ke 2757").fill(text)
        press(page, "Kirim")
        expect(page.locator(".bubble, .phone__error").first).to_be_visible()

    return reach


def ask_for_reset(page: Page, email: str) -> None:
    page.goto("/akun/kata-sandi/lupa/")
    page.get_by_label("E-mail", exact=True).fill(email)
    tick(page)
    press(page, "Kirim kode")
    heading(page, "Masukkan kode")


def new_password(page: Page) -> None:
    ask_for_reset(page, "joko@latih.test")  # a shared account: its code is read in this browser's mailbox
    give_code(page, newest_code(page))
    expect(page.get_by_label("Kata sandi baru", exact=True)).to_be_visible()


def refused_new_password(page: Page) -> None:
    new_password(page)
    page.get_by_label("Kata sandi baru", exact=True).fill("12345678")
    page.get_by_label("Kata sandi baru, sekali lagi").fill("87654321")
    page.get_by_role("main").get_by_role("button", name="Simpan").click()
    expect(page.locator(".error-summary")).to_be_visible()


def form_too_long_open(page: Page) -> None:
    page.goto("/akun/kata-sandi/lupa/")
    page.context.clear_cookies()
    press(page, "Kirim kode")
    expect(page.get_by_role("heading", level=1)).to_contain_text("terlalu lama terbuka")


def signed_out(page: Page) -> None:
    page.goto("/akun/keluar/")


def opened(path: str, selector: str) -> Reach:
    """A page with what is folded unfolded."""

    def reach(page: Page) -> None:
        page.goto(path)
        page.locator(selector).first.click()

    return reach


def real_looking_nik(page: Page) -> None:
    page.goto("/jht/hubungkan/")
    page.get_by_label("NIK atau nomor paspor").fill("3175091503900001")
    press(page, "Hubungkan")
    expect(page.locator(".error-summary")).to_be_visible()


def change_of_email_waits(page: Page) -> None:
    page.goto("/akun/konfirmasi/?next=/akun/email/")
    page.get_by_label("Kata sandi", exact=True).fill(GOOD_PASSWORD)
    press(page, "Lanjutkan")
    page.get_by_label("E-mail baru").fill("alamat-lain@latih.test")
    press(page, "Kirim kode")
    heading(page, "Masukkan kode")


def empty_desk_form(path: str) -> Reach:
    def reach(page: Page) -> None:
        page.goto(path)
        page.locator("input[name=_save]").click()
        expect(page.locator(".errornote")).to_be_visible()

    return reach


def first_of(path: str, then: str = "") -> Reach:
    """The first row of a list at the desk, and a link on its page."""

    def reach(page: Page) -> None:
        page.goto(path)
        page.locator("#result_list tbody th a").first.click()
        if then:
            page.get_by_role("link", name=then, exact=True).click()

    return reach


WATI = "/jht/klaim/49000000185/"


def claim_amount(page: Page) -> None:
    page.goto("/jht/klaim/49000000227/sebab/")
    page.get_by_label("Sebagian, paling banyak 10 %").check()
    press(page, "Lanjut")
    heading(page, "Berapa yang Anda ambil?")


def claim_amount_refused(page: Page) -> None:
    claim_amount(page)
    page.get_by_label("Jumlah yang diambil").fill("99.000.000")
    press(page, "Lanjut")
    expect(page.locator(".error-summary")).to_be_visible()


def claim_papers(page: Page) -> None:
    page.goto(f"{WATI}sebab/")
    page.get_by_label("Mengundurkan diri").check()
    press(page, "Lanjut")
    heading(page, "Lampirkan dokumen")


def claim_papers_missing(page: Page) -> None:
    claim_papers(page)
    page.locator("select").first.select_option("")
    press(page, "Lanjut")
    expect(page.locator(".error-summary")).to_be_visible()


def claim_account(page: Page) -> None:
    claim_papers(page)
    for choice in page.locator("select").all():
        choice.select_option(index=1)
    press(page, "Lanjut")
    heading(page, "Ke rekening mana?")


def claim_account_refused(page: Page) -> None:
    claim_account(page)
    page.get_by_label("Nomor rekening latihan").fill("1234567890")
    page.get_by_label("Nama pemilik rekening").fill("Orang Lain")
    press(page, "Lanjut")
    expect(page.locator(".error-summary")).to_be_visible()


def claim_confirm(page: Page) -> None:
    claim_account(page)
    page.get_by_label("Nomor rekening latihan").fill("4900012345")
    page.get_by_label("Nama pemilik rekening").fill("Wati Purnamasari")
    press(page, "Lanjut")
    heading(page, "Periksa sekali lagi")


def followed(then: str = "") -> Reach:
    """The newest claim of somebody, and a link on its page."""

    def reach(page: Page) -> None:
        page.goto("/jht/lacak/")
        page.get_by_role("link", name="KL-").first.click()
        if then:
            page.get_by_role("link", name=then, exact=True).click()

    return reach


DESK = "/petugas/jht"


def branch_refused(page: Page) -> None:
    page.goto(f"{DESK}/claim/add/")
    page.get_by_role("button", name="Catat klaim").click()
    expect(page.locator(".errornote")).to_be_visible()


def claim_refusing(page: Page) -> None:
    first_of(f"{DESK}/claim/?menunggu=petugas")(page)
    page.locator("summary", has_text="Tolak").click()
    page.locator("input[value='Tolak klaim']").click()
    expect(page.locator(".errornote")).to_be_visible()


STATES = [
    State("login", at("/akun/login/")),
    State("login filled in by a card", at("/akun/login/?sebagai=budi")),
    State("login, nothing filled in", empty_form("/akun/login/", "Login")),
    State("login, wrong password", wrong_password),
    State("sign-up", at("/akun/daftar/")),
    State("sign-up, nothing filled in", empty_form("/akun/daftar/", "Buat Akun Baru")),
    State("code", begin_sign_up),
    State("code, misshapen", wrong_code),
    State("forgotten", at("/akun/kata-sandi/lupa/")),
    State("forgotten, nothing filled in", empty_form("/akun/kata-sandi/lupa/", "Kirim kode")),
    State("forgotten, code", lambda page: ask_for_reset(page, "tidak-ada@latih.test")),
    State("forgotten, new password", new_password),
    State("forgotten, new password refused", refused_new_password),
    State("forgotten, done", at("/akun/kata-sandi/lupa/selesai/")),
    State("closed account", at("/akun/nonaktif/")),
    State("mailbox, empty", at("/kotak-masuk/")),
    State("mailbox", mailbox_with_mail),
    State("mail", opened_mail),
    State("phone", at("/telepon/")),
    State("phone, a conversation", texted("DAFTAR SALDO#3523418097870002#ADI SUNARYO#01-09-1987#2345678901")),
    State("phone, nothing typed", texted("")),
    State("terms", at("/ketentuan/")),
    State("not found", at("/tidak-ada/")),
    State("form too long open", form_too_long_open),
    State("menu of services", at("/"), "budi"),
    State("account menu open", opened("/", ".menu__more summary"), "budi"),
    State("balance", at("/jht/"), "budi"),
    State("balance, three KPJ", at("/jht/"), "siti"),
    State("balance, BPU", at("/jht/"), "joko"),
    State("balance, Jakon", at("/jht/"), "slamet"),
    State("balance, in arrears", at("/jht/"), "rina"),
    State("balance, claimed", at("/jht/"), "tono"),
    State("balance, long name and big figure", at("/jht/"), "ajeng"),
    State("balance, KPJ explained", opened("/jht/", ".hint summary"), "budi"),
    State("statement", at("/jht/49000000011/"), "budi"),
    State("statement, year open", opened("/jht/49000000011/", "details.year summary"), "budi"),
    State("statement of a claim", opened("/jht/49000000136/", "details.year summary"), "tono"),
    State("somebody else's KPJ", at("/jht/49000000029/"), "budi"),
    State("desk, for a participant", at("/petugas/"), "budi"),
    State("devices", at("/akun/perangkat/"), "budi"),
    State("log out", signed_out, "budi"),
    State("shared account, password", at("/akun/kata-sandi/ubah/"), "budi"),
    State("shared account, e-mail", at("/akun/email/"), "budi"),
    State("password again", at("/akun/konfirmasi/?next=/"), "budi"),
    State("link", at("/jht/hubungkan/"), "own"),
    State("link, nothing filled in", empty_form("/jht/hubungkan/", "Hubungkan"), "own"),
    State("link, real-looking NIK", real_looking_nik, "own"),
    State("own account, password", at("/akun/kata-sandi/ubah/"), "own"),
    State("own account, password refused", empty_form("/akun/kata-sandi/ubah/", "Simpan kata sandi"), "own"),
    State("own account, e-mail", at("/akun/email/"), "own"),
    State("own account, e-mail refused", empty_form("/akun/email/", "Kirim kode"), "own"),
    State("own account, code for the new e-mail", change_of_email_waits, "own"),
    State("services of a clerk", at("/"), "petugas"),
    State("desk", at("/petugas/"), "petugas"),
    State("desk, participants", at(f"{DESK}/participant/"), "petugas"),
    State("desk, nobody found", at(f"{DESK}/participant/?q=tidakada"), "petugas"),
    State("desk, new participant", at(f"{DESK}/participant/add/"), "petugas"),
    State("desk, new participant refused", empty_desk_form(f"{DESK}/participant/add/"), "petugas"),
    State("desk, participant", first_of(f"{DESK}/participant/"), "petugas"),
    State("desk, history of a participant", first_of(f"{DESK}/participant/", "Riwayat"), "petugas"),
    State("desk, new membership", at(f"{DESK}/membership/add/"), "petugas"),
    State("desk, membership", first_of(f"{DESK}/membership/"), "petugas"),
    State("desk, employers", at(f"{DESK}/employer/"), "petugas"),
    State("desk, a month of an employer", first_of(f"{DESK}/employer/", "Iuran sebulan"), "petugas"),
    State("desk, contributions", at(f"{DESK}/contribution/"), "petugas"),
    State("desk, new contribution", at(f"{DESK}/contribution/add/"), "petugas"),
    State("desk, ledger", at(f"{DESK}/entry/"), "petugas"),
    State("desk, correction", at(f"{DESK}/entry/add/"), "petugas"),
    State("desk, imports", at(f"{DESK}/importjob/"), "petugas"),
    State("desk, new import", at(f"{DESK}/importjob/add/"), "petugas"),
    State("desk, rates", at(f"{DESK}/rate/"), "petugas"),
    State("desk, who did what", at("/petugas/jht/auditrecord/"), "petugas"),
    State("desk, employers in arrears", at(f"{DESK}/employer/tunggakan/"), "petugas"),
    State("desk, one employer in arrears", opened(f"{DESK}/employer/tunggakan/", ".desk-lines tbody th a"), "petugas"),
    State("arrears", at("/jht/49000000086/tunggakan/"), "rina"),
    State("no arrears", at("/jht/49000000011/tunggakan/"), "budi"),
    State("claim, which KPJ", at("/jht/klaim/"), "siti"),
    State("claim, which KPJ, Jakon", at("/jht/klaim/"), "slamet"),
    State("claim, three green", at(WATI), "wati"),
    State("claim, red", at("/jht/klaim/49000000169/"), "ajeng"),
    State("claim, to be compared", at("/jht/klaim/49000000144/"), "lestari"),
    State("claim, reasons", at(f"{WATI}sebab/"), "wati"),
    State("claim, reasons refused", opened(f"{WATI}sebab/", ".reasons__not summary"), "wati"),
    State("claim, share", at("/jht/klaim/49000000011/sebab/"), "budi"),
    State("claim, how much", claim_amount, "yanti"),
    State("claim, too much", claim_amount_refused, "yanti"),
    State("claim, papers", claim_papers, "wati"),
    State("claim, papers missing", claim_papers_missing, "wati"),
    State("claim, account", claim_account, "wati"),
    State("claim, account refused", claim_account_refused, "wati"),
    State("claim, last look", claim_confirm, "wati"),
    State("claims followed", at("/jht/lacak/"), "ajeng"),
    State("claims followed, none", at("/jht/lacak/"), "budi"),
    State("claim, to be completed", followed(), "ajeng"),
    State("claim, completing", followed("Lengkapi klaim"), "ajeng"),
    State("claim, refused", followed(), "hendra"),
    State("claim, paid", followed(), "tono"),
    State("merge", at("/jht/amalgamasi/"), "siti"),
    State("merge, nothing to merge", at("/jht/amalgamasi/"), "budi"),
    State("desk, claims", at(f"{DESK}/claim/"), "petugas"),
    State("desk, claim at the branch", at(f"{DESK}/claim/add/"), "petugas"),
    State("desk, claim at the branch, empty", branch_refused, "petugas"),
    State("desk, claim", first_of(f"{DESK}/claim/?menunggu=petugas"), "petugas"),
    State("desk, claim refusing", claim_refusing, "petugas"),
    State("desk, merges", at(f"{DESK}/mergerequest/"), "petugas"),
]
REFUSALS = (400, 403, 404, 405, 413, 415, 421, 429, 500, 503)
