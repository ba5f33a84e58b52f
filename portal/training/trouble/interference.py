"""Where the faults of a seat come true: one middleware, and a few hooks that settings.py names.

Nothing else asks whether a fault is on. Wherever that is possible the true state is brought about (the code is really
old, the session has really ended, the account is really locked), so that pages and 2757 say what they always say.
A request from no seat, and whatever is not a demo, costs nothing here.
"""

import re
import threading
from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime, timedelta
from time import sleep

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import ResolverMatch
from django.utils import timezone
from django.utils.html import format_html

from accounts import limits
from accounts.adapter import counted
from accounts.arrivals import Arrival
from accounts.texts import MARK
from portal.training.models import Fault, Seat
from portal.training.runs import recording
from portal.training.trouble import faults, waiting
from portal.training.trouble.faults import FAULTS, clock_at

# The way out and what only stands beside the page: no fault is read for these …
FREE = (
    "/kelas/", "/pelatih/", "/kotak-masuk/", "/telepon/alat/", "/telepon/percakapan/", "/akun/captcha/", "/health/",
    "/robots.txt", "/jmo/sw.js", "/jmo/manifest.webmanifest", "/jmo/luring/",
)  # fmt: skip
BESIDE = ("phone", "account_logout", "jmo:logout")  # … and these pages always come
LOGINS = ("account_login", "jmo:login")
BALANCES = ("balance", "statement", "why", "download")  # of jht, on the web and in the app
CAPTCHAS = ("captcha", "g-recaptcha-response")
TAG = re.compile(r"\+([a-z0-9-]{3,40})@latih\.test", re.IGNORECASE)
LATE = Arrival(delay=timedelta(minutes=2))  # as texts to a number that ends in 902
LOST = Arrival(copies=0)
END_IT = f"/kelas/?{faults.PARAMETER}={faults.NONE}"  # ends what the seat has called up itself
SLOW = 5.0  # seconds
PLAYED = "portal.played"  # in the environment of a request that came through no network; no browser can put it there
SLEEPERS = threading.BoundedSemaphore(2)  # threads of a process that may sleep at a time; it has eight

_current: ContextVar["Disturbance | None"] = ContextVar("disturbance", default=None)


class Disturbance:
    """What disturbs one request of a seat: its faults, and those that an address in what was posted calls up."""

    def __init__(self, seat: Seat, posted: str, now: datetime):
        self.seat, self.now = seat, now
        self.faults = faults.active(seat, now)
        self.addresses = {found[1].lower(): found[0].lower() for found in TAG.finditer(posted)}

    def thrown(self, kind: str) -> Fault | None:
        """A fault of this kind that acts now, used once; None without any."""
        return next((one for one in self.faults if one.kind == kind and self._acts(one)), None)

    def strikes(self, kind: str) -> Fault | None:
        """The same, also when an address calls it up: then once an hour for each address."""
        if fault := self.thrown(kind):
            return fault
        return self.called_by(kind, self.addresses.get(kind, ""))

    def called_by(self, kind: str, address: str) -> Fault | None:
        if tag_of(address) != kind or not FAULTS[kind].tag:
            return None
        if not limits.use_once(f"fault-{kind}"[:27], f"{self.seat.pk} {address}", limits.HOUR, self.now):
            return None
        fault = Fault(kind=kind, until=self.now + timedelta(minutes=1), source=Fault.Source.MAGIC)
        self.note(fault)
        return fault

    def _acts(self, fault: Fault) -> bool:
        if not faults.use(fault):
            return False
        self.note(fault)
        return True

    def note(self, fault: Fault) -> None:
        """Written down, for the board and for the talk afterwards."""
        recording.record(self.seat, "gangguan", detail={"gangguan": fault.kind, "asal": str(fault.source)})


def tag_of(address: str) -> str:
    """
    >>> tag_of("ani+surat-hilang@latih.test"), tag_of("ani@latih.test")
    ('surat-hilang', '')
    """
    found = TAG.search(address)
    return found[1].lower() if found else ""


