"""A claim brought to the branch: the clerk types it in for the participant, under the rules of any other claim."""

import secrets
from datetime import date, datetime

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError

from jht import claims
from jht.admin.fields import PlainTextField, RupiahField
from jht.claims import Application, Paper
from jht.eligibility import PARTIAL
from jht.forms_claims import AccountForm, paper_of
from jht.models import Claim, Membership, Reason
from jht.samples import right_for
from jht.scope import limited


class BranchForm(AccountForm):
    """What a participant, or the heirs, ask for at the counter."""

    kpj = PlainTextField(label="Nomor KPJ", max_length=20, help_text="11 angka, berawalan 49.")
    reason = forms.ChoiceField(
        label="Sebab klaim",
        choices=[("", "Pilih sebabnya"), *Reason.choices],
        error_messages={
            "required": "Sebab klaim belum dipilih. Pilih dari daftar.",
            "invalid_choice": "Sebab klaim ini tidak ada dalam daftar. Pilih dari daftar.",
        },
    )
    amount = RupiahField(
        label="Jumlah yang diminta (Rp)",
        required=False,
        help_text="Hanya untuk pembayaran sebagian. Kosong: sebanyak yang boleh diambil.",
    )
    has_papers = forms.BooleanField(
        label="Semua dokumen untuk sebab ini dibawa dan terbaca (contoh)",
        required=False,
        help_text="Tanpa centang, dokumennya tercatat belum dilampirkan dan dapat diminta kemudian.",
    )
    token = forms.CharField(widget=forms.HiddenInput, max_length=64)
    field_order = ("kpj", "reason", "amount", "bank", "number", "name", "has_npwp", "has_papers", "token")

    def __init__(self, *args, by: AbstractBaseUser, **kwargs):
        super().__init__(*args, participant=None, **kwargs)
        self.memberships = limited(Membership.objects.select_related("participant"), by)
        self.initial.setdefault("token", secrets.token_urlsafe(24))
        self.fields["has_npwp"].label = "Peserta punya NPWP"
        self.fields["name"].help_text = "Harus sama dengan nama peserta; karena meninggal dunia: nama ahli waris."

    def clean_kpj(self) -> str:
        kpj = self.cleaned_data["kpj"].replace(" ", "")
        self.membership = self.memberships.filter(kpj=kpj).first()
        if self.membership is None:
            raise ValidationError("KPJ ini tidak terdaftar. Periksa angkanya.", "unknown")
        if not self.membership.has_jht:
            raise ValidationError("KPJ ini peserta Jakon, yang tidak mempunyai JHT.", "no_jht")
        self.participant = self.membership.participant
        return kpj

    def clean_name(self) -> str:
        """Whose account it is can be judged once the KPJ is known; the heirs' has a name of its own."""
        if self.participant is None or self.cleaned_data.get("reason") == Reason.DIED:
            return PlainTextField(max_length=120).clean(self.cleaned_data["name"])
        return super().clean_name()

    def file(self, on: date, at: datetime, by: AbstractBaseUser) -> Claim | None:
        """The claim; None with the refusal among the form's errors where the rules forbid it."""
        data = self.cleaned_data
        names = claims.verdicts(self.membership, on, [data["reason"]])[0].documents
        application = Application(
            reason=data["reason"],
            account=self.account,
            token=data["token"],
            amount=data["amount"] if data["reason"] in PARTIAL else None,
            has_npwp=data["has_npwp"],
            papers=[paper_of(name, right_for(name).slug) if data["has_papers"] else Paper(name) for name in names],
        )
        try:
            return claims.file_claim(self.membership, application, on, at, by, channel=Claim.Channel.BRANCH)
        except ValidationError as refusal:
            self.add_error(None, refusal)
            return None
