"""What a text to 2757 says. Pure: no Django, no clock, no database.

Understood are all published formats (docs/sms.md): any letter case, blanks around "#", SALDOE for SALDO, the name in
second place or left out, an e-mail at the end or none, dates with "-", "/", "." or nothing between.
"""

import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

LONGEST = 1_000  # characters that are looked at; a concatenated text of six parts has 918
OLDEST_YEAR = 1900  # nobody older takes part; "0315" is no year but the end of a date written the other way round

BLANKS = re.compile(r"\s+")
REGISTER = re.compile(r"DAFTAR\s*SALDOE?\b|DAFTARSALDOE?\b|DAFTAR\b")
BALANCE = re.compile(r"SALDOE?\b\s*#?\s*(.*)")
DAY = re.compile(r"([0-9]{1,2})\s*[-/. ]\s*([0-9]{1,2})\s*[-/. ]\s*([0-9]{4})|([0-9]{2})([0-9]{2})([0-9]{4})")
OTHER_ORDER = re.compile(r"[0-9]{4}\s*[-/. ]\s*[0-9]{1,2}\s*[-/. ]\s*[0-9]{1,2}")
# Also with a letter in it, as on very old cards or by a slip: then it has too few digits, which is said.
NUMBER = re.compile(r"[0-9][0-9 .-]*|(?=(?:[^0-9]*[0-9]){8})[0-9A-Za-z .-]+")
EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True)
class Register:
    """DAFTAR SALDO: the sender asks that his number may see the balance of this KPJ. Parts as typed, trimmed."""

    nik: str
    birth_date: date
    kpj: str
    name: str = ""
    email: str = ""


@dataclass(frozen=True)
class AskBalance:
    """SALDO <KPJ>."""

    kpj: str


class NotUnderstood(ValueError):
    """`what`: empty, word, which, separator, nik, date, date_order, kpj, email, emails, order; answers.py has the
    sentences."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def understand(text: str) -> Register | AskBalance:
    """The request in a text, or NotUnderstood with what is missing or wrong.

    Whether the numbers are right is not judged here: the same rules as everywhere do that.

    >>> understand("Saldo 4900 0000 011")
    AskBalance(kpj='49000000011')
    >>> understand("daftar saldoe # 4971011503880001#15/03/1988#49000000011").birth_date
    datetime.date(1988, 3, 15)
    """
    plain = readable(text)
    upper = plain.upper()
    if not plain:
        raise NotUnderstood("empty")
    if found := REGISTER.match(upper):
        return _register(plain[found.end() :])
    if found := BALANCE.fullmatch(upper):
        kpj = found[1].replace(" ", "").replace("-", "").replace(".", "")
        if not kpj:
            raise NotUnderstood("which")
        return AskBalance(kpj)
    raise NotUnderstood("word")


def readable(text: str) -> str:
    """The text in its plainest letters, on one line, without what cannot be seen or stored.

    >>> readable(" \uff33\uff21\uff2c\uff24\uff2f\\n 49\u200b00\\0 ")
    'SALDO 4900'
    """
    plain = BLANKS.sub(" ", unicodedata.normalize("NFKC", text[:LONGEST]))
    return "".join(char for char in plain if char.isprintable())[:LONGEST].strip()


def _register(rest: str) -> Register:
    if "#" not in rest:
        raise NotUnderstood("separator")
    before, *parts = [part.strip() for part in rest.split("#")]
    if NUMBER.fullmatch(before):  # any other word there belongs to DAFTAR SALDO
        raise NotUnderstood("separator")
    parts = [part for part in parts if part]
    emails = [part for part in parts if "@" in part]
    parts = [part for part in parts if "@" not in part]
    days = [number for number, part in enumerate(parts) if DAY.fullmatch(part)]
    numbers = [number for number, part in enumerate(parts) if NUMBER.fullmatch(part) and number not in days[:1]]
    names = [part for number, part in enumerate(parts) if number not in numbers and number not in days[:1]]
    if not numbers:
        raise NotUnderstood("nik")
    if not days:
        raise NotUnderstood("date_order" if any(OTHER_ORDER.fullmatch(part) for part in parts) else "date")
    if len(numbers) < 2:
        raise NotUnderstood("nik" if numbers[0] > days[0] else "kpj")
    if numbers[0] > days[0] or numbers[1] < days[0] or len(numbers) > 2 or len(names) > 1:
        raise NotUnderstood("order")
    if len(emails) > 1:
        raise NotUnderstood("emails")
    if emails and not EMAIL.fullmatch(emails[0]):
        raise NotUnderstood("email")
    nik, kpj = (re.sub(r"[ .-]", "", parts[number]) for number in numbers)
    return Register(nik, _day(parts[days[0]]), kpj, names[0] if names else "", emails[0] if emails else "")


def _day(text: str) -> date:
    """The date in day-month-year; NotUnderstood says whether it reads as one in another order."""
    found = DAY.fullmatch(text)
    day, month, year = (int(group) for group in found.groups() if group)
    with suppress(ValueError):
        if year >= OLDEST_YEAR:
            return date(year, month, day)
    turned = month > 12 >= day or (text.isdigit() and text[:2] in ("19", "20"))
    raise NotUnderstood("date_order" if turned else "date")


# --- What may be kept of it -------------------------------------------------------------------------------------

HIDDEN = "[nomor disembunyikan]"
# Digits with nothing but blanks and signs between them read as one number, except across "#" and lines.
DIGITS = re.compile(r"\d(?:[^\w#\n]{0,6}_?\d)+")
SUSPECT = 12  # so many digits may be somebody's real NIK (16), also when some are missing …
# … unless they are what belongs here: our NIK, our KPJ, a date, one after the other; or one of ours cut short.
OURS = re.compile(
    r"(?:49[0-9]{14}|49[0-9]{9}|(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])(?:19|20)[0-9]{2})+|49[0-9]{10,13}"
)


def presentable(text: str) -> str:
    """The text as it may be kept: without what may be a real NIK, and without what no database stores."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST])
    clean = "".join(char for char in plain if char == "\n" or char.isprintable())
    return DIGITS.sub(_hidden, clean)[:LONGEST]


