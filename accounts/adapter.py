"""What allauth asks us: codes, mails, limits, where to go next."""

import secrets
from datetime import datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import get_login_redirect_url
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import limits
from accounts.client import client_ip, network
from accounts.models import User
from accounts.outbox import CODE_HEADER, claim_inbox, inbox_key
from accounts.prepared import Prepared

SUBJECT_PREFIX = "[SIMULASI] "
LONGEST_USER_AGENT = UserSession._meta.get_field("user_agent").max_length
OWNER = Prepared(lambda: User.objects.filter(email="").order_by().values_list("is_shared", "inbox_key"))


def new_code() -> str:
    """Six plain digits."""
    return f"{secrets.randbelow(10**6):06d}"


def counted(request: HttpRequest, email: str) -> tuple[str, datetime]:
    """What tries at this account are counted for, and by which clock.

    The browser that made an account is counted apart from all others, by its own clock: whoever else guesses can lock
    out only himself, and cannot shorten the lock by turning the clock of his seat. A card that a whole room uses is
    counted in each browser: otherwise ten wrong tries of one trainee would lock Budi for forty.
    """
    is_shared, owner = OWNER.ask(email) or (False, "")
    if is_shared and settings.DEMO:
        return f"{email} {claim_inbox(request)}", request.now
    if owner and owner == inbox_key(request):
        return f"{email} {owner}", request.now
    return email, timezone.now()


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "Akun ini sedang ditutup. Hubungi pelatih Anda.",
        "duplicate_email": "Ini sudah e-mail akun Anda. Isi alamat lain, atau biarkan seperti sekarang.",
        "email_password_mismatch": (
            "E-mail atau kata sandi tidak cocok. Periksa keduanya, lalu isi kata sandi sekali lagi. "
            "Akun yang kodenya belum dimasukkan belum ada: tekan Buat Akun Baru sekali lagi."
        ),
        "email_taken": "E-mail ini sudah dipakai akun lain. Isi alamat lain.",
        "incorrect_password": "Kata sandi tidak cocok dengan akun ini. Isi sekali lagi.",
        "enter_current_password": "Kata sandi sekarang tidak cocok. Isi sekali lagi.",
    }

    # --- Limits ----------------------------------------------------------------------------------------------
    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """allauth's own count; `authenticate` counts instead."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The user, or None. Counted before the kata sandi is looked at, so that forty at once are forty tries.

        A success gives back its own try and nobody else's. Known and unknown addresses are locked alike.
        """
        account, at = counted(request, credentials.get("email", "").lower())
        spent = limits.spend_or_refuse(
            (limits.PASSWORD_OF_ACCOUNT, account),
            (limits.PASSWORD_FROM_ADDRESS, network(client_ip(request))),
            what="Kata sandi untuk akun ini sudah terlalu sering salah, jadi kami menguncinya sebentar.",
            at=at,
        )
        user = super().authenticate(request, **credentials)
        if user:
            spent.give_back()
        return user

    # --- Login -----------------------------------------------------------------------------------------------
    def get_login_stages(self) -> list[str]:
        return []  # an account exists only once its address is confirmed (signup.py), so nothing is left to ask

    def post_login(
        self, request: HttpRequest, user: User, *, signup: bool, redirect_url: str | None, **kwargs: Any
    ) -> HttpResponse:
        """Note the device and go on. allauth would look up every other session of the account at each login."""
        key, ip = request.session.session_key, client_ip(request)
        device = UserSession(session_key=key, user=user, ip=ip, user_agent=user_agent(request))
        UserSession.objects.bulk_create([device], ignore_conflicts=True)
        return HttpResponseRedirect(get_login_redirect_url(request, redirect_url, signup=signup))

    def is_safe_url(self, url: str | None) -> bool:
        """`next=` leads only to a path of this site."""
        if not url or not url.startswith("/") or not url.isprintable():
            return False
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def is_ajax(self, request: HttpRequest) -> bool:
        return False  # pages only: no second face that answers in JSON

    # --- Mail ------------------------------------------------------------------------------------------------
    def generate_email_verification_code(self) -> str:
        return new_code()

    def generate_password_reset_code(self) -> str:
        return new_code()

    def format_email_subject(self, subject: str) -> str:
        return SUBJECT_PREFIX + subject

    def send_mail(self, template_prefix: str, email: str, context_: dict[str, Any]) -> None:
        self.render_mail(template_prefix, email, context_).send()

    def render_mail(self, template_prefix: str, email: str, context_: dict[str, Any], headers=None) -> EmailMessage:
        """Plain text. Links come from the setting, never from the request's host."""
        ctx = {**context_, "email": email, "origin": settings.SITE_ORIGIN.rstrip("/")}
        subject = " ".join(render_to_string(f"{template_prefix}_subject.txt", ctx).split())
        body = render_to_string(f"{template_prefix}_message.txt", ctx).strip() + "\n"
        return EmailMessage(
            self.format_email_subject(subject),
            body,
            settings.DEFAULT_FROM_EMAIL,
            [email],
            headers={**(headers or {}), CODE_HEADER: ctx.get("code", "")},
        )

    def send_account_already_exists_mail(self, email: str) -> None:
        self.send_mail("account/email/account_already_exists", email, {})

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation, signup: bool) -> None:
        address = emailconfirmation.email_address.email
        self.send_mail("account/email/email_confirmation", address, {"code": emailconfirmation.key})


def user_agent(request: HttpRequest) -> str:
    """What the browser calls itself, printable and short enough to store."""
    text = request.META.get("HTTP_USER_AGENT", "")[:LONGEST_USER_AGENT]
    return "".join(character for character in text if character.isprintable() and character.isascii())
