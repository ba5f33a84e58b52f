"""The whole history of one KPJ as its owner reads it: once for the page, once for the file to download."""

from dataclasses import dataclass
from datetime import date

from jht import arrears
from jht.dues import Arrears
from jht.explanations import Account, Year, explain, explain_years
from jht.models import Membership, Rate
from jht.rules import Movement, Rates, YearLine, statement


@dataclass(frozen=True)
class History:
    """`lines`: the years, oldest first; `years`: the same in words, newest first; `account`: the one card."""

    lines: list[YearLine]
    years: list[Year]
    account: Account
    lacking: Arrears


def history_of(membership: Membership, on: date) -> History:
    """All until `on`, of a membership that carries `employer_name`, `last_month` and `last_wage`. Three queries."""
    rate_rows = list(Rate.objects.all())
    rates = Rates(
        {rate.year: rate.percent for rate in rate_rows},
        max((rate.year for rate in rate_rows if rate.credited_on), default=0),
    )
    rows = list(
        membership.entries.filter(date__lte=on)
        .order_by("-date", "-id")
        .values_list("date", "kind", "amount", "percent", "contribution__month", "reason")
    )
    lines = statement([Movement(*row[:4]) for row in rows], rates, on, closed_until=rates.closed_until(on))
    sources = {rate.year: "angka latihan" if rate.is_training else rate.source for rate in rate_rows}
    terms = arrears.terms()
    paid = {membership.pk: arrears.months_paid(membership, rows, arrears.months_due(on, terms))}
    return History(
        lines,
        explain_years(lines, rows, rates, sources, on) if rows else [],
        explain([membership], {membership.pk: lines[-1].closing}, on, terms, paid),
        arrears.of_statement(membership, rows, on, terms),
    )
