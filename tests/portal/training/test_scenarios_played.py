"""Every shipped scenario is played on a real seat, through the site's own pages: down each wrong turn, to its end."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings as project
from django.db import transaction
from django.utils import timezone

from jht.imports import jobs
from portal.training.models import Run, Seat
from portal.training.runs import running
from portal.training.runs.judging import reckon
from portal.training.runs.recording import acts_of
from portal.training.scripts import library
from portal.training.scripts.scenario import Action, Scenario, read
from portal.training.seats import seating
from portal.training.stage.player import Player
from tests.portal.training.conftest import TODAY

SCENARIOS = {slug: read(text, slug) for slug, text in library.shipped().items()}
RULES = (project.BASE_DIR / "docs" / "aturan.md").read_text()


def every_text(scenario: Scenario) -> Iterator[str]:
    """What a trainee or a trainer reads of it."""
    yield from (scenario.title, scenario.story, scenario.goal, *scenario.explain)
    for step in scenario.steps:
        yield from (step.do, *step.hints, step.question, *(step.choices or {}).values())
    yield from (wrong.meaning for wrong in scenario.wrongs)


# --- What ships ----------------------------------------------------------------------------------------------
def test_at_least_twenty_four_scenarios_ship():
    assert len(SCENARIOS) >= 24


def test_there_are_some_of_every_kind_and_level():
    assert {one.kind for one in SCENARIOS.values()} == {"peserta", "loket", "petugas"}
    assert {one.level for one in SCENARIOS.values()} == {"dasar", "menengah", "mahir"}


def test_no_two_scenarios_have_one_title():
    titles = [one.title for one in SCENARIOS.values()]
    assert len({*titles}) == len(titles)


@pytest.mark.parametrize("slug", SCENARIOS)
def test_every_sentence_is_finished_and_none_shouts(slug):
    for text in every_text(SCENARIOS[slug]):
        assert "!" not in text
        assert "—" not in text
    for text in (*SCENARIOS[slug].explain, *(hint for step in SCENARIOS[slug].steps for hint in step.hints)):
        assert text.endswith((".", "?", "}")), text


@pytest.mark.parametrize("slug", [slug for slug, one in SCENARIOS.items() if one.rule])
def test_the_rule_that_is_named_is_in_the_rules(slug):
    headings = re.findall(r"^#+ (.+)$", RULES, re.MULTILINE)
    assert SCENARIOS[slug].rule in {heading.lower().replace(" ", "-") for heading in headings}


# --- Played --------------------------------------------------------------------------------------------------
@pytest.fixture
def seat(settings, real_clock, demo, monkeypatch) -> Seat:
    """A seat. Captchas are solved truly, but quickly; an import runs here, not in a process aside."""
    monkeypatch.setattr("accounts.captcha.HARDEST", 500)
    monkeypatch.setattr(jobs, "start", lambda job: jobs.run(job.pk))
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    room = seating.open_class("Kelas Skenario", TODAY, 1, 7, timezone.now(), None)
    return seating.take_free(room, "Andi", timezone.now())


@contextmanager
def begun(pk: int, scenario: Scenario) -> Iterator[tuple[Run, Player]]:
    """The scenario begun for practice, and somebody at a browser; afterwards the seat is as it was before."""
    with transaction.atomic():
        seat = Seat.objects.select_related("classroom").get(pk=pk)
        run = running.start(seat, scenario, Run.Mode.PRACTISE, timezone.now())
        player = Player(seat, scenario.role)
        player.visit("/")
        yield run, player
        transaction.set_rollback(True)


def play(player: Player, actions: Iterable[Action], what: str) -> None:
    try:
        player.perform(actions)
    except Exception as error:
        raise AssertionError(f"{what}: {error}") from error


@pytest.mark.parametrize("slug", SCENARIOS)
def test_scenario_is_played_down_each_wrong_turn_and_to_its_end(seat, slug):
    scenario = SCENARIOS[slug]
    for wrong in scenario.wrongs:
        with begun(seat.pk, scenario) as (run, player):
            play(player, wrong.example, wrong.code)
            assert wrong.code in {act.wrong for act in acts_of(run)}, wrong.code
    with begun(seat.pk, scenario) as (run, player):
        for step in scenario.steps:
            play(player, step.show, step.code)
            assert step.code in {act.step for act in acts_of(run)}, step.code
        run.refresh_from_db()
        assert run.outcome == Run.Outcome.DONE
        result = reckon(scenario, run.mode, acts_of(run), run.started_at, timezone.now(), run.ended_at)
        assert {one.state for one in result.steps} == {"selesai"}
        assert result.points == 100
