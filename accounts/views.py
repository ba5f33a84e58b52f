"""The account pages: allauth's flows with our limits, our sentences and codes that work once."""

from collections.abc import Callable
from functools import wraps

from allauth.account import views as allauth_views
from allauth.account.internal.flows import password_change
from allauth.account.internal.flows.email_verification_by_code import EMAIL_VERIFICATION_CODE_SESSION_KEY
from allauth.account.internal.flows.password_reset_by_code import (
    PASSWORD_RESET_VERIFICATION_SESSION_KEY,
    PasswordResetVerificationProcess,
)
from allauth.account.internal.flows.signup import complete_signup
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.generic.edit import FormView

from accounts import devices, forms, limits, outbox, signup
from accounts.adapter import counted
from accounts.captcha import new_challenge

CODE_GONE = "Kode itu sudah dipakai atau sudah lewat waktunya. Minta kode baru di sini."


def page(view: Callable) -> Callable:
    """What every account page has: its mailbox cookie and, where Google's checkbox is used, Google's files."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        response = outbox.keep_inbox(request, view(request, *args, **kwargs))
        if settings.USE_RECAPTCHA and issubclass(getattr(view, "view_class", object), WITH_CAPTCHA):
            from accounts import recaptcha

            response._csp_update = recaptcha.csp_update()
        return response

    return wrapped


@require_safe
@never_cache
def captcha_challenge(request: HttpRequest) -> JsonResponse:
    """A fresh challenge for the checkbox."""
    return JsonResponse(new_challenge(request.now))


# --- Into an account -----------------------------------------------------------------------------------------
class LoginView(allauth_views.LoginView):
    def get_initial(self) -> dict:
        """In a demo, `?sebagai=budi` fills in what the card of Budi stands for."""
        slug = self.request.GET.get("sebagai")
        prefill = settings.DEMO_PREFILL
        if not (settings.DEMO and slug and prefill):
            return super().get_initial()
        email, password = import_string(prefill)(self.request, slug) or ("", "")
        return {"login": email, "password": password}

    def form_valid(self, form: forms.LoginForm) -> HttpResponse:
        with transaction.atomic():  # one write to disk for session, device and time of login
            response = super().form_valid(form)
            self.request.session.save()  # the middleware finds nothing left to write
        return response


class SignupView(allauth_views.SignupView):
    form_class = forms.SignupForm

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"request": self.request}

    def form_valid(self, form: forms.SignupForm) -> HttpResponse:
        data = form.cleaned_data
        signup.begin(self.request, data["email"], data["password1"], self.get_next_url() or "", self.request.now)
        return redirect("account_email_verification_sent")


class SignupCodeView(FormView):
    """The six digits that make the account; or another code, or another address."""

    form_class = forms.CodeForm
    template_name = "account/confirm_email_verification_code.html"
    pending: signup.PendingSignup = None  # given by `code`

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {
            "request": self.request,
            "email": self.pending.email,
            "code_id": self.pending.code_id,
            "expected": self.pending.code,
            "earlier": self.pending.earlier,
            "expired": self.pending.code_expired(self.request.now),
        }

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {"email": self.pending.email, "is_signup": True}

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        action = request.POST.get("action")
        if action == "resend":
            return self.resend()
        if action == "change":
            signup.cancel(request)
            messages.info(request, "Isi alamat yang benar. Kata sandi dan centang perlu diisi sekali lagi.")
            return redirect("account_signup")
        return super().post(request, *args, **kwargs)

    def resend(self) -> HttpResponse:
        try:
            signup.resend(self.request, self.pending, self.request.now)
        except ValidationError as error:
            messages.error(self.request, error.message)
        else:
            messages.success(self.request, "Kode baru sudah dikirim. Kode yang lama tidak berlaku lagi.")
        return redirect("account_email_verification_sent")

    def form_valid(self, form: forms.CodeForm) -> HttpResponse:
        try:
            with transaction.atomic():
                user = signup.finish(self.request, self.pending)
                response = complete_signup(self.request, user=user, redirect_url=self.pending.next or None)
        except signup.AlreadyThere:
            messages.error(self.request, "Alamat ini sudah punya akun. Login, atau minta kata sandi baru.")
            return redirect("account_login")
        messages.success(self.request, "Akun Anda sudah jadi, dan Anda sudah masuk.")
        return response


@never_cache
def code(request: HttpRequest) -> HttpResponseBase:
    """/akun/kode/: the code of a sign-up, or of a change of e-mail."""
    if request.user.is_authenticated:
        return page(ChangeEmailCodeView.as_view())(request)
    pending = signup.waiting(request, request.now)
    if pending is None and request.method == "POST":  # sent twice, the second time without the session of the first
        return redirect("account_email_verification_sent")
    if pending is None:
        messages.info(
            request,
            "Tidak ada kode yang ditunggu di peramban ini: sudah dipakai, atau sudah lewat satu jam. "
            "Login bila akun Anda sudah jadi; bila belum, tekan Buat Akun Baru.",
        )
        return redirect("account_login")
    return page(SignupCodeView.as_view(pending=pending))(request)


# --- A forgotten kata sandi ----------------------------------------------------------------------------------
class ResetView(allauth_views.PasswordResetView):
    form_class = forms.ResetPasswordForm

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"request": self.request}

    def form_valid(self, form: forms.ResetPasswordForm) -> HttpResponse:
        with transaction.atomic():
            return super().form_valid(form)


class ResetCodeView(allauth_views.ConfirmPasswordResetCodeView):
    form_class = forms.CodeForm

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if not _reset_lives(request):
            messages.info(request, CODE_GONE)
            return redirect("account_reset_password")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict:
        state = self._process.state
        return FormView.get_form_kwargs(self) | {
            "request": self.request,
            "email": state["email"],
            "code_id": f"reset:{state['at']}:{state['email']}",
            "expected": self._process.code,
            "expired": self.request.now.timestamp() - self.request.session.get(forms.RESET_ASKED, 0) > RESET_LASTS,
        }

    def form_invalid(self, form: forms.CodeForm) -> HttpResponse:
        return FormView.form_invalid(self, form)  # allauth counts in the session, which forty posts at once outrun


class NewPasswordView(allauth_views.CompletePasswordResetView):
    form_class = forms.NewPasswordForm

    def dispatch(self, request: HttpRequest, **kwargs) -> HttpResponseBase:
        if not _reset_lives(request):
            messages.info(request, CODE_GONE)
            return redirect("account_reset_password")
        return super().dispatch(request, **kwargs)

    def form_valid(self, form: forms.NewPasswordForm) -> HttpResponse:
        """The new kata sandi, and every session of the account ends."""
        user, now = self._process.user, self.request.now
        if not limits.use_once("reset", f"{user.pk}:{self._process.state['at']}", limits.HOUR, now):
            messages.info(self.request, CODE_GONE)
            return redirect("account_reset_password")
        user.set_password(form.cleaned_data["password1"])
        with transaction.atomic():
            user.save(update_fields=["password"])
            devices.end_all(user)
            for account in {user.email, counted(self.request, user.email)[0]}:
                limits.forget(limits.PASSWORD_OF_ACCOUNT, account)
            self._process.finish()
        return redirect("account_password_reset_completed")


def _reset_lives(request: HttpRequest) -> bool:
    """A reset is under way in this browser, not too old, and its account (if any) still exists."""
    if PASSWORD_RESET_VERIFICATION_SESSION_KEY not in request.session:
        return False
    process = PasswordResetVerificationProcess.resume(request)
    return process is not None and ("user_id" not in process.state or process.user is not None)


# --- Within an account ---------------------------------------------------------------------------------------
class ChangePasswordView(allauth_views.PasswordChangeView):
    form_class = forms.ChangePasswordForm

    def form_valid(self, form: forms.ChangePasswordForm) -> HttpResponse:
        """The new kata sandi; this session goes on, all others end."""
        form.user.set_password(form.cleaned_data["password1"])
        with transaction.atomic():
            form.user.save(update_fields=["password"])
            password_change.finalize_password_change(self.request, form.user)
            devices.end_others(self.request)
        return redirect(self.get_success_url())


class SetPasswordView(allauth_views.PasswordSetView):
    form_class = forms.NewPasswordForm

    def form_valid(self, form: forms.NewPasswordForm) -> HttpResponse:
        form.user.set_password(form.cleaned_data["password1"])
        with transaction.atomic():
            form.user.save(update_fields=["password"])
            password_change.finalize_password_set(self.request, form.user)
            devices.end_others(self.request)
        return redirect(self.get_success_url())


class EmailView(allauth_views.EmailView):
    form_class = forms.ChangeEmailForm

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Only one address per account: the other actions of allauth's page do not exist here."""
        form = self.get_form()
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)