# --- Hooks: each named in settings.py ------------------------------------------------------------------------
def mail_arrives(to: str, inbox_key: str, ordinary: Arrival) -> Arrival:
    """How a mail comes through that this seat has caused; those of others are left alone."""
    here = _current.get()
    if here is None or inbox_key not in ("", here.seat.inbox_key):
        return ordinary
    for kind, arrival in (("surat-hilang", LOST), ("surat-terlambat", LATE)):
        if here.thrown(kind):
            return arrival
        if tag_of(to) == kind:  # the address itself, every time: as some numbers of phones
            here.note(Fault(kind=kind, source=Fault.Source.MAGIC))
            return arrival
    return ordinary


def text_arrives(phone: str, ordinary: Arrival) -> Arrival:
    here = _current.get()
    if here is None or not phone.startswith(here.seat.phone_stem):
        return ordinary
    if here.thrown("sms-hilang"):
        return LOST
    return LATE if here.thrown("sms-terlambat") else ordinary


def fails(kind: str) -> bool:
    """Whether something that would succeed fails this time (portal/reach.py)."""
    here = _current.get()
    return here is not None and here.strikes(kind) is not None


def reply(text: str) -> str | None:
    """What 2757 answers instead of what it would; None when nothing disturbs it."""
    if (here := _current.get()) is None:
        return None
    asks_balance = text.lstrip().upper().startswith("SALDO")
    for kind in ("pemeliharaan", "layanan-sibuk", "saldo-tidak-tersedia"):
        if (kind != "saldo-tidak-tersedia" or asks_balance) and (fault := here.strikes(kind)):
            return MARK + FAULTS[kind].page.texts.format(pukul=clock_at(fault.until))
    return None


# --- Pages ---------------------------------------------------------------------------------------------------
class Interference:
    """Disturbs the requests of seats as their faults say. Below Seats and Clock; one query for a seat."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.seat is None:
            return self.get_response(request)
        if request.method == "GET" and faults.PARAMETER in request.GET:
            return call_up(request, timezone.now())
        if request.path_info.startswith(FREE):
            return self.get_response(request)
        token = _current.set(Disturbance(request.seat, posted(request), timezone.now()))
        try:
            return self.get_response(request)
        finally:
            _current.reset(token)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        here, match = _current.get(), request.resolver_match
        if here is None or match.view_name in BESIDE or not (here.faults or here.addresses or waiting.is_code(request)):
            return None
        if request.user.is_authenticated and here.strikes("sesi-berakhir"):
            logout(request)
        for kind in ("pemeliharaan", "layanan-sibuk", "galat-500", "saldo-tidak-tersedia"):
            applies = kind != "saldo-tidak-tersedia" or shows_balance(request, match)
            if applies and (fault := here.strikes(kind)):
                return page_of(fault, here.now)
        if request.method == "POST":
            spoil(request, here, match)
        return slow(request, here)


def posted(request: HttpRequest) -> str:
    """Everything that was posted and may name an address; nothing on other requests."""
    if request.method != "POST":
        return ""
    return " ".join(value for _, values in request.POST.lists() for value in values if len(value) <= 1000)


def shows_balance(request: HttpRequest, match: ResolverMatch) -> bool:
    if match.view_name == "jmo:home":
        return request.method == "POST"
    return match.view_name == "jmo:balance" or (match.app_name == "jht" and match.url_name in BALANCES)


def spoil(request: HttpRequest, here: Disturbance, match: ResolverMatch) -> None:
    """What is posted meets the state that the fault stands for, before the view judges it."""
    answered = [name for name in CAPTCHAS if request.POST.get(name)]
    if answered and here.strikes("captcha-gagal"):
        data = request.POST.copy()
        for name in answered:
            data[name] = "tidak-cocok"
        data._mutable = False
        request.POST = data
    if match.view_name in LOGINS and request.POST.get("login"):
        lock(request, here, request.POST["login"].strip().lower())
    code = waiting.code_of(request)
    if code and (here.called_by("kode-kedaluwarsa", code.address) or here.thrown("kode-kedaluwarsa")):
        code.age()


def lock(request: HttpRequest, here: Disturbance, email: str) -> None:
    """Fill the limiter's row of this account as this seat is counted, once for a fault: then the lock takes its course.

    Accounts of others are counted for everybody and stay open.
    """
    account, at = counted(request, email)
    if here.called_by("akun-terkunci", email):
        limits.use_up(limits.PASSWORD_OF_ACCOUNT, account, at + limits.QUARTER)
        return
    if not account.endswith(here.seat.inbox_key):
        return
    for fault in (one for one in here.faults if one.kind == "akun-terkunci"):
        left = fault.until - here.now
        if limits.use_once("fault-lock", f"{fault.pk} {account}", left, here.now):
            limits.use_up(limits.PASSWORD_OF_ACCOUNT, account, at + min(left, limits.QUARTER))
            here.note(fault)


def page_of(fault: Fault, now: datetime) -> HttpResponse:
    """The house's refusal page, in the words of the fault and with the way back to the seat."""
    page = FAULTS[fault.kind].page
    steps = [step.format(pukul=clock_at(fault.until)) for step in page.steps]
    called = fault.pk and fault.source == Fault.Source.MAGIC
    body = render_to_string("training/_faults_page.html", {"page": page, "steps": steps, "end_it": called and END_IT})
    response = HttpResponse(body, status=page.status, headers={"Cache-Control": "no-store"})
    if page.status == 503:
        lasts = fault.uses_left is None and fault.pk
        response.headers["Retry-After"] = str(int((fault.until - now).total_seconds()) + 1 if lasts else 30)
    response._has_been_logged = True  # it is no accident
    return response


