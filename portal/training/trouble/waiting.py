"""What waits in a browser: the code it was sent, and a page that was made to come late."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from time import time
from typing import Any

from allauth.account.internal.flows.email_verification_by_code import EMAIL_VERIFICATION_CODE_SESSION_KEY
from allauth.account.internal.flows.password_reset_by_code import PASSWORD_RESET_VERIFICATION_SESSION_KEY
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from accounts import signup
from accounts.forms import RESET_ASKED

OLD = 60 * 60  # seconds by which a code is made older; it lasts fifteen minutes
APP_SIGNUP = "jmo-join"  # the key of the app's sign-up in the session (portal/jmo/join_state.py)
APP_CODES = {"kode-email": ("signup", "email"), "kode-sms": ("phone", "number")}
SALT = "portal.training.trouble.waiting"
PATIENCE = 60  # seconds in which a page that was waited for has to be fetched


@dataclass
class Code:
    """A code on its way: to which address, and where in the session it is written when it was sent."""

    request: HttpRequest
    address: str
    state: MutableMapping[str, Any]
    sent: str

    def age(self) -> None:
        """It was sent an hour earlier."""
        self.state[self.sent] -= OLD
        self.request.session.modified = True


def is_code(request: HttpRequest) -> bool:
    """Whether a code is being handed in."""
    return request.method == "POST" and bool(request.POST.get("code")) and not request.POST.get("action")


def code_of(request: HttpRequest) -> Code | None:
    """The code that the posted one will be compared with, if one waits."""
    if not is_code(request):
        return None
    match, session = request.resolver_match, request.session
    if match.view_name == "jmo:register_step" and match.kwargs["slug"] in APP_CODES:
        part, address = APP_CODES[match.kwargs["slug"]]
        state = session.get(APP_SIGNUP, {}).get(part)
        return Code(request, state[address], state, "sent") if state else None
    if match.view_name == "account_confirm_password_reset_code" and RESET_ASKED in session:
        address = session.get(PASSWORD_RESET_VERIFICATION_SESSION_KEY, {}).get("email", "")
        return Code(request, address, session, RESET_ASKED)
    if match.view_name == "account_email_verification_sent":
        changes = request.user.is_authenticated
        state = session.get(EMAIL_VERIFICATION_CODE_SESSION_KEY if changes else signup.SESSION_KEY)
        return Code(request, state["email"], state, "at" if changes else "sent") if state else None
    return None


# --- A late page ---------------------------------------------------------------------------------------------
def _cookie() -> str:
    return "__Host-tunggu" if settings.HTTPS else "tunggu"


def begin(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Note in the browser since when it waits for this page."""
    value = signing.dumps([request.path, time()], salt=SALT)
    response.set_cookie(_cookie(), value, max_age=PATIENCE, secure=settings.HTTPS, httponly=True, samesite="Lax")
    return response


def has_waited(request: HttpRequest, seconds: float) -> bool:
    """Whether this browser has waited for this page as long as it should, and not much longer."""
    try:
        path, since = signing.loads(request.COOKIES.get(_cookie(), ""), salt=SALT, max_age=PATIENCE)
    except signing.BadSignature:
        return False
    return path == request.path and seconds - 1 <= time() - since <= 2 * seconds
