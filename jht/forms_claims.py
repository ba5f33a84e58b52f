"""What a participant fills in for a claim or an amalgamasi, and the sentences that answer it."""

import re
from collections.abc import Iterable, Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from jht.claim_words import REFUSALS
from jht.claims import Account, Paper
from jht.forms import may_be_real_nik
from jht.identity import same_name
from jht.models import Claim, ClaimDocument, Membership, Participant, Reason
from jht.samples import SAMPLES, recognise, right_for
from jht.typed import grouped, read_rupiah

BANKS = ("Bank Latihan Utara", "Bank Latihan Selatan", "Bank Latihan Syariah")
ACCOUNT_NUMBER = re.compile(r"49[0-9]{8,12}")
LARGEST_FILE = 200_000  # bytes; our samples are smaller


class ReasonForm(forms.Form):
    """Sebab klaim: one that the rules allow."""

    reason = forms.ChoiceField(
        choices=Reason.choices,
        error_messages={
            "required": "Sebab klaim belum dipilih. Pilih satu dari yang tersedia.",
            "invalid_choice": "Sebab klaim ini tidak ada dalam daftar. Pilih satu dari yang tersedia.",
        },
    )

    def __init__(self, *args, allowed: Iterable[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.allowed = set(allowed)

    def clean_reason(self) -> str:
        reason = self.cleaned_data["reason"]
        if reason not in self.allowed:
            raise ValidationError(
                "Syarat sebab klaim ini belum terpenuhi. Baca keterangannya, lalu pilih yang lain.", "not_met"
            )
        return reason


class AmountForm(forms.Form):
    """How much of a part: at most the share of the balance that may be taken today."""

    amount = forms.CharField(
        label="Jumlah yang diambil (Rp)",
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": "Jumlah masih kosong. Isi dalam rupiah penuh."},
    )

    def __init__(self, *args, most: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.most = most
        self.fields["amount"].help_text = f"Paling banyak Rp{grouped(most)}, tanpa sen."

    def clean_amount(self) -> int:
        amount = read_rupiah(self.cleaned_data["amount"])
        if not 0 < amount <= self.most:
            raise ValidationError(f"Jumlah paling sedikit Rp1 dan paling banyak Rp{grouped(self.most)}.", "above_share")
        return amount


class SampleField(forms.FileField):
    """A file that must be one of our samples; whatever else it is, it is not kept."""

    widget = forms.FileInput(attrs={"accept": "image/png,application/pdf"})

    def clean(self, data: UploadedFile | None, initial=None):
        if not data:
            return None
        if data.size > LARGEST_FILE:
            raise ValidationError(
                f"Berkas ini lebih besar dari {LARGEST_FILE // 1000} KB, jadi bukan contoh dari sini. Unduh contoh di "
                "halaman ini, lalu lampirkan contoh itu.",
                "too_large",
            )
        sample = recognise(data.read())
        if sample is None:
            raise ValidationError(
                "Berkas ini bukan contoh yang kami sediakan, jadi kami menolaknya dan tidak menyimpannya. Jangan "
                "pernah mengunggah dokumen sungguhan di sini. Unduh contoh di halaman ini, lalu lampirkan contoh itu.",
                "not_ours",
            )
        return sample


class DocumentsForm(forms.Form):
    """The checklist: for each paper one of our samples, chosen from a list or uploaded."""

    def __init__(self, *args, names: Sequence[str], attached: dict[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.names = list(names)
        for index, name in enumerate(self.names):
            right = right_for(name)
            others = [sample for sample in SAMPLES.values() if sample != right]
            self.fields[f"pilih_{index}"] = forms.ChoiceField(
                label=name,
                required=False,
                initial=attached.get(name, ""),
                choices=[
                    ("", "Belum dilampirkan"),
                    (right.slug, f"Lampirkan {right.name[0].lower()}{right.name[1:]}"),
                    *((sample.slug, sample.name) for sample in others),
                ],
                error_messages={"invalid_choice": "Contoh ini tidak ada dalam daftar. Pilih yang lain."},
            )
            self.fields[f"berkas_{index}"] = SampleField(label=f"Atau unggah contoh: {name}", required=False)

    def rows(self):
        """(list, upload) of each paper, for the page."""
        return [(self[f"pilih_{index}"], self[f"berkas_{index}"]) for index in range(len(self.names))]

    def clean(self) -> None:
        self.papers = []
        for index, name in enumerate(self.names):
            if f"berkas_{index}" in self.errors or f"pilih_{index}" in self.errors:
                continue
            chosen = self.cleaned_data.get(f"berkas_{index}") or SAMPLES.get(self.cleaned_data.get(f"pilih_{index}"))
            if chosen is None:
                sentence = f"{name} belum dilampirkan. Pilih contohnya dari daftar."
                self.add_error(f"pilih_{index}", ValidationError(sentence, "missing"))
            else:
                self.papers.append(paper_of(name, chosen.slug))


def paper_of(name: str, slug: str) -> Paper:
    """A line of the checklist with the sample that was attached to it."""
    return Paper(name[: ClaimDocument._meta.get_field("name").max_length], slug, SAMPLES[slug].is_legible)


class AccountForm(forms.Form):
    """Where the money goes: an invented account in the participant's own name."""

    bank = forms.ChoiceField(
        label="Bank",
        choices=[(bank, bank) for bank in BANKS],
        error_messages={"invalid_choice": "Bank ini tidak ada dalam daftar. Pilih bank latihan."},
    )
    number = forms.CharField(
        label="Nomor rekening latihan",
        max_length=40,
        help_text="10 sampai 14 angka, berawalan 49. Jangan mengetik nomor rekening sungguhan.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Nomor rekening masih kosong. Isi nomor latihan, misalnya 4900012345."},
    )
    name = forms.CharField(
        label="Nama pemilik rekening",
        max_length=120,
        help_text="Harus sama dengan nama peserta.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Nama pemilik rekening masih kosong. Isi nama Anda."},
    )
    has_npwp = forms.BooleanField(
        label="Saya punya NPWP",
        required=False,
        help_text="Nomornya tidak diminta. Tanpa NPWP, pajak mulai tahun ketiga 20 % lebih tinggi.",
    )

    def __init__(self, *args, participant: Participant, **kwargs):
        super().__init__(*args, **kwargs)
        self.participant = participant

    def clean_number(self) -> str:
        number = re.sub(r"[ .\-]", "", self.cleaned_data["number"])
        if not ACCOUNT_NUMBER.fullmatch(number):
            # What was typed may be a real account: it is not shown again.
            self.data = self.data.copy()
            self.data[self.add_prefix("number")] = ""
            raise ValidationError(
                "Nomor rekening latihan terdiri dari 10 sampai 14 angka dan berawalan 49, misalnya 4900012345. "
                "Nomor lain kami tolak dan tidak kami simpan.",
                "number",
            )
        return number

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if may_be_real_nik(name) or not same_name(name, self.participant.name):
            raise ValidationError(
                f"{REFUSALS[Claim.Refusal.BANK]} Nama peserta: {self.participant.name}.", Claim.Refusal.BANK
            )
        return name

    @property
    def account(self) -> Account:
        data = self.cleaned_data
        return Account(data["bank"], data["number"], data["name"])


class ConfirmForm(forms.Form):
    """The last word before a claim is filed."""

    agreed = forms.BooleanField(
        label="Data di atas benar, dan dokumennya contoh dari simulasi ini",
        error_messages={"required": "Pernyataan belum disetujui. Beri tanda centang jika datanya benar."},
    )
    token = forms.CharField(widget=forms.HiddenInput, max_length=64)


class MergeForm(forms.Form):
    """Amalgamasi: into which KPJ, and which ones."""

    target = forms.ModelChoiceField(
        label="Digabung ke KPJ",
        queryset=Membership.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        help_text="Biasanya KPJ pekerjaan sekarang, yang masih aktif.",
        error_messages={
            "required": "KPJ tujuan belum dipilih. Pilih satu.",
            "invalid_choice": "KPJ ini tidak ada dalam daftar Anda. Pilih satu dari daftar.",
        },
    )
    sources = forms.ModelMultipleChoiceField(
        label="KPJ lama yang digabung",
        queryset=Membership.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text="Setelah digabung, KPJ lama tidak menerima iuran lagi; rincian lamanya tetap dapat dibaca.",
        error_messages={
            "required": "KPJ lama belum dipilih. Pilih sedikitnya satu.",
            "invalid_choice": "KPJ ini tidak ada dalam daftar Anda. Pilih dari daftar.",
            "invalid_pk_value": "KPJ ini tidak ada dalam daftar Anda. Pilih dari daftar.",
        },
    )

    def __init__(self, *args, memberships, labels: dict[int, str], **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("target", "sources"):
            self.fields[name].queryset = memberships
            self.fields[name].label_from_instance = lambda membership: labels[membership.pk]
