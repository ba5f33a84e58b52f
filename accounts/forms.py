"""What people type into the account pages, and the sentences they get back."""

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.password_reset_by_code import PasswordResetVerificationProcess
from allauth.account.models import Login
from allauth.core import context
from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.functional import lazy
from django.utils.html import format_html

from accounts import limits
from accounts.adapter import counted
from accounts.captcha import captcha_field
from accounts.client import client_ip, network, now_of
from accounts.models import User

RESET_ASKED = "reset_asked_at"  # in the session: seconds since 1970 by the clock of the request
SHARED = (
    "Akun contoh ini dipakai bersama oleh semua peserta latihan, jadi %s tidak dapat diganti. "
    "Tekan Buat Akun Baru untuk berlatih dengan akun Anda sendiri."
)


def judge_address(value: str) -> None:
    """One sentence for an address: Django would call one with other letters incomplete as well."""
    if len(value) > 254:
        raise ValidationError("Alamat e-mail ini lebih dari 254 karakter. Periksa, lalu tulis yang benar.", "long")
    if not value.isascii():
        raise ValidationError("E-mail di sini ditulis dengan huruf Latin biasa, tanpa huruf khusus.", "letters")
    validate_email(value)


class EmailField(forms.EmailField):
    """An address in lower case, short enough to store, in letters every mail server knows."""

    widget = forms.EmailInput
    default_validators = [judge_address]
    default_error_messages = {
        "required": "E-mail belum diisi. Isi alamat lengkap, misalnya nama@contoh.id.",
        "invalid": "Alamat e-mail ini belum lengkap. Tulis seperti nama@contoh.id.",
    }

    def __init__(self, *, label: str = "E-mail", autocomplete: str = "email", **kwargs):
        attrs = {"autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false"}
        kwargs.setdefault("widget", forms.EmailInput(attrs=attrs))
        # Not by max_length: it would make the browser cut what is pasted.
        super().__init__(label=label, max_length=None, **kwargs)

    def clean(self, value: str) -> str:
        return super().clean(value).lower()


class PasswordField(forms.CharField):
    """A kata sandi exactly as typed: neither trimmed nor cut, pasting allowed."""

    default_error_messages = {"required": "Kata sandi belum diisi."}

    def __init__(self, *, label: str, autocomplete: str, **kwargs):
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete, "autocapitalize": "none"})
        super().__init__(label=label, strip=False, widget=widget, **kwargs)


class NewPasswordMixin(forms.Form):
    """Kata sandi twice, judged by accounts/passwords.py. Place `self.user` before cleaning."""

    user: User | None = None
    password1 = PasswordField(
        label="Kata sandi baru",
        autocomplete="new-password",
        help_text=lazy(lambda: password_validation.get_default_password_validators()[0].get_help_text(), str)(),
    )
    password2 = PasswordField(
        label="Kata sandi baru, sekali lagi",
        autocomplete="new-password",
        error_messages={"required": "Kata sandi belum diketik sekali lagi. Ketik yang sama di kedua kotak."},
    )

    def clean(self) -> dict:
        data = super().clean()
        first, second = data.get("password1"), data.get("password2")
        if first:
            try:
                password_validation.validate_password(first, self.owner())
            except ValidationError as error:
                self.add_error("password1", error)
        if first and second and first != second:
            self.add_error(
                "password2",
                ValidationError("Kedua kata sandi tidak sama. Ketik yang sama di kedua kotak.", "mismatch"),
            )
        return data

    def owner(self) -> User | None:
        return self.user


