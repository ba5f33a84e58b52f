"""What a text to 2757 says, in every published format, and how long an answer is."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.sms.language import (
    HIDDEN,
    AskBalance,
    NotUnderstood,
    Register,
    length,
    presentable,
    split,
    understand,
)

BUDI = Register("4971011503880001", date(1988, 3, 15), "49000000011")


@pytest.mark.parametrize(
    "text",
    [
        "Daftar SALDO#4971011503880001#15-03-1988#49000000011",
        "DAFTAR SALDO #4971011503880001#15-03-1988#49000000011",
        "daftar saldo # 4971011503880001 # 15-03-1988 # 49000000011",
        "Daftar SALDOE #4971011503880001#15-03-1988#49000000011",
        "DAFTARSALDO#4971011503880001#15/03/1988#49000000011",
        "daftar#4971011503880001#15031988#49000000011",
        "  DAFTAR   SALDO#4971 0115 0388 0001#15.03.1988#4900 0000 011#",
    ],
)
def test_every_printed_way_to_register_is_understood(text):
    assert understand(text) == BUDI


def test_name_and_email_may_be_there_or_not():
    with_email = understand("Daftar SALDO#4971011503880001#15-03-1988#49000000011#budi@latih.test")
    with_name = understand("DAFTAR SALDO#4971011503880001#BUDI SANTOSO#15-03-1988#49000000011")

    assert (with_email.email, with_email.kpj) == ("budi@latih.test", "49000000011")
    assert (with_name.name, with_name.birth_date) == ("BUDI SANTOSO", date(1988, 3, 15))


@pytest.mark.parametrize(
    "text", ["SALDO 49000000011", "saldo#49000000011", "Saldo  4900-0000-011", "saldoe 49000000011"]
)
def test_a_balance_is_asked_for_with_the_kpj(text):
    assert understand(text) == AskBalance("49000000011")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "empty"),
        (" \n ", "empty"),
        ("halo", "word"),
        ("CEK 49000000011", "word"),
        ("SALDO", "which"),
        ("DAFTAR SALDO 4971011503880001 15-03-1988 49000000011", "separator"),
        ("DAFTAR SALDO#", "nik"),
        ("DAFTAR SALDO#15-03-1988#49000000011", "nik"),
        ("DAFTAR SALDO#4971011503880001#49000000011", "date"),
        ("DAFTAR SALDO#4971011503880001#31-02-1988#49000000011", "date"),
        ("DAFTAR SALDO#4971011503880001#1988-03-15#49000000011", "date_order"),
        ("DAFTAR SALDO#4971011503880001#03-15-1988#49000000011", "date_order"),
        ("DAFTAR SALDO#4971011503880001#15-03-88#49000000011", "date"),
        ("DAFTAR SALDO#4971011503880001#19880315#49000000011", "date_order"),
        ("DAFTAR SALDO#4971011503880001#20120315#49000000011", "date_order"),
        ("DAFTAR SALDO#4971011503880001#15-03-1488#49000000011", "date"),
        ("DAFTAR SALDO#4971011503880001#15-03-1988#49000000011#budi@", "email"),
        ("DAFTAR SALDO#4971011503880001#15-03-1988#49000000011#a@latih.test#b@latih.test", "emails"),
        ("DAFTAR SALDO 4971011503880001#BUDI SANTOSO#15-03-1988#49000000011", "separator"),
        ("DAFTAR SALDO#4971011503880001#15-03-1988", "kpj"),
        ("DAFTAR SALDO#4971011503880001#49000000011#15-03-1988", "order"),
        ("DAFTAR SALDO#4971011503880001#BUDI#15-03-1988#49000000011#LAGI", "order"),
    ],
)
def test_what_is_missing_or_wrong_is_named(text, what):
    with pytest.raises(NotUnderstood) as fault:
        understand(text)

    assert fault.value.what == what


@given(st.text(max_size=300))
def test_any_text_is_understood_or_refused(text):
    with suppress(NotUnderstood):
        understand(text)
    assert length(text).parts >= 1


@given(
    st.sampled_from(["DAFTAR SALDO", "daftar", "SALDO ", "saldoe#"]),
    st.text("0123456789#-/ .@aZ٣３\n", max_size=80),
)
def test_any_text_that_begins_well_is_understood_or_refused(word, rest):
    with suppress(NotUnderstood):
        understand(word + rest)


def test_a_phone_counts_160_then_153_and_70_then_67():
    """3GPP TS 23.038: seven bits a character, or two bytes; a header in each part of several."""
    assert [length("a" * n).parts for n in (0, 160, 161, 306, 307)] == [1, 1, 2, 2, 3]
    assert [length("ا" * n).parts for n in (70, 71, 134, 135)] == [1, 2, 2, 3]
    assert length("€").used == 2
    assert length("\U0001f600").used == 2


@given(st.text("abc de\n€—", min_size=1, max_size=700))
def test_a_long_text_is_split_into_parts_that_fit_and_lose_nothing(text):
    parts = split(text)

    assert all(length(part).used <= (160 if len(parts) == 1 else 153) for part in parts)
    assert all(length(part).parts == 1 for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@pytest.mark.parametrize(
    "text",
    [
        "daftar saldo#3523418097870002#x",
        "nik 3523 4180 9787 0002",
        "x3523418097870002",
        "SALDO 49000000011 3523418097870002",  # glued to one of ours
        "SALDO 493523418097870002",
        "35234180_97870002",
        "3523/4180/9787/0002",
        "3523  4180 -- 97870002",
        "３５２３４１８０９７８７０００２",  # wide letters
        "\u0663\u0665\u0662\u0663\u0664\u0661\u0668\u0660\u0669\u0667\u0668\u0667\u0660\u0660\u0660\u0662",
        "35234180\u200b97870002",  # an invisible blank between
        "a3523418097870002@latih.test",
    ],
)
def test_what_may_be_a_real_nik_is_not_kept(text):
    kept = presentable(text)

    assert HIDDEN in kept
    assert not any(digits in kept for digits in ("97870002", "9787", "\u0669\u0667"))


@pytest.mark.parametrize(
    "text",
    [
        "DAFTAR SALDO#4971011503880001#15-03-1988#49000000011",
        "DAFTAR SALDO 4971011503880001 15-03-1988 49000000011",
        "daftar saldo#4971 0115 0388 0001#15031988#4900-0000-011",
        "DAFTAR SALDO#497101150388000#15-03-1988#4900000001",  # one digit short each
    ],
)
def test_numbers_of_ours_are_kept_as_they_were_typed(text):
    assert presentable(text) == text


@given(st.text(st.sampled_from("349 -/_#\n①３\u0663x"), max_size=400))
def test_nothing_is_kept_that_no_database_has_room_for(text):
    kept = presentable(text * 4)

    assert len(kept) <= 1000
    assert all(char == "\n" or char.isprintable() for char in kept)


def test_a_letter_that_unfolds_into_many_does_not_make_the_text_longer():
    assert len(presentable("\ufdfa" * 1000)) == 1000
    assert len(presentable("1" * 12 + "x")) <= 1000
    assert len(presentable(("1" * 12 + "x") * 80)) == 1000
