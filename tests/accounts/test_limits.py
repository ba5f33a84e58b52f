from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

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


# docs/decisions/0005: few guesses for one account, so many for one address that a classroom never locks itself out.
PROMISED = [
    (limits.PASSWORD_OF_ACCOUNT, 10, 15),
    (limits.CODE_OF_ACCOUNT, 10, 15),
    (limits.MAIL_TO_ACCOUNT, 10, 60),
    (limits.TEXT_TO_PHONE, 10, 60),  # as with mails
    (limits.CODE, 5, 15),
    (limits.PASSWORD_FROM_ADDRESS, 600, 15),
    (limits.CODE_FROM_ADDRESS, 600, 15),
    (limits.SIGNUP_FROM_ADDRESS, 200, 60),
    (limits.RESET_FROM_ADDRESS, 200, 60),
]


@pytest.mark.parametrize(("limit", "most", "minutes"), PROMISED, ids=[limit.scope for limit, _, _ in PROMISED])
def test_the_lock_comes_after_the_promised_tries_and_lasts_the_promised_minutes(limit, most, minutes):
    _, first = limits.spend((limit, "sari@latih.test"), at=NOON)
    Attempt.objects.update(count=most - 1)
    last, _ = limits.spend((limit, "sari@latih.test"), at=NOON)
    refused, verdict = limits.spend((limit, "sari@latih.test"), at=NOON)

    assert first is None and last is not None and refused is None
    assert verdict.retry_at == NOON + timedelta(minutes=minutes)


def test_every_kind_of_try_is_counted_apart_and_under_a_name():
    for limit, _, _ in PROMISED:
        limits.spend((limit, "sari@latih.test"), at=NOON)

    assert list(Attempt.objects.values_list("count", flat=True)) == [1] * len(PROMISED)
    assert all(Attempt.objects.values_list("scope", flat=True))


def test_an_allowed_first_try_says_when_its_window_ends():
    assert hit().retry_at == NOON + QUARTER


def test_the_only_try_is_given_back_whole():
    one = limits.Limit("test", 1, QUARTER)
    spent, _ = limits.spend((one, "a"), at=NOON)
    spent.give_back()

    assert limits.spend((one, "a"), at=NOON)[0] is not None


def test_giving_back_twice_makes_no_extra_try():
    spent, _ = limits.spend((limits.Limit("test", 3, QUARTER), "a"), at=NOON)
    spent.give_back()
    spent.give_back()

    assert [hit(key="a").allowed for _ in range(4)] == [True, True, True, False]


def test_a_refusal_is_a_sentence_with_the_time_of_its_end():
    narrow = limits.Limit("narrow", 1, QUARTER)
    spent = limits.spend_or_refuse((narrow, "a"), what="Terlalu sering.", at=NOON)
    with pytest.raises(ValidationError) as refusal:
        limits.spend_or_refuse((narrow, "a"), what="Terlalu sering.", at=NOON + timedelta(minutes=3))

    assert refusal.value.message == "Terlalu sering. Coba lagi dalam 12 menit (pukul 12.15)."
    assert refusal.value.code == "limited"

    spent.give_back()
    limits.spend_or_refuse((narrow, "a"), what="Terlalu sering.", at=NOON + timedelta(minutes=3))


def test_who_proved_to_be_the_owner_begins_anew_and_nobody_else():
    narrow = limits.Limit("narrow", 1, QUARTER)
    for key in ("sari@latih.test", "budi@latih.test"):
        limits.spend((narrow, key), at=NOON)
    limits.forget(narrow, "sari@latih.test")

    assert limits.spend((narrow, "sari@latih.test"), at=NOON)[0] is not None
    assert limits.spend((narrow, "budi@latih.test"), at=NOON)[0] is None


def test_windows_that_ended_more_than_an_hour_ago_are_swept_out_now_and_then(
    monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr("secrets.randbelow", lambda most: 1)
    hit(NOON, key="old")
    hit(NOON + timedelta(minutes=45), key="ended an hour ago")
    hit(NOON + timedelta(minutes=110), key="still open")
    assert Attempt.objects.count() == 3

    monkeypatch.setattr("secrets.randbelow", lambda most: 0)
    with django_capture_on_commit_callbacks(execute=True):
        hit(NOON + timedelta(hours=2), key="new")

    left = set(Attempt.objects.values_list("key", flat=True))
    assert left == {limits.hide("test", key) for key in ("ended an hour ago", "still open", "new")}


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


def test_a_clock_turned_ahead_sweeps_out_nothing_that_others_count_by(monkeypatch, django_capture_on_commit_callbacks):
    """A seat of a class may be a year ahead (decisions/0012): locks and used-up codes of others stay."""
    now = timezone.now()
    assert limits.use_once("code", "of somebody else", QUARTER, now)
    monkeypatch.setattr("secrets.randbelow", lambda most: 0)
    with django_capture_on_commit_callbacks(execute=True):
        hit(now + timedelta(days=365))

    assert not limits.use_once("code", "of somebody else", QUARTER, now)


def test_a_request_that_began_earlier_and_is_counted_later_begins_no_new_window():
    for _ in range(3):
        assert hit(NOON + timedelta(seconds=30)).allowed

    assert not hit(NOON).allowed
    assert not hit(NOON + timedelta(seconds=31)).allowed
