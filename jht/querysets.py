"""The questions asked of the rows of jht.models."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Case, F, OuterRef, Subquery, Sum, Value, When

from jht.rules import Movement, Rates, YearLine, round_sen, statement

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


class MembershipQuerySet(models.QuerySet):
    def owned_by(self, user: AbstractBaseUser) -> MembershipQuerySet:
        """The one door to a membership for a page: those of the participant linked to this account."""
        return self.filter(participant__user_id=user.pk)

    def with_last_contribution(self) -> MembershipQuerySet:
        """Adds `last_month` (first day) and `last_wage` (rupiah) of the latest contribution; None without one."""
        contributions = apps.get_model("jht", "Contribution").objects.standing()
        latest = contributions.filter(membership=OuterRef("pk")).order_by("-month")
        return self.annotate(
            last_month=Subquery(latest.values("month")[:1]), last_wage=Subquery(latest.values("wage")[:1])
        )


class ContributionQuerySet(models.QuerySet):
    def standing(self) -> ContributionQuerySet:
        """Those that count: not cancelled."""
        return self.filter(cancelled_on__isnull=True)


class RateQuerySet(models.QuerySet):
    def table(self) -> Rates:
        """All rates and the last credited year, in one query."""
        rows = list(self.order_by().values_list("year", "percent", "credited_on"))
        return Rates(
            percents={year: percent for year, percent, _ in rows},
            last_credited=max((year for year, _, credited_on in rows if credited_on), default=0),
        )


class EntryQuerySet(models.QuerySet):
    def movements(self, on: date, closed_until: int = 0) -> dict[int, tuple[Decimal, list[Movement]]]:
        """For each membership: the balance at the end of `closed_until` and what moved after it, up to `on`.

        One query and, for each membership, one row for the closed years and one for each day and kind since.
        """
        last_day = date(max(closed_until, 1), 12, 31)
        rows = (
            self.filter(date__lte=on)
            .annotate(
                day=Case(When(date__gt=last_day, then=F("date")), default=None),
                sort=Case(When(date__gt=last_day, then=F("kind")), default=Value("")),
            )
            .order_by()
            .values_list("membership_id", "day", "sort")
            .annotate(sum=Sum("amount"))
        )
        found: dict[int, tuple[Decimal, list[Movement]]] = {}
        for membership_id, day, kind, amount in rows:
            opening, moved = found.get(membership_id, (Decimal(0), []))
            amount = round_sen(amount)  # SQLite adds in binary; its error is far below half a sen
            if day is None:
                opening = amount
            else:
                moved.append(Movement(day, kind, amount))
            found[membership_id] = (opening, moved)
        return found

    def lines(self, rates: Rates, on: date) -> dict[int, list[YearLine]]:
        """For each membership: the years not yet credited, up to `on`. One query."""
        closed_until = rates.closed_until(on)
        return {
            membership_id: statement(moved, rates, on, opening=opening, closed_until=closed_until)
            for membership_id, (opening, moved) in self.movements(on, closed_until).items()
        }

    def balances(self, rates: Rates, on: date) -> dict[int, Decimal]:
        """For each membership with entries: its balance on this day, in rupiah and sen. One query."""
        return {membership_id: years[-1].closing for membership_id, years in self.lines(rates, on).items()}
