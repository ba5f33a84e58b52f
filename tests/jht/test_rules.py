"""The arithmetic on plain values; expected numbers from docs/aturan.md."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jht.identity import NikFault, judge_nik, nik_fits_birth_date, same_name
from jht.rules import Movement, Rates, bpu_contribution, split_contribution, statement

FIVE_PERCENT = Rates({year: Decimal(5) for year in range(2000, 2100)})
YEAR_ENDS = ["3512625.00", "7200881.25", "11073550.31", "15139852.83", "19409470.47"]


def paid_every_month(first_year: int, years: int, amount: int = 285_000) -> list[Movement]:
    return [
        Movement(date(year, month, 1), "contribution", Decimal(amount))
        for year in range(first_year, first_year + years)
        for month in range(1, 13)
    ]


def test_five_years_at_five_percent_give_the_published_result():
    lines = statement(paid_every_month(2021, 5), FIVE_PERCENT, date(2025, 12, 31))

    assert [str(line.closing) for line in lines] == YEAR_ENDS
    assert sum(line.contributions for line in lines) == 17_100_000
    assert round(sum(line.returns for line in lines)) == 2_309_470


def test_growth_counts_complete_months_only():
    lines = statement(paid_every_month(2026, 1), FIVE_PERCENT, date(2026, 3, 15))

    assert lines[-1].accrued_return == Decimal("3562.50")
    assert lines[-1].closing == Decimal("858562.50")


def test_a_full_withdrawal_leaves_nothing_that_grows():
    rates = Rates({2025: Decimal(6), 2026: Decimal(6)}, last_credited=2025)
    paid_out = [
        Movement(date(2026, 5, 10), "return", Decimal("24000.00")),
        Movement(date(2026, 5, 10), "withdrawal", Decimal("-1224000.00")),
    ]

    at_claim, at_year_end = (
        statement(paid_out[:moves], rates, on, opening=Decimal(1_200_000), closed_until=2025)[-1]
        for moves, on in ((0, date(2026, 5, 10)), (2, date(2026, 12, 31)))
    )

    assert at_claim.closing == Decimal("1224000.00")
    assert (at_year_end.accrued_return, at_year_end.closing) == (0, 0)


def test_paying_out_part_leaves_the_rest_to_earn_as_if_nothing_had_been_settled():
    """docs/aturan.md: Rp1.200.000 at 6 %, Rp224.000 out on 10 May after four months: Rp24.000 of it is return."""
    rates = Rates({2025: Decimal(6), 2026: Decimal(6)}, last_credited=2025)
    paid_out = [
        Movement(date(2026, 5, 10), "return", Decimal("24000.00"), Decimal(6)),
        Movement(date(2026, 5, 10), "withdrawal", Decimal("-224000.00")),
    ]

    line = statement(paid_out, rates, date(2026, 12, 31), opening=Decimal(1_200_000), closed_until=2025)[-1]

    assert line.accrued_return == Decimal("40000.00")  # (1.200.000 - 200.000) x 6 % x 8 / 12
    assert line.closing == Decimal("1040000.00")


def test_a_rate_that_changes_after_a_full_payment_moves_nothing():
    """docs/aturan.md: what was settled at 6 % stays at 6 % when the year is set to 7,2 %."""
    rates = Rates({2025: Decimal(6), 2026: Decimal("7.2")}, last_credited=2025)
    paid_out = [
        Movement(date(2026, 5, 10), "return", Decimal("24000.00"), Decimal(6)),
        Movement(date(2026, 5, 10), "withdrawal", Decimal("-1224000.00")),
    ]

    line = statement(paid_out, rates, date(2026, 12, 31), opening=Decimal(1_200_000), closed_until=2025)[-1]

    assert (line.accrued_return, line.closing) == (0, 0)


def test_what_arrives_after_a_full_payment_earns_from_its_month():
    """docs/aturan.md: Rp285.000 paid on 10 June after everything was paid out in May earns seven months."""
    rates = Rates({2025: Decimal(6), 2026: Decimal(6)}, last_credited=2025)
    moved = [
        Movement(date(2026, 5, 10), "return", Decimal("24000.00"), Decimal(6)),
        Movement(date(2026, 5, 10), "withdrawal", Decimal("-1224000.00")),
        Movement(date(2026, 6, 10), "contribution", Decimal(285_000)),
    ]

    line = statement(moved, rates, date(2026, 12, 31), opening=Decimal(1_200_000), closed_until=2025)[-1]

    assert line.accrued_return == Decimal("9975.00")  # 285.000 x 6 % x 7 / 12
    assert line.closing == Decimal("294975.00")


movements = st.lists(
    st.builds(
        Movement,
        st.dates(date(2015, 1, 1), date(2026, 12, 31)),
        st.sampled_from(["contribution", "correction", "withdrawal", "transfer"]),
        st.decimals("-9999999.99", "9999999.99", places=2),
    ),
    max_size=40,
)


@given(movements, st.randoms(), st.dates(date(2015, 1, 1), date(2030, 12, 31)))
def test_the_balance_never_depends_on_the_order_of_entries(moved, random, on):
    shuffled = moved.copy()
    random.shuffle(shuffled)

    assert statement(moved, FIVE_PERCENT, on) == statement(shuffled, FIVE_PERCENT, on)


@given(movements, st.dates(date(2015, 1, 1), date(2030, 12, 31)))
def test_statement_lines_always_add_up(moved, on):
    lines = statement(moved, FIVE_PERCENT, on)

    for line, following in pairwise(lines):
        assert line.closing == following.opening
    for line in lines:
        assert line.closing - line.opening == (
            line.contributions + line.returns + line.withdrawals + line.corrections + line.transfers
        )
    assert lines[-1].closing == sum((m.amount for m in moved if m.date <= on), Decimal(0)) + sum(
        line.accrued_return for line in lines
    )


@given(movements, st.integers(2015, 2026))
def test_closing_the_books_changes_no_balance(moved, closed):
    """Booking the return of the years up to `closed` leaves every later balance as it was."""
    on = date(2027, 7, 1)
    open_lines = statement(moved, FIVE_PERCENT, on)
    booked = [
        Movement(date(line.year, 12, 31), "return", line.accrued_return)
        for line in open_lines
        if line.year <= closed and line.accrued_return
    ]

    closed_lines = statement([*moved, *booked], FIVE_PERCENT, on, closed_until=closed)

    assert closed_lines[-1].closing == open_lines[-1].closing


saved = st.lists(
    st.builds(
        Movement,
        st.dates(date(2024, 1, 1), date(2026, 12, 31)),
        st.just("contribution"),
        st.decimals("1000", "9999999", places=0),
    ),
    max_size=20,
)


@given(saved, st.lists(st.dates(date(2024, 1, 1), date(2026, 12, 31)), max_size=4))
def test_splitting_a_year_anywhere_gives_the_same_closing(paid, splits):
    """Settling what was earned until a day, and going on, is the same as not having looked."""
    settled = list(paid)
    for day in sorted(splits):
        settled += [
            Movement(min(day, date(line.year, 12, 31)), "return", line.accrued_return, Decimal(5))
            for line in statement(settled, FIVE_PERCENT, day)
            if line.accrued_return
        ]

    on = date(2027, 3, 3)
    assert [line.closing for line in statement(settled, FIVE_PERCENT, on)] == [
        line.closing for line in statement(paid, FIVE_PERCENT, on)
    ]


@given(saved, st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.decimals("0", "20", places=2))
def test_whoever_was_paid_everything_has_nothing_whatever_the_rate_becomes(paid, day, later):
    paid = [movement for movement in paid if movement.date <= day]
    lines = statement(paid, FIVE_PERCENT, day)
    settled = [
        Movement(min(day, date(line.year, 12, 31)), "return", line.accrued_return, Decimal(5))
        for line in lines
        if line.accrued_return
    ]
    payout = Movement(day, "withdrawal", -lines[-1].closing)
    changed = Rates(dict.fromkeys(range(2000, 2100), later))

    closings = [line.closing for line in statement([*paid, *settled, payout], changed, date(2027, 3, 3))]

    assert closings[-1] == 0


def test_a_year_without_a_rate_uses_the_latest_known_and_says_so():
    rates = Rates({2020: Decimal("5.63"), 2019: Decimal("6.06")})

    assert (rates.of(2020).percent, rates.of(2020).estimated) == (Decimal("5.63"), False)
    assert (rates.of(2023).percent, rates.of(2023).estimated) == (Decimal("5.63"), True)
    assert (rates.of(2010).percent, rates.of(2010).estimated) == (0, True)


def test_a_wage_is_split_without_a_cap():
    assert split_contribution(5_000_000) == (185_000, 100_000)
    assert split_contribution(4_000_000) == (148_000, 80_000)
    assert split_contribution(100_000_000) == (3_700_000, 2_000_000)


def test_a_self_employed_member_pays_by_band():
    bands = [(1_099_000, 20_000), (1_299_000, 24_000), (None, 414_000)]

    assert bpu_contribution(1_099_000, bands) == 20_000
    assert bpu_contribution(1_099_001, bands) == 24_000
    assert bpu_contribution(1_299_001, bands) == 414_000


def test_an_income_above_all_bands_is_not_guessed():
    with pytest.raises(LookupError):
        bpu_contribution(1_299_001, [(1_299_000, 24_000)])


@pytest.mark.parametrize(
    ("nik", "part"),
    [
        ("3523418097870002", "prefix"),
        ("4923418097870002", "month"),
        ("4970011503900001", "regency"),
        ("4900011503900001", "regency"),
        ("4971003103900001", "district"),
        ("4971013102900001", "day"),
        ("4971010003900001", "day"),
        ("4971014003900001", "day"),
        ("4971017203900001", "day"),
        ("4971012902910001", "day"),
        ("4971011500900001", "month"),
        ("4971011513900001", "month"),
        ("4971011503900000", "serial"),
        ("497101150390001", "digits"),
        ("49710115039000011", "digits"),
        ("49710115039000a1", "digits"),
        ("４９71011503900001", "digits"),
        ("٤٩71011503900001", "digits"),
        ("4971011503900001\n", "digits"),
        ("", "digits"),
    ],
)
def test_a_nik_is_refused_for_the_part_that_is_wrong(nik, part):
    with pytest.raises(NikFault) as fault:
        judge_nik(nik)

    assert fault.value.part == part


def test_a_womans_day_is_forty_more():
    woman, man = judge_nik("4971015503900001"), judge_nik("4971011503900001")

    assert (woman.day, woman.month, woman.year_of_century, woman.is_woman) == (15, 3, 90, True)
    assert (man.day, man.is_woman) == (15, False)


def test_the_edges_of_each_part_are_accepted():
    for nik in ("4901013112990001", "4969997112999999", "4971012902000001", "4999010101010001"):
        assert judge_nik(nik).text == nik


def test_a_nik_need_not_fit_the_birth_date():
    assert nik_fits_birth_date("4971015206930012", date(1993, 6, 12))
    assert not nik_fits_birth_date("4971015206930012", date(1993, 6, 21))


def test_names_are_compared_without_case_and_blanks():
    assert same_name(" siti   AMINAH", "Siti Aminah")
    assert not same_name("Siti Amina", "Siti Aminah")
