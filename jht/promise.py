"""Until when a complete claim is to be paid, and since when it is complete."""

from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from jht import facts
from jht.dues import working_days_after
from jht.holidays_id import is_holiday
from jht.models import Claim, ClaimStep, Figure

Status = Claim.Status
USUAL_DAYS = 5  # working days until a claim is paid, where no figure says otherwise (docs/aturan.md)


def with_complete_at(rows: QuerySet[Claim]) -> QuerySet[Claim]:
    """The same claims, each with `complete_at`: since when its papers are complete, as far as the participant sees."""
    filed = ClaimStep.objects.filter(claim=OuterRef("pk"), status=Status.SUBMITTED).order_by("-at", "-id")
    return rows.annotate(complete_at=Subquery(filed.values("at")[:1]))


def paid_within_days(on: date) -> int:
    """How many working days the desk has to pay a complete claim, by the rules of this day."""
    found = facts.figure(Figure.Kind.PAID_WITHIN_DAYS, on)
    return int(found.value) if found else USUAL_DAYS


def pay_by(claim: Claim, days: int) -> date | None:
    """The last day on which this claim is paid in time; `claim` from `with_complete_at`. None when it waits for nobody
    at the desk. Source: docs/aturan.md#pengajuan-klaim.
    """
    if claim.status not in (Status.SUBMITTED, Status.APPROVED) or claim.complete_at is None:
        return None
    return working_days_after(timezone.localdate(claim.complete_at), days, is_holiday)
