""" "Mengapa segini?": how every figure of one year of a statement came about."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from jht.explanations import SEGMENTS
from jht.models import Figure, Membership, Rate, Segment
from jht.reckoning import Posted, Source, Tariff, reckon
from jht.rules import Movement, Rates, statement

POSTED = (
    "reason",
    "contribution__month",
    "contribution__wage",
    "contribution__employer_share",
    "contribution__worker_share",
)


@login_required
@require_safe
def why(request: HttpRequest, kpj: str, year: int) -> HttpResponse:
    """The figures of one year and their lines; 404 for a year that is not on the statement. Four queries."""
    mine = Membership.objects.owned_by(request.user).annotate(employer_name=F("employer__name"))
    membership = get_object_or_404(mine, kpj=kpj)
    on = request.today
    rate_rows = list(Rate.objects.all())
    rates = Rates(
        {rate.year: rate.percent for rate in rate_rows},
        max((rate.year for rate in rate_rows if rate.credited_on), default=0),
    )
    posted = _posted(membership, on)
    lines = statement([row.movement for row in posted], rates, on, closed_until=rates.closed_until(on))
    found = next((number for number, line in enumerate(lines) if line.year == year), None)
    if found is None or not posted:
        raise Http404
    reckoning = reckon(
        lines[found],
        [row for row in posted if row.movement.date.year == year],
        rates,
        {rate.year: Source(rate.source, rate.is_training) for rate in rate_rows},
        on,
        is_first=found == 0,
        segment=membership.segment,
        tariffs=_tariffs(),
    )
    return render(
        request,
        "jht/reckoning.html",
        {
            "reckoning": reckoning,
            "kpj": membership.kpj,
            "employer_name": membership.employer_name or SEGMENTS[membership.segment],
            "before": lines[found - 1].year if found else None,
            "after": lines[found + 1].year if found + 1 < len(lines) else None,
            "until": on if year == on.year else date(year, 12, 31),
        },
    )


def _posted(membership: Membership, on: date) -> list[Posted]:
    """Every entry up to this day, oldest first. One query."""
    rows = membership.entries.filter(date__lte=on).order_by("date", "id")
    return [
        Posted(Movement(*moved), reason, month, wage or 0, employer_share or 0, worker_share or 0)
        for *moved, reason, month, wage, employer_share, worker_share in rows.values_list(
            "date", "kind", "amount", "percent", *POSTED
        )
    ]


def _tariffs() -> list[Tariff]:
    """What a month costs a self-employed or a migrant worker, by every table known here. One query."""
    tables = {Figure.Kind.BPU_BAND: Segment.BPU, Figure.Kind.PMI_AMOUNT: Segment.PMI}
    return [
        Tariff(
            tables[row.kind], row.valid_from, row.threshold or None, int(row.value), Source(row.source, row.is_training)
        )
        for row in Figure.objects.filter(kind__in=tables)
    ]
