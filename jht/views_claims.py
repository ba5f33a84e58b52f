"""Pengajuan Klaim: one page a step. What was filled in lies in the session until the claim is filed, so that going
back, reloading or leaving loses nothing, with or without JavaScript."""

import secrets
from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from jht import claims, ledger
from jht.claim_words import AT_BRANCH_ONLY
from jht.claims import Account, Application
from jht.eligibility import PARTIAL, Verdict, fits_channel
from jht.forms_claims import AccountForm, AmountForm, ConfirmForm, DocumentsForm, ReasonForm, paper_of
from jht.models import Claim, Membership, Participant, Reason
from jht.places import channel, goto, there
from jht.samples import SAMPLES
from jht.words import day_name

DRAFTS = "klaim"  # in the session: by KPJ, what was filled in so far
ONLINE = tuple(reason for reason in Reason.values if reason not in AT_BRANCH_ONLY)
STEPS = (
    ("claim_check", "Pemeriksaan"),
    ("claim_reason", "Sebab klaim"),
    ("claim_amount", "Jumlah"),
    ("claim_documents", "Dokumen"),
    ("claim_account", "Rekening"),
    ("claim_confirm", "Konfirmasi"),
)


@login_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Which KPJ: each with its balance and, where there is one, its open claim."""
    memberships = list(_mine(request).order_by("-start", "pk"))
    if not memberships and not Participant.objects.filter(user=request.user).exists():
        messages.info(request, "Hubungkan kepesertaan Anda lebih dahulu, lalu klaim dapat diajukan di sini.")
        return goto(request, "jht:link")
    balances = ledger.balances(ledger.rates(), request.today, [membership.pk for membership in memberships])
    waiting = {
        claim.membership_id: claim for claim in Claim.objects.filter(membership__in=memberships, status__in=Claim.OPEN)
    }
    rows = [
        {
            "membership": membership,
            "balance": balances.get(membership.pk, 0),
            "is_active": membership.is_active(request.today),
            "claim": waiting.get(membership.pk),
            "can_start": membership.has_jht and not membership.merged_into_id and balances.get(membership.pk, 0) > 0,
        }
        for membership in memberships
    ]
    return render(request, "jht/claim_start.html", {"rows": rows})


View = Callable[..., HttpResponse]
WHERE = {"reason": "claim_reason", "amount": "claim_amount", "papers": "claim_documents", "account": "claim_account"}


def step(name: str, *needs: str) -> Callable[[View], View]:
    """A page of the way: `view(request, membership, draft)`, and the chosen reason's verdict once there must be one.

    Whoever comes too early is led to what is missing.
    """

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def page(request: HttpRequest, kpj: str) -> HttpResponse:
            membership = get_object_or_404(_mine(request), kpj=kpj)
            if not membership.has_jht:
                raise Http404
            if name != "claim_check" and membership.claims.filter(status__in=Claim.OPEN).exists():
                return goto(request, "jht:claim_check", kpj)
            draft = request.session.get(DRAFTS, {}).get(kpj, {})
            for need in needs:
                if need not in draft and (need != "amount" or draft.get("reason") in PARTIAL):
                    return goto(request, f"jht:{WHERE[need]}", kpj)
            if not needs:
                return view(request, membership, draft)
            verdict = claims.verdicts(membership, request.today, [draft["reason"]])[0]
            if not verdict.allowed or draft["reason"] not in ONLINE:
                messages.warning(request, "Sebab klaim yang tadi dipilih tidak dapat dipakai lagi. Pilih yang lain.")
                return goto(request, "jht:claim_reason", kpj)
            return view(request, membership, draft, verdict)

        return page

    return decorate


@step("claim_check")
def check(request: HttpRequest, membership: Membership, draft: dict) -> HttpResponse:
    """Tiga centang: balance within the limit, membership ended, data right; and what to do where one is red."""
    waiting = membership.claims.filter(status__in=Claim.OPEN).first()
    if waiting:
        messages.info(request, f"KPJ ini mempunyai klaim {waiting.number} yang sedang diproses.")
        return goto(request, "jht:tracked", waiting.number)
    balance, on = membership.balance(request.today), request.today
    limit = claims.limit_on(on)
    ticks = {
        "limit": limit is None or fits_channel(balance, limit),
        "ended": not membership.is_active(on),
        "data": not claims.needs_proof(membership.participant),
        "updated": not _asks_for_update(request, membership),
    }
    any_allowed = any(verdict.allowed for verdict in claims.verdicts(membership, on, ONLINE, balance))
    context = {
        "balance": balance,
        "limit": limit,
        "ticks": ticks,
        "may_go_on": ticks["limit"] and ticks["updated"] and any_allowed,
        "any_allowed": any_allowed,
    }
    return _page(request, "claim_check", membership, draft, context)


def _asks_for_update(request: HttpRequest, membership: Membership) -> ValidationError | None:
    """In the app the third green tick is data that were looked through (docs/aturan.md#pengajuan-klaim)."""
    if channel(request) != Claim.Channel.APP or membership.participant.data_updated_on:
        return None
    return ValidationError(
        "Data Anda belum dikinikan. Buka Profil, pilih Pengkinian Data, lalu kembali ke sini.", "not_updated"
    )


@step("claim_reason")
def reason(request: HttpRequest, membership: Membership, draft: dict) -> HttpResponse:
    """Sebab klaim: all eleven, each with why not."""
    verdicts = claims.verdicts(membership, request.today)
    allowed = [verdict.reason for verdict in verdicts if verdict.allowed and verdict.reason in ONLINE]
    barred = _asks_for_update(request, membership) or claims.barred_at_a_distance(membership, request.today)
    form = ReasonForm(request.POST or None, allowed=allowed, initial={"reason": draft.get("reason")})
    if barred and request.method == "POST":
        form.add_error(None, barred)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["reason"]
        kept = draft if draft.get("reason") == chosen else {}  # other papers, another share
        _keep(request, membership, {**kept, "reason": chosen})
        return goto(request, "jht:claim_amount" if chosen in PARTIAL else "jht:claim_documents", membership.kpj)
    names = dict(Reason.choices)
    rows = [
        {
            "verdict": verdict,
            "name": names[verdict.reason],
            "may_choose": verdict.reason in allowed,
            "at_branch": AT_BRANCH_ONLY.get(verdict.reason),
            "from_day": None if verdict.allowed else verdict.earliest and day_name(verdict.earliest),
        }
        for verdict in verdicts
    ]
    chosen = form["reason"].value()
    context = {"form": form, "rows": rows, "chosen": chosen, "barred": barred and barred.message}
    return _page(request, "claim_reason", membership, draft, context)


@step("claim_amount", "reason")
def amount(request: HttpRequest, membership: Membership, draft: dict, verdict: Verdict) -> HttpResponse:
    """How much of a part."""
    if draft["reason"] not in PARTIAL:
        return goto(request, "jht:claim_documents", membership.kpj)
    form = AmountForm(request.POST or None, most=int(verdict.max_amount), initial={"amount": draft.get("amount")})
    if form.is_valid():
        _keep(request, membership, {**draft, "amount": form.cleaned_data["amount"]})
        return goto(request, "jht:claim_documents", membership.kpj)
    return _page(request, "claim_amount", membership, draft, {"form": form, "verdict": verdict})


@step("claim_documents", "reason", "amount")
def documents(request: HttpRequest, membership: Membership, draft: dict, verdict: Verdict) -> HttpResponse:
    """The checklist of the reason, with our samples."""
    form = DocumentsForm(
        request.POST or None, request.FILES or None, names=verdict.documents, attached=draft.get("papers", {})
    )
    if form.is_valid():
        _keep(request, membership, {**draft, "papers": {paper.name: paper.sample for paper in form.papers}})
        return goto(request, "jht:claim_account", membership.kpj)
    return _page(request, "claim_documents", membership, draft, {"form": form, "samples": SAMPLES.values()})


@step("claim_account", "reason", "amount", "papers")
def account(request: HttpRequest, membership: Membership, draft: dict, verdict: Verdict) -> HttpResponse:
    """Where the money goes."""
    initial = draft.get("account") or {"has_npwp": membership.participant.has_npwp}
    form = AccountForm(request.POST or None, participant=membership.participant, initial=initial)
    if form.is_valid():
        _keep(request, membership, {**draft, "account": form.cleaned_data})
        return goto(request, "jht:claim_confirm", membership.kpj)
    return _page(request, "claim_account", membership, draft, {"form": form})


@login_required
def confirm(request: HttpRequest, kpj: str) -> HttpResponse:
    """Everything once more with the estimate; then the number. The form sent again leads to the same claim."""
    token = request.POST.get("token", "")
    own = Claim.objects.filter(membership__in=Membership.objects.owned_by(request.user))
    if token and (known := own.filter(token=token, membership__kpj=kpj).first()):
        return goto(request, "jht:tracked", known.number)
    return _confirm(request, kpj)


@step("claim_confirm", "reason", "amount", "papers", "account")
def _confirm(request: HttpRequest, membership: Membership, draft: dict, verdict: Verdict) -> HttpResponse:
    if "token" not in draft:
        draft = _keep(request, membership, {**draft, "token": secrets.token_urlsafe(24)})
    form = ConfirmForm(request.POST or None, initial={"token": draft["token"]})
    if request.method == "POST" and form.is_valid():
        try:
            claim = claims.file_claim(
                membership,
                _application(draft, form.cleaned_data["token"]),
                request.today,
                request.now,
                request.user,
                channel(request),
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            _forget(request, membership)
            messages.success(request, f"Klaim Anda sudah kami terima dengan nomor {claim.number}.")
            return goto(request, "jht:tracked", claim.number)
    gross = draft["amount"] if draft["reason"] in PARTIAL else membership.balance(request.today)
    tax = claims.estimate_tax(membership, gross, request.today, draft["account"]["has_npwp"])
    context = {
        "form": form,
        "reason": Reason(draft["reason"]).label,
        "papers": [(name, SAMPLES[slug].name) for name, slug in draft["papers"].items()],
        "gross": gross,
        "tax": tax,
        "net": gross - tax,
        "verdict": verdict,
    }
    return _page(request, "claim_confirm", membership, draft, context)


@login_required
@require_safe
def sample(request: HttpRequest, slug: str) -> HttpResponse:
    """One of our sample documents, to download and upload."""
    if slug not in SAMPLES:
        raise Http404
    found = SAMPLES[slug]
    disposition = f'attachment; filename="contoh-{found.file}"'
    return HttpResponse(found.data, content_type=found.media_type, headers={"Content-Disposition": disposition})


# --- Drafts and pages ----------------------------------------------------------------------------------------


def _mine(request: HttpRequest):
    return Membership.objects.owned_by(request.user).select_related("participant", "employer", "merged_into")


def _keep(request: HttpRequest, membership: Membership, draft: dict) -> dict:
    request.session[DRAFTS] = {**request.session.get(DRAFTS, {}), membership.kpj: draft}
    return draft


def _forget(request: HttpRequest, membership: Membership) -> None:
    drafts = request.session.get(DRAFTS, {})
    request.session[DRAFTS] = {kpj: draft for kpj, draft in drafts.items() if kpj != membership.kpj}


def _application(draft: dict, token: str) -> Application:
    where = draft["account"]
    return Application(
        reason=draft["reason"],
        account=Account(where["bank"], where["number"], where["name"]),
        token=token,
        amount=draft["amount"] if draft["reason"] in PARTIAL else None,
        has_npwp=where["has_npwp"],
        papers=[paper_of(name, slug) for name, slug in draft["papers"].items()],
    )


def _page(request: HttpRequest, name: str, membership: Membership, draft: dict, context: dict) -> HttpResponse:
    """A step's page: which step of how many, and the way back."""
    steps = [row for row in STEPS if row[0] != "claim_amount" or draft.get("reason") in PARTIAL]
    number = [row[0] for row in steps].index(name) if name in dict(steps) else 0
    earlier = (f"jht:{steps[number - 1][0]}", membership.kpj) if number else ("jht:claim_start",)
    context |= {
        "membership": membership,
        "draft": draft,
        "steps": [(label, place - number) for place, (_, label) in enumerate(steps)],
        "step_number": number + 1,
        "step_count": len(steps),
        "step_name": dict(STEPS)[name],
        "before": there(request, *earlier),
    }
    return render(request, f"jht/{name}.html", context)
