"""What is talked about afterwards: what each seat did, where it went wrong, what to explain. Read from rows alone."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jht.sheets import Value
from portal.training.models import Classroom, Event, Fault, Run, Seat
from portal.training.runs.judging import Result, StepResult, WrongResult, reckon
from portal.training.scripts import values
from portal.training.scripts.scenario import Scenario, Wrong
from portal.training.scripts.scenario_parts import Condition
from portal.training.scripts.vocabulary import PAGES
from portal.training.stage import explorer
from portal.training.steering.board import acts_of, scenario_of
from portal.training.trouble.faults import FAULTS, FaultKind

REFUSING = {"kata-sandi": "salah", "kode-salah": "salah", "captcha": "tanpa-centang"}  # how the explorer calls these
COMMONEST = 3  # wrong turns that the room talks about
HEADINGS = (
    *("Kursi", "Nama", "Latihan", "Cara", "Mulai", "Lama (menit)", "Hasil", "Nilai", "Langkah", "Selesai", "Terlambat"),
    *("Terlewat", "Salah jalan", "Petunjuk diminta", "Petunjuk pelatih", "Gangguan"),
)


@dataclass(frozen=True)
class Report:
    """One go at one scenario, as it ended or as it stands."""

    seat: Seat
    run: Run
    result: Result
    told: int  # hints that the trainer gave
    faults: tuple[FaultKind, ...]
    now: datetime

    @property
    def scenario(self) -> Scenario:
        return self.result.scenario

    @property
    def picture(self) -> "Picture":
        return picture_of(self.scenario, self.scenario.page)

    @property
    def outcome(self) -> str:
        return Run.Outcome(self.run.outcome).label if self.run.outcome else "masih berjalan"

    @property
    def is_whole(self) -> bool:
        """Whether every step was done, late or not."""
        return self.result.done_count == len(self.result.steps)

    @property
    def late(self) -> list[StepResult]:
        return [one for one in self.result.steps if one.state == "terlambat"]

    @property
    def missed(self) -> list[StepResult]:
        return [one for one in self.result.steps if one.state == "terlewat"]

    @property
    def steps(self) -> list[tuple[str, StepResult]]:
        """Every step in words, and how it stands."""
        return [(self.say(one.step.do), one) for one in self.result.steps]

    @property
    def wrongs(self) -> list[tuple[str, WrongResult]]:
        """Every wrong turn that was taken, and what it means."""
        return [(self.say(one.wrong.meaning), one) for one in self.result.wrongs]

    @property
    def explain(self) -> list[str]:
        return [self.say(text) for text in self.scenario.explain]

    def say(self, text: str) -> str:
        """The words of the scenario with the values of this seat."""
        return values.fill(text, self.seat, self.scenario.role, self.now)

    @property
    def minutes(self) -> int:
        """Whole minutes, a begun one counts."""
        return -(-self.result.took // timedelta(minutes=1))


@dataclass(frozen=True)
class WrongTurn:
    """A wrong turn of the room: how many seats took it, how often, what it means and what to explain.

    `same_as`: the place in the list where the same explanation stands already; 0 for none.
    """

    scenario: Scenario
    wrong: Wrong
    meaning: str
    explain: tuple[str, ...]
    seats: tuple[int, ...]
    times: int
    same_as: int = 0

    @property
    def picture(self) -> "Picture":
        """Where it went wrong."""
        page, refusing = _place_of(self.wrong.when) or (self.scenario.page, ())
        return picture_of(self.scenario, page, refusing)


@dataclass(frozen=True)
class Picture:
    """The page that goes with an explanation: its word and title, and the state of the explorer that shows it."""

    page: str
    title: str
    state: str


@dataclass(frozen=True)
class Debrief:
    """A class, or one seat of it. `faults`: whatever was thrown, with the number of seats it reached (0: the room)."""

    room: Classroom
    reports: list[Report]
    wrong_turns: list[WrongTurn]
    faults: list[tuple[FaultKind, int]]

    @property
    def commonest(self) -> list[WrongTurn]:
        """The first few, each explanation once."""
        first: dict[str, int] = {}
        found = []
        for place, turn in enumerate(self.wrong_turns[:COMMONEST], start=1):
            found.append(replace(turn, same_as=first.get(turn.scenario.slug, 0)))
            first.setdefault(turn.scenario.slug, place)
        return found

    @property
    def by_seat(self) -> list[tuple[Seat, list[Report]]]:
        found: dict[int, tuple[Seat, list[Report]]] = {}
        for report in self.reports:
            found.setdefault(report.seat.pk, (report.seat, []))[1].append(report)
        return list(found.values())

    @property
    def whole(self) -> int:
        return sum(report.is_whole for report in self.reports)

    @property
    def average(self) -> int | None:
        """Points, over the runs that have any: those that ended and are not only shown."""
        points = [report.result.points for report in self.reports if report.result.points is not None]
        return round(sum(points) / len(points)) if points else None

    @property
    def scenarios(self) -> list[tuple[Scenario, list[Report]]]:
        """What was exercised, with everybody's go at it."""
        found: dict[str, tuple[Scenario, list[Report]]] = {}
        for report in self.reports:
            found.setdefault(report.scenario.slug, (report.scenario, []))[1].append(report)
        return list(found.values())


def of_room(room: Classroom, now: datetime) -> Debrief:
    """Every seat, by its number. Three queries and one for the faults."""
    return _debrief(room, list(room.seats.all()), now)


def of_seat(seat: Seat, now: datetime) -> Debrief:
    return _debrief(seat.classroom, [seat], now)


