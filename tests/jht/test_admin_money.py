"""The clerk's desk: contributions, corrections, the yearly return."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from jht.models import AuditRecord, Contribution, Entry, Rate
from tests.jht.factories import make_membership, pay

pytestmark = pytest.mark.django_db
MONTH, PAID = date(2024, 3, 1), date(2024, 4, 15)


def record(desk, member, /, **typed):
    good = {"membership": member.pk, "month": "03-2024", "wage": "5.000.000", "paid_on": "15-04-2024"}
    return desk.post("/petugas/jht/contribution/add/", good | typed, follow=True)


# --- One contribution ----------------------------------------------------------------------------------------


def test_a_wage_makes_both_shares_and_the_ledger_entry(desk, clerk):
    response = record(desk, make_membership())  # 3,7 % + 2 % of 5.000.000: docs/aturan.md#iuran-pu

    contribution = Contribution.objects.get()
    assert (contribution.month, contribution.paid_on) == (MONTH, PAID)
    assert (contribution.employer_share, contribution.worker_share) == (185_000, 100_000)
    assert "Rp185.000 + pekerja Rp100.000 = Rp285.000" in response.text
    entry = Entry.objects.get()
    assert (entry.amount, entry.date, entry.recorded_by) == (Decimal(285_000), PAID, clerk)
    assert AuditRecord.objects.get(act="entered").label == f"Mar 2024 · {contribution.membership.kpj}"


def test_an_income_picks_the_band_of_the_self_employed(desk):
    record(desk, make_membership(segment="BPU"), wage="3.000.000")  # docs/aturan.md#iuran-bpu

    contribution = Contribution.objects.get()
    assert (contribution.wage, contribution.employer_share, contribution.worker_share) == (3_000_000, 0, 64_000)


def test_a_migrant_worker_pays_the_amount_chosen(desk):
    record(desk, make_membership(segment="PMI"), wage="", pmi_amount="200000")

    contribution = Contribution.objects.get()
    assert (contribution.wage, contribution.amount) == (0, 200_000)


@pytest.mark.parametrize(
    ("segment", "typed", "sentence"),
    [
        ("JAKON", {}, "peserta Jakon, yang tidak mempunyai JHT"),
        ("PU", {"wage": ""}, "Upah atau penghasilan masih kosong"),
        ("PU", {"wage": "lima juta"}, "Jumlah ditulis dengan angka"),
        ("PU", {"wage": "5,5"}, "Jumlah ditulis dengan angka"),
        ("PU", {"wage": "-5000000"}, "Jumlah ditulis dengan angka"),
        ("PU", {"wage": "١٢٣٤٥٦٧"}, "Jumlah ditulis dengan angka"),
        ("PU", {"wage": "9" * 400}, "Jumlah paling banyak Rp10.000.000.000"),
        ("PU", {"wage": "1"}, "Iuran dari upah ini Rp0"),
        ("PU", {"month": "13-2024"}, "Bulan ditulis bulan-tahun"),
        ("PU", {"month": "12-9999"}, "paling jauh 12 bulan ke depan"),
        ("PU", {"month": "01-0001"}, "Bulan ditulis bulan-tahun"),
        ("PU", {"month": "12-2019"}, "Kepesertaan ini berjalan dari 01-2020"),
        ("PU", {"paid_on": "31-02-2026"}, "tidak ada dalam kalender"),
        ("PU", {"paid_on": "01-01-9999"}, "Tanggal pembayaran belum tiba"),
        ("PU", {"paid_on": "01-01-0001"}, "Tanggal pembayaran paling awal"),
        ("PU", {"membership": "abc"}, "Pilihan ini tidak ada dalam daftar"),
        ("PU", {"membership": ""}, "belum dipilih"),
        ("PU", {"pmi_amount": "50000"}, "Kosongkan pilihan ini"),
        ("PMI", {"wage": ""}, "Iuran PMI belum dipilih"),
        ("PMI", {"wage": "", "pmi_amount": "123"}, "Iuran PMI dipilih dari daftar"),
    ],
)
def test_what_cannot_be_recorded_gets_its_sentence_and_keeps_what_was_typed(desk, segment, typed, sentence):
    response = record(desk, make_membership(segment=segment), **typed)

    assert sentence in response.text
    assert not Contribution.objects.exists()
    for name in ("wage", "month", "paid_on"):
        value = typed.get(name, {"wage": "5.000.000", "month": "03-2024", "paid_on": "15-04-2024"}[name])
        assert f'value="{value}"' in response.text or not value


def test_a_month_recorded_already_says_so(desk):
    membership = make_membership()
    pay(membership, MONTH)

    response = record(desk, membership)

    assert "Iuran bulan ini sudah tercatat. Pilih bulan lain" in response.text
    assert 'value="5.000.000"' in response.text
    assert Contribution.objects.count() == 1


def test_a_recorded_contribution_is_only_looked_at(desk):
    contribution = pay(make_membership(), MONTH)
    address = f"/petugas/jht/contribution/{contribution.pk}/change/"

    page = desk.get(address).text
    assert "Rp185.000" in page
    assert 'name="_save"' not in page
    assert desk.post(address, {"wage": "1"}).status_code == 403
    assert desk.post(f"/petugas/jht/contribution/{contribution.pk}/delete/", {"post": "yes"}).status_code == 403


def test_cancelling_asks_for_a_reason_and_posts_the_reverse_once(desk):
    contribution = pay(make_membership(), MONTH)
    address = f"/petugas/jht/contribution/{contribution.pk}/batalkan/"

    assert "Alasan masih kosong" in desk.post(address, {"reason": "  "}).text
    first = desk.post(address, {"reason": "Salah bulan"}, follow=True)
    second = desk.post(address, {"reason": "Salah bulan"}, follow=True)

    assert "sudah dibatalkan dengan catatan balik" in first.text
    assert "Iuran ini sudah dibatalkan pada" in second.text
    reverse = Entry.objects.get(kind="correction")
    assert (reverse.amount, reverse.reason) == (Decimal(-285_000), "Salah bulan")
    assert "Iuran dibatalkan: Salah bulan" in AuditRecord.objects.get(act="cancelled").told
    assert "Batalkan iuran" not in desk.get(f"/petugas/jht/contribution/{contribution.pk}/change/").text


# --- Corrections ---------------------------------------------------------------------------------------------


def correction_form(desk, membership, **typed) -> dict:
    """The form as the browser has it after loading the page."""
    page = desk.get(f"/petugas/jht/entry/add/?membership={membership.pk}").text
    key = re.search(r'name="form_key" value="([^"]+)"', page)[1]
    return {"membership": membership.pk, "amount": "12.500,75", "reason": "Setoran keliru", "form_key": key} | typed


def test_a_correction_is_posted_today_with_its_reason(desk, clerk):
    membership = make_membership()
    desk.post("/petugas/jht/entry/add/", correction_form(desk, membership))

    entry = Entry.objects.get()
    assert (entry.kind, entry.amount, entry.reason) == ("correction", Decimal("12500.75"), "Setoran keliru")
    assert (entry.date, entry.recorded_by) == (timezone.localdate(), clerk)
    assert AuditRecord.objects.filter(actor=clerk, act="entered").count() == 1


def test_a_correction_may_take_away(desk):
    membership = make_membership()
    pay(membership, MONTH)
    desk.post("/petugas/jht/entry/add/", correction_form(desk, membership, amount="-250.000"))
    assert Entry.objects.get(kind="correction").amount == Decimal(-250_000)


def test_a_double_click_on_a_correction_posts_once(desk):
    typed = correction_form(desk, make_membership())
    for _ in range(2):
        assert desk.post("/petugas/jht/entry/add/", typed).status_code == 302
    assert Entry.objects.count() == 1


def test_the_same_form_with_another_amount_is_asked_about_and_not_lost(desk):
    typed = correction_form(desk, make_membership())
    desk.post("/petugas/jht/entry/add/", typed)

    response = desk.post("/petugas/jht/entry/add/", typed | {"amount": "99.000"})
    assert "sudah pernah disimpan dengan isi lain" in response.text
    assert Entry.objects.count() == 1
    fresh = re.search(r'name="form_key" value="([^"]+)"', response.text)[1]
    desk.post("/petugas/jht/entry/add/", typed | {"amount": "99.000", "form_key": fresh})

    assert {entry.amount for entry in Entry.objects.all()} == {Decimal("12500.75"), Decimal(99_000)}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"amount": "-1.000.000"}, "saldo menjadi kurang dari Rp0"),
        ({"amount": "0"}, "Koreksi sebesar Rp0"),
        ({"amount": "abc"}, "Jumlah ditulis dengan angka, misalnya -1.250.000 atau 12.500,75"),
        ({"amount": "-"}, "Jumlah ditulis dengan angka"),
        ({"amount": "1,234"}, "Sen ditulis dengan satu atau dua angka"),
        ({"amount": "9" * 400}, "Jumlah paling banyak"),
        ({"amount": "NaN"}, "Jumlah ditulis dengan angka"),
        ({"reason": ""}, "Alasan masih kosong"),
        ({"reason": "x" * 201}, "200"),
        ({"membership": "9" * 30}, "Pilihan ini tidak ada dalam daftar"),
        ({"form_key": ""}, "Formulir ini terpotong di jalan"),
        ({"form_key": "x" * 5000}, "Formulir ini terpotong di jalan"),
    ],
)
def test_a_correction_that_cannot_be_gets_its_sentence_and_keeps_what_was_typed(desk, typed, sentence):
    typed = correction_form(desk, make_membership()) | typed

    response = desk.post("/petugas/jht/entry/add/", typed)

    assert sentence in response.text
    assert f'value="{typed["amount"]}"' in response.text
    assert typed["reason"] in response.text
    assert not Entry.objects.exists()


def test_a_jakon_worker_gets_no_correction(desk):
    typed = correction_form(desk, make_membership(segment="JAKON"))
    assert "peserta Jakon" in desk.post("/petugas/jht/entry/add/", typed).text


def test_nobody_changes_or_deletes_an_entry(client):
    client.force_login(get_user_model().objects.create_superuser("kepala@latih.test", "kata sandi yang panjang sekali"))
    pay(make_membership(), MONTH)
    entry = Entry.objects.get()

    assert 'name="_save"' not in client.get(f"/petugas/jht/entry/{entry.pk}/change/").text
    assert client.post(f"/petugas/jht/entry/{entry.pk}/change/", {"amount": "1"}).status_code == 403
    assert client.post(f"/petugas/jht/entry/{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    bulk = {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"}
    client.post("/petugas/jht/entry/", bulk)
    assert Entry.objects.get() == entry


# --- The yearly return ---------------------------------------------------------------------------------------


def test_a_rate_is_not_moved_before_a_year_that_is_booked(desk):
    Rate.objects.create(year=2024, percent=5, source="contoh", credited_on=date(2025, 1, 5))
    rate = Rate.objects.create(year=2026, percent=5, source="contoh")
    typed = {"year": "2010", "percent": "5", "source": "contoh"}

    assert "Tahun 2024 sudah dibukukan" in desk.post(f"/petugas/jht/rate/{rate.pk}/change/", typed).text
    assert desk.post(f"/petugas/jht/rate/{rate.pk}/change/", typed | {"year": "2027"}).status_code == 302
    assert set(Rate.objects.values_list("year", flat=True)) == {2024, 2027}


def test_a_rate_is_typed_with_a_comma_and_changed_until_it_is_booked(desk):
    typed = {"year": "2024", "percent": "5,63", "source": "angka latihan", "is_training": "on"}
    desk.post("/petugas/jht/rate/add/", typed)
    rate = Rate.objects.get()
    assert rate.percent == Decimal("5.63")
    assert "2024: 5,63\xa0%" in desk.get("/petugas/jht/auditrecord/").text

    desk.post(f"/petugas/jht/rate/{rate.pk}/change/", typed | {"percent": "5,7"})
    assert Rate.objects.get().percent == Decimal("5.70")

    Rate.objects.update(credited_on=date(2025, 1, 5))
    response = desk.post(f"/petugas/jht/rate/{rate.pk}/change/", typed | {"percent": "9"})
    assert response.status_code == 403
    assert 'name="_save"' not in desk.get(f"/petugas/jht/rate/{rate.pk}/change/").text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"year": "dua ribu"}, "Tahun ditulis dengan empat angka"),
        ({"year": "9" * 5000}, "Tahun ditulis dengan empat angka"),
        ({"year": "1900"}, "Tahun ditulis dengan empat angka"),
        ({"percent": "lima"}, "Tingkat ditulis dengan angka"),
        ({"percent": "5,123"}, "Tingkat ditulis dalam persen"),
        ({"percent": "101"}, "Tingkat ditulis dalam persen"),
        ({"percent": "-1"}, "Tingkat ditulis dalam persen"),
        ({"percent": "9" * 400}, "Tingkat ditulis dalam persen"),
        ({"percent": "NaN"}, "Tingkat ditulis dengan angka"),
        ({"source": ""}, "masih kosong"),
    ],
)
def test_a_rate_that_cannot_be_gets_its_sentence(desk, typed, sentence):
    response = desk.post("/petugas/jht/rate/add/", {"year": "2024", "percent": "5,63", "source": "contoh"} | typed)

    assert sentence in response.text
    assert not Rate.objects.exists()


def test_a_year_is_booked_once_from_the_list(desk):
    pay(make_membership(), date(2024, 1, 1))  # 285.000 from January at 5 %: 285.000 x 5 % x 12/12
    rate = Rate.objects.create(year=2024, percent=5, source="contoh docs/aturan.md")

    confirm = desk.post("/petugas/jht/rate/", {"action": "book", "_selected_action": [rate.pk]}, follow=True)
    assert "Sesudahnya tingkat tahun ini tidak dapat diubah" in confirm.text
    for _ in range(2):
        done = desk.post(f"/petugas/jht/rate/{rate.pk}/bukukan/", follow=True)

    assert "Hasil pengembangan 2024 dibukukan: 0 catatan" in done.text
    assert Entry.objects.get(kind="return").amount == Decimal("14250.00")
    assert Rate.objects.get().credited_on == timezone.localdate()


def test_a_year_that_is_not_over_is_refused_with_its_sentence(desk):
    this_year = timezone.localdate().year
    rate = Rate.objects.create(year=this_year + 1, percent=5, source="contoh")
    response = desk.post(f"/petugas/jht/rate/{rate.pk}/bukukan/", follow=True)
    assert f"Tahun {this_year + 1} belum berakhir" in response.text


def test_two_years_at_once_are_asked_for_one_by_one(desk):
    rates = [Rate.objects.create(year=year, percent=5, source="contoh") for year in (2023, 2024)]
    response = desk.post(
        "/petugas/jht/rate/", {"action": "book", "_selected_action": [rate.pk for rate in rates]}, follow=True
    )
    assert "Pilih satu tahun" in response.text
