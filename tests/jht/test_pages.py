"""Hubungkan kepesertaan, Lihat Saldo JHT and the statement, through their addresses."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jht import actions
from jht.dues import USUAL, last_month_due
from jht.holidays_id import is_holiday
from jht.models import LinkAttempt, Membership, Participant, Rate
from jht.rules import add_months
from tests.jht.factories import make_membership, make_participant, pay

pytestmark = pytest.mark.django_db


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


@pytest.fixture
def rates():
    for year in range(2020, 2031):
        Rate.objects.create(year=year, percent=5, source="contoh docs/aturan.md")


def today() -> date:
    return timezone.localdate()


def history(membership, first_year: int, years: int) -> None:
    """Wage Rp5.000.000 on the first of each month, and the years credited."""
    actions.record_contributions(
        actions.wage_payment(membership, date(year, month, 1), 5_000_000, date(year, month, 1))
        for year in range(first_year, first_year + years)
        for month in range(1, 13)
    )
    for rate in Rate.objects.filter(credited_on__isnull=True, year__lt=today().year).order_by("year"):
        actions.credit_return(rate.year, on=today())


# --- Lihat Saldo JHT -----------------------------------------------------------------------------------------


def test_a_visitor_is_asked_to_log_in(client):
    response = client.get("/jht/")

    assert response.status_code == 302
    assert response.url.startswith("/akun/login/")


def test_an_account_without_participant_is_led_to_link(signed_in):
    response = signed_in.get("/jht/", follow=True)

    assert response.redirect_chain == [("/jht/hubungkan/", 302)]
    assert "Hubungkan kepesertaan" in response.text


def test_the_published_example_stands_on_the_statement(signed_in, person, rates):
    membership = make_membership(person, start=date(2021, 1, 1))
    history(membership, 2021, 5)

    page = signed_in.get(f"/jht/{membership.kpj}/").text

    for closing in ("3.512.625", "7.200.881", "11.073.550", "15.139.853", "19.409.470"):
        assert f"{closing}" in page
    assert "jadi jumlah angka yang tertulis dapat berselisih Rp1." in page


def test_the_balance_page_adds_up_every_kpj(signed_in, person, rates):
    first = make_membership(person, start=date(2021, 1, 1), end=date(2025, 12, 31))
    second = make_membership(person, start=today().replace(day=1))
    history(first, 2021, 5)
    pay(second, today().replace(day=1), wage=4_000_000)
    grown = first.balance(today()) + second.balance(today())

    page = signed_in.get("/jht/")

    assert page.context["account"].total == grown
    assert first.balance(today()) >= Decimal("19409470.47")
    assert second.balance(today()) == 228_000
    for text in (first.employer.name, "Penerima Upah", "Nonaktif", "Aktif", "2 kepesertaan"):
        assert text in page.text


def test_somebody_elses_kpj_and_one_that_does_not_exist_are_the_same_404(signed_in, person):
    stranger = make_membership()

    theirs, none = (signed_in.get(f"/jht/{kpj}/") for kpj in (stranger.kpj, "49999999999"))

    assert theirs.status_code == none.status_code == 404
    assert theirs.text.replace(stranger.kpj, "") == none.text.replace("49999999999", "")


def test_each_special_case_is_explained_in_a_sentence(signed_in, person, rates):
    long_ago = add_months(today(), -6)
    jakon = make_membership(person, segment="JAKON")
    late = make_membership(person, start=long_ago)
    pay(late, long_ago, paid_on=long_ago)
    claimed = make_membership(person, start=long_ago, end=today() - timedelta(days=40))
    pay(claimed, long_ago, paid_on=long_ago)
    actions.withdraw(claimed, None, "Klaim", today() - timedelta(days=3), key="claim")
    new = make_membership(person, segment="PU", start=today())

    notes = {
        card.kpj: " ".join(text for _, text in card.notes) for card in signed_in.get("/jht/").context["memberships"]
    }

    assert "tidak mempunyai saldo JHT" in notes[jakon.kpj]
    assert "belum tercatat dibayar oleh pemberi kerja" in notes[late.kpj]
    assert "klaim sudah dibayarkan" in notes[claimed.kpj]
    assert "Belum ada iuran yang jatuh tempo" in notes[new.kpj]


def test_arrears_name_the_months(signed_in, person, rates):
    due = last_month_due("PU", today(), USUAL, is_holiday)
    membership = make_membership(person, start=add_months(due, -3))
    pay(membership, add_months(due, -3), paid_on=add_months(due, -3))

    card = signed_in.get("/jht/").context["memberships"][0]

    months = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
    first = add_months(due, -2)
    assert f"Iuran {months[first.month - 1]} {first.year} sampai {months[due.month - 1]} {due.year}" in card.notes[0][1]


def test_a_person_without_kpj_learns_why_the_page_is_empty(signed_in, person):
    page = signed_in.get("/jht/")

    assert page.status_code == 200
    assert "KPJ" in page.text


def test_the_balance_page_costs_the_same_queries_whatever_the_history(
    signed_in, person, rates, django_assert_max_num_queries
):
    for _ in range(3):
        make_membership(person, start=date(2021, 1, 1))
    with django_assert_max_num_queries(6):
        signed_in.get("/jht/")

    for membership in person.memberships.all():
        history(membership, 2021, 5)
    with django_assert_max_num_queries(6):
        signed_in.get("/jht/")


def test_the_statement_costs_a_fixed_number_of_queries(signed_in, person, rates, django_assert_max_num_queries):
    membership = make_membership(person, start=date(2021, 1, 1))
    history(membership, 2021, 5)

    with django_assert_max_num_queries(6):
        signed_in.get(f"/jht/{membership.kpj}/")


def test_the_hot_query_finds_what_the_one_door_finds(user, person, rates):
    mine = [make_membership(person, start=date(2021, 1, 1)), make_membership(person, segment="BPU")]
    make_membership()
    pay(mine[0], date(2026, 2, 1), wage=4_000_000)
    pay(mine[0], date(2026, 3, 1))

    cards = {card.kpj: (card.last_month, card.last_wage) for card in Membership.objects.cards_of(user)}
    door = Membership.objects.owned_by(user).with_last_contribution()

    assert cards == {one.kpj: (one.last_month, one.last_wage) for one in door}
    assert cards[mine[0].kpj] == (date(2026, 3, 1), 5_000_000)


def test_personal_pages_are_not_kept_by_caches(signed_in, person):
    assert "no-store" in signed_in.get("/jht/")["Cache-Control"]


# --- Hubungkan kepesertaan -----------------------------------------------------------------------------------


@pytest.fixture
def card():
    """The data on somebody's card, as that person would type them."""
    membership = make_membership(make_participant("Siti Aminah", birth_date=date(1991, 8, 4)))
    return {"nik": membership.participant.nik, "kpj": membership.kpj, "name": "siti aminah", "birth_date": "04-08-1991"}


