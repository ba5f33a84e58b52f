"""What the two SQL sums answer about one, several, no and all memberships, and where the closed years end."""

from datetime import date
from decimal import Decimal

import pytest

from jht import actions, ledger
from jht.models import Figure, Rate
from tests.jht.factories import make_membership, pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def rates():
    for year in (2025, 2026):
        Rate.objects.create(year=year, percent=5, source="contoh docs/aturan.md")


def test_several_memberships_are_asked_at_once_and_only_they_answer(rates):
    first, second, other = (make_membership() for _ in range(3))
    for membership, wage in ((first, 5_000_000), (second, 4_000_000), (other, 9_000_000)):
        pay(membership, date(2026, 1, 1), wage=wage)

    balances = ledger.balances(ledger.rates(), date(2026, 1, 15), [first.pk, second.pk])

    assert balances == {first.pk: 285_000, second.pk: 228_000}  # docs/aturan.md#iuran-pu
    assert set(ledger.balances(ledger.rates(), date(2026, 1, 15))) == {first.pk, second.pk, other.pk}


def test_whoever_asks_about_no_membership_gets_no_answer(rates):
    pay(make_membership(), date(2026, 1, 1))

    assert ledger.balances(ledger.rates(), date(2026, 1, 15), []) == {}


def test_a_credited_year_is_closed_with_its_last_day(rates):
    """Rp285.000 paid on 1 January 2025 at 5 % earn Rp14.250 in the year; both stand in the opening of 2026."""
    membership = make_membership()
    pay(membership, date(2025, 1, 1))
    actions.credit_return(2025, on=date(2026, 1, 1))

    (line,) = ledger.lines(ledger.rates(), date(2026, 2, 15), [membership.pk])[membership.pk]

    assert (line.year, line.opening, line.booked_return) == (2026, Decimal("299250.00"), 0)
    assert line.accrued_return == Decimal("1246.88")  # 299.250 x 5 % x 1 / 12 = 1.246,875


def test_what_was_paid_out_on_the_last_day_of_a_credited_year_is_in_its_closing_balance(rates):
    """285.000 + 14.250 of return, settled and paid out in part on 31 December: 114.250 out, 185.000 left."""
    membership = make_membership()
    pay(membership, date(2025, 1, 1))
    actions.withdraw(membership, Decimal(114_250), "Klaim", date(2025, 12, 31), key="claim-1")
    actions.credit_return(2025, on=date(2026, 1, 1))

    (line,) = ledger.lines(ledger.rates(), date(2026, 3, 15), [membership.pk])[membership.pk]

    assert (line.year, line.opening) == (2026, Decimal("185000.00"))
    assert line.accrued_return == Decimal("1541.67")  # 185.000 x 5 % x 2 / 12


def test_before_any_year_is_credited_none_is_closed(rates):
    pay(make_membership(), date(2025, 1, 1))

    assert ledger.rates().last_credited == 0
    actions.credit_return(2025, on=date(2026, 1, 1))
    assert ledger.rates().last_credited == 2025
    assert ledger.rates().percents == {2025: 5, 2026: 5}


def test_rates_and_terms_answer_the_same_rates_as_the_rates_alone(rates):
    """Before, between and after crediting; figures of the rules beside them change nothing."""
    for last_credited in (0, 2025):
        known, _ = ledger.rates_and_terms()

        assert known == ledger.rates()
        assert (known.last_credited, known.percents) == (last_credited, {2025: 5, 2026: 5})
        actions.credit_return(2025, on=date(2026, 1, 1))


def test_a_due_day_and_a_fine_hold_from_their_day_on(rates):
    """docs/aturan.md#jatuh-tempo: the 15th and 2 %; here the desk lets the 20th and 2,5 % hold from July 2026."""
    july = date(2026, 7, 1)
    Figure.objects.create(kind=Figure.Kind.DUE_DAY, value=20, valid_from=july, source="contoh")
    Figure.objects.create(kind=Figure.Kind.FINE_PERCENT, value=Decimal("2.5"), valid_from=july, source="contoh")

    _, terms = ledger.rates_and_terms()

    assert [terms.due_day(day) for day in (date(2026, 6, 30), july)] == [15, 20]
    assert [terms.fine_percent(day) for day in (date(2026, 6, 30), july)] == [2, Decimal("2.5")]


def test_without_figures_of_its_own_the_law_holds(rates):
    Figure.objects.filter(kind__in=[Figure.Kind.DUE_DAY, Figure.Kind.FINE_PERCENT]).delete()

    _, terms = ledger.rates_and_terms()

    assert (terms.due_day(date(2026, 11, 1)), terms.fine_percent(date(2026, 11, 1))) == (15, 2)
