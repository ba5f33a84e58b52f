"""What an observed act means in a run: a step done, a wrong turn, nothing. Pure: no rows, no clock, no request.

An act is tested against the wrong turns and against the steps that are not done; it completes the earliest of them
that it satisfies. The run ends with the last step; what was not done by then is missed. Points, states and times are
reckoned from the same list of acts, so that nothing has to be stored twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from portal.training.scripts.scenario import Condition, Scenario, Step, Wrong

ALONE, FROM_TRAINER = "sendiri", "pelatih"  # who asked for a hint
OWN_ACCOUNTS = "kartu"
WITH_POINTS = ("latih", "uji")


@dataclass(frozen=True)
class Seen:
    """One act on a seat, as Event keeps it; `step` and `wrong` are empty until it is judged."""

    act: str
    page: str = ""
    result: str = ""
    detail: Mapping = field(default_factory=dict)
    at: datetime | None = None
    step: str = ""
    wrong: str = ""


Facts = frozenset[tuple[str, str]]  # (fact, about whom)
NO_FACTS: Facts = frozenset()


@dataclass(frozen=True)
class Verdict:
    """Codes of the step that an act did and of the wrong turn that it was; empty for none. `ends`: with it, the run."""

    step: str = ""
    wrong: str = ""
    ends: bool = False


# --- One act -------------------------------------------------------------------------------------------------
def matches(condition: Condition, seen: Seen, role: str) -> bool:
    """Whether this act alone is what the condition speaks of. Not for facts and compounds.

    >>> login = Seen("kirim", "login", "ditolak", {"sebab": ["kata-sandi"], "lewat": "web"})
    >>> matches(Condition("kirim", ("login",), reasons=("kata-sandi", "terkunci")), login, "budi")
    True
    >>> matches(Condition("kirim", ("login",), result="berhasil"), login, "budi")
    False
    """
    if condition.act != seen.act or not _is_about(condition, seen):
        return False
    detail = seen.detail
    return (
        _result_fits(condition, seen, role)
        and (not condition.reasons or bool({*condition.reasons} & {*detail.get("sebab", ())}))
        and _who_fits(condition.who, detail.get("sebagai", ""))
        and _kpj_fits(condition.kpj, seen, role)
        and (not condition.via or condition.via == detail.get("lewat", ""))
        and (not condition.answered or condition.answered.casefold() in detail.get("dijawab", "").casefold())
        and {*condition.by} <= {*detail.get("menurut", ())}
        and (not condition.allows or condition.allows in detail.get("boleh", ()))
    )


def _is_about(condition: Condition, seen: Seen) -> bool:
    if seen.act in ("buka", "kirim"):
        return seen.page in condition.what
    if seen.act == "sms":
        return any(seen.detail.get("kata", "").startswith(words_of(text)) for text in condition.what)
    return seen.detail.get(seen.act, "") in condition.what  # jawab, umpan


def _result_fits(condition: Condition, seen: Seen, role: str) -> bool:
    """A page that is asked for must have been shown, unless the condition says otherwise or means another's."""
    if condition.result:
        return condition.result == seen.result
    means_anothers = bool(condition.kpj) and condition.kpj.partition(".")[0] != role
    return seen.act != "buka" or seen.result == "berhasil" or means_anothers


def _who_fits(wanted: str, who: str) -> bool:
    """Every account that somebody made is played with a card, whichever card it is."""
    if wanted.startswith(OWN_ACCOUNTS):
        return who.startswith(OWN_ACCOUNTS)
    return not wanted or wanted == who


def _kpj_fits(wanted: str, seen: Seen, role: str) -> bool:
    whose = seen.detail.get("kpj", "")
    if "." in wanted:
        return wanted == seen.detail.get("satu_kpj", "")
    if wanted != "lain":
        return not wanted or wanted == whose
    if not whose:
        return False
    own = role if seen.act == "sms" else seen.detail.get("sebagai", "")
    if own.startswith(OWN_ACCOUNTS):
        return not whose.startswith(OWN_ACCOUNTS)
    return whose != own