class ChangeEmailCodeView(allauth_views.ConfirmEmailVerificationCodeView):
    form_class = forms.CodeForm

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if EMAIL_VERIFICATION_CODE_SESSION_KEY not in request.session:
            messages.info(request, "Kode sudah dipakai, Anda sudah masuk.")
            return redirect("home")
        response = super().dispatch(request, *args, **kwargs)
        if self._process is None:
            messages.error(request, CODE_GONE)
        return response

    @property
    def _action(self) -> str:
        return "resend" if self.request.POST.get("action") == "resend" and self._process.can_resend else "verify"

    def get_form_kwargs(self) -> dict:
        kwargs = FormView.get_form_kwargs(self)
        if self._action == "resend":
            return kwargs
        state = self._process.state
        return kwargs | {
            "request": self.request,
            "email": state["email"],
            "code_id": f"email:{self.request.user.pk}:{state['at']}:{state['resend_count']}",
            "expected": self._process.code,
        }

    def get_context_data(self, **kwargs) -> dict:
        return FormView.get_context_data(self, **kwargs) | {
            "email": self._process.email,
            "can_resend": self._process.can_resend,
        }

    def _resend_form_valid(self, form) -> HttpResponse:
        try:
            limits.spend_or_refuse(
                (limits.MAIL_TO_ACCOUNT, self._process.email),
                what="Kode untuk alamat ini sudah terlalu sering diminta.",
                at=self.request.now,
            )
        except ValidationError as error:
            messages.error(self.request, error.message)
            return redirect("account_email_verification_sent")
        return super()._resend_form_valid(form)

    def _verify_form_valid(self, form: forms.CodeForm) -> HttpResponse:
        try:
            with transaction.atomic():
                return super()._verify_form_valid(form)
        except IntegrityError:  # somebody else confirmed this address a moment ago
            messages.error(self.request, "E-mail ini sudah dipakai akun lain. Isi alamat lain.")
            return redirect("account_email")

    def form_invalid(self, form) -> HttpResponse:
        return FormView.form_invalid(self, form)


class ReauthenticateView(allauth_views.ReauthenticateView):
    form_class = forms.ReauthenticateForm


RESET_LASTS = settings.ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT  # seconds; allauth measures it by the real clock alone
WITH_CAPTCHA = (LoginView, SignupView, ResetView)
