"""Contributions, the ledger, the yearly return. What is recorded is never changed: it is cancelled or corrected."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse

from jht import actions, exports
from jht.admin.base import (
    ChoiceFilter,
    DeskAdmin,
    EmployerFilter,
    YearFilter,
    day_column,
    money_column,
    numbers,
    rupiah,
)
from jht.admin.forms import ContributionForm, CorrectionForm, RateForm, ReasonForm
from jht.explanations import month_name
from jht.models import Contribution, Entry, Rate

OF_MEMBERSHIP = numbers(kpj="membership__kpj", person="membership__participant__")
MEMBERSHIP_SEARCH = [
    "membership__kpj",
    "membership__participant__name",
    "membership__participant__nik",
    "membership__employer__name",
    "membership__employer__npp",
]


class MemberEmployerFilter(EmployerFilter):
    path = "membership__employer__"


class ContributionYearFilter(YearFilter):
    title = "tahun iuran"
    field = "month"


class StandingFilter(ChoiceFilter):
    title = "keadaan"
    parameter_name = "keadaan"
    options = (
        ("tercatat", "tercatat", Q(cancelled_on__isnull=True)),
        ("batal", "dibatalkan", Q(cancelled_on__isnull=False)),
    )


class CreditedFilter(ChoiceFilter):
    title = "pembukuan"
    parameter_name = "pembukuan"
    options = (
        ("belum", "belum dibukukan", Q(credited_on__isnull=True)),
        ("sudah", "sudah dibukukan", Q(credited_on__isnull=False)),
    )


class OriginFilter(ChoiceFilter):
    title = "asal"
    parameter_name = "asal"
    options = (
        ("latihan", "angka latihan", Q(is_training=True)),
        ("publik", "sumber publik", Q(is_training=False)),
    )


class PostedAdmin(DeskAdmin):
    """Rows of a membership that an action posts: added once, then only looked at, whoever looks."""

    def save_model(self, request, obj, form, change):
        """Nothing is left to save: validating the form posted it (PostingForm)."""

    def get_form(self, request, obj=None, change=False, **kwargs):
        """A membership is chosen here, not made or changed on the way."""
        form = super().get_form(request, obj, change, **kwargs)
        if chosen := form.base_fields.get("membership"):
            chosen.widget.can_add_related = chosen.widget.can_change_related = False
        return form

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="peserta", ordering="membership__participant__name")
    def participant(self, row):
        return row.membership.participant

    @admin.display(description="pemberi kerja", ordering="membership__employer__name")
    def employer(self, row):
        return row.membership.employer and row.membership.employer.name


@admin.register(Contribution)
class ContributionAdmin(PostedAdmin):
    form = ContributionForm
    fields = ["membership", "month", "wage", "pmi_amount", "paid_on"]
    list_display = ["month_name", "membership", "participant", "employer", "wage_shown", "total", "paid", "standing"]
    list_filter = [StandingFilter, ContributionYearFilter, "membership__segment", MemberEmployerFilter]
    ordering = ["-pk"]  # the latest recorded first, by the index
    search_fields = MEMBERSHIP_SEARCH
    search_help_text = "Cari nomor KPJ, nama, NIK, perusahaan atau NPP"
    whole_numbers = OF_MEMBERSHIP
    autocomplete_fields = ["membership"]
    export_columns = exports.CONTRIBUTIONS
    change_form_template = "admin/jht/contribution_form.html"
    is_watched = True

    paid = day_column("dibayar", "paid_on")
    cancelled = day_column("dibatalkan", "cancelled_on")
    wage_shown = money_column("upah", "wage")
    employer_shown = money_column("iuran pemberi kerja", "employer_share")
    worker_shown = money_column("iuran pekerja", "worker_share")
    total = money_column("jumlah iuran", "amount", order="worker_share")

    @admin.display(description="bulan iuran", ordering="month")
    def month_name(self, row):
        return month_name(row.month)

    @admin.display(description="tercatat", boolean=True)
    def standing(self, row):
        return row.cancelled_on is None

    def choice_label(self, row):
        return f"{month_name(row.month)} · {row.membership.kpj}"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("membership__participant", "membership__employer")

    def get_fields(self, request, obj=None):
        if obj is None:
            return self.fields
        return [
            "membership",
            "participant",
            "month_name",
            "wage_shown",
            "employer_shown",
            "worker_shown",
            "total",
            "paid",
            "cancelled",
        ]

    def response_add(self, request, obj, post_url_continue=None):
        messages.info(
            request,
            f"Iuran {month_name(obj.month)} KPJ {obj.membership.kpj}: pemberi kerja {rupiah(obj.employer_share)} + "
            f"pekerja {rupiah(obj.worker_share)} = {rupiah(obj.amount)}.",
        )
        return super().response_add(request, obj, post_url_continue)

    def may_cancel(self, request) -> bool:
        return request.user.has_perms(["jht.add_contribution", "jht.add_entry"])

    def get_urls(self):
        view = self.admin_site.admin_view(self.cancel)
        return [path("<int:pk>/batalkan/", view, name="jht_contribution_cancel"), *super().get_urls()]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["may_cancel"] = bool(obj) and obj.cancelled_on is None and self.may_cancel(request)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def cancel(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Batalkan iuran: a reversing entry dated today, with a reason. A second time changes nothing."""
        if not self.may_cancel(request):
            raise PermissionDenied
        contribution = get_object_or_404(self.get_queryset(request), pk=pk)
        here = redirect("admin:jht_contribution_change", pk)
        if contribution.cancelled_on:
            messages.info(request, f"Iuran ini sudah dibatalkan pada {contribution.cancelled_on:%d-%m-%Y}.")
            return here
        form = ReasonForm(request.POST or None)
        if form.is_valid() and self._cancel(request, contribution, form):
            messages.success(request, f"Iuran {month_name(contribution.month)} sudah dibatalkan dengan catatan balik.")
            return here
        return self.tool(
            request,
            "admin/jht/confirm.html",
            contribution,
            "Batalkan iuran",
            form=form,
            facts=[
                ("KPJ", contribution.membership.kpj),
                ("Peserta", contribution.membership.participant),
                ("Bulan iuran", month_name(contribution.month)),
                ("Jumlah", rupiah(contribution.amount)),
            ],
            warning="Iuran ini tetap terlihat sebagai dibatalkan; catatan balik bertanggal hari pembayarannya "
            "mengurangi saldo.",
            submit="Batalkan iuran",
            danger=True,
            back=reverse("admin:jht_contribution_change", args=[pk]),
        )

    def _cancel(self, request: HttpRequest, contribution: Contribution, form: ReasonForm) -> bool:
        reason = form.cleaned_data["reason"]
        try:
            actions.cancel_contribution(contribution, reason, request.today, request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return False
        return True


@admin.register(Entry)
class EntryAdmin(PostedAdmin):
    form = CorrectionForm
    fields = ["membership", "amount", "reason", "form_key"]
    list_display = ["day", "membership", "participant", "kind", "amount_shown", "reason", "recorded_by"]
    list_filter = ["kind", YearFilter, MemberEmployerFilter]
    ordering = ["-pk"]
    search_fields = [*MEMBERSHIP_SEARCH, "reason"]
    search_help_text = "Cari nomor KPJ, nama, NIK, perusahaan, NPP atau alasan"
    whole_numbers = OF_MEMBERSHIP
    autocomplete_fields = ["membership"]
    export_columns = exports.ENTRIES
    change_form_template = "admin/jht/entry_form.html"

    def log_addition(self, request, obj, message):
        """Nothing: actions.correct wrote it down."""

    day = day_column("tanggal", "date")
    amount_shown = money_column("jumlah", "amount")

    def add_view(self, request, form_url="", extra_context=None):
        return super().add_view(request, form_url, {"title": "Koreksi saldo", **(extra_context or {})})

    def choice_label(self, row):
        return f"{row} · {row.membership.kpj}"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("membership__participant", "contribution", "recorded_by")

    def get_fields(self, request, obj=None):
        if obj is None:
            return self.fields
        return [
            "membership",
            "participant",
            "day",
            "kind",
            "amount_shown",
            "contribution",
            "reason",
            "recorded_at",
            "recorded_by",
        ]


@admin.register(Rate)
class RateAdmin(DeskAdmin):
    form = RateForm
    list_display = ["year", "percent", "source", "origin", "credited"]
    list_filter = [CreditedFilter, OriginFilter]
    search_fields = ["year", "source"]
    search_help_text = "Cari tahun atau sumber"
    readonly_fields = ["credited"]
    actions = ["book"]
    export_columns = exports.RATES
    change_form_template = "admin/jht/rate_form.html"

    credited = day_column("dibukukan", "credited_on")

    @admin.display(description="asal", ordering="is_training")
    def origin(self, row):
        return "angka latihan" if row.is_training else "sumber publik"

    def has_change_permission(self, request, obj=None):
        """A credited year stays as it is; the database says the same."""
        return super().has_change_permission(request, obj) and (obj is None or obj.credited_on is None)

    def has_delete_permission(self, request, obj=None):
        return obj is not None and super().has_delete_permission(request, obj) and obj.credited_on is None

    def may_book(self, request) -> bool:
        return request.user.has_perm("jht.change_rate")

    has_book_permission = may_book

    @admin.action(description="Bukukan hasil pengembangan", permissions=["book"])
    def book(self, request, queryset):
        """One year at a time: the next page says what it will do."""
        years = list(queryset[:2])
        if len(years) != 1:
            self.message_user(
                request, "Hasil pengembangan dibukukan setahun demi setahun. Pilih satu tahun.", "warning"
            )
            return None
        return redirect("admin:jht_rate_book", years[0].pk)

    def get_urls(self):
        view = self.admin_site.admin_view(self.book_year)
        return [path("<int:pk>/bukukan/", view, name="jht_rate_book"), *super().get_urls()]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["may_book"] = bool(obj) and obj.credited_on is None and self.may_book(request)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def book_year(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Bukukan hasil pengembangan: the year's return for every membership, once."""
        if not self.may_book(request):
            raise PermissionDenied
        rate = get_object_or_404(Rate, pk=pk)
        if request.method == "POST":
            try:
                booked = actions.credit_return(rate.year, request.today, request.user)
            except ValidationError as refusal:
                for sentence in refusal.messages:
                    messages.error(request, sentence)
            else:
                messages.success(request, f"Hasil pengembangan {rate.year} dibukukan: {booked} catatan buku besar.")
            return redirect("admin:jht_rate_changelist")
        return self.tool(
            request,
            "admin/jht/confirm.html",
            rate,
            "Bukukan hasil pengembangan",
            facts=[
                ("Tahun", rate.year),
                ("Tingkat", f"{rate.percent} % setahun".replace(".", ",")),
                ("Sumber", rate.source),
                ("Dibukukan", f"{rate.credited_on:%d-%m-%Y}" if rate.credited_on else "belum"),
            ],
            warning="Setiap kepesertaan dengan saldo mendapat satu catatan bertanggal 31 Desember. "
            "Sesudahnya tingkat tahun ini tidak dapat diubah.",
            submit="Bukukan",
            back=reverse("admin:jht_rate_changelist"),
        )
