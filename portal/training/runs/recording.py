"""What was done on a seat, written down once a request and judged at once. Never what was typed.

Middleware, so that no view has to tell: the page is the view's name, how it ended is the answer's status, why it was
refused are the codes of the errors on the page (portal/training/runs/shown.py).
"""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from django.contrib.messages import WARNING, get_messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from portal import outages
from portal.training.models import Event, Fault, Run, Seat
from portal.training.runs import facts, shown, simulated, sms_seen
from portal.training.runs.asked import Asked
from portal.training.runs.judging import Seen, facts_asked, judge
from portal.training.runs.reasons import reason_of
from portal.training.runs.whose import about, who
from portal.training.scripts.scenario import Scenario, ScenarioFault, read
from portal.training.scripts.vocabulary import ASKED_BY_ADDRESS, BUTTONS, word_of
from portal.training.seats.seating import today_of
from portal.training.trouble import faults

DOES = ("kirim", "sms", "umpan", "jawab")  # after which facts may have changed
REFUSED = (400, 403, 405, 409, 413, 415, 429)
UNASKED = object()


class Witness:
    """Middleware, inside Seats and Clock. One row a page of a seat; nothing for anybody else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.seat is None:
            return self.get_response(request)
        from portal.training.runs import coaching

        with shown.noting() as codes:
            response = self.get_response(request)
        try:
            if seen := seen_in(request, response, codes):
                record(request.seat, seen.act, seen.page, seen.result, dict(seen.detail))
        except Exception as error:
            if not outages.is_outage(error):
                raise
            outages.note(error, request.path)  # what was done is done; the page is not taken back for it
        return coaching.place(request, response)


# --- What a request was --------------------------------------------------------------------------------------
def seen_in(request: HttpRequest, response: HttpResponse, codes: shown.Codes) -> Seen | None:
    """The act of this request; None for what no scenario speaks of, parts of pages and pages that lead elsewhere."""
    match = request.resolver_match
    word = word_of(match.view_name, match.kwargs.get("slug", "")) if match else ""
    if not word or request.method not in ("GET", "POST") or "prefetch" in request.headers.get("Sec-Purpose", ""):
        return None
    is_redirect = 300 <= response.status_code < 400
    if (request.method == "GET" and is_redirect) or "Refresh" in response.headers:  # a page that is still to come
        return None
    result, reasons = _result(request, response, codes)
    if word == "telepon" and request.method == "POST":
        detail = {"sebagai": who(request.seat, request.user), "lewat": "sms"}
        if result != "berhasil":  # nothing was sent: it has no words, and an earlier answer is not its own
            return Seen("sms", word, result, detail | ({"sebab": reasons} if reasons else {}))
        result, told = sms_seen.of_text(request.seat, request.POST.get("text", ""))
        return Seen("sms", word, result, detail | told)
    asks = request.method == "POST" or (word in ASKED_BY_ADDRESS and bool(request.GET))
    word = BUTTONS.get((word, request.POST.get("action", "")), word)
    detail = {
        "sebagai": who(request.seat, request.user),
        "lewat": "app" if match.namespace.startswith("jmo") else "web",
    }
    if reasons:
        detail["sebab"] = reasons
    detail |= about(request, request.seat)
    if asks and word == "simulasi-klaim" and result == "berhasil":
        detail |= simulated.told_by(request)
    return Seen("kirim" if asks else "buka", word, result, detail)


def _result(request: HttpRequest, response: HttpResponse, codes: shown.Codes) -> tuple[str, list[str]]:
    """How it ended, and the words of why not."""
    status = response.status_code
    if status == 404:
        return "tidak-ada", []
    if status >= 500:
        return "galat", []
    reasons = sorted({reason_of(field, code) for field, code in codes})
    if reasons or status in REFUSED:
        return "ditolak", reasons
    if request.method == "POST" and 300 <= status < 400:
        if _asks_to_log_in(request, response):
            return "ditolak", ["belum-masuk"]
        if any(message.level >= WARNING for message in get_messages(request)._queued_messages):
            return "ditolak", ["pesan"]
    return "berhasil", []


def _asks_to_log_in(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the answer leads to a login page that leads back here."""
    there = urlsplit(response.headers.get("Location", ""))
    logins = (reverse("account_login"), reverse("jmo:login"), reverse("account_reauthenticate"))
    return there.path in logins and "next=" in there.query and request.path not in logins


