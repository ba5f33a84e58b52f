"""What people type, and the sentences they get back."""

import re
import unicodedata
from datetime import date, datetime

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils import timezone

from jht import linking
from jht.identity import TRAINING_PREFIX
from jht.models import Membership, Participant
from jht.typed import BLANKS_BETWEEN_DIGITS, DAY_SENTENCE, nik_or_passport, read_day, read_identity
from jht.validators import validate_kpj, validate_nik, validate_passport

REAL_PASSPORT = re.compile(r"(?!X49)[A-Z]{1,2}[0-9]{6}")


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


class GuardedField(forms.CharField):
    """A text that is not shown again where it may hold somebody's real identity number, whichever box it was put in."""

    def bound_data(self, data, initial):
        return "" if may_be_real_nik(data) else super().bound_data(data, initial)


class NikField(GuardedField):
    """A training NIK. What may be somebody's real number is refused and not shown again."""

    default_validators = [validate_nik]
    default_error_messages = {"required": "NIK masih kosong. Isi 16 angka NIK latihan Anda."}

    def __init__(self, **kwargs):
        kwargs.setdefault("label", "NIK")
        kwargs.setdefault("help_text", "16 angka, berawalan 49. Jangan mengetik NIK sungguhan.")
        super().__init__(max_length=40, widget=_digits_input(), **kwargs)

    def to_python(self, value):
        text = super().to_python(value)
        return text.translate(BLANKS_BETWEEN_DIGITS) if text else text


class PassportField(GuardedField):
    """A training passport. What may be somebody's real number is refused and not shown again."""

    default_validators = [validate_passport]
    default_error_messages = {"required": "Nomor paspor masih kosong. Isi X49 dan enam angka, misalnya X49000123."}

    def __init__(self, **kwargs):
        kwargs.setdefault("label", "Nomor paspor")
        kwargs.setdefault("help_text", "X49 dan enam angka. Jangan mengetik nomor paspor sungguhan.")
        widget = forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"})
        super().__init__(max_length=40, widget=widget, **kwargs)

    def to_python(self, value):
        text = super().to_python(value)
        return text.translate(BLANKS_BETWEEN_DIGITS).upper() if text else text

    def bound_data(self, data, initial):
        return "" if may_be_real_passport(data) else super().bound_data(data, initial)


class IdentityField(PassportField):
    """A NIK, or a foreigner's passport: the first character says which."""

    default_validators = []
    default_error_messages = {"required": NikField.default_error_messages["required"]}

    def __init__(self, **kwargs):
        kwargs.setdefault("label", "NIK atau nomor paspor")
        kwargs.setdefault(
            "help_text",
            "NIK: 16 angka, berawalan 49. Warga negara asing mengisi nomor paspor, misalnya X49000123. "
            "Jangan mengetik nomor sungguhan.",
        )
        super().__init__(**kwargs)

    def run_validators(self, value):
        super().run_validators(value)
        if value not in self.empty_values:
            read_identity(value)


class KpjField(GuardedField):
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


def may_be_real_passport(text: object) -> bool:
    """Whether a text looks like a passport's number, a letter or two and six digits or more, and is not ours."""
    number = str(text or "").translate(BLANKS_BETWEEN_DIGITS).upper()
    return bool(REAL_PASSPORT.match(number))


def _digits_input() -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"})


class NameField(GuardedField):
    """A name as it stands on the card."""

    default_error_messages = {"required": "Nama masih kosong. Isi nama lengkap Anda seperti pada kartu peserta."}

    def __init__(self, **kwargs):
        kwargs |= {"label": "Nama lengkap", "help_text": "Seperti tertulis pada kartu peserta."}
        widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
        super().__init__(max_length=120, widget=widget, **kwargs)


class TriesForm(forms.Form):
    """A form whose tries are counted for an account; `locked` says that there were too many."""

    def __init__(self, *args, user: AbstractBaseUser, at: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.at = user, at
        self.locked = False

    def lock(self, until: datetime) -> ValidationError:
        self.locked = True
        minutes = max(1, -(-int((until - self.at).total_seconds()) // 60))
        return ValidationError(
            "Terlalu banyak percobaan yang tidak sesuai. Demi keamanan, coba lagi dalam %(minutes)d menit "
            "(pukul %(time)s).",
            code="locked",
            params={"minutes": minutes, "time": timezone.localtime(until).strftime("%H.%M")},
        )


class LinkForm(TriesForm):
    """Hubungkan kepesertaan: all four must fit one participant who has no account yet."""

    nik = IdentityField()
    kpj = KpjField()
    name = NameField()
    birth_date = DateField(label="Tanggal lahir")

    def clean(self) -> None:
        if self.errors:
            return
        data = self.cleaned_data
        who = linking.Identity(**data | nik_or_passport(data["nik"]))
        try:
            self.participant: Participant = linking.link_participant(self.user, who, self.at)
        except linking.NoMatch:
            raise ValidationError(
                "Data tidak sesuai. Keempat data harus sama dengan data peserta, dan peserta itu belum terhubung "
                "dengan akun lain. Periksa kartu peserta Anda, lalu coba lagi.",
                code="no_match",
            ) from None
        except linking.TooManyTries as tries:
            raise self.lock(tries.until) from None


class AddForm(TriesForm):
    """Tambah KPJ: a KPJ of the linked participant that does not show yet, as after a change of job."""

    kpj = KpjField()

    def clean(self) -> None:
        if self.errors:
            return
        try:
            self.membership: Membership = linking.add_membership(self.user, self.cleaned_data["kpj"], self.at)
        except linking.NoMatch:
            sentence = (
                "Nomor KPJ tidak terdaftar atas nama Anda. Periksa angkanya pada kartu peserta Anda; bila sudah benar, "
                "tanyakan kepada pemberi kerja Anda."
            )
            raise ValidationError({"kpj": ValidationError(sentence, "not_yours")}) from None
        except linking.TooManyTries as tries:
            raise self.lock(tries.until) from None
