"""What is asked in Buat Akun of the app, one question a screen, and the sentences people get back."""

from collections.abc import Iterable
from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts import limits
from accounts.client import client_ip, network
from accounts.forms import ConsentMixin, NewPasswordMixin
from accounts.models import User
from accounts.outbox import claim_inbox
from accounts.phones import TRAINING_PREFIX, is_training, normal
from jht.forms import DateField, KpjField, NameField, NikField, PassportField
from jht.linking import LINK_TRIES, LINK_WINDOW, Identity
from jht.models import Segment
from portal.reach import may_find

# A classroom shares one address; only a machine that tries out data reaches this.
MATCH_FROM_BROWSER = limits.Limit("jmo-match-browser", LINK_TRIES, LINK_WINDOW)
MATCH_FROM_ADDRESS = limits.Limit("jmo-match-address", 200, LINK_WINDOW)
TEXT_FROM_ADDRESS = limits.Limit("jmo-text-address", 200, timedelta(hours=1))
CITIZEN, FOREIGNER = "WNI", "WNA"


class ChoiceForm(forms.Form):
    """One of a few answers. `notes`: by answer, what it means."""

    answer = forms.ChoiceField(
        widget=forms.RadioSelect,
        error_messages={
            "required": "Belum ada yang dipilih. Pilih salah satu, lalu lanjutkan.",
            "invalid_choice": "Pilihan ini tidak ada di sini. Pilih salah satu yang tersedia.",
        },
    )
    notes: dict[str, str] = {}

    def __init__(self, *args, choices: Iterable[tuple[str, str]], label: str, notes: dict[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = list(choices)
        self.fields["answer"].label = label
        self.notes = notes

    def options(self):
        """Each radio button with what it means."""
        return [(radio, self.notes.get(str(radio.data["value"]), "")) for radio in self["answer"]]


class OriginForm(ChoiceForm):
    """The kind of membership or the citizenship; `other` is what was answered to the other of the two questions."""

    def __init__(self, *args, other: str | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.other = other

    def clean_answer(self) -> str:
        answer = self.cleaned_data["answer"]
        if {answer, self.other} == {Segment.PMI, FOREIGNER}:
            raise ValidationError(
                "Pekerja Migran Indonesia selalu warga negara Indonesia. Warga negara asing memilih PU atau BPU.",
                "pmi_is_a_citizen",
            )
        return answer


class PersonForm(forms.Form):
    """Lengkapi Data Diri: all of it must fit one participant without an account, and what was chosen before."""

    name = NameField()
    birth_date = DateField(label="Tanggal lahir")
    nik = NikField()
    passport = PassportField()
    kpj = KpjField()

    def __init__(self, *args, request: HttpRequest, segment: str, citizenship: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.request, self.segment = request, segment
        del self.fields["nik" if citizenship == FOREIGNER else "passport"]

    def clean(self) -> None:
        if self.errors:
            return
        key = claim_inbox(self.request)
        spent = limits.spend_or_refuse(
            (MATCH_FROM_BROWSER, key),
            (MATCH_FROM_ADDRESS, network(client_ip(self.request))),
            what="Terlalu banyak percobaan yang tidak sesuai, jadi kami menguncinya demi keamanan.",
            at=self.request.now,
        )
        membership = Identity(**self.cleaned_data).membership()
        if membership is None or membership.segment != self.segment or not may_find(key, membership):
            raise ValidationError(
                "Data tidak sesuai. Semua data harus sama dengan kartu peserta Anda dan dengan jenis kepesertaan yang "
                "Anda pilih, dan peserta itu belum mempunyai akun. Periksa kartu Anda, lalu coba lagi.",
                "no_match",
            )
        spent.give_back()


class PhoneField(forms.CharField):
    """A number of an invented phone. A real one is not shown again."""

    def __init__(self, **kwargs):
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}), **kwargs)

    def bound_data(self, data, initial):
        ours = normal(str(data or "")).startswith(TRAINING_PREFIX)
        return super().bound_data(data, initial) if ours else ""


class PhoneForm(forms.Form):
    """The number that gets the code. One of the browser's own phones is sent by its button, as `own`."""

    phone = PhoneField(
        label="Nomor handphone",
        max_length=40,
        help_text="Nomor latihan, berawalan 0849. Jangan mengetik nomor sungguhan.",
        error_messages={"required": "Nomor handphone masih kosong. Isi nomor latihan, misalnya 0849123456001."},
    )

    def __init__(self, data=None, *args, request: HttpRequest, **kwargs):
        if data and data.get("own"):
            data = {"phone": data["own"]}
        super().__init__(data, *args, **kwargs)
        self.request = request

    def clean_phone(self) -> str:
        phone = normal(self.cleaned_data["phone"])
        if not is_training(phone):
            raise ValidationError(
                "Di sini hanya nomor latihan yang dipakai: 0849 dan 5 sampai 9 angka lagi. Nomor lain tidak disimpan, "
                "dan tidak dikirimi SMS. Isi nomor latihan Anda.",
                "not_training",
            )
        limits.spend_or_refuse(
            (TEXT_FROM_ADDRESS, network(client_ip(self.request))),
            what="SMS dari sini sudah terlalu sering diminta.",
            at=self.request.now,
        )
        return phone


class PasswordForm(NewPasswordMixin):
    def __init__(self, *args, email: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = User(email=email)
        self.fields["password1"].label = "Kata sandi"
        self.fields["password2"].label = "Kata sandi, sekali lagi"


class AgreeForm(ConsentMixin):
    """Setuju."""
