"""Tambah KPJ: after a change of job the new KPJ shows only once its owner has added it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jht.forms import AddForm
from jht.models import Participant
from jht.places import goto


@login_required
def add(request: HttpRequest) -> HttpResponse:
    """A KPJ of the linked participant joins the others; one that shows already stays as it is."""
    if not Participant.objects.filter(user=request.user).exists():
        messages.info(request, "Hubungkan kepesertaan Anda lebih dahulu, lalu KPJ lain dapat ditambahkan.")
        return goto(request, "jht:link")
    form = AddForm(request.POST or None, user=request.user, at=request.now)
    if form.is_valid():
        messages.success(request, f"KPJ {form.membership.kpj} sudah ada pada akun Anda, dan saldonya tampak di sini.")
        return goto(request, "jht:balance")
    return render(request, "jht/add.html", {"form": form}, status=429 if form.locked else 200)
