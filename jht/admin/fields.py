"""What clerks type, read the way Indonesians write it: days, months, rupiah."""

import re
from datetime import date
from decimal import Decimal

from django import forms
from django.contrib.admin.widgets import AdminDateWidget, AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.utils.text import capfirst

from jht.forms import DateField, parse_month

FIRST_YEAR = 1977  # the programme's first; the same as the rates' constraint
MOST_RUPIAH = 10_000_000_000  # a wage above this is a slip of the finger
GROUPED = re.compile(r"[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+")
REAL_NIK = re.compile(r"(?<!\d)(?!49)\d{16}(?!\d)")


def holds_real_nik(text: object) -> bool:
    """Whether somebody's real identity number may stand in this text: 16 digits in a row without our prefix."""
    return bool(REAL_NIK.search(str(text or "")))


class DeskDateField(DateField):
    """DD-MM-YYYY with the admin's calendar beside it; what the model says about the day stays."""

    def __init__(self, *, help_text: str = "", **kwargs):
        kwargs.pop("widget", None)
        super().__init__(help_text=f"{help_text} Hari-bulan-tahun, misalnya 15-03-2026.".strip(), **kwargs)
        self.widget = AdminDateWidget(format="%d-%m-%Y", attrs={"autocomplete": "off"})
        self.widget.is_required = self.required


class PlainTextField(forms.CharField):
    """One line of text. A number that may be a real NIK is neither kept nor shown again, whatever the field."""

    widget = AdminTextInputWidget

    def __init__(self, *, error_messages: dict | None = None, **kwargs):
        empty = f"{capfirst(kwargs.get('label') or 'isian ini')} masih kosong. Isi lebih dahulu."
        super().__init__(error_messages={"required": empty, **(error_messages or {})}, **kwargs)

    def clean(self, value):
        text = super().clean(value)
        if holds_real_nik(text):
            raise ValidationError(
                "Isian ini memuat nomor yang tampak seperti NIK sungguhan, jadi kami menolaknya dan tidak "
                "menyimpannya. Isi kembali tanpa nomor itu.",
                "real_nik",
            )
        return text

    def bound_data(self, data, initial):
        return "" if holds_real_nik(data) else super().bound_data(data, initial)


class ReasonField(PlainTextField):
    """Why something is put right, cancelled or removed."""

    widget = AdminTextareaWidget(attrs={"rows": 2})

    def __init__(self, **kwargs):
        super().__init__(
            label="Alasan",
            max_length=200,
            help_text="Tampak pada buku besar dan jejak petugas. Paling banyak 200 huruf.",
            error_messages={"required": "Alasan masih kosong. Tulis mengapa, supaya petugas lain memahaminya."},
            **kwargs,
        )


class MonthField(forms.CharField):
    """A month as MM-YYYY; its first day."""

    widget = AdminTextInputWidget(attrs={"size": 10, "maxlength": 20, "autocomplete": "off", "class": "vMonthField"})

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", "Bulan-tahun, misalnya 03-2026.")
        kwargs.setdefault("error_messages", {"required": "Bulan masih kosong. Isi bulan-tahun, misalnya 03-2026."})
        super().__init__(**kwargs)

    def prepare_value(self, value):
        return f"{value:%m-%Y}" if isinstance(value, date) else value

    def to_python(self, value) -> date | None:
        text = super().to_python(value)
        if not text:
            return None
        month = parse_month(text.removeprefix("01-") if text.count("-") == 2 else text)
        if month is None or month.year < FIRST_YEAR:
            raise ValidationError(
                f"Bulan ditulis bulan-tahun, misalnya 03-2026, mulai tahun {FIRST_YEAR}. Periksa, lalu isi kembali.",
                "month",
            )
        return month


class RupiahField(forms.CharField):
    """Whole rupiah, with or without dots: 5000000, 5.000.000, Rp5.000.000."""

    widget = AdminTextInputWidget(attrs={"size": 16, "inputmode": "numeric", "autocomplete": "off", "class": "vRupiah"})

    def __init__(self, *, most: int = MOST_RUPIAH, **kwargs):
        self.most = most
        super().__init__(**kwargs)

    def prepare_value(self, value):
        return grouped(value) if isinstance(value, int) else value

    def to_python(self, value) -> int | None:
        text = super().to_python(value)
        if not text:
            return None
        text = re.sub(r"^rp\.?\s*", "", text, flags=re.IGNORECASE)
        text = re.sub(r",(?:00|-)$", "", text).replace("\u00a0", " ")
        if not GROUPED.fullmatch(text):
            raise ValidationError(
                "Jumlah ditulis dengan angka dalam rupiah penuh, misalnya 5.000.000. Periksa, lalu isi kembali.",
                "rupiah",
            )
        digits = re.sub(r"[. ]", "", text).lstrip("0") or "0"
        if len(digits) > 15 or int(digits) > self.most:
            raise ValidationError(
                f"Jumlah paling banyak Rp{grouped(self.most)}. Periksa banyaknya angka, lalu isi kembali.", "too_much"
            )
        return int(digits)


class AmountField(RupiahField):
    """Rupiah and sen with a sign, for corrections: -1.250.000 or 12.500,75."""

    def to_python(self, value) -> Decimal | None:
        text = forms.CharField.to_python(self, value)
        if not text:
            return None
        sign = -1 if text[0] in "-−–" else 1
        whole, comma, sen = text.lstrip("-−–+ ").partition(",")
        if comma and not re.fullmatch(r"[0-9]{1,2}", sen):
            raise ValidationError(
                "Sen ditulis dengan satu atau dua angka setelah koma, misalnya 12.500,75. Periksa, lalu isi kembali.",
                "sen",
            )
        rupiah = super().to_python(whole)
        if rupiah is None:
            raise ValidationError("Jumlah ditulis dengan angka, misalnya -1.250.000. Isi kembali.", "rupiah")
        return sign * (Decimal(rupiah) + Decimal(sen.ljust(2, "0") or 0) / 100)


def grouped(amount: int) -> str:
    """Digits in groups of three with dots: 1.234.567."""
    return f"{amount:,}".replace(",", ".")
