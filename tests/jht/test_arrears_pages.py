"""Months due and not paid, as the participant and the clerk see them. Numbers: docs/aturan.md, Tunggakan dan denda."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jht import actions, arrears, ledger
from jht.dues import USUAL
from jht.models import Employer, Figure, Membership, Participant, Rate
from tests.jht.factories import make_employer, make_membership, make_participant, pay, training_kpj, training_nik

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 22)
IN_TIME = (1, 2, 3, 5, 6)


@pytest.fixture(autouse=True)
def that_day(monkeypatch):
    """It is 22 November 2026 at every page."""

    def call(self, request):
        request.now, request.today = datetime(2026, 11, 22, 2, tzinfo=UTC), DAY
        return self.get_response(request)

    monkeypatch.setattr("portal.middleware.Clock.__call__", call)


@pytest.fixture
def user():
    return get_user_model().objects.create_user("budi@latih.test")


@pytest.fixture
def person(user):
    return make_participant("Budi Santoso", user=user)


@pytest.fixture
def signed_in(client, user):
    client.force_login(user)
    return client


def example(person=None, **fields) -> Membership:
    """The membership of the documentation: wage Rp5.000.000 since January 2026, April and July onward missing."""
    membership = make_membership(person, start=date(2026, 1, 1), **fields)
    for month in IN_TIME:
        pay(membership, date(2026, month, 1), paid_on=date(2026, month + 1, 10))
    return membership


# --- The participant -----------------------------------------------------------------------------------------


def test_the_card_names_the_months_gaps_included_and_leads_to_them(signed_in, person):
    membership = example(person)

    page = signed_in.get("/jht/")

    (card,) = page.context["memberships"]
    assert "Iuran Jul 2026 sampai Okt 2026 dan 1 bulan sebelumnya belum tercatat dibayar" in card.notes[0][1]
    assert f'href="{membership.kpj}/tunggakan/"' in page.text


def test_a_gap_in_the_middle_alone_is_told_too(signed_in, person):
    membership = example(person)
    for month in (7, 8, 9, 10):
        pay(membership, date(2026, month, 1), paid_on=date(2026, month + 1, 10))

    (card,) = signed_in.get("/jht/").context["memberships"]

    assert "Iuran 1 bulan sebelum bulan terakhir yang dibayar belum tercatat" in card.notes[0][1]


def test_who_paid_everything_reads_nothing_of_arrears(signed_in, person):
    membership = example(person)
    for month in (4, 7, 8, 9, 10):
        pay(membership, date(2026, month, 1), paid_on=date(2026, 11, 20) if month == 10 else date(2026, month + 1, 10))

    (card,) = signed_in.get("/jht/").context["memberships"]
    statement = signed_in.get(f"/jht/{membership.kpj}/").text

    assert not card.notes
    assert "Iuran yang dibayar terlambat" in statement


def test_the_balance_page_keeps_to_six_queries_with_every_kind_of_card(
    signed_in, person, django_assert_max_num_queries
):
    Rate.objects.create(year=2026, percent=5, source="contoh")
    example(person)
    make_membership(person, start=date(2026, 1, 1))
    make_membership(person, segment="BPU", start=date(2026, 1, 1))
    claimed = example(person, end=date(2026, 7, 1))
    actions.withdraw(claimed, None, "Klaim", date(2026, 9, 1), key="claim")

    with django_assert_max_num_queries(6):
        signed_in.get("/jht/")


def test_the_page_of_the_months_says_due_date_payer_and_fine(signed_in, person, django_assert_max_num_queries):
    membership = example(person)

    with django_assert_max_num_queries(5):
        page = signed_in.get(f"/jht/{membership.kpj}/tunggakan/")

    found = page.context["found"]
    assert (found.owed, found.fine) == (1_425_000, 96_900)
    for text in ("Apr 2026, Jul 2026 sampai Okt 2026", "18 Agustus 2026", "16 November 2026", "terlambat 7 bulan"):
        assert text in page.text
    assert "Denda dibayar oleh pemberi kerja dan tidak diambil dari saldo" in page.text
    assert "Pemberi kerja yang harus membayar" in page.text


def test_the_statement_leads_to_that_page(signed_in, person, django_assert_max_num_queries):
    membership = example(person)

    with django_assert_max_num_queries(6):
        page = signed_in.get(f"/jht/{membership.kpj}/")

    assert "Belum tercatat: Apr 2026, Jul 2026 sampai Okt 2026" in page.text
    assert f"/jht/{membership.kpj}/tunggakan/" in page.text


def test_a_cancelled_month_is_missing_and_a_recorded_again_one_is_not(signed_in, person):
    membership = example(person)
    june = membership.contributions.get(month=date(2026, 6, 1))
    actions.cancel_contribution(june, "salah upah", DAY, None)
    missing = f"/jht/{membership.kpj}/"

    assert "Belum tercatat: Apr 2026, Jun 2026 sampai Okt 2026" in signed_in.get(missing).text
    pay(membership, date(2026, 6, 1), paid_on=date(2026, 7, 10))
    assert "Belum tercatat: Apr 2026, Jul 2026 sampai Okt 2026" in signed_in.get(missing).text
    page = signed_in.get(f"/jht/{membership.kpj}/tunggakan/")
    assert page.context["found"].owed == 1_425_000


def test_who_pays_alone_reads_of_no_fine(signed_in, person):
    membership = make_membership(person, segment="BPU", start=date(2026, 10, 1))

    text = signed_in.get(f"/jht/{membership.kpj}/tunggakan/").text

    assert "Anda membayar sendiri iuran ini, tanpa denda" in text
    assert "Denda sampai" not in text
    assert "16 November 2026" in text


@pytest.mark.parametrize(("segment", "sentence"), [("PMI", "Tanpa tanggal jatuh tempo"), ("PU", "Tidak ada tunggakan")])
def test_nothing_missing_is_said(signed_in, person, segment, sentence):
    membership = make_membership(person, segment=segment, start=DAY)

    assert sentence in signed_in.get(f"/jht/{membership.kpj}/tunggakan/").text


def test_somebody_elses_arrears_are_not_there(signed_in, person):
    stranger = example()

    assert signed_in.get(f"/jht/{stranger.kpj}/tunggakan/").status_code == 404


def test_a_merged_kpj_lacks_nothing(signed_in, person):
    old, new = example(person), make_membership(person, start=date(2026, 11, 1))
    Membership.objects.filter(pk=old.pk).update(merged_into=new, merged_on=date(2026, 11, 1))

    assert "Tidak ada tunggakan" in signed_in.get(f"/jht/{old.kpj}/tunggakan/").text
    assert not arrears.behind_with(DAY, USUAL).exists()


def test_the_figures_kept_as_data_decide(signed_in, person):
    Figure.objects.filter(kind="fine_percent").update(value=Decimal("3"))
    Figure.objects.filter(kind="due_day").update(value=25)
    membership = example(person)

    page = signed_in.get(f"/jht/{membership.kpj}/tunggakan/")

    # October would be due on 25 November now; April on 25 May, seven months late but by three days six
    assert [row.month.month for row in page.context["found"].missing] == [4, 7, 8, 9]
    assert page.context["found"].missing[0].fine == 51_300  # 3 % of 285.000, six times
    assert "3\xa0%" in page.text


def test_rates_and_terms_come_with_one_query(django_assert_num_queries):
    Rate.objects.create(year=2025, percent=5, source="contoh", credited_on=date(2026, 1, 2))
    with django_assert_num_queries(1):
        rates, terms = ledger.rates_and_terms()

    assert rates == ledger.rates()
    assert (terms.due_day(DAY), terms.fine_percent(DAY)) == (15, 2)


# --- The clerk -----------------------------------------------------------------------------------------------


def test_the_report_sums_up_each_employer_that_owes(desk):
    company = make_employer("PT Lalai")
    example(employer=company)
    example(employer=company)
    make_membership(employer=make_employer("PT Taat"), start=DAY)

    page = desk.get("/petugas/jht/employer/tunggakan/")

    ((employer, total),) = page.context["lines"]
    assert (employer, total.workers, total.months) == (company, 2, 10)
    assert (total.owed, total.fine, total.late_fine) == (2_850_000, 193_800, 0)
    assert "PT Taat" not in page.text


def test_the_page_of_an_employer_lists_the_workers_and_what_came_late(desk):
    company = make_employer("PT Lalai")
    lacking = example(employer=company)
    tardy = make_membership(employer=company, start=date(2026, 9, 1), end=date(2026, 9, 30))
    pay(tardy, date(2026, 9, 1), paid_on=date(2026, 10, 20))

    page = desk.get(f"/petugas/jht/employer/{company.pk}/tunggakan/")

    assert page.context["total"].workers == 1
    assert page.context["total"].late_fine == 5_700
    assert lacking.kpj in page.text
    assert tardy.kpj in page.text
    assert "Apr 2026, Jul 2026 sampai Okt 2026" in page.text


def test_a_worker_whose_wage_was_never_reported_leaves_the_sum_open(desk):
    membership = make_membership(start=date(2026, 9, 1))

    page = desk.get("/petugas/jht/employer/tunggakan/")

    ((_, total),) = page.context["lines"]
    assert (total.months, total.owed, total.is_complete) == (2, 0, False)
    assert "belum pernah dilaporkan" in page.text
    assert "belum diketahui" in desk.get(f"/petugas/jht/employer/{membership.employer_id}/tunggakan/").text


def test_the_filter_of_the_employers_divides_them(desk):
    example(employer=make_employer("PT Lalai"))
    make_membership(employer=make_employer("PT Taat"), start=DAY)

    owing, others = (desk.get(f"/petugas/jht/employer/?tunggakan={value}").text for value in ("ada", "tidak"))

    assert ("PT Lalai" in owing, "PT Taat" in owing) == (True, False)
    assert ("PT Lalai" in others, "PT Taat" in others) == (False, True)


def test_the_membership_page_says_what_is_missing(desk):
    membership = example()

    text = desk.get(f"/petugas/jht/membership/{membership.pk}/change/").text

    assert "Belum tercatat: Apr 2026, Jul 2026 sampai Okt 2026" in text
    assert "96.900" in text


def test_a_participant_does_not_open_the_report(signed_in):
    assert signed_in.get("/petugas/jht/employer/tunggakan/", follow=True).status_code == 403


def test_the_condition_in_sql_finds_whom_the_rule_finds():
    """Every shape of a membership: whoever the rule says lacks a month is found, and nobody else."""
    everyone = [
        example(),
        make_membership(start=date(2026, 10, 31)),
        make_membership(start=date(2026, 11, 1)),
        make_membership(start=date(2026, 3, 20), end=date(2026, 3, 25)),
        make_membership(start=date(2025, 12, 31), end=date(2026, 1, 1)),
        make_membership(segment="BPU", start=date(2026, 1, 1)),
    ]
    for month in (date(2025, 12, 1), date(2026, 1, 1)):
        pay(everyone[4], month, paid_on=date(2026, 1, 10))
    ahead = make_membership(start=date(2026, 9, 15))
    for month in (9, 11, 12):
        pay(ahead, date(2026, month, 1), paid_on=date(2026, 10, 10))

    found = set(arrears.behind_with(DAY, USUAL).values_list("pk", flat=True))

    ruled = {row.pk for row in [*everyone, ahead] if arrears.of_membership(row, DAY, USUAL).missing}
    assert found == ruled - {everyone[5].pk}
    assert found == {everyone[0].pk, everyone[1].pk, everyone[3].pk, ahead.pk}


def fill(rows: int) -> None:
    """So many employers, each with one worker for whom September was never paid."""
    companies = Employer.objects.bulk_create(
        Employer(npp=f"Z{Employer.objects.count() + number:07}", name=f"PT {number}") for number in range(rows)
    )
    people = Participant.objects.bulk_create(
        Participant(nik=training_nik(), name="Orang", birth_date=date(1990, 3, 15)) for _ in range(rows)
    )
    memberships = Membership.objects.bulk_create(
        Membership(participant=person, employer=company, kpj=training_kpj(), segment="PU", start=date(2026, 8, 1))
        for person, company in zip(people, companies, strict=True)
    )
    actions.record_contributions(
        actions.wage_payment(membership, date(2026, month, 1), 5_000_000, date(2026, month + 1, 10))
        for membership in memberships
        for month in (8, 10)
    )


def test_the_report_costs_the_same_queries_at_ten_rows_and_at_many(desk):
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(address).status_code == 200
        return len(captured)

    pages = ["/petugas/jht/employer/tunggakan/", "/petugas/jht/employer/?tunggakan=ada"]
    fill(10)
    company = Employer.objects.order_by("pk").first()
    pages.append(f"/petugas/jht/employer/{company.pk}/tunggakan/")
    desk.get("/petugas/")  # which remembers what there is to open
    few = {page: queries(page) for page in pages}
    fill(2_000)
    Membership.objects.update(employer=company)
    fill(100)
    many = {page: queries(page) for page in pages}

    assert many == few
    assert max(many.values()) <= 10
    page = desk.get(pages[2])
    assert page.context["total"].workers == 2_010
    assert page.context["total"].owed == 2_010 * 285_000
