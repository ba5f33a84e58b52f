"""Who registered by text, at the desk. Only to look at, and only for trainers."""

from django.contrib import admin

from jht.admin.base import ReadOnlyAdmin, TextFilter
from portal.models import SmsRegistration


class PhoneFilter(TextFilter):
    """In a box of its own: the search box takes so many digits for a real NIK."""

    title = "nomor telepon"
    parameter_name = "telepon"
    lookups_for = ("phone__contains",)


@admin.register(SmsRegistration)
class SmsRegistrationAdmin(ReadOnlyAdmin):
    list_display = ["at", "phone", "membership", "participant", "email"]
    list_select_related = ["membership__participant"]
    fields = ["at", "phone", "membership", "participant", "email"]
    list_filter = [PhoneFilter]
    search_fields = ["membership__kpj", "membership__participant__name"]
    search_help_text = "Cari KPJ atau nama"

    @admin.display(description="peserta", ordering="membership__participant__name")
    def participant(self, registration: SmsRegistration) -> str:
        return registration.membership.participant.name