class LoginForm(allauth_forms.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"] = EmailField(autocomplete="username")
        self.fields["password"] = PasswordField(label="Kata sandi", autocomplete="current-password")
        self.fields["captcha"] = captcha_field(self.request)
        self.order_fields(["login", "password", "captcha"])
        if self.initial.get("password") and not self.is_bound:
            self.fields["password"].widget.render_value = True  # a card of the demo fills in its own

    def clean(self) -> dict:
        """The kata sandi is looked at only when everything else, the captcha too, is in order."""
        if self.errors:
            return self.cleaned_data
        email, password = self.cleaned_data["login"], self.cleaned_data["password"]
        adapter = get_adapter()
        self.user = adapter.authenticate(self.request, email=email, password=password)
        if not self.user:
            raise adapter.validation_error("email_password_mismatch")
        self._login = Login(user=self.user, email=email)
        return self.cleaned_data


class ConsentMixin(forms.Form):
    consent = forms.BooleanField(
        label=lazy(
            lambda: format_html(
                'Saya mengerti bahwa ini simulasi dan menyetujui <a href="{}">ketentuan simulasi</a>', reverse("terms")
            ),
            str,
        )(),
        error_messages={
            "required": "Persetujuan belum dicentang. Baca ketentuan simulasi, lalu centang untuk melanjutkan."
        },
    )


class SignupForm(ConsentMixin, NewPasswordMixin):
    field_order = ["email", "password1", "password2", "consent", "captcha"]
    email = EmailField()

    def __init__(self, *args, request: HttpRequest, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request
        self.fields["password1"].label = "Kata sandi"
        self.fields["password2"].label = "Kata sandi, sekali lagi"
        self.fields["captcha"] = captcha_field(request)
        self.order_fields(self.field_order)

    def owner(self) -> User:
        return User(email=self.cleaned_data.get("email", ""))

    def clean(self) -> dict:
        data = super().clean()
        if not self.errors:
            spend_signup(data["email"], self.request)
        return data


class SignupEmailForm(forms.Form):
    """The first half of a sign-up whose kata sandi is asked for after the code."""

    email = EmailField()

    def __init__(self, *args, request: HttpRequest, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request
        self.fields["captcha"] = captcha_field(request)

    def clean(self) -> dict:
        if not self.errors:
            spend_signup(self.cleaned_data["email"], self.request)
        return self.cleaned_data


def spend_signup(email: str, request: HttpRequest) -> None:
    """Count one mail of a sign-up; ValidationError when there were too many."""
    account, at = counted(request, email)
    limits.spend_or_refuse(
        (limits.MAIL_TO_ACCOUNT, account),
        (limits.SIGNUP_FROM_ADDRESS, network(client_ip(request))),
        what="Pendaftaran untuk alamat ini sudah terlalu sering diminta.",
        at=at,
    )


class ResetPasswordForm(forms.Form):
    email = EmailField()

    def __init__(self, *args, request: HttpRequest, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request
        self.fields["captcha"] = captcha_field(request)

    def clean(self) -> dict:
        if not self.errors:
            account, at = counted(self.request, self.cleaned_data["email"])
            limits.spend_or_refuse(
                (limits.MAIL_TO_ACCOUNT, account),
                (limits.RESET_FROM_ADDRESS, network(client_ip(self.request))),
                what="Kode untuk alamat ini sudah terlalu sering diminta.",
                at=at,
            )
        return self.cleaned_data

    def save(self, request: HttpRequest) -> None:
        email = self.cleaned_data["email"]
        user = User.objects.filter(email=email, is_active=True).first()
        PasswordResetVerificationProcess.initiate(request=request, user=user, email=email)
        request.session[RESET_ASKED] = request.now.timestamp()


class CodeForm(forms.Form):
    """Six digits from a mail, or from whatever `carrier` says.

    `code_id` names the code without telling it, `expected` is the code itself (empty when there is none to be right),
    `earlier` are codes that were replaced by a newer one.
    """

    code = forms.CharField(
        label="Kode enam angka",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "code-input"}),
    )
    carrier = "e-mail"

    def __init__(self, *args, request: HttpRequest, email: str, code_id: str, expected: str, **kwargs):
        self.earlier, self.expired = kwargs.pop("earlier", ()), kwargs.pop("expired", False)
        super().__init__(*args, **kwargs)
        self.request, self.email, self.code_id, self.expected = request, email, code_id, expected
        field = self.fields["code"]
        field.help_text = f"Ada di {self.carrier} terbaru dari kami. Berlaku 15 menit."
        field.error_messages["required"] = f"Kode belum diisi. Salin enam angka dari {self.carrier} kami."

    def clean_code(self) -> str:
        """The code, used up; ValidationError with its own sentence for each way it can be bad."""
        code = "".join(self.cleaned_data["code"].replace("-", "").split())
        if not (len(code) == 6 and code.isascii() and code.isdigit()):
            raise ValidationError(
                f"Kode terdiri dari enam angka, misalnya 048213. Salin dari {self.carrier} kami.", "shape"
            )
        now = self.request.now
        if not limits.hit(
            limits.CODE.scope, self.code_id, limits.CODE.most, limits.CODE.window, now, once=True
        ).allowed:
            raise ValidationError(
                "Kode ini sudah salah lima kali, jadi tidak berlaku lagi. Minta kode baru, lalu isi yang terbaru.",
                "worn",
            )
        account, at = counted(self.request, self.email)
        spent = limits.spend_or_refuse(
            (limits.CODE_OF_ACCOUNT, account),
            (limits.CODE_FROM_ADDRESS, network(client_ip(self.request))),
            what="Kode untuk alamat ini sudah terlalu sering salah, jadi kami menguncinya sebentar.",
            at=at,
        )
        if not constant_time_compare(code, self.expected):
            if code in self.earlier:
                raise ValidationError(
                    f"Kode itu sudah diganti dengan yang lebih baru. Isi kode dari {self.carrier} terbaru.", "old"
                )
            raise ValidationError(
                f"Kode itu tidak cocok. Isi enam angka dari {self.carrier} kami yang terbaru.", "wrong"
            )
        spent.give_back()
        if self.expired:
            raise ValidationError(
                "Kode itu benar, tetapi sudah lewat 15 menit dan tidak berlaku lagi. Minta kode baru.", "expired"
            )
        if not limits.use_once("code", self.code_id, limits.HOUR, now):
            raise ValidationError("Kode itu sudah dipakai. Satu kode hanya berlaku sekali.", "used")
        return code


class TextCodeForm(CodeForm):
    """Six digits from a text to a phone; `email` is the number."""

    carrier = "SMS"


class ReauthenticateForm(allauth_forms.ReauthenticateForm):
    password = PasswordField(label="Kata sandi", autocomplete="current-password")


class ChangePasswordForm(NewPasswordMixin):
    field_order = ["oldpassword", "password1", "password2"]
    oldpassword = PasswordField(label="Kata sandi sekarang", autocomplete="current-password")

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict:
        """The current kata sandi is looked at last, and counts as a try like any login."""
        data = super().clean()
        if self.user.is_shared:
            raise ValidationError(SHARED % "kata sandinya", "shared")
        if not self.errors and not get_adapter().reauthenticate(self.user, data["oldpassword"]):
            self.add_error("oldpassword", get_adapter().validation_error("enter_current_password"))
        return data


class NewPasswordForm(NewPasswordMixin):
    """After the code from the mail, or for an account that has no kata sandi yet."""

    def __init__(self, *args, user: User, **kwargs):
        kwargs.pop("temp_key", None)
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict:
        data = super().clean()
        if self.user.is_shared:
            raise ValidationError(SHARED % "kata sandinya", "shared")
        return data


class ChangeEmailForm(allauth_forms.AddEmailForm):
    email = EmailField(label="E-mail baru")

    def clean(self) -> dict:
        data = super().clean()
        if self.user.is_shared:
            raise ValidationError(SHARED % "e-mailnya", "shared")
        if not self.errors:
            limits.spend_or_refuse(
                (limits.MAIL_TO_ACCOUNT, data["email"]),
                what="Kode untuk alamat ini sudah terlalu sering diminta.",
                at=now_of(context.request),
            )
        return data
