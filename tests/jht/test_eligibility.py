"""Who may claim, when, how much, and the tax. Expected numbers from docs/aturan.md."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jht import facts
from jht.eligibility import (
    Person,
    TaxTerms,
    Terms,
    after_months,
    fits_channel,
    judge,
    judge_one,
    share_of,
    tax,
    tax_steps,
)
from jht.models import Claim, Figure, Reason, Regulation
from jht.rules import bpu_contribution
from tests.jht.factories import make_membership, make_participant, pay

TODAY = date(2026, 11, 22)
ADULT = Person(
    birth_date=date(1990, 3, 15),
    segment="PU",
    member_since=date(2014, 2, 1),
    ended_on=date(2026, 9, 30),
    balance=Decimal("12345678.90"),
)
RESIGNED = Terms("resigned", "Permenaker 4/2022", "Pasal 8", needs_ended=True, wait_months=1)
RETIRED = Terms("retired", "Permenaker 4/2022", needs_ended=False, min_age=56)
TENTH = Terms("partial_10", "Permenaker 4/2022", needs_ended=False, min_years=10, max_percent=10)
MONEY = st.integers(min_value=1, max_value=10_000_000_000).map(lambda sen: Decimal(sen) / 100)
TAX = TaxTerms(
    free=Decimal(50_000_000),
    percent=Decimal(5),
    brackets=(
        (Decimal(60_000_000), Decimal(5)),
        (Decimal(250_000_000), Decimal(15)),
        (Decimal(500_000_000), Decimal(25)),
        (Decimal(5_000_000_000), Decimal(30)),
        (None, Decimal(35)),
    ),
    without_npwp=Decimal(20),
)


def one(person: Person, terms: Terms | None, on: date = TODAY):
    return judge_one(person, terms, terms.reason if terms else "stopped", "Permenaker 4/2022", on)


# --- Waiting -------------------------------------------------------------------------------------------------


def test_who_left_on_30_september_may_claim_from_30_october():
    assert not one(ADULT, RESIGNED, date(2026, 10, 29)).allowed
    assert one(ADULT, RESIGNED, date(2026, 10, 30)).allowed
    assert one(ADULT, RESIGNED, date(2026, 10, 10)).earliest == date(2026, 10, 30)


@pytest.mark.parametrize(
    ("left", "first_day"),
    [
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2024, 1, 31), date(2024, 2, 29)),
        (date(2026, 8, 31), date(2026, 9, 30)),
        (date(2026, 12, 15), date(2027, 1, 15)),
    ],
)
def test_a_month_that_has_no_such_day_waits_until_its_last(left, first_day):
    assert one(replace(ADULT, ended_on=left), RESIGNED, left).earliest == first_day


def test_who_still_works_is_told_so_and_given_no_day():
    verdict = one(replace(ADULT, ended_on=None), RESIGNED)

    assert not verdict.allowed
    assert verdict.earliest is None
    assert "Kepesertaan sudah berakhir (nonaktif)." in [line.text for line in verdict.failed]


def test_the_last_day_of_work_is_still_a_day_of_membership():
    stopped = Terms("contract_ended", "Permenaker 4/2022", needs_ended=True)

    assert not one(ADULT, stopped, date(2026, 9, 30)).allowed
    assert one(ADULT, stopped, date(2026, 9, 30)).earliest == date(2026, 10, 1)
    assert one(ADULT, stopped, date(2026, 10, 1)).allowed


# --- Age and years -------------------------------------------------------------------------------------------


def test_the_birthday_itself_is_the_first_day_of_56():
    person = replace(ADULT, birth_date=date(1970, 11, 22), ended_on=None)

    assert one(person, RETIRED, date(2026, 11, 22)).allowed
    assert not one(person, RETIRED, date(2026, 11, 21)).allowed
    assert one(person, RETIRED, date(2026, 11, 21)).earliest == date(2026, 11, 22)


def test_a_tenth_is_paid_after_ten_years_and_rounded_down():
    verdict = one(ADULT, TENTH, date(2024, 2, 1))

    assert verdict.allowed
    assert verdict.max_amount == Decimal(1_234_567)
    assert not one(ADULT, TENTH, date(2024, 1, 31)).allowed


def test_a_part_is_paid_once_only_and_no_day_is_promised_again():
    verdict = one(replace(ADULT, took_partial=True), TENTH)

    assert not verdict.allowed
    assert verdict.earliest is None


@given(MONEY, st.integers(min_value=1, max_value=100))
def test_a_share_is_never_more_than_its_percentage(balance, percent):
    assert 0 <= share_of(balance, percent) <= balance * percent / 100


# --- What no time mends --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"paid_out": True, "balance": Decimal(0)}, "sudah pernah dibayarkan"),
        ({"balance": Decimal(0)}, "Rp0"),
        ({"segment": "JAKON"}, "Jakon"),
        ({"segment": "BPU"}, "Penerima Upah"),
    ],
)
def test_what_stands_in_the_way_is_named(changed, words):
    verdict = one(replace(ADULT, **changed), RESIGNED)

    assert not verdict.allowed
    assert verdict.earliest is None
    assert words in verdict.failed[0].text


def test_a_reason_the_regulation_does_not_know_is_refused_and_says_so():
    verdict = one(ADULT, None)

    assert (verdict.allowed, verdict.earliest, verdict.max_amount) == (False, None, None)
    assert "Permenaker 4/2022" in verdict.failed[0].text


@given(
    st.dates(date(2015, 9, 1), date(2040, 12, 31)),
    st.dates(date(2010, 1, 1), date(2040, 12, 31)) | st.none(),
    st.dates(date(1950, 1, 1), date(2000, 12, 31)),
    st.sampled_from([RESIGNED, RETIRED, TENTH]),
)
def test_on_the_earliest_day_it_is_allowed_and_on_the_day_before_it_is_not(on, ended_on, birth_date, terms):
    person = replace(ADULT, ended_on=ended_on, birth_date=birth_date)
    earliest = one(person, terms, on).earliest

    if earliest is None:
        assert not one(person, terms, on).allowed
        return
    assert one(person, terms, earliest).allowed
    if not one(person, terms, on).allowed:
        assert earliest > on
        assert not one(person, terms, earliest - timedelta(days=1)).allowed


@given(st.dates(date(1950, 1, 1), date(2050, 12, 31)), st.integers(min_value=0, max_value=700))
def test_months_later_is_never_in_another_month(day, months):
    later = after_months(day, months)

    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day


# --- Tax -----------------------------------------------------------------------------------------------------


def test_eighty_million_at_once_is_taxed_one_and_a_half():
    assert tax(Decimal(80_000_000), TAX) == 1_500_000


@pytest.mark.parametrize(
    ("gross", "due"),
    [(1, 0), (50_000_000, 0), (50_000_010, 1), (50_000_009, 0), (100_000_000, 2_500_000)],
)
def test_up_to_fifty_million_nothing_is_taxed(gross, due):
    assert tax(Decimal(gross), TAX) == due


def test_within_two_calendar_years_payments_count_as_one():
    first, rest = Decimal(8_000_000), Decimal(72_000_000)

    assert tax(first, TAX) + tax(rest, TAX, earlier=first, year=2) == 1_500_000


def test_from_the_third_year_the_brackets_apply_and_a_fifth_more_without_npwp():
    assert tax(Decimal(72_000_000), TAX, year=3) == 4_800_000
    assert tax(Decimal(72_000_000), TAX, year=3, has_npwp=False) == 5_760_000
    assert [(step.base, step.percent) for step in tax_steps(Decimal(72_000_000), TAX, year=3)] == [
        (60_000_000, 5),
        (12_000_000, 15),
    ]


def test_without_npwp_nothing_is_added_in_the_first_two_years():
    assert tax(Decimal(80_000_000), TAX, has_npwp=False) == 1_500_000


def test_the_highest_bracket_has_no_end():
    assert tax(Decimal(6_000_000_000), TAX, year=3) == 1_794_000_000


@given(MONEY, MONEY, st.integers(min_value=1, max_value=4))
def test_splitting_a_payment_changes_its_tax_by_rounding_at_most(one_part, other, year):
    together = tax(one_part + other, TAX, year=year)

    assert abs(tax(one_part, TAX, year=year) + tax(other, TAX, earlier=one_part, year=year) - together) <= 1


@given(MONEY, MONEY, st.integers(min_value=1, max_value=4), st.booleans())
def test_more_money_is_never_less_after_tax(gross, more, year, has_npwp):
    net = gross - tax(gross, TAX, year=year, has_npwp=has_npwp)

    assert 0 <= net <= gross
    assert gross + more - tax(gross + more, TAX, year=year, has_npwp=has_npwp) >= net - 1


# --- The rules as data ---------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("on", "title"),
    [
        (date(2015, 8, 31), None),
        (date(2015, 9, 1), "Permenaker 19/2015"),
        (date(2022, 3, 15), "Permenaker 19/2015"),
        (date(2022, 4, 25), "Permenaker 19/2015"),
        (date(2022, 4, 26), "Permenaker 4/2022"),
        (date(2022, 5, 4), "Permenaker 4/2022"),
        (date(2026, 11, 22), "Permenaker 4/2022"),
    ],
)
def test_a_day_is_answered_by_the_regulation_then_in_force(on, title):
    regulation = facts.regulation_on(on)

    assert (regulation and regulation.title) == title


@pytest.mark.django_db
def test_the_regulation_the_press_still_cites_was_never_in_force():
    assert Regulation.objects.get(code="permenaker-2-2022").valid_from is None


@pytest.mark.django_db
def test_today_all_eleven_reasons_are_known():
    _, terms = facts.terms_on(TODAY)

    assert set(terms) == set(Reason.values)
    assert (terms["resigned"].wait_months, terms["dismissed"].wait_months) == (1, 1)
    assert (terms["partial_10"].max_percent, terms["partial_30"].max_percent) == (10, 30)
    assert terms["partial_10"].min_years == terms["partial_30"].min_years == 10
    assert terms["retired"].min_age == 56
    assert not any(rule.is_training for rule in terms.values())


@pytest.mark.django_db
def test_in_2022_who_resigned_at_32_had_to_wait_a_month_or_by_the_other_regulation_24_years():
    person = replace(ADULT, ended_on=date(2022, 1, 31))
    old = facts.regulation_on(date(2022, 3, 15))
    never = Regulation.objects.get(code="permenaker-2-2022")

    (then,) = judge(person, old.terms(), ["resigned"], old.title, date(2022, 3, 15))
    (feared,) = judge(person, never.terms(), ["resigned"], never.title, date(2022, 3, 15))

    assert (then.allowed, then.earliest) == (True, date(2022, 2, 28))
    assert (feared.allowed, feared.earliest) == (False, date(2046, 3, 15))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("on", "limit"),
    [(date(2022, 3, 15), 10_000_000), (date(2025, 4, 30), 10_000_000), (date(2025, 5, 1), 15_000_000)],
)
def test_the_limit_of_the_channel_follows_the_day(on, limit):
    found = facts.figure(Figure.Kind.APP_LIMIT, on).value

    assert found == limit
    assert fits_channel(Decimal(limit), found)
    assert not fits_channel(Decimal(limit) + Decimal("0.01"), found)


@pytest.mark.django_db
def test_the_tax_of_the_tables_is_the_tax_of_the_law():
    terms = facts.tax_terms(TODAY)

    assert tax(Decimal(80_000_000), terms) == 1_500_000
    assert tax(Decimal(72_000_000), terms, year=3, has_npwp=False) == 5_760_000
    assert terms.brackets == TAX.brackets
    assert facts.tax_terms(date(2021, 6, 1)).brackets[0] == (50_000_000, 5)
    assert facts.tax_terms(date(2000, 1, 1)) is None


@pytest.mark.django_db
def test_a_self_employed_member_pays_by_the_bands_of_the_tables():
    bands = Figure.objects.bpu_bands(TODAY)
    expected = {1_099_000: 20_000, 1_099_001: 24_000, 3_000_000: 64_000, 20_699_000: 393_000, 20_699_001: 414_000}

    assert {income: bpu_contribution(income, bands) for income in expected} == expected


@pytest.mark.django_db
def test_every_band_is_two_percent_of_its_midpoint():
    """DOMAIN: each band's amount is 2 % of its midpoint, to the nearest thousand rupiah."""
    lower = 899_000
    for upper, amount in Figure.objects.bpu_bands(TODAY)[:-1]:
        assert abs((lower + upper) / 2 * 0.02 - amount) <= 1_000
        lower = upper


