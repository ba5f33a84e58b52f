"""Unduh rincian: the statement of one KPJ as a file, for any range of years."""

from collections.abc import Callable
from datetime import date

from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from jht import paper
from jht.forms_paper import YearsForm
from jht.history import history_of
from jht.models import Membership

FORMATS: dict[str, tuple[str, Callable[[paper.Paper], bytes]]] = {
    "pdf": ("application/pdf", paper.pdf),
    "csv": ("text/csv; charset=utf-8", paper.as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", paper.as_xlsx),
}


@login_required
@require_safe
def download(request: HttpRequest, kpj: str, kind: str) -> HttpResponse:
    """The years asked for as a file; 400 and the form again, with a sentence, when they are no range of years."""
    if kind not in FORMATS:
        raise Http404
    mine = Membership.objects.owned_by(request.user).select_related("participant").with_last_contribution()
    membership = get_object_or_404(mine.annotate(employer_name=F("employer__name")), kpj=kpj)
    whole = whole_statement(membership, request.today)
    form = YearsForm(request.GET, years=[year.year for year in whole.years], this_year=request.today.year)
    if not form.is_valid():
        context = {"form": form, "membership": membership, "kpj": kpj}
        return render(request, "jht/download.html", context, status=400)
    content_type, write = FORMATS[kind]
    return HttpResponse(
        write(whole.between(form.cleaned_data["dari"], form.cleaned_data["sampai"])),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="simulasi-rincian-jht-{membership.kpj}.{kind}"'},
    )


def whole_statement(membership: Membership, on: date) -> paper.Paper:
    """Every year of a membership that carries `employer_name`, `last_month` and `last_wage`. Three queries."""
    found = history_of(membership, on)
    card = found.account.cards[0]
    return paper.Paper(card, membership.participant.name, found.years[::-1], until=on, made_on=on)
