"""The questions asked of the rows of jht.models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models.expressions import RawSQL

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


class MembershipQuerySet(models.QuerySet):
    def owned_by(self, user: AbstractBaseUser) -> MembershipQuerySet:
        """The one door to a membership for a page: those of the participant linked to this account."""
        return self.filter(participant__user_id=user.pk)

    def with_last_contribution(self) -> MembershipQuerySet:
        """Adds `last_month` (first day) and `last_wage` (rupiah) of the latest contribution; None without one.

        The same as two Subquery expressions over Contribution.objects.standing(), which took as long to build as
        the whole of the query to run.
        """
        latest = (
            "SELECT {column} FROM jht_contribution WHERE membership_id = jht_membership.id AND cancelled_on IS NULL "
            "ORDER BY month DESC LIMIT 1"
        )
        return self.annotate(
            last_month=RawSQL(latest.format(column="month"), [], models.DateField()),  # noqa: S611 (no input in it)
            last_wage=RawSQL(latest.format(column="wage"), [], models.BigIntegerField()),  # noqa: S611
        )


class ContributionQuerySet(models.QuerySet):
    def standing(self) -> ContributionQuerySet:
        """Those that count: not cancelled."""
        return self.filter(cancelled_on__isnull=True)
