"""Rows of money: what the actions post, what the database refuses."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from jht import actions, linking
from jht.models import Contribution, Entry, Membership, Participant, Rate, Removal
from tests.jht.factories import make_employer, make_membership, make_participant, pay

pytestmark = pytest.mark.django_db
YEAR_ENDS = ["3512625.00", "7200881.25", "11073550.31", "15139852.83", "19409470.47"]


@pytest.fixture
def rates():
    for year in range(2020, 2027):
        Rate.objects.create(year=year, percent=5, source="contoh docs/aturan.md")


@pytest.fixture
def five_years(rates):
    """Wage Rp5.000.000, paid on the first of each month, 2021 to 2025: docs/aturan.md#hasil-pengembangan."""
    membership = make_membership(start=date(2021, 1, 1))
    for year in range(2021, 2026):
        for month in range(1, 13):
            pay(membership, date(year, month, 1))
    return membership


def credit(*years: int) -> None:
    for year in years:
        actions.credit_return(year, on=date(2026, 1, 1))


def test_five_years_close_as_published_before_and_after_crediting(five_years):
    year_ends = [date(year, 12, 31) for year in range(2021, 2026)]
    before = [str(five_years.balance(day)) for day in year_ends]

    credit(2020, 2021, 2022, 2023, 2024, 2025)

    assert before == YEAR_ENDS
    assert [str(five_years.balance(day)) for day in year_ends] == YEAR_ENDS
    assert five_years.entries.filter(kind="return").count() == 5


def test_crediting_twice_books_once(five_years):
    credit(2020, 2021)
    credit(2021)
    assert actions.credit_return(2021, on=date(2026, 1, 1)) == 0

    assert five_years.entries.filter(kind="return").count() == 1
    assert five_years.balance(date(2025, 12, 31)) == Decimal("19409470.47")


def test_crediting_refuses_an_open_year_a_year_without_rate_and_a_gap(rates):
    with pytest.raises(ValidationError, match="belum berakhir"):
        actions.credit_return(2026, on=date(2026, 12, 30))
    with pytest.raises(ValidationError, match="belum ada"):
        actions.credit_return(2019, on=date(2026, 1, 1))
    with pytest.raises(ValidationError, match="Tahun 2020 belum dibukukan"):
        actions.credit_return(2021, on=date(2026, 1, 1))


def test_a_month_recorded_late_earns_in_the_credited_years_too(five_years):
    late = Contribution.objects.get(membership=five_years, month=date(2022, 6, 1))
    twin = make_membership(start=date(2021, 1, 1))
    for contribution in Contribution.objects.filter(membership=five_years).exclude(pk=late.pk).order_by("month"):
        pay(twin, contribution.month)
    credit(2020, 2021, 2022, 2023, 2024, 2025)

    pay(twin, late.month)

    assert twin.balance(date(2025, 12, 31)) == Decimal("19409470.47")
    assert twin.balance(date(2026, 8, 9)) == five_years.balance(date(2026, 8, 9))


def test_a_full_claim_pays_the_return_so_far_and_leaves_zero(rates):
    Rate.objects.filter(year=2026).update(percent=6)
    Rate.objects.filter(year=2025).update(percent=0)
    membership = make_membership()
    actions.correct(membership, Decimal(1_200_000), "saldo awal", date(2025, 12, 31), "opening", None)

    for _ in range(2):
        actions.withdraw(membership, None, "Klaim JHT dibayarkan", date(2026, 5, 10), key="claim-1")

    posted = membership.entries.filter(date=date(2026, 5, 10)).order_by("amount").values_list("kind", "amount")
    assert list(posted) == [("withdrawal", Decimal("-1224000.00")), ("return", Decimal("24000.00"))]
    assert membership.balance(date(2026, 5, 10)) == 0
    assert membership.balance(date(2026, 12, 31)) == 0


