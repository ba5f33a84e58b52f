"""The devices on which an account is signed in, and how to end them."""

from allauth.account.internal import flows
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User

SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Mac OS X": "Mac",
    "Linux": "Linux",
}
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "Chrome": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
}


def device_name(user_agent: str) -> str:
    """
    >>> device_name("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36")
    'Chrome di Android'
    >>> device_name("curl/8.0")
    'Peramban tidak dikenal'
    """
    browser = next((name for mark, name in BROWSERS.items() if f"{mark}/" in user_agent), "Peramban tidak dikenal")
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), "")
    return f"{browser} di {system}" if system else browser


def of(user: User) -> list[UserSession]:
    """Devices whose session still lives, newest first; forgets the others."""
    devices = list(UserSession.objects.filter(user=user).order_by("-created_at", "-pk"))
    keys = [device.session_key for device in devices]
    living = set(
        Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now()).values_list("pk", flat=True)
    )
    if len(living) < len(devices):
        UserSession.objects.filter(user=user).exclude(session_key__in=living).delete()
    return [device for device in devices if device.session_key in living]


def _end(devices) -> int:
    """End these sessions on the server; how many there were."""
    keys = list(devices.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    devices.delete()
    return len(keys)


def end_all(user: User) -> int:
    return _end(UserSession.objects.filter(user=user))


def end_others(request: HttpRequest) -> int:
    return _end(UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def devices(request: HttpRequest) -> HttpResponse:
    """Perangkat: where this account is signed in. On a shared example account everybody sees only their own."""
    here = request.session.session_key
    if request.method == "GET" or request.method == "HEAD":
        shown = [d for d in of(request.user) if d.session_key == here or not request.user.is_shared]
        rows = [
            {
                "pk": d.pk,
                "name": device_name(d.user_agent),
                "ip": d.ip,
                "since": d.created_at,
                "here": d.session_key == here,
            }
            for d in shown
        ]
        return render(request, "usersessions/usersession_list.html", {"devices": rows})
    if request.POST.get("end") == "others" and not request.user.is_shared:
        messages.success(request, f"Perangkat lain sudah dikeluarkan: {end_others(request)}.")
        return redirect("usersessions_list")
    pk = request.POST.get("end", "")
    mine = UserSession.objects.filter(user=request.user)
    if request.user.is_shared:
        mine = mine.filter(session_key=here)
    device = get_object_or_404(mine, pk=int(pk) if pk.isascii() and pk.isdigit() and len(pk) < 19 else 0)
    if device.session_key == here:
        _end(mine.filter(pk=device.pk))
        flows.logout.logout(request)
        return redirect("account_login")
    _end(mine.filter(pk=device.pk))
    messages.success(request, "Perangkat itu sudah dikeluarkan.")
    return redirect("usersessions_list")
