"""The trainee's side of messages and of looking along: read, put away, agree, stop."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from portal.training.doors import demo_only, seated
from portal.training.models import Seat
from portal.training.steering import glancing, telling


@demo_only
@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    """Reached only without a seat in a running class (telling.Bell answers all others): nothing new, ever."""
    return HttpResponse(status=204)


@demo_only
@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """What the trainer says, as the part of a page; 204 for whoever has left the seat."""
    if not request.seat:
        return HttpResponse(status=204)
    here = _address(request.GET.get("di", ""))
    return render(request, "training/_messages_of_trainer.html", {"here": here, "is_part": True})


@seated
@require_POST
def put_away(request: HttpRequest) -> HttpResponse:
    """The messages are read; they do not come back on another device either."""
    until = request.POST.get("sampai", "")
    if until.isascii() and until.isdigit() and len(until) < 19:
        telling.put_away(request.seat, int(until))
    return _back(request)


@seated
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Yes to the trainer's question, or no; and the end of it at any moment. Whatever else is sent ends it."""
    if request.POST.get("jawab") == "setuju":
        glancing.agree(request.seat, timezone.now())
    else:
        glancing.stop(request.seat)
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """To the page where the button was; the script asks for the changed part instead."""
    if "bagian" in request.POST:
        seat = Seat.objects.select_related("classroom", "glance").defer("glance__html").get(pk=request.seat.pk)
        request.seat = seat
        here = _address(request.POST.get("kembali", ""))
        return render(request, "training/_messages_of_trainer.html", {"here": here, "is_part": True})
    return redirect(_address(request.POST.get("kembali", "")) or "class")


def _address(text: str) -> str:
    """A page of this site; empty for anything else."""
    is_ours = text.startswith("/") and url_has_allowed_host_and_scheme(text, allowed_hosts=None)
    return text[:500] if is_ours else ""
