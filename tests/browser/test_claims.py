"""Pengajuan Klaim, Tracking Klaim, amalgamasi and the clerk's queue, as people do them. What the pages look like in
every state is in states.py."""

import json
import secrets

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import press, sign_up, summary
from tests.browser.test_keyboard import heading, tab_to

NAME = "Peserta Peragaan Klaim"
MAKE = """
import json
from datetime import date, timedelta
from accounts.models import User
from jht import actions
from jht.models import Employer, Membership, Participant
on, number = date.today(), {number}
user = User.objects.get(email={email!r})
nik = f"49710115{{'0390'}}{{number % 9999 + 1:04}}"
person = Participant.objects.create(nik=nik, name={name!r}, birth_date=date(1990, 3, 15), user=user)
ended = on - timedelta(days=90)
employers = list(Employer.objects.all()[:2])
made = []
for place, end in enumerate({ends}):
    row = Membership.objects.create(participant=person, kpj=f"496{{number:05}}{{place:03}}", segment="PU",
        employer=employers[place], start=on - timedelta(days={days}), end=ended if end else None)
    month = date(on.year - 1, 6, 1)
    actions.record_contributions([actions.wage_payment(row, month, 5_000_000, month)])
    made.append(row.kpj)
print(">>>" + json.dumps(made))
"""


@pytest.fixture
def somebody(server, visitor):
    """A new account with KPJ of its own, one for each of `ends` (whether it has ended); the page and the numbers."""

    def make(*ends: bool, days: int = 700, **options) -> tuple[Page, list[str]]:
        page = visitor()
        who = sign_up(page)
        number = secrets.randbelow(90_000) + 10_000
        code = MAKE.format(email=who.email, name=NAME, ends=list(ends), number=number, days=days)
        made = json.loads(server.manage("shell", "--no-imports", "-c", code).split(">>>")[1])
        return (visitor(storage=page.context.storage_state(), **options) if options else page), made

    return make


def file(page: Page, kpj: str, identity: str = "ktp") -> str:
    """All steps with the mouse, for everything there is; the number of the claim."""
    page.goto("/")
    page.get_by_role("link", name="Pengajuan Klaim").click()
    page.get_by_role("link", name="Pilih KPJ ini").click()
    page.get_by_role("link", name="Lanjut ke sebab klaim").click()
    page.get_by_label("Mengundurkan diri").check()
    press(page, "Lanjut")
    return finish(page, identity)


def finish(page: Page, identity: str = "ktp") -> str:
    """From the papers to the number."""
    choices = page.locator("select")
    choices.first.wait_for()
    for place in range(choices.count()):
        choices.nth(place).select_option(index=1)
    choices.nth(1).select_option(identity)
    press(page, "Lanjut")
    page.get_by_label("Nomor rekening latihan").fill("4900012345")
    page.get_by_label("Nama pemilik rekening").fill(NAME)
    press(page, "Lanjut")
    page.get_by_role("checkbox").check()
    press(page, "Ajukan klaim")
    expect(page.get_by_role("status")).to_contain_text("sudah kami terima dengan nomor KL-")
    return page.get_by_role("heading", level=1).inner_text().removeprefix("Klaim ")


def open_at_the_desk(desk: Page, number: str) -> None:
    desk.goto("/petugas/jht/claim/")
    desk.get_by_role("link", name=number).click()


