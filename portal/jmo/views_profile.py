"""Profil Saya of the app: who one is, Ubah Profil, Pengkinian Data."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from jht.explanations import explain
from jht.models import Membership, Participant
from portal.jmo.forms import DataForm, FaceForm
from portal.jmo.views import signed_in

CONFIRMED = "jmo-data"  # in the session: that the first step of Pengkinian Data is done


@signed_in
@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    return render(request, "jmo/profile.html", {"person": _person(request)})


@signed_in
@require_safe
def change(request: HttpRequest) -> HttpResponse:
    """Ubah Profil: the KPJ one has, and where another is added."""
    person = _person(request)
    if person is None:
        return redirect("jmo-jht:link")
    cards = explain(Membership.objects.cards_of(request.user), {}, request.today).cards
    return render(request, "jmo/profile_change.html", {"person": person, "cards": cards})


@signed_in
def confirm_data(request: HttpRequest) -> HttpResponse:
    """Pengkinian Data: whether what is recorded is right."""
    person = _person(request)
    if person is None:
        return redirect("jmo-jht:link")
    form = DataForm(request.POST) if request.method == "POST" else DataForm()
    if form.is_valid():
        request.session[CONFIRMED] = True
        return redirect("jmo:face")
    return render(request, "jmo/data.html", {"form": form, "person": person})


@signed_in
def face(request: HttpRequest) -> HttpResponse:
    """Pengkinian Data: the photo, which is a drawing here. Only the day is kept."""
    person = _person(request)
    if person is None or not request.session.get(CONFIRMED):
        return redirect("jmo:data")
    form = FaceForm(request.POST) if request.method == "POST" else FaceForm()
    if form.is_valid():
        person.data_updated_on = request.today
        person.save(update_fields=["data_updated_on"])
        del request.session[CONFIRMED]
        messages.success(request, "Data Anda sudah dikinikan. Gambar wajah tidak disimpan.")
        return redirect("jmo:profile")
    return render(request, "jmo/face.html", {"form": form})


def _person(request: HttpRequest) -> Participant | None:
    return Participant.objects.filter(user=request.user).first()
