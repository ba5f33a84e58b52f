"""Tunggakan: the months of one KPJ that are missing or came late, when they were due, who pays them and the fine."""

from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from jht import arrears
from jht.explanations import SEGMENTS, fine_in_words, months_in_words
from jht.models import Membership, Segment


@login_required
@require_safe
def arrears_of(request: HttpRequest, kpj: str) -> HttpResponse:
    """The months of one membership, newest first. Three queries whatever the history."""
    mine = Membership.objects.owned_by(request.user).annotate(employer_name=F("employer__name"))
    membership = get_object_or_404(mine, kpj=kpj)
    found = arrears.of_membership(membership, request.today, arrears.terms())
    return render(
        request,
        "jht/arrears.html",
        {
            "kpj": kpj,
            "employer_name": membership.employer_name or SEGMENTS[membership.segment],
            "found": found,
            "missing": found.missing[::-1],
            "late": found.late[::-1],
            "months": months_in_words(found.missing),
            "fined": fine_in_words(found),
            "pays_alone": membership.segment == Segment.BPU,
            "has_due_dates": membership.segment in arrears.months_due(request.today, arrears.dues.USUAL),
            "on": request.today,
        },
    )