def words_of(text: str) -> str:
    """How a text to 2757 begins, as one of a few words: nothing else of it is kept.

    >>> [words_of(text) for text in ("daftar  Saldo#49…", "DAFTAR SALDOE #4", "saldo 49000000011", "731905", "Halo")]
    ['DAFTAR SALDO', 'DAFTAR SALDO', 'SALDO', 'KODE', 'LAIN']
    """
    words = " ".join(text.upper().split())
    for known in ("DAFTAR SALDO", "DAFTAR", "SALDO"):
        if words.startswith(known):
            return known
    digits = "".join(character if character.isdigit() else " " for character in words).split()
    return "KODE" if words.startswith("KODE") or any(len(one) == 6 for one in digits) else "LAIN"


# --- Conditions over a run -----------------------------------------------------------------------------------
def holds(condition: Condition, acts: Sequence[Seen], facts: Facts, role: str) -> bool:
    """Whether the condition has come true in the course of these acts."""
    match condition.act:
        case "salah_satu":
            return any(holds(part, acts, facts, role) for part in condition.parts)
        case "semua":
            return all(holds(part, acts, facts, role) for part in condition.parts)
        case "keadaan":
            return any((fact, condition.person or role) in facts for fact in condition.what)
        case _:
            return sum(matches(condition, act, role) for act in acts) >= condition.times


def touches(condition: Condition, seen: Seen, facts: Facts, role: str) -> bool:
    """Whether this act, or a fact that is looked at with it, is part of what the condition asks for."""
    if condition.parts:
        return any(touches(part, seen, facts, role) for part in condition.parts)
    if condition.act == "keadaan":
        return any((fact, condition.person or role) in facts for fact in condition.what)
    return matches(condition, seen, role)


def facts_asked(scenario: Scenario, before: Sequence[Seen]) -> Facts:
    """What has to be looked up in rows: the facts of steps not done and of wrong turns not taken."""
    done, taken = {seen.step for seen in before}, {seen.wrong for seen in before}
    conditions = [step.done for step in scenario.steps if step.code not in done]
    conditions += [wrong.when for wrong in scenario.wrongs if wrong.code not in taken]
    return frozenset(_facts_in(conditions, scenario.role))


def _facts_in(conditions: Iterable[Condition], role: str) -> Iterable[tuple[str, str]]:
    for condition in conditions:
        if condition.act == "keadaan":
            yield from ((fact, condition.person or role) for fact in condition.what)
        yield from _facts_in(condition.parts, role)


# --- Judging -------------------------------------------------------------------------------------------------
def judge(scenario: Scenario, mode: str, before: Sequence[Seen], seen: Seen, facts: Facts = NO_FACTS) -> Verdict:
    """What this act means after those before it."""
    step = _step_done(scenario, before, seen, facts)
    wrong = _wrong_turn(scenario, before, seen, facts, is_right=bool(step))
    over = {one.step for one in before} | {step}
    if mode == "uji":  # there a question is answered once
        over |= {one.detail.get("langkah") for one in (*before, seen) if one.act == "jawab"}
    # Doing the last step ends a run. Its question, which stands beside every page, may be answered long before.
    ends = step == scenario.steps[-1].code and seen.act != "jawab"
    return Verdict(step, wrong, ends or all(one.code in over for one in scenario.steps))


def _step_done(scenario: Scenario, before: Sequence[Seen], seen: Seen, facts: Facts) -> str:
    done = {one.step for one in before}
    acts = [*before, seen]
    for step in scenario.steps:
        if step.code in done or (seen.act == "jawab" and seen.detail.get("langkah") != step.code):
            continue
        if touches(step.done, seen, facts, scenario.role) and holds(step.done, acts, facts, scenario.role):
            return step.code
    return ""


def _wrong_turn(scenario: Scenario, before: Sequence[Seen], seen: Seen, facts: Facts, *, is_right: bool) -> str:
    """The first wrong turn that this act is. `kali: 3` is one at the third, the sixth …; compounds and facts once."""
    acts, taken = [*before, seen], {one.wrong for one in before}
    for wrong in scenario.wrongs:
        when = wrong.when
        if seen.act == "jawab" and is_right:
            continue
        if not touches(when, seen, facts, scenario.role):
            continue
        if when.parts or when.act == "keadaan":
            if wrong.code not in taken and holds(when, acts, facts, scenario.role):
                return wrong.code
        elif sum(matches(when, act, scenario.role) for act in acts) % when.times == 0:
            return wrong.code
    return ""


def _is_answer_to(seen: Seen, code: str) -> bool:
    return seen.act == "jawab" and seen.detail.get("langkah") == code