# --- Writing down --------------------------------------------------------------------------------------------
def record(
    seat: Seat, act: str, page: str = "", result: str = "", detail: dict | None = None, *, now: datetime | None = None
) -> Event:
    """Write one act down, with the step that it did and the wrong turn that it was. The run ends with its last step.

    `now` is the real moment.
    """
    now = now or timezone.now()
    run, today = open_run(seat, now), today_of(seat, now)
    event = Event(
        seat=seat, run=run, at=now, day=today, act=act, page=page, result=result, detail=detail or {}
    )  # fmt: skip
    scenario = scenario_of(run) if run else None
    if run is None or scenario is None or act in ("mulai", "selesai"):
        event.save(force_insert=True)
        return event
    with transaction.atomic():
        # Two pages of one seat at the same moment are judged one after the other.
        if not Run.objects.select_for_update().filter(pk=run.pk, ended_at__isnull=True).exists():
            run.refresh_from_db(fields=["ended_at", "outcome"])
            event.run = None
            event.save(force_insert=True)
            return event
        before = acts_of(run)
        asked = facts_asked(scenario, before)
        asked = asked if act in DOES else frozenset(one for one in asked if one[0] in facts.SHOWS_LATER)
        seen = Seen(act, page, result, event.detail, now)
        verdict = judge(scenario, run.mode, before, seen, facts.true_ones(seat, run, asked, today))
        event.step, event.wrong = verdict.step, verdict.wrong
        event.save(force_insert=True)
        if verdict.ends:
            finish(run, Run.Outcome.DONE, now)
    return event


def acts_of(run: Run) -> list[Seen]:
    """Everything seen in this run, in order. One query."""
    rows = run.events.order_by("id").values_list("act", "page", "result", "detail", "at", "step", "wrong")
    return [Seen(*row) for row in rows]


def scenario_of(run: Run) -> Scenario | None:
    """The scenario as it stood when the run began; None should a later release no longer read it."""
    try:
        return read(run.text, run.scenario)
    except ScenarioFault:
        return None


# --- The open run --------------------------------------------------------------------------------------------
LATEST = Asked(lambda seat: Run.objects.filter(seat=seat).order_by("-started_at", "-pk")[:1], int)


def latest_run(seat: Seat) -> Run | None:
    """The run that began last on this seat, open or ended. One query a request."""
    found = getattr(seat, "_run", UNASKED)
    if found is UNASKED:
        found = LATEST.first(seat.pk)
        if found:
            found.seat = seat
        seat._run = found
    return found


def open_run(seat: Seat, now: datetime | None = None) -> Run | None:
    """What is being exercised on this seat. An Uji whose time is over ends here by itself."""
    run = latest_run(seat)
    if run and run.ended_at is None and run.deadline_at and run.deadline_at <= (now or timezone.now()):
        finish(run, Run.Outcome.OVER, run.deadline_at)
    return run if run and run.ended_at is None else None


def finish(run: Run, outcome: str, now: datetime) -> None:
    """End a run, and the faults that its scenario has thrown; a second time changes nothing."""
    if Run.objects.filter(pk=run.pk, ended_at__isnull=True).update(ended_at=now, outcome=outcome):
        run.ended_at, run.outcome = now, outcome
        faults.end(run.seat.classroom, run.seat, now, source=Fault.Source.SCENARIO)
        Event.objects.create(seat=run.seat, run=run, at=now, day=today_of(run.seat, now), act="selesai", page="")
