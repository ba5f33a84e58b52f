"""What all pages of the desk share: days as DD-MM-YYYY, a search that keeps no real NIK, lists that cost the same."""

import re
from decimal import Decimal

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.widgets import AutocompleteSelect
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.text import capfirst

from jht.admin.downloads import Downloads
from jht.admin.fields import DeskDateField, PlainTextField
from jht.admin.traced import Traced
from jht.forms import may_be_real_nik
from jht.scope import keep, scope_of

LONGEST_SEARCH = 100  # letters; no name here is longer, and databases refuse patterns without end


def rupiah(amount: Decimal | int) -> str:
    """An amount in a list, to the sen where there are any: "Rp1.234.567" or "−Rp0,50"."""
    places = 0 if amount == int(amount) else 2
    return f"{'−' if amount < 0 else ''}Rp{number_format(abs(amount), places, force_grouping=True)}"


def money_column(label: str, attribute: str, order: str | None = None):
    """A list column for an amount, aligned on its units."""

    @admin.display(description=label, ordering=order or attribute)
    def column(self, row):
        return format_html('<span class="desk-money">{}</span>', rupiah(getattr(row, attribute)))

    return column


def day_column(label: str, attribute: str):
    """A list column for a day as clerks type it: 15-03-2026."""

    @admin.display(description=label, ordering=attribute)
    def column(self, row):
        day = getattr(row, attribute)
        return format_html('<span class="desk-day">{}</span>', f"{day:%d-%m-%Y}") if day else None

    return column


class PatientAutocomplete(AutocompleteSelect):
    """Django's, but a rubbish value in the address or the form is an empty choice and not an error 500."""

    def optgroups(self, name, value, attr=None):
        known = [item for item in value if re.fullmatch(r"[0-9]{1,18}", str(item))]
        return super().optgroups(name, known, attr)


class ChoiceFilter(admin.SimpleListFilter):
    """A filter of a few fixed choices: (value in the address, words, condition). An unknown value filters nothing."""

    options: tuple[tuple[str, str, models.Q], ...] = ()

    def lookups(self, request, model_admin):
        return [(value, words) for value, words, _ in self.options]

    def queryset(self, request, queryset):
        conditions = {value: condition for value, _, condition in self.options}
        return queryset.filter(conditions[self.value()]) if self.value() in conditions else queryset


class TextFilter(admin.SimpleListFilter):
    """A filter one types into, for what has too many values to list."""

    template = "admin/jht/text_filter.html"
    lookups_for: tuple[str, ...] = ()

    def lookups(self, request, model_admin):
        return [("", "")]  # never empty, so that the filter is shown

    def choices(self, changelist):
        others = [(name, item) for name, items in self._others(changelist) for item in items]
        yield {"name": self.parameter_name, "text": self.value() or "", "others": others}

    def _others(self, changelist):
        params = changelist.filter_params
        return ((name, items) for name, items in params.items() if name not in (self.parameter_name, "p"))

    def queryset(self, request, queryset):
        text = (self.value() or "").strip()[:LONGEST_SEARCH]
        if not text:
            return queryset
        condition = models.Q()
        for lookup in self.lookups_for:
            condition |= models.Q(**{lookup: text})
        return queryset.filter(condition)


class EmployerFilter(TextFilter):
    title = "pemberi kerja (nama atau NPP)"
    parameter_name = "perusahaan"
    path = "employer__"

    @property
    def lookups_for(self):
        return f"{self.path}name__icontains", f"{self.path}npp__iexact"


class YearFilter(admin.SimpleListFilter):
    """The last twelve years; older ones through the address or the search."""

    title = "tahun"
    parameter_name = "tahun"
    field = "date"

    def lookups(self, request, model_admin):
        return [(str(year), str(year)) for year in range(request.today.year, request.today.year - 12, -1)]

    def queryset(self, request, queryset):
        year = self.value() or ""
        return queryset.filter(**{f"{self.field}__year": year}) if re.fullmatch(r"[12][0-9]{3}", year) else queryset