def test_filed_completed_approved_paid_and_each_step_in_the_mailbox(somebody, signed_in):
    page, (kpj,) = somebody(True)
    number = file(page, kpj, identity="buram")
    desk = signed_in("petugas")

    open_at_the_desk(desk, number)
    desk.locator("summary", has_text="Minta lengkapi").click()
    desk.get_by_label("Yang perlu dilengkapi").fill("KTP tidak terbaca. Lampirkan yang jelas.")
    desk.get_by_role("checkbox", name="KTP").check()
    desk.get_by_role("button", name="Kirim permintaan").click()
    expect(desk.locator(".messagelist")).to_contain_text("dikembalikan kepada peserta")

    page.reload()
    expect(page.get_by_role("main")).to_contain_text("KTP tidak terbaca. Lampirkan yang jelas.")
    page.get_by_role("link", name="Lengkapi klaim").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Contoh KTP").click()
    page.locator("input[type=file]").nth(1).set_input_files(download.value.path())
    press(page, "Kirim kelengkapan")
    expect(page.get_by_role("status")).to_contain_text("Kelengkapan Anda sudah kami terima")

    open_at_the_desk(desk, number)
    desk.get_by_role("button", name="Setujui").click()
    desk.get_by_role("button", name="Bayarkan").click()
    expect(desk.locator(".messagelist")).to_contain_text(f"Klaim {number} dibayarkan")

    page.goto("/")
    page.get_by_role("link", name="Tracking Klaim").click()
    page.get_by_role("link", name=number).click()
    expect(page.locator(".timeline strong")).to_have_text(
        ["Diajukan", "Perlu dilengkapi", "Diajukan", "Disetujui", "Dibayarkan"]
    )
    expect(page.get_by_role("row", name="Diterima")).to_contain_text("Rp")
    page.get_by_role("link", name="Lihat rincian saldo").click()
    expect(page.locator(".hero-figure")).to_have_text("Rp0")
    page.goto("/kotak-masuk/")
    for status in ("Dibayarkan", "Disetujui", "Perlu dilengkapi", "Diajukan"):
        expect(page.get_by_role("link", name=f"[SIMULASI] Klaim {number}: {status}").first).to_be_visible()


def test_a_part_is_asked_for_while_one_goes_on_working(somebody, signed_in):
    """Rp285.000 of last June and its return: 10 % is between Rp28.500 and Rp31.000."""
    page, (kpj,) = somebody(False, days=3700)
    page.goto(f"/jht/klaim/{kpj}/")
    page.get_by_role("link", name="Lanjut ke sebab klaim").click()
    page.get_by_label("Sebagian, paling banyak 10 %").check()
    press(page, "Lanjut")
    heading(page, "Berapa yang Anda ambil?")
    amount = page.get_by_label("Jumlah yang diambil (Rp)")
    amount.fill("31.000")
    press(page, "Lanjut")
    expect(summary(page)).to_contain_text("Jumlah paling sedikit Rp1 dan paling banyak Rp")
    amount.fill("28.500")
    press(page, "Lanjut")
    number = finish(page)
    expect(page.get_by_role("main")).to_contain_text("Rp28.500")
    expect(page.get_by_role("main")).to_contain_text("dibayar paling lambat")

    desk = signed_in("petugas")
    open_at_the_desk(desk, number)
    desk.get_by_role("button", name="Setujui").click()
    desk.get_by_role("button", name="Bayarkan").click()
    expect(desk.locator(".messagelist")).to_contain_text(f"Klaim {number} dibayarkan")
    page.goto(f"/jht/klaim/{kpj}/sebab/")
    page.locator("summary", has_text="Sebab yang belum dapat dipilih").click()
    expect(page.get_by_role("main")).to_contain_text("hanya satu kali dan belum pernah diambil")


def test_a_claim_is_typed_in_at_the_branch(somebody, signed_in):
    page, (kpj,) = somebody(True)
    desk = signed_in("petugas")
    desk.goto(f"/petugas/jht/claim/add/?kpj={kpj}")
    desk.get_by_label("Sebab klaim").select_option(label="Mengundurkan diri")
    desk.get_by_label("Nomor rekening latihan").fill("4900012345")
    desk.get_by_label("Nama pemilik rekening").fill(NAME)
    desk.get_by_label("Semua dokumen untuk sebab ini dibawa").check()
    desk.get_by_role("button", name="Catat klaim").click()
    expect(desk.locator(".messagelist")).to_contain_text("dicatat")
    page.goto("/jht/lacak/")
    page.locator(".claim__name a").click()
    expect(page.get_by_role("main")).to_contain_text("Kantor cabang")


