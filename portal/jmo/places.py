"""Where one is in the app: which entry of the bottom navigation is lit, and where the arrow leads."""

from typing import NamedTuple

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.urls import ResolverMatch, reverse

SHARED = "jmo-jht"  # the namespace of the pages that the app shares with the web


class Place(NamedTuple):
    """`tab`: the name of an entry of the bottom navigation, or ""; `back`: an address, or "" where one begins."""

    tab: str
    back: str


HOME = Place("home", "")
OF_ONE_KPJ = ("jmo:balance", "jmo-jht:statement")
# By name of view: its entry, and the name of the page before it. Everything else is one step from home.
PLACES = {
    "jmo:login": ("", "jmo:home"),
    "jmo:programme": ("programme", "jmo:home"),
    "jmo:choose": ("programme", "jmo:programme"),
    "jmo:balance": ("programme", "jmo:choose"),
    "jmo:profile": ("profile", "jmo:home"),
    "jmo:profile_change": ("profile", "jmo:profile"),
    "jmo:data": ("profile", "jmo:profile"),
    "jmo:face": ("profile", "jmo:data"),
    "jmo-jht:link": ("home", "jmo:home"),
    "jmo-jht:add": ("profile", "jmo:profile_change"),
    "jmo-jht:cards": ("cards", "jmo:home"),
    "jmo-jht:card": ("cards", "jmo-jht:cards"),
    "jmo-jht:balance": ("programme", "jmo:programme"),
    "jmo-jht:statement": ("programme", "jmo:balance"),
    "jmo-jht:arrears": ("programme", "jmo-jht:statement"),
    "jmo-jht:download": ("programme", "jmo-jht:statement"),
    "jmo-jht:why": ("programme", "jmo-jht:statement"),
    "jmo-jht:merge": ("programme", "jmo-jht:balance"),
    "jmo-jht:claim_start": ("programme", "jmo:programme"),
    "jmo-jht:tracking": ("programme", "jmo:programme"),
    "jmo-jht:tracked": ("programme", "jmo-jht:tracking"),
    "jmo-jht:claim_complete": ("programme", "jmo-jht:tracking"),
    "jmo-jht:simulation": ("home", "jmo:home"),
    "jmo-jht:simulation-savings": ("home", "jmo-jht:simulation"),
    "jmo-jht:simulation-claim": ("home", "jmo-jht:simulation"),
}


def place_of(match: ResolverMatch) -> Place:
    name = match.view_name
    if name == "jmo:home":
        return HOME
    step_of_claim = name.startswith("jmo-jht:claim_")
    tab, before = PLACES.get(name) or (("programme", "jmo-jht:claim_start") if step_of_claim else ("", "jmo:home"))
    return Place(tab, reverse(before, args=[match.kwargs["kpj"]] if before in OF_ONE_KPJ else []))


class Door:
    """Middleware: whoever is not signed in is asked to do so in the app, not on the web's login page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest):
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs):
        if request.resolver_match.namespace == SHARED and not request.user.is_authenticated:
            return redirect_to_login(request.path, reverse("jmo:login"))
        return None
