"""What people suppose in the two simulations. Both forms stand in the address, so that a result can be shared."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from jht.forms import DateField
from jht.models import Membership, Reason, Regulation, Segment
from jht.rules import bpu_contribution, split_contribution
from jht.typed import FIRST_YEAR, NO_BAND, empty, grouped, read_month, read_percent, read_rupiah

MOST_YEARS = 40
MOST_BALANCE = 100_000_000_000  # rupiah; above it, somebody's finger slipped
FIRST_DAY, LAST_YEAR = date(2000, 1, 1), 2100
SEGMENTS = [(segment, Segment(segment).label) for segment in (Segment.PU, Segment.BPU, Segment.PMI)]
ALL, THEN, SUPPOSED, ALONE = "semua", "tanggal", "sendiri", "tidak"  # what counts when nothing is chosen


class ReadField(forms.CharField):
    """Text that one of jht.typed's functions reads; its ValidationError is the field's."""

    def __init__(self, read: Callable, *, numeric: bool = True, **kwargs):
        self.read = read
        if kwargs.get("required", True):
            kwargs.setdefault("error_messages", {"required": empty(kwargs["label"])})
        attrs = {"autocomplete": "off", "maxlength": 40} | ({"inputmode": "numeric"} if numeric else {})
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)

    def to_python(self, value):
        text = super().to_python(value)
        return self.read(text[:41]) if text else None


def read_years(text: str) -> int:
    """For how many years somebody saves."""
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MOST_YEARS):
        raise ValidationError(f"Lama menabung ditulis dengan angka, dari 1 sampai {MOST_YEARS} tahun.", "years")
    return int(text)


def read_year(text: str) -> int:
    """A calendar year."""
    if not (text.isascii() and text.isdigit() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR):
        raise ValidationError("Tahun ditulis dengan empat angka, misalnya 2024.", "year")
    return int(text)


def read_balance(text: str) -> int:
    """Whole rupiah up to more than anybody has."""
    return read_rupiah(text, MOST_BALANCE)


class DefaultChoice(forms.ChoiceField):
    """A list whose first row counts when nothing is chosen."""

    def __init__(self, **kwargs):
        super().__init__(error_messages={"invalid_choice": "Pilihan ini tidak ada. Pilih dari daftar."}, **kwargs)

    def to_python(self, value) -> str:
        return super().to_python(value) or self.choices[0][0]


class SavingsForm(forms.Form):
    """How much, for how long, at which return."""

    segmen = forms.ChoiceField(
        label="Segmen",
        choices=SEGMENTS,
        error_messages={"required": empty("segmen"), "invalid_choice": "Pilih segmen dari daftar."},
    )
    upah = ReadField(
        read_rupiah,
        label="Upah atau penghasilan sebulan (Rp)",
        required=False,
        help_text="PU: upah yang dilaporkan, iurannya 5,7 %. BPU: penghasilan, iurannya per golongan. PMI: kosongkan.",
    )
    iuran = forms.TypedChoiceField(
        label="Iuran PMI sebulan",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="Hanya untuk Pekerja Migran Indonesia.",
        error_messages={"invalid_choice": "Iuran PMI dipilih dari daftar. Pilih salah satunya."},
    )
    mulai = ReadField(read_month, label="Mulai bulan", numeric=False, help_text="Bulan-tahun, misalnya 01-2026.")
    tahun = ReadField(read_years, label="Lama menabung (tahun)", help_text=f"Dari 1 sampai {MOST_YEARS} tahun.")
    tingkat = ReadField(read_percent, label="Hasil pengembangan (% setahun)", numeric=False)
    saldo = ReadField(
        read_balance, label="Saldo awal (Rp)", required=False, help_text="Yang sudah terkumpul. Kosong berarti Rp0."
    )

    def __init__(self, *args, bands: list[tuple[int | None, int]], amounts: list[int], rate_note: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.bands = bands
        self.fields["iuran"].choices = [("", "–"), *((amount, f"Rp{grouped(amount)}") for amount in amounts)]
        self.fields["tingkat"].help_text = rate_note

    def clean_mulai(self) -> date:
        month = self.cleaned_data["mulai"]
        if month.year > LAST_YEAR:
            raise ValidationError(f"Bulan mulai paling jauh tahun {LAST_YEAR}. Periksa tahunnya.", "too_late")
        return month

    def clean(self) -> dict:
        data = super().clean()
        segment, wage = data.get("segmen"), data.get("upah")
        if segment == Segment.PMI:
            if wage:
                self.add_error("upah", "PMI memilih jumlah iuran, bukan upah. Kosongkan isian ini.")
            if not data.get("iuran") and "iuran" not in self.errors:
                self.add_error("iuran", "Iuran PMI belum dipilih. Pilih jumlahnya dari daftar.")
            data["shares"] = (0, data.get("iuran") or 0)
        elif segment and "upah" not in self.errors:
            if data.get("iuran"):
                self.add_error("iuran", f"Anda memilih {Segment(segment).label}. Kosongkan pilihan ini.")
            if not wage:
                self.add_error("upah", "Upah atau penghasilan masih kosong. Isi dalam rupiah, misalnya 5.000.000.")
                return data
            try:
                data["shares"] = (
                    split_contribution(wage) if segment == "PU" else (0, bpu_contribution(wage, self.bands))
                )
            except LookupError:
                self.add_error("upah", NO_BAND)
                return data
            if not any(data["shares"]):
                self.add_error("upah", "Iuran dari upah ini Rp0. Isi upah yang lebih besar.")
        return data


class ClaimForm(forms.Form):
    """A day and a reason; one's own KPJ, or figures that are supposed. A second day or regulation stands beside it."""

    tanggal = DateField(label="Tanggal klaim", help_text="Hari-bulan-tahun, misalnya 15-03-2022.")
    alasan = DefaultChoice(label="Sebab klaim", choices=[(ALL, "Semua sebab"), *Reason.choices])
    peraturan = DefaultChoice(label="Menurut peraturan")
    kpj = DefaultChoice(label="Saldo dan data")
    lahir = DateField(label="Tanggal lahir", required=False)
    segmen = forms.ChoiceField(label="Segmen", choices=[("", "–"), *SEGMENTS], required=False)
    sejak = DateField(
        label="Peserta sejak", required=False, help_text="Hari pertama kepesertaan yang pertama, misalnya 01-02-2014."
    )
    berakhir = DateField(
        label="Berhenti bekerja",
        required=False,
        help_text="Hari terakhir bekerja. Kosong berarti masih bekerja.",
    )
    saldo = ReadField(read_balance, label="Saldo (Rp)", required=False)
    sebagian = forms.BooleanField(label="Pernah mengambil sebagian (10 % atau 30 %)", required=False)
    tahun_pertama = ReadField(
        read_year,
        label="Tahun pembayaran pertama",
        required=False,
        help_text="Kosong bila belum pernah dibayar. Sejak tahun ketiga pajaknya progresif.",
    )
    sudah_dibayar = ReadField(
        read_balance,
        label="Yang sudah dibayar (Rp)",
        required=False,
        help_text="Dalam dua tahun kalender itu, atau dalam tahun klaim bila sudah tahun ketiga.",
    )
    npwp = forms.BooleanField(label="Punya NPWP", required=False)
    banding_tanggal = DateField(
        label="Bandingkan dengan tanggal", required=False, help_text="Kosong berarti tanggal yang sama."
    )
    banding_peraturan = DefaultChoice(label="Bandingkan dengan peraturan")

    NEEDED = ("lahir", "segmen", "sejak", "saldo")  # of who supposes
    FREE = (*NEEDED, "berakhir", "sebagian", "tahun_pertama", "sudah_dibayar", "npwp")

    def __init__(self, *args, today: date, memberships: list[Membership], regulations: list[Regulation], **kwargs):
        super().__init__(*args, **kwargs)
        self.today, self.memberships, self.regulations = today, memberships, regulations
        own = [(row.kpj, f"KPJ {row.kpj} · {row.employer_name or row.get_segment_display()}") for row in memberships]
        if own:
            self.fields["kpj"].choices = [(SUPPOSED, "Angka sendiri, diisi di bawah"), *own]
        else:
            del self.fields["kpj"]
        titles = [(row.code, _described(row)) for row in regulations]
        self.fields["peraturan"].choices = [(THEN, "Yang berlaku pada tanggal itu"), *titles]
        self.fields["banding_peraturan"].choices = [(ALONE, "Tidak, atau yang berlaku pada tanggalnya"), *titles]
        self.fields["segmen"].error_messages["invalid_choice"] = "Pilihan ini tidak ada. Pilih dari daftar."
        chosen = self.data.get("kpj") if self.is_bound else self.initial.get("kpj")
        self.supposes = not own or (chosen or SUPPOSED) == SUPPOSED
        if self.supposes:
            for name in self.NEEDED:
                field = self.fields[name]
                field.required = True
                field.error_messages["required"] = f"{field.label} masih kosong. Isi, atau pilih salah satu KPJ Anda."
                if not own:
                    field.error_messages["required"] = empty(field.label)

    def clean_tanggal(self) -> date:
        return self._plausible(self.cleaned_data["tanggal"])

    def clean_banding_tanggal(self) -> date | None:
        return self._plausible(self.cleaned_data["banding_tanggal"])

    @staticmethod
    def _plausible(day: date | None) -> date | None:
        if day and (day < FIRST_DAY or day.year > LAST_YEAR):
            raise ValidationError(f"Tanggal berada antara tahun {FIRST_DAY.year} dan {LAST_YEAR}.", "range")
        return day

    def clean_lahir(self) -> date | None:
        day = self.cleaned_data["lahir"]
        if day and not (day.year >= 1900 and day <= self.today):
            raise ValidationError("Tanggal lahir berada antara 01-01-1900 dan hari ini. Periksa tahunnya.", "range")
        return day

    def clean_sejak(self) -> date | None:
        day = self.cleaned_data["sejak"]
        if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(f"Tanggal mulai paling awal tahun {FIRST_YEAR}. Periksa tahunnya.", "range")
        return day

    def clean_berakhir(self) -> date | None:
        day = self.cleaned_data["berakhir"]
        if day and day.year > LAST_YEAR:
            raise ValidationError("Tanggal berakhir terlalu jauh di depan. Periksa tahunnya.", "range")
        return day

    def clean(self) -> dict:
        data = super().clean()
        if not self.supposes:
            for name in self.FREE:  # what belongs to the other door is neither asked nor judged
                self.errors.pop(name, None)
            return data
        sejak, berakhir, first = data.get("sejak"), data.get("berakhir"), data.get("tahun_pertama")
        if sejak and berakhir and berakhir < sejak:
            self.add_error("berakhir", "Tanggal berhenti mendahului tanggal mulai. Perbaiki salah satunya.")
        if first and data.get("tanggal") and first > data["tanggal"].year:
            self.add_error("tahun_pertama", "Pembayaran pertama tidak mungkin sesudah klaim ini. Periksa tahunnya.")
        return data

    @property
    def membership(self) -> Membership | None:
        """The KPJ that was chosen, of one's own."""
        return next((row for row in self.memberships if row.kpj == self.cleaned_data.get("kpj")), None)

    def regulation(self, name: str) -> Regulation | None:
        """The regulation that was chosen, in force or not."""
        return next((row for row in self.regulations if row.code == self.cleaned_data[name]), None)


def _described(regulation: Regulation) -> str:
    if regulation.valid_from is None:
        return f"{regulation.title} (tidak pernah berlaku)"
    if regulation.valid_until is None:
        return f"{regulation.title} (sejak {regulation.valid_from:%d-%m-%Y})"
    return f"{regulation.title} ({regulation.valid_from:%d-%m-%Y} sampai {regulation.valid_until:%d-%m-%Y})"


def as_typed(amount: Decimal | int) -> str:
    """An amount as somebody would type it."""
    return grouped(int(amount))
