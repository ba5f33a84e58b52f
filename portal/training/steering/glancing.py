"""Looking along: the trainer sees the page that a trainee sees, after the trainee has agreed and for as long.

Only the last page is kept, without scripts, tokens, addresses and whatever was typed; nothing is kept afterwards.
"""

from collections.abc import Callable
from datetime import datetime
from html import escape
from html.parser import HTMLParser

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from portal.training.models import Glance, Run, Seat
from portal.training.steering.telling import AGREED, looking_at

LARGEST = 400_000  # characters of a page; larger ones are not kept
TOO_LARGE = (
    "<!doctype html><html lang=id><title>Halaman</title><p><strong>SIMULASI — bukan situs resmi</strong></p>"
    "<p>Halaman ini terlalu besar untuk dilihat bersama.</p>"
)
DROPPED = frozenset({"script", "noscript", "template", "iframe", "object", "embed", "base", "audio", "video", "canvas"})
OUR_OWN = "from-trainer"  # what the page says to the trainee about this very looking
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
# What carries an answer, an address, a script or a key. Links stay as words: the picture leads nowhere.
BARE = frozenset(
    {
        *("value", "checked", "selected", "name", "style", "content", "nonce", "integrity", "target", "autofocus"),
        *("action", "formaction", "href", "xlink:href", "src", "srcset", "srcdoc", "poster", "ping"),
    }
)


# --- The agreement -------------------------------------------------------------------------------------------
def ask(seat: Seat, now: datetime) -> None:
    """The trainer's question. Asked again, it begins anew: nothing is shown before the trainee agrees again."""
    fresh = {"asked_at": now, "agreed_at": None, "seen_at": None, "path": "", "html": ""}
    Glance.objects.update_or_create(seat=seat, defaults=fresh)


def agree(seat: Seat, now: datetime) -> bool:
    """The trainee's yes; whether there was still a question."""
    return bool(Glance.objects.filter(seat=seat, agreed_at__isnull=True).update(agreed_at=now))


def stop(seat: Seat) -> bool:
    """By either side, at any moment. What was kept is gone; whether there was anything to stop."""
    return bool(Glance.objects.filter(seat=seat).delete()[0])


def of(seat: Seat, now: datetime) -> Glance | None:
    """How it stands with this seat. With its class, or with the exercise that was on when the trainee agreed, it is
    over."""
    glance = Glance.objects.filter(seat=seat).first()
    if glance and (not seat.classroom.is_running(now) or _is_over(glance)):
        stop(seat)
        return None
    return glance


def _is_over(glance: Glance) -> bool:
    """Whether an exercise has ended since the trainee agreed."""
    since = glance.agreed_at
    return since is not None and Run.objects.filter(seat=glance.seat_id, ended_at__gte=since).exists()


# --- The page ------------------------------------------------------------------------------------------------
class Glances:
    """Keeps the last page of a seat whose trainee has agreed. No query for all others: the glance comes with the seat.

    Outside the middleware that records what was done, so that the end of an exercise is already known here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        seat = getattr(request, "seat", None)
        if seat and looking_at(seat) == AGREED:
            if _is_over(seat.glance):
                stop(seat)
            elif is_page(request, response):
                keep(seat, request.path, response.text, timezone.now())
        return response


def is_page(request: HttpRequest, response: HttpResponse) -> bool:
    """A whole page that somebody opened, and no part of one, no file, no answer to a form."""
    if request.method != "GET" or response.status_code != 200 or response.streaming:
        return False
    is_html = response.headers.get("Content-Type", "").startswith("text/html")
    return is_html and response.content[:200].lstrip().lower().startswith(b"<!doctype html")


def keep(seat: Seat, path: str, html: str, now: datetime) -> None:
    """In place of the page before, and only while the trainee agrees."""
    bare = harmless(html) if len(html) <= LARGEST else TOO_LARGE
    Glance.objects.filter(seat=seat, agreed_at__isnull=False).update(html=bare, path=path[:200], seen_at=now)


def harmless(html: str) -> str:
    """The same page as a picture: nothing runs, nothing leads anywhere, nothing typed and no token is in it.

    >>> harmless('<p onclick="x()">Halo <input type=hidden value=7><a href="/jht/?t=9" class=btn>Saldo</a></p>')
    '<p>Halo <a class="btn">Saldo</a></p>'
    """
    reader = _Bare()
    reader.feed(html)
    reader.close()
    return "".join(reader.pieces)


class _Bare(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=False)
        self.pieces: list[str] = []
        self.inside: str | None = None  # the element whose content is left out: scripts, what was typed, our own bar
        self.depth, self.is_closed = 0, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.inside:
            self.depth += tag == self.inside
            return
        given = dict(attrs)
        if tag in DROPPED or OUR_OWN in (given.get("class") or "").split():
            if tag not in VOID:
                self.inside, self.depth, self.is_closed = tag, 1, False
            return
        if tag == "meta" and "charset" not in given and given.get("name") != "viewport":
            return
        if tag == "input" and given.get("type") == "hidden":
            return
        if tag == "link" and given.get("rel") != "stylesheet":
            return
        self.pieces.append(f"<{tag}{_attributes(tag, given)}>")
        if tag == "textarea":
            self.inside, self.depth, self.is_closed = tag, 1, True

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.inside:
            self.depth -= tag == self.inside
            if self.depth:
                return
            self.inside = None
            if not self.is_closed:
                return
        self.pieces.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.pieces.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self.pieces.append(f"<!{decl}>")


def _attributes(tag: str, given: dict[str, str | None]) -> str:
    kept = []
    for name, value in given.items():
        is_ours = (value or "").startswith((settings.STATIC_URL, "#"))
        leads_to_a_file = (tag, name) in (("link", "href"), ("use", "href"), ("img", "src")) and is_ours
        is_viewport = tag == "meta" and name in ("name", "content")
        is_measure = name == "value" and tag in ("progress", "meter", "li")
        bare = not is_measure and (name in BARE or name.startswith(("on", "data-")))
        if bare and not leads_to_a_file and not is_viewport:
            continue
        kept.append(name if value is None else f'{name}="{escape(value)}"')
    return "".join(f" {one}" for one in kept)