def test_nobody_withdraws_more_than_there_is(five_years):
    with pytest.raises(ValidationError, match="paling banyak sebesar saldo"):
        actions.withdraw(five_years, Decimal("19409470.48"), "x", date(2025, 12, 31), key="too-much")

    assert not five_years.entries.filter(kind="withdrawal").exists()


def test_a_cancelled_month_is_taken_back_and_may_be_recorded_again(rates):
    membership = make_membership()
    wrong = pay(membership, date(2026, 3, 1), wage=50_000_000)
    for _ in range(2):
        actions.cancel_contribution(wrong, "upah salah ketik", date(2026, 3, 2), None)
    pay(membership, date(2026, 3, 1), wage=5_000_000)

    assert sum(membership.entries.values_list("amount", flat=True)) == 285_000
    assert membership.entries.count() == 3


def test_a_cancelled_month_takes_its_return_back_from_the_credited_years(five_years):
    credit(2020, 2021, 2022, 2023, 2024, 2025)
    wrong = Contribution.objects.get(membership=five_years, month=date(2022, 6, 1))

    actions.cancel_contribution(wrong, "upah salah ketik", date(2026, 7, 1), None)
    pay(five_years, date(2022, 6, 1), wage=5_000_000)

    assert five_years.balance(date(2025, 12, 31)) == Decimal("19409470.47")
    assert five_years.entries.filter(date__gt=date(2025, 12, 31)).count() == 0


def test_a_batch_that_crosses_the_year_end_earns_like_two(rates):
    credit(2020, 2021, 2022, 2023, 2024, 2025)
    together, apart = make_membership(), make_membership()
    days = [(date(2025, 11, 1), date(2025, 12, 10)), (date(2025, 12, 1), date(2026, 1, 10))]
    actions.record_contributions(actions.wage_payment(together, month, 5_000_000, paid) for month, paid in days)
    for month, paid in days:
        pay(apart, month, paid_on=paid)

    # Rp285.000 paid in December earns one month at 5 %: 1.187,50.
    assert together.balance(date(2026, 1, 15)) == apart.balance(date(2026, 1, 15)) == Decimal("571187.50")


def test_a_year_before_the_last_credited_one_is_not_credited_afterwards(rates):
    Rate.objects.filter(year=2022).delete()
    credit(2020, 2021, 2023)
    Rate.objects.create(year=2022, percent=5, source="terlambat")

    with pytest.raises(ValidationError, match="tidak dapat dibukukan lagi"):
        credit(2022)


def test_a_credited_year_cannot_be_opened_again(rates):
    credit(2020)

    with pytest.raises(DatabaseError), transaction.atomic():
        Rate.objects.filter(year=2020).update(credited_on=None)


def test_a_month_that_was_paid_out_cannot_be_cancelled(rates):
    membership = make_membership()
    paid = pay(membership, date(2026, 3, 1))
    actions.withdraw(membership, None, "Klaim", date(2026, 3, 20), key="claim-2")

    with pytest.raises(ValidationError, match="kurang dari Rp0"):
        actions.cancel_contribution(paid, "salah", date(2026, 3, 21), None)

    assert membership.balance(date(2026, 3, 21)) == 0
    assert Contribution.objects.standing().filter(pk=paid.pk).exists()


def test_a_membership_with_a_ledger_never_becomes_one_without(rates):
    membership = make_membership()
    pay(membership, date(2026, 1, 1))

    with pytest.raises(DatabaseError), transaction.atomic():
        Membership.objects.filter(pk=membership.pk).update(segment="JAKON")


def test_the_same_month_twice_posts_nothing_twice(rates):
    membership = make_membership()
    pay(membership, date(2026, 3, 1))

    with pytest.raises(ValidationError, match="sudah tercatat"):
        pay(membership, date(2026, 3, 1))

    assert membership.entries.count() == 1


def test_the_same_correction_twice_posts_once(rates):
    membership = make_membership()
    for _ in range(2):
        actions.correct(membership, Decimal("12.34"), "salah catat", date(2026, 2, 2), "key-1", None)

    assert membership.balance(date(2026, 2, 2)) == Decimal("12.34")


