"""Every page of the site in every state that matters: which there are, and how one comes to be seen.

The states are data (portal/training/states/*.yaml, in the language of scenarios). One is shown by playing it through
the site on a seat that is made for it, inside a transaction that is rolled back: nothing of it remains.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from portal import refusals
from portal.training.models import Fault, Seat
from portal.training.scripts.scenario_parts import FOLK, SLUG, Action, Fields, actions_of, setup_of
from portal.training.scripts.scenario_tree import Faults, Node, tree
from portal.training.seats import clock, seating
from portal.training.stage.player import Player
from portal.training.trouble import faults

FOLDER = Path(__file__).parent.parent / "states"
ROLES = (*FOLK, "kartu", "petugas")
WIDTHS = {"ponsel": ("Ponsel", 360), "laptop": ("Laptop", 1280)}
FRESH_FOR = 10 * 60  # seconds that a picture is shown again without being made anew
REMEMBERED = 64  # pictures a process keeps; some 40 KB each
RUNS = re.compile(r"<(script|noscript|template)\b.*?</\1>", re.DOTALL | re.IGNORECASE)

LOGIN = (
    Action("buka", "login"),
    Action("isi", {"E-mail": "{email}", "Kata sandi": "{kata_sandi}"}),
    Action("centang", "Saya bukan robot"),
    Action("klik", "Login"),
)
SIGN_UP = (
    Action("buka", "daftar"),
    Action("isi", {"E-mail": "{email_baru}", "Kata sandi": "{sandi_baru}", "Kata sandi, sekali lagi": "{sandi_baru}"}),
    Action("pilih", "Saya mengerti bahwa ini simulasi"),
    Action("centang", "Saya bukan robot"),
    Action("klik", "Buat Akun Baru"),
)
NEW_ACCOUNT = (*SIGN_UP, Action("isi", {"Kode enam angka": "{kode}"}), Action("klik", "Kirim kode"))
BEGINNINGS = {"masuk": LOGIN, "daftar": SIGN_UP, "akun-baru": NEW_ACCOUNT}


class Wrong(Exception):
    """A file of states has faults."""


@dataclass(frozen=True)
class State:
    """One page in one state. `seen`: words that are on the page then; a test looks for them.

    Shown by its actions on a seat, or drawn as the refusal with `status`, which nobody can bring about on purpose.
    """

    code: str
    title: str
    group: str
    role: str
    seen: str
    setup: tuple[Action, ...] = ()
    actions: tuple[Action, ...] = ()
    path: str = ""
    status: int = 0


@dataclass(frozen=True)
class Shown:
    """What a state looks like: a page without scripts, that nobody can operate."""

    status: int
    html: str
    address: str


# --- Which there are -------------------------------------------------------------------------------------------
@cache
def states() -> dict[str, State]:
    """By code, in the order of the files."""
    found: dict[str, State] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        wrong = Faults()
        root = tree(path.read_text("utf-8"), wrong)
        for state in _group(root, found, wrong) if root else ():
            if state.code in found:
                wrong.add(1, f"Kode “{state.code}” sudah dipakai.")
            found[state.code] = state
        if wrong.found:
            raise Wrong(f"{path.name}: {wrong.found}")
    return found


def groups() -> dict[str, list[State]]:
    """The states under the titles of their groups."""
    found: dict[str, list[State]] = {}
    for state in states().values():
        found.setdefault(state.group, []).append(state)
    return found


def neighbours(state: State) -> tuple[State | None, State | None]:
    """The one before and the one after."""
    everything = list(states().values())
    place = everything.index(state)
    return everything[place - 1] if place else None, everything[place + 1] if place + 1 < len(everything) else None


def _group(root: Node, known: dict[str, State], wrong: Faults) -> Iterator[State]:
    fields = Fields(root, "kelompok", wrong)
    group = fields.text("judul", needed=True, most=80)
    usual = fields.word("peran", ROLES) or "budi"
    for node in fields.items("keadaan", 1, 60):
        yield _state(Fields(node, "keadaan", wrong), group, usual, known, wrong)
    fields.close()


def _state(fields: Fields, group: str, usual: str, known: dict[str, State], wrong: Faults) -> State:
    """`sesudah` goes on from another state, with its person."""
    code = fields.text("kode", needed=True, most=60)
    if not SLUG.fullmatch(code):
        wrong.add(fields.node.line, f"Kode “{code}” memakai huruf kecil, angka, dan tanda hubung saja.")
    before = known.get(fields.word("sesudah", known))
    beginning = before.actions if before else BEGINNINGS.get(fields.word("mulai", BEGINNINGS), ())
    setup = tuple(setup_of(fields.items("awal", 1, 5, needed=False), wrong))
    state = State(
        code,
        fields.text("judul", needed=True, most=120),
        group,
        fields.word("peran", ROLES) or (before.role if before else usual),
        fields.text("tampak", needed=True, most=200),
        (*before.setup, *setup) if before else setup,
        (*beginning, *actions_of(fields.items("lakukan", 1, 40, needed=False), wrong)),
        fields.text("alamat", most=120),
        fields.number("penolakan", 0, 400, 599),
    )
    fields.close()
    return state


# --- How one is shown ------------------------------------------------------------------------------------------
def show(state: State) -> Shown:
    """The picture of a state; Stuck when the site has changed and it cannot be reached any more."""
    return _shown(state.code, int(timezone.now().timestamp()) // FRESH_FOR)


@lru_cache(maxsize=REMEMBERED)
def _shown(code: str, slot: int) -> Shown:
    state = states()[code]
    if state.status:
        return Shown(state.status, inert(refusals.refusal(state.status).content.decode()), "")
    player = play(state)
    page = player.page.url if player.page else "/"
    if player.response is None:
        raise Wrong(f"{code}: no page")
    return Shown(
        player.response.status_code, inert(player.response.content.decode()), re.sub(r"^https?://[^/]+", "", page)
    )


def play(state: State) -> Player:
    """Whoever plays it, and has the page on the screen then."""
    with passing_seat() as seat:
        for action in state.setup:
            _prepare(seat, action)
        player = Player(seat, state.role)
        player.perform(state.actions)
        if state.path:
            player.visit(state.path)
    return player


@contextmanager
def passing_seat() -> Iterator[Seat]:
    """A seat in a class of its own, all of which is gone again afterwards, with whatever was done on it.

    On SQLite others who want to write wait meanwhile, for some tenths of a second.
    """
    now = timezone.now()
    with transaction.atomic():
        try:
            room = seating.open_class("Contoh", timezone.localdate(now, seating.JAKARTA), 1, 0, now, None)
            yield seating.take(room.seats.get(), now)
        finally:
            transaction.set_rollback(True)


def _prepare(seat: Seat, action: Action) -> None:
    now = timezone.now()
    if action.verb == "jam":
        clock.turn(seat, action.argument, seating.today_of(seat, now), seat.made_on)
    elif action.verb == "gangguan":
        faults.throw(seat.classroom, seat, action.argument, Fault.Source.TRAINER, None, now)


def inert(html: str) -> str:
    """The page without scripts and with nothing to press, as a picture.

    >>> inert('<body class="x"><script>1</script><a href="/">Ke beranda</a></body>')
    '<body inert class="x"><a href="/">Ke beranda</a></body>'
    """
    return RUNS.sub("", html).replace("<body", "<body inert", 1)
