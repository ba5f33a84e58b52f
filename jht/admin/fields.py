"""What clerks type, read the way Indonesians write it: days, months, rupiah."""

import re
from datetime import date
from decimal import Decimal

from django import forms
from django.contrib.admin.widgets import AdminDateWidget, AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError

from jht.forms import DateField
from jht.typed import (
    MOST_RUPIAH,
    empty,
    grouped,
    holds_real_nik,
    read_month,
    read_percent,
    read_rupiah,
    refuse_real_nik,
)


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
        required = empty(kwargs.get("label") or "isian ini")
        super().__init__(error_messages={"required": required, **(error_messages or {})}, **kwargs)

    def clean(self, value):
        text = super().clean(value)
        refuse_real_nik(text)
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
        return read_month(text) if text else None


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
        return read_rupiah(text, self.most) if text else None


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
        try:
            rupiah = super().to_python(whole)
        except ValidationError as error:
            if error.code != "rupiah":
                raise
            rupiah = None  # its sentence knows no sen
        if rupiah is None:
            raise ValidationError(
                "Jumlah ditulis dengan angka, misalnya -1.250.000 atau 12.500,75. Periksa, lalu isi kembali.", "rupiah"
            )
        return sign * (Decimal(rupiah) + Decimal(sen.ljust(2, "0") or 0) / 100)


class PercentField(forms.CharField):
    """A yearly return in percent: 5,63."""

    widget = AdminTextInputWidget(attrs={"size": 6, "inputmode": "decimal"})

    def prepare_value(self, value):
        return f"{value:f}".replace(".", ",") if isinstance(value, Decimal) else value

    def to_python(self, value) -> Decimal | None:
        text = super().to_python(value)
        return read_percent(text) if text else None

    def has_changed(self, initial, data) -> bool:
        try:
            return initial != self.to_python(data)
        except ValidationError:
            return True
