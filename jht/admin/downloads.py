"""Unduh: every list of the desk as CSV or XLSX, as it is searched and filtered, with a line in the trail."""

from collections.abc import Iterator, Sequence
from itertools import chain

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import display_for_field, label_for_field, lookup_field
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import strip_tags
from django.utils.text import capfirst, slugify

from jht import exports, trail
from jht.forms import may_be_real_nik
from jht.models import AuditRecord

NOT_SAID = ("p", "o", "all", "e")  # the page and the order of a list do not change what is in it


class Downloads:
    """Two buttons on the list page. `export_columns` says what a row gives; without it, what the list shows."""

    change_list_template = "admin/jht/change_list.html"
    export_columns: Sequence[exports.Out] = ()

    def get_urls(self):
        view = self.admin_site.admin_view(self.download)
        name = f"{self.opts.app_label}_{self.opts.model_name}_download"
        return [path("unduh/<str:extension>/", view, name=name), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_download"
        downloads = [(extension.upper(), reverse(name, args=[extension])) for extension in exports.FORMATS]
        return super().changelist_view(request, {"downloads": downloads, **(extra_context or {})})

    def download(self, request: HttpRequest, extension: str) -> HttpResponse:
        """The list as it is filtered now. The first row is read before the answer begins, so that a fault is a page."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        if extension not in exports.FORMATS:
            raise Http404
        if any(may_be_real_nik(text) for texts in request.GET.lists() for text in texts[1]):
            return redirect(f"{back}?{request.GET.urlencode()}")
        try:
            queryset = self.get_changelist_instance(request).queryset
            headings, rows = self._rows(request, queryset)
            rows = chain([first], rows) if (first := next(rows, None)) is not None else iter(())
        except (IncorrectLookupParameters, OverflowError):
            return redirect(f"{back}?e=1")
        title = capfirst(self.opts.verbose_name_plural)
        trail.note_list(AuditRecord.Act.EXPORTED, self.model, request.user, self._told(request, extension))
        response = StreamingHttpResponse(
            exports.stream(extension, title, headings, rows), content_type=exports.FORMATS[extension]
        )
        name = f"{slugify(title)}-{request.today:%Y-%m-%d}.{extension}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def _rows(self, request: HttpRequest, queryset) -> tuple[list[str], Iterator[Sequence]]:
        if self.export_columns:
            return [column.title for column in self.export_columns], exports.rows_of(queryset, self.export_columns)
        shown = [name for name in self.get_list_display(request) if name != "action_checkbox"]
        headings = [capfirst(label_for_field(name, self.model, model_admin=self)) for name in shown]
        rows = queryset.iterator(chunk_size=exports.CHUNK)
        return headings, ([self._cell(name, row) for name in shown] for row in rows)

    def _cell(self, name: str, row):
        """What the list shows in a cell, without its looks."""
        field, _, value = lookup_field(name, row, self)
        if field is not None and (field.choices or field.is_relation):
            value = display_for_field(value, field, "") if field.choices else getattr(row, field.name)
        if isinstance(value, bool | int) or value is None or hasattr(value, "year"):
            return value
        return strip_tags(str(value))

    def _told(self, request: HttpRequest, extension: str) -> str:
        """Which part of the list it was: the search and the filters as the address says them."""
        chosen = [f"{name}={text}" for name, text in request.GET.items() if text and name not in NOT_SAID]
        return f"{extension.upper()}, {', '.join(chosen) or 'seluruh daftar'}"
