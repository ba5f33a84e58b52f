"""Which seat a request comes from. Only in a demo; staff sit on none, whatever cookie they carry, but for the clerk of
a seat, who sits on that one."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from portal.training.models import Seat
from portal.training.seats import clerks, people, seating

SEEN_EVERY = timedelta(minutes=1)  # how coarse `last_seen_at` is


class Seats:
    """`request.seat`, and with it the seat's mailbox. One query for a browser with a seat, none for all others.

    The people of the seat keep up with its day here, so that a moved clock finds their contributions paid.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.seat = self.seat_of(request)
        if request.seat:
            request.seat_inbox = request.seat.inbox_key
            people.keep_up(request.seat, seating.today_of(request.seat, timezone.now()))
        return self.get_response(request)

    def seat_of(self, request: HttpRequest) -> Seat | None:
        if not settings.DEMO:
            return None
        seat = seating.seat_in_cookie(request)
        if request.user.is_staff and not (seat and seat.clerk_id == request.user.pk):
            seat = clerks.seat_of(request.user)
        now = timezone.now()
        if seat is None or not seat.classroom.is_running(now):
            return None
        if seat.last_seen_at is None or now - seat.last_seen_at >= SEEN_EVERY:
            Seat.objects.filter(pk=seat.pk).update(last_seen_at=now)
        return seat
