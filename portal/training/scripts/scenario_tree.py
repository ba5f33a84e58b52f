"""A scenario's text as a tree that knows its lines. Reads a small, harmless part of YAML: mappings, lists, texts.

Every scalar stays the text that was typed: 08-01-2026, "no" and 007 mean themselves. Tags, anchors and aliases are
refused, so nothing is built, run or multiplied, however the text was made.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal

import yaml

LONGEST = 60_000  # characters; the longest shipped scenario has about 6,000
DEEPEST = 12  # levels; a scenario needs seven
MOST_NODES = 4_000
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# What a parser complains of, and what to do about it; the first that fits.
PARSER_SAYS = (
    ("cannot start any token", "Baris ini dimulai dengan tab atau tanda yang tidak dikenal. Pakai spasi, bukan tab."),
    ("mapping values", "Ada titik dua di tengah teks. Apit teks itu dengan tanda petik dua."),
    ("expected ':'", "Setelah kata kunci di sini belum ada titik dua. Tulis misalnya: judul: Lihat saldo."),
    ("quoted scalar", "Tanda petik dibuka tetapi tidak ditutup. Tutup dengan tanda petik yang sama."),
    ("flow", "Kurung dibuka tetapi tidak ditutup, atau koma kurang. Periksa [ ] dan { } di dekat baris ini."),
    ("block", "Jarak dari tepi kiri tidak cocok, atau tanda petik di atasnya tidak ditutup."),
)
PARSER_SAYS_ELSE = "Susunan baris ini tidak terbaca. Periksa spasi di awal baris, titik dua, dan tanda petik."


@dataclass(frozen=True)
class Node:
    """A text, a list or a mapping, and the line on which it begins, counted from 1."""

    kind: Literal["text", "list", "map"]
    line: int
    text: str = ""
    items: tuple["Node", ...] = ()
    pairs: tuple[tuple[str, "Node"], ...] = ()


@dataclass
class Faults:
    """Everything that is wrong, as (line, sentence)."""

    found: list[tuple[int, str]] = field(default_factory=list)

    def add(self, line: int, sentence: str) -> None:
        if (line, sentence) not in self.found:
            self.found.append((line, sentence))

    def unknown(self, line: int, what: str, word: str, known: Iterator[str] | list[str] | tuple[str, ...]) -> None:
        """A word that nobody knows: with the nearest one that exists, or with all of them."""
        choices = sorted(known)
        near = get_close_matches(word, choices, 1, 0.6)
        help_text = f"Maksud Anda “{near[0]}”?" if near else f"Yang dikenal: {', '.join(choices)}."
        self.add(line, f"{what} “{word[:60]}” tidak dikenal. {help_text}")


def tree(text: str, faults: Faults) -> Node | None:
    """The tree of this text; None, with at least one fault, when it cannot be read at all."""
    text = text.removeprefix("\ufeff")
    if len(text) > LONGEST:
        faults.add(1, f"Naskah ini {len(text)} karakter. Paling banyak {LONGEST} karakter.")
        return None
    if not text.strip():
        faults.add(1, "Naskah ini masih kosong. Salin skenario yang ada, lalu ubah.")
        return None
    try:
        text.encode()
        return _Builder(faults).build(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        faults.add(mark.line + 1 if mark else 1, _in_plain_words(error))
    except (yaml.YAMLError, ValueError):
        faults.add(1, "Naskah ini memuat tanda yang bukan huruf. Simpan sebagai teks UTF-8.")
    return None


def _in_plain_words(error: yaml.MarkedYAMLError) -> str:
    said = f"{error.problem} {error.context}"
    return next((words for part, words in PARSER_SAYS if part in said), PARSER_SAYS_ELSE)


class _Stop(yaml.MarkedYAMLError):
    """The text is not worth reading on; the fault is written down already."""


class _Builder:
    def __init__(self, faults: Faults):
        self.faults = faults
        self.nodes = 0

    def build(self, text: str) -> Node | None:
        self.events = iter(yaml.parse(text, LOADER))
        documents = 0
        root = None
        try:
            for event in self.events:
                if isinstance(event, yaml.DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        self.faults.add(event.start_mark.line + 1, "Satu berkas satu skenario. Hapus baris ---.")
                        return root
                elif isinstance(event, yaml.NodeEvent):
                    root = self.node(event, 1)
        except _Stop:
            return None
        if root is None:
            self.faults.add(1, "Naskah ini masih kosong. Salin skenario yang ada, lalu ubah.")
        return root

    def node(self, event: yaml.Event, depth: int) -> Node:
        line = event.start_mark.line + 1 if event.start_mark else 1
        self.nodes += 1
        if depth > DEEPEST or self.nodes > MOST_NODES:
            self.faults.add(line, "Susunan naskah terlalu dalam atau terlalu panjang. Pecah menjadi dua skenario.")
            raise _Stop
        if isinstance(event, yaml.AliasEvent):
            self.faults.add(line, "Tanda * di awal nilai tidak dipakai di sini. Apit teksnya dengan tanda petik.")
            return Node("text", line)
        if event.anchor:
            self.faults.add(line, "Tanda & di awal nilai tidak dipakai di sini. Apit teksnya dengan tanda petik.")
        if event.tag and not (isinstance(event, yaml.ScalarEvent) and event.tag == "!"):
            self.faults.add(line, "Tanda ! di awal nilai tidak dipakai di sini. Apit teksnya dengan tanda petik.")
        if isinstance(event, yaml.ScalarEvent):
            return Node("text", line, event.value.strip())
        if isinstance(event, yaml.SequenceStartEvent):
            return Node("list", line, items=tuple(self.rest(yaml.SequenceEndEvent, depth)))
        return Node("map", line, pairs=self.pairs(depth))

    def rest(self, end: type[yaml.Event], depth: int) -> Iterator[Node]:
        """The nodes up to the end of this list or mapping."""
        for event in self.events:
            if isinstance(event, end):
                return
            yield self.node(event, depth + 1)

    def pairs(self, depth: int) -> tuple[tuple[str, Node], ...]:
        nodes = list(self.rest(yaml.MappingEndEvent, depth))
        found: dict[str, Node] = {}
        for key, value in zip(nodes[::2], nodes[1::2], strict=True):
            if key.kind != "text":
                self.faults.add(key.line, "Di sini diharapkan kata kunci. Apit kurung kurawal dengan tanda petik.")
            elif key.text in found:
                self.faults.add(key.line, f"“{key.text[:60]}” tertulis dua kali. Hapus salah satu.")
            else:
                found[key.text] = value
        return tuple(found.items())
