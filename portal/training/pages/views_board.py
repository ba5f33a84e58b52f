"""The trainer's board and the projector's view of a class; a hint, a message, a look along by one tap."""

import hashlib

from csp.decorators import csp_replace, csp_update
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from portal.training.doors import demo_only, is_trainer, trainers_only
from portal.training.models import Classroom, Message, Seat
from portal.training.pages.views_faults import LENGTHS
from portal.training.runs import hinting
from portal.training.scripts import values
from portal.training.steering import board, glancing, telling
from portal.training.trouble.faults import FAULTS

AGAIN = (5, 10, 30)  # seconds after which the page comes again by itself where no script runs
FRAMED = {
    "script-src": ["'none'"],
    "connect-src": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'self'"],
    "sandbox": ["allow-same-origin"],
}


def chosen(request: HttpRequest) -> dict:
    """What was chosen on the page and stands in its address; anything else counts as the usual."""
    patience, again = (_number(request.GET.get(name, "")) for name in ("lama", "tiap"))
    fault = request.GET.get("gangguan", "")
    return {
        "patience": patience if patience in board.PATIENCE else board.USUAL_PATIENCE,
        "again": again if again in AGAIN else None,
        "fault": FAULTS.get(fault),
    }


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None


# --- The board -----------------------------------------------------------------------------------------------
@trainers_only
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody at a glance, and what a trainer can do about it."""
    room = get_object_or_404(Classroom, pk=pk)
    picked = chosen(request)
    context = picked | {
        "room": room,
        "board": board.board(room, timezone.now(), picked["patience"]),
        "is_running": room.is_running(timezone.now()),
        "faults": FAULTS.values(),
        "patiences": board.PATIENCE,
        "agains": AGAIN,
        "here": request.get_full_path(),
        "query": request.GET.urlencode(),
    }
    return render(request, "training/board.html", context)


@demo_only
@require_safe
def rows(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows alone, asked for every few seconds; 304 while nothing has changed. Judged by the query that reads them
    (board.board_for), so that all of it is five statements."""
    return _refreshed(request, pk, "training/_board_rows.html")


@trainers_only
@require_safe
def screen(request: HttpRequest, pk: int) -> HttpResponse:
    """For the projector: seats by their numbers, no name."""
    room = get_object_or_404(Classroom, pk=pk)
    context = chosen(request) | {
        "room": room,
        "board": board.board(room, timezone.now()),
        "is_running": room.is_running(timezone.now()),
        "said": telling.last_to_room(room),
        "agains": AGAIN,
    }
    return render(request, "training/screen.html", context)


@demo_only
@require_safe
def screen_rows(request: HttpRequest, pk: int) -> HttpResponse:
    return _refreshed(request, pk, "training/_screen_rows.html")


def _refreshed(request: HttpRequest, pk: int, template: str) -> HttpResponse:
    user, now = request.user, timezone.now()
    if not user.is_authenticated or not user.is_staff:
        raise Http404
    picked = chosen(request)
    seen = board.board_for(user, pk, now, picked["patience"])
    if seen is None:
        raise Http404
    context = picked | {"room": seen.room, "board": seen, "is_running": seen.room.is_running(now)}
    if template == "training/_screen_rows.html":
        context["said"] = telling.last_to_room(seen.room)
    return _unless_known(request, render_to_string(template, context))


def _unless_known(request: HttpRequest, html: str) -> HttpResponse:
    """304 for whoever has just this already."""
    tag = f'"{hashlib.blake2b(html.encode(), digest_size=16).hexdigest()}"'
    is_known = request.headers.get("If-None-Match") == tag
    response = HttpResponse(status=304) if is_known else HttpResponse(html)
    response.headers["ETag"] = tag
    return response


