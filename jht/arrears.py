"""What jht.dues is told: memberships and their contributions read into plain values, for one person or an employer."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from operator import itemgetter

from django.db.models import Count, DateField, Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, ExtractMonth, ExtractYear, Least, TruncMonth

from jht import dues, ledger
from jht.dues import Arrears, Behind, Paid, Terms
from jht.holidays_id import is_holiday
from jht.models import Contribution, Entry, Membership, Segment
from jht.querysets import Held
from jht.scope import Scope, limited_to


def terms() -> Terms:
    """Due days and percents of the fine, as the rules kept as data say. One query."""
    return ledger.rates_and_terms()[1]


def months_due(on: date, terms: Terms) -> dict[str, date]:
    """By segment, the last month that should have been paid before this day."""
    return {segment: dues.last_month_due(segment, on, terms, is_holiday) for segment in dues.MONTHS_AFTER}


def behind(membership: Membership | Held, paid_months: int, due: Mapping[str, date]) -> Behind:
    """What is missing, in short. `membership` carries `last_month`; `paid_months`: see dues.behind."""
    last = due[membership.segment]
    if membership.end:
        last = min(last, membership.end.replace(day=1))
    return dues.behind(membership.start, last, membership.last_month, paid_months)


def paid_months(memberships: Iterable[Membership | Held], due: Mapping[str, date]) -> dict[int, int]:
    """By membership, how many of its months due were paid; none where there are none. One query."""
    known = {row.pk: row for row in memberships if row.segment in due}
    counted: dict[int, int] = {}
    months = Contribution.objects.standing().filter(membership__in=list(known))
    for pk, month in months.values_list("membership_id", "month"):
        row = known[pk]
        is_counted = row.start.replace(day=1) <= month <= due[row.segment] and (not row.end or month <= row.end)
        counted[pk] = counted.get(pk, 0) + is_counted
    return counted


def of_membership(membership: Membership, on: date, terms: Terms) -> Arrears:
    """Months missing and late of one membership. One query."""
    if membership.merged_into_id:
        return Arrears()
    rows = membership.contributions.standing().filter(paid_on__lte=on)
    return _arrears(membership.segment, membership.start, membership.end, _paid(rows.values_list(*PAID)), on, terms)


def of_statement(membership: Membership, rows: Iterable[tuple], on: date, terms: Terms) -> Arrears:
    """The same from the entries of a statement (see `standing`), without asking again."""
    if membership.merged_into_id:
        return Arrears()
    return _arrears(membership.segment, membership.start, membership.end, standing(rows), on, terms)


def months_paid(membership: Membership, rows: Iterable[tuple], due: Mapping[str, date]) -> int:
    """paid_months() of one membership, from the same entries."""
    if membership.segment not in due:
        return 0
    last = min(due[membership.segment], membership.end or due[membership.segment])
    return sum(membership.start.replace(day=1) <= month <= last for month in standing(rows))


def standing(rows: Iterable[tuple]) -> dict[date, Paid]:
    """The months paid, by what was posted: a contribution and what took it back cancel out.

    `rows`: (date, kind, amount, settled percent, contribution month, reason), as jht.explanations.explain_years has
    them; a correction carries its contribution's day and amount.
    """
    posted: dict[date, list[tuple[date, int]]] = {}
    for day, kind, amount, _, month, _ in rows:
        if month is not None and kind in (Entry.Kind.CONTRIBUTION, Entry.Kind.CORRECTION):
            posted.setdefault(month, []).append((day, int(amount)))
    paid = {}
    for month, movements in posted.items():
        left = [row for row in movements if row[1] > 0]
        for day, amount in movements:
            if (day, -amount) in left:
                left.remove((day, -amount))
        if left:
            paid[month] = Paid(left[0][1], left[0][0])
    return paid


PAID = ("month", "employer_share", "worker_share", "paid_on")


def _paid(rows: Iterable[tuple]) -> dict[date, Paid]:
    return {month: Paid(employer + worker, paid_on) for month, employer, worker, paid_on in rows}


def _arrears(segment: str, start: date, end: date | None, paid: Mapping[date, Paid], on: date, terms: Terms) -> Arrears:
    return dues.arrears(segment, start, end, paid, on, terms, is_holiday)


# --- Employers -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Worker:
    """One membership of an employer and what it lacks."""

    pk: int
    kpj: str
    name: str
    arrears: Arrears


@dataclass
class Total:
    """What one employer owes, in whole rupiah. `late_fine`: for months that were paid in the end, but late.

    `is_complete`: False when the wage of some worker was never reported, so that the sums say less than is owed.
    """

    workers: int = 0
    months: int = 0
    owed: int = 0
    fine: int = 0
    late_fine: int = 0
    is_complete: bool = True
    lacking: list[Worker] = field(default_factory=list)

    def add(self, worker: Worker, keep: bool) -> None:
        found = worker.arrears
        self.late_fine += found.late_fine
        if found.missing:
            self.workers += 1
            self.months += len(found.missing)
            self.owed += found.owed
            self.fine += found.fine
            self.is_complete = self.is_complete and found.is_complete
        if keep and found:
            self.lacking.append(worker)


def behind_with(on: date, terms: Terms, scope: Scope | None = None) -> QuerySet[Membership]:
    """Wage earners' memberships with a month due and not paid, gaps in the middle included, as a condition in SQL.

    A KPJ that was merged takes no more contributions, so nothing is missing on it. `scope`: whose are looked at.
    """
    last = Value(dues.last_month_due("PU", on, terms, is_holiday), output_field=DateField())
    paid = (
        Contribution.objects.standing()
        .filter(membership=OuterRef("pk"), month__gte=OuterRef("begin"), month__lte=OuterRef("until"))
        .order_by()
        .values("membership")
        .annotate(number=Count("pk"))
    )
    return (
        limited_to(scope, Membership.objects.filter(segment=Segment.PU, merged_into__isnull=True))
        .annotate(
            begin=TruncMonth("start", output_field=DateField()),
            until=Least(Coalesce(TruncMonth("end", output_field=DateField()), last), last),
        )
        .annotate(
            expected=(ExtractYear("until") - ExtractYear("begin")) * 12
            + ExtractMonth("until") - ExtractMonth("begin") + 1,
            paid=Coalesce(Subquery(paid.values("number")), Value(0)),
        )
        .filter(expected__gt=F("paid"))
    )  # fmt: skip


def is_behind(on: date, terms: Terms, scope: Scope | None = None) -> Exists:
    """Whether an employer has a worker with a month missing: a condition on employers."""
    return Exists(behind_with(on, terms, scope).filter(employer=OuterRef("pk")).order_by().values("pk"))


def of_employers(
    employers: Iterable[int], on: date, terms: Terms, keep: bool = False, scope: Scope | None = None
) -> dict[int, Total]:
    """By employer, what its workers lack. Two queries, read row by row: memory stays flat.

    `keep`: with the workers themselves, those who lack something or were paid for late. `scope`: whose are looked at.
    """
    employers = list(employers)
    totals = {pk: Total() for pk in employers}
    theirs = {"segment": Segment.PU, "merged_into__isnull": True, "employer__in": employers}
    members = limited_to(scope, Membership.objects.filter(**theirs)).order_by("pk")
    months = Contribution.objects.standing().filter(
        paid_on__lte=on, **{f"membership__{name}": value for name, value in theirs.items()}
    )
    months = limited_to(scope, months)
    paid = _grouped(months.order_by("membership_id", "month").values_list("membership_id", *PAID).iterator(2_000))
    waiting = next(paid, None)
    rows = members.values_list("pk", "employer_id", "kpj", "participant__name", "start", "end")
    for pk, employer, kpj, name, start, end in rows.iterator(2_000):
        while waiting and waiting[0] < pk:
            waiting = next(paid, None)
        known = _paid(waiting[1]) if waiting and waiting[0] == pk else {}
        found = _arrears(Segment.PU, start, end, known, on, terms)
        totals[employer].add(Worker(pk, kpj, name, found), keep)
    return totals


def _grouped(rows: Iterable[tuple]) -> Iterator[tuple[int, list[tuple]]]:
    for pk, group in groupby(rows, key=itemgetter(0)):
        yield pk, [row[1:] for row in group]
