"""Money that goes out, or to another KPJ, in the middle of a year. All numbers worked by hand from docs/aturan.md.

Everywhere an opening balance of Rp1.200.000 and 6 %: four complete months until 10 May earn Rp24.000.
"""

from datetime import date
from decimal import Decimal

from hypothesis import assume, example, given
from hypothesis import strategies as st

from jht.rules import Movement, Rates, YearLine, statement
from tests.jht.histories import FIRST, ON, balance, days, histories, pay_out, percents, posted, walks, year_rates

SIX = Decimal(6)
MAY, JUNE, SEPTEMBER = date(2026, 5, 10), date(2026, 6, 20), date(2026, 9, 10)
FOUR_MONTHS = Movement(MAY, "return", Decimal(24_000), SIX)


def year_of(*moved: Movement, percent: Decimal | int = 6, opening: int = 1_200_000) -> YearLine:
    """The whole of 2026, at the percent it ends with."""
    rates = Rates({2026: Decimal(percent)}, last_credited=2025)
    (line,) = statement(moved, rates, date(2026, 12, 31), opening=Decimal(opening), closed_until=2025)
    return line


def out(amount: int, day: date = MAY) -> Movement:
    return Movement(day, "withdrawal", Decimal(-amount))


def test_it_does_not_matter_which_row_of_the_day_was_written_first():
    assert year_of(out(224_000), FOUR_MONTHS).closing == year_of(FOUR_MONTHS, out(224_000)).closing == 1_040_000


def test_a_second_payment_in_the_same_month_finds_no_return_left_to_take():
    """1.000.000 - 100.000 earn 900.000 x 6 % x 8 / 12 = 36.000."""
    line = year_of(FOUR_MONTHS, out(224_000), out(100_000, date(2026, 5, 20)))

    assert (line.accrued_return, line.closing) == (36_000, 936_000)


def test_settled_return_that_was_not_taken_waits_without_earning():
    """14.000 of 24.000 taken in May; 6.000 more settled in June: of 116.000, 16.000 is return and 100.000 is not.

    What stays earns 1.100.000 x 6 % x 7 / 12 = 38.500.
    """
    fifth_month = Movement(JUNE, "return", Decimal(6_000), SIX)
    line = year_of(FOUR_MONTHS, out(14_000), fifth_month, out(116_000, JUNE))

    assert (line.accrued_return, line.booked_return, line.closing) == (38_500, 30_000, 1_138_500)


def test_settled_months_keep_their_percent_and_only_the_others_follow_the_years():
    """1.000.000 x 7,2 % x 8 / 12 = 48.000 after 24.000 at 6 %."""
    line = year_of(FOUR_MONTHS, out(224_000), percent=Decimal("7.2"))

    assert (line.accrued_return, line.closing) == (48_000, 1_048_000)


def test_each_stretch_between_two_payments_keeps_its_own_percent():
    """May to August: 1.000.000 x 7,2 % x 4 / 12 = 24.000. From September: 600.000 x 8,4 % x 4 / 12 = 16.800."""
    second = Movement(SEPTEMBER, "return", Decimal(24_000), Decimal("7.2"))
    line = year_of(FOUR_MONTHS, out(224_000), second, out(424_000, SEPTEMBER), percent=Decimal("8.4"))

    assert (line.accrued_return, line.closing) == (16_800, 616_800)


def test_a_correction_takes_from_what_earns_and_never_from_the_return():
    """1.000 of the return taken; then 100.000 taken back from May on: 1.100.000 x 6 % x 8 / 12 = 44.000."""
    taken_back = Movement(date(2026, 5, 20), "correction", Decimal(-100_000))
    line = year_of(FOUR_MONTHS, out(1_000), taken_back)

    assert (line.accrued_return, line.corrections, line.closing) == (44_000, -100_000, 1_167_000)


MARCH = date(2026, 3, 10)
# 285.000 of January beside 100.000: 3.850 settled by March and paid. Then the January month proves wrong: four months
# of 100.000 had earned 2.000, so May takes 1.850 back; 98.150 are there.
SETTLED_TOO_HIGH = (
    Movement(date(2026, 1, 1), "contribution", Decimal(285_000)),
    Movement(MARCH, "return", Decimal(3_850), SIX),
    out(3_850, MARCH),
    Movement(date(2026, 1, 1), "correction", Decimal(-285_000)),
    Movement(MAY, "return", Decimal(-1_850), SIX),
)


def test_after_a_payment_no_more_than_what_is_left_earns():
    """10.000 of 98.150: 88.150 x 6 % x 8 / 12 = 3.526."""
    line = year_of(*SETTLED_TOO_HIGH, out(10_000), opening=100_000)

    assert (line.accrued_return, line.closing) == (3_526, 91_676)


def test_nothing_earns_on_a_kpj_emptied_after_its_return_was_taken_back():
    line = year_of(*SETTLED_TOO_HIGH, out(98_150), opening=100_000)

    assert (line.accrued_return, line.closing) == (0, 0)


def test_nothing_earns_on_a_kpj_emptied_after_a_correction_beyond_what_earned():
    """10.000 of May's return stay; June settles 1.200.000 x 6 % x 1 / 12 = 6.000 more, and 1.205.000 are taken back.

    1.200.000 + 10.000 + 6.000 - 1.205.000 = 11.000 are there, all of them return.
    """
    line = year_of(
        FOUR_MONTHS,
        out(14_000),
        Movement(date(2026, 6, 5), "correction", Decimal(-1_205_000)),
        Movement(JUNE, "return", Decimal(6_000), SIX),
        out(11_000, JUNE),
    )

    assert (line.accrued_return, line.closing) == (0, 0)


