"""The trainer's board: where every seat of a class is, read from rows. The same few queries for 4 seats or 40.

Whoever asks for the rows every few seconds is judged by the same query that reads them, so that a refresh costs five
statements in all: session, user, seats, events, faults.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, Permission
from django.db.models import Exists, F, JSONField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import JSONObject

from portal.training.doors import RIGHT
from portal.training.models import Classroom, Event, Fault, Run, Seat
from portal.training.runs.judging import Seen, reckon
from portal.training.scripts.scenario import Scenario, ScenarioFault, Step, read
from portal.training.scripts.vocabulary import PAGES
from portal.training.steering import telling
from portal.training.trouble.faults import FAULTS

PATIENCE = (2, 3, 5, 8, 12)  # minutes on one step after which somebody counts as stuck; chosen on the page
USUAL_PATIENCE = 3
EMPTY, IDLE, BUSY, DONE, STOPPED, OVER = "kosong", "bebas", "jalan", "selesai", "berhenti", "waktu-habis"
STATES = {
    EMPTY: "Kosong",
    IDLE: "Belum memilih latihan",
    BUSY: "Berlatih",
    DONE: "Selesai",
    STOPPED: "Dihentikan",
    OVER: "Waktu habis",
}
RUN = ("id", "scenario", "text", "mode", "started_at", "deadline_at", "ended_at", "outcome")

MOMENTS = ("started_at", "deadline_at", "ended_at")


@dataclass(frozen=True)
class Row:
    """One seat. `step` is what is to be done next, the `at`-th; `minutes` are those since the last one was done."""

    number: int
    name: str
    state: str
    title: str = ""
    role: str = ""
    mode: str = ""
    step: Step | None = None
    at: int = 0
    done: int = 0
    steps: int = 0
    page: str = ""
    minutes: int = 0
    wrongs: int = 0
    hints: int = 0
    faults: tuple[str, ...] = ()
    looking: str = telling.NOTHING
    is_stuck: bool = False

    @property
    def state_word(self) -> str:
        return STATES[self.state]

    @property
    def takes_hints(self) -> bool:
        return self.state == BUSY and self.mode != Run.Mode.TEST.label


@dataclass(frozen=True)
class Board:
    """A class at one moment. `faults` are those of the whole class."""

    room: Classroom
    rows: list[Row]
    faults: tuple[str, ...]

    @property
    def taken(self) -> list[Row]:
        return [row for row in self.rows if row.state != EMPTY]

    @property
    def free(self) -> list[Row]:
        return [row for row in self.rows if row.state == EMPTY]

    @property
    def stuck(self) -> list[Row]:
        return [row for row in self.rows if row.is_stuck]

    @property
    def busy(self) -> int:
        return sum(row.state == BUSY for row in self.rows)

    @property
    def done(self) -> int:
        return sum(row.state == DONE for row in self.rows)


def board(classroom: Classroom, now: datetime, patience: int = USUAL_PATIENCE) -> Board:
    """The board of this class at the real moment `now`. Three queries."""
    seats = list(_seats(classroom.pk))
    for seat in seats:
        seat.classroom = classroom
    return _board(classroom, seats, now, patience)


def board_for(user: AbstractBaseUser, pk: int, now: datetime, patience: int) -> Board | None:
    """The same for whoever asks, who must be a trainer; None for everybody else, and for a class that is not there."""
    seats = list(_seats(pk).annotate(may_see=_may_see(user)).select_related("classroom", "glance"))
    if not seats or not seats[0].may_see:
        return None
    return _board(seats[0].classroom, seats, now, patience)


def _may_see(user: AbstractBaseUser) -> Exists | Value:
    """The trainer's right (portal/training/doors.py), asked inside another query."""
    if user.is_superuser:
        return Value(True)
    app, codename = RIGHT.split(".")
    rights = Permission.objects.filter(content_type__app_label=app, codename=codename)
    return Exists(rights.filter(Q(user=user.pk) | Q(group__user=user.pk)))


def _seats(classroom_pk: int) -> QuerySet[Seat]:
    """Every seat with its newest run and the page it opened last."""
    runs = Run.objects.filter(seat=OuterRef("pk")).order_by("-started_at", "-pk")
    pages = Event.objects.filter(seat=OuterRef("pk")).exclude(page="").order_by("-pk")
    return (
        Seat.objects.filter(classroom=classroom_pk)
        .select_related("glance")
        .defer("glance__html")
        .annotate(
            run=Subquery(runs.values(row=JSONObject(**{name: F(name) for name in RUN}))[:1], JSONField()),
            page=Subquery(pages.values("page")[:1]),
        )
    )


