"""The picture of the savings: it says what the statement says, in bars and in words."""

import re
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jht import chart
from jht.chart import Bar, growing, in_words, stacked
from jht.rules import Movement, Rates, statement
from tests.jht.histories import SIX, histories

MILLION = Decimal(1_000_000)
GROWN = [Bar("2024", 3 * MILLION, MILLION), Bar("2025", 6 * MILLION, 2 * MILLION, 4 * MILLION)]
amounts = st.integers(0, 10**13).map(lambda sen: Decimal(sen) / 100)


def drawn(bars: list[Bar]) -> ElementTree.Element:
    return ElementTree.fromstring(stacked(bars, "Judul", "Isi"))  # noqa: S314 (our own drawing)


def named(picture: ElementTree.Element, part: str) -> list[ElementTree.Element]:
    return [element for element in picture.iter() if part in element.get("class", "").split()]


def texts(picture: ElementTree.Element, part: str) -> list[str]:
    return [element.text.replace("\N{NO-BREAK SPACE}", " ") for element in named(picture, part)]


def test_a_year_stands_on_the_line_and_what_went_out_hangs_below_it():
    picture = drawn(GROWN)
    (zero,) = named(picture, "chart__zero")
    line = Decimal(zero.get("y1"))

    def ends(part: str, number: int) -> tuple[Decimal, Decimal]:
        bar = named(picture, f"chart__bar--{part}")[number]
        return Decimal(bar.get("y")), Decimal(bar.get("y")) + Decimal(bar.get("height"))

    hair = pytest.approx(Decimal(0), abs=Decimal("0.02"))  # places are written to a hundredth of a pixel
    assert ends("paid", 1)[1] - line == hair
    assert ends("earned", 1)[1] - ends("paid", 1)[0] == hair
    assert ends("taken", 0)[0] - line == hair
    assert ends("paid", 1)[1] - ends("paid", 1)[0] - 2 * (ends("paid", 0)[1] - ends("paid", 0)[0]) == hair
    (closing,) = named(picture, "chart__closing")  # from 4 to 4 million: level
    assert closing.get("y1") == closing.get("y2")


def test_without_money_gone_the_tops_are_the_balance_and_no_line_repeats_them():
    picture = drawn([Bar("2025", MILLION, MILLION)])

    assert named(picture, "chart__closing") == []
    assert named(picture, "chart__bar--taken") == []


def test_the_axis_is_written_in_words_of_money():
    assert texts(drawn(GROWN), "chart__amount") == ["Rp10 jt", "Rp5 jt", "Rp0", "−Rp5 jt"]


@pytest.mark.parametrize("balance", [0, 1, 1_234_567_890, 10**15])
def test_any_balance_can_be_drawn(balance):
    picture = drawn([Bar("2026", Decimal(balance), Decimal(0))])

    assert 3 <= len(texts(picture, "chart__amount")) <= 7
    assert texts(picture, "chart__amount")[-1] == "Rp0"


def test_forty_years_are_named_few_at_a_time_and_the_last_one_always():
    picture = drawn([Bar(str(year), MILLION, MILLION) for year in range(1987, 2027)])
    labels = named(picture, "chart__year")
    narrow = [label.text for label in labels if "chart__year--many" not in label.get("class")]
    wide = [label.text for label in labels if "chart__year--few" not in label.get("class")]

    assert narrow == ["1996", "2006", "2016", "2026"]
    assert wide[-1] == "2026"
    assert len(wide) <= chart.NAMES_WIDE


def test_nothing_inline_is_in_it_and_it_has_a_title_and_a_description():
    picture = drawn([Bar("<b>", MILLION, MILLION)])

    assert picture.get("role") == "img"
    title, described = (
        picture.find(f"*[@id='{picture.get(name)}']") for name in ("aria-labelledby", "aria-describedby")
    )
    assert (title.text, described.text) == ("Judul", "Isi")
    for element in picture.iter():
        assert not {name for name in element.attrib if name == "style" or name.startswith("on")}


def test_the_description_says_what_the_picture_shows():
    bars = [
        Bar("2024", 3 * MILLION, MILLION),
        Bar("2025", 6 * MILLION, 3 * MILLION),
        Bar("2026", 6 * MILLION, 3 * MILLION, MILLION),
    ]

    assert in_words(bars) == (
        "Satu batang setiap tahun, 2024 sampai 2026. Iuran yang terkumpul di bawah, hasil pengembangan di atasnya, "
        "yang sudah keluar di bawah garis nol. Saldo akhir 2024 Rp4.000.000. Tertinggi Rp9.000.000, pada akhir 2025. "
        "Saldo 2026 Rp8.000.000: iuran Rp6.000.000, hasil pengembangan Rp3.000.000, keluar Rp1.000.000."
    )
    assert in_words(bars[:1]).startswith("Tahun 2024. Iuran")


def test_corrections_and_transfers_find_their_place():
    moved = [
        Movement(date(2026, 1, 5), "contribution", 3 * MILLION),
        Movement(date(2026, 2, 5), "correction", -MILLION),
        Movement(date(2026, 12, 31), "transfer", 5 * MILLION),
        Movement(date(2027, 12, 31), "transfer", -6 * MILLION),
    ]
    bars = growing(statement(moved, Rates({2026: Decimal(0)}), date(2027, 12, 31)))

    assert [(bar.contributions, bar.withdrawals) for bar in bars] == [(7 * MILLION, 0), (7 * MILLION, 6 * MILLION)]


@given(histories())
def test_every_bar_ends_at_the_years_closing_balance(history):
    lines = statement(history.movements, SIX, history.on)
    bars = growing(lines)

    assert [bar.closing for bar in bars] == [line.closing for line in lines]
    assert all(min(bar.contributions, bar.returns, bar.withdrawals) >= 0 for bar in bars)


@given(st.lists(st.tuples(amounts, amounts, amounts), min_size=1, max_size=40))
def test_nothing_is_drawn_outside(rows):
    picture = drawn([Bar(str(1987 + number), *row) for number, row in enumerate(rows)])
    height = Decimal(picture.get("height"))

    for bar in named(picture, "chart__bar"):
        left, wide = (Decimal(bar.get(name).rstrip("%")) for name in ("x", "width"))
        assert 0 <= left <= left + wide <= 100
        assert 0 <= Decimal(bar.get("y")) <= Decimal(bar.get("y")) + Decimal(bar.get("height")) <= height
    assert re.fullmatch(r"−?Rp[0-9,]+(\s(rb|jt|M))?", texts(picture, "chart__amount")[0])
