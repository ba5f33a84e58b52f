"""What a trainer says to a seat or to the room, and how it reaches the trainee's page without a message broker."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from portal.training.models import Classroom, Glance, Message, Seat
from portal.training.runs.asked import Asked
from portal.training.seats import seating

SHOWN = 3  # messages at once; whoever puts them away has put away the older ones too
LONGEST = 300  # characters of a message
ASKED, AGREED, NOTHING = "diminta", "setuju", "tidak"


@dataclass(frozen=True)
class News:
    """What a trainee's page shows of the trainer: what was said and not put away, and whether somebody looks along."""

    messages: list[Message]
    looking: str

    @property
    def until(self) -> int:
        """The key of the newest message; 0 without any."""
        return self.messages[-1].pk if self.messages else 0

    @property
    def state(self) -> str:
        """What the page compares with the answer of the bell."""
        return f"{self.until}-{self.looking}"


def tell(
    classroom: Classroom, seat: Seat | None, text: str, now: datetime, by: AbstractBaseUser | None, kind: str = "pesan"
) -> Message:
    """One sentence to this seat, or to the whole class when `seat` is None."""
    return Message.objects.create(
        classroom=classroom, seat=seat, text=text[:LONGEST], sent_at=now, sent_by=by, kind=Message.Kind(kind)
    )


def unread(seat: Seat) -> QuerySet[Message]:
    """What was said to this seat or its class since somebody sat down, and has not been put away."""
    mine = Message.objects.filter(Q(seat=seat) | Q(seat__isnull=True), classroom=seat.classroom_id)
    return mine.filter(pk__gt=seat.read_until, sent_at__gte=seat.started_at) if seat.started_at else mine.none()


NEWEST = Asked(
    lambda seat, classroom, until, since: Message.objects.filter(
        Q(seat=seat) | Q(seat__isnull=True), classroom=classroom, pk__gt=until, sent_at__gte=since
    ).order_by("-pk")[:SHOWN],
    *(int, int, int, datetime),
)


def news(seat: Seat) -> News:
    """One query; the glance came with the seat."""
    newest = NEWEST.rows(seat.pk, seat.classroom_id, seat.read_until, seat.started_at) if seat.started_at else []
    return News(newest[::-1], looking_at(seat))


def looking_at(seat: Seat) -> str:
    """Whether the trainer has asked to look along, and whether the trainee has agreed."""
    try:
        glance = seat.glance
    except Glance.DoesNotExist:
        return NOTHING
    return AGREED if glance.agreed_at else ASKED


def put_away(seat: Seat, until: int) -> None:
    """Everything as far as this message is read. Only forwards, so that an old page brings nothing back."""
    newest = unread(seat).filter(pk__lte=until).order_by("-pk").values_list("pk", flat=True).first()
    if newest:
        Seat.objects.filter(pk=seat.pk, read_until__lt=newest).update(read_until=newest)


def last_to_room(classroom: Classroom) -> Message | None:
    """What the projector shows."""
    return Message.objects.filter(classroom=classroom, seat__isnull=True).order_by("-pk").first()


class Bell:
    """/kelas/kabar/: whether the trainer has said anything new. 204 when nothing, else the new state as text.

    Every open page of a class asks this every few seconds, so it is answered before sessions and users are read: one
    query, nothing written. It tells nothing but a number and a word; the words themselves have a page of their own.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.path = ""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.path = self.path or reverse("seat_bell")
        if request.path_info != self.path or request.method != "GET":
            return self.get_response(request)
        code = seating.code_in_cookie(request) if settings.DEMO else None
        state = state_of(code, timezone.now()) if code else None
        if state is None:
            return self.get_response(request)  # no seat: the view answers as for everybody else
        is_new = state != request.GET.get("ada")
        response = HttpResponse(state if is_new else "", status=200 if is_new else 204, content_type="text/plain")
        response.headers["Cache-Control"] = "no-store"
        return response


def state_of(code: str, now: datetime) -> str | None:
    """As News.state, by the seat's code and in one query; None when its class is over."""
    mine = Message.objects.filter(
        Q(seat=OuterRef("pk")) | Q(seat__isnull=True),
        classroom=OuterRef("classroom"),
        pk__gt=OuterRef("read_until"),
        sent_at__gte=OuterRef("started_at"),
    )
    found = (
        Seat.objects.filter(code=code, classroom__ends_at__gt=now)
        .values_list(Subquery(mine.order_by("-pk").values("pk")[:1]), F("glance__asked_at"), F("glance__agreed_at"))
        .first()
    )
    if found is None:
        return None
    newest, asked, agreed = found
    return f"{newest or 0}-{AGREED if agreed else ASKED if asked else NOTHING}"
