"""Tracking Klaim: the claims of a person, one claim step by step; and asking that several KPJ become one."""

from decimal import Decimal

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from jht import claims, ledger, merges, promise
from jht.claim_words import AT_BRANCH_ONLY, STEPS, progress
from jht.forms_claims import AccountForm, DocumentsForm, MergeForm
from jht.models import Claim, Membership, MergeRequest, Participant
from jht.places import goto
from jht.rules import round_rupiah
from jht.samples import SAMPLES
from jht.typed import grouped


@login_required
@require_safe
def tracking(request: HttpRequest) -> HttpResponse:
    """All claims of the person, newest first. Three queries."""
    if not Participant.objects.filter(user=request.user).exists():
        messages.info(request, "Hubungkan kepesertaan Anda lebih dahulu, lalu klaim Anda tampak di sini.")
        return goto(request, "jht:link")
    days = promise.paid_within_days(request.today)
    rows = [(claim, progress(claim, days, promise.pay_by(claim, days))) for claim in _own(request)]
    return render(request, "jht/claim_tracking.html", {"rows": rows})


@login_required
@require_safe
def tracked(request: HttpRequest, number: str) -> HttpResponse:
    """One claim: what was asked for, each step, what comes next."""
    claim = get_object_or_404(_own(request), number=number)
    shown = []
    for step in claim.steps.all():
        shown.append({"step": step, "text": step.message or STEPS[step.status]})
    papers = [(paper, SAMPLES.get(paper.sample)) for paper in claim.documents.all()]
    days = promise.paid_within_days(request.today)
    told = progress(claim, days, promise.pay_by(claim, days))
    context = {"claim": claim, "steps": shown, "papers": papers, "progress": told}
    context["may_complete"] = claim.status == Claim.Status.INCOMPLETE and claim.reason not in AT_BRANCH_ONLY
    return render(request, "jht/claim_tracked.html", context)


@login_required
def complete(request: HttpRequest, number: str) -> HttpResponse:
    """Give what the clerk asked for: papers again, the bank account again."""
    claim = get_object_or_404(_own(request), number=number)
    if claim.status != Claim.Status.INCOMPLETE:
        return goto(request, "jht:tracked", number)
    if claim.reason in AT_BRANCH_ONLY:  # the heirs' account would give way to one in the name of who died
        messages.info(request, "Klaim ahli waris dilengkapi di kantor cabang, tidak lewat akun peserta.")
        return goto(request, "jht:tracked", number)
    papers = list(claim.documents.all())
    documents = DocumentsForm(
        request.POST or None,
        request.FILES or None,
        names=[paper.name for paper in papers],
        attached={paper.name: paper.sample for paper in papers if paper.is_legible},
    )
    participant = claim.membership.participant
    known = {"bank": claim.bank, "number": claim.account_number, "name": claim.account_name}
    account = AccountForm(request.POST or None, participant=participant, initial=known)
    del account.fields["has_npwp"]
    if request.method == "POST" and documents.is_valid() & account.is_valid():
        try:
            claims.complete_claim(claim, documents.papers, account.account, request.now, request.user)
        except ValidationError as refusal:
            account.add_error(None, refusal)
        else:
            messages.success(request, "Kelengkapan Anda sudah kami terima. Klaim diperiksa kembali.")
            return goto(request, "jht:tracked", number)
    asked = claim.steps.filter(status=Claim.Status.INCOMPLETE).last()
    context = {
        "claim": claim,
        "documents": documents,
        "account": account,
        "asked": asked.message if asked else "",
        "samples": SAMPLES.values(),
    }
    return render(request, "jht/claim_complete.html", context)


@login_required
@require_POST
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Batalkan klaim, as long as it is open."""
    claim = get_object_or_404(_own(request), number=number)
    try:
        claims.cancel_claim(claim, request.today, request.now, request.user)
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        messages.success(request, f"Klaim {claim.number} sudah Anda batalkan. Saldo Anda tidak berkurang.")
    return goto(request, "jht:tracked", number)


@login_required
def merge(request: HttpRequest) -> HttpResponse:
    """Amalgamasi: ask that several KPJ become one, and see what became of it."""
    participant = Participant.objects.filter(user=request.user).first()
    if participant is None:
        messages.info(request, "Hubungkan kepesertaan Anda lebih dahulu, lalu KPJ Anda tampak di sini.")
        return goto(request, "jht:link")
    memberships = (
        Membership.objects.owned_by(request.user)
        .filter(merged_into__isnull=True)
        .exclude(segment="JAKON")
        .select_related("employer")
        .order_by("-start", "pk")
    )
    mine = list(memberships)
    balances = ledger.balances(ledger.rates(), request.today, [membership.pk for membership in mine])
    labels = {membership.pk: _label(membership, balances.get(membership.pk, 0), request.today) for membership in mine}
    active = [membership.pk for membership in mine if membership.is_active(request.today)]
    initial = {
        "target": active[0] if active else (mine[0].pk if mine else None),
        "sources": [membership.pk for membership in mine if membership.pk not in active],
    }
    asked = list(
        MergeRequest.objects.filter(participant=participant).select_related("target").prefetch_related("sources")
    )
    form = MergeForm(request.POST or None, memberships=memberships, labels=labels, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            merges.request_merge(participant, data["target"], data["sources"], request.today, request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "Permintaan Anda sudah kami terima dan menunggu petugas.")
            return goto(request, "jht:merge")
    context = {
        "form": form,
        "asked": asked,
        "is_waiting": any(request.status == MergeRequest.Status.ASKED for request in asked),
        "can_ask": len(mine) > 1,
    }
    return render(request, "jht/merge.html", context)


def _own(request: HttpRequest):
    """The claims of the person of this account: the one door to a claim for a page."""
    mine = Membership.objects.owned_by(request.user)
    theirs = Claim.objects.filter(membership__in=mine)
    return promise.with_complete_at(theirs.select_related("membership__participant", "membership__employer"))


def _label(membership: Membership, balance, on) -> str:
    place = membership.employer.name if membership.employer else membership.get_segment_display()
    status = "aktif" if membership.is_active(on) else "nonaktif"
    return f"{membership.kpj} · {place} · {status} · Rp{grouped(round_rupiah(Decimal(balance)))}"
