"""Tunggakan at the desk: which employers owe contributions, how much, and the fine; then worker by worker."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from jht import arrears
from jht.explanations import months_in_words
from jht.models import Employer
from jht.scope import limited_to, scope_of

EMPLOYERS, WORKERS = 50, 200  # lines on a page


class ArrearsFilter(admin.SimpleListFilter):
    title = "tunggakan"
    parameter_name = "tunggakan"

    def lookups(self, request, model_admin):
        return [("ada", "menunggak"), ("tidak", "tidak menunggak")]

    def queryset(self, request, queryset):
        if self.value() not in ("ada", "tidak"):
            return queryset
        behind = Q(arrears.is_behind(request.today, arrears.terms(), scope_of(request.user)))
        return queryset.filter(behind if self.value() == "ada" else ~behind)


def may_see(request: HttpRequest) -> bool:
    return request.user.has_perms(["jht.view_employer", "jht.view_membership", "jht.view_contribution"])


def report(desk, request: HttpRequest) -> HttpResponse:
    """Every employer with a month missing, by name, with its totals. The same queries however many there are."""
    if not may_see(request):
        raise PermissionDenied
    on, terms, scope = request.today, arrears.terms(), scope_of(request.user)
    behind = limited_to(scope, Employer.objects.filter(arrears.is_behind(on, terms, scope))).order_by("name", "pk")
    page = Paginator(behind, EMPLOYERS).get_page(request.GET.get("hal"))
    employers = list(page)
    totals = arrears.of_employers([employer.pk for employer in employers], on, terms, scope=scope)
    lines = [(employer, totals[employer.pk]) for employer in employers]
    return desk.tool(
        request,
        "admin/jht/arrears.html",
        None,
        "Tunggakan iuran",
        subtitle=None,
        lines=lines,
        page=page,
        on=on,
        owed=sum(total.owed for _, total in lines),
        fine=sum(total.fine for _, total in lines),
        is_complete=all(total.is_complete for _, total in lines),
        back=reverse("admin:jht_employer_changelist"),
    )


def of_employer(desk, request: HttpRequest, employer: Employer) -> HttpResponse:
    """One employer's workers with months missing or late. The same queries however many there are."""
    if not may_see(request):
        raise PermissionDenied
    on = request.today
    scope = scope_of(request.user)
    total = arrears.of_employers([employer.pk], on, arrears.terms(), keep=True, scope=scope)[employer.pk]
    page = Paginator(total.lacking, WORKERS).get_page(request.GET.get("hal"))
    lines = [(worker, months_in_words(worker.arrears.missing), months_in_words(worker.arrears.late)) for worker in page]
    return desk.tool(
        request,
        "admin/jht/arrears_employer.html",
        employer,
        "Tunggakan",
        lines=lines,
        page=page,
        total=total,
        on=on,
        back=reverse("admin:jht_employer_change", args=[employer.pk]),
    )