class DeskFields:
    """How the desk's forms, and the ones inside them, read what is typed."""

    formfield_overrides = {
        models.DateField: {"form_class": DeskDateField},
        models.CharField: {"form_class": PlainTextField},
    }

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", PatientAutocomplete(db_field, self.admin_site))
        if scope := scope_of(request.user):
            kwargs.setdefault("queryset", scope.limit(db_field.related_model._default_manager.all()))
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and self.admin_site.is_registered(db_field.related_model):
            target = self.admin_site.get_model_admin(db_field.related_model)
            field.label_from_instance = getattr(target, "choice_label", str)
            field.error_messages["required"] = f"{capfirst(field.label)} belum dipilih. Pilih dari daftar."
            field.error_messages["invalid_choice"] = "Pilihan ini tidak ada dalam daftar. Pilih yang lain."
        return field


def numbers(*, kpj: str, person: str) -> tuple[tuple[str, str], ...]:
    """For `whole_numbers`: KPJ, NIK and a foreigner's passport; `person` leads to the participant's fields."""
    return (r"49[0-9]{9}", kpj), (r"49[0-9]{14}", f"{person}nik"), (r"X49[0-9]{6}", f"{person}passport")


class DeskAdmin(Traced, Downloads, DeskFields, admin.ModelAdmin):
    """Whatever is shown, chosen, searched, exported or changed comes from `get_queryset`, or is limited by jht.scope
    itself: what is outside the scope of who is signed in does not exist for that account.
    """

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # a count for each filter choice would cost a query over all rows
    list_per_page = 50
    list_max_show_all = 200
    # (pattern, lookup): a whole number is looked up by its index instead of being searched for in every row
    whole_numbers: tuple[tuple[str, str], ...] = ()

    def save_model(self, request: HttpRequest, obj, form, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            keep([obj], request.user)

    def list_title(self) -> str:
        return capfirst(self.opts.verbose_name_plural)

    def choice_label(self, row) -> str:
        """How a row reads where one is chosen."""
        return str(row)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"today": request.today, "by": request.user})

    def get_search_results(self, request, queryset, search_term):
        number = search_term.strip().replace(" ", "").upper()
        for pattern, lookup in self.whole_numbers:
            if re.fullmatch(pattern, number):
                return queryset.filter(**{lookup: number}), False
        return super().get_search_results(request, queryset, search_term[:LONGEST_SEARCH])

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """Rubbish in the address leads to the whole list, and a real NIK in the search box goes no further."""
        if any(may_be_real_nik(text) for name in ("q", "perusahaan") for text in request.GET.getlist(name)):
            messages.warning(
                request,
                "Nomor yang dicari tampak seperti NIK sungguhan, jadi kami tidak mencarinya dan tidak menyimpannya. "
                "Cari dengan NIK latihan yang berawalan 49.",
            )
            return redirect(request.path)
        if "e" in request.GET:
            messages.warning(request, "Saringan atau halaman itu tidak dikenal, jadi seluruh daftar yang tampil.")
            return redirect(request.path)
        try:
            return super().changelist_view(request, {"title": self.list_title(), **(extra_context or {})})
        except OverflowError:  # SQLite has no room for the number in a filter
            return redirect(f"{request.path}?e=1")

    def tool(self, request: HttpRequest, template: str, row, title: str, **context) -> TemplateResponse:
        """A page of our own about one row, in the desk's clothes."""
        return TemplateResponse(
            request,
            template,
            {
                **self.admin_site.each_context(request),
                "title": title,
                "subtitle": str(row),
                "opts": self.opts,
                "original": row,
                "media": self.media + getattr(context.get("form"), "media", self.media),
                "is_popup": IS_POPUP_VAR in request.GET,
                **context,
            },
        )


class ReadOnlyAdmin(DeskAdmin):
    """What is only looked at, whoever looks."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
