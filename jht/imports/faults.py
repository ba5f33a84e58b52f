"""What is wrong in an imported file, told as the clerk's spreadsheet shows it."""

from dataclasses import dataclass

from jht.forms import may_be_real_nik

LONGEST_VALUE = 60  # characters of a cell that are repeated to the clerk
MASK = "(disamarkan)"


@dataclass(frozen=True, slots=True)
class Fault:
    """One faulty cell or row.

    `row` counts as the spreadsheet does, from 1 with the headings; 0 means the file as a whole. `column` is its letter
    as the spreadsheet shows it ("B"), or "" for the whole row. `value` comes from `shown`, never straight from the
    file: a number that may be a real NIK is not repeated. `problem` says what is wrong, `right` what would be right.
    """

    row: int
    column: str
    value: str
    problem: str
    right: str


def shown(value: object) -> str:
    """A cell as it may be repeated to the clerk: one line, not too long, and never what may be a real NIK.

    >>> shown(" 4.000.000\\n")
    '4.000.000'
    >>> shown("3174010101900001")
    '(disamarkan)'
    """
    text = "" if value is None else str(value)
    if may_be_real_nik(text):
        return MASK
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def letter(position: int) -> str:
    """The letter of a column, counted from 0, as spreadsheets write it.

    >>> letter(0), letter(25), letter(26), letter(701), letter(702)
    ('A', 'Z', 'AA', 'ZZ', 'AAA')
    """
    text = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