def slow(request: HttpRequest, here: Disturbance) -> HttpResponse | None:
    """Make this page late. Only a few threads sleep; for others the browser waits, on a page that asks again by itself.

    What is posted is done at once when no thread may sleep; the page after it is late instead. Nobody waits where a
    scenario is only tried out, in one transaction for which everybody else who writes would wait too.
    """
    if request.META.get(PLAYED):
        return None
    if waiting.has_waited(request, SLOW) or not here.thrown("halaman-lambat"):
        return None
    if SLEEPERS.acquire(blocking=False):
        try:
            sleep(SLOW)
        finally:
            SLEEPERS.release()
        return None
    if request.method != "GET":
        return None
    response = render(request, "training/_faults_slow.html", {"seconds": int(SLOW)})
    response.headers["Refresh"] = str(int(SLOW))
    return waiting.begin(request, response)


def call_up(request: HttpRequest, now: datetime) -> HttpResponse:
    """?gangguan=<id>: the trainee's own throw; then the same page without it, so that reloading throws nothing."""
    seat, kind = request.seat, request.GET[faults.PARAMETER]
    if told := FAULTS.get(kind):
        thrown = faults.throw(seat.classroom, seat, kind, Fault.Source.MAGIC, None, now)[0]
        sentence = 'Gangguan “{}” dipanggil untuk kursi ini, paling lama sampai pukul {}. <a href="{}">Akhiri</a>'
        messages.info(request, format_html(sentence, told.name, clock_at(thrown.until), END_IT))
    elif kind == faults.NONE:
        ended = faults.end(seat.classroom, seat, now, source=Fault.Source.MAGIC)
        messages.info(request, f"Gangguan yang Anda panggil sendiri sudah berakhir: {ended}.")
    else:
        messages.error(request, f"Gangguan itu tidak dikenal. Yang ada: {', '.join(FAULTS)}.")
    rest = request.GET.copy()
    del rest[faults.PARAMETER]
    return redirect(f"{request.path}?{rest.urlencode()}" if rest else request.path)