@pytest.mark.django_db
def test_the_bands_between_the_published_ends_are_practice_figures():
    sourced = [int(row.value) for row in Figure.objects.rows("bpu_band", TODAY) if not row.is_training]

    assert sourced == [20_000, 414_000]


@pytest.mark.django_db
def test_a_new_table_replaces_the_old_one_whole_from_its_day():
    day = date(2027, 1, 1)
    Figure.objects.create(kind="bpu_band", threshold=5_000_000, value=50_000, valid_from=day, source="latihan")
    Figure.objects.create(kind="bpu_band", threshold=0, value=500_000, valid_from=day, source="latihan")

    assert Figure.objects.bpu_bands(day) == [(5_000_000, 50_000), (None, 500_000)]
    assert len(Figure.objects.bpu_bands(date(2026, 12, 31))) == 22


# --- From rows to facts --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_years_count_from_the_first_membership_and_a_part_taken_counts_for_the_person():
    siti = make_participant()
    old = make_membership(siti, start=date(2010, 5, 1), end=date(2018, 1, 31))
    new = make_membership(siti, start=date(2018, 3, 1))
    pay(new, date(2018, 3, 1))
    Claim.objects.create(
        number="K1", membership=old, reason="partial_30", filed_on=date(2021, 1, 4), status="paid",
        paid_on=date(2021, 1, 8), gross=1_000_000, tax=0, token="t1", bank="Bank Latih", account_number="1",
        account_name="Siti",
    )  # fmt: skip

    person = facts.person(new, TODAY)

    assert person.member_since == date(2010, 5, 1)
    assert person.took_partial
    assert not facts.person(new, date(2021, 1, 7)).took_partial
    assert person.balance == new.balance(TODAY) > 0
    assert not person.paid_out
    assert facts.payments_before(new, TODAY) == (0, 1)
    assert facts.payments_before(old, date(2022, 6, 1)) == (1_000_000, 2)
    assert facts.payments_before(old, date(2023, 6, 1)) == (0, 3)
