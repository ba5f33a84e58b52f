"""/pelatih/keadaan/: every page in every state, for trainers. What is shown is a picture that nobody can operate."""

from csp.decorators import csp_replace, csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from portal.training.doors import trainers_only
from portal.training.stage import explorer
from portal.training.stage.explorer import WIDTHS, State
from portal.training.stage.player import Stuck

# The picture may be framed by its own page and by nothing else, runs nothing and sends nothing.
PICTURE = {
    "script-src": ["'none'"],
    "form-action": ["'none'"],
    "connect-src": ["'none'"],
    "frame-ancestors": ["'self'"],
}
AROUND = {"frame-src": ["'self'"], "img-src": ["'self'", "data:"]}  # data: for the slide that the browser draws


@trainers_only
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The list, by group."""
    groups = explorer.groups()
    return render(request, "training/explorer.html", {"groups": groups, "count": sum(map(len, groups.values()))})


@csp_update(AROUND)
@trainers_only
@require_safe
def state(request: HttpRequest, code: str) -> HttpResponse:
    """One state, as wide as a phone or a laptop, with its neighbours."""
    chosen = _state(code)
    width = request.GET.get("lebar")
    width = width if width in WIDTHS else "laptop"
    before, after = explorer.neighbours(chosen)
    context: dict[str, object] = {
        "state": chosen,
        "before": before,
        "after": after,
        "width": width,
        "pixels": WIDTHS[width][1],
        "widths": [(word, name, pixels) for word, (name, pixels) in WIDTHS.items()],
    }
    try:
        context["shown"] = explorer.show(chosen)
    except Stuck as stuck:
        context["stuck"] = str(stuck)
    return render(request, "training/explorer_state.html", context)


@csp_replace(PICTURE)
@xframe_options_sameorigin
@trainers_only
@require_safe
def picture(request: HttpRequest, code: str) -> HttpResponse:
    """The page itself."""
    try:
        return HttpResponse(explorer.show(_state(code)).html)
    except Stuck:
        raise Http404 from None


def _state(code: str) -> State:
    if (found := explorer.states().get(code)) is None:
        raise Http404
    return found
