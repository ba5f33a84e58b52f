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
from jht.admin.fields import AmountField, DeskDateField, MonthField, PercentField, ReasonField, RupiahField
from jht.forms import KpjField, NikField, PassportField
from jht.models import Contribution, Employer, Entry, Figure, Membership, Participant, Rate, Segment
from jht.rules import split_contribution
from jht.typed import (
    NOT_A_PMI_AMOUNT,
    RECORDED,
    check_birth_date,
    check_can_be_paid_for,
    check_end,
    check_month_ahead,
    check_month_within,
    check_paid_on,
    check_rate_year,
    check_start,
    grouped,
    read_npp,
    shares,
)

KEY = re.compile(r"[A-Za-z0-9_-]{22}")


class DeskForm(forms.ModelForm):
    """`today` and `by` are set on a subclass for each request (DeskAdmin.get_form)."""

    today: date
    by: AbstractBaseUser | None = None


class ParticipantForm(DeskForm):
    nik = NikField(
        help_text="16 angka, berawalan 49. NIK sungguhan ditolak dan tidak disimpan. Kosongkan untuk WNA.",
        required=False,
        empty_value=None,
    )
    passport = PassportField(
        help_text="Hanya untuk WNA: X49 dan enam angka. Nomor sungguhan ditolak dan tidak disimpan.",
        required=False,
        empty_value=None,
    )

    class Meta:
        model = Participant
        fields = ["nik", "passport", "name", "birth_date", "user"]

    def clean(self) -> None:
        data = super().clean()
        nik, passport = data.get("nik"), data.get("passport")
        if nik and passport:
            self.add_error("passport", "Isi salah satu: NIK untuk WNI, atau nomor paspor untuk WNA.")
        elif not (nik or passport or {"nik", "passport"} & self.errors.keys()):
            self.add_error("nik", "NIK masih kosong. Isi 16 angka NIK latihan, atau nomor paspor untuk WNA.")

    def clean_birth_date(self) -> date:
        return check_birth_date(self.cleaned_data["birth_date"], self.today)


class EmployerForm(DeskForm):
    class Meta:
        model = Employer
        fields = ["npp", "name", "city"]

    def clean_npp(self) -> str:
        return read_npp(self.cleaned_data["npp"])


class MembershipForm(DeskForm):
    kpj = KpjField(help_text="11 angka, berawalan 49.")

    class Meta:
        model = Membership
        fields = ["participant", "kpj", "segment", "employer", "start", "end", "unadded_since"]

    def clean_start(self) -> date:
        return check_start(self.cleaned_data["start"], self.today)

    def clean_end(self) -> date | None:
        return check_end(self.cleaned_data["end"], self.today)


class RateForm(DeskForm):
    percent = PercentField(
        label="Tingkat (% setahun)",
        error_messages={"required": "Tingkat masih kosong. Isi dalam persen, misalnya 5,63."},
    )

    class Meta:
        model = Rate
        fields = ["year", "percent", "source", "is_training"]
        widgets = {"year": forms.TextInput(attrs={"size": 6, "inputmode": "numeric"})}
        error_messages = {"year": {"invalid": "Tahun ditulis dengan empat angka, misalnya 2026."}}

    def clean_year(self) -> int:
        year = self.cleaned_data["year"]
        is_as_it_was = self.instance.pk and year == self.instance.year
        return year if is_as_it_was else check_rate_year(year, ledger.rates().last_credited)


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
        help_text="Hanya untuk Pekerja Migran Indonesia.",
        error_messages={"invalid_choice": NOT_A_PMI_AMOUNT},
    )

    class Meta:
        model = Contribution
        fields = ["membership", "month", "wage", "paid_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.pmi_amounts = Figure.objects.pmi_amounts(self.today)
        choices = ((amount, f"Rp{grouped(amount)}") for amount in self.pmi_amounts)
        self.fields["pmi_amount"].choices = [("", "–"), *choices]

    def clean_month(self) -> date:
        return check_month_ahead(self.cleaned_data["month"], self.today)

    def clean_paid_on(self) -> date:
        return check_paid_on(self.cleaned_data["paid_on"], self.today)

    def clean(self) -> None:
        membership, month = self.cleaned_data.get("membership"), self.cleaned_data.get("month")
        if not membership:
            return
        merged_into = membership.merged_into.kpj if membership.merged_into_id else None
        try:
            check_can_be_paid_for(membership.kpj, membership.segment, merged_into)
        except ValidationError as fault:
            self.add_error("membership", fault)
            return
        if month:
            self._check_month(membership, month)
        self._check_amount(membership, month)

    def _check_month(self, membership: Membership, month: date) -> None:
        try:
            check_month_within(membership.start, membership.end, month)
        except ValidationError as fault:
            self.add_error("month", fault)
        else:
            if membership.contributions.standing().filter(month=month).exists():
                self.add_error("month", ValidationError(RECORDED, "recorded"))

    def _check_amount(self, membership: Membership, month: date | None) -> None:
        """The bands of the month count; while there is no month, today's."""
        data = self.cleaned_data
        bands = Figure.objects.bpu_bands(month or self.today) if membership.segment == Segment.BPU else ()
        try:
            self.shares = shares(membership.segment, data.get("wage"), data.get("pmi_amount"), self.pmi_amounts, bands)
        except ValidationError as faults:
            for name, sentences in faults.message_dict.items():
                if name not in self.errors:
                    self.add_error(name, sentences)

    def _get_validation_exclusions(self):
        # The shares are computed and the amount judged above; the rest of the row the action and the database hold.
        return {*super()._get_validation_exclusions(), "wage", "employer_share", "worker_share"}

    def validate_constraints(self) -> None:
        """Not here: the row is only complete once the shares are computed."""

    def post(self) -> Contribution:
        data = self.cleaned_data
        payment = actions.Payment(data["membership"], data["month"], *self.shares, data["paid_on"])
        return actions.record_contributions([payment], self.by)[0]


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
        return check_month_ahead(self.cleaned_data["bulan"], self.today)

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
