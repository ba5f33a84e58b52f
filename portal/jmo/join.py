"""Buat Akun in the app, in the order of the brochure: one question a screen, and back without losing anything.

Nothing is stored of a sign-up that nobody finishes, and a page that is not due yet leads to the first question without
an answer.
"""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import outbox
from jht.models import Participant
from portal.jmo.join_state import Answers, steps
from portal.jmo.join_steps import VIEWS


@never_cache
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Buat Akun Baru: on with what was begun here, or from the first question."""
    if request.user.is_authenticated:
        return redirect("jmo:home")
    return redirect("jmo:register_step", Answers(request).first_open())


@require_safe
def not_yet(request: HttpRequest) -> HttpResponse:
    """Belum peserta: how one becomes one, since an account alone makes nobody a participant."""
    return render(request, "jmo/join_not_yet.html")


@never_cache
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """The account is there; what is best done next."""
    if not request.user.is_authenticated:
        return redirect("jmo:register")
    person = Participant.objects.filter(user=request.user).first()
    return render(request, "jmo/join_done.html", {"person": person})


@never_cache
def step(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One question, once all before it are answered."""
    if slug not in VIEWS:
        raise Http404
    if request.user.is_authenticated:
        return redirect("jmo:home")
    order, answers = steps(), Answers(request)
    if order.index(slug) > order.index(answers.first_open()):
        return redirect("jmo:register_step", answers.first_open())
    response = outbox.keep_inbox(request, VIEWS[slug].as_view(slug=slug, answers=answers)(request))
    if slug == "email" and settings.USE_RECAPTCHA:
        from accounts import recaptcha

        response._csp_update = recaptcha.csp_update()
    return response
