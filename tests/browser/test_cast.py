"""Everyone one can be: card, box, Login, and their case on the balance page."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from portal import cast
from tests.browser import money
from tests.browser.steps import heading, picture, rupiah

# What their page must say, besides the figure.
SAYS = {
    "budi": "Terkumpul dari 1 kepesertaan",
    "siti": "Terkumpul dari 3 kepesertaan",
    "joko": "Bukan Penerima Upah",
    "dewi": "Pekerja Migran Indonesia",
    "slamet": "dilindungi dari kecelakaan kerja dan kematian saja",
    "rina": "belum tercatat dibayar oleh pemberi kerja, padahal sudah jatuh tempo",
    "agus": "Rp3.000.000",  # the wage his employer reports
    "maya": "Kepesertaan ini tidak aktif. Saldonya tetap berkembang",
    "hendra": "PT Logistik Layar Simulasi",
    "ratna": "PT Garmen Sekar Rekaan",
    "tono": "Saldo Rp0 karena klaim sudah dibayarkan pada",
    "lestari": "PT Kopi Tamaran Nusa",
    "bayu": "belum tercatat dibayar oleh pemberi kerja, padahal sudah jatuh tempo",
    "ajeng": "PT Logistik Layar Simulasi",
    "intan": "bila KPJ dari pekerjaan baru belum tampak di sini",
    "yanti": "Bukan Penerima Upah",
    "emma": "PT Logistik Layar Simulasi",
    "wati": "Kepesertaan ini tidak aktif. Saldonya tetap berkembang",
}
LINKED = [person for person in cast.PEOPLE if person.is_linked]


@pytest.mark.parametrize("person", LINKED, ids=lambda person: person.slug)
def test_a_card_leads_to_the_true_balance_and_the_case_is_told(signed_in, person):
    today = datetime.now(ZoneInfo("Asia/Jakarta")).date()
    page = signed_in(person.slug)
    page.goto("/")
    page.get_by_role("link", name="Lihat Saldo JHT").click()

    heading(page, "Saldo JHT Anda")
    jobs = [job for job in person.jobs if not job.is_unadded]
    saves = any(job.segment != "JAKON" for job in jobs)
    total = rupiah(money.total_of(jobs, today)) if saves else "Tanpa JHT"
    expect(page.locator(".hero-figure")).to_have_text(total)
    expect(page.get_by_role("main")).to_contain_text(SAYS[person.slug])
    expect(page.locator(".membership")).to_have_count(len(jobs))
    for job in jobs:
        card = page.locator(".membership", has=page.locator(f"a[href='{job.kpj}/']"))
        if job.segment == "JAKON":
            expect(page.locator(".membership")).to_contain_text("Tanpa JHT")
        else:
            expect(card.locator(".membership__balance")).to_contain_text(rupiah(money.balance_of(job, today)))
    if person.slug == "siti":
        picture(page, "saldo")
        picture(page, "saldo-hp", {"width": 360, "height": 740})
        page.get_by_role("link", name="Lihat rincian saldo").first.click()
        page.locator("details.year summary").first.click()
        picture(page, "rincian")


def test_a_new_account_of_the_cast_is_led_to_hubungkan(signed_in):
    page = signed_in("fajar")
    page.goto("/jht/")
    heading(page, "Hubungkan kepesertaan")
    expect(page.get_by_text("Hubungkan kepesertaan Anda lebih dahulu")).to_be_visible()


@pytest.mark.parametrize("kpj", ["49000000029", "49999999999"], ids=["somebody else's", "nobody's"])
def test_a_kpj_that_is_not_mine_is_not_found(signed_in, kpj):
    page = signed_in("budi")
    answer = page.goto(f"/jht/{kpj}/")
    assert answer.status == 404
    heading(page, "Halaman tidak ditemukan")
