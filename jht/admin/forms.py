"""The desk's forms: what clerks typed becomes rows, or a sentence that says what to put right.

Whatever moves money is posted by an action; its refusal is an error of the form, with everything typed kept.
"""

import re
import secrets
from datetime import date

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError

from jht import actions, ledger
from jht.admin.fields import FIRST_YEAR, AmountField, DeskDateField, MonthField, ReasonField, RupiahField
from jht.forms import KpjField, NikField
from jht.models import Contribution, Employer, Entry, Membership, Participant, Rate, Segment
from jht.rules import PMI_AMOUNTS, add_months, bpu_contribution, split_contribution

KEY = re.compile(r"[A-Za-z0-9_-]{22}")
MONTHS_AHEAD = 12  # how far ahead a month may be paid


class DeskForm(forms.ModelForm):
    """`today` and `by` are set on a subclass for each request (DeskAdmin.get_form)."""

    today: date
    by: AbstractBaseUser | None = None


class ParticipantForm(DeskForm):
    nik = NikField(help_text="16 angka, berawalan 49. NIK sungguhan ditolak dan tidak disimpan.")

    class Meta:
        model = Participant
        fields = ["nik", "name", "birth_date", "user"]

    def clean_birth_date(self) -> date:
        day = self.cleaned_data["birth_date"]
        if not day.year >= 1900 or day > self.today:
            raise ValidationError("Tanggal lahir berada antara 01-01-1900 dan hari ini. Periksa tahunnya.", "range")
        return day


class EmployerForm(DeskForm):
    class Meta:
        model = Employer
        fields = ["npp", "name", "city"]

    def clean_npp(self) -> str:
        return self.cleaned_data["npp"].upper()


class MembershipForm(DeskForm):
    kpj = KpjField(help_text="11 angka, berawalan 49.")

    class Meta:
        model = Membership
        fields = ["participant", "kpj", "segment", "employer", "start", "end"]

    def clean_start(self) -> date:
        day = self.cleaned_data["start"]
        if not FIRST_YEAR <= day.year <= self.today.year + 1:
            raise ValidationError(
                f"Tanggal mulai berada antara tahun {FIRST_YEAR} dan {self.today.year + 1}. Periksa tahunnya.", "range"
            )
        return day

    def clean_end(self) -> date | None:
        day = self.cleaned_data["end"]
        if day and day.year > self.today.year + 50:
            raise ValidationError("Tanggal berakhir terlalu jauh di depan. Periksa tahunnya.", "range")
        return day


class RateForm(DeskForm):
    class Meta:
        model = Rate
        fields = ["year", "percent", "source", "is_training"]
        localized_fields = ["percent"]  # 5,63 as Indonesians write it
        widgets = {
            "year": forms.TextInput(attrs={"size": 6, "inputmode": "numeric"}),
            "percent": forms.TextInput(attrs={"size": 6, "inputmode": "decimal"}),
        }
        error_messages = {
            "year": {"invalid": "Tahun ditulis dengan empat angka, misalnya 2026."},
            "percent": {
                "invalid": "Tingkat ditulis dengan angka dalam persen, misalnya 5,63.",
                **dict.fromkeys(
                    ("max_digits", "max_decimal_places", "max_whole_digits"),
                    "Tingkat ditulis dalam persen setahun, dari 0 sampai 100, dengan paling banyak dua angka desimal.",
                ),
            },
        }

    def clean_year(self) -> int:
        year, last = self.cleaned_data["year"], ledger.rates().last_credited
        if not self.instance.pk and year < last:
            raise ValidationError(
                f"Tahun {last} sudah dibukukan, jadi tahun sebelumnya tidak dapat ditambahkan lagi. Periksa tahunnya.",
                "too_late",
            )
        return year


# --- Forms that post -----------------------------------------------------------------------------------------


class PostingForm(DeskForm):
    """Validating the form posts it: the action is the last judge, and what it refuses is not a server error.

    The admin validates once, inside its transaction, and logs what `save` gives back.
    """

    def post(self):
        """Do it; ValidationError when refused."""
        raise NotImplementedError

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors:
            return
        try:
            self.instance = self.post()
        except ValidationError as refusal:
            self.add_error(None, refusal)

    def save(self, commit: bool = True):
        self.save_m2m = lambda: None
        return self.instance


