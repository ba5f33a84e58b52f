"""Crediting in the database's own arithmetic books, to the sen, what jht.rules says for each membership alone."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jht import actions, crediting, ledger
from jht.models import Entry, Rate
from jht.rules import Rates
from tests.jht.factories import make_membership, pay

pytestmark = pytest.mark.django_db
AFTER = date(2026, 6, 20)
YEARS = (2023, 2024, 2025)

sen = st.one_of(st.integers(1, 10**4), st.integers(10**6, 10**11), st.integers(10**12, 10**13))
percents = st.integers(0, 10_000).map(lambda hundredths: Decimal(hundredths) / 100)
days = st.dates(date(2021, 1, 1), date(2026, 3, 1))
movements = st.one_of(
    st.tuples(st.just("contribution"), days, sen, st.none()),
    st.tuples(st.just("correction"), days, sen.flatmap(lambda amount: st.sampled_from([amount, -amount])), st.none()),
    st.tuples(st.just("return"), days, sen.flatmap(lambda amount: st.sampled_from([amount, -amount])), st.none()),
)
specials = st.one_of(
    st.tuples(st.just("withdrawal"), days, sen.map(lambda amount: -amount), st.none()),
    st.tuples(st.just("return"), days, sen, percents),
    st.tuples(
        st.just("transfer"), days, sen.flatmap(lambda amount: st.sampled_from([amount, -amount])), st.none() | percents
    ),
)
histories = st.lists(
    st.one_of(st.lists(movements, max_size=12), st.lists(st.one_of(movements, specials), max_size=8)),
    min_size=1,
    max_size=5,
)


class Undo(Exception):
    """Takes back what one example wrote."""


def write(history: list[tuple]) -> int:
    """One membership with these movements, whatever an action would say about them."""
    membership = make_membership(start=date(2020, 1, 1))
    source = pay(membership, date(2020, 1, 1), wage=1_000_000)
    Entry.objects.bulk_create(
        Entry(
            membership=membership,
            date=day,
            kind=kind,
            amount=Decimal(amount) / 100,
            percent=percent,
            contribution=source if kind == "contribution" else None,
            reason="contoh",
            key=f"contoh:{membership.pk}:{number}",
        )
        for number, (kind, day, amount, percent) in enumerate(history)
    )
    return membership.pk


def one_by_one(year: int) -> list[tuple[int, date, Decimal]]:
    """What jht.rules alone would book: membership, day, rupiah."""
    rates = ledger.rates()
    before = Rates(rates.percents, min(rates.last_credited, year - 1))
    return sorted(
        (membership, date(line.year, 12, 31), line.accrued_return)
        for membership, lines in ledger.lines(before, date(year, 12, 31)).items()
        for line in lines
        if line.accrued_return
    )


def booked_since(last: int) -> list[tuple[int, date, Decimal]]:
    fresh = Entry.objects.filter(pk__gt=last, kind="return", percent=None)
    return sorted(fresh.values_list("membership_id", "date", "amount"))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(histories, st.tuples(percents, percents, percents), st.sampled_from([None, 2020, 2022]))
@example([[("contribution", date(2023, 12, 1), 60, None)]], (Decimal("10"), Decimal(0), Decimal(0)), 2022)  # half a sen
@example([[("correction", date(2023, 12, 1), -60, None)]], (Decimal("10"), Decimal(0), Decimal(0)), 2022)
def test_both_ways_book_the_same_sen(db, people, rates, credited):
    with pytest.raises(Undo), transaction.atomic():
        if credited:
            Rate.objects.create(year=credited, percent=3, source="contoh", credited_on=date(2023, 1, 2))
        for year, percent in zip(YEARS, rates, strict=True):
            Rate.objects.create(year=year, percent=percent, source="contoh")
        for history in people:
            write(history)

        for year in YEARS:
            expected = one_by_one(year)
            last = Entry.objects.order_by("-pk").values_list("pk", flat=True).first()

            assert actions.credit_return(year, on=AFTER) == len(expected)

            assert booked_since(last) == expected
            assert actions.credit_return(year, on=AFTER) == 0
        raise Undo


def test_half_a_sen_is_rounded_away_from_zero():
    Rate.objects.create(year=2022, percent=5, source="contoh", credited_on=date(2023, 1, 1))
    Rate.objects.create(year=2023, percent=10, source="contoh")
    members = [make_membership().pk for _ in range(3)]
    for member, amount in zip(members, ("0.60", "-0.60", "0.59"), strict=True):
        Entry.objects.create(
            membership_id=member, date=date(2023, 12, 1), kind="correction", amount=amount, reason="contoh", key=amount
        )

    actions.credit_return(2023, on=AFTER)

    # Rp0,60 in December at 10 %: 0,60 x 10/1200 = 0,005 exactly; Rp0,59 is less than half a sen.
    booked = Entry.objects.filter(kind="return").order_by("pk").values_list("membership_id", "amount")
    assert list(booked) == [(members[0], Decimal("0.01")), (members[1], Decimal("-0.01"))]


def test_an_entry_of_the_run_says_who_when_and_why(boss):
    Rate.objects.create(year=2023, percent=5, source="contoh")
    membership = make_membership()
    pay(membership, date(2023, 1, 1))
    before = timezone.now()

    actions.credit_return(2023, on=AFTER, by=boss)

    entry = membership.entries.get(kind="return")
    assert entry.key == f"return:{membership.pk}:2023:1"
    assert entry.amount == Decimal("14250.00")  # Rp285.000 in January at 5 %: the whole year
    assert (entry.reason, entry.recorded_by, entry.percent) == ("Hasil pengembangan 2023", boss, None)
    assert before <= entry.recorded_at <= timezone.now()


def test_a_run_that_is_refused_books_nothing():
    Rate.objects.create(year=2023, percent=5, source="contoh")
    pay(make_membership(), date(2023, 1, 1))

    with pytest.raises(ValidationError, match="belum berakhir"):
        actions.credit_return(2023, on=date(2023, 12, 30))

    assert not Entry.objects.filter(kind="return").exists()


def test_the_number_of_statements_does_not_grow_with_the_memberships(django_assert_num_queries):
    Rate.objects.create(year=2022, percent=5, source="contoh", credited_on=date(2023, 1, 1))
    Rate.objects.create(year=2023, percent=5, source="contoh")
    for _ in range(7):
        pay(make_membership(), date(2023, 1, 1))

    with django_assert_num_queries(4):
        booked = crediting.book_year(2023, Decimal(5), "contoh", timezone.now(), None)

    assert (booked.entries, booked.special) == (7, [])
