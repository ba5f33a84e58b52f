"""A sign-up that waits for its code. It lives in the session; the account is born when the code is right.

So a known and an unknown address take the same path to the same page: the kata sandi is hashed, the session written
and one mail sent, whether or not there is an account. Nothing is left behind of a sign-up that nobody finishes, and
nobody can occupy an address that is not theirs.
"""

import secrets
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from allauth.account.adapter import get_adapter
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from accounts import limits, outbox
from accounts.adapter import new_code
from accounts.models import User
from accounts.texts import send_code

SESSION_KEY = "pending_signup"
CODE_LASTS, WAITS = timedelta(minutes=15), timedelta(hours=1)


class AlreadyThere(Exception):
    """Somebody finished a sign-up with this address in the meantime."""


@dataclass(kw_only=True)
class Awaited:
    """A code on its way, kept in the session: what was sent, when, and which codes it replaced."""

    code: str = ""
    sent: float = 0  # seconds since 1970
    earlier: list[str] = field(default_factory=list)  # codes replaced by a newer one
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    kind: ClassVar[str]

    @property
    def code_id(self) -> str:
        return f"{self.kind}:{self.id}:{len(self.earlier)}"

    def code_expired(self, at: datetime) -> bool:
        return at.timestamp() - self.sent > CODE_LASTS.total_seconds()

    def renew(self, at: datetime) -> None:
        """A new code; the one before is no longer valid."""
        if self.code:
            self.earlier = [*self.earlier, self.code][-10:]
        self.code, self.sent = new_code(), at.timestamp()


@dataclass(kw_only=True)
class PendingSignup(Awaited):
    kind: ClassVar[str] = "signup"
    email: str
    password: str = ""  # hashed; empty where it is asked for after the code
    next: str = ""
    begun: float  # seconds since 1970


def begin(request: HttpRequest, email: str, password: str | None, next_url: str, at: datetime) -> PendingSignup:
    """A sign-up and its first code. `password` is None where it is asked for after the code."""
    hashed = make_password(password) if password is not None else ""  # 28 ms, outside any transaction
    pending = PendingSignup(email=email, password=hashed, next=next_url, begun=at.timestamp())
    _send_code(request, pending, at)
    return pending


def resend(request: HttpRequest, pending: PendingSignup, at: datetime) -> None:
    """A new code; the earlier one is no longer valid. ValidationError when asked too often."""
    limits.spend_or_refuse(
        (limits.MAIL_TO_ACCOUNT, pending.email), what="Kode untuk alamat ini sudah terlalu sering diminta.", at=at
    )
    _send_code(request, pending, at)


def _send_code(request: HttpRequest, pending: PendingSignup, at: datetime) -> None:
    pending.renew(at)
    with transaction.atomic():
        if User.objects.filter(email=pending.email).exists():
            get_adapter().send_account_already_exists_mail(pending.email)
        else:
            ctx = {"code": pending.code}
            get_adapter().send_mail("account/email/email_confirmation_signup", pending.email, ctx)
    request.session[SESSION_KEY] = asdict(pending)


def waiting(request: HttpRequest, at: datetime) -> PendingSignup | None:
    """The sign-up this browser has begun, unless it is more than an hour old."""
    state = request.session.get(SESSION_KEY)
    if not state:
        return None
    pending = PendingSignup(**state)
    if at.timestamp() - pending.begun > WAITS.total_seconds():
        cancel(request)
        return None
    return pending


def cancel(request: HttpRequest) -> None:
    request.session.pop(SESSION_KEY, None)


def finish(request: HttpRequest, pending: PendingSignup, phone: str = "") -> User:
    """The account, once the code was right. AlreadyThere if the address was taken while the code was on its way."""
    cancel(request)
    user = User(email=pending.email, password=pending.password, phone=phone, inbox_key=outbox.claim_inbox(request))
    try:
        with transaction.atomic():
            user.save()
            user.confirm_address()
    except IntegrityError:
        raise AlreadyThere from None
    return user


# --- The phone -------------------------------------------------------------------------------------------------
@dataclass(kw_only=True)
class PendingPhone(Awaited):
    kind: ClassVar[str] = "phone"
    number: str


def begin_phone(number: str, at: datetime) -> PendingPhone:
    """A code to this phone. Raises ValidationError when asked too often. The caller keeps the answer in the session."""
    pending = PendingPhone(number=number)
    resend_phone(pending, at)
    return pending


def resend_phone(pending: PendingPhone, at: datetime) -> None:
    """A new code by text; the earlier one is no longer valid."""
    limits.spend_or_refuse(
        (limits.TEXT_TO_PHONE, pending.number), what="Kode untuk nomor ini sudah terlalu sering diminta.", at=at
    )
    pending.renew(at)
    send_code(pending.number, pending.code, at)
