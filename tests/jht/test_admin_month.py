"""Iuran sebulan: one month of a whole employer on one screen."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from jht.models import AuditRecord, Contribution, Entry
from tests.jht.factories import make_employer, make_membership, make_participant, pay

pytestmark = pytest.mark.django_db
MONTH, PAID = date(2024, 3, 1), date(2024, 4, 15)
WHEN = {"bulan": "03-2024", "dibayar": "15-04-2024"}


@pytest.fixture
def company():
    """Three wage earners: two with a last wage, one new; and others who are not paid for in March 2024."""
    company = make_employer("PT Rekaan Jaya")
    for name, wage in (("Ani", 5_000_000), ("Budi", 4_000_000)):
        pay(make_membership(make_participant(name), company), date(2024, 2, 1), wage)
    make_membership(make_participant("Cici"), company)
    make_membership(make_participant("Dodi Jakon"), company, segment="JAKON")
    make_membership(make_participant("Eka Selesai"), company, end=date(2024, 2, 29))
    make_membership(make_participant("Fani Nanti"), company, start=date(2024, 4, 1))
    return company


def month_page(company, **when) -> str:
    when = WHEN | when
    return f"/petugas/jht/employer/{company.pk}/iuran-sebulan/?bulan={when['bulan']}&dibayar={when['dibayar']}"


def lines_of(company, **wages) -> dict:
    """What the browser sends for these workers, ticked."""
    typed = {}
    for name, wage in wages.items():
        pk = company.memberships.get(participant__name=name).pk
        typed |= {f"m{pk}-wage": wage, f"m{pk}-take": "on"}
    return typed


def test_the_page_lists_who_is_to_be_paid_with_the_last_wage_and_the_total(desk, company):
    text = desk.get(month_page(company)).text

    assert [name for name in ("Ani", "Budi", "Cici", "Dodi", "Eka", "Fani") if f"{name}" in text] == [
        "Ani",
        "Budi",
        "Cici",
    ]
    assert 'value="5.000.000"' in text
    assert 'value="4.000.000"' in text
    # 5,7 % of 9.000.000
    assert "513.000" in re.sub(r"<[^>]+>", "", text)


def test_one_post_records_the_month_of_everybody(desk, clerk, company):
    typed = lines_of(company, Ani="5.000.000", Budi="4.500.000", Cici="")

    response = desk.post(month_page(company), typed, follow=True)

    # 5,7 % of 5.000.000 and of 4.500.000
    assert "Iuran Mar 2024 untuk 2 pekerja tercatat, jumlahnya Rp541.500" in response.text
    assert "Cici" in response.text
    assert "Ani" not in response.text.split("desk-lines")[1]
    recorded = Contribution.objects.filter(month=MONTH)
    assert {(row.wage, row.paid_on) for row in recorded} == {(5_000_000, PAID), (4_500_000, PAID)}
    assert Entry.objects.filter(contribution__in=recorded, recorded_by=clerk).count() == 2
    assert AuditRecord.objects.filter(actor=clerk).count() == 3  # the company's line and one for each contribution


def test_an_unticked_worker_is_left_out(desk, company):
    typed = lines_of(company, Ani="5.000.000", Budi="4.000.000")
    del typed[next(name for name in typed if name.endswith("-take"))]

    desk.post(month_page(company), typed)

    assert Contribution.objects.get(month=MONTH).membership.participant.name == "Budi"


def test_counting_records_nothing(desk, company):
    response = desk.post(month_page(company), lines_of(company, Ani="6.000.000", Budi="") | {"hitung": "Hitung"})

    assert "342.000" in re.sub(r"<[^>]+>", "", response.text)  # 5,7 % of 6.000.000
    assert not Contribution.objects.filter(month=MONTH).exists()


def test_one_wrong_line_records_nothing_and_keeps_all_lines(desk, company):
    typed = lines_of(company, Ani="5.100.000", Budi="empat juta")

    response = desk.post(month_page(company), typed)

    assert "Jumlah ditulis dengan angka" in response.text
    assert 'value="5.100.000"' in response.text
    assert 'value="empat juta"' in response.text
    assert not Contribution.objects.filter(month=MONTH).exists()


def test_a_double_click_records_once_and_reads_as_success(desk, company):
    typed = lines_of(company, Ani="5.000.000", Budi="4.000.000")

    desk.post(month_page(company), typed)
    again = desk.post(month_page(company), typed, follow=True)

    assert "Tidak ada yang dicatat dua kali" in again.text
    assert Contribution.objects.filter(month=MONTH).count() == 2


def test_a_worker_whom_a_colleague_recorded_meanwhile_is_pointed_out(desk, company):
    pay(company.memberships.get(participant__name="Ani"), MONTH, 5_500_000)

    response = desk.post(month_page(company), lines_of(company, Ani="5.000.000", Budi="4.000.000"))

    assert "Sudah tercatat Rp313.500" in response.text  # 5,7 % of 5.500.000
    assert 'value="4.000.000"' in response.text
    assert Contribution.objects.filter(month=MONTH).count() == 1


def test_nobody_chosen_is_a_sentence(desk, company):
    response = desk.post(month_page(company), lines_of(company, Ani=""))
    assert "Belum ada pekerja yang dipilih" in response.text


def test_workers_of_another_company_are_not_recorded_here(desk, company):
    stranger = make_membership(make_participant("Orang Lain"))

    desk.post(month_page(company), {f"m{stranger.pk}-wage": "5.000.000", f"m{stranger.pk}-take": "on"})

    assert not Contribution.objects.filter(membership=stranger).exists()


@pytest.mark.parametrize(
    ("when", "sentence"),
    [
        ({"bulan": "zzz"}, "Bulan ditulis bulan-tahun"),
        ({"bulan": "12-9999"}, "paling jauh 12 bulan ke depan"),
        ({"bulan": ""}, "Bulan masih kosong"),
        ({"dibayar": "31-02-2026"}, "tidak ada dalam kalender"),
        ({"dibayar": "01-01-9999"}, "Tanggal pembayaran belum tiba"),
    ],
)
def test_rubbish_about_the_month_is_a_sentence(desk, company, when, sentence):
    assert sentence in desk.get(month_page(company, **when)).text
    assert sentence in desk.post(month_page(company, **when), lines_of(company, Ani="5.000.000")).text


def test_rubbish_in_the_lines_is_never_an_error(desk, company):
    rubbish = {"mabc-wage": "1", "m-wage": "1", f"m{'9' * 30}-wage": "1", "m٣-wage": "1", "m1-wage": "\u202e", "x": "y"}
    assert desk.post(month_page(company), rubbish).status_code == 200


def test_the_first_visit_offers_the_month_before_this_one(desk, company):
    text = desk.get(f"/petugas/jht/employer/{company.pk}/iuran-sebulan/").text
    last_month = timezone.localdate().replace(day=1) - timedelta(days=1)
    assert f'value="{last_month:%m-%Y}"' in text


def test_the_page_costs_the_same_queries_for_two_workers_and_for_two_hundred(desk, company, django_assert_num_queries):
    desk.get(month_page(company))
    with django_assert_num_queries(6):
        desk.get(month_page(company))
    for number in range(200):
        make_membership(make_participant(f"Orang {number}"), company)
    with django_assert_num_queries(6):
        desk.get(month_page(company))
