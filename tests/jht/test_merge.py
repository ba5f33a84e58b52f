"""Amalgamasi: several KPJ become one; nothing is gained, nothing is lost, and what must not be merged is not."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jht import actions, claims, ledger, merges
from jht.models import AuditRecord, Contribution, Entry, Membership, MergeRequest, Rate
from jht.rules import add_months
from tests.jht.claiming import NOW, TODAY, application, filed, rates, somebody
from tests.jht.factories import make_employer, make_membership, make_participant, pay

pytestmark = pytest.mark.django_db
YEAR_END = date(2026, 12, 31)


def asked(target, *sources, on=TODAY) -> MergeRequest:
    return merges.request_merge(target.participant, target, sources, on, target.participant.user)


def merged(target, *sources, on=TODAY, by=None) -> MergeRequest:
    return merges.merge(asked(target, *sources, on=on), on, by)


@pytest.fixture
def siti(db):
    """Two old KPJ and a running one."""
    rates()
    person = somebody("siti@latih.test", "Siti Latihan")
    old = make_membership(person, start=date(2020, 1, 1), end=date(2022, 12, 31))
    older = make_membership(person, start=date(2016, 1, 1), end=date(2019, 12, 31))
    new = make_membership(person, start=date(2023, 1, 1))
    for membership in (older, old, new):
        pay(membership, date(2026, 1, 1), wage=20_000_000)  # Rp1.140.000
    return person, older, old, new


def total(person, on) -> Decimal:
    return sum(ledger.balances(ledger.rates(), on, person.memberships.values_list("pk", flat=True)).values())


def test_the_worked_example_of_aturan_amalgamasi(siti):
    _, older, _, new = siti
    # docs/aturan.md#amalgamasi: five complete months of Rp1.140.000 at 6 % are 28.500,00.
    merged(new, older)
    older.refresh_from_db()
    assert older.balance(TODAY) == 0
    assert older.balance(YEAR_END) == 0
    assert new.balance(TODAY) == Decimal("2337000.00")
    # The whole year: 2 x 1.140.000 x 6 % = 136.800,00, as if nothing had been merged.
    assert new.balance(YEAR_END) == Decimal("2416800.00")
    entries = new.entries.filter(kind=Entry.Kind.TRANSFER).order_by("pk").values_list("amount", "percent")
    assert list(entries) == [(Decimal("1140000.00"), None), (Decimal("28500.00"), Decimal("6.00"))]


def test_merging_changes_no_total_on_the_day_nor_at_the_years_end(siti):
    person, older, old, new = siti
    before = total(person, TODAY), total(person, YEAR_END)
    merged(new, older, old)
    assert (total(person, TODAY), total(person, YEAR_END)) == before


def test_an_old_kpj_points_to_the_new_one_and_ends(siti, clerk):
    _, older, old, new = siti
    merged(new, older, old, by=clerk)
    older.refresh_from_db()
    assert (older.merged_into, older.merged_on, older.end) == (new, TODAY, date(2019, 12, 31))
    told = AuditRecord.objects.filter(act="merged").values_list("label", "actor_name", "told")
    assert set(told) == {
        (older.kpj, clerk.email, f"Digabung ke KPJ {new.kpj}"),
        (old.kpj, clerk.email, f"Digabung ke KPJ {new.kpj}"),
    }


def test_a_running_self_employed_kpj_ends_on_the_day_of_the_merge(siti):
    person, _, _, new = siti
    bpu = make_membership(person, segment="BPU", start=date(2024, 1, 1))
    merged(new, bpu)
    bpu.refresh_from_db()
    assert bpu.end == TODAY


def test_merging_twice_moves_the_money_once(siti):
    _, older, _, new = siti
    request = merged(new, older)
    count = Entry.objects.count()
    assert merges.merge(request, TODAY, None).status == "done"
    assert Entry.objects.count() == count


def test_asking_twice_is_one_request(siti):
    _, older, _, new = siti
    assert asked(new, older) == asked(new, older)
    with pytest.raises(ValidationError, match="masih diproses"):
        asked(older, new)


def test_a_merged_kpj_takes_no_more_money_and_says_where_to_record_it(siti):
    _, older, _, new = siti
    merged(new, older)
    sentence = f"KPJ {older.kpj} sudah digabung ke KPJ {new.kpj}"
    contribution = Contribution.objects.get(membership=older)
    for posting in (
        lambda: pay(older, date(2019, 12, 1)),
        lambda: actions.correct(older, Decimal(1), "salah", TODAY, "k", None),
        lambda: actions.withdraw(older, None, "klaim", TODAY, "w"),
        lambda: actions.cancel_contribution(contribution, "salah", TODAY, None),
    ):
        with pytest.raises(ValidationError, match=sentence):
            posting()
    contribution.refresh_from_db()
    assert contribution.cancelled_on is None


def test_the_year_of_a_merge_is_credited_without_touching_the_old_kpj(siti):
    person, older, old, new = siti
    expected = total(person, YEAR_END)
    merged(new, older, old)
    for year in range(2015, 2027):
        actions.credit_return(year, date(2027, 1, 1))
    assert total(person, YEAR_END) == expected
    assert older.balance(YEAR_END) == old.balance(YEAR_END) == 0


def test_a_kpj_into_which_others_were_merged_can_be_merged_itself(siti):
    person, older, old, new = siti
    before = total(person, YEAR_END)
    merged(old, older)
    merged(new, old)
    assert old.balance(TODAY) == 0
    assert total(person, YEAR_END) == before


def refused(target, *sources, match):
    with pytest.raises(ValidationError, match=match):
        asked(target, *sources)
    assert not MergeRequest.objects.exists()


def test_somebody_elses_kpj_is_not_merged(siti):
    _, _, _, new = siti
    refused(new, make_membership(make_participant("Orang Lain")), match="milik orang yang sama")


def test_a_kpj_is_not_merged_into_itself(siti):
    refused(siti[3], siti[3], match="sedikitnya satu KPJ lain")
    refused(siti[3], match="sedikitnya satu KPJ lain")


def test_jakon_has_nothing_to_merge(siti):
    jakon = make_membership(siti[0], segment="JAKON")
    refused(siti[3], jakon, match="peserta Jakon")


def test_a_kpj_still_running_elsewhere_is_not_closed(siti):
    person, _, old, new = siti
    refused(old, new, match="masih aktif di perusahaan lain")
    refused(new, make_membership(person, start=date(2025, 1, 1)), match="masih aktif di perusahaan lain")


def test_two_kpj_of_one_employer_are_merged_though_both_run(siti):
    person, _, _, new = siti
    double = make_membership(person, new.employer, start=date(2024, 1, 1))
    pay(double, date(2026, 2, 1))
    merged(new, double)
    double.refresh_from_db()
    assert double.end == TODAY


def test_an_open_claim_comes_first(siti):
    _, _, old, new = siti
    claim = filed(old)
    refused(new, old, match=f"klaim {claim.number} yang masih diproses")


def test_what_is_already_merged_is_not_merged_again(siti):
    _, older, old, new = siti
    merged(new, older)
    MergeRequest.objects.all().delete()
    refused(old, older, match="sudah pernah digabung")


def test_a_claim_filed_after_the_request_stops_the_merge(siti):
    _, _, old, new = siti
    request = asked(new, old)
    filed(old)
    with pytest.raises(ValidationError, match="masih diproses"):
        merges.merge(request, TODAY, None)
    assert Membership.objects.filter(merged_into__isnull=False).count() == 0


def test_a_merged_kpj_cannot_be_claimed(siti):
    _, older, _, new = siti
    merged(new, older)
    with pytest.raises(ValidationError, match="Ajukan klaim dari KPJ itu"):
        filed(older)


def test_the_second_clerk_is_told_who_answered(siti, clerk, boss):
    _, older, _, new = siti
    request = asked(new, older)
    merges.refuse_merge(request, "Data belum cocok.", TODAY, clerk)
    with pytest.raises(ValidationError, match=f"sudah diputuskan oleh {clerk.email}"):
        merges.merge(request, TODAY, boss)
    merges.refuse_merge(request, "Data belum cocok.", TODAY, clerk)  # a button pressed twice
    with pytest.raises(ValidationError, match=f"sudah diputuskan oleh {clerk.email}"):
        merges.refuse_merge(request, "Lain.", TODAY, boss)


def test_a_refusal_needs_a_sentence(siti):
    _, older, _, new = siti
    with pytest.raises(ValidationError, match="memerlukan alasan"):
        merges.refuse_merge(asked(new, older), " ", TODAY, None)


def test_a_return_that_a_correction_outweighs_waits_for_the_years_end(siti):
    _, older, _, new = siti
    actions.withdraw(older, Decimal(1000), "sebagian", date(2026, 5, 20), "w1")  # settles Rp22.800, leaves 21.800
    actions.correct(older, Decimal("-1145000"), "salah", TODAY, "c1", None)
    with pytest.raises(ValidationError, match="setelah tahun ini dibukukan"):
        merged(new, older)
    assert not Entry.objects.filter(kind="transfer").exists()


def test_an_invented_person_with_claims_and_merges_can_still_be_removed(siti):
    person, older, old, new = siti
    claims.cancel_claim(filed(old), TODAY, NOW, None)
    merged(new, older)
    actions.remove_participant(person, "latihan selesai", NOW, None)
    assert not Membership.objects.exists()
    assert not MergeRequest.objects.exists()
    assert not claims.Claim.objects.exists()


def test_nothing_is_merged_into_a_kpj_on_the_day_it_paid_out(siti):
    _, older, _, new = siti
    actions.withdraw(new, None, "Klaim", TODAY, key="claim")

    with pytest.raises(ValidationError, match="mulai besok"):
        asked(new, older)
    asked(new, older, on=TODAY + timedelta(days=1))


# --- Any interleaving ----------------------------------------------------------------------------------------

FIRST, LAST = date(2024, 1, 1), date(2026, 6, 20)
who = st.integers(0, 2)
steps = st.one_of(
    st.tuples(st.just("pay"), who, st.integers(0, 29), st.integers(1_000_000, 20_000_000)),
    st.tuples(st.just("cancel"), who, st.integers(0, 29), st.just(0)),
    st.tuples(st.just("correct"), who, st.integers(0, 29), st.integers(-50_000_000, 50_000_000).filter(bool)),
    st.tuples(st.just("claim"), who, st.just(0), st.booleans()),
    st.tuples(st.just("merge"), who, who, st.just(0)),
    st.tuples(st.just("credit"), st.just(0), st.just(0), st.just(0)),
)


class Undo(Exception):
    """Takes back what one example wrote."""


def perform(members, number, step) -> None:
    what, which, index, value = step
    membership = members[which]
    if what == "pay":
        pay(membership, add_months(FIRST, index), wage=value)
    elif what == "cancel":
        found = Contribution.objects.standing().filter(membership=membership, month=add_months(FIRST, index)).first()
        if found:
            actions.cancel_contribution(found, "salah", LAST, None)
    elif what == "correct":
        actions.correct(membership, Decimal(value) / 100, "salah", LAST, f"step-{number}", None)
    elif what == "claim":
        claim = claims.file_claim(
            membership, application(membership, token=f"t{number}"), LAST, NOW, None, channel="branch"
        )
        if value:
            claims.pay(claims.approve(claim, LAST, NOW, None), LAST, NOW, None)
        else:
            claims.cancel_claim(claim, LAST, NOW, None)
    elif what == "merge":
        others = [members[which], members[(which + 1 + index) % 3]]
        request = merges.request_merge(membership.participant, others[0], others[1:], LAST, None)
        merges.merge(request, LAST, None)
    elif waiting := Rate.objects.filter(credited_on__isnull=True).order_by("year").first():
        actions.credit_return(waiting.year, LAST)


def booked(person) -> Decimal:
    return sum(Entry.objects.filter(membership__participant=person).values_list("amount", flat=True), Decimal(0))


# Paid out and merged on one day: the return that came in would have been taken for what went out before.
PAID_OUT_THEN_MERGED = [
    ("pay", 0, 0, 1_000_000), ("credit", 0, 0, 0), ("pay", 1, 0, 1_000_000), ("claim", 1, 0, True), ("merge", 1, 1, 0),
]  # fmt: skip


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@example(PAID_OUT_THEN_MERGED)
@given(st.lists(steps, max_size=20))
def test_any_interleaving_keeps_the_sum(db, walk):
    with pytest.raises(Undo), transaction.atomic():
        for year, percent in {2024: "5.50", 2025: "6.26", 2026: "5.63"}.items():
            Rate.objects.create(year=year, percent=percent, source="contoh")
        person, employer = make_participant("Siti Latihan"), make_employer()
        members = [make_membership(person, employer, start=FIRST, end=date(2026, 3, 31)) for _ in range(3)]
        for number, step in enumerate(walk):
            before, ends = total(person, LAST), total(person, YEAR_END)
            request = MergeRequest.objects.filter(status="asked").first()
            try:
                with transaction.atomic():
                    perform(members, number, step)
            except ValidationError:
                assert total(person, LAST) == before  # a refusal leaves everything as it was
                continue
            if step[0] == "merge" and request is None:
                assert total(person, LAST) == before
                assert abs(total(person, YEAR_END) - ends) <= Decimal("0.02")  # two roundings to the sen instead of one
            if step[0] == "credit":
                assert total(person, LAST) == before
            if step[0] == "claim" and step[3]:  # nothing earns on what was emptied, whatever came before
                assert members[step[1]].balance(LAST) == members[step[1]].balance(YEAR_END) == 0

        for membership in members:
            membership.refresh_from_db()
            assert membership.balance(LAST) >= 0
            if membership.merged_into_id:
                assert membership.balance(LAST) == membership.balance(YEAR_END) == 0
        assert sum(Entry.objects.filter(kind="transfer").values_list("amount", flat=True), Decimal(0)) == 0
        paid = claims.Claim.objects.filter(status="paid")
        debited = Entry.objects.filter(kind="withdrawal").values_list("amount", flat=True)
        assert sum((claim.gross for claim in paid), Decimal(0)) == -sum(debited, Decimal(0))
        for year in (2024, 2025, 2026):  # every year can still be credited, and books what was told
            expected = total(person, YEAR_END)
            if Rate.objects.filter(year=year, credited_on__isnull=True).exists():
                actions.credit_return(year, date(2027, 1, 1))
            assert total(person, YEAR_END) == expected
        assert booked(person) == total(person, YEAR_END)
        raise Undo
