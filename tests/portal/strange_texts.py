"""Texts nobody planned for: those of docs/sms.md bent, cut, doubled, in strange letters. The same ones for a seed."""

import random
from collections.abc import Iterator

from tests.portal.sms_table import ROWS

PIECES = (
    "DAFTAR", "SALDO", "SALDOE", "daftar saldo", "#", "##", " # ", "-", "/", ".", "\n", "\r\n", "\t", "@", "_", "%",
    "\\",
    "4971011503880001", "49000000011", "3523418097870002", "15-03-1988", "31-02-1988",
    "1988/03/15", "15031988", "99-99-9999",
    "BUDI SANTOSO", "budi@latih.test", "@", "0", "9" * 40, "a" * 160, "#" * 60,
    "'", '"', "<b>", "{0}", "%s", "\N{NO-BREAK SPACE}",
    "\u200b", "\u202e", "٣", "３", "①", "ß", "İ", "ﷺ", "😀", "é", "\u0301", "\ufeff", "\x1b", "\x7f", "\x85", "\u2028",
)  # fmt: skip


def texts(count: int, seed: int) -> Iterator[str]:
    chance = random.Random(seed)
    for _ in range(count):
        yield chance.choice((_bent, _pieces, _letters))(chance)


def _bent(chance: random.Random) -> str:
    """A text of the table with a few characters gone, doubled, changed or moved."""
    letters = list(chance.choice(ROWS)[0])
    for _ in range(chance.randint(0, 4)):
        place = chance.randrange(len(letters) + 1)
        letters[place : place + chance.randint(0, 2)] = chance.choice(
            (chance.choice(PIECES), "", chance.choice(PIECES)[:1])
        )
    return "".join(letters)


def _pieces(chance: random.Random) -> str:
    return "".join(chance.choice(PIECES) for _ in range(chance.randint(0, 12)))


def _letters(chance: random.Random) -> str:
    """Anything Unicode has, surrogates and NUL left out: those are refused at the door, and tested there."""
    codes = (chance.choice((chance.randint(1, 0x17F), chance.randint(1, 0xD7FF), chance.randint(0xE000, 0x10FFFF)))
             for _ in range(chance.randint(0, 200)))  # fmt: skip
    return "".join(map(chr, codes))
