"""What every page may ask for without its view having to say so."""

from functools import partial
from urllib.parse import quote

from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString

from portal import csrf
from portal.jmo.places import place_of

LOGINS = ("account_login", "jmo:login")


def site(request: HttpRequest) -> dict[str, object]:
    """DEMO (what only a training room may have), today's date, the seat in a class, the token of {% csrf_token %}, the
    frame of pages that web and app share, in the app where one is, and on the demo's login pages the people one can
    be."""
    context = {
        "DEMO": settings.DEMO,
        "today": getattr(request, "today", None),
        "seat": getattr(request, "seat", None),
        "csrf_token": SimpleLazyObject(lambda: csrf.token(request)),  # no cookie for pages without a form
        "frame": "base.html",
        "frame_narrow": "base_narrow.html",
        "start": "home",
    }
    if context["seat"]:
        context["from_trainer"] = partial(_from_trainer, context["seat"])  # asked by the frames, not by parts of pages
    match = request.resolver_match
    if match is None:
        return context
    if match.namespace.startswith("jmo"):
        app = {"frame": "jmo/base.html", "frame_narrow": "jmo/base.html", "start": "jmo:home", "app": place_of(match)}
        context |= app
    if settings.DEMO and match.view_name in LOGINS:
        # called by the template that shows them, not before
        context["demo_cards"] = partial(_cards, request)
    return context


def _cards(request: HttpRequest) -> SafeString:
    """The cards with what differs from page to page: the numbers of the seat, and where to go on to after the login."""
    from portal import demo
    from portal.training.seats.cards import shows_staff
    from portal.training.seats.people import numbers_of, with_numbers

    drawn = demo.drawn_cards(request.resolver_match.view_name, shows_staff(request), bool(request.seat))
    if request.seat:
        drawn = SafeString(with_numbers(drawn, numbers_of(request.seat)))
    if there := get_next_redirect_url(request):  # only a path of this site (accounts/adapter.py)
        drawn = SafeString(drawn.replace(demo.FORM, f"&amp;next={quote(there)}{demo.FORM}"))
    return drawn


def _from_trainer(seat):
    from portal.training.steering.telling import news

    return news(seat)
