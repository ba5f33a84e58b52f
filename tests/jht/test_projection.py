"""How savings would grow: the published example to the rupiah, and the same arithmetic as the ledger."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from jht.projection import Plan, project
from jht.rules import Movement, Rates, add_months, round_rupiah, statement

PUBLISHED = Plan(monthly=285_000, years=5, percent=Decimal(5), start=date(2026, 1, 1))
YEAR_ENDS = ["3512625.00", "7200881.25", "11073550.31", "15139852.83", "19409470.47"]  # docs/aturan.md
PLANS = st.builds(
    Plan,
    monthly=st.integers(min_value=1, max_value=50_000_000),
    years=st.integers(min_value=1, max_value=40),
    percent=st.integers(min_value=0, max_value=2_000).map(lambda hundredths: Decimal(hundredths) / 100),
    start=st.builds(date, st.integers(1980, 2090), st.integers(1, 12), st.just(1)),
    opening=st.integers(min_value=0, max_value=10**11).map(lambda sen: Decimal(sen) / 100),
)


def test_the_published_example_comes_out_to_the_rupiah():
    projection = project(PUBLISHED)

    assert projection.contributions == 17_100_000
    assert round_rupiah(projection.returns) == 2_309_470
    assert round_rupiah(projection.final) == 19_409_470
    assert [str(year.closing) for year in projection.years] == YEAR_ENDS


def test_the_first_months_are_those_of_the_rule_book():
    """docs/aturan.md: three contributions of 285,000, two complete months: 3,562.50 of return."""
    january, february, march = project(PUBLISHED).years[0].months[:3]

    assert january.earned == Decimal("1187.50")
    assert january.earned + february.earned == Decimal("3562.50")
    assert march.balance == 3 * 285_000 + Decimal("7125.00")  # 285,000 x (3 + 2 + 1) x 5 % / 12


def test_a_plan_that_begins_in_july_ends_with_june():
    projection = project(Plan(monthly=100_000, years=1, percent=Decimal(6), start=date(2026, 7, 1)))

    assert [year.year for year in projection.years] == [2026, 2027]
    assert [len(year.months) for year in projection.years] == [6, 6]
    assert projection.years[0].returns == 100_000 * (6 + 5 + 4 + 3 + 2 + 1) * Decimal("0.06") / 12  # 10,500
    # The first six months' 610,500 for half a year: 18,315; the new six as before: 10,500.
    assert projection.years[1].returns == 18_315 + 10_500
    assert projection.until == date(2027, 7, 1)


def test_what_is_there_at_the_start_earns_from_that_month():
    """1,200,000 from July on, 6 %: half a year's return, 36,000."""
    projection = project(
        Plan(monthly=1, years=1, percent=Decimal(6), start=date(2026, 7, 1), opening=Decimal(1_200_000))
    )

    assert projection.years[0].opening == 1_200_000
    assert round_rupiah(projection.years[0].returns) == 36_000


def test_without_a_return_nothing_but_the_contributions_is_there():
    projection = project(Plan(monthly=50_000, years=40, percent=Decimal(0), start=date(2026, 1, 1)))

    assert (projection.final, projection.returns) == (24_000_000, 0)


@given(PLANS)
def test_every_sum_fits_and_the_months_make_the_year(plan):
    projection = project(plan)

    assert projection.years[0].opening == plan.opening
    assert projection.contributions == plan.monthly * plan.years * 12
    assert sum(len(year.months) for year in projection.years) == projection.months
    assert plan.opening + projection.contributions + projection.returns == projection.final
    for year in projection.years:
        assert year.opening + year.contributions + year.returns == year.closing
        assert sum(month.earned for month in year.months) == year.returns
        assert year.months[-1].balance == year.closing


@given(PLANS)
def test_it_is_what_the_ledger_would_hold(plan):
    """The same payments as entries, asked as Lihat Saldo JHT asks."""
    paid = [Movement(add_months(plan.start, month), "contribution", Decimal(plan.monthly)) for month in range(12)]
    paid.append(Movement(plan.start, "correction", plan.opening))
    rates = Rates({plan.start.year: plan.percent})

    line = statement(paid, rates, date(plan.start.year, 12, 31))[0]

    assert project(plan).years[0].closing == line.closing
