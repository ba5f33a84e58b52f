"""Numbers and names by which people are known, on plain values: what is wrong in a NIK, when two names are one."""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date

# No list of Indonesian provinces assigns 40-49, so nobody real has such a NIK. DOMAIN: NIK.
TRAINING_PREFIX = "49"
NIK_PATTERN = re.compile(r"[0-9]{16}")  # ASCII digits only: \d would accept Arabic and full-width ones
KPJ_PATTERN = re.compile(r"49[0-9]{9}")
PASSPORT_PATTERN = re.compile(r"X49[0-9]{6}")  # our own convention (docs/aturan.md#paspor)


class NikFault(ValueError):
    """A NIK that cannot be one. `part` says which part is wrong: see jht.validators for the sentences."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


@dataclass(frozen=True)
class Nik:
    """A judged NIK, taken apart. Two digits of a year do not say the century."""

    text: str
    day: int
    month: int
    year_of_century: int
    is_woman: bool


def judge_nik(text: str) -> Nik:
    """The parts of a training NIK, or NikFault with the part that is wrong.

    PP KK CC DDMMYY SSSS: province (49 only), regency 01-69 or city 71-99, district, birth date (women: day + 40),
    serial from 0001. Anything with another prefix is treated as somebody's real number.

    >>> judge_nik("4971015503900001").day, judge_nik("4971015503900001").is_woman
    (15, True)
    >>> judge_nik("4923418097870002")
    Traceback (most recent call last):
        ...
    jht.identity.NikFault: month
    """
    if not NIK_PATTERN.fullmatch(text):
        raise NikFault("digits")
    if not text.startswith(TRAINING_PREFIX):
        raise NikFault("prefix")
    regency, district = int(text[2:4]), int(text[4:6])
    day, month, year, serial = int(text[6:8]), int(text[8:10]), int(text[10:12]), int(text[12:16])
    if regency in (0, 70):
        raise NikFault("regency")
    if district == 0:
        raise NikFault("district")
    is_woman = day > 40
    day -= 40 if is_woman else 0
    if not 1 <= month <= 12:
        raise NikFault("month")
    # 2000 + year leaps whenever 1900 + year does (and 2000 itself did), so no possible birthday is refused.
    if not 1 <= day <= calendar.monthrange(2000 + year, month)[1]:
        raise NikFault("day")
    if serial == 0:
        raise NikFault("serial")
    return Nik(text, day, month, year, is_woman)


def nik_fits_birth_date(text: str | None, birth_date: date) -> bool:
    """Whether the date inside the NIK is this birth date. It may differ without fraud: a NIK is never reissued.

    True for whoever has no NIK: a passport's number says no date that could differ.

    >>> nik_fits_birth_date("4971015503900001", date(1990, 3, 15)), nik_fits_birth_date(None, date(1990, 3, 15))
    (True, True)
    """
    if text is None:
        return True
    nik = judge_nik(text)
    return (nik.day, nik.month, nik.year_of_century) == (birth_date.day, birth_date.month, birth_date.year % 100)


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same but for case, accents' encoding and the number of blanks.

    >>> same_name("  siti  AMINAH ", "Siti Aminah")
    True
    """
    return _plain_name(one) == _plain_name(other)


def _plain_name(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
