"""The edges of the rules: the last day of a year, the day after, half a rupiah, the neighbour of a birth date."""

from datetime import date
from decimal import Decimal

import pytest

from jht.identity import NikFault, judge_nik, nik_fits_birth_date, same_name
from jht.rules import Movement, Rates, add_months, round_rupiah, round_sen, statement


@pytest.mark.parametrize(
    ("on", "closed"),
    [
        (date(2024, 12, 30), 2023),
        (date(2024, 12, 31), 2024),
        (date(2025, 1, 1), 2024),
        (date(2025, 11, 30), 2024),
        (date(2025, 12, 31), 2025),
        (date(2026, 1, 1), 2025),
        (date(2030, 6, 15), 2025),
    ],
)
def test_a_year_is_closed_when_it_is_over_and_its_return_is_booked(on, closed):
    assert Rates({}, last_credited=2025).closed_until(on) == closed


def test_december_is_complete_on_the_31st():
    """docs/aturan.md: return grows with each complete month; 285.000 of January earn 285.000 x 5 % x 11 / 12 before."""
    january = [Movement(date(2025, 1, 1), "contribution", Decimal(285_000))]
    rates = Rates({2025: Decimal(5)})

    accrued = {day: statement(january, rates, date(2025, 12, day))[-1].accrued_return for day in (1, 30, 31)}

    assert accrued == {1: Decimal("13062.50"), 30: Decimal("13062.50"), 31: Decimal("14250.00")}


def test_a_year_without_movements_still_earns_on_what_was_there():
    """1.200.000 at 6 % earn 72.000 in a year and 6.360 in the January after."""
    rates = Rates({2025: Decimal(6)}, last_credited=2024)

    lines = statement([], rates, date(2026, 2, 1), opening=Decimal(1_200_000), closed_until=2024)

    assert [(line.year, line.accrued_return) for line in lines] == [(2025, 72_000), (2026, 6_360)]


def test_nothing_that_comes_later_is_in_a_balance():
    moved = [Movement(date(2026, 3, day), "contribution", Decimal(100)) for day in (14, 15, 16)]

    (line,) = statement(moved, Rates({}), date(2026, 3, 15))

    assert (line.contributions, line.closing) == (200, 200)
    assert [row.date.day for row in line.movements] == [14, 15]


def test_who_has_nothing_has_an_empty_year():
    (line,) = statement([], Rates({2026: Decimal(5)}), date(2026, 7, 1))

    assert (line.year, line.opening, line.closing) == (2026, 0, 0)


def test_half_a_rupiah_and_half_a_sen_go_away_from_zero():
    assert [round_rupiah(Decimal(text)) for text in ("2500.49", "2500.5", "-2500.5")] == [2500, 2501, -2501]
    assert [str(round_sen(Decimal(text))) for text in ("1246.874", "1246.875", "-0.005")] == [
        "1246.87",
        "1246.88",
        "-0.01",
    ]


def test_months_are_counted_across_the_years_in_both_directions():
    assert add_months(date(2026, 1, 31), -1) == date(2025, 12, 1)
    assert add_months(date(2026, 12, 5), 1) == date(2027, 1, 1)
    assert add_months(date(2026, 12, 5), -12) == date(2025, 12, 1)
    assert add_months(date(2026, 6, 15), 0) == date(2026, 6, 1)


@pytest.mark.parametrize(
    "neighbour",
    [date(1993, 6, 11), date(1993, 6, 13), date(1993, 5, 12), date(1993, 7, 12), date(1992, 6, 12), date(1994, 6, 12)],
)
def test_a_birth_date_beside_that_of_the_nik_does_not_fit(neighbour):
    assert not nik_fits_birth_date("4971015206930012", neighbour)


@pytest.mark.parametrize("nik", ["4910011503900001", "4971101503900001", "4971011503901000"])
def test_a_part_that_ends_in_zeros_is_not_nothing(nik):
    """Regency 10, district 10, serial 1000."""
    assert judge_nik(nik).text == nik


def test_a_woman_may_be_born_on_the_first():
    woman = judge_nik("4971014101900001")

    assert (woman.day, woman.is_woman) == (1, True)


def test_the_serial_is_judged_without_the_year_before_it():
    with pytest.raises(NikFault, match="serial"):
        judge_nik("4971011503910000")


def test_the_nik_does_not_say_the_century():
    assert nik_fits_birth_date("4971010101000001", date(2000, 1, 1))
    assert nik_fits_birth_date("4971010101000001", date(1900, 1, 1))


def test_a_name_in_two_words_is_not_the_name_in_one():
    assert not same_name("Sitiaminah", "Siti Aminah")


def test_an_accent_is_the_same_however_it_was_typed():
    assert same_name("Rene\N{COMBINING ACUTE ACCENT} Sitorus", "Ren\N{LATIN SMALL LETTER E WITH ACUTE} SITORUS")


@pytest.mark.parametrize("closed_until", [2024, 2025])
def test_a_closed_year_holds_what_was_booked_and_is_not_computed_again(closed_until):
    """Rp1 was booked for 2024, whatever the rate says today: a booked year is told by its rows."""
    moved = [
        Movement(date(2024, 1, 1), "contribution", Decimal(1_200_000)),
        Movement(date(2024, 12, 31), "return", Decimal(1)),
    ]

    line, *_ = statement(moved, Rates({2024: Decimal(6)}), date(2025, 12, 31), closed_until=closed_until)

    assert (line.booked_return, line.accrued_return, line.closing) == (1, 0, 1_200_001)
