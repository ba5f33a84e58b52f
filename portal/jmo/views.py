"""Home, login and Cek Saldo of the app. What a balance is and what is said about it comes from jht."""

from allauth.account.views import LogoutView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import views as account_views
from jht import ledger
from jht.explanations import Account, explain, programmes
from jht.models import Contribution, Membership, Participant

signed_in = login_required(login_url="jmo:login")


class AppLoginView(account_views.LoginView):
    """The login of the web in the app's clothes: the same form, captcha, limits and locks."""

    template_name = "jmo/login.html"

    def get_success_url(self) -> str:
        return self.get_next_url() or reverse("jmo:home")


class AppLogoutView(LogoutView):
    http_method_names = ["get", "post"]

    def get(self, *args, **kwargs) -> HttpResponse:
        return redirect("jmo:profile")  # where the button is

    def get_redirect_url(self) -> str:
        return reverse("jmo:home")


@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """Beranda. The figure is worked out only when it is asked for: by a POST, the script's or the button's."""
    if not request.user.is_authenticated:
        return redirect("jmo:home") if request.method == "POST" else render(request, "jmo/welcome.html")
    person = Participant.objects.filter(user=request.user).first()
    context = {"person": person, "greeting": greeting(request)}
    if request.method == "POST" and person:
        context["account"] = account_of(request)
    return render(request, "jmo/_purse.html" if "bagian" in request.POST else "jmo/home.html", context)


@signed_in
@require_safe
def programme(request: HttpRequest) -> HttpResponse:
    """Jaminan Hari Tua: what can be done here."""
    return render(request, "jmo/programme.html")


@signed_in
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Pilih KPJ. No figure yet."""
    memberships = Membership.objects.cards_of(request.user)
    if not memberships and not Participant.objects.filter(user=request.user).exists():
        messages.info(request, "Hubungkan kepesertaan Anda lebih dahulu, lalu saldo dapat dicek.")
        return redirect("jmo-jht:link")
    return render(request, "jmo/choose.html", {"cards": explain(memberships, {}, request.today).cards})


@signed_in
@require_safe
def balance(request: HttpRequest, kpj: str) -> HttpResponse:
    """The balance of one KPJ, with the seven fields the app is known for."""
    held = [membership for membership in Membership.objects.cards_of(request.user) if membership.kpj == kpj]
    if not held:
        raise Http404
    balances = ledger.balances(ledger.rates(), request.today, [held[0].pk])
    context = {
        "card": explain(held, balances, request.today).cards[0],
        "last_paid_on": Contribution.objects.filter(membership=held[0].pk).last_paid_on(request.today),
        "programmes": programmes(held[0]),
    }
    return render(request, "jmo/balance.html", context)


def account_of(request: HttpRequest) -> Account:
    """Everything the person has, on this day, as Lihat Saldo JHT of the web works it out."""
    memberships = Membership.objects.cards_of(request.user)
    balances = ledger.balances(ledger.rates(), request.today, [membership.pk for membership in memberships])
    return explain(memberships, balances, request.today)


def greeting(request: HttpRequest) -> str:
    """As people greet one another at this hour in Jakarta."""
    hour = timezone.localtime(request.now).hour
    return "Selamat " + ("pagi" if 4 <= hour < 11 else "siang" if hour < 15 else "sore" if hour < 18 else "malam")
