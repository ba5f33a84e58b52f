"""When contributions are due, what is missing, and the fine: every number from docs/aturan.md, Jatuh tempo onward."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jht import dues
from jht.dues import USUAL, Paid, Terms
from jht.holidays_id import holidays_of, is_holiday
from jht.rules import add_months

NEVER = frozenset().__contains__


def due(segment: str, month: date) -> date:
    return dues.due_date(segment, month, USUAL, is_holiday)


def last_due(segment: str, on: date) -> date:
    return dues.last_month_due(segment, on, USUAL, is_holiday)


# --- Due dates -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("segment", "month", "day"),
    [
        ("PU", date(2026, 9, 1), date(2026, 10, 15)),
        ("PU", date(2026, 10, 1), date(2026, 11, 16)),
        ("BPU", date(2026, 11, 1), date(2026, 11, 16)),
        ("PU", date(2026, 7, 1), date(2026, 8, 18)),
        ("BPU", date(2026, 8, 1), date(2026, 8, 18)),
        ("PU", date(2022, 3, 1), date(2022, 4, 18)),
        ("PU", date(2018, 5, 1), date(2018, 6, 18)),
        ("PU", date(2026, 4, 1), date(2026, 5, 15)),
        ("PU", date(2025, 12, 1), date(2026, 1, 15)),
    ],
)
def test_the_due_dates_of_the_documentation(segment, month, day):
    assert due(segment, month) == day


def test_the_due_date_itself_is_still_in_time():
    assert last_due("PU", date(2026, 11, 16)) == date(2026, 9, 1)
    assert last_due("PU", date(2026, 11, 17)) == date(2026, 10, 1)
    assert last_due("BPU", date(2026, 11, 16)) == date(2026, 10, 1)
    assert last_due("BPU", date(2026, 11, 17)) == date(2026, 11, 1)
    assert last_due("PU", date(2026, 1, 16)) == date(2025, 12, 1)


def test_segments_without_a_due_date_owe_nothing():
    for segment in ("PMI", "JAKON"):
        assert due(segment, date(2026, 1, 1)) is None
        assert not dues.arrears(segment, date(2020, 1, 1), None, {}, date(2026, 11, 22), USUAL, is_holiday)


def test_the_due_day_is_the_one_valid_in_the_month_of_payment():
    terms = Terms(((date(2026, 10, 1), 31), (date(1977, 1, 1), 15)), USUAL.fine_percents)

    months = [date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1), date(2027, 1, 1)]

    found = [dues.due_date("PU", month, terms, NEVER) for month in months]
    # 15 August 2026 is a Saturday, 31 October a Saturday; February has no 31st, and 28 February 2027 is a Sunday
    assert found == [date(2026, 8, 17), date(2026, 9, 15), date(2026, 11, 2), date(2027, 3, 1)]


def test_years_nobody_knows_have_no_holidays():
    assert holidays_of(1945) == holidays_of(2101) == {}
    assert not is_holiday(date(2101, 8, 17))
    assert due("PU", date(2105, 12, 1)) == date(2106, 1, 15)


def test_days_of_joint_leave_are_no_holidays():
    assert not is_holiday(date(2026, 5, 15))  # cuti bersama Kenaikan Yesus Kristus
    assert is_holiday(date(2026, 8, 17))


# --- The fine ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paid_on", "months", "fine"),
    [
        (date(2026, 11, 10), 0, 0),
        (date(2026, 11, 16), 0, 0),
        (date(2026, 11, 17), 1, 5_700),
        (date(2026, 12, 16), 1, 5_700),
        (date(2026, 12, 17), 2, 11_400),
        (date(2027, 11, 17), 13, 74_100),
    ],
)
def test_every_month_begun_costs_two_percent_of_what_was_due(paid_on, months, fine):
    late = dues.months_late(due("PU", date(2026, 10, 1)), paid_on)

    assert late == months
    assert dues.fine(285_000, Decimal(2), late) == fine


def test_a_month_of_delay_ends_on_the_last_day_of_a_shorter_month():
    assert [dues.months_late(date(2026, 1, 30), date(2026, 2, 28) + timedelta(days)) for days in (0, 1)] == [1, 2]


JANUARY = date(2026, 1, 1)
IN_TIME = (1, 2, 3, 5, 6)


def example(**changes) -> dues.Arrears:
    """The membership of the documentation: Rp285.000 a month, paid on the 10th of the next, some months not."""
    paid = {date(2026, month, 1): Paid(285_000, date(2026, month + 1, 10)) for month in IN_TIME}
    fields = {"segment": "PU", "start": JANUARY, "end": None, "paid": paid, "on": date(2026, 11, 22)} | changes
    return dues.arrears(**fields, terms=USUAL, is_holiday=is_holiday)


def test_the_example_of_the_documentation_comes_out_to_the_rupiah():
    found = example()

    assert [(row.month.month, row.due_on, row.late, row.fine) for row in found.missing] == [
        (4, date(2026, 5, 15), 7, 39_900),
        (7, date(2026, 8, 18), 4, 22_800),
        (8, date(2026, 9, 15), 3, 17_100),
        (9, date(2026, 10, 15), 2, 11_400),
        (10, date(2026, 11, 16), 1, 5_700),
    ]
    assert (found.owed, found.fine, found.late, found.is_complete) == (1_425_000, 96_900, (), True)


def test_what_was_paid_late_is_told_with_its_fine():
    paid = {date(2026, 2, 1): Paid(285_000, date(2026, 3, 20)), JANUARY: Paid(285_000, date(2026, 2, 10))}

    found = example(paid=paid, on=date(2026, 4, 1))

    (late,) = found.late
    assert (late.due_on, late.late, late.fine, found.late_fine) == (date(2026, 3, 16), 1, 5_700, 5_700)
    assert not found.missing


def test_a_membership_that_ended_owes_until_its_last_month_and_no_longer():
    found = example(end=date(2026, 7, 3))

    assert [row.month.month for row in found.missing] == [4, 7]


def test_who_pays_alone_is_not_fined():
    found = example(segment="BPU")

    assert [row.month.month for row in found.missing] == [4, 7, 8, 9, 10, 11]
    assert {row.fine for row in (*found.missing, *found.late)} == {None}
    assert found.fine == found.late_fine == 0


def test_a_wage_never_reported_leaves_the_amount_open():
    found = example(paid={})

    assert len(found.missing) == 10
    assert {row.amount for row in found.missing} == {None}
    assert (found.owed, found.fine, found.is_complete) == (0, 0, False)


def test_a_month_before_the_first_one_paid_is_estimated_by_that_one():
    found = example(paid={date(2026, 2, 1): Paid(300_000, date(2026, 3, 10))}, on=date(2026, 3, 17))

    assert [(row.month, row.amount) for row in found.missing] == [(JANUARY, 300_000)]


def test_the_percent_is_the_one_valid_on_the_due_date():
    terms = Terms(USUAL.due_days, ((date(1977, 1, 1), Decimal(2)), (date(2026, 9, 1), Decimal("2.5"))))
    paid = {JANUARY: Paid(285_000, date(2026, 2, 10))}

    found = dues.arrears("PU", JANUARY, None, paid, date(2026, 10, 16), terms, is_holiday)

    assert [(row.month.month, row.percent) for row in found.missing[-3:]] == [
        (7, Decimal(2)),
        (8, Decimal("2.5")),
        (9, Decimal("2.5")),
    ]
    assert found.missing[-1].fine == 7_125


def test_months_in_a_row_are_one_stretch():
    months = [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 4, 1)]

    assert dues.stretches(months) == [(date(2025, 11, 1), date(2026, 1, 1)), (date(2026, 4, 1), date(2026, 4, 1))]
    assert dues.stretches([]) == []


# --- Whatever the calendar -----------------------------------------------------------------------------------

days = st.dates(date(2000, 1, 1), date(2060, 12, 31))
segments = st.sampled_from(sorted(dues.MONTHS_AFTER))
month_days = st.integers(1, 31)


@given(segments, days)
def test_a_due_date_is_a_working_day_on_or_soon_after_the_fifteenth(segment, day):
    month = day.replace(day=1)
    found = due(segment, month)
    nominal = add_months(month, dues.MONTHS_AFTER[segment]).replace(day=15)

    assert found.weekday() < 5
    assert not is_holiday(found)
    assert timedelta(0) <= found - nominal <= timedelta(days=10)


@given(segments, days, month_days)
def test_the_last_month_due_is_overdue_and_the_next_is_not(segment, on, due_day):
    terms = Terms(((date(1977, 1, 1), due_day),), USUAL.fine_percents)
    last = dues.last_month_due(segment, on, terms, is_holiday)

    assert dues.due_date(segment, last, terms, is_holiday) < on
    assert dues.due_date(segment, add_months(last, 1), terms, is_holiday) >= on


@given(days, st.integers(0, 2_000))
def test_delay_grows_by_one_month_at_a_time_and_never_falls(due_on, delay):
    before = dues.months_late(due_on, due_on + timedelta(delay))
    after = dues.months_late(due_on, due_on + timedelta(delay + 1))

    assert after - before in (0, 1)
    assert delay / 31 <= before <= delay / 28 + 1


@given(
    segments,
    st.dates(date(2024, 1, 1), date(2026, 6, 30)),
    st.none() | st.dates(date(2026, 7, 1), date(2027, 6, 30)),
    st.sets(st.integers(0, 40)),
    st.dates(date(2026, 7, 1), date(2027, 6, 30)),
)
def test_the_short_answer_counts_the_months_of_the_long_one(segment, start, end, paid, on):
    months = {add_months(start, number): Paid(100_000, on) for number in paid}
    long = dues.arrears(segment, start, end, months, on, USUAL, is_holiday)
    last = dues.last_expected(segment, end, on, USUAL, is_holiday)
    counted = sum(start.replace(day=1) <= month <= last for month in months)

    short = dues.behind(start, last, max(months, default=None), counted)

    tail = dues.count_months(short.first, short.last) if short.first else 0
    assert short.earlier + tail == len(long.missing)
    if short.first:
        assert [row.month for row in long.missing[-tail:]] == list(dues.months_between(short.first, short.last))
