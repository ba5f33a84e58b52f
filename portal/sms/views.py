"""The phone on screen: several invented numbers, one conversation with 2757 each. Exists only in a training room."""

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import TextMessage
from accounts.outbox import claim_inbox, keep_inbox
from accounts.phones import Phone, phones_of
from portal.sms.inbox import receive_on_screen
from portal.sms.language import LONGEST, length

SHOWN = 60  # messages of a conversation; older ones scroll away
TARIFF = 350  # rupiah a part; a practice figure, what operators take differs


class TextForm(forms.Form):
    """What one types on the phone."""

    text = forms.CharField(
        label="Pesan ke 2757",
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 3, "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={
            "required": "Pesan masih kosong. Ketik misalnya SALDO lalu nomor KPJ.",
            "max_length": f"Pesan lebih dari {LONGEST} karakter. Persingkat, lalu kirim.",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: HttpRequest) -> HttpResponse:
    """The phone as a page of its own; sending leads back here, so that reloading sends nothing twice."""
    chosen, context = _phone(request)
    form = TextForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        receive_on_screen(chosen.number, form.cleaned_data["text"], request.now, request.today)
        if "bagian" not in request.POST:
            return keep_inbox(request, redirect(f"{reverse('phone')}?{urlencode({'nomor': chosen.number[-3:]})}"))
        form = TextForm()
    template = "sms/_device.html" if "bagian" in request.POST else "sms/phone.html"  # the script asks for a part
    return _shown(request, template, context | {"form": form} | _talk(request, chosen))


@require_safe
def device(request: HttpRequest) -> HttpResponse:
    """The device alone, for beside another page."""
    chosen, context = _phone(request)
    return _shown(request, "sms/_device.html", context | {"form": TextForm()} | _talk(request, chosen))


@require_safe
def talk(request: HttpRequest) -> HttpResponse:
    """The conversation alone, asked for every few seconds; 204 when nothing has been added since `sesudah`."""
    chosen, _ = _phone(request)
    context = _talk(request, chosen)
    if request.GET.get("sesudah") == str(context["last"]):
        return HttpResponse(status=204)
    return render(request, "sms/_talk.html", context)


def _phone(request: HttpRequest) -> tuple[Phone, dict]:
    if not settings.DEMO:
        raise Http404
    phones = phones_of(claim_inbox(request))
    ending = request.POST.get("nomor") or request.GET.get("nomor")
    chosen = next((one for one in phones if one.number[-3:] == ending), phones[0])
    return chosen, {"phones": phones, "chosen": chosen, "tariff": TARIFF}


def _talk(request: HttpRequest, chosen: Phone) -> dict:
    newest = TextMessage.objects.conversation(chosen.number, request.now).exclude(state=TextMessage.State.LOST)
    messages = list(newest.reverse()[:SHOWN])[::-1]
    for message in messages:
        message.length = length(message.text)
    return {"talk": messages, "last": messages[-1].pk if messages else 0, "chosen": chosen}


def _shown(request: HttpRequest, template: str, context: dict) -> HttpResponse:
    return keep_inbox(request, render(request, template, context))
