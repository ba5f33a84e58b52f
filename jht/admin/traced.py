"""Who did what at the desk: every page of it writes to the one trail, and a row's history is a part of that trail."""

import json
from collections.abc import Callable, Iterable, Mapping

from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from jht import trail
from jht.models import AuditRecord
from jht.scope import limited

Act = AuditRecord.Act


class Traced:
    """For a ModelAdmin. Django's own log stays empty: an addition, a change, a deletion is a line of the trail.

    Whatever is outside the scope of who is signed in is not there (jht.scope). `is_watched`: opening a row's page is
    written down too. Searching and opening a list is no looking.
    """

    is_watched = False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return limited(super().get_queryset(request), request.user)

    def note(self, request: HttpRequest, rows: Iterable[models.Model], act: Act, told: str | list = "") -> None:
        """One line for each row, under the name by which clerks know it. `told`: a sentence, or what Django noticed."""
        words = told if isinstance(told, str) else in_words(told)
        trail.note_many(act, rows, request.user, words, label=self._label_of)

    def _label_of(self, row: models.Model) -> str:
        known: Mapping = self.admin_site._registry
        label: Callable | None = getattr(known.get(type(row)), "choice_label", None)
        return label(row) if label else str(row)

    def looked(self, request: HttpRequest, row: models.Model) -> None:
        """Once for each time the page of a row is opened."""
        if self.is_watched and request.method == "GET":
            self.note(request, [row], Act.LOOKED)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and not add:
            self.looked(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def log_addition(self, request: HttpRequest, obj, message) -> None:
        self.note(request, [obj], Act.ENTERED, message)

    def log_change(self, request: HttpRequest, obj, message) -> None:
        self.note(request, [obj], Act.CHANGED, message)

    def log_deletions(self, request: HttpRequest, queryset) -> None:
        self.note(request, queryset, Act.REMOVED)

    def history_view(self, request: HttpRequest, object_id: str, extra_context=None) -> HttpResponse:
        """What happened to this row, on the trail's own page, which says who may see it."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return redirect(address_of(jenis=self.opts.verbose_name, baris=row.pk))


def address_of(**filters) -> str:
    """The trail, filtered: jenis, baris, pelaku, peserta, act__exact."""
    return f"{reverse('admin:jht_auditrecord_changelist')}?{urlencode(filters)}"


def in_words(message: list) -> str:
    """Django's list of what was changed, as it would show it; nothing for a plain addition, which the act says."""
    return "" if message == [{"added": {}}] else LogEntry(change_message=json.dumps(message)).get_change_message()
