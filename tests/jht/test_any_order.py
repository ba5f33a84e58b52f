"""Whatever is posted, cancelled, corrected and credited in whatever order: the ledger says what the formula says."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jht import actions, ledger
from jht.models import Contribution, Entry, Rate
from jht.rules import Movement, Rates, add_months, statement
from tests.jht.factories import make_membership, pay

pytestmark = pytest.mark.django_db
FIRST, TODAY = date(2021, 1, 1), date(2026, 6, 20)
PERCENTS = dict(zip(range(2021, 2026), map(Decimal, ("5.50", "0", "7.82", "6.26", "5.63")), strict=True))

months = st.integers(0, 59).map(lambda index: add_months(FIRST, index))
steps = st.one_of(
    st.tuples(st.just("pay"), months, st.integers(1_000_000, 20_000_000)),
    st.tuples(st.just("cancel"), months, st.just(0)),
    st.tuples(st.just("correct"), months, st.integers(-50_000_000, 50_000_000).filter(bool)),
    st.tuples(st.just("credit"), st.just(FIRST), st.just(0)),
)


class Undo(Exception):
    """Takes back what one example wrote."""


def perform(membership, number: int, step) -> None:
    """One thing a clerk does; a refusal is an answer too, and must leave everything as it was."""
    what, month, value = step
    try:
        if what == "pay":
            pay(membership, month, wage=value)
        elif what == "cancel":
            if recorded := Contribution.objects.standing().filter(membership=membership, month=month).first():
                actions.cancel_contribution(recorded, "salah", TODAY, None)
        elif what == "correct":
            actions.correct(membership, Decimal(value) / 100, "salah", month, f"step-{number}", None)
        elif waiting := Rate.objects.filter(credited_on__isnull=True).order_by("year").first():
            actions.credit_return(waiting.year, on=TODAY)
    except ValidationError:
        pass


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(steps, max_size=25))
def test_the_ledger_agrees_with_the_formula_after_any_steps(db, walk):
    with pytest.raises(Undo), transaction.atomic():
        for year, percent in PERCENTS.items():
            Rate.objects.create(year=year, percent=percent, source="contoh")
        membership = make_membership(start=FIRST)

        for number, step in enumerate(walk):
            perform(membership, number, step)

        # What stands: a cancelled month must leave no trace in the sum, nor in what it earned.
        paid = [
            Movement(one.paid_on, "contribution", Decimal(one.amount))
            for one in Contribution.objects.standing().filter(membership=membership)
        ]
        corrections = Entry.objects.filter(kind="correction", contribution__isnull=True)
        paid += [Movement(*row) for row in corrections.values_list("date", "kind", "amount")]
        formula = statement(paid, Rates(PERCENTS), TODAY)  # from nothing, as if no year had ever been credited
        booked = ledger.lines(ledger.rates(), TODAY, [membership.pk]).get(membership.pk)
        assert membership.balance(TODAY) == formula[-1].closing
        if booked:
            assert booked[-1].closing == formula[-1].closing
        raise Undo
