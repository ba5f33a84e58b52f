"""The trainee's pages: into a class, one's own seat, its clock, beginning anew, leaving."""

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts import limits
from accounts.client import client_ip, network
from portal.templatetags.latih import tanggal
from portal.training.doors import demo_only, seated
from portal.training.models import Classroom, Seat, typed_code
from portal.training.pages.forms import JoinForm, ResumeForm
from portal.training.pages.views_snapshots import listed
from portal.training.seats import clock, seating
from portal.training.seats.people import password_of
from portal.training.seats.snapshots import MOST

CODES_FROM_ADDRESS = limits.Limit("class-codes", 600, limits.QUARTER)  # a room shares one; only machines reach this

RESERVED = (
    "Kursi yang masih kosong disediakan untuk nama lain. Ketik nama Anda seperti pada daftar pelatih, atau minta "
    "pelatih menambah kursi."
)
FULL = "Semua kursi kelas ini sudah terisi. Minta pelatih menambah kursi, atau lanjutkan kursi Anda sendiri."


@demo_only
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, code: str = "") -> HttpResponse:
    """/kelas/: whoever has a seat sees it; everybody else types a code, or comes with it from the QR."""
    if request.seat:
        return _own_seat(request, code)
    resumes = "seat_code" in request.POST
    bound = request.POST if request.method == "POST" else None
    now = timezone.now()
    join = JoinForm(None if resumes else bound, initial={"code": code}, at=now)
    resume = ResumeForm(bound if resumes else None, at=now)
    form = resume if resumes else join
    if bound is not None and _may_try(request, form) and form.is_valid():
        try:
            return _sit(request, _seat(form, now))
        except seating.Reserved:
            form.add_error(None, RESERVED)
        except seating.Full:
            form.add_error(None, FULL)
    left = seating.seat_in_cookie(request) if bound is None else None  # of a class that is over, or it would be ours
    return render(request, "training/enter.html", {"form": form, "join": join, "resume": resume, "left": left})


def _may_try(request: HttpRequest, form) -> bool:
    """Codes are counted per address, by the real clock."""
    try:
        limits.spend_or_refuse(
            (CODES_FROM_ADDRESS, network(client_ip(request))),
            what="Dari alamat ini kode sudah terlalu sering dicoba.",
            at=timezone.now(),
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def _seat(form: JoinForm | ResumeForm, now) -> Seat:
    if isinstance(form, ResumeForm):
        return seating.take(form.cleaned_data["seat_code"], now)
    data = form.cleaned_data
    return seating.take_free(data["code"], data["name"], now, data["form_key"])


def _sit(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Whoever was signed in before is signed out: nothing of one seat is carried to another."""
    if request.user.is_authenticated:
        logout(request)
    messages.success(request, f"Anda duduk di kursi {seat.number}. Catat kode kursi Anda di bawah ini.")
    return seating.keep(redirect("class"), seat)


def _own_seat(request: HttpRequest, code: str = "") -> HttpResponse:
    """`code`: of the class that was asked for; where it is another one, the page offers to change."""
    seat = request.seat
    running = Classroom.objects.running(timezone.now()).exclude(pk=seat.classroom_id)
    context = {
        "other": running.filter(code=typed_code(code)).first() if code else None,
        "moves": clock.MOVES,
        "birthdays": clock.birthdays(seat.made_on, request.today),
        "password": password_of(seat),
        "domain": f"{seat.mark.lower()}@latih.test",
        "snapshots": list(listed(seat)),
        "most": MOST,
    }
    return render(request, "training/seat.html", context)


@seated
@require_POST
def turn_clock(request: HttpRequest) -> HttpResponse:
    """The trainee's own clock; nobody else's."""
    tell_day(request, request.seat, request.POST.get("ke", ""))
    return redirect("class")


def tell_day(request: HttpRequest, seat: Seat, move: str) -> None:
    """Turn the clock of a seat and say which day it is there now."""
    now = timezone.now()
    made_on = seat.made_on or seating.today_of(seat, now)
    if clock.turn(seat, move, seating.today_of(seat, now), made_on):
        messages.success(request, f"Di kursi {seat.number} sekarang {tanggal(seating.today_of(seat, now))}.")
    else:
        messages.error(request, "Jam tidak dapat diputar ke sana. Pilih salah satu tombol.")


@seated
@require_POST
def begin_again(request: HttpRequest) -> HttpResponse:
    """Ulangi latihan: the people of this seat as they were at first. Whoever is signed in on the seat is signed out."""
    seating.reset([request.seat], timezone.now(), None)
    if request.user.is_authenticated:
        logout(request)
    messages.success(request, "Latihan Anda mulai dari awal: orang, saldo, surat, dan jamnya seperti semula.")
    return redirect("class")


@seated
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """From this browser only; the seat stays, and its code brings one back."""
    if request.user.is_authenticated:
        logout(request)
    messages.info(request, f"Anda meninggalkan kursi {request.seat.number}. Kode kursi membawa Anda kembali.")
    to = typed_code(request.POST.get("ke_kelas", ""))[:20]
    return seating.leave(redirect("class_by_code", to) if to else redirect("class"))
