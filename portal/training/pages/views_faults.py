"""The trainer throws faults at a seat or the room, sees which still act, and ends them."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from portal.training.doors import trainers_only
from portal.training.models import Classroom, Fault, Seat, typed_number
from portal.training.trouble import faults
from portal.training.trouble.faults import FAULTS, clock_at

LENGTHS = (1, 2, 5, 10, 15, 30, 60)  # minutes to choose from
GONE = "Kelas ini sudah berakhir, jadi tidak ada lagi yang dapat diganggu."
UNKNOWN = "Gangguan itu tidak ada. Pilih salah satu dari daftar."


def shown(classroom: Classroom, now: datetime) -> dict:
    """What training/_faults.html needs beside `room` and `seats`. One query."""
    return {
        "faults": FAULTS.values(),
        "fault_lengths": LENGTHS,
        "thrown": faults.thrown_in(classroom, now),
        "here": f"{reverse('trainer_class', args=[classroom.pk])}#gangguan",
    }


@trainers_only
@require_POST
def throw(request: HttpRequest, pk: int, number: int | None = None) -> HttpResponse:
    """`gangguan`: which; `kursi`: at whom, empty for the whole class; `menit`: how long, empty for as usual."""
    room, now = get_object_or_404(Classroom, pk=pk), timezone.now()
    kind = FAULTS.get(request.POST.get("gangguan", ""))
    if kind is None or not room.is_running(now):
        return back(request, pk, GONE if kind else UNKNOWN, level=messages.WARNING)
    seat = _target(request, room, number)
    minutes = request.POST.get("menit", "")
    chosen = next((length for length in LENGTHS if str(length) == minutes), None)
    thrown = faults.throw(room, seat, kind.id, Fault.Source.TRAINER, request.user, now, chosen)
    whom = f"kursi {seat.number}" if seat else "seluruh kelas"
    until = clock_at(thrown[0].until)
    often = "" if kind.uses is None else f", {kind.times}"
    return back(request, pk, f"{kind.name} untuk {whom}{often}, paling lama sampai pukul {until}.")


@trainers_only
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one kind, at one seat or everywhere in the class."""
    room = get_object_or_404(Classroom, pk=pk)
    kind = FAULTS.get(request.POST.get("gangguan", ""))
    if kind is None:
        return back(request, pk, UNKNOWN, level=messages.WARNING)
    seat = _target(request, room, None)
    faults.end(room, seat, timezone.now(), [kind.id])
    return back(request, pk, f"{kind.name} berakhir di {f'kursi {seat.number}' if seat else 'seluruh kelas'}.")


def _target(request: HttpRequest, room: Classroom, number: int | None) -> Seat | None:
    """The seat that is named in the address or chosen in the form; None for the whole class."""
    chosen = request.POST.get("kursi", "") if number is None else str(number)
    if not chosen:
        return None
    seats = Seat.objects.select_related("classroom")
    return get_object_or_404(seats, classroom=room, number=typed_number(chosen))


def back(request: HttpRequest, pk: int, sentence: str, level: int = messages.SUCCESS) -> HttpResponse:
    """To the page where the button was; the board's script asks for the sentence alone."""
    if "bagian" in request.POST:
        status = 200 if level == messages.SUCCESS else 409
        return HttpResponse(sentence, content_type="text/plain; charset=utf-8", status=status)
    messages.add_message(request, level, sentence)
    there = request.POST.get("kembali", "")
    if there.startswith(f"/pelatih/{pk}/") and url_has_allowed_host_and_scheme(there, allowed_hosts=None):
        return redirect(there)
    return redirect("trainer_class", pk)
