"""What a scenario is made of: actions and conditions, and how they are read from its tree."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from portal.cast import PEOPLE
from portal.training.scripts import vocabulary
from portal.training.scripts.scenario_tree import Faults, Node
from portal.training.scripts.values import FOLK, several_kpj, unknown_names
from portal.training.seats.clock import MOVES

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_TEXT = 2_000  # characters of one text
MOST_ACTIONS = 80  # of one step, once repetitions are written out
MOVE_WORDS = (*(word for word, _ in MOVES), "kembali", *(f"umur-{person.slug}" for person in PEOPLE))


@dataclass(frozen=True)
class Action:
    """One thing done on the site, or prepared before. `argument` is a text, or texts by their labels; `pilih` may name
    several boxes of one group: {"KPJ lama": ("497…", "497…")}.

    `ulang` never appears: what is repeated is written out. Placeholders are not filled in yet (values.fill).
    """

    verb: str
    argument: str | Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True)
class Condition:
    """What must be seen for a step to be done or a wrong turn to be taken. Empty qualifiers ask for nothing.

    `act`: buka, kirim, sms, jawab, umpan, keadaan; or salah_satu, semua with `parts`. `what`: any of these words.
    """

    act: str
    what: tuple[str, ...] = ()
    result: str = ""
    reasons: tuple[str, ...] = ()
    who: str = ""
    kpj: str = ""
    via: str = ""
    answered: str = ""
    by: tuple[str, ...] = ()  # regulations, all of them in one simulation
    allows: str = ""
    times: int = 1
    person: str = ""
    parts: tuple["Condition", ...] = ()


# --- Plain values ----------------------------------------------------------------------------------------------
class Fields:
    """The pairs of a mapping, taken by name. `close` tells those that nobody asked for."""

    def __init__(self, node: Node, where: str, faults: Faults):
        self.node, self.where, self.faults = node, where, faults
        self.pairs = dict(node.pairs) if node.kind == "map" else {}
        self.asked: list[str] = []
        if node.kind != "map":
            faults.add(node.line, f"{where} ditulis sebagai kata kunci, titik dua, lalu isinya.")

    def take(self, name: str, *, needed: bool = False) -> Node | None:
        self.asked.append(name)
        found = self.pairs.get(name)
        if found is None and needed and self.node.kind == "map":
            self.faults.add(self.node.line, f"Pada {self.where} belum ada “{name}”. Tambahkan baris: {name}: …")
        return found

    def text(self, name: str, *, needed: bool = False, most: int = LONGEST_TEXT) -> str:
        node = self.take(name, needed=needed)
        return text_of(node, name, self.faults, most) if node else ""

    def number(self, name: str, default: int, least: int, most: int, *, needed: bool = False) -> int:
        node = self.take(name, needed=needed)
        return number_of(node, name, default, least, most, self.faults) if node else default

    def word(self, name: str, known: Iterable[str], *, needed: bool = False) -> str:
        """One of the known words."""
        node = self.take(name, needed=needed)
        return word_of(node, name, tuple(known), self.faults) if node else ""

    def words(self, name: str, known: Iterable[str]) -> tuple[str, ...]:
        node = self.take(name)
        return words_of(node, name, tuple(known), self.faults) if node else ()

    def items(self, name: str, least: int, most: int, *, needed: bool = True) -> tuple[Node, ...]:
        """The entries of a list."""
        node = self.take(name, needed=needed)
        if node is None:
            return ()
        if node.kind != "list":
            self.faults.add(
                node.line, f"“{name}” adalah daftar. Tulis setiap isinya di baris sendiri, diawali tanda -."
            )
            return ()
        if not least <= len(node.items) <= most:
            amount = f"{least} sampai {most}" if least < most else str(least)
            self.faults.add(node.line, f"“{name}” berisi {len(node.items)}; seharusnya {amount}.")
        return node.items

    def close(self) -> None:
        for name, node in self.pairs.items():
            if name not in self.asked:
                self.faults.unknown(node.line, f"Kata kunci pada {self.where}", name, list(self.asked))


def text_of(node: Node, name: str, faults: Faults, most: int = LONGEST_TEXT) -> str:
    if node.kind == "map" and len(node.pairs) == 1 and node.pairs[0][1] == Node("text", node.pairs[0][1].line):
        faults.add(node.line, f'Kurung kurawal pada “{name}” perlu diapit tanda petik: "{{{node.pairs[0][0][:40]}}}".')
        return ""
    if node.kind != "text":
        faults.add(node.line, f"“{name}” seharusnya teks biasa.")
        return ""
    if not node.text:
        faults.add(node.line, f"“{name}” masih kosong. Isi dengan teks.")
    elif len(node.text) > most:
        faults.add(node.line, f"“{name}” {len(node.text)} karakter; paling banyak {most}.")
    for unknown, near in unknown_names(node.text):
        meant = f"Maksud Anda “{{{near}}}”?" if near else "Daftarnya ada di docs/skenario.md."
        faults.add(node.line, f"Nilai {{{unknown[:40]}}} pada “{name}” tidak dikenal. {meant}")
    return node.text


def number_of(node: Node, name: str, default: int, least: int, most: int, faults: Faults) -> int:
    typed = node.text
    if node.kind == "text" and typed.isascii() and typed.isdigit() and len(typed) < 9 and least <= int(typed) <= most:
        return int(typed)
    faults.add(node.line, f"“{name}” ditulis dengan angka bulat dari {least} sampai {most}.")
    return default


def word_of(node: Node, name: str, known: tuple[str, ...], faults: Faults) -> str:
    if node.kind != "text":
        faults.add(node.line, f"“{name}” seharusnya satu kata.")
        return ""
    if node.text not in known:
        faults.unknown(node.line, f"Kata pada “{name}”:", node.text, known)
    return node.text


def words_of(node: Node, name: str, known: tuple[str, ...], faults: Faults) -> tuple[str, ...]:
    nodes = node.items if node.kind == "list" else (node,)
    return tuple(word_of(one, name, known, faults) for one in nodes)


# --- Actions ---------------------------------------------------------------------------------------------------
def actions_of(nodes: Iterable[Node], faults: Faults, choices: tuple[str, ...] = ()) -> tuple[Action, ...]:
    """What is done, in order. `choices`: what a question of this scenario may be answered with."""
    found: list[Action] = []
    for node in nodes:
        if node.kind != "map" or len(node.pairs) != 1:
            faults.add(node.line, "Satu tindakan satu baris, misalnya: - klik: Login")
            continue
        verb, argument = node.pairs[0]
        if verb == "ulang":
            found += _repeated(argument, faults, choices)
        elif reader := READERS.get(verb):
            found.append(Action(verb, reader(argument, verb, faults, choices)))
        else:
            faults.unknown(node.line, "Tindakan", verb, [*READERS, "ulang"])
        if len(found) > MOST_ACTIONS:
            faults.add(node.line, f"Tindakannya lebih dari {MOST_ACTIONS}. Pecah langkah ini.")
            return tuple(found[:MOST_ACTIONS])
    return tuple(found)


def _repeated(node: Node, faults: Faults, choices: tuple[str, ...]) -> list[Action]:
    fields = Fields(node, "ulang", faults)
    times = fields.number("kali", 1, 1, 20, needed=True)
    inside = actions_of(fields.items("tindakan", 1, 20), faults, choices)
    fields.close()
    return list(inside) * times


def _plain(node: Node, verb: str, faults: Faults, choices: tuple[str, ...]) -> str:
    return text_of(node, verb, faults, 200)


def _open(node: Node, verb: str, faults: Faults, choices: tuple[str, ...]) -> str | dict[str, str]:
    if node.kind == "text":
        return word_of(node, verb, tuple(vocabulary.PAGES), faults)
    fields = Fields(node, "buka", faults)
    found = {"halaman": fields.word("halaman", vocabulary.PAGES, needed=True)}
    found |= {name: text for name in ("kpj", "tahun", "lewat") if (text := fields.text(name, most=60))}
    fields.close()
    return found


def _fill(node: Node, verb: str, faults: Faults, choices: tuple[str, ...]) -> dict[str, str]:
    if node.kind != "map" or not node.pairs:
        faults.add(node.line, f"Tulis label lalu isinya, misalnya: - {verb}: {{E-mail: …}}")
        return {}
    return {label: text_of(value, label, faults) if value.text or value.pairs else "" for label, value in node.pairs}


def _choose(node: Node, verb: str, faults: Faults, choices: tuple[str, ...]) -> str | dict[str, str | tuple[str, ...]]:
    """A label; or labels by the heading of their group, where the same label stands twice on a page."""
    if node.kind == "text":
        return text_of(node, verb, faults, 200)
    if node.kind == "list":
        faults.add(node.line, "“pilih” menyebut satu label; untuk beberapa label, beri judul kelompoknya di depan.")
    return {
        heading: tuple(text_of(one, heading, faults, 200) for one in inside.items)
        if inside.kind == "list"
        else text_of(inside, heading, faults, 200)
        for heading, inside in node.pairs
    }


def _text_message(node: Node, verb: str, faults: Faults, choices: tuple[str, ...]) -> dict[str, str]:
    if node.kind == "text":
        return {"isi": text_of(node, verb, faults)}
    fields = Fields(node, "sms", faults)
    found = {"isi": fields.text("isi", needed=True)}
    found |= {"dari": text} if (text := fields.text("dari", most=20)) else {}
    fields.close()
    return found


def _answer(node: Node, verb: str, faults: Faults, choices: tuple[str, ...]) -> str:
    if not choices:
        faults.add(node.line, "Di sini tidak ada pertanyaan yang dapat dijawab. Tambahkan “tanya” dan “pilihan”.")
        return node.text
    return word_of(node, verb, choices, faults)


def _wait(node: Node, verb: str, faults: Faults, choices: tuple[str, ...]) -> str:
    if node.kind != "text" or not (node.text in ("kode", "sms") or (node.text.isdigit() and len(node.text) < 4)):
        faults.add(node.line, "“tunggu” diisi kode, sms, atau angka detik, misalnya: - tunggu: kode")
    return node.text


def _move(node: Node, verb: str, faults: Faults, choices: tuple[str, ...]) -> str:
    return word_of(node, verb, MOVE_WORDS, faults)


READERS = {
    "buka": _open,
    "isi": _fill,
    "pilih": _choose,
    "centang": _plain,
    "klik": _plain,
    "sms": _text_message,
    "jawab": _answer,
    "unggah": _fill,
    "tunggu": _wait,
    "jam": _move,
}


def fault_kinds() -> Iterable[str]:
    from portal.training.trouble.faults import FAULTS  # what throws faults reads scenarios

    return FAULTS


def setup_of(nodes: Iterable[Node], faults: Faults) -> Iterator[Action]:
    """What is prepared before a run: jam, gangguan, surat, sms."""
    for node in nodes:
        verb, argument = node.pairs[0] if node.kind == "map" and len(node.pairs) == 1 else ("", node)
        if verb == "jam":
            yield Action(verb, word_of(argument, verb, MOVE_WORDS, faults))
        elif verb == "gangguan":
            yield Action(verb, word_of(argument, verb, tuple(fault_kinds()), faults))
        elif verb == "surat":
            yield Action(verb, _letter(argument, "surat", ("perihal", "isi"), ("umpan",), faults))
        elif verb == "sms":
            yield Action(verb, _letter(argument, "sms", ("isi",), (), faults))
        else:
            faults.unknown(node.line, "Persiapan", verb or node.text, ["jam", "gangguan", "surat", "sms"])


def _letter(node: Node, where: str, needed: tuple[str, ...], may: tuple[str, ...], faults: Faults) -> dict[str, str]:
    fields = Fields(node, where, faults)
    found = {name: fields.text(name, needed=True) for name in needed}
    found |= {name: text for name in may if (text := fields.text(name, most=80))}
    fields.close()
    return found


# --- Conditions ------------------------------------------------------------------------------------------------
ACTS = ("buka", "kirim", "sms", "jawab", "umpan", "keadaan", "salah_satu", "semua")


def condition_of(node: Node, where: str, faults: Faults, choices: tuple[str, ...]) -> Condition:
    fields = Fields(node, where, faults)
    acts = [act for act in ACTS if act in fields.pairs]
    if node.kind == "map" and len(acts) != 1:
        said = "belum ada yang diperiksa" if not acts else f"ada {len(acts)} yang diperiksa: {', '.join(acts)}"
        faults.add(node.line, f"Pada {where} {said}. Tulis tepat satu dari: {', '.join(ACTS)}.")
    act = acts[0] if acts else "buka"
    for other in acts[1:]:
        fields.take(other)
    what: tuple[str, ...] = ()
    parts: tuple[Condition, ...] = ()
    if act in ("salah_satu", "semua"):
        parts = tuple(condition_of(one, where, faults, choices) for one in fields.items(act, 2, 8, needed=bool(acts)))
    elif act == "sms":
        what = (fields.text(act, needed=True, most=160),)
    elif act == "jawab" and not choices:
        faults.add(
            node.line, f"Pada {where} ada “jawab”, tetapi tidak ada pertanyaan. Tambahkan “tanya” dan “pilihan”."
        )
        fields.take(act)
    elif act in ("buka", "kirim"):
        what = fields.words(act, vocabulary.PAGES)
    else:
        what = fields.words(act, {"jawab": choices, "umpan": ("dibuka", "diisi"), "keadaan": vocabulary.FACTS}[act])
    found = Condition(
        act,
        what,
        result=fields.word("hasil", vocabulary.RESULTS),
        reasons=fields.words("sebab", vocabulary.REASONS),
        who=fields.word("sebagai", (*FOLK, "kartu", "petugas", "tamu")),
        kpj=fields.word("kpj", (*FOLK, "kartu", "lain", *several_kpj())),
        via=fields.word("lewat", ("web", "app", "sms")),
        answered=fields.text("dijawab", most=160),
        by=fields.words("menurut", vocabulary.REGULATIONS),
        allows=fields.word("boleh", vocabulary.CLAIM_REASONS),
        times=fields.number("kali", 1, 1, 50),
        person=fields.word("orang", (*FOLK, "kartu")),
        parts=parts,
    )
    for name in ("menurut", "boleh"):
        if name in fields.pairs and (act, what) != ("kirim", ("simulasi-klaim",)):
            line = fields.pairs[name].line
            faults.add(line, f"“{name}” hanya dinilai dari Simulasi klaim. Tulis bersama: kirim: simulasi-klaim")
    fields.close()
    return found
