"""The trainer's pages: classes, one class with its seats, the sheet of cards, resets, clocks, the end."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import limits
from jht.views_card import qr
from portal import launch
from portal.templatetags.latih import tanggal
from portal.training.doors import trainers_only
from portal.training.models import Classroom, Seat
from portal.training.pages import views_faults
from portal.training.pages.forms import MOST_SEATS, ClassForm
from portal.training.pages.views import tell_day
from portal.training.pages.views_snapshots import kept_in
from portal.training.seats import clock, once, seating
from portal.training.seats.snapshots import MOST

SEATS_AT_A_TIME = 5


@trainers_only
@require_http_methods(["GET", "HEAD", "POST"])
def classes(request: HttpRequest) -> HttpResponse:
    """Every class that still has data, and a new one."""
    form = ClassForm(request.POST, today=request.today) if request.method == "POST" else ClassForm.fresh(request.today)
    if form.is_valid():
        data = form.cleaned_data
        made = seating.open_class(
            data["name"],
            data["day"],
            data["seats"],
            data["keep_days"],
            timezone.now(),
            request.user,
            data["names"],
            data["form_key"],
        )
        return redirect("trainer_class", made.pk)
    listed = [(one, one.is_running(timezone.now())) for one in Classroom.objects.with_counts()]
    return render(request, "training/classes.html", {"form": form, "classes": listed})


@trainers_only
@require_safe
def classroom(request: HttpRequest, pk: int) -> HttpResponse:
    """One class: how to get in, who sits where, the clock. A fixed number of queries whatever its size."""
    room = get_object_or_404(Classroom, pk=pk)
    now = timezone.now()
    seats = list(room.seats.all())
    for seat in seats:
        seat.classroom = room
        seat.day = seating.today_of(seat, now)
    today = seating.today_in(room, now)
    address = entrance(request, room)
    context = {
        "room": room,
        "is_running": room.is_running(now),
        "seats": seats,
        "taken": sum(seat.started_at is not None for seat in seats),
        "room_day": today,
        "moves": clock.MOVES,
        "birthdays": clock.birthdays(timezone.localdate(now, seating.JAKARTA), today),
        "address": address,
        "qr": qr(address),
        "can_grow": len(seats) + SEATS_AT_A_TIME <= MOST_SEATS,
        "more": SEATS_AT_A_TIME,
        "form_key": once.fresh_key(),
        "kept": kept_in(room),
        "most": MOST,
        **views_faults.shown(room, now),
    }
    return render(request, "training/classroom.html", context)


@trainers_only
@require_safe
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """A card for every seat, to print and cut."""
    room = get_object_or_404(Classroom, pk=pk)
    address = entrance(request, room).removesuffix(f"{room.code}/")
    return render(request, "training/sheet.html", {"room": room, "seats": room.seats.all(), "address": address})


@trainers_only
@require_POST
def turn_class_clock(request: HttpRequest, pk: int) -> HttpResponse:
    """The clock of the whole class; what a seat has turned by itself is added to it."""
    room = get_object_or_404(Classroom, pk=pk)
    now = timezone.now()
    today = seating.today_in(room, now)
    if clock.turn(room, request.POST.get("ke", ""), today, timezone.localdate(now, seating.JAKARTA)):
        messages.success(request, f"Untuk seluruh kelas sekarang {tanggal(seating.today_in(room, now))}.")
    else:
        messages.error(request, "Jam tidak dapat diputar ke sana. Pilih salah satu tombol.")
    return redirect("trainer_class", pk)


@trainers_only
@require_POST
def turn_seat_clock(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    tell_day(request, _seat(pk, number), request.POST.get("ke", ""))
    return redirect("trainer_class", pk)


@trainers_only
@require_POST
def reset_seat(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    seat = _seat(pk, number)
    if not seat.classroom.is_running(timezone.now()):
        messages.error(request, "Kelas ini sudah berakhir, jadi kursinya tetap seperti adanya.")
    elif seating.reset([seat], timezone.now(), request.user):
        messages.success(request, f"Kursi {number} mulai dari awal. Kursi lain tidak berubah.")
    else:
        messages.info(request, f"Kursi {number} masih kosong, jadi tidak ada yang diulang.")
    return redirect("trainer_class", pk)


@trainers_only
@require_POST
def reset_room(request: HttpRequest, pk: int) -> HttpResponse:
    """Seat by seat, so that nobody waits longer than for one."""
    room = get_object_or_404(Classroom, pk=pk)
    done = sum(seating.reset([seat], timezone.now(), request.user) for seat in room.seats.all())
    messages.success(request, f"Seluruh kelas mulai dari awal: {done} kursi.")
    return redirect("trainer_class", pk)


@trainers_only
@require_POST
@transaction.atomic
def add_seats(request: HttpRequest, pk: int) -> HttpResponse:
    """Once a form, however often its button is pressed."""
    room = get_object_or_404(Classroom, pk=pk)
    key = request.POST.get("form_key", "")[:64]
    if key and not limits.use_once("more-seats", f"{pk} {key}", limits.HOUR, timezone.now()):
        messages.success(request, f"{SEATS_AT_A_TIME} kursi ditambahkan.")
    elif room.seats.count() + SEATS_AT_A_TIME <= MOST_SEATS:
        seating.add_seats(room, SEATS_AT_A_TIME)
        messages.success(request, f"{SEATS_AT_A_TIME} kursi ditambahkan.")
    else:
        messages.error(request, f"Satu kelas paling banyak {MOST_SEATS} kursi. Buat kelas kedua untuk yang lain.")
    return redirect("trainer_class", pk)


@trainers_only
@require_POST
def end_class(request: HttpRequest, pk: int) -> HttpResponse:
    room = get_object_or_404(Classroom, pk=pk)
    seating.end(room, timezone.now())
    messages.success(request, f"Kelas {room.name} berakhir. Tidak ada yang dapat masuk lagi.")
    return redirect("trainer_class", pk)


def _seat(pk: int, number: int) -> Seat:
    return get_object_or_404(Seat.objects.select_related("classroom"), classroom=pk, number=number)


def entrance(request: HttpRequest, room: Classroom) -> str:
    """The address that a trainee opens: as the operator says, or the one of this machine in the room."""
    origin = settings.SITE_ORIGIN.rstrip("/") or _origin(request)
    return f"{origin}{reverse('class_by_code', args=[room.code])}"


def _origin(request: HttpRequest) -> str:
    """The trainer's own address means another machine to a telephone, so the room's stands in for it."""
    here = urlsplit(f"//{request.get_host()}")  # a host that ALLOWED_HOSTS names
    if here.hostname in ("localhost", "127.0.0.1", "::1"):
        for address in launch.lan_addresses():
            if address in settings.ALLOWED_HOSTS:
                return f"{request.scheme}://{address}{f':{here.port}' if here.port else ''}"
    return f"{request.scheme}://{request.get_host()}"