# --- Results -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class StepResult:
    """How one step stands: belum, sekarang, selesai, terlambat or terlewat. `after`: from the start of the run."""

    step: Step
    state: str
    after: timedelta | None = None
    hints: tuple[str, ...] = ()
    hints_asked: int = 0
    wrong_answers: tuple[str, ...] = ()
    slips: int = 0  # wrong answers that are no wrong turn of the scenario
    is_closed: bool = False  # a question of an Uji that was answered once

    @property
    def is_done(self) -> bool:
        return self.state in ("selesai", "terlambat")


@dataclass(frozen=True)
class WrongResult:
    wrong: Wrong
    times: int
    after: timedelta


@dataclass(frozen=True)
class Result:
    """A run as it stands. `points` is None in the modes that show, which score nothing; `faults`: ids of those met."""

    scenario: Scenario
    steps: tuple[StepResult, ...]
    wrongs: tuple[WrongResult, ...]
    points: int | None
    took: timedelta
    faults: tuple[str, ...] = ()

    @property
    def current(self) -> StepResult | None:
        return next((one for one in self.steps if one.state == "sekarang"), None)

    @property
    def done_count(self) -> int:
        return sum(one.is_done for one in self.steps)

    @property
    def hint_count(self) -> int:
        """Hints asked for, those of the trainer left out."""
        return sum(one.hints_asked for one in self.steps)


def reckon(
    scenario: Scenario, mode: str, acts: Sequence[Seen], started_at: datetime, now: datetime, ended_at: datetime | None
) -> Result:
    """How the run stands after these acts, in the order in which they were seen."""
    done_at = {seen.step: seen.at - started_at for seen in reversed(acts) if seen.step}
    steps: list[StepResult] = []
    for step in scenario.steps:
        answers = [seen for seen in acts if _is_answer_to(seen, step.code) and seen.step != step.code]
        is_closed = mode == "uji" and bool(answers)
        after = done_at.get(step.code)
        is_current = not any(one.state == "sekarang" for one in steps)
        asked = [seen for seen in acts if seen.act == "petunjuk" and seen.detail.get("langkah") == step.code]
        own = {seen.detail.get("nomor", 0) for seen in asked if seen.detail.get("dari", ALONE) == ALONE}
        shown = max((seen.detail.get("nomor", 0) for seen in asked), default=0)
        steps.append(
            StepResult(
                step,
                _state(step, mode, after, is_current=is_current, is_over=bool(ended_at) or is_closed),
                after,
                hints=step.hints[:shown],
                hints_asked=len(own),
                wrong_answers=tuple(seen.detail.get("jawab", "") for seen in answers),
                slips=sum(not seen.wrong for seen in answers),
                is_closed=is_closed,
            )
        )
    wrongs = tuple(_wrongs(scenario, acts, started_at))
    took = (ended_at or now) - started_at
    faults = tuple(dict.fromkeys(seen.detail["gangguan"] for seen in acts if seen.detail.get("gangguan")))
    points = points_of(scenario, steps, wrongs) if mode in WITH_POINTS else None
    return Result(scenario, tuple(steps), wrongs, points, took, faults)


def _state(step: Step, mode: str, after: timedelta | None, *, is_current: bool, is_over: bool) -> str:
    if after is None:
        return "terlewat" if is_over else "sekarang" if is_current else "belum"
    is_late = step.due_minutes and after > timedelta(minutes=step.due_minutes) and mode in WITH_POINTS
    return "terlambat" if is_late else "selesai"


def _wrongs(scenario: Scenario, acts: Sequence[Seen], started_at: datetime) -> Iterable[WrongResult]:
    for wrong in scenario.wrongs:
        taken = [seen.at for seen in acts if seen.wrong == wrong.code]
        if taken:
            yield WrongResult(wrong, len(taken), taken[0] - started_at)


def points_of(scenario: Scenario, steps: Iterable[StepResult], wrongs: Sequence[WrongResult]) -> int:
    """Of 100: less for each hint, each kind of wrong turn, each late and each missed step. A wrong answer that is no
    wrong turn costs as much as a hint; in an Uji its step is missed.

    A wrong turn costs once, however often it was taken; a step that is still to be done costs nothing yet.
    """
    cost, lost = scenario.points, 0.0
    for one in steps:
        lost += cost.hint * (one.hints_asked + one.slips)
        lost += cost.late * (one.state == "terlambat")
        lost += 100 / len(scenario.steps) * (one.state == "terlewat")
    lost += cost.wrong * len(wrongs)
    return max(0, round(100 - lost))
