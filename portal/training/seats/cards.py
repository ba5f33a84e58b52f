"""The cards of the login page: those of the seat, or of the house. Who works at the desk is no card of a full room."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from accounts.client import client_ip
from portal import demo
from portal.cast import PEOPLE
from portal.training.models import Classroom
from portal.training.seats import clerks, people

LOOPBACK = ("127.0.0.1", "::1")
PLAYED = {person.slug for person in PEOPLE}


def prefill(request: HttpRequest, slug: str) -> tuple[str, str] | None:
    """E-mail and kata sandi for the card `slug` as this browser sees it; None where it sees none."""
    if request.seat:
        seat = request.seat
        seen = slug in PLAYED or slug == clerks.SLUG
        return (f"{slug}.{seat.mark.lower()}@latih.test", people.password_of(seat)) if seen else None
    if slug not in PLAYED and not shows_staff(request):
        return None
    return demo.prefill(slug)


def shows_staff(request: HttpRequest) -> bool:
    """Whether the cards of the desk are on the page: on no seat, and while a class is on only at this very computer.

    Otherwise one press would open the desk, with everybody's people, to anybody in the room.
    """
    if not settings.DEMO or request.seat:
        return False
    return client_ip(request) in LOOPBACK or not Classroom.objects.running(timezone.now()).exists()