def _hidden(found: re.Match) -> str:
    digits = "".join(str(unicodedata.decimal(char)) for char in found[0] if char.isdecimal())
    return found[0] if len(digits) < SUSPECT or OURS.fullmatch(digits) else HIDDEN


# --- How long a text is ----------------------------------------------------------------------------------------

# 3GPP TS 23.038: the default alphabet of a text message, and those that cost two characters of it.
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_DOUBLE = frozenset("^{}\\[~]|€\f")


@dataclass(frozen=True)
class Length:
    """What a phone's counter shows: characters used, parts, characters left in the last part; `gsm`: 7 bits each."""

    used: int
    parts: int
    left: int
    gsm: bool


def length(text: str) -> Length:
    """160 characters of the GSM alphabet fit one text, 153 each part of several; otherwise 70 and 67 (UCS-2).

    >>> length("a" * 160).parts, length("a" * 161).parts, length("—").parts, length("—" * 71).parts
    (1, 2, 1, 2)
    """
    gsm = all(char in GSM or char in GSM_DOUBLE for char in text)
    if gsm:
        used, single, several = sum(2 if char in GSM_DOUBLE else 1 for char in text), 160, 153
    else:
        used, single, several = len(text.encode("utf-16-be", "surrogatepass")) // 2, 70, 67
    parts = 1 if used <= single else -(-used // several)
    room = single if parts == 1 else parts * several
    return Length(used, parts, room - used, gsm)


def split(text: str) -> list[str]:
    """The text in parts that fit one message each, cut at blanks where there are any."""
    whole = length(text)
    if whole.parts == 1:
        return [text]
    room = 153 if whole.gsm else 67
    parts, rest = [], text
    while rest:
        cut = min(len(rest), room)
        while length(rest[:cut]).used > room:
            cut -= 1
        if cut < len(rest) and (blank := rest.rfind(" ", 0, cut + 1)) > 0:
            cut = blank
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return parts
