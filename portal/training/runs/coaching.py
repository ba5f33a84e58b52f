"""The panel beside every page of a seat that exercises: the story, the steps and how they stand, hints, questions.

It is drawn after the page, once it is known what this very page did, and put where the frame has left room for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import NoReverseMatch
from django.utils import timezone

from portal.training.models import Run, Seat
from portal.training.runs.judging import Result, StepResult
from portal.training.runs.recording import latest_run, open_run
from portal.training.runs.running import progress
from portal.training.scripts import values
from portal.training.scripts.scenario import Action
from portal.training.stage import player

ROOM = b"<!--latihan-->"  # in base.html, jmo/base.html and admin/base_site.html
SKIP = b'<a class="skip-link" href="#isi">Langsung ke isi</a>'
SKIP_HERE = b'<a class="skip-link" href="#latihan">Langsung ke latihan</a>'
WITHOUT = ("scenarios", "scenario", "run_result")  # pages about exercises, which say all of it themselves
SHOWN_AFTER_END = timedelta(minutes=10)
PAUSE_MS = 1_800  # between two actions of Tunjukkan, before the pace is chosen
STATES = {
    "belum": "Belum",
    "sekarang": "Langkah ini",
    "selesai": "Selesai",
    "terlambat": "Selesai, terlambat",
    "terlewat": "Terlewat",
}


@dataclass(frozen=True)
class ShownStep:
    """One step as the panel shows it, all its words filled in for the seat."""

    number: int
    code: str
    do: str
    state: str
    word: str
    hints: tuple[str, ...]
    question: str
    choices: tuple[tuple[str, str], ...]
    wrong_answers: tuple[str, ...]


@dataclass(frozen=True)
class Panel:
    """Everything that `training/_coach.html` shows of a run."""

    run: Run
    result: Result
    story: str
    goal: str
    given: tuple[tuple[str, str], ...]
    steps: tuple[ShownStep, ...]
    here: str
    now: datetime

    @property
    def is_over(self) -> bool:
        return self.run.ended_at is not None

    @property
    def current(self) -> ShownStep | None:
        return next((step for step in self.steps if step.state == "sekarang"), None)

    @property
    def question(self) -> ShownStep | None:
        """The first question that is still open: it can be answered at any time."""
        return next((one for one in self.steps if one.choices and one.state in ("sekarang", "belum")), None)

    @property
    def may_hint(self) -> bool:
        return self.run.mode != Run.Mode.TEST and not self.is_over and self.current is not None

    @property
    def hints_left(self) -> int:
        current = self.result.current
        return len(current.step.hints) - len(current.hints) if current else 0

    @property
    def seconds_left(self) -> int | None:
        """Of an Uji; None without a limit. Told as a span, because clocks of telephones in a room differ."""
        if self.run.deadline_at is None or self.is_over:
            return None
        return max(0, int((self.run.deadline_at - self.now).total_seconds()))

    @property
    def minutes_left(self) -> int | None:
        """Of an Uji, begun minutes counted; None without a limit."""
        return None if self.seconds_left is None else -(-self.seconds_left // 60)


def panel_of(seat: Seat, here: str, now: datetime) -> Panel | None:
    """The panel for this seat: of the open run, or for a while of the one that has just ended."""
    run = open_run(seat, now) or latest_run(seat)
    if run is None or (run.ended_at and now - run.ended_at > SHOWN_AFTER_END) or run.outcome == Run.Outcome.STOPPED:
        return None
    result = progress(run, now)
    return draw(run, result, here, now) if result else None


def flowing(text: str) -> str:
    """Lines that an author broke run on; an empty line begins a paragraph.

    >>> flowing("Ia bertanya\\nkepada kami.\\n\\nKami menjawab.")
    'Ia bertanya kepada kami.\\n\\nKami menjawab.'
    """
    return "\n\n".join(" ".join(part.split()) for part in text.strip().split("\n\n"))


def draw(run: Run, result: Result, here: str, now: datetime) -> Panel:
    scenario, seat = result.scenario, run.seat

    def filled(text: str) -> str:
        return values.fill(text, seat, scenario.role, now)

    def shown(number: int, one: StepResult) -> ShownStep:
        choices = tuple((code, filled(words)) for code, words in (one.step.choices or {}).items())
        return ShownStep(
            number,
            one.step.code,
            filled(one.step.do),
            one.state,
            STATES[one.state],
            tuple(filled(hint) for hint in one.hints),
            filled(one.step.question),
            choices,
            one.wrong_answers,
        )

    return Panel(
        run,
        result,
        flowing(filled(scenario.story)),
        filled(scenario.goal),
        tuple((label, filled(value)) for label, value in scenario.given.items()),
        tuple(shown(number, one) for number, one in enumerate(result.steps, start=1)),
        here,
        now,
    )


def place(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Put the panel into a page of a seat, or nothing where nothing is exercised."""
    is_page = not response.streaming and response.headers.get("Content-Type", "").startswith("text/html")
    if not is_page or ROOM not in response.content:
        return response
    match = request.resolver_match
    is_told_there = match is not None and match.view_name in WITHOUT
    here = request.get_full_path() if request.method == "GET" else request.path
    drawn = "" if is_told_there else drawn_for(request, here)
    content = response.content.replace(ROOM, drawn.encode(), 1)
    response.content = content.replace(SKIP, SKIP + SKIP_HERE, 1) if drawn else content
    return response


def drawn_for(request: HttpRequest, here: str) -> str:
    """The panel as the part of a page; empty without a run."""
    panel = panel_of(request.seat, here, timezone.now())
    return render_to_string("training/_coach.html", {"panel": panel}, request) if panel else ""


# --- What the script plays and points at ---------------------------------------------------------------------
def showing(run: Run, now: datetime) -> Mapping:
    """How the next step is done, all values filled in: for Tunjukkan, which plays it, and Bimbing, which points."""
    result = progress(run, now)
    current = result.current if result else None
    told: dict = {"run": run.pk, "mode": run.mode, "step": None, "actions": [], "pause_ms": PAUSE_MS}
    if result is None or current is None:
        return told
    role = result.scenario.role
    told["step"] = {"code": current.step.code, "do": values.fill(current.step.do, run.seat, role, now)}
    told["actions"] = [_shown_action(run.seat, role, action, now) for action in current.step.show]
    return told


def _shown_action(seat: Seat, role: str, action: Action, now: datetime) -> dict:
    """A placeholder that has no value yet, such as the code of a mail to come, stays empty until it is asked again."""

    def filled(text: str) -> str:
        return values.fill(text, seat, role, now)

    if isinstance(action.argument, str):
        named = {"halaman": filled(action.argument)}
        argument: object = named["halaman"]
    else:
        given = action.argument
        named = {label: filled(said) for label, said in given.items() if isinstance(said, str)}
        argument = named | {label: list(map(filled, said)) for label, said in given.items() if isinstance(said, tuple)}
    told = {"verb": action.verb, "argument": argument}
    if action.verb == "buka":
        try:
            told["address"] = player.address(**named, on=now + seat.clock_offset)
        except NoReverseMatch:
            told["address"] = ""
    return told
