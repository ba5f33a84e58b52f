"""How money, dates and numbers are written on every screen (DESIGN.md: "as Indonesians write them")."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import engines

from portal.templatetags import latih


def shown(expression: str, value: object) -> str:
    """What a page shows for `{{ value|… }}`; the filters need no {% load %}."""
    return engines["django"].from_string(f"{{{{ value|{expression} }}}}").render({"value": value})


def test_rupiah_sets_the_rp_apart_and_groups_by_thousands():
    assert shown("rupiah", 1_234_567_890) == (
        '<span class="money"><span class="money__rp">Rp</span>1.234.567.890</span>'
    )


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "Rp0"),
        (999, "Rp999"),
        (Decimal("19409470.47"), "Rp19.409.470"),
        (Decimal("2.50"), "Rp3"),  # half up, not to the even neighbour
        (Decimal("3.50"), "Rp4"),
        (Decimal("-1500.50"), "−Rp1.501"),
        (Decimal("-0.49"), "Rp0"),  # what rounds to nothing has no sign
        (None, ""),
    ],
)
def test_amounts_are_rounded_half_up_to_whole_rupiah(amount, text):
    assert shown("rupiah_text", amount) == text


def test_a_minus_stands_before_the_rp():
    assert shown("rupiah", -285_000) == '<span class="money">−<span class="money__rp">Rp</span>285.000</span>'


@pytest.mark.parametrize(
    ("amount", "text"),
    [(Decimal("1234567.89"), "Rp1.234.567,89"), (5, "Rp5,00"), (Decimal("-0.005"), "−Rp0,01"), (None, "")],
)
def test_sen_are_shown_only_where_asked_for(amount, text):
    assert shown("sen", amount) == text


def test_dates_are_in_words():
    assert shown("tanggal", date(2026, 3, 15)) == "15 Maret 2026"
    assert shown("bulan", date(2026, 8, 1)) == "Agu 2026"
    assert shown("tanggal", None) == shown("bulan", None) == ""


def test_months_have_the_names_and_short_names_django_knows():
    for month in range(1, 13):
        day = date(2026, month, 1)
        assert shown("tanggal", day) == shown("date:'j F Y'", day)
        assert shown("bulan", day) == shown("date:'M Y'", day)


def test_moments_are_on_the_clocks_of_jakarta():
    assert shown("waktu", datetime(2026, 3, 14, 18, 5, tzinfo=UTC)) == "15 Maret 2026 pukul 01.05"
    assert shown("waktu", None) == ""


def test_a_kpj_is_grouped_for_the_eye_and_copied_without_gaps():
    assert shown("kpj", "49000000017") == (
        '<span class="kpj"><span>490</span><span>0000</span><span>0017</span></span>'
    )
    assert shown("kpj", None) == ""


def test_a_nik_is_grouped_by_four():
    groups = ["4971", "0116", "0889", "9011"]
    assert shown("nik", "".join(groups)) == f'<span class="kpj"><span>{"</span><span>".join(groups)}</span></span>'
    assert shown("nik", None) == ""


def test_a_kpj_of_another_length_is_shown_as_it_is_and_escaped():
    assert shown("kpj", "<b>49") == '<span class="kpj"><span>&lt;b&gt;49</span></span>'


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Raden Ajeng Kusumaningtyas Widyastuti Prawirodirdjo", "RA"),
        ("suharto", "S"),
        ("  budi   santoso ", "BS"),
        ("", ""),
        (None, ""),
    ],
)
def test_initials_are_those_of_the_first_two_words(name, letters):
    assert shown("inisial", name) == letters


@pytest.mark.parametrize(
    ("rate", "text"),
    [(Decimal("5.63"), "5,63\N{NO-BREAK SPACE}%"), (6, "6,00\N{NO-BREAK SPACE}%"), (None, "")],
)
def test_rates_keep_two_decimals_and_their_sign(rate, text):
    assert shown("percent", rate) == text


def test_an_icon_is_decoration():
    svg = latih.icon("wallet")
    assert 'aria-hidden="true"' in svg
    assert svg.endswith('#wallet"/></svg>')
