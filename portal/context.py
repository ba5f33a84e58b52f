"""What every page may ask for without its view having to say so."""

from collections.abc import Callable
from datetime import date
from functools import partial

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal import csrf
from portal.jmo.places import Place, place_of

LOGINS = ("account_login", "jmo:login")


def site(request: HttpRequest) -> dict[str, bool | str | date | Callable | Place | SimpleLazyObject | None]:
    """DEMO (what only a training room may have), today's date, the token of {% csrf_token %}, the frame of pages
    that web and app share, in the app where one is, and on the demo's login pages the people one can be."""
    context = {
        "DEMO": settings.DEMO,
        "today": getattr(request, "today", None),
        "csrf_token": SimpleLazyObject(lambda: csrf.token(request)),  # no cookie for pages without a form
        "frame": "base.html",
        "frame_narrow": "base_narrow.html",
        "start": "home",
    }
    match = request.resolver_match
    if match is None:
        return context
    if match.namespace.startswith("jmo"):
        app = {"frame": "jmo/base.html", "frame_narrow": "jmo/base.html", "start": "jmo:home", "app": place_of(match)}
        context |= app
    if settings.DEMO and match.view_name in LOGINS:
        from portal import demo

        # called by the template that shows them, not before
        context["demo_cards"] = partial(demo.drawn_cards, match.view_name)
    return context