class ContributionForm(PostingForm):
    """One month of one membership. The shares follow from the wage (PU) or the income (BPU); PMI choose an amount."""

    month = MonthField(label="Bulan iuran")
    wage = RupiahField(
        label="Upah atau penghasilan sebulan (Rp)",
        required=False,
        help_text=(
            "PU: upah yang dilaporkan; iuran 3,7 % dan 2 % dihitung sendiri. BPU: penghasilan; iuran mengikuti "
            "golongannya. PMI: kosongkan."
        ),
    )
    pmi_amount = forms.TypedChoiceField(
        label="Iuran PMI",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "–"), *((amount, f"Rp{amount:,}".replace(",", ".")) for amount in PMI_AMOUNTS)],
        help_text="Hanya untuk Pekerja Migran Indonesia.",
        error_messages={"invalid_choice": "Iuran PMI dipilih dari daftar. Pilih salah satunya."},
    )

    class Meta:
        model = Contribution
        fields = ["membership", "month", "wage", "paid_on"]

    def clean_month(self) -> date:
        month = self.cleaned_data["month"]
        if month > add_months(self.today, MONTHS_AHEAD):
            raise ValidationError("Iuran dapat dibayar paling jauh 12 bulan ke depan. Periksa tahunnya.", "too_early")
        return month

    def clean_paid_on(self) -> date:
        return check_paid_on(self.cleaned_data["paid_on"], self.today)

    def clean(self) -> None:
        membership, month = self.cleaned_data.get("membership"), self.cleaned_data.get("month")
        if not membership:
            return
        if not membership.has_jht:
            self.add_error(
                "membership",
                f"KPJ {membership.kpj} adalah peserta Jakon, yang tidak mempunyai JHT. Pilih kepesertaan lain.",
            )
            return
        if month:
            self._check_month(membership, month)
        self._check_amount(membership)

    def _check_month(self, membership: Membership, month: date) -> None:
        first, last = membership.start.replace(day=1), membership.end
        if month < first or (last and month > last):
            until = f" sampai {last:%m-%Y}" if last else ""
            self.add_error("month", f"Kepesertaan ini berjalan dari {first:%m-%Y}{until}. Pilih bulan di dalamnya.")
        elif membership.contributions.standing().filter(month=month).exists():
            self.add_error("month", "Iuran bulan ini sudah tercatat. Pilih bulan lain atau batalkan yang ada.")

    def _check_amount(self, membership: Membership) -> None:
        wage, amount = self.cleaned_data.get("wage"), self.cleaned_data.get("pmi_amount")
        if membership.segment == Segment.PMI:
            if wage:
                self.add_error("wage", "PMI memilih jumlah iuran, bukan upah. Kosongkan isian ini.")
            if not amount and "pmi_amount" not in self.errors:
                self.add_error("pmi_amount", "Iuran PMI belum dipilih. Pilih jumlahnya dari daftar.")
            return
        if amount:
            self.add_error("pmi_amount", f"Kepesertaan ini {membership.get_segment_display()}. Kosongkan pilihan ini.")
        if not wage and "wage" not in self.errors:
            self.add_error("wage", "Upah atau penghasilan masih kosong. Isi dalam rupiah, misalnya 5.000.000.")
        elif wage and membership.segment == Segment.PU and not any(split_contribution(wage)):
            self.add_error("wage", "Iuran dari upah ini Rp0. Periksa upahnya.")

    def _get_validation_exclusions(self):
        # The shares are computed and the amount judged above; the rest of the row the action and the database hold.
        return {*super()._get_validation_exclusions(), "wage", "employer_share", "worker_share"}

    def validate_constraints(self) -> None:
        """Not here: the row is only complete once the shares are computed."""

    def post(self) -> Contribution:
        data = self.cleaned_data
        return actions.record_contributions([self.payment(data)], self.by)[0]

    def payment(self, data: dict) -> actions.Payment:
        membership, month, paid_on, wage = data["membership"], data["month"], data["paid_on"], data["wage"]
        if membership.segment == Segment.PU:
            return actions.wage_payment(membership, month, wage, paid_on)
        if membership.segment == Segment.BPU:
            return actions.Payment(membership, month, wage, 0, bpu_contribution(wage), paid_on)
        return actions.Payment(membership, month, 0, 0, data["pmi_amount"], paid_on)


