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


def done_by(run: Run) -> set[str]:
    return {act.step for act in acts_of(run)} - {""}


def actions(*told: dict) -> list[Action]:
    """Actions as a trainee who strays would take them."""
    return [Action(*pair) for one in told for pair in one.items()]


REGISTER = "DAFTAR SALDO#{nik}#{lahir}#"


@pytest.mark.parametrize(
    "texts, done",
    [
        ([REGISTER + "{kpj3}"] * 2, {"pertama"}),
        ([REGISTER + "{kpj3}", "SALDO {kpj3}"], {"pertama"}),
        ([REGISTER + "{kpj}", REGISTER + "{kpj3}", "SALDO {kpj}"], {"pertama"}),
        ([REGISTER + "{kpj2}", REGISTER + "{kpj3}", "SALDO {kpj2}"], {"pertama", "kedua", "saldo"}),
    ],
)
def test_each_text_of_siti_counts_for_the_kpj_that_it_names(seat, texts, done):
    with begun(seat.pk, SCENARIOS["sms-satu-kpj-satu-daftar"]) as (run, player):
        play(player, actions(*({"sms": {"isi": text}} for text in texts)), "sms")
        assert done_by(run) == done


def test_the_kpj_that_siti_pays_into_today_is_none_of_the_old_ones(seat):
    scenario = SCENARIOS["beberapa-kpj"]
    with begun(seat.pk, scenario) as (run, player):
        play(player, scenario.step("saldo").show, "saldo")
        play(player, actions({"buka": {"halaman": "rincian", "kpj": "{kpj3}"}}), "today's")
        assert done_by(run) == {"saldo"}
        play(player, actions({"buka": {"halaman": "rincian", "kpj": "{kpj2}"}}), "an old one")
        assert done_by(run) == {"saldo", "rincian"}


def hendra_asks(day: str) -> list[Action]:
    show = SCENARIOS["loket-koran-usia-59"].step("ulang-tahun").show
    form = next(dict(action.argument) for action in show if action.verb == "isi")
    return actions({"buka": "simulasi-klaim"}, {"isi": form | {"Tanggal klaim": day}}, {"klik": "Hitung"})


def test_hendra_is_56_only_once_the_clock_of_the_seat_has_come_to_his_birthday(seat):
    scenario = SCENARIOS["loket-koran-usia-59"]
    with begun(seat.pk, scenario) as (run, player):
        play(player, scenario.step("hari-ini").show, "hari-ini")
        play(player, hendra_asks("{tanggal}"), "today")
        play(player, hendra_asks("17-04-2026"), "a day to come")
        assert done_by(run) == {"hari-ini"}
        play(player, actions({"jam": "umur-hendra"}), "jam")
        assert done_by(run) == {"hari-ini"}
        play(player, hendra_asks("{tanggal}"), "birthday")
        assert done_by(run) == {"hari-ini", "ulang-tahun"}


def test_the_same_simulation_twice_is_no_comparison(seat):
    scenario = SCENARIOS["loket-peraturan-mana"]
    with begun(seat.pk, scenario) as (run, player):
        play(player, scenario.step("dahulu").show, "dahulu")
        play(player, actions({"klik": "Hitung"}, {"klik": "Hitung"}), "again")
        assert done_by(run) == {"dahulu"}
        play(player, actions({"isi": {"Tanggal klaim": "{tanggal}"}}, {"klik": "Hitung"}), "today")
        assert done_by(run) == {"dahulu"}


def test_a_simulation_of_today_is_not_one_of_march_2022(seat):
    scenario = SCENARIOS["loket-peraturan-mana"]
    with begun(seat.pk, scenario) as (run, player):
        play(player, scenario.step("dahulu").show[:4], "login")
        play(player, actions({"buka": "simulasi-klaim"}, {"klik": "Hitung"}), "today")
        assert done_by(run) == set()


def test_an_account_of_the_cast_is_not_ones_own(seat):
    scenario = SCENARIOS["web-akun-baru"]
    with begun(seat.pk, scenario) as (run, player):
        for code in ("daftar", "kode"):
            play(player, scenario.step(code).show, code)
        as_budi = {"E-mail": "{budi.email}", "Kata sandi": "{budi.kata_sandi}"}
        play(player, actions({"klik": "Keluar"}, {"buka": "login"}, {"isi": as_budi}), "budi")
        play(player, actions({"centang": "Saya bukan robot"}, {"klik": "Login"}), "budi")
        assert done_by(run) == {"daftar", "kode"}


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