def test_a_correction_below_zero_is_refused(rates):
    with pytest.raises(ValidationError, match="kurang dari Rp0"):
        actions.correct(make_membership(), Decimal("-0.01"), "salah", date(2026, 2, 2), "key-2", None)


def test_construction_workers_have_no_ledger(rates):
    jakon = make_membership(segment="JAKON")

    with pytest.raises(ValidationError, match="tidak mempunyai JHT"):
        pay(jakon, date(2026, 1, 1))
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.create(membership=jakon, date=date(2026, 1, 1), kind="correction", amount=1, reason="x", key="x")


@pytest.mark.parametrize(
    "attack",
    [
        lambda entries: entries.update(amount=1),
        lambda entries: entries.delete(),
        lambda entries: entries._raw_delete("default"),
    ],
    ids=["update", "delete", "raw delete"],
)
def test_the_database_refuses_to_change_or_delete_an_entry(rates, attack):
    membership = make_membership()
    pay(membership, date(2026, 1, 1))

    with pytest.raises(DatabaseError), transaction.atomic():
        attack(membership.entries.all())

    assert membership.entries.get().amount == 285_000


def test_a_whole_invented_participant_can_be_removed_and_it_is_written_down(rates):
    membership = make_membership()
    pay(membership, date(2026, 1, 1))
    participant, number = membership.participant, membership.participant.pk

    actions.remove_participant(participant, "kelas selesai", timezone.now(), None)

    assert not Entry.objects.exists()
    assert not Participant.objects.filter(pk=number).exists()
    assert Removal.objects.get().participant_id_was == number


def test_the_rate_of_a_credited_year_is_fixed(rates):
    credit(2020)

    with pytest.raises(DatabaseError), transaction.atomic():
        Rate.objects.filter(year=2020).update(percent=6)
    with pytest.raises(DatabaseError), transaction.atomic():
        Rate.objects.filter(year=2020).delete()
    Rate.objects.filter(year=2021).update(percent=6)


@pytest.mark.parametrize(
    "row",
    [
        lambda: make_participant(nik="3523411503900002"),
        lambda: make_participant(nik="49710115039000012345"),
        lambda: make_membership(kpj="12345678901"),
        lambda: make_membership(segment="BPU", employer=make_employer()),
        lambda: make_membership(start=date(2020, 1, 2), end=date(2020, 1, 1)),
        lambda: make_employer(npp="kecil123"),
        lambda: Rate.objects.create(year=2030, percent=-1, source="x"),
        lambda: Entry.objects.create(
            membership=make_membership(), date=date(2026, 1, 1), kind="withdrawal", amount=5, key="k", reason="x"
        ),
        lambda: Entry.objects.create(
            membership=make_membership(), date=date(2026, 1, 1), kind="correction", amount=5, key="k", reason=""
        ),
    ],
)
def test_the_database_refuses_what_must_never_be_true(row):
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        row()


def test_credit_return_as_a_command_says_how_many(five_years, capsys):
    call_command("credit_return", 2020)
    call_command("credit_return", 2021)
    assert "Hasil pengembangan 2021: 1 kepesertaan" in capsys.readouterr().out

    with pytest.raises(CommandError, match="belum ada"):
        call_command("credit_return", 1999)


def test_linking_refuses_after_five_failures_and_opens_again(rates):
    user = get_user_model().objects.create_user("orang@latih.test")
    membership = make_membership()
    person = membership.participant
    right = {"nik": person.nik, "kpj": membership.kpj, "name": person.name, "birth_date": person.birth_date}
    at = timezone.now()

    for _ in range(5):
        with pytest.raises(linking.NoMatch):
            linking.link_participant(user, linking.Identity(**{**right, "name": "Orang Lain"}), at)
    with pytest.raises(linking.TooManyTries) as lock:
        linking.link_participant(user, linking.Identity(**right), at)
    linked = linking.link_participant(user, linking.Identity(**right), lock.value.until)

    assert linked.user == user
