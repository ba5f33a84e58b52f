"""The questions asked of the rows of jht.models."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection, models
from django.db.models.expressions import RawSQL

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


# The latest month a membership has paid for, and what was reported for it; cancelled ones do not count.
LATEST = (
    "(SELECT {column} FROM jht_contribution WHERE membership_id = jht_membership.id AND cancelled_on IS NULL "
    "ORDER BY month DESC LIMIT 1)"
)
LAST_MONTH, LAST_WAGE = LATEST.format(column="month"), LATEST.format(column="wage")

CARDS_OF = f"""
    SELECT jht_membership.id, kpj, segment, jht_membership.start, jht_membership."end", jht_employer.name,
           {LAST_MONTH}, {LAST_WAGE}
    FROM jht_membership
    JOIN jht_participant ON jht_participant.id = jht_membership.participant_id
    LEFT JOIN jht_employer ON jht_employer.id = jht_membership.employer_id
    WHERE jht_participant.user_id = %s ORDER BY jht_membership.start DESC, jht_membership.id
"""  # noqa: S608 (no input in it)


class Held(NamedTuple):
    """A membership as Lihat Saldo JHT reads it: columns named as the model names them, without a model around them."""

    pk: int
    kpj: str
    segment: str
    start: date
    end: date | None
    employer_name: str | None
    last_month: date | None
    last_wage: int | None


class MembershipQuerySet(models.QuerySet):
    def owned_by(self, user: AbstractBaseUser) -> MembershipQuerySet:
        """The one door to a membership for a page: those of the participant linked to this account."""
        return self.filter(participant__user_id=user.pk)

    def cards_of(self, user: AbstractBaseUser) -> list[Held]:
        """The same memberships as `owned_by`, newest first, with `employer_name` and their last contribution.

        In SQL because Lihat Saldo JHT asks it on every visit (docs/decisions/0006-hot-sql.md).
        """
        with connection.cursor() as cursor:
            cursor.execute(CARDS_OF, [user.pk])
            held = map(Held._make, cursor.fetchall())
        return [
            row._replace(last_month=date.fromisoformat(row.last_month)) if isinstance(row.last_month, str) else row
            for row in held  # SQLite keeps days as text
        ]

    def with_last_contribution(self) -> MembershipQuerySet:
        """Adds `last_month` (first day) and `last_wage` (rupiah) of the latest contribution; None without one."""
        return self.annotate(
            last_month=RawSQL(LAST_MONTH, [], models.DateField()),  # noqa: S611 (no input in it)
            last_wage=RawSQL(LAST_WAGE, [], models.BigIntegerField()),  # noqa: S611
        )


class ContributionQuerySet(models.QuerySet):
    def standing(self) -> ContributionQuerySet:
        """Those that count: not cancelled."""
        return self.filter(cancelled_on__isnull=True)


class ValidOnQuerySet(models.QuerySet):
    def valid_on(self, on: date) -> ValidOnQuerySet:
        """Those in force on this day; the last day of validity is still one."""
        ends_later = models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=on)
        return self.filter(ends_later, valid_from__lte=on)
