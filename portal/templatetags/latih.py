"""The one way to show money, dates, months, KPJ, initials and icons. Built in: templates need no {% load %}.

Money comes in as Decimal or int (rupiah) and is rounded here, half up, once. Missing values show as nothing.
"""

import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from django import template
from django.template.defaultfilters import linebreaks
from django.templatetags.static import static
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from accounts.phones import shown
from jht.explanations import day_name, month_name
from portal.training.runs.shown import note_form

register = template.Library()

MINUS = "−"
NO_BREAK = "\N{NO-BREAK SPACE}"
RUPIAH, SEN = Decimal("1"), Decimal("1.00")
INDONESIAN = str.maketrans(",.", ".,")  # dots between thousands, a comma before decimals
MISSING = (None, "")  # Django hands a filter "" for what a template cannot find


def _parts(value: Decimal | int, unit: Decimal) -> tuple[str, str]:
    """The sign and the digits of an amount, rounded half up to `unit`; what rounds to nothing has no sign.

    >>> _parts(Decimal("-1234567.5"), SEN)
    ('−', '1.234.567,50')
    """
    amount = Decimal(value).quantize(unit, ROUND_HALF_UP)
    return MINUS if amount < 0 else "", f"{abs(amount):,}".translate(INDONESIAN)


@register.filter
def rupiah(value: Decimal | int | None) -> SafeString | str:
    """An amount for the screen, in whole rupiah: the "Rp" can be set smaller than the figure."""
    if value in MISSING:
        return ""
    sign, digits = _parts(value, RUPIAH)
    return SafeString(f'<span class="money">{sign}<span class="money__rp">Rp</span>{digits}</span>')


@register.filter
def rupiah_text(value: Decimal | int | None) -> str:
    """An amount inside a sentence or a title.

    >>> rupiah_text(1234567)
    'Rp1.234.567'
    """
    if value in MISSING:
        return ""
    sign, digits = _parts(value, RUPIAH)
    return f"{sign}Rp{digits}"


@register.filter
def sen(value: Decimal | int | None) -> str:
    """An amount to the sen, for clerks who compare with the ledger: "Rp1.234.567,89"."""
    if value in MISSING:
        return ""
    sign, digits = _parts(value, SEN)
    return f"{sign}Rp{digits}"


@register.filter
def tanggal(value: date | None) -> str:
    """A day in words: "15 Maret 2026"."""
    return day_name(value) if value else ""


@register.filter
def bulan(value: date | None) -> str:
    """The month of a date, short: "Mar 2026"."""
    return month_name(value) if value else ""


@register.filter
def waktu(value: datetime | None) -> str:
    """A moment on the clocks of Jakarta: "15 Maret 2026 pukul 10.05"."""
    if value in MISSING:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{tanggal(local)} pukul {local:%H.%M}"


@register.filter
def kpj(value: str | None) -> SafeString | str:
    """A membership number in groups of 3-4-4. The gaps are drawn, not typed: copied digits come without spaces."""
    if not value:
        return ""
    return _grouped(value[:3], value[3:7], value[7:]) if len(value) == 11 else _grouped(value)


@register.filter
def nik(value: str | None) -> SafeString | str:
    """An identity number in groups of four, drawn like a KPJ; a passport's number stays in one piece."""
    if not value:
        return ""
    return _grouped(*(value[start : start + 4] for start in range(0, 16, 4))) if len(value) == 16 else _grouped(value)


def _grouped(*groups: str) -> SafeString:
    if not "".join(groups).isdecimal():  # digits need no escaping, and are all that is ever stored
        groups = tuple(map(escape, groups))
    return SafeString(f'<span class="kpj"><span>{"</span><span>".join(groups)}</span></span>')


@register.filter
def inisial(value: str | None) -> str:
    """The first letters of the first two words of a name."""
    return "".join(word[0] for word in (value or "").split()[:2]).upper()


@register.filter
def percent(value: Decimal | int | None) -> str:
    """A rate given in per cent, with two decimals: "5,63 %"; the sign stays on the figure's line."""
    if value in MISSING:
        return ""
    sign, digits = _parts(value, SEN)
    return f"{sign}{digits}{NO_BREAK}%"


@register.filter
def telepon(number: str) -> str:
    """A phone number in groups: 0849-1234-56001."""
    return shown(number)


@register.filter
def menit(value: timedelta | None) -> str:
    """How long something took.

    >>> menit(timedelta(seconds=45)), menit(timedelta(minutes=4, seconds=20)), menit(timedelta(hours=1))
    ('45 detik', '4 menit 20 detik', '60 menit')
    """
    if value in MISSING:
        return ""
    minutes, seconds = divmod(max(0, int(value.total_seconds())), 60)
    return " ".join([f"{minutes} menit"] * bool(minutes) + [f"{seconds} detik"] * bool(seconds or not minutes))


@register.simple_tag
def noted(form) -> str:
    """The errors of this form are on the page, drawn by hand; portal/training/runs/shown.py keeps their codes."""
    note_form(form)
    return ""


BAIT = re.compile(r"\[([^\[\]\n]{1,80})\]\((/kelas/umpan/[\w:.-]{1,200}/)\)")


@register.filter
def with_bait(body: str) -> SafeString:
    """A captured mail as paragraphs; the link of a phishing exercise, and no other, can be followed."""
    link = r'<a href="\2">\1</a>'
    return SafeString(BAIT.sub(link, linebreaks(body, autoescape=True)))


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """One picture of the sprite. Decoration only: the words beside it carry the meaning."""
    sprite = static("portal/icons/sprite.svg")  # the same while the process lives, hence the cache
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>', sprite, name)


class OnceNode(template.Node):
    child_nodelists = ()  # no block is looked for in here, so none can be filled

    def __init__(self, nodelist: template.NodeList):
        self.nodelist = nodelist
        self.drawn: dict[str, str] = {}

    def render(self, context: template.Context) -> str:
        prefix = get_script_prefix()
        if prefix not in self.drawn:
            self.drawn[prefix] = self.nodelist.render(context.new())
        return self.drawn[prefix]


@register.tag
def once(parser: template.base.Parser, token: template.base.Token) -> OnceNode:
    """{% once %}…{% endonce %}: drawn when first shown, the same ever after. Sees nothing of the page around it, so
    nothing of one visitor can be shown to another.

    For addresses and files of the frame, which never change while the process lives: looking each up again cost a
    third of the time of drawing a page.
    """
    nodelist = parser.parse(("endonce",))
    parser.delete_first_token()
    return OnceNode(nodelist)
