from datetime import UTC, datetime, timedelta

import pytest

from accounts import limits
from accounts.models import Attempt

NOON = datetime(2026, 3, 15, 5, 0, tzinfo=UTC)  # 12.00 in Jakarta
QUARTER = timedelta(minutes=15)

pytestmark = pytest.mark.django_db


def hit(at=NOON, key="sari@latih.test", most=3):
    return limits.hit("test", key, most, QUARTER, at)


def test_as_many_as_allowed_and_not_one_more():
    assert [hit().allowed for _ in range(5)] == [True, True, True, False, False]


def test_a_refusal_says_when_the_window_ends_and_does_not_move_it():
    hit()
    for minutes in (1, 2, 3):
        verdict = hit(NOON + timedelta(minutes=minutes))
    assert not verdict.allowed
    assert verdict.retry_at == NOON + QUARTER
    assert hit(NOON + timedelta(minutes=14, seconds=59)).retry_at == NOON + QUARTER
    assert hit(NOON + QUARTER).allowed


def test_a_new_window_begins_with_nothing():
    for _ in range(3):
        hit()
    later = NOON + QUARTER
    assert [hit(later).allowed for _ in range(4)] == [True, True, True, False]


def test_keys_do_not_share():
    for _ in range(3):
        hit()
    assert hit(key="budi@latih.test").allowed


def test_what_is_given_back_can_be_used_again_and_no_more():
    spent, _ = limits.spend((limits.Limit("test", 3, QUARTER), "a"), at=NOON)
    hit(key="a"), hit(key="a")
    spent.give_back()
    assert [hit(key="a").allowed for _ in range(2)] == [True, False]


def test_a_refusal_by_the_second_limit_costs_nothing_at_the_first():
    wide, narrow = limits.Limit("wide", 10, QUARTER), limits.Limit("narrow", 1, QUARTER)
    limits.spend((wide, "a"), (narrow, "b"), at=NOON)
    spent, verdict = limits.spend((wide, "a"), (narrow, "b"), at=NOON)
    assert spent is None and not verdict.allowed
    assert Attempt.objects.get(scope="wide").count == 1


def test_used_once_is_used():
    assert [limits.use_once("x", "a", QUARTER, NOON) for _ in range(3)] == [True, False, False]
    assert limits.use_once("y", "a", QUARTER, NOON)


def test_no_address_is_stored():
    hit()
    assert "sari" not in str(list(Attempt.objects.values()))


def test_one_statement_counts(django_assert_num_queries, monkeypatch):
    monkeypatch.setattr("secrets.randbelow", lambda most: 1)  # now and then a hit also sweeps out old rows
    with django_assert_num_queries(1):
        limits.hit("test", "a", 3, QUARTER, NOON)


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(minutes=12), "Coba lagi dalam 12 menit (pukul 12.12)."),
        (timedelta(minutes=11, seconds=1), "Coba lagi dalam 12 menit (pukul 12.12)."),
        (timedelta(seconds=5), "Coba lagi dalam 1 menit (pukul 12.01)."),
        (timedelta(0), "Coba lagi dalam 1 menit (pukul 12.00)."),
        (timedelta(minutes=60), "Coba lagi dalam 60 menit (pukul 13.00)."),
    ],
)
def test_a_lock_says_how_long_and_until_when(left, words):
    assert limits.wait(NOON + left, NOON) == words
