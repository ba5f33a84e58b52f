"""What happened and is only looked at: attempts to link an account, removals of invented people."""

from django.contrib import admin

from jht.admin.base import ReadOnlyAdmin
from jht.models import LinkAttempt, Removal


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