def _debrief(room: Classroom, seats: Sequence[Seat], now: datetime) -> Debrief:
    by_key = {seat.pk: seat for seat in seats}
    runs = Run.objects.filter(seat__in=by_key).exclude(mode=Run.Mode.SHOW)  # that one plays by itself
    ordered = sorted(runs, key=lambda run: (by_key[run.seat_id].number, run.started_at, run.pk))
    acts = acts_of(Event.objects.filter(run__in=[run.pk for run in ordered]))
    reports = []
    for run in ordered:
        seat = run.seat = by_key[run.seat_id]
        if run.ended_at is None and run.deadline_at and run.deadline_at <= now:  # an Uji that nobody came back to
            run.ended_at, run.outcome = run.deadline_at, Run.Outcome.OVER
        if run.ended_at is None and room.ends_at <= now:
            run.ended_at, run.outcome = room.ends_at, Run.Outcome.STOPPED
        if scenario := scenario_of(run.text, run.scenario):
            seen = acts.get(run.pk, [])
            result = reckon(scenario, run.mode, seen, run.started_at, now, run.ended_at)
            if run.ended_at is None:
                result = replace(result, points=None)  # what is still to be done has cost nothing yet
            told = sum(one.act == "petunjuk" and one.detail.get("dari") == "pelatih" for one in seen)
            kinds = tuple(FAULTS[kind] for kind in result.faults if kind in FAULTS)
            reports.append(Report(seat, run, result, told, kinds, now))
    return Debrief(room, reports, list(_wrong_turns(reports)), _thrown(room, by_key, reports))


def _wrong_turns(reports: Iterable[Report]) -> Iterator[WrongTurn]:
    """Those of most seats first, then those taken most often."""
    taken: dict[tuple[str, str], list[tuple[Report, WrongResult]]] = defaultdict(list)
    for report in reports:
        for one in report.result.wrongs:
            taken[report.scenario.slug, one.wrong.code].append((report, one))
    found = []
    for pairs in taken.values():
        report, first = pairs[-1]  # the newest wording, should the scenario have been changed between
        seats = tuple(sorted({one.seat.number for one, _ in pairs}))
        times = sum(one.times for _, one in pairs)
        meaning, explain = report.say(first.wrong.meaning), tuple(report.explain)
        found.append(WrongTurn(report.scenario, first.wrong, meaning, explain, seats, times))
    yield from sorted(found, key=lambda turn: (-len(turn.seats), -turn.times, turn.scenario.title))


def _thrown(room: Classroom, seats: dict[int, Seat], reports: Iterable[Report]) -> list[tuple[FaultKind, int]]:
    """Whatever disturbed these seats or the whole class, thrown or met, by name."""
    reached: dict[str, set[int]] = defaultdict(set)
    for seat, kind in Fault.objects.filter(classroom=room).order_by("pk").values_list("seat", "kind"):
        if seat is None:
            reached[kind] |= set()
        elif seat in seats:
            reached[kind].add(seat)
    for report in reports:
        for met in report.faults:
            reached[met.id].add(report.seat.pk)
    return [(FAULTS[kind], len(some)) for kind, some in reached.items() if kind in FAULTS]


def most_missed(reports: Iterable[Report]) -> list[tuple[str, int]]:
    """Steps that were missed or late most often, in words, with how often: the first three, and what ties with them."""
    judged = [report for report in reports if report.result.points is not None]
    counted = Counter(report.say(one.step.do) for report in judged for one in (*report.late, *report.missed))
    ranked = counted.most_common()
    return [pair for pair in ranked if pair[1] >= ranked[:COMMONEST][-1][1]]


def _place_of(condition: Condition) -> tuple[str, tuple[str, ...]] | None:
    """The page on which this happens, and the states in which it refuses for these reasons; None without a page."""
    if condition.act == "sms":
        return "telepon", ()
    if condition.act in ("buka", "kirim") and (pages := [word for word in condition.what if word in PAGES]):
        endings = [REFUSING.get(reason, reason) for reason in condition.reasons]
        refused = [*endings, "ditolak"] if condition.result == "ditolak" else []
        return pages[0], tuple(f"{pages[0]}-{ending}" for ending in refused)
    return next(filter(None, map(_place_of, condition.parts)), None)


def picture_of(scenario: Scenario, page: str, refusing: Sequence[str] = ()) -> Picture:
    """This page in the first of the states that the explorer has, else as the scenario's own person sees it, else as
    anybody does."""
    states = explorer.states()
    if shown := next((states[code] for code in refusing if code in states), None):
        return Picture(page, PAGES[page].title, shown.code)
    of_page = [state for code, state in states.items() if code == page or code.startswith(f"{page}-")]
    own = [state for state in of_page if state.role == scenario.role]
    plain = [state for state in of_page if state.code == page]
    found = next(iter([*(state for state in plain if state in own), *own[:1], *plain]), None)
    return Picture(page, PAGES[page].title if page in PAGES else "", found.code if found else "")


# --- For a spreadsheet ---------------------------------------------------------------------------------------
def records(debrief: Debrief) -> Iterator[list[Value]]:
    """A line for every go, in the order of HEADINGS."""
    for report in debrief.reports:
        result = report.result
        yield [
            report.seat.number,
            report.seat.name,
            report.scenario.title,
            Run.Mode(report.run.mode).label,
            report.run.started_at,
            report.minutes,
            report.outcome,
            result.points,
            len(result.steps),
            result.done_count,
            _codes(report.late),
            _codes(report.missed),
            ", ".join(f"{one.wrong.code} ({one.times})" if one.times > 1 else one.wrong.code for one in result.wrongs),
            result.hint_count,
            report.told,
            ", ".join(kind.name for kind in report.faults),
        ]


def _codes(steps: Iterable[StepResult]) -> str:
    return ", ".join(one.step.code for one in steps)
