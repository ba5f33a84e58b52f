"""How months, days and money are written wherever this project writes them outside a template. No Django."""

from datetime import date
from decimal import Decimal

from jht.rules import round_rupiah, round_sen

MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
MONTHS_SHORT = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
INDONESIAN = str.maketrans(",.", ".,")  # dots between thousands, a comma before decimals
MINUS = "−"
ROUNDING = (
    "Dalam rupiah penuh, menurut tanggal dibayar; hitungannya sampai ke sen, jadi jumlah angka yang tertulis dapat "
    "berselisih Rp1."
)


def month_name(month: date) -> str:
    """A month as it is written on every page.

    >>> month_name(date(2026, 8, 1))
    'Agu 2026'
    """
    return f"{MONTHS_SHORT[month.month - 1]} {month.year}"


def day_name(day: date) -> str:
    """A day as it is written on every page.

    >>> day_name(date(2026, 3, 15))
    '15 Maret 2026'
    """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def rupiah(amount: Decimal | int) -> str:
    """In whole rupiah, rounded half away from zero.

    >>> rupiah(Decimal("1234567.5"))
    'Rp1.234.568'
    """
    whole = round_rupiah(Decimal(amount))
    return f"{MINUS if whole < 0 else ''}Rp{abs(whole):,}".translate(INDONESIAN)


def rupiah_sen(amount: Decimal) -> str:
    """To the sen.

    >>> rupiah_sen(Decimal("-1234567.5"))
    '−Rp1.234.567,50'
    """
    exact = round_sen(amount)
    return f"{MINUS if exact < 0 else ''}Rp{abs(exact):,}".translate(INDONESIAN)


def percent(value: Decimal) -> str:
    """Without zeros that say nothing; the sign stays on the figure's line.

    >>> percent(Decimal("5.50")), percent(Decimal("6.00")), percent(Decimal(10))
    ('5,5\\xa0%', '6\\xa0%', '10\\xa0%')
    """
    figure = f"{value:f}"
    if "." in figure:
        figure = figure.rstrip("0").removesuffix(".")
    return f"{figure.translate(INDONESIAN)}\N{NO-BREAK SPACE}%"
