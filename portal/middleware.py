"""What happens to every request before and after its view."""

import time
from collections.abc import Callable
from urllib.parse import unquote_to_bytes
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from portal import outages
from portal.guard import resembles_the_real_site
from portal.refusals import UNREADABLE, outage, refusal

Handler = Callable[[HttpRequest], HttpResponse]
JAKARTA = ZoneInfo("Asia/Jakarta")


class SafeHeaders:
    """Headers that no answer goes without: pages, files, refusals, whoever wrote them."""

    ALWAYS = {
        "X-Robots-Tag": "noindex, nofollow",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
        # For answers that never came as far as the CSP middleware: refusals and files.
        "Content-Security-Policy": (
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
            "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        ),
    }

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in self.ALWAYS.items():
            response.headers.setdefault(name, value)
        if self.is_trustworthy(request):
            response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        return response

    @staticmethod
    def is_trustworthy(request: HttpRequest) -> bool:
        """Whether browsers heed this header here; over plain http on a room's address they only complain about it."""
        host = request.META.get("HTTP_HOST", "").rpartition(":")[0] or request.META.get("HTTP_HOST", "")
        return request.is_secure() or host in ("localhost", "127.0.0.1", "[::1]")


class SimulationGuard:
    """421 under any host name that resembles the real site, before ALLOWED_HOSTS is asked. Cannot be switched off."""

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        names = (request.META.get("HTTP_HOST", ""), request.META.get("HTTP_X_FORWARDED_HOST", ""))
        if any(resembles_the_real_site(part) for name in names for part in name[:1000].split(",")):
            return refusal(421)
        return self.get_response(request)


class Unavailable:
    """503 when the database or the cache does not answer.

    Failures in a view or its template arrive here; those in other middleware (sessions, users) reach
    portal.views.server_error, which answers the same.
    """

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not outages.is_outage(exception):
            return None
        outages.note(exception, request.path)
        return outage()


class RefuseMalformed:
    """4xx for what no browser sends from our forms, so that views meet only readable text.

    A charset other than UTF-8 makes Django answer 500; a NUL is refused by PostgreSQL in the middle of a query,
    also when it hides in an octal escape of a cookie.
    """

    METHODS = ("GET", "HEAD", "POST", "OPTIONS")
    FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
    JSON = ("/sms/masuk.json",)  # doors for machines, which judge their bodies …
    RECODED = ("/sms/masuk",)  # … or their queries themselves: a gateway names the charset of a text
    CHARSETS = ("utf-8", "utf8", "us-ascii", "ascii")

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if status := self.fault(request):
            return refusal(status, {"Allow": ", ".join(self.METHODS)} if status == 405 else None)
        return self.get_response(request)

    def fault(self, request: HttpRequest) -> int | None:
        """The status to refuse with; None when the request is readable."""
        if request.method not in self.METHODS:
            return 405
        if str(request.content_params.get("charset", "utf-8")).lower() not in self.CHARSETS:
            return 415
        if request.content_type == UNREADABLE:
            return 415
        cookies = (text for pair in request.COOKIES.items() for text in pair)
        query = request.META.get("QUERY_STRING", "").encode("latin-1", "replace")
        if request.path_info not in self.RECODED and not _readable(query):
            return 400
        if _has_controls(request.path_info) or any(map(_has_controls, cookies)):
            return 400
        return self.fault_of_body(request)

    def fault_of_body(self, request: HttpRequest) -> int | None:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdigit()):
            return 400
        if int(length) > self.most(request):
            return 413
        if request.method != "POST" or (not request.content_type and length == "0"):
            return None
        if request.path_info in self.JSON:
            return None
        if request.content_type not in self.FORMS:
            return 415
        try:
            if request.content_type == "multipart/form-data":
                texts = [text for name, values in request.POST.lists() for text in (name, *values)]
                return 400 if any("\0" in text for text in texts) else None
            if not _readable(request.body):
                return 400
            request.POST  # noqa: B018 (too many fields are refused here and not in a view)
        except (BadRequest, MultiPartParserError, SuspiciousOperation, OSError, ValueError):
            return 400
        return None

    @staticmethod
    def most(request: HttpRequest) -> int:
        """Bytes a body may have: whole files only where they are uploaded, and only from somebody signed in."""
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            most = settings.UPLOADS.get(request.path_info, most)
        return most


def _readable(raw: bytes) -> bool:
    """UTF-8 without NUL once its %-escapes are resolved; a lone surrogate is not UTF-8."""
    text = unquote_to_bytes(raw)
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in text


def _has_controls(text: str) -> bool:
    return any(character < " " or character == "\x7f" or "\ud800" <= character <= "\udfff" for character in text)


class Clock:
    """One moment for the whole request, and the day it is in Jakarta. Below the portal nobody asks the clock.

    A seat in a class has turned its own (portal/training/seats/middleware.py); the real clock is never touched.
    """

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = timezone.now()
        if request.seat:
            request.now += request.seat.clock_offset
        request.today = timezone.localdate(request.now, JAKARTA)
        return self.get_response(request)


class PrivatePages:
    """No page is kept by a browser or a proxy, and a clerk who walks away is signed out.

    The time of the last click is written at most once a minute, so a clerk's session ends between
    STAFF_IDLE_MINUTES - 1 and STAFF_IDLE_MINUTES after it.
    """

    SEEN, WRITE_EVERY = "staff_seen", 60  # seconds

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = int(time.time())
        response = self.sign_out(request) if self.is_idle(request, now) else self.get_response(request)
        if self.is_staff(request) and now - request.session.get(self.SEEN, 0) >= self.WRITE_EVERY:
            request.session[self.SEEN] = now
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    @staticmethod
    def is_staff(request: HttpRequest) -> bool:
        return bool(request.session.session_key) and request.user.is_staff

    def is_idle(self, request: HttpRequest, now: int) -> bool:
        if not self.is_staff(request):
            return False
        return now - request.session.get(self.SEEN, now) >= settings.STAFF_IDLE_MINUTES * 60

    @staticmethod
    def sign_out(request: HttpRequest) -> HttpResponse:
        logout(request)
        messages.info(request, f"Anda keluar otomatis setelah {settings.STAFF_IDLE_MINUTES} menit tanpa kegiatan.")
        there = f"?{urlencode({'next': request.path})}" if request.method == "GET" else ""
        return redirect(reverse("account_login") + there)
