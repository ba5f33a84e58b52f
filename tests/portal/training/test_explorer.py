"""The state explorer: every state is what it says, nothing of it remains, and nobody but a trainer sees it."""

import pytest

from jht.models import Participant
from portal import casting
from portal.training.models import Classroom, Seat
from portal.training.scripts.scenario import Action
from portal.training.stage import explorer
from portal.training.stage.markup import Page
from tests.portal.training.conftest import TODAY

GROUPS = explorer.groups()


@pytest.mark.parametrize("group", GROUPS)
def test_every_state_shows_what_it_says_and_leaves_nothing_behind(demo, group):
    casting.make_people([], [], TODAY)  # the companies of the house, as on every installation
    wrong = []
    for state in GROUPS[group]:
        try:
            shown = explorer.show(state)
        except Exception as error:
            wrong.append((state.code, repr(error)[:300]))
            continue
        if state.seen not in shown.html:
            wrong.append(
                (
                    state.code,
                    shown.status,
                    shown.address,
                    " ".join(Page(shown.html, "").root.text().split())[:900],
                )
            )
        assert "<script" not in shown.html and "<body inert" in shown.html
    assert not wrong
    assert not Classroom.objects.exists() and not Seat.objects.exists() and not Participant.objects.exists()


def test_trainers_find_every_state_and_open_one_with_a_click(trainer):
    listed = trainer.get("/pelatih/keadaan/").text

    assert all(f"/pelatih/keadaan/{code}/" in listed for code in explorer.states())
    assert 'href="/pelatih/keadaan/"' in trainer.get("/pelatih/").text


def test_a_state_has_a_link_of_its_own_neighbours_and_two_widths(trainer):
    page = trainer.get("/pelatih/keadaan/login-kosong/?lebar=ponsel").text

    assert "Login, belum diisi apa pun" in page
    assert 'width="360"' in page and 'sandbox="allow-same-origin"' in page
    assert "/pelatih/keadaan/login-kartu/?lebar=ponsel" in page
    assert "/pelatih/keadaan/login-tanpa-centang/?lebar=ponsel" in page
    assert 'width="1280"' in trainer.get("/pelatih/keadaan/login-kosong/?lebar=apa").text


def test_the_picture_runs_nothing_and_only_its_own_page_may_frame_it(trainer):
    picture = trainer.get("/pelatih/keadaan/login/tampilan/")
    policy = dict(part.strip().split(" ", 1) for part in picture["Content-Security-Policy"].split(";"))

    assert policy["script-src"] == policy["form-action"] == policy["connect-src"] == "'none'"
    assert policy["frame-ancestors"] == "'self'"
    assert picture["X-Frame-Options"] == "SAMEORIGIN"
    assert "SIMULASI" in picture.text and "<script" not in picture.text
    around = trainer.get("/pelatih/keadaan/login/")["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in around and "frame-src 'self'" in around


@pytest.mark.parametrize("path", ["", "login/", "login/tampilan/"])
def test_nobody_but_a_trainer_sees_states(demo, client, sit, path):
    seated = sit()
    assert client.get(f"/pelatih/keadaan/{path}")["Location"].startswith("/akun/login/")
    seated.force_login(seated.seat.people.get(slug="budi").user)
    assert seated.get(f"/pelatih/keadaan/{path}").status_code == 404


def test_outside_a_demo_there_are_no_states(trainer, settings):
    settings.DEMO = False

    assert trainer.get("/pelatih/keadaan/").status_code == 404
    assert trainer.get("/pelatih/keadaan/login/tampilan/").status_code == 404


def test_an_unknown_state_is_not_found(trainer):
    assert trainer.get("/pelatih/keadaan/entah/").status_code == 404


def test_a_state_that_cannot_be_reached_any_more_says_which_action_failed(trainer, monkeypatch):
    lost = explorer.State(
        "lost", "Hilang", "Uji", "budi", "-", (), (Action("buka", "login"), Action("klik", "Terbang"))
    )
    monkeypatch.setattr(explorer, "states", lambda: {"lost": lost})

    assert "klik: Terbang: tidak ada tombol" in trainer.get("/pelatih/keadaan/lost/").text
    assert trainer.get("/pelatih/keadaan/lost/tampilan/").status_code == 404
