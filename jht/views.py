"""The participant's web pages: Hubungkan kepesertaan, Lihat Saldo JHT, the statement of one KPJ."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from jht import arrears, chart, ledger
from jht.explanations import explain, months_in_words
from jht.forms import LinkForm
from jht.history import history_of
from jht.models import Membership, Participant
from jht.places import goto
from jht.words import ROUNDING


@login_required
def link(request: HttpRequest) -> HttpResponse:
    """Hubungkan kepesertaan: the account becomes the account of one participant."""
    if Participant.objects.filter(user=request.user).exists():
        return goto(request, "jht:balance")
    form = LinkForm(request.POST or None, user=request.user, at=request.now)
    if form.is_valid():
        messages.success(request, "Kepesertaan Anda sudah terhubung dengan akun ini.")
        return goto(request, "jht:balance")
    return render(request, "jht/link.html", {"form": form}, status=429 if form.locked else 200)


@login_required
def balance(request: HttpRequest) -> HttpResponse:
    """Lihat Saldo JHT: the total, then every KPJ of the person. A fixed number of queries whatever the history."""
    rates, terms = ledger.rates_and_terms()
    memberships = Membership.objects.cards_of(request.user, arrears.months_due(request.today, terms))
    if not memberships and not Participant.objects.filter(user=request.user).exists():
        messages.info(request, "Hubungkan kepesertaan Anda lebih dahulu, lalu saldo tampak di sini.")
        return goto(request, "jht:link")
    balances = ledger.balances(rates, request.today, [membership.pk for membership in memberships])
    paid = {membership.pk: membership.paid_months for membership in memberships}
    account = explain(memberships, balances, request.today, terms, paid)
    return render(request, "jht/balance.html", {"account": account, "memberships": account.cards})


@login_required
def membership_statement(request: HttpRequest, kpj: str) -> HttpResponse:
    """The statement of one KPJ, by year, each year opening to its movements."""
    mine = Membership.objects.owned_by(request.user).select_related("participant").with_last_contribution()
    membership = get_object_or_404(mine.annotate(employer_name=F("employer__name")), kpj=kpj)
    found = history_of(membership, request.today)
    bars = chart.growing(found.lines)
    return render(
        request,
        "jht/statement.html",
        {
            "membership": found.account.cards[0],
            "account": found.account,
            "years": found.years,
            "rounding": ROUNDING,
            "participant": membership.participant,
            "lacking": found.lacking,
            "missing": months_in_words(found.lacking.missing),
            "chart": chart.stacked(bars, "Pertumbuhan saldo", chart.in_words(bars)),
            "taken": any(bar.withdrawals for bar in bars),
            "has_transfers": any(line.transfers for line in found.lines),
        },
    )