def test_four_right_data_link_the_account(signed_in, user, card):
    response = signed_in.post("/jht/hubungkan/", card, follow=True)

    assert response.redirect_chain == [("/jht/", 302)]
    assert user.participant.name == "Siti Aminah"


@pytest.mark.parametrize("birth_date", ["4/8/1991", "04.08.1991", "1991-08-04"])
def test_a_birth_date_may_be_typed_in_other_ways(signed_in, user, card, birth_date):
    signed_in.post("/jht/hubungkan/", {**card, "birth_date": birth_date})

    assert Participant.objects.filter(user=user).exists()


@pytest.mark.parametrize(
    "wrong",
    [{"name": "Siti Aminoh"}, {"birth_date": "05-08-1991"}, {"kpj": "49000099999"}, {"nik": "4971014408910999"}],
)
def test_one_wrong_datum_is_refused_without_saying_which(signed_in, user, card, wrong):
    response = signed_in.post("/jht/hubungkan/", {**card, **wrong})

    assert "Data tidak sesuai" in response.text
    assert not any(response.context["form"].errors.get(name) for name in card)
    assert not Participant.objects.filter(user=user).exists()


def test_a_participant_of_another_account_is_refused_in_the_same_words(signed_in, card):
    other = get_user_model().objects.create_user("lain@latih.test")
    wrong = signed_in.post("/jht/hubungkan/", {**card, "name": "Bukan Dia"})
    Participant.objects.update(user=other)
    taken = signed_in.post("/jht/hubungkan/", card)

    assert wrong.context["form"].non_field_errors() == taken.context["form"].non_field_errors()


def test_the_sixth_failure_is_told_how_long_to_wait(signed_in, card):
    for _ in range(5):
        signed_in.post("/jht/hubungkan/", {**card, "name": "Bukan Dia"})

    locked = signed_in.post("/jht/hubungkan/", card)

    assert locked.status_code == 429
    assert "coba lagi dalam 60 menit" in locked.text
    assert LinkAttempt.objects.count() == 5


@pytest.mark.parametrize(
    "real", ["3523411503900002", "3523 4115 0390 0002", "３５２３４１１５０３９００００２", "352341150390000"]
)
def test_a_number_that_may_be_real_is_refused_and_not_shown_again(signed_in, card, real, caplog):
    response = signed_in.post("/jht/hubungkan/", {**card, "nik": real})

    assert response.context["form"].errors["nik"]
    assert real not in response.text
    assert "35234115" not in caplog.text
    assert card["kpj"] in response.text


def test_the_refusal_of_a_real_looking_nik_says_so(signed_in, card):
    response = signed_in.post("/jht/hubungkan/", {**card, "nik": "3523411503900002"})

    assert "tampak seperti NIK sungguhan" in response.text


def test_a_wrong_part_of_a_training_nik_is_named(signed_in, card):
    response = signed_in.post("/jht/hubungkan/", {**card, "nik": "4923418097870002"})

    assert "bulan lahir" in response.text
    assert "4923418097870002" in response.text


typed = st.text(alphabet=st.characters(codec="utf-8"), max_size=300)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(nik=typed, kpj=typed, name=typed, birth_date=typed)
def test_no_input_breaks_the_form(signed_in, nik, kpj, name, birth_date):
    response = signed_in.post("/jht/hubungkan/", {"nik": nik, "kpj": kpj, "name": name, "birth_date": birth_date})

    assert response.status_code in (200, 400)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kpj=typed.filter(lambda text: text.strip("/. ")))
def test_no_address_breaks_the_statement(signed_in, kpj):
    from urllib.parse import quote

    assert signed_in.get(f"/jht/{quote(kpj, safe='')}/").status_code in (400, 404)
