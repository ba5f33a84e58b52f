"""Participants, their memberships, the employers."""

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.html import format_html

from jht import actions, arrears, exports
from jht.admin import arrears as arrears_pages
from jht.admin.base import ChoiceFilter, DeskAdmin, DeskFields, EmployerFilter, day_column, numbers
from jht.admin.forms import EmployerForm, MembershipForm, ParticipantForm, RemovalForm
from jht.admin.month import month_view
from jht.explanations import month_name, months_in_words
from jht.identity import nik_fits_birth_date
from jht.models import Employer, Entry, Membership, Participant, Segment
from jht.scope import scope_of

LAST_ENTRIES = 12  # shown with a membership; the rest is one click away


def running(on, prefix: str = "") -> Q:
    """Memberships that run on this day; the day they end is still a day of membership."""
    return Q(**{f"{prefix}start__lte": on}) & (Q(**{f"{prefix}end__isnull": True}) | Q(**{f"{prefix}end__gte": on}))


class ActiveFilter(admin.SimpleListFilter):
    title = "keadaan"
    parameter_name = "keadaan"

    def lookups(self, request, model_admin):
        return [("aktif", "aktif hari ini"), ("nonaktif", "tidak aktif")]

    def queryset(self, request, queryset):
        if self.value() == "aktif":
            return queryset.filter(running(request.today))
        return queryset.exclude(running(request.today)) if self.value() == "nonaktif" else queryset


class HasMembershipFilter(admin.SimpleListFilter):
    """Participants by what memberships they have."""

    title = "kepesertaan"
    parameter_name = "kepesertaan"

    def lookups(self, request, model_admin):
        return [
            ("aktif", "ada yang aktif"),
            ("nonaktif", "tidak ada yang aktif"),
            ("kosong", "belum ada KPJ"),
            *((segment.value, segment.label) for segment in Segment),
        ]

    def queryset(self, request, queryset):
        own = Membership.objects.filter(participant=OuterRef("pk"))
        active = Exists(own.filter(running(request.today)))
        value = self.value()
        if value in Segment.values:
            return queryset.filter(Exists(own.filter(segment=value)))
        conditions = {"aktif": active, "nonaktif": ~active, "kosong": ~Exists(own)}
        return queryset.filter(conditions[value]) if value in conditions else queryset


class LinkedFilter(ChoiceFilter):
    title = "akun"
    parameter_name = "akun"
    options = (
        ("ada", "sudah terhubung", Q(user__isnull=False)),
        ("belum", "belum terhubung", Q(user__isnull=True)),
    )