def test_going_back_and_leaving_lose_nothing(somebody):
    page, (kpj,) = somebody(True)
    page.goto(f"/jht/klaim/{kpj}/sebab/")
    page.get_by_label("Mengundurkan diri").check()
    press(page, "Lanjut")
    for choice in page.locator("select").all():
        choice.select_option(index=1)
    press(page, "Lanjut")
    page.go_back()
    expect(page.locator("select").nth(1)).to_have_value("ktp")
    page.goto("/jht/")
    page.goto(f"/jht/klaim/{kpj}/rekening/")
    heading(page, "Ke rekening mana?")
    page.goto(f"/jht/klaim/{kpj}/sebab/")
    expect(page.get_by_label("Mengundurkan diri")).to_be_checked()


def test_a_real_file_is_refused(somebody):
    page, (kpj,) = somebody(True)
    page.goto(f"/jht/klaim/{kpj}/sebab/")
    page.get_by_label("Mengundurkan diri").check()
    press(page, "Lanjut")
    photo = {"name": "ktp-saya.png", "mimeType": "image/png", "buffer": b"\x89PNG not ours"}
    page.locator("input[type=file]").nth(1).set_input_files(photo)
    press(page, "Lanjut")
    expect(summary(page)).to_contain_text("Jangan pernah mengunggah dokumen sungguhan di sini.")


def test_without_javascript_a_claim_is_filed_and_taken_back(somebody):
    page, (kpj,) = somebody(True, java_script_enabled=False)
    number = file(page, kpj)
    page.locator("summary", has_text="Batalkan klaim ini").click()
    press(page, "Batalkan klaim")
    expect(page.get_by_role("status")).to_contain_text(f"Klaim {number} sudah Anda batalkan")


def test_by_keyboard_from_the_ticks_to_the_papers(somebody):
    page, (kpj,) = somebody(True)
    page.goto(f"/jht/klaim/{kpj}/")
    tab_to(page, "Lanjut ke sebab klaim")
    page.keyboard.press("Enter")
    heading(page, "Apa sebab klaim Anda?")
    page.get_by_label("Mengundurkan diri").focus()
    page.keyboard.press("Space")
    tab_to(page, "Lanjut")
    page.keyboard.press("Enter")
    heading(page, "Lampirkan dokumen")
    tab_to(page, "Lanjut")
    page.keyboard.press("Enter")
    expect(summary(page)).to_be_focused()
    assert tab_to(page, "Kartu peserta (contoh) belum") == [
        "Kartu peserta (contoh) belum dilampirkan. Pilih contohnya dari daftar."
    ]
    page.keyboard.press("Enter")
    expect(page.locator("select").first).to_be_focused()


def test_amalgamasi_asked_and_done(somebody, signed_in):
    page, (old, new) = somebody(True, False)
    page.goto("/jht/")
    total = page.locator(".hero-figure").inner_text()
    page.get_by_role("link", name="Gabungkan beberapa KPJ").click()
    expect(page.get_by_role("checkbox", name=old)).to_be_checked()
    expect(page.get_by_role("radio", name=new)).to_be_checked()
    press(page, "Ajukan penggabungan")
    expect(page.get_by_role("status")).to_contain_text("menunggu petugas")

    desk = signed_in("petugas")
    desk.goto(f"/petugas/jht/mergerequest/?q={new}")
    desk.locator("#result_list tbody th a").first.click()
    desk.get_by_role("button", name="Gabungkan").click()
    expect(desk.locator(".messagelist")).to_contain_text("KPJ sudah digabung")

    page.goto("/jht/")
    expect(page.locator(".hero-figure")).to_have_text(total)
    expect(page.get_by_text(f"Digabung ke KPJ {new} pada")).to_be_visible()
    page.goto(f"/jht/{old}/")
    expect(page.get_by_text(f"Digabung ke KPJ {new} pada")).to_be_visible()
