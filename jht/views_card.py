"""Kartu Digital: the cards of a person, one card to show or print, and the public check behind its QR."""

from datetime import date

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe
from segno import make_qr

from jht import cards
from jht.models import Membership, Participant
from jht.places import goto


@login_required
@require_safe
def card_list(request: HttpRequest) -> HttpResponse:
    """The digital cards of the person, newest first. One query for those who have any."""
    memberships = list(_mine(request))
    if not memberships and not Participant.objects.filter(user=request.user).exists():
        messages.info(request, "Hubungkan kepesertaan Anda lebih dahulu, lalu kartunya tampak di sini.")
        return goto(request, "jht:link")
    shown = [{"membership": one, "status": status(one, request.today)} for one in memberships]
    return render(request, "jht/cards.html", {"cards": shown})


@login_required
@require_safe
def card(request: HttpRequest, kpj: str) -> HttpResponse:
    """One card, with a QR that leads whoever scans it to the public check."""
    membership = get_object_or_404(_mine(request), kpj=kpj)
    path = reverse("card_check", args=[cards.token(membership.pk)])
    origin = settings.SITE_ORIGIN or f"{request.scheme}://{request.get_host()}"  # a host that ALLOWED_HOSTS names
    context = {
        "membership": membership,
        "status": status(membership, request.today),
        "check_path": path,
        "qr": qr(f"{origin.rstrip('/')}{path}"),
    }
    return render(request, "jht/card.html", context)


@require_safe
def card_check(request: HttpRequest, token: str) -> HttpResponse:
    """Whether a card comes from here, for anybody who scans it: little of the person, and the status of today."""
    pk = cards.membership_pk(token)
    membership = Membership.objects.filter(pk=pk).select_related("participant").first() if pk else None
    context = {"membership": membership}
    if membership:
        context |= {
            "name": masked_name(membership.participant.name),
            "last_four": membership.kpj[-4:],
            "status": status(membership, request.today),
        }
    return render(request, "jht/card_check.html", context, status=200 if membership else 404)


def _mine(request: HttpRequest):
    mine = Membership.objects.owned_by(request.user).select_related("participant")
    return mine.annotate(employer_name=F("employer__name"))


def status(membership: Membership, on: date) -> str:
    """What a card says of itself on this day."""
    if membership.merged_into_id and membership.merged_on <= on:
        return "Digabung"
    return "Aktif" if membership.is_active(on) else "Nonaktif"


def masked_name(name: str) -> str:
    """The first letter of each word; the dots do not tell how long it is.

    >>> masked_name("Budi Santoso")
    'B••• S•••'
    """
    return " ".join(f"{word[0]}•••" for word in name.split())


def qr(address: str) -> SafeString:
    """The QR as inline SVG with attributes only: the site's policy forbids styles. Black on white in every scheme."""
    svg = make_qr(address, error="m").svg_inline(border=3, light="#fff", dark="#000", svgclass="qr", omitsize=True)
    return SafeString(svg)  # drawn by the library, with nothing of a person's in it but the modules
