"""What belongs to the site as a whole: home, terms, health, mailbox, refusals."""

import os
import secrets
import sys
import threading

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import OutboxMessage
from accounts.outbox import inbox_key
from portal import outages
from portal.refusals import outage, refusal
from portal.training.doors import is_trainer


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The service menu; a visitor is led to the login page. What is not built is not shown."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    return render(request, "portal/home.html", {"services": list(services(request.user))})


def services(user):
    """The entries of the service menu for this person, first things first.

    Those of participants are there for everybody, as in life: who has not linked the account yet is led to do so.
    """
    yield {
        "title": "Kartu Digital",
        "text": "Kartu setiap KPJ Anda, dengan kode QR yang dapat diperiksa.",
        "url": reverse("jht:cards"),
        "icon": "card",
    }
    yield {
        "title": "Lihat Saldo JHT",
        "text": "Saldo setiap kepesertaan Anda dan riwayat iurannya.",
        "url": reverse("jht:balance"),
        "icon": "wallet",
    }
    if not hasattr(user, "participant"):
        yield {
            "title": "Hubungkan kepesertaan",
            "text": "Cocokkan akun ini dengan NIK dan KPJ Anda, lalu saldo dapat dilihat.",
            "url": reverse("jht:link"),
            "icon": "link",
        }
    yield {
        "title": "Pengajuan Klaim",
        "text": "Ajukan pembayaran saldo JHT, langkah demi langkah.",
        "url": reverse("jht:claim_start"),
        "icon": "paper",
    }
    yield {
        "title": "Simulasi",
        "text": "Berapa tabungan Anda kelak, dan apa yang dapat diklaim.",
        "url": reverse("jht:simulation"),
        "icon": "calculator",
    }
    yield {
        "title": "Tracking Klaim",
        "text": "Sampai di mana klaim Anda, dan apa langkah berikutnya.",
        "url": reverse("jht:tracking"),
        "icon": "track",
    }
    if is_trainer(user):
        yield {
            "title": "Kelas",
            "text": "Buat kelas, bagikan kursi, putar jamnya, ulangi latihan.",
            "url": reverse("trainer"),
            "icon": "person",
        }
    if user.is_staff:
        yield {
            "title": "Meja Petugas",
            "text": "Data peserta, perusahaan, iuran, dan saldo.",
            "url": reverse("admin:index"),
            "icon": "desk",
        }


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/terms.html")


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """Kotak Masuk: the captured mails this browser may read. Exists only in a training room."""
    if not settings.DEMO:
        raise Http404
    mails = OutboxMessage.objects.readable_by(inbox_key(request))
    return render(request, "portal/mailbox.html", {"mails": mails[:50]})


@require_safe
def mailbox_message(request: HttpRequest, pk: int) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    mail = get_object_or_404(OutboxMessage.objects.readable_by(inbox_key(request)), pk=pk)
    return render(request, "portal/mail.html", {"mail": mail})


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """200 once the database answers and the cache gives back what it was given; else 503. Says nothing more."""
    key, token = f"health:{os.getpid()}:{threading.get_ident()}", secrets.token_hex(8)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        cache.set(key, token, 30)
        well = cache.get(key) == token
    except Exception as error:
        outages.note(error, request.path)
        well = False
    return HttpResponse("ok", content_type="text/plain") if well else outage()


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")


# --- Refusals ------------------------------------------------------------------------------------------------
def _home_of(request: HttpRequest) -> str:
    """Where one begins again: whoever is in the app stays in it."""
    app = reverse("jmo:home")
    return app if request.path.startswith(app) else "/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refusal(400, home=_home_of(request))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refusal(403, home=_home_of(request))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refusal(404, home=_home_of(request))


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when what failed outside a view (a session, a template) was an outage.

    Django calls this while the exception is being handled, whichever middleware it came from.
    """
    error = sys.exc_info()[1]
    if outages.is_outage(error):
        outages.note(error, request.path)
        return outage()
    response = refusal(500)
    response._has_been_logged = False  # this one is ours to repair: with its trace
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long, or came from elsewhere. Almost always the first.

    A login form left open in a second tab, posted by somebody who has logged in meanwhile, leads where it would have.
    """
    if request.user.is_authenticated and request.path in (reverse("account_login"), reverse("jmo:login")):
        return redirect("jmo:home" if request.path == reverse("jmo:login") else "home")
    return refusal(403, template="403_csrf.html")
