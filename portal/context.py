"""What every page may ask for without its view having to say so."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils.safestring import SafeString

PAGES = {
    "home": "home",
    "password": "account_change_password",
    "email": "account_email",
    "devices": "usersessions_list",
    "logout": "account_logout",
    "desk": "admin:index",
    "mailbox": "mailbox",
    "terms": "terms",
}
FILES = {"css": "portal/css/portal.css", "js": "portal/js/ui.js", "favicon": "portal/icons/favicon.svg"}


def site(request: HttpRequest) -> dict[str, bool | date | Callable | Mapping[str, str] | None]:
    """DEMO (what only a training room may have), today's date, the addresses of the frame, and on the demo's login
    page the people one can be."""
    context = {"DEMO": settings.DEMO, "today": getattr(request, "today", None), "to": _frame(get_script_prefix())}
    match = request.resolver_match
    if settings.DEMO and match is not None and match.url_name == "account_login":
        from portal import demo

        context["demo_cards"] = demo.drawn_cards  # called by the template that shows them, not before
    return context


@cache
def _frame(prefix: str) -> dict[str, SafeString]:
    """Where the header and footer of every page lead. They never change while the process lives: looking each up
    again cost a third of the time of drawing a page."""
    pages = {name: SafeString(reverse(view)) for name, view in PAGES.items()}
    return pages | {name: SafeString(static(path)) for name, path in FILES.items()}