def test_two_kpj_made_one_neither_gain_nor_lose():
    """In two parts: what earns, and this year's return, which earns only from next year.

    1.200.000 x 6 % x 8 / 12 = 48.000: together the 72.000 that 1.200.000 earn in a year at 6 %.
    """
    left = year_of(
        FOUR_MONTHS,
        Movement(MAY, "transfer", Decimal(-1_200_000)),
        Movement(MAY, "transfer", Decimal(-24_000), SIX),
    )
    joined = year_of(
        Movement(MAY, "transfer", Decimal(1_200_000)),
        Movement(MAY, "transfer", Decimal(24_000), SIX),
        opening=0,
    )

    assert (left.accrued_return, left.transfers, left.closing) == (0, -1_224_000, 0)
    assert (joined.accrued_return, joined.transfers, joined.closing) == (48_000, 1_224_000, 1_272_000)


def test_return_that_came_with_another_kpj_is_taken_first_too():
    """24.000 came as return, 224.000 go out in June: 1.000.000 x 6 % x 7 / 12 = 35.000 beside May's 6.000."""
    line = year_of(
        Movement(MAY, "transfer", Decimal(1_200_000)),
        Movement(MAY, "transfer", Decimal(24_000), SIX),
        Movement(JUNE, "return", Decimal(6_000), SIX),
        out(230_000, JUNE),
        opening=0,
    )

    assert (line.accrued_return, line.closing) == (35_000, 1_035_000)


def test_what_arrives_on_the_last_day_earns_its_month():
    """13 - m is 1 in December: 285.000 x 6 % x 1 / 12 = 1.425, for a contribution and for a correction."""
    for kind in ("contribution", "correction"):
        line = year_of(Movement(date(2026, 12, 31), kind, Decimal(285_000)), opening=0)

        assert (line.accrued_return, line.closing) == (1_425, 286_425)


def test_who_is_paid_on_the_last_day_has_earned_the_whole_year():
    """1.200.000 x 6 % = 72.000; December is complete on the 31st."""
    last_day = date(2026, 12, 31)
    line = year_of(Movement(last_day, "return", Decimal(72_000), SIX), out(1_272_000, last_day))

    assert (line.accrued_return, line.closing) == (0, 0)


def test_a_transfer_that_names_no_return_takes_the_return_first_like_any_payment():
    """24.000 of the 224.000 is return: 1.000.000 x 6 % x 8 / 12 = 40.000, as after a payment."""
    line = year_of(FOUR_MONTHS, Movement(MAY, "transfer", Decimal(-224_000)))

    assert (line.accrued_return, line.closing) == (40_000, 1_040_000)


def test_the_percent_of_what_joins_says_nothing_about_what_was_here():
    """At 7,2 %: 600.000 x 7,2 % = 43.200 for the whole year, 1.200.000 x 7,2 % x 8 / 12 = 57.600 from May."""
    line = year_of(
        Movement(MAY, "transfer", Decimal(1_200_000)),
        Movement(MAY, "transfer", Decimal(24_000), SIX),
        opening=600_000,
        percent=Decimal("7.2"),
    )

    assert (line.accrued_return, line.closing) == (100_800, 1_924_800)


def test_two_equal_sums_settled_on_one_day_at_two_percents_read_the_same_in_any_order():
    one, other = (Movement(MAY, "return", Decimal(24_000), Decimal(percent)) for percent in ("6", "7.2"))

    assert year_of(one, other) == year_of(other, one)


# --- Any history ---------------------------------------------------------------------------------------------

AT_SIX = Rates(dict.fromkeys(range(FIRST, ON.year + 1), SIX))
CANCELLED_AFTER_A_PAYMENT = [
    ("contribution", date(2024, 1, 1), Decimal(285_000)),
    ("contribution", date(2024, 1, 2), Decimal(300_000)),
    ("withdrawal", date(2024, 3, 10), Decimal("0.01")),
    ("cancelled", date(2024, 4, 1), Decimal(0)),
]
TAKEN_BACK_AFTER_A_PAYMENT = [
    ("contribution", date(2024, 1, 1), Decimal(1_200_000)),
    ("withdrawal", date(2024, 5, 10), Decimal("0.01")),
    ("taken back", date(2024, 5, 20), Decimal("0.995")),
]


@given(histories(), percents)
@example(posted(CANCELLED_AFTER_A_PAYMENT, AT_SIX), Decimal("7.2"))
@example(posted(TAKEN_BACK_AFTER_A_PAYMENT, AT_SIX), Decimal("7.2"))
def test_after_a_full_payment_nothing_earns_whatever_came_before(history, later):
    assume(balance(history, ON) > 0)
    pay_out(history, ON)
    changed = Rates({**history.rates.percents, ON.year: later, ON.year + 1: later}, history.closed_until)

    for day in (date(ON.year, 12, 31), date(ON.year + 1, 12, 31)):
        assert statement(history.movements, changed, day, closed_until=history.closed_until)[-1].closing == 0


@given(walks, year_rates, st.lists(days, max_size=4))
@example(CANCELLED_AFTER_A_PAYMENT, AT_SIX, [date(2024, 2, 2), date(2024, 3, 5)])
@example(TAKEN_BACK_AFTER_A_PAYMENT, AT_SIX, [date(2024, 2, 2), date(2024, 5, 15)])
def test_settling_on_any_days_between_changes_no_closing(walk, rates, splits):
    """To the sen, but for the half sen that an emptied KPJ leaves behind (jht/rules.py: _settlements)."""
    looked_at = posted([*walk, *(("settled", day, Decimal(0)) for day in splits)], rates)
    once = posted(walk, rates)
    tolerance = Decimal("0.02") if any(line.withdrawals for line in once.lines) else 0

    for line, same in zip(looked_at.lines, once.lines, strict=True):
        assert abs(line.closing - same.closing) <= tolerance
