"""Plays a scenario before anybody exercises it: whether its demonstration leads to each step, its examples to each
wrong turn. On a seat that is gone afterwards, so nothing of it remains."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils import timezone

from portal.training.models import OwnScenario, Run
from portal.training.runs import running
from portal.training.runs.judging import Result
from portal.training.scripts.scenario import Action, Scenario
from portal.training.stage.explorer import passing_seat
from portal.training.stage.player import Player, Stuck

REACHED = "Tercapai."
NOT_DONE = "Tindakannya dapat dijalankan, tetapi langkah ini tidak dinilai selesai. Periksa “selesai”."
NOT_WRONG = "Tindakannya dapat dijalankan, tetapi tidak dicatat sebagai salah jalan. Periksa “bila”."
NO_EXAMPLE = "Tanpa contoh, jadi tidak dicoba."


@dataclass(frozen=True)
class Outcome:
    """What came of one step or one wrong turn; `is_good` is None for what was not tried."""

    code: str
    is_good: bool | None
    sentence: str


def steps(scenario: Scenario, text: str) -> Iterator[Outcome]:
    """Every step, played one after another. What comes after one that cannot be played is not tried."""
    parts = [step.show for step in scenario.steps]
    result, stuck, played = _play(scenario, text, parts)
    for place, step in enumerate(result.steps if result else ()):
        if place < played:
            is_done = step.state in ("selesai", "terlambat")
            yield Outcome(step.step.code, is_done, REACHED if is_done else NOT_DONE)
        elif place == played:
            yield Outcome(step.step.code, False, stuck)
        else:
            yield Outcome(step.step.code, None, "Tidak dicoba, karena langkah di atasnya terhenti.")


def wrongs(scenario: Scenario, text: str) -> Iterator[Outcome]:
    """Every wrong turn that has an example, each on a seat of its own."""
    for wrong in scenario.wrongs:
        if not wrong.example:
            yield Outcome(wrong.code, None, NO_EXAMPLE)
            continue
        result, stuck, _ = _play(scenario, text, [wrong.example])
        taken = result is not None and wrong.code in {one.wrong.code for one in result.wrongs}
        yield Outcome(wrong.code, taken, REACHED if taken else stuck or NOT_WRONG)


def _play(scenario: Scenario, text: str, parts: Sequence[Sequence[Action]]) -> tuple[Result | None, str, int]:
    """How the run stands then, why it stuck, and how many of the parts were played."""
    stuck, played = "", 0
    with passing_seat() as seat:
        OwnScenario.objects.update_or_create(slug=scenario.slug, defaults={"text": text})
        run = running.start(seat, scenario, Run.Mode.GUIDE, timezone.now())
        player = Player(seat, scenario.role)
        player.visit("/")
        try:
            for part in parts:
                player.perform(part)
                played += 1
        except Stuck as error:
            stuck = str(error)
        run.refresh_from_db()
        result = running.progress(run)
    return result, stuck, played
