"""The queue of claims and of amalgamasi: one page a case with everything one needs to decide, one button a decision."""

from collections.abc import Callable
from datetime import timedelta

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import DateField, F, Q, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from jht import claims, ledger, merges, promise
from jht.admin.base import ChoiceFilter, DeskAdmin, day_column, numbers, rupiah
from jht.admin.branch import BranchForm
from jht.admin.fields import PlainTextField
from jht.claim_words import AT_BRANCH_ONLY, REFUSALS
from jht.eligibility import PARTIAL
from jht.explanations import explain
from jht.forms_claims import paper_of
from jht.models import Claim, MergeRequest, Participant
from jht.samples import SAMPLES, right_for

Status = Claim.Status
LONGEST_NOTE = 200  # letters; a step holds 500, the sentence of its category included


class NoteField(PlainTextField):
    """What the participant will read."""

    widget = forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})


class AskForm(forms.Form):
    """Minta lengkapi: what is missing, and which papers must be attached anew."""

    message = NoteField(
        label="Yang perlu dilengkapi",
        max_length=LONGEST_NOTE,
        help_text="Dibaca peserta, juga lewat e-mail.",
        error_messages={"required": "Tulis apa yang perlu dilengkapi peserta."},
    )
    unreadable = forms.MultipleChoiceField(
        label="Dokumen yang harus dilampirkan lagi", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, names: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unreadable"].choices = [(name, name) for name in names]


class RefuseForm(forms.Form):
    """Tolak: a category, whose sentence the participant gets, and what the clerk adds."""

    refusal = forms.ChoiceField(
        label="Sebab penolakan",
        choices=[("", "Pilih sebabnya"), *Claim.Refusal.choices],
        error_messages={"required": "Sebab penolakan belum dipilih. Pilih dari daftar."},
    )
    message = NoteField(
        label="Keterangan tambahan",
        required=False,
        max_length=LONGEST_NOTE,
        help_text="Ditambahkan pada kalimat sebabnya. Wajib untuk alasan lain.",
    )


class AnswerForm(forms.Form):
    """Tolak amalgamasi: why."""

    answer = NoteField(
        label="Alasan penolakan",
        max_length=LONGEST_NOTE,
        help_text="Dibaca peserta, juga lewat e-mail.",
        error_messages={"required": "Alasan masih kosong. Tulis untuk peserta."},
    )


class QueueFilter(ChoiceFilter):
    title = "menunggu"
    parameter_name = "menunggu"
    options = (
        ("petugas", "pemeriksaan petugas", Q(status=Status.SUBMITTED)),
        ("pembayaran", "pembayaran", Q(status=Status.APPROVED)),
        ("peserta", "kelengkapan dari peserta", Q(status=Status.INCOMPLETE)),
        ("selesai", "tidak lagi", ~Q(status__in=Claim.OPEN)),
    )


class WaitingFilter(admin.SimpleListFilter):
    """How long an open claim has been waiting since it was filed."""

    title = "lama menunggu"
    parameter_name = "lama"
    days = {"3": "3 hari atau lebih", "7": "7 hari atau lebih", "14": "14 hari atau lebih"}

    def lookups(self, request, model_admin):
        return list(self.days.items())

    def queryset(self, request, queryset):
        if self.value() not in self.days:
            return queryset
        return queryset.filter(status__in=Claim.OPEN, filed_on__lte=request.today - timedelta(days=int(self.value())))


def is_at_counter(claim: Claim) -> bool:
    """Whether the branch takes what was missing: it took the claim, or the participant's own account cannot."""
    return claim.channel == Claim.Channel.BRANCH or claim.reason in AT_BRANCH_ONLY


class CaseAdmin(DeskAdmin):
    """A case that is looked at and decided, never changed by hand."""

    page_template = ""

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def may_decide(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"jht.change_{self.opts.model_name}")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        self.looked(request, row)
        return self.case(request, row)

    def case(self, request: HttpRequest, row, **forms) -> HttpResponse:
        """The page of one case; `forms`: those that were filled in and refused."""
        context = {"may_decide": self.may_decide(request), "back": request.path, **self.facts(request, row), **forms}
        return self.tool(request, self.page_template, row, self.opts.verbose_name.capitalize(), **context)

    def facts(self, request: HttpRequest, row) -> dict:
        raise NotImplementedError

    def decision(self, name: str, view: Callable) -> path:
        """The address of a button."""

        @require_POST
        def decide(request: HttpRequest, pk: int) -> HttpResponse:
            if not self.may_decide(request):
                raise PermissionDenied
            return view(request, get_object_or_404(self.get_queryset(request), pk=pk))

        label = f"{self.opts.app_label}_{self.opts.model_name}_{name}"
        return path(f"<int:pk>/{name}/", self.admin_site.admin_view(decide), name=label)

    def carry_out(self, request: HttpRequest, row, act: Callable, sentence: str) -> HttpResponse:
        """Do it and say so, or say why not. Each act writes itself down (jht.claims, jht.merges)."""
        try:
            act()
        except ValidationError as refusal:
            for words in refusal.messages:
                messages.error(request, words)
        else:
            messages.success(request, sentence)
        return redirect(f"admin:jht_{self.opts.model_name}_change", row.pk)

    @staticmethod
    def memberships_of(participant: Participant, on) -> list:
        """Each KPJ of the person as the participant sees it: balance, months due, where it was merged to."""
        own = list(
            participant.memberships.with_last_contribution()
            .annotate(employer_name=F("employer__name"), merged_kpj=F("merged_into__kpj"))
            .order_by("-start", "pk")
        )
        balances = ledger.balances(ledger.rates(), on, [membership.pk for membership in own])
        return list(zip(own, explain(own, balances, on).cards, strict=True))


@admin.register(Claim)
class ClaimAdmin(CaseAdmin):
    list_display = ["number", "person", "kpj", "reason", "channel", "filed", "waiting", "status", "net_shown"]
    list_filter = [QueueFilter, WaitingFilter, "reason", "channel"]
    search_fields = ["number", "membership__kpj", "membership__participant__name"]
    search_help_text = "Cari nomor klaim, nomor KPJ, nama atau NIK"
    whole_numbers = numbers(kpj="membership__kpj", person="membership__participant__")
    page_template = "admin/jht/claim.html"
    is_watched = True

    filed = day_column("diajukan", "filed_on")

    def get_queryset(self, request):
        today = Value(request.today, output_field=DateField())
        return promise.with_complete_at(
            super()
            .get_queryset(request)
            .select_related("membership__participant__user", "membership__employer", "membership__merged_into")
            .annotate(waits=today - F("filed_on"))
        )

    @admin.display(description="peserta", ordering="membership__participant__name")
    def person(self, row):
        return row.membership.participant.name

    @admin.display(description="KPJ", ordering="membership__kpj")
    def kpj(self, row):
        return row.membership.kpj

    @admin.display(description="menunggu", ordering="filed_on")
    def waiting(self, row):
        return f"{row.waits.days} hari" if row.is_open else None

    @admin.display(description="diterima", ordering="gross")
    def net_shown(self, row):
        return None if row.net is None else format_html('<span class="desk-money">{}</span>', rupiah(row.net))

    def get_urls(self):
        buttons = {"lengkapi": self.ask, "setujui": self.approve, "tolak": self.refuse, "bayar": self.pay}
        buttons["kelengkapan"] = self.receive
        return [*(self.decision(name, view) for name, view in buttons.items()), *super().get_urls()]

    def has_add_permission(self, request):
        return self.may_decide(request)

    def add_view(self, request: HttpRequest, form_url="", extra_context=None) -> HttpResponse:
        """Klaim di kantor cabang: above the portal's limit, for heirs, or for who has no device."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        typed = request.POST if request.method == "POST" else None
        form = BranchForm(typed, initial={"kpj": request.GET.get("kpj", "")[:20]}, by=request.user)
        if form.is_valid():
            claim = form.file(request.today, request.now, request.user)
            if claim:
                messages.success(request, f"Klaim {claim} dicatat. Periksa, lalu putuskan.")
                return redirect("admin:jht_claim_change", claim.pk)
        return self.tool(request, "admin/jht/claim_add.html", Claim(), "Klaim di kantor cabang", form=form)

    def facts(self, request: HttpRequest, row: Claim) -> dict:
        on, membership = request.today, row.membership
        balance = membership.balance(on)
        verdict = claims.verdicts(membership, on, [row.reason], balance)[0]
        gross = row.amount if row.reason in PARTIAL and row.amount else balance
        papers = list(row.documents.all())
        estimate = None
        if row.is_open and gross > 0:
            tax = claims.estimate_tax(membership, gross, on, row.has_npwp)
            estimate = {"gross": gross, "tax": tax, "net": gross - tax}
        return {
            "claim": row,
            "membership": membership,
            "participant": membership.participant,
            "balance": balance,
            "limit": claims.limit_on(on),
            "needs_proof": claims.needs_proof(membership.participant),
            "pay_by": promise.pay_by(row, promise.paid_within_days(on)),
            "verdict": verdict,
            "estimate": estimate,
            "papers": [(paper, SAMPLES.get(paper.sample)) for paper in papers],
            "steps": row.steps.select_related("by"),
            "others": self.memberships_of(membership.participant, on),
            "at_counter": is_at_counter(row),
            "refusals": [(Claim.Refusal(value).label, words) for value, words in REFUSALS.items()],
            "ask": AskForm(names=[paper.name for paper in papers], prefix="minta"),
            "refuse": RefuseForm(prefix="tolak"),
        }

    def ask(self, request: HttpRequest, claim: Claim) -> HttpResponse:
        names = list(claim.documents.values_list("name", flat=True))
        form = AskForm(request.POST, names=names, prefix="minta")
        if not form.is_valid():
            return self.case(request, claim, ask=form)
        data = form.cleaned_data

        def act():
            claims.ask_for_more(claim, data["message"], request.now, request.user, data["unreadable"])

        return self.carry_out(request, claim, act, f"Klaim {claim} dikembalikan kepada peserta untuk dilengkapi.")

    def receive(self, request: HttpRequest, claim: Claim) -> HttpResponse:
        """Kelengkapan diterima: the missing papers were brought to the branch, and are legible."""

        def act():
            if not is_at_counter(claim):
                raise ValidationError("Klaim ini tidak diajukan di kantor cabang: peserta sendiri yang melengkapinya.")
            missing = claim.documents.filter(Q(sample="") | Q(is_legible=False)).values_list("name", flat=True)
            papers = [paper_of(name, right_for(name).slug) for name in missing]
            account = claims.Account(claim.bank, claim.account_number, claim.account_name)
            claims.complete_claim(claim, papers, account, request.now, request.user)

        return self.carry_out(request, claim, act, f"Kelengkapan klaim {claim} diterima. Periksa, lalu putuskan.")

    def approve(self, request: HttpRequest, claim: Claim) -> HttpResponse:
        def act():
            claims.approve(claim, request.today, request.now, request.user)

        return self.carry_out(request, claim, act, f"Klaim {claim} disetujui dan menunggu pembayaran.")

    def refuse(self, request: HttpRequest, claim: Claim) -> HttpResponse:
        form = RefuseForm(request.POST, prefix="tolak")
        if not form.is_valid():
            return self.case(request, claim, refuse=form)
        data = form.cleaned_data

        def act():
            claims.refuse(claim, data["refusal"], data["message"], request.today, request.now, request.user)

        return self.carry_out(request, claim, act, f"Klaim {claim} ditolak.")

    def pay(self, request: HttpRequest, claim: Claim) -> HttpResponse:
        def act():
            claims.pay(claim, request.today, request.now, request.user)

        return self.carry_out(request, claim, act, f"Klaim {claim} dibayarkan.")


@admin.register(MergeRequest)
class MergeRequestAdmin(CaseAdmin):
    list_display = ["person", "into", "froms", "asked", "status", "decided", "decided_by"]
    list_filter = ["status"]
    search_fields = ["participant__name", "target__kpj"]
    search_help_text = "Cari nama, NIK atau nomor KPJ"
    whole_numbers = numbers(kpj="target__kpj", person="participant__")
    page_template = "admin/jht/merge.html"

    asked = day_column("diajukan", "asked_on")
    decided = day_column("diputuskan", "decided_on")

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("participant__user", "target", "decided_by")
        return rows.prefetch_related("sources")

    @admin.display(description="peserta", ordering="participant__name")
    def person(self, row):
        return row.participant.name

    @admin.display(description="ke KPJ", ordering="target__kpj")
    def into(self, row):
        return row.target.kpj

    @admin.display(description="dari KPJ")
    def froms(self, row):
        return ", ".join(source.kpj for source in row.sources.all())

    def get_urls(self):
        buttons = {"gabungkan": self.merge, "tolak": self.refuse}
        return [*(self.decision(name, view) for name, view in buttons.items()), *super().get_urls()]

    def facts(self, request: HttpRequest, row: MergeRequest) -> dict:
        concerned = {row.target_id, *(source.pk for source in row.sources.all())}
        others = self.memberships_of(row.participant, request.today)
        refusal = ""
        if row.status == MergeRequest.Status.ASKED:
            refusal = merges.refusal_of(row.target, row.sources.all(), request.today)
        return {
            "merge": row,
            "participant": row.participant,
            "others": others,
            "concerned": concerned,
            "total": sum((card.balance for membership, card in others if membership.pk in concerned), start=0),
            "refusal": refusal,
            "answer": AnswerForm(prefix="tolak"),
        }

    def merge(self, request: HttpRequest, row: MergeRequest) -> HttpResponse:
        def act():
            merges.merge(row, request.today, request.user)

        return self.carry_out(request, row, act, f"KPJ sudah digabung ke {row.target.kpj}. Saldonya utuh.")

    def refuse(self, request: HttpRequest, row: MergeRequest) -> HttpResponse:
        form = AnswerForm(request.POST, prefix="tolak")
        if not form.is_valid():
            return self.case(request, row, answer=form)

        def act():
            merges.refuse_merge(row, form.cleaned_data["answer"], request.today, request.user)

        return self.carry_out(request, row, act, "Permintaan penggabungan ditolak.")
