"""A scenario: a file that a trainer can read, copy and change, read into plain values with every fault told at once.

The words are Indonesian and explained in docs/skenario.md. `read` never raises anything but ScenarioFault.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from portal.training.scripts import vocabulary
from portal.training.scripts.scenario_parts import (
    FOLK,
    SLUG,
    Action,
    Condition,
    Fields,
    actions_of,
    condition_of,
    setup_of,
    text_of,
)
from portal.training.scripts.scenario_tree import Faults, Node, tree
from portal.training.scripts.values import CARDS, CLERK

__all__ = ["KINDS", "LEVELS", "Action", "Condition", "Points", "Scenario", "ScenarioFault", "Step", "Wrong", "read"]

KINDS = {"peserta": "Peserta", "loket": "Di loket", "petugas": "Petugas"}
LEVELS = {"dasar": "Dasar", "menengah": "Menengah", "mahir": "Mahir"}
LONGEST_CODE = 40  # characters of a step's or wrong turn's code; a column of Event holds it
ANCHOR = re.compile(r"[a-z0-9-]{1,60}")


class ScenarioFault(Exception):
    """The text is no scenario. `faults`: every reason as (line, sentence in Indonesian), in the order of the lines."""

    def __init__(self, faults: list[tuple[int, str]]):
        self.faults = sorted(faults)
        super().__init__("; ".join(f"baris {line}: {sentence}" for line, sentence in self.faults))


@dataclass(frozen=True)
class Step:
    """One thing to do. A question (`question`, `choices`) is answered in the panel; `due_minutes` from the start."""

    code: str
    do: str
    hints: tuple[str, ...]
    done: Condition
    show: tuple[Action, ...]
    due_minutes: int | None = None
    question: str = ""
    choices: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Wrong:
    """A wrong turn: when it was taken, what it means, how one gets there (told for one a scenario at least)."""

    code: str
    when: Condition
    meaning: str
    example: tuple[Action, ...]


@dataclass(frozen=True)
class Points:
    """What is lost of 100 for each; a step missed loses 100 divided by the number of steps."""

    hint: int = 5
    wrong: int = 10
    late: int = 10


@dataclass(frozen=True)
class Scenario:
    """`role`: slug of the cast, a kind of card, or petugas. `given`: label → value, with placeholders still in it."""

    slug: str
    title: str
    kind: str
    level: str
    role: str
    minutes: int
    story: str
    goal: str
    given: Mapping[str, str]
    setup: tuple[Action, ...]
    steps: tuple[Step, ...]
    wrongs: tuple[Wrong, ...]
    points: Points
    explain: tuple[str, ...]
    page: str
    rule: str

    def step(self, code: str) -> Step | None:
        return next((step for step in self.steps if step.code == code), None)

    def wrong(self, code: str) -> Wrong | None:
        return next((wrong for wrong in self.wrongs if wrong.code == code), None)


def read(text: str, slug: str) -> Scenario:
    """The scenario of this text; ScenarioFault with every fault when it is none. Remembered by text."""
    found = _read(text, slug)
    if isinstance(found, Scenario):
        return found
    raise ScenarioFault(list(found))


@lru_cache(maxsize=256)
def _read(text: str, slug: str) -> Scenario | tuple[tuple[int, str], ...]:
    faults = Faults()
    if not SLUG.fullmatch(slug) or len(slug) > 60:
        faults.add(1, f"Kode skenario “{slug[:60]}” memakai huruf kecil, angka, dan tanda hubung saja.")
    root = tree(text, faults)
    if root is not None and root.kind != "map":
        faults.add(root.line, "Naskah dimulai dengan kata kunci, misalnya: judul: Lihat saldo lewat situs")
        root = None
    scenario = _scenario(Fields(root, "skenario", faults), slug, faults) if root else None
    return tuple(faults.found) if faults.found or scenario is None else scenario


def _scenario(fields: Fields, slug: str, faults: Faults) -> Scenario:
    choices = _all_choices(fields)
    scenario = Scenario(
        slug=slug,
        title=fields.text("judul", needed=True, most=80),
        kind=fields.word("jenis", KINDS, needed=True),
        level=fields.word("tingkat", LEVELS, needed=True),
        role=fields.word("peran", (*FOLK, *CARDS, CLERK), needed=True),
        minutes=fields.number("menit", 5, 1, 120, needed=True),
        story=fields.text("cerita", needed=True),
        goal=fields.text("tujuan", needed=True, most=300),
        given=_texts(fields, "diketahui", faults),
        setup=tuple(setup_of(fields.items("awal", 1, 10, needed=False), faults)),
        steps=tuple(_step(node, place, faults) for place, node in enumerate(fields.items("langkah", 2, 8), start=1)),
        wrongs=tuple(_wrong(node, choices, faults) for node in fields.items("salah", 1, 8)),
        points=_points(fields, faults),
        explain=tuple(text_of(node, "bahas", faults, 400) for node in fields.items("bahas", 2, 4)),
        page=fields.word("halaman", vocabulary.PAGES, needed=True),
        rule=fields.text("aturan", most=60),
    )
    fields.close()
    if scenario.rule and not ANCHOR.fullmatch(scenario.rule):
        faults.add(fields.pairs["aturan"].line, "“aturan” adalah judul bagian di docs/aturan.md, misalnya: klaim")
    if scenario.wrongs and not any(wrong.example for wrong in scenario.wrongs):
        faults.add(
            fields.pairs["salah"].line, "Sedikitnya satu salah jalan perlu “contoh”: tindakan yang menuju ke sana."
        )
    _codes_once(fields, faults)
    return scenario


def _all_choices(fields: Fields) -> tuple[str, ...]:
    """What the questions of all steps may be answered with: a wrong turn can be an answer."""
    steps = fields.pairs.get("langkah", Node("list", 1)).items
    asked = (value for step in steps for key, value in step.pairs if key == "pilihan")
    return tuple(dict.fromkeys(key for pairs in asked for key, _ in pairs.pairs))


def _step(node: Node, place: int, faults: Faults) -> Step:
    fields = Fields(node, f"langkah ke-{place}", faults)
    code = _code(fields, faults)
    question = fields.text("tanya", most=400)
    choices = _texts(fields, "pilihan", faults)
    if bool(question) != bool(choices):
        faults.add(node.line, f"Pada langkah “{code}” “tanya” dan “pilihan” selalu berdua.")
    elif choices and not 2 <= len(choices) <= 6:
        faults.add(node.line, f"Pada langkah “{code}” ada {len(choices)} pilihan; seharusnya 2 sampai 6.")
    done = fields.take("selesai", needed=True)
    step = Step(
        code=code,
        do=fields.text("lakukan", needed=True, most=300),
        hints=tuple(text_of(hint, "petunjuk", faults, 300) for hint in fields.items("petunjuk", 1, 3)),
        done=condition_of(done, f"selesai ({code})", faults, tuple(choices)) if done else Condition("buka"),
        show=actions_of(fields.items("peragaan", 1, 40), faults, tuple(choices)),
        due_minutes=fields.number("batas", 0, 1, 120) or None,
        question=question,
        choices=choices or None,
    )
    fields.close()
    return step


def _wrong(node: Node, choices: tuple[str, ...], faults: Faults) -> Wrong:
    fields = Fields(node, "salah", faults)
    code = _code(fields, faults)
    when = fields.take("bila", needed=True)
    wrong = Wrong(
        code=code,
        when=condition_of(when, f"bila ({code})", faults, choices) if when else Condition("buka"),
        meaning=fields.text("artinya", needed=True, most=400),
        example=actions_of(fields.items("contoh", 1, 40, needed=False), faults, choices),
    )
    fields.close()
    return wrong


def _code(fields: Fields, faults: Faults) -> str:
    code = fields.text("kode", needed=True, most=LONGEST_CODE)
    if code and not SLUG.fullmatch(code):
        faults.add(fields.pairs["kode"].line, f"Kode “{code}” memakai huruf kecil, angka, dan tanda hubung saja.")
    return code


def _codes_once(fields: Fields, faults: Faults) -> None:
    """A code names one step or one wrong turn: results are counted by it."""
    seen: set[str] = set()
    for part in ("langkah", "salah"):
        for node in fields.pairs.get(part, Node("list", 1)).items:
            code = dict(node.pairs).get("kode")
            if code and code.text and code.text in seen:
                faults.add(code.line, f"Kode “{code.text}” sudah dipakai di atas. Pilih kode lain.")
            elif code:
                seen.add(code.text)


def _points(fields: Fields, faults: Faults) -> Points:
    node = fields.take("nilai")
    if node is None:
        return Points()
    inside = Fields(node, "nilai", faults)
    usual = Points()
    points = Points(
        inside.number("petunjuk", usual.hint, 0, 100),
        inside.number("salah", usual.wrong, 0, 100),
        inside.number("terlambat", usual.late, 0, 100),
    )
    inside.close()
    return points


def _texts(fields: Fields, name: str, faults: Faults) -> dict[str, str]:
    """Texts by their labels."""
    node = fields.take(name)
    if node is None:
        return {}
    if node.kind != "map":
        faults.add(node.line, f"“{name}” ditulis sebagai label, titik dua, lalu isinya.")
        return {}
    return {label: text_of(value, label, faults, 400) for label, value in node.pairs}
