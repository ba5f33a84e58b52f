"""The questions asked of the rows of jht.models."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection, models
from django.db.models.expressions import RawSQL

if TYPE_CHECKING:
    from decimal import Decimal

    from django.contrib.auth.models import AbstractBaseUser

    from jht.models import Figure


# The latest month a membership has paid for, and what was reported for it; cancelled ones do not count.
LATEST = (
    "(SELECT {column} FROM jht_contribution WHERE membership_id = jht_membership.id AND cancelled_on IS NULL "
    "ORDER BY month DESC LIMIT 1)"
)
LAST_MONTH, LAST_WAGE = LATEST.format(column="month"), LATEST.format(column="wage")

CARDS_OF = f"""
    SELECT jht_membership.id, kpj, segment, jht_membership.start, jht_membership."end", jht_employer.name,
           {LAST_MONTH}, {LAST_WAGE}, {{paid_months}}
    FROM jht_membership
    JOIN jht_participant ON jht_participant.id = jht_membership.participant_id
    LEFT JOIN jht_employer ON jht_employer.id = jht_membership.employer_id
    WHERE jht_participant.user_id = %s AND jht_membership.unadded_since IS NULL
    ORDER BY jht_membership.start DESC, jht_membership.id
"""  # noqa: S608 (no input in it)
# How many months were paid from the membership's first one to the last one due; two parameters: that of BPU, of others.
PAID_MONTHS = """
    (SELECT COUNT(*) FROM jht_contribution WHERE membership_id = jht_membership.id AND cancelled_on IS NULL
     AND month >= {first} AND (jht_membership."end" IS NULL OR month <= jht_membership."end")
     AND ((segment = 'BPU' AND month <= %s) OR (segment <> 'BPU' AND month <= %s)))
"""
FIRST_OF_MONTH = {
    "sqlite": "date(jht_membership.start, 'start of month')",
    "postgresql": "date_trunc('month', jht_membership.start)::date",
}


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
    paid_months: int | None


class MembershipQuerySet(models.QuerySet):
    def owned_by(self, user: AbstractBaseUser) -> MembershipQuerySet:
        """The one door to a membership for a page: those of the participant linked to this account.

        A KPJ that its owner has not added yet (jht/linking.py) is not among them.
        """
        return self.filter(participant__user_id=user.pk, unadded_since__isnull=True)

    def cards_of(self, user: AbstractBaseUser, due: Mapping[str, date] | None = None) -> list[Held]:
        """The same memberships as `owned_by`, newest first, with `employer_name` and their last contribution.

        `due`: by segment, the last month that should be paid by now; with it, `paid_months` is counted.
        In SQL because Lihat Saldo JHT asks it on every visit (docs/decisions/0006-hot-sql.md).
        """
        counted = PAID_MONTHS.format(first=FIRST_OF_MONTH[connection.vendor]) if due else "NULL"
        bounds = [due["BPU"].isoformat(), due["PU"].isoformat()] if due else []
        with connection.cursor() as cursor:
            cursor.execute(CARDS_OF.format(paid_months=counted), [*bounds, user.pk])
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

    def last_paid_on(self, on: date) -> date | None:
        """The day of the latest payment by this day that counts. One query."""
        return self.standing().filter(paid_on__lte=on).aggregate(last=models.Max("paid_on"))["last"]


TABLES = ("bpu_band", "tax_bracket")  # kinds of figures whose rows end with one for all above


class ValidOnQuerySet(models.QuerySet):
    def valid_on(self, on: date) -> ValidOnQuerySet:
        """Those in force on this day; the last day of validity is still one."""
        ends_later = models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=on)
        return self.filter(ends_later, valid_from__lte=on)


class FigureQuerySet(models.QuerySet):
    """Figures of the rules. A table (bands, brackets) is replaced whole: all rows of the latest day count together."""

    def rows(self, kind: str, on: date) -> list[Figure]:
        """All rows of this kind in force on this day, lowest threshold first, 0 (all above) last. One query.

        A table that is still being typed, without its row for all above, is not in force: the one before it is.
        """
        known = list(self.filter(kind=kind, valid_from__lte=on).order_by("-valid_from", "threshold"))
        since = next((row.valid_from for row in known if kind not in TABLES or row.threshold == 0), None)
        rows = [row for row in known if row.valid_from == since]
        return sorted(rows, key=lambda row: (row.threshold == 0, row.threshold))

    def one(self, kind: str, on: date) -> Figure | None:
        """The figure of this kind in force on this day. One query."""
        return self.filter(kind=kind, valid_from__lte=on).order_by("-valid_from", "threshold").first()

    def bands(self, kind: str, on: date) -> list[tuple[int | None, Decimal]]:
        """A table as plain values: (upper end in rupiah or None for all above, value), lowest first."""
        return [(row.threshold or None, row.value) for row in self.rows(kind, on)]

    def bpu_bands(self, on: date) -> list[tuple[int | None, int]]:
        """What jht.rules.bpu_contribution asks for."""
        return [(upper, int(value)) for upper, value in self.bands("bpu_band", on)]

    def pmi_amounts(self, on: date) -> list[int]:
        """The amounts a month among which migrant workers choose, in whole rupiah."""
        return [int(row.value) for row in self.rows("pmi_amount", on)]