def _board(classroom: Classroom, seats: Sequence[Any], now: datetime, patience: int) -> Board:
    acts = _acts([seat.run["id"] for seat in seats if seat.run])
    thrown = _faults(classroom, now)
    rows = [_row(seat, acts, thrown.get(seat.pk, ()), now, patience) for seat in seats]
    return Board(classroom, rows, thrown.get(None, ()))


def _acts(runs: list[int]) -> Mapping[int, list[Seen]]:
    """What counts in these runs: steps done, wrong turns, hints, answers."""
    counted = Q(step__gt="") | Q(wrong__gt="") | Q(act__in=("petunjuk", "jawab"))
    return acts_of(Event.objects.filter(counted, run__in=runs))


def acts_of(events: QuerySet[Event]) -> Mapping[int, list[Seen]]:
    """These events as the judge takes them, by run and in their order. One query."""
    found = defaultdict(list)
    fields = ("act", "page", "result", "detail", "at", "step", "wrong")
    for run, *values in events.order_by("pk").values_list("run", *fields):
        found[run].append(Seen(**dict(zip(fields, values, strict=True))))
    return found


def _faults(classroom: Classroom, now: datetime) -> dict[int | None, tuple[str, ...]]:
    """Names of what disturbs each seat, and under None the whole class."""
    found: dict[int | None, tuple[str, ...]] = {}
    active = Fault.objects.filter(classroom=classroom).active(now).order_by("pk")
    for seat, kind in active.values_list("seat", "kind"):
        name = FAULTS[kind].name if kind in FAULTS else kind
        found[seat] = (*found.get(seat, ()), name) if name not in found.get(seat, ()) else found[seat]
    return found


def _row(seat: Any, acts: Mapping[int, list[Seen]], faults: tuple[str, ...], now: datetime, patience: int) -> Row:
    known: dict[str, Any] = {"number": seat.number, "name": seat.name, "faults": faults}
    known["looking"] = telling.looking_at(seat)
    if seat.started_at is None:
        return Row(**known, state=EMPTY)
    known["page"] = PAGES[seat.page].title if seat.page in PAGES else ""
    if not seat.run:
        return Row(**known, state=IDLE)
    run = seat.run | {name: seat.run[name] and _moment(seat.run[name]) for name in MOMENTS}
    if not run["ended_at"] and run["deadline_at"] and run["deadline_at"] <= now:  # nobody has come back to see it
        run |= {"ended_at": run["deadline_at"], "outcome": OVER}
    seen = acts.get(run["id"], [])
    known |= {
        "state": run["outcome"] or BUSY,
        "mode": Run.Mode(run["mode"]).label,
        "title": run["scenario"],
        "hints": sum(one.act == "petunjuk" for one in seen),
        "wrongs": sum(one.wrong != "" for one in seen),
    }
    if not (scenario := scenario_of(run["text"], run["scenario"])):
        return Row(**known)
    result = reckon(scenario, run["mode"], seen, run["started_at"], now, run["ended_at"])
    done_at = [run["started_at"] + one.after for one in result.steps if one.after is not None]
    minutes = max(now - max([run["started_at"], *done_at]), timedelta(0)) // timedelta(minutes=1)
    is_busy = known["state"] == BUSY
    known |= {"title": scenario.title, "role": scenario.role, "done": result.done_count, "steps": len(result.steps)}
    return Row(
        **known,
        step=result.current.step if is_busy and result.current else None,
        at=next((place for place, one in enumerate(result.steps, start=1) if one is result.current), len(result.steps)),
        minutes=minutes if is_busy else 0,
        is_stuck=is_busy and run["mode"] != Run.Mode.SHOW and minutes >= patience,
    )


def scenario_of(text: str, slug: str) -> Scenario | None:
    """The scenario as it stood when the run began; None when its words are no longer understood."""
    try:
        return read(text, slug)
    except ScenarioFault:
        return None


def _moment(text: str) -> datetime:
    """A moment out of JSON: with its zone from PostgreSQL, without one and in UTC from SQLite."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
