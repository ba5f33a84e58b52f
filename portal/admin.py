"""Jejak petugas: who did what at the desk, and when. Read only, for everybody."""

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html


@admin.register(LogEntry)
class TrailAdmin(admin.ModelAdmin):
    list_display = ["action_time", "user", "action_flag", "what", "row", "told"]
    list_display_links = ["action_time"]
    list_select_related = ["user", "content_type"]
    list_filter = [
        "action_flag",
        ("content_type", admin.RelatedOnlyFieldListFilter),
        ("user", admin.RelatedOnlyFieldListFilter),
    ]
    fields = ["action_time", "user", "action_flag", "what", "row", "told"]
    search_fields = ["object_repr", "change_message", "user__email"]
    search_help_text = "Cari nama baris, keterangan atau e-mail petugas"
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    ordering = ["-pk"]
    list_per_page = 50
    list_max_show_all = 200

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Rubbish in the address leads to the whole list."""
        if "e" in request.GET:
            return redirect(request.path)
        try:
            return super().changelist_view(request, {"title": "Jejak petugas", **(extra_context or {})})
        except OverflowError:  # SQLite has no room for the number in a filter
            return redirect(request.path)

    @admin.display(description="data", ordering="content_type")
    def what(self, entry: LogEntry) -> str | None:
        return entry.content_type and entry.content_type.name

    @admin.display(description="baris")
    def row(self, entry: LogEntry) -> str:
        url = None if entry.is_deletion() else entry.get_admin_url()
        return format_html('<a href="{}">{}</a>', url, entry.object_repr) if url else entry.object_repr

    @admin.display(description="keterangan")
    def told(self, entry: LogEntry) -> str:
        return entry.get_change_message()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: LogEntry | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: LogEntry | None = None) -> bool:
        return False
