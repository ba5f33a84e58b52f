"""The parts of docs/pelatih.md that are written from the data the room works with, so that they cannot go stale."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from accounts.phones import BEHAVIOURS, ORDINARY
from portal import cast
from portal.training.scripts import library, values
from portal.training.scripts.scenario import KINDS, LEVELS, Action, Scenario, Step, read
from portal.training.scripts.vocabulary import PAGES
from portal.training.seats import clock
from portal.training.trouble.faults import CHANNELS, FAULTS

BEGIN, END = "<!-- dihasilkan: {} -->", "<!-- sampai di sini -->"
HINT = "<!-- Bagian ini ditulis oleh manage.py handbook; yang diketik di sini hilang. -->"
PART = re.compile(
    rf"(?P<begin>{re.escape(BEGIN).replace(re.escape('{}'), '(?P<name>[a-z]+)')}\n)(?P<body>.*?)(?P<end>{END})",
    re.DOTALL,
)
Parts = Mapping[str, Callable[[], Iterator[str]]]
OTHERS = {"petugas": "petugas kursi", "kartu": "kartu latihan"}


class Unmarked(ValueError):
    """The text lacks the place for a part, or has one for a part that does not exist; `str()` says which."""


def renewed(text: str, parts: Parts | None = None) -> str:
    """The handbook, or another book with its own `parts`, with every generated part as it should be now."""
    parts = PARTS if parts is None else parts
    names = [found["name"] for found in PART.finditer(text)]
    if missing := [name for name in parts if names.count(name) != 1]:
        raise Unmarked(f"Tempat untuk bagian ini harus ada tepat sekali: {', '.join(missing)}.")
    if unknown := [name for name in names if name not in parts]:
        raise Unmarked(f"Bagian ini tidak dikenal: {', '.join(unknown)}.")
    return PART.sub(lambda found: f"{found['begin']}{_body(parts[found['name']])}{found['end']}", text)


def stale(text: str, parts: Parts | None = None) -> list[str]:
    """The names of the parts that are not as they should be."""
    parts = PARTS if parts is None else parts
    renewed(text, parts)
    return [found["name"] for found in PART.finditer(text) if found["body"] != _body(parts[found["name"]])]


def _body(part: Callable[[], Iterator[str]]) -> str:
    return "\n".join([HINT, "", *part(), "", ""])


# --- Tables --------------------------------------------------------------------------------------------------
def _table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    headings = list(headings)
    yield _row(headings)
    yield _row(["---"] * len(headings))
    yield from (_row(cell.replace("|", "\\|") for cell in row) for row in rows)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _in_words(text: str) -> str:
    """A text without placeholders: what stands for each is named instead; on one line."""
    known = values.known_names()
    filled = values.PLACEHOLDER.sub(lambda found: f"‹{known.get(found[1].rpartition('.')[2], found[1])}›", text)
    return " ".join(filled.split())


# --- Parts ---------------------------------------------------------------------------------------------------
def scenarios() -> list[Scenario]:
    """Those that ship, the easy ones first."""
    found = (read(text, slug) for slug, text in library.shipped().items())
    return sorted(found, key=lambda one: ([*KINDS].index(one.kind), [*LEVELS].index(one.level), one.title))


def _people() -> Iterator[str]:
    played: dict[str, list[str]] = {}
    for one in scenarios():
        played.setdefault(one.role, []).append(_link(one))
    rows = ((p.name, f"`{p.email}`", p.tag, p.story, ", ".join(played.get(p.slug, ["–"]))) for p in cast.PEOPLE)
    yield from _table(("nama", "e-mail di rumah", "kasus", "cerita", "latihan"), rows)


def _clock() -> Iterator[str]:
    rows = [(f"`{word}`", name) for word, name in clock.MOVES]
    rows.append(("`umur-…`", "Ke ulang tahun ke-56 seseorang, misalnya `umur-hendra`"))
    rows.append(("`kembali`", "Kembali ke hari semula"))
    yield from _table(("di skenario", "tombolnya"), rows)


def _phones() -> Iterator[str]:
    rows = [(f"`{one.ending}`", one.label) for one in BEHAVIOURS]
    yield from _table(("akhiran nomor", "telepon itu"), [("`001`, `002`", ORDINARY.label), *rows])


def _faults() -> Iterator[str]:
    rows = (
        (
            f"**{one.name}**<br>`{one.id}`",
            one.what,
            one.seen,
            one.way_out,
            one.length,
            ", ".join(CHANNELS[channel] for channel in one.channels),
        )
        for one in FAULTS.values()
    )
    yield from _table(("gangguan", "apa yang terjadi", "yang terlihat", "jalan keluarnya", "lamanya", "di mana"), rows)


def _magic() -> Iterator[str]:
    rows = ((one.name, "<br>".join(_code(value) for value in one.magic)) for one in FAULTS.values())
    yield from _table(("gangguan", "dipanggil dengan"), rows)


def _code(value: str) -> str:
    return value if " " in value else f"`{value}`"


def _index() -> Iterator[str]:
    for kind, name in KINDS.items():
        rows = (
            (_link(one), LEVELS[one.level].lower(), str(one.minutes), _role(one), _in_words(one.goal))
            for one in scenarios()
            if one.kind == kind
        )
        yield from (f"**{name}**", "", *_table(("latihan", "tingkat", "menit", "peran", "tujuan"), rows), "")


def _link(scenario: Scenario) -> str:
    return f"[{scenario.title}](#{scenario.slug})"


def _role(scenario: Scenario) -> str:
    named = {person.slug: person.name for person in cast.PEOPLE} | OTHERS
    return named.get(scenario.role, scenario.role)


def _details() -> Iterator[str]:
    for one in scenarios():
        yield from _one(one)
        yield ""


def _one(one: Scenario) -> Iterator[str]:
    rule = f" · [aturan](aturan.md#{one.rule})" if one.rule else ""
    yield f'### <a id="{one.slug}"></a>{one.title}'
    yield ""
    kind, level = KINDS[one.kind].lower(), LEVELS[one.level].lower()
    yield f"`{one.slug}` · {kind} · {level} · {one.minutes} menit · {_role(one)}{rule}"
    yield from ("", f"> {_in_words(one.story)}", "", f"**Tujuan.** {_in_words(one.goal)}", "")
    told = [f"Yang diberikan: {', '.join(one.given)}."] if one.given else []
    told += [f"Disiapkan: {', '.join(_prepared(action) for action in one.setup)}."] if one.setup else []
    if told:
        yield from (" ".join(told), "")
    for number, step in enumerate(one.steps, start=1):
        yield f"{number}. {_in_words(step.do)}{_question(step)}"
    yield from ("", "**Salah jalan.**", "")
    for wrong in one.wrongs:
        yield f"- {_in_words(wrong.meaning)}"
    yield from ("", "**Yang dijelaskan.**", "")
    for sentence in one.explain:
        yield f"- {_in_words(sentence)}"
    yield from ("", f"Halaman yang ditunjukkan sesudahnya: {PAGES[one.page].title}.")


def _prepared(action: Action) -> str:
    """One line of `awal`, as a trainer speaks of it."""
    told = action.argument
    if isinstance(told, str):
        moved = dict(clock.MOVES).get(told, told).lower()
        return f"gangguan “{FAULTS[told].name}”" if action.verb == "gangguan" else f"jam kursi {moved}"
    return f"surat “{_in_words(str(told['perihal']))}”" if action.verb == "surat" else "SMS dari nomor tidak dikenal"


def _question(step: Step) -> str:
    if not step.choices:
        return ""
    right = [words for choice, words in step.choices.items() if choice in step.done.what]
    return f" *{_in_words(step.question)}* {_in_words(' / '.join(right))}"


PARTS: Parts = {
    "orang": _people,
    "jam": _clock,
    "telepon": _phones,
    "gangguan": _faults,
    "ajaib": _magic,
    "latihan": _index,
    "rincian": _details,
}
