"""A sign-up that waits for its code. It lives in the session; the account is born when the code is right.

So a known and an unknown address take the same path to the same page: the kata sandi is hashed, the session written
and one mail sent, whether or not there is an account. Nothing is left behind of a sign-up that nobody finishes, and
nobody can occupy an address that is not theirs.
"""

import secrets
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from accounts import limits, outbox
from accounts.adapter import new_code
from accounts.models import User

SESSION_KEY = "pending_signup"
CODE_LASTS, WAITS = timedelta(minutes=15), timedelta(hours=1)


class AlreadyThere(Exception):
    """Somebody finished a sign-up with this address in the meantime."""


@dataclass
class PendingSignup:
    email: str
    password: str  # hashed
    next: str
    begun: float  # seconds since 1970
    sent: float
    code: str = ""
    earlier: list[str] = field(default_factory=list)  # codes replaced by a newer one
    id: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def code_id(self) -> str:
        return f"signup:{self.id}:{len(self.earlier)}"

    def code_expired(self, at: datetime) -> bool:
        return at.timestamp() - self.sent > CODE_LASTS.total_seconds()


def begin(request: HttpRequest, email: str, password: str, next_url: str, at: datetime) -> None:
    hashed = make_password(password)  # 28 ms, outside any transaction
    moment = at.timestamp()
    pending = PendingSignup(email, hashed, next_url, begun=moment, sent=moment)
    _send_code(request, pending, at)


def resend(request: HttpRequest, pending: PendingSignup, at: datetime) -> None:
    """A new code; the earlier one is no longer valid. ValidationError when asked too often."""
    limits.spend_or_refuse(
        (limits.MAIL_TO_ACCOUNT, pending.email), what="Kode untuk alamat ini sudah terlalu sering diminta.", at=at
    )
    pending.earlier = [*pending.earlier, pending.code][-10:]
    _send_code(request, pending, at)


def _send_code(request: HttpRequest, pending: PendingSignup, at: datetime) -> None:
    pending.code, pending.sent = new_code(), at.timestamp()
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


def finish(request: HttpRequest, pending: PendingSignup) -> User:
    """The account, once the code was right. AlreadyThere if the address was taken while the code was on its way."""
    cancel(request)
    user = User(email=pending.email, password=pending.password, inbox_key=outbox.claim_inbox(request))
    try:
        with transaction.atomic():
            user.save()
            user.confirm_address()
    except IntegrityError:
        raise AlreadyThere from None
    return user
