"""The debrief of a class and of a trainee: on screen and paper, as CSV, as xAPI, and the certificates."""

from csp.decorators import csp_update
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jht.sheets import csv_stream
from portal.training.doors import seated, trainers_only
from portal.training.models import Classroom, Seat
from portal.training.seats import seating
from portal.training.steering import certificate, debrief, xapi

PICTURED = {"frame-src": ["'self'"]}  # the explorer's pages, which may be framed by this site alone
MARK = "SIMULASI — bukan situs resmi. Orang dan saldo dalam latihan ini rekaan."


@csp_update(PICTURED)
@trainers_only
@require_safe
def room(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole class: what went wrong most, what to explain, who did what."""
    found = get_object_or_404(Classroom, pk=pk)
    seen = debrief.of_room(found, timezone.now())
    context = {
        "room": found,
        "debrief": seen,
        "missed": debrief.most_missed(seen.reports),
        "has_lrs": xapi.has_lrs(),
        "has_ended": any(report.run.ended_at for report in seen.reports),
    }
    return render(request, "training/debrief.html", context)


@csp_update(PICTURED)
@trainers_only
@require_safe
def one_seat(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One trainee, to go through together."""
    seat = _seat(pk, number)
    seen = debrief.of_seat(seat, timezone.now())
    context = {"room": seat.classroom, "seat_there": seat, "debrief": seen}
    context["has_certificate"] = bool(certificate.exercises(seen.reports))
    return render(request, "training/debrief_seat.html", context)


@trainers_only
@require_safe
def as_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """A line for every exercise of every seat, for a spreadsheet."""
    found = get_object_or_404(Classroom, pk=pk)
    rows = [[MARK], debrief.HEADINGS, *debrief.records(debrief.of_room(found, timezone.now()))]
    return _file(b"".join(csv_stream(rows)), "text/csv; charset=utf-8", f"simulasi-bahas-{found.code}.csv")


@trainers_only
@require_safe
def as_xapi(request: HttpRequest, pk: int) -> HttpResponse:
    """The statements as a file; with the names of people only when `nama` is asked for."""
    found = get_object_or_404(Classroom, pk=pk)
    made = xapi.statements(debrief.of_room(found, timezone.now()), with_names="nama" in request.GET)
    return _file(xapi.as_file(made).encode(), "application/json", f"simulasi-xapi-{found.code}.json")


@trainers_only
@require_POST
def to_lrs(request: HttpRequest, pk: int) -> HttpResponse:
    """The same to the LRS of the settings."""
    found = get_object_or_404(Classroom, pk=pk)
    if not xapi.has_lrs():
        raise Http404
    made = xapi.statements(debrief.of_room(found, timezone.now()), with_names="nama" in request.POST)
    try:
        sent = xapi.send(made)
    except xapi.LrsFault as fault:
        messages.error(request, str(fault))
    else:
        messages.success(request, f"{sent} catatan disimpan di LRS.")
    return redirect("trainer_debrief", pk)


@trainers_only
@require_safe
def certificates(request: HttpRequest, pk: int, number: int | None = None) -> HttpResponse:
    """Of one trainee, or of everybody who has done an exercise to its end."""
    if number is None:
        seen = debrief.of_room(get_object_or_404(Classroom, pk=pk), timezone.now())
    else:
        seen = debrief.of_seat(_seat(pk, number), timezone.now())
    made = certificate.pdf(seen, request.today)
    if made is None:
        messages.info(request, "Belum ada latihan yang selesai, jadi belum ada sertifikat.")
        return redirect("trainer_debrief", pk)
    name = f"simulasi-sertifikat-{seen.room.code}{f'-{number}' if number is not None else ''}.pdf"
    return _file(made, "application/pdf", name)


@seated
@require_safe
def own_certificate(request: HttpRequest) -> HttpResponse:
    """The trainee's own."""
    now = timezone.now()
    made = certificate.pdf(debrief.of_seat(request.seat, now), timezone.localdate(now, seating.JAKARTA))
    if made is None:
        messages.info(request, "Belum ada latihan yang selesai, jadi belum ada sertifikat.")
        return redirect("class")
    return _file(made, "application/pdf", f"simulasi-sertifikat-kursi-{request.seat.number}.pdf")


def _seat(pk: int, number: int) -> Seat:
    return get_object_or_404(Seat.objects.select_related("classroom"), classroom=pk, number=number)


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