# --- What a trainer does -------------------------------------------------------------------------------------
@trainers_only
@require_safe
def one_seat(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One seat by itself: where it is, and everything that can be said and done to it."""
    seat = _seat(pk, number)
    now = timezone.now()
    seen = board.board(seat.classroom, now, chosen(request)["patience"])
    row = next(row for row in seen.rows if row.number == number)
    context = {
        "room": seat.classroom,
        "seat_there": seat,
        "row": row,
        "step": values.fill(row.step.do, seat, row.role, now) if row.step else "",
        "is_running": seat.classroom.is_running(now),
        "told": Message.objects.filter(seat=seat).order_by("-pk")[:5],
        "faults": FAULTS.values(),
        "fault_lengths": LENGTHS,
    }
    return render(request, "training/board_seat.html", context)


@trainers_only
@require_POST
def hint(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One tap: the next hint of the step somebody is on. With words of the trainer's own, those."""
    seat = _seat(pk, number)
    own = request.POST.get("teks", "").strip()
    try:
        said = hinting.give(seat, own, timezone.now(), request.user)
    except hinting.NoHint as reason:
        return _back(request, pk, str(reason), level=messages.WARNING)
    return _back(request, pk, f"Petunjuk untuk kursi {number}: {said.text}")


@trainers_only
@require_POST
def say(request: HttpRequest, pk: int, number: int | None = None) -> HttpResponse:
    """A message to a seat, or to the room."""
    room = get_object_or_404(Classroom, pk=pk)
    seat = _seat(pk, number) if number is not None else None
    text = " ".join(request.POST.get("teks", "").split())
    if not text:
        return _back(request, pk, "Pesan masih kosong. Tulis satu kalimat, lalu kirim.", level=messages.WARNING)
    if len(text) > telling.LONGEST:
        wrong = f"Pesan terlalu panjang: {len(text)} huruf, paling banyak {telling.LONGEST}. Persingkat, lalu kirim."
        return _back(request, pk, wrong, level=messages.WARNING)
    telling.tell(room, seat, text, timezone.now(), request.user)
    return _back(request, pk, f"Pesan dikirim ke {f'kursi {number}' if seat else 'seluruh kelas'}.")


def _seat(pk: int, number: int) -> Seat:
    return get_object_or_404(Seat.objects.select_related("classroom"), classroom=pk, number=number)


def _back(request: HttpRequest, pk: int, sentence: str, level: int = messages.SUCCESS) -> HttpResponse:
    """To the page where the button was; the script asks for the sentence alone."""
    if "bagian" in request.POST:
        status = 200 if level == messages.SUCCESS else 409
        return HttpResponse(sentence, content_type="text/plain; charset=utf-8", status=status)
    messages.add_message(request, level, sentence)
    there = request.POST.get("kembali", "")
    is_ours = there.startswith(f"/pelatih/{pk}/") and url_has_allowed_host_and_scheme(there, allowed_hosts=None)
    return redirect(there if is_ours else "trainer_board", *([] if is_ours else [pk]))


# --- Looking along -------------------------------------------------------------------------------------------
@trainers_only
@require_POST
def ask_to_look(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The question to the trainee; or the end of it."""
    seat = _seat_of_mine(request, pk, number)
    if "berhenti" in request.POST:
        glancing.stop(seat)
        return redirect("trainer_board", pk)
    if not seat.classroom.is_running(timezone.now()) or seat.started_at is None:
        return _back(request, pk, "Di kursi ini tidak ada siapa-siapa untuk ditanya.", level=messages.WARNING)
    glancing.ask(seat, timezone.now())
    return redirect("trainer_look", pk, number)


@csp_update({"frame-src": ["'self'"]})
@trainers_only
@require_safe
def look(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Waiting for the answer, then the trainee's page in a frame."""
    seat = _seat_of_mine(request, pk, number)
    context = {"room": seat.classroom, "seat_there": seat, "glance": glancing.of(seat, timezone.now())}
    context |= {"again": chosen(request)["again"], "agains": AGAIN}
    if "bagian" in request.GET:
        return _unless_known(request, render_to_string("training/_look_state.html", context, request))
    return render(request, "training/look.html", context)


@csp_replace(FRAMED)
@xframe_options_sameorigin
@trainers_only
@require_safe
def looked_at(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The last page of the seat as a picture: glancing.harmless has taken out whatever runs or leads anywhere."""
    glance = glancing.of(_seat_of_mine(request, pk, number), timezone.now())
    if glance is None or glance.agreed_at is None or not glance.html:
        raise Http404
    return _unless_known(request, glance.html)


def _seat_of_mine(request: HttpRequest, pk: int, number: int) -> Seat:
    """Only the trainer of the class looks along; other trainers find nothing here."""
    seat = _seat(pk, number)
    if not is_trainer(request.user) or seat.classroom.made_by_id not in (None, request.user.pk):
        raise Http404
    return seat
