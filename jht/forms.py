"""What people type, and the sentences they get back."""

import unicodedata
from datetime import date, datetime

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils import timezone

from jht import actions
from jht.models import Participant
from jht.rules import TRAINING_PREFIX
from jht.typed import BLANKS_BETWEEN_DIGITS, DAY_SENTENCE, read_day
from jht.validators import validate_kpj, validate_nik


class DateField(forms.DateField):
    """A day as Indonesians write it: DD-MM-YYYY."""

    default_error_messages = {
        "invalid": DAY_SENTENCE,
        "required": "Tanggal masih kosong. Isi dengan urutan hari-bulan-tahun, misalnya 15-03-1990.",
    }

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", "Hari-bulan-tahun, misalnya 15-03-1990.")
        widget = forms.DateInput(format="%d-%m-%Y", attrs={"autocomplete": "off"})
        super().__init__(widget=widget, **kwargs)

    def to_python(self, value) -> date | None:
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date) or value in self.empty_values:
            return value or None
        text = str(value).strip()
        return read_day(text) if text else None


class NikField(forms.CharField):
    """A training NIK. What may be somebody's real number is refused and not shown again."""

    default_validators = [validate_nik]
    default_error_messages = {"required": "NIK masih kosong. Isi 16 angka NIK latihan Anda."}

    def __init__(self, **kwargs):
        kwargs.setdefault("label", "NIK")
        kwargs.setdefault("help_text", "16 angka, berawalan 49. Jangan mengetik NIK sungguhan.")
        super().__init__(max_length=40, widget=_digits_input(), **kwargs)

    def to_python(self, value):
        return super().to_python(value).translate(BLANKS_BETWEEN_DIGITS)

    def bound_data(self, data, initial):
        return "" if may_be_real_nik(data) else super().bound_data(data, initial)


class KpjField(forms.CharField):
    """A KPJ that this product issued."""

    default_validators = [validate_kpj]
    default_error_messages = {"required": "Nomor KPJ masih kosong. Isi 11 angka pada kartu peserta Anda."}

    def __init__(self, **kwargs):
        kwargs.setdefault("label", "Nomor KPJ")
        kwargs.setdefault("help_text", "11 angka pada kartu peserta.")
        super().__init__(max_length=40, widget=_digits_input(), **kwargs)

    def to_python(self, value):
        return super().to_python(value).translate(BLANKS_BETWEEN_DIGITS)


def may_be_real_nik(text: object) -> bool:
    """Whether a text holds so many digits, in any script, without our prefix, that it may be a real identity number."""
    digits = "".join(str(unicodedata.digit(char)) for char in str(text or "") if char.isdigit())
    return len(digits) >= 12 and not digits.startswith(TRAINING_PREFIX)


def _digits_input() -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"})


class LinkForm(forms.Form):
    """Hubungkan kepesertaan: all four must fit one participant who has no account yet."""

    nik = NikField()
    kpj = KpjField()
    name = forms.CharField(
        label="Nama lengkap",
        max_length=120,
        help_text="Seperti tertulis pada kartu peserta.",
        error_messages={"required": "Nama masih kosong. Isi nama lengkap Anda seperti pada kartu peserta."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    birth_date = DateField(label="Tanggal lahir")

    def __init__(self, *args, user: AbstractBaseUser, at: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.at = user, at
        self.locked = False

    def clean(self) -> None:
        if self.errors:
            return
        data = self.cleaned_data
        try:
            self.participant: Participant = actions.link_participant(
                self.user,
                nik=data["nik"],
                kpj=data["kpj"],
                name=data["name"],
                birth_date=data["birth_date"],
                at=self.at,
            )
        except actions.NoMatch:
            raise ValidationError(
                "Data tidak sesuai. Keempat data harus sama dengan data peserta, dan peserta itu belum terhubung "
                "dengan akun lain. Periksa kartu peserta Anda, lalu coba lagi.",
                code="no_match",
            ) from None
        except actions.TooManyTries as lock:
            self.locked = True
            minutes = max(1, -(-int((lock.until - self.at).total_seconds()) // 60))
            raise ValidationError(
                "Terlalu banyak percobaan yang tidak sesuai. Demi keamanan, coba lagi dalam %(minutes)d menit "
                "(pukul %(time)s).",
                code="locked",
                params={"minutes": minutes, "time": timezone.localtime(lock.until).strftime("%H.%M")},
            ) from None
