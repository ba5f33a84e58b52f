"""What happened and is only looked at: who did what, attempts to link an account, removals of invented people."""

import re
from datetime import date, datetime, time, timedelta

from django.apps import apps
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html

from jht import exports
from jht.admin.base import ChoiceFilter, ReadOnlyAdmin, TextFilter
from jht.admin.fields import DeskDateField
from jht.models import AuditRecord, LinkAttempt, Participant, Removal

KINDS = (
    "peserta", "kepesertaan", "pemberi kerja", "iuran", "catatan buku besar", "klaim", "amalgamasi",
    "tingkat hasil pengembangan", "impor", "peraturan", "syarat alasan klaim", "angka aturan", "akun", "jejak",
)  # fmt: skip


class KindFilter(ChoiceFilter):
    title = "jenis data"
    parameter_name = "jenis"
    options = tuple((name, name, Q(what=name)) for name in KINDS)


class ActorFilter(TextFilter):
    title = "pelaku (e-mail atau sistem)"
    parameter_name = "pelaku"
    lookups_for = ("actor_name__icontains",)


class RowFilter(TextFilter):
    title = "nomor baris"
    parameter_name = "baris"
    lookups_for = ("key",)


class WhoseFilter(TextFilter):
    """Everything about one participant: by KPJ, NIK, passport, or the number the trail keeps after a removal."""

    title = "peserta (KPJ, NIK, paspor atau nomornya)"
    parameter_name = "peserta"

    def queryset(self, request, queryset):
        number = re.sub(r"\s", "", self.value() or "")
        if not number:
            return queryset
        if re.fullmatch(r"49[0-9]{9}", number):
            whose = Participant.objects.filter(memberships__kpj=number)
        elif re.fullmatch(r"49[0-9]{14}", number):
            whose = Participant.objects.filter(nik=number)
        elif re.fullmatch(r"X49[0-9]{6}", number.upper()):
            whose = Participant.objects.filter(passport=number.upper())
        elif re.fullmatch(r"[0-9]{1,18}", number):
            return queryset.filter(participant_id_was=number)
        else:
            return queryset.none()
        return queryset.filter(participant_id_was__in=list(whose.values_list("pk", flat=True)))


class DayFilter(admin.SimpleListFilter):
    """From one day to another, both included; either may be left open. What is no day is told, and shows nothing."""

    title = "hari"
    parameter_name = "dari"
    until = "sampai"
    template = "admin/jht/day_filter.html"

    def __init__(self, request, params, model, model_admin):
        super().__init__(request, params, model, model_admin)
        self.request = request
        if self.until in params:
            self.used_parameters[self.until] = params.pop(self.until)[-1]

    def expected_parameters(self):
        return [self.parameter_name, self.until]

    def has_output(self):
        return True

    def lookups(self, request, model_admin):
        return [("", "")]

    def choices(self, changelist):
        others = [
            (name, item)
            for name, items in changelist.filter_params.items()
            if name not in (*self.expected_parameters(), "p")
            for item in items
        ]
        typed = {name: self.used_parameters.get(name) or "" for name in self.expected_parameters()}
        yield {"dari": typed["dari"], "sampai": typed["sampai"], "others": others}

    def queryset(self, request, queryset):
        try:
            since, until = (self._day(self.used_parameters.get(name)) for name in self.expected_parameters())
        except ValidationError as error:
            return self._none(queryset, f"Hari yang dicari tidak terbaca. {error.messages[0]}")
        if since and until and until < since:
            return self._none(queryset, "Hari “dari” lebih akhir daripada “sampai”. Tukarkan keduanya, lalu cari lagi.")
        if since:
            queryset = queryset.filter(at__gte=_midnight(since))
        return queryset.filter(at__lt=_midnight(until + timedelta(days=1))) if until else queryset

    def _none(self, queryset, sentence: str):
        messages.error(self.request, sentence)
        return queryset.none()

    def _day(self, typed: str | None) -> date | None:
        return DeskDateField(required=False).clean((typed or "").strip())


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


@admin.register(AuditRecord)
class AuditAdmin(ReadOnlyAdmin):
    """Jejak petugas: who entered, changed, brought in, took out, decided, paid, looked."""

    list_display = ["at", "actor_name", "act", "what", "row", "told"]
    list_display_links = ["at"]
    list_filter = ["act", KindFilter, ActorFilter, DayFilter, WhoseFilter, RowFilter]
    fields = ["at", "actor_name", "act", "what", "row", "participant", "told"]
    search_fields = ["label", "told", "actor_name"]
    search_help_text = "Cari nama baris, nomor KPJ, keterangan atau e-mail pelaku"
    ordering = ["-pk"]
    export_columns = exports.TRAIL

    class Media:
        css = {"all": ["portal/css/desk-trail.css"]}

    def list_title(self) -> str:
        return "Jejak petugas"

    @admin.display(description="baris")
    def row(self, record: AuditRecord) -> str:
        """With a way to its page, where there is one. That the row is still there is not asked: that costs a query."""
        address = _address(record) if record.key and record.act != AuditRecord.Act.REMOVED else None
        return format_html('<a href="{}">{}</a>', address, record.label) if address else record.label

    @admin.display(description="peserta")
    def participant(self, record: AuditRecord) -> str | None:
        if record.participant_id_was is None:
            return None
        here = f"{reverse('admin:jht_auditrecord_changelist')}?peserta={record.participant_id_was}"
        return format_html('<a href="{}">Jejak orang ini</a>', here)


def _address(record: AuditRecord) -> str | None:
    models = {model._meta.verbose_name: model._meta for model in apps.get_models()}
    meta = models.get(record.what)
    try:
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[record.key]) if meta else None
    except NoReverseMatch:
        return None


@admin.register(LinkAttempt)
class LinkAttemptAdmin(ReadOnlyAdmin):
    list_display = ["at", "user", "matched"]
    list_select_related = ["user"]
    list_filter = ["matched"]
    search_fields = ["user__email"]
    search_help_text = "Cari e-mail akun"


@admin.register(Removal)
class RemovalAdmin(ReadOnlyAdmin):
    list_display = ["at", "participant_id_was", "reason", "removed_by"]
    list_select_related = ["removed_by"]
    search_fields = ["reason", "removed_by__email"]
    search_help_text = "Cari alasan atau e-mail pelaku"