class CorrectionForm(PostingForm):
    """A mistake is put right by an entry of its own, dated today. The hidden key makes a double click post once."""

    amount = AmountField(
        label="Jumlah (Rp)",
        help_text="Menambah saldo: 250.000. Mengurangi saldo: -250.000. Sen ditulis setelah koma.",
        error_messages={"required": "Jumlah masih kosong. Isi jumlah yang menambah atau mengurangi saldo."},
    )
    reason = ReasonField()
    form_key = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Entry
        fields = ["membership", "amount", "reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["form_key"].initial = secrets.token_urlsafe(16)

    def clean_amount(self):
        amount = self.cleaned_data["amount"]
        if not amount:
            raise ValidationError("Koreksi sebesar Rp0 tidak mengubah apa pun. Isi jumlah lain.", "zero")
        return amount

    def clean(self) -> None:
        key = self.cleaned_data.get("form_key") or ""
        self.posting_key = f"correction:{key}"
        if not KEY.fullmatch(key):
            self._new_key("Formulir ini terpotong di jalan, jadi belum ada yang dicatat. Simpan sekali lagi.")
        elif (known := Entry.objects.filter(key=self.posting_key).first()) and not self._says_the_same(known):
            self._new_key(
                "Formulir ini sudah pernah disimpan dengan isi lain. Periksa buku besar; jika koreksi ini memang baru, "
                "simpan sekali lagi."
            )

    def _says_the_same(self, known: Entry) -> bool:
        data = self.cleaned_data
        typed = (data.get("membership"), data.get("amount"), data.get("reason"))
        return typed == (known.membership, known.amount, known.reason)

    def _new_key(self, sentence: str) -> None:
        self.data = self.data.copy()
        self.data[self.add_prefix("form_key")] = secrets.token_urlsafe(16)
        self.add_error(None, sentence)

    def validate_constraints(self) -> None:
        """Not here: kind, date and key are the action's."""

    def post(self) -> Entry:
        data = self.cleaned_data
        return actions.correct(
            data["membership"], data["amount"], data["reason"], self.today, self.posting_key, self.by
        )


class ReasonForm(forms.Form):
    """Why a row is cancelled or removed."""

    reason = ReasonField()


class RemovalForm(ReasonForm):
    """Removing a whole invented participant: a reason and a tick, so that it is never a slip."""

    confirm = forms.BooleanField(
        label="Ya, hapus peserta ini beserta seluruh kepesertaan, iuran dan buku besarnya",
        error_messages={"required": "Penghapusan belum disetujui. Beri tanda centang jika memang akan dihapus."},
    )


# --- Iuran sebulan -------------------------------------------------------------------------------------------


class MonthForm(forms.Form):
    """Which month is paid, and when. `bulan` and `dibayar` stand in the address."""

    bulan = MonthField(label="Bulan iuran")
    dibayar = DeskDateField(label="Dibayar tanggal")

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_bulan(self) -> date:
        month = self.cleaned_data["bulan"]
        if month > add_months(self.today, MONTHS_AHEAD):
            raise ValidationError("Iuran dapat dibayar paling jauh 12 bulan ke depan. Periksa tahunnya.", "too_early")
        return month

    def clean_dibayar(self) -> date:
        return check_paid_on(self.cleaned_data["dibayar"], self.today)


class WageForm(forms.Form):
    """One worker's line in Iuran sebulan: unticked or without a wage, the worker is left out."""

    take = forms.BooleanField(required=False)
    wage = RupiahField(required=False)

    def __init__(self, *args, membership: Membership, **kwargs):
        kwargs["prefix"] = f"m{membership.pk}"
        super().__init__(*args, **kwargs)
        self.membership = membership
        name = membership.participant.name
        self.fields["take"].widget.attrs["aria-label"] = f"Sertakan {name}"
        self.fields["wage"].widget.attrs["aria-label"] = f"Upah {name}"

    def clean(self) -> None:
        wage = self.cleaned_data.get("wage")
        if self.is_taken and wage is not None and not any(split_contribution(wage)):
            self.add_error("wage", "Iuran dari upah ini Rp0. Isi upahnya atau kosongkan.")

    @property
    def is_taken(self) -> bool:
        return bool(self.cleaned_data.get("take")) and self.cleaned_data.get("wage") is not None


def check_paid_on(day: date, today: date) -> date:
    """A payment has happened: not before the programme, not after today."""
    if day > today:
        raise ValidationError(
            f"Tanggal pembayaran belum tiba: hari ini {today:%d-%m-%Y}. Periksa tanggalnya.", "future"
        )
    if day.year < FIRST_YEAR:
        raise ValidationError(f"Tanggal pembayaran paling awal tahun {FIRST_YEAR}. Periksa tahunnya.", "range")
    return day
