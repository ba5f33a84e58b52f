"""Snapshots on the trainee's own seat page and on the trainer's class page: keep, come back, throw away."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal.templatetags.latih import tanggal
from portal.training.doors import seated, trainers_only
from portal.training.models import Classroom, Seat, Snapshot, typed_number
from portal.training.seats import snapshots

NOWHERE = "Titik itu tidak ada lagi. Muat ulang halaman ini."


# --- The trainee ---------------------------------------------------------------------------------------------
@seated
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    try:
        kept = snapshots.keep(request.seat, request.POST.get("name", ""), timezone.now())
        messages.success(request, f"Titik “{kept.name}” disimpan. Anda dapat kembali ke sini kapan saja.")
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("class")


@seated
@require_POST
def come_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever is signed in on the seat is signed out, this browser too."""
    kept = get_object_or_404(_listed(request.seat.snapshots), pk=pk)
    try:
        snapshots.go_back(request.seat, kept, timezone.now(), None)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("class")
    if request.user.is_authenticated:
        logout(request)
    told = f"Kursi Anda kembali ke titik “{kept.name}”, {tanggal(kept.day)}. Login sekali lagi untuk melanjutkan."
    messages.success(request, told)
    return redirect("class")


@seated
@require_POST
def throw_away(request: HttpRequest, pk: int) -> HttpResponse:
    kept = get_object_or_404(_listed(request.seat.snapshots), pk=pk)
    kept.delete()
    messages.success(request, f"Titik “{kept.name}” dihapus. Kursi Anda tidak berubah.")
    return redirect("class")


# --- The trainer ---------------------------------------------------------------------------------------------
@dataclass
class Kept:
    """One name in a class: on how many seats it is kept, since when, and on which day the seats then were."""

    name: str
    at: datetime
    days: set[date]
    numbers: list[int]


def kept_in(classroom: Classroom) -> list[Kept]:
    """By name, the latest first. One query."""
    found: dict[str, Kept] = {}
    for one in _listed(Snapshot.objects.filter(seat__classroom=classroom)).order_by("seat__number"):
        known = found.setdefault(one.name, Kept(one.name, one.taken_at, set(), []))
        known.at = max(known.at, one.taken_at)
        known.days.add(one.day)
        known.numbers.append(one.seat.number)
    return sorted(found.values(), key=lambda kept: kept.at, reverse=True)


@trainers_only
@require_POST
def keep_room(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole room, or one seat."""
    room = get_object_or_404(Classroom, pk=pk)
    now, name, number = timezone.now(), request.POST.get("name", ""), request.POST.get("kursi", "")
    try:
        if number:
            kept, refused = snapshots.keep(_seat(room, number), name, now), []
            messages.success(request, f"Titik “{kept.name}” disimpan untuk kursi {number}.")
        else:
            done, refused = snapshots.keep_room(room, name, now)
            if done:
                messages.success(request, f"Titik “{snapshots.clean_name(name)}” disimpan untuk {done} kursi.")
            elif not refused:
                messages.info(request, "Belum ada kursi yang terisi, jadi tidak ada yang disimpan.")
        _tell_refused(request, refused)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("trainer_class", pk)


@trainers_only
@require_POST
def room_comes_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Seat by seat, so that nobody waits longer than for one."""
    chosen = _chosen(request, get_object_or_404(Classroom, pk=pk))
    done, refused = snapshots.go_back_room(chosen, timezone.now(), request.user)
    if done and len(chosen) == 1:
        messages.success(request, f"Kursi {chosen[0].seat.number} kembali ke titik “{chosen[0].name}”.")
    elif done:
        messages.success(request, f"{done} kursi kembali ke titik “{chosen[0].name}”. Peserta login sekali lagi.")
    elif not refused:
        messages.info(request, NOWHERE)
    _tell_refused(request, refused)
    return redirect("trainer_class", pk)


@trainers_only
@require_POST
def room_throws_away(request: HttpRequest, pk: int) -> HttpResponse:
    chosen = _chosen(request, get_object_or_404(Classroom, pk=pk))
    Snapshot.objects.filter(pk__in=[kept.pk for kept in chosen]).delete()
    if chosen:
        messages.success(request, f"Titik “{chosen[0].name}” dihapus dari {len(chosen)} kursi. Kursi tidak berubah.")
    else:
        messages.info(request, NOWHERE)
    return redirect("trainer_class", pk)


def _tell_refused(request: HttpRequest, refused: list[str]) -> None:
    for sentence in refused[:5]:
        messages.warning(request, sentence)
    if len(refused) > 5:
        messages.warning(request, f"Demikian pula {len(refused) - 5} kursi lainnya.")


def _chosen(request: HttpRequest, room: Classroom) -> list[Snapshot]:
    """Those of this name, of one seat or of all."""
    named = _listed(Snapshot.objects.filter(seat__classroom=room, name=request.POST.get("name", "")))
    if number := request.POST.get("kursi", ""):
        named = named.filter(seat=_seat(room, number))
    return list(named.order_by("seat__number"))


def _seat(room: Classroom, number: str) -> Seat:
    return get_object_or_404(Seat, classroom=room, number=typed_number(number))


def _listed(found: QuerySet[Snapshot]) -> QuerySet[Snapshot]:
    """With their seats and without what is packed."""
    return found.select_related("seat__classroom").defer("content")


def listed(seat: Seat) -> Iterable[Snapshot]:
    """For the seat's page, the latest first. One query."""
    return _listed(seat.snapshots.all()).order_by("-taken_at", "-pk")