class MembershipInline(DeskFields, admin.TabularInline):
    """A person's KPJ: known ones are looked at and changed on their own page, a new one is typed here."""

    model = Membership
    form = MembershipForm
    fields = ["kpj", "segment", "employer", "start", "end"]
    autocomplete_fields = ["employer"]
    show_change_link = True

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("employer", "participant")

    def get_formset(self, request, obj=None, **kwargs):
        kwargs["form"] = type("MembershipForm", (self.form,), {"today": request.today})
        formset = super().get_formset(request, obj, **kwargs)
        employer = formset.form.base_fields["employer"].widget
        employer.can_change_related = employer.can_view_related = False  # three icons a line are too many
        return formset

    def get_extra(self, request, obj=None, **kwargs):
        return 0 if obj else 1

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Participant)
class ParticipantAdmin(DeskAdmin):
    form = ParticipantForm
    fields = ["nik", "passport", "name", "birth_date", "user"]
    list_display = ["name", "number", "born", "kpj_count", "user"]
    list_select_related = ["user"]
    list_filter = [HasMembershipFilter, LinkedFilter]
    search_fields = ["name", "nik", "passport", "memberships__kpj"]
    search_help_text = "Cari nama, NIK, nomor paspor atau nomor KPJ"
    whole_numbers = numbers(kpj="memberships__kpj", person="")
    autocomplete_fields = ["user"]
    inlines = [MembershipInline]
    export_columns = exports.PARTICIPANTS
    change_form_template = "admin/jht/participant_form.html"
    is_watched = True

    born = day_column("tanggal lahir", "birth_date")

    def choice_label(self, row):
        return f"{row.name} · {row.identity}"

    @admin.display(description="NIK atau paspor", ordering=Coalesce("nik", "passport"))
    def number(self, row):
        return row.identity

    def get_queryset(self, request):
        own = Membership.objects.filter(participant=OuterRef("pk")).order_by().values("participant")
        return super().get_queryset(request).annotate(kpjs=Subquery(own.annotate(n=Count("pk")).values("n")))

    @admin.display(description="KPJ")
    def kpj_count(self, row):
        return row.kpjs or 0

    def get_readonly_fields(self, request, obj=None):
        """Accounts are chosen by those who may see accounts; the others see the one that is linked."""
        account = get_user_model()._meta
        return [] if request.user.has_perm(f"{account.app_label}.view_{account.model_name}") else ["user"]

    def save_model(self, request, obj, form, change):
        """Only what was changed is written: a link made since the form was opened stays."""
        if change:
            obj.save(update_fields=form.changed_data)
        else:
            super().save_model(request, obj, form, change)
        if not nik_fits_birth_date(obj.nik, obj.birth_date):
            messages.warning(
                request,
                "Tanggal lahir berbeda dari tanggal dalam NIK. Itu boleh: NIK tidak diterbitkan ulang. "
                "Periksa jika tidak disengaja.",
            )

    def has_delete_permission(self, request, obj=None):
        """Only who has no KPJ yet; a whole person with a ledger goes through `remove`."""
        return obj is not None and super().has_delete_permission(request, obj) and not obj.memberships.exists()

    def may_remove(self, request) -> bool:
        return request.user.has_perm("jht.add_removal")

    def get_urls(self):
        view = self.admin_site.admin_view(self.remove)
        return [path("<int:pk>/hapus-rekaan/", view, name="jht_participant_remove"), *super().get_urls()]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["may_remove"] = bool(obj) and self.may_remove(request)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def remove(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Hapus peserta rekaan: with the whole ledger, for trainers and superusers, with a reason."""
        if not self.may_remove(request):
            raise PermissionDenied
        participant = get_object_or_404(self.get_queryset(request), pk=pk)
        form = RemovalForm(request.POST or None)
        if form.is_valid():
            reason = form.cleaned_data["reason"]
            actions.remove_participant(participant, reason, request.now, request.user)
            messages.success(request, f"Peserta rekaan {participant.name} dan seluruh datanya sudah dihapus.")
            return redirect("admin:jht_participant_changelist")
        facts = [
            (participant.identity_label, participant.identity),
            ("Kepesertaan", participant.memberships.count()),
            ("Catatan buku besar", Entry.objects.filter(membership__participant=participant).count()),
        ]
        return self.tool(
            request,
            "admin/jht/confirm.html",
            participant,
            "Hapus peserta rekaan",
            form=form,
            facts=facts,
            warning="Seluruh kepesertaan, iuran dan buku besar orang ini ikut hilang dan tidak dapat dikembalikan. "
            "Alasan dan pelakunya tetap tercatat.",
            submit="Hapus peserta",
            danger=True,
            back=reverse("admin:jht_participant_change", args=[pk]),
        )


@admin.register(Employer)
class EmployerAdmin(DeskAdmin):
    form = EmployerForm
    list_display = ["name", "npp", "city", "month_link"]
    search_fields = ["name", "npp", "city"]
    search_help_text = "Cari nama, NPP atau kota"
    export_columns = exports.EMPLOYERS
    list_filter = [arrears_pages.ArrearsFilter]
    change_form_template = "admin/jht/employer_form.html"
    change_list_template = "admin/jht/employer_list.html"

    def choice_label(self, row):
        return f"{row.name} · {row.npp}"

    @admin.display(description="iuran")
    def month_link(self, row):
        return format_html('<a href="{}">Iuran sebulan</a>', reverse("admin:jht_employer_month", args=[row.pk]))

    def get_list_display(self, request):
        shown = super().get_list_display(request)
        return shown if self.may_record(request) else [name for name in shown if name != "month_link"]

    def may_record(self, request) -> bool:
        return request.user.has_perm("jht.add_contribution")

    def get_urls(self):
        return [
            path("<int:pk>/iuran-sebulan/", self.admin_site.admin_view(self.record_month), name="jht_employer_month"),
            path("tunggakan/", self.admin_site.admin_view(self.arrears_report), name="jht_employer_arrears_report"),
            path("<int:pk>/tunggakan/", self.admin_site.admin_view(self.arrears_of), name="jht_employer_arrears"),
            *super().get_urls(),
        ]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["may_record"] = bool(obj) and self.may_record(request)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def record_month(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.may_record(request):
            raise PermissionDenied
        return month_view(self, request, get_object_or_404(self.get_queryset(request), pk=pk))

    def arrears_report(self, request: HttpRequest) -> HttpResponse:
        return arrears_pages.report(self, request)

    def arrears_of(self, request: HttpRequest, pk: int) -> HttpResponse:
        return arrears_pages.of_employer(self, request, get_object_or_404(self.get_queryset(request), pk=pk))

    def has_delete_permission(self, request, obj=None):
        return obj is not None and super().has_delete_permission(request, obj) and not obj.memberships.exists()


@admin.register(Membership)
class MembershipAdmin(DeskAdmin):
    form = MembershipForm
    fields = ["participant", "kpj", "segment", "employer", "start", "end", "unadded_since"]
    list_display = ["kpj", "participant", "code", "company", "started", "ended", "is_running", "last_paid"]
    list_select_related = ["participant", "employer"]
    list_filter = [ActiveFilter, "segment", EmployerFilter]
    search_fields = ["kpj", "participant__name", "participant__nik", "employer__name", "employer__npp"]
    search_help_text = "Cari nomor KPJ, nama, NIK, perusahaan atau NPP"
    whole_numbers = numbers(kpj="kpj", person="participant__")
    autocomplete_fields = ["participant", "employer"]
    export_columns = exports.MEMBERSHIPS
    change_form_template = "admin/jht/membership_form.html"
    is_watched = True

    started = day_column("mulai", "start")
    ended = day_column("berakhir", "end")

    def get_queryset(self, request):
        return super().get_queryset(request).with_last_contribution().annotate(runs=Exists(
            Membership.objects.filter(running(request.today), pk=OuterRef("pk"))
        ))  # fmt: skip

    def choice_label(self, row):
        place = row.employer.name if row.employer else row.get_segment_display()
        return f"{row.kpj} · {row.participant.name} · {place}"

    @admin.display(description="aktif", boolean=True)
    def is_running(self, row):
        return row.runs

    @admin.display(description="segmen", ordering="segment")
    def code(self, row):
        return row.segment if row.has_jht else "Jakon"

    @admin.display(description="pemberi kerja", ordering="employer__name")
    def company(self, row):
        return row.employer and row.employer.name

    @admin.display(description="iuran terakhir")
    def last_paid(self, row):
        return month_name(row.last_month) if row.last_month else None

    def get_fields(self, request, obj=None):
        place = "company" if self._is_elsewhere(request, obj) else "employer"
        return [place if name == "employer" else name for name in self.fields]

    def get_readonly_fields(self, request, obj=None):
        """Whose account it is does not change once money is booked on it, nor at a company one does not work with."""
        if self._is_elsewhere(request, obj):
            return ["participant", "kpj", "segment", "company"]
        return ["participant", "kpj", "segment", "employer"] if obj and obj.entries.exists() else []

    @staticmethod
    def _is_elsewhere(request, obj) -> bool:
        """Whether the company is outside of what this account works with: it is read here, and has no page."""
        scope = scope_of(request.user)
        if not (scope and scope.only and obj and obj.employer_id):
            return False
        if not hasattr(obj, "_is_elsewhere"):
            obj._is_elsewhere = not scope.limit(Employer.objects.filter(pk=obj.employer_id)).exists()
        return obj._is_elsewhere

    def has_delete_permission(self, request, obj=None):
        return (
            obj is not None
            and super().has_delete_permission(request, obj)
            and not obj.entries.exists()
            and not obj.contributions.exists()
        )

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj:
            context["balance"] = obj.balance(request.today)
            context["entries"] = obj.entries.select_related("contribution").order_by("-date", "-pk")[:LAST_ENTRIES]
            context["arrears"] = arrears.of_membership(obj, request.today, arrears.terms())
            context["missing"] = months_in_words(context["arrears"].missing)
            context["may_pay"] = obj.has_jht and request.user.has_perm("jht.add_contribution")
            context["may_correct"] = obj.has_jht and request.user.has_perm("jht.add_entry")
        return super().render_change_form(request, context, add, change, form_url, obj)
