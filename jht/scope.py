"""Which part of the data somebody at the desk works with: asked in one place for every list, choice, page and file.

The setting JHT_DESK_SCOPE names a function: account → Scope, or None for everything. Without it there is no bound.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Model, Q, QuerySet
from django.utils.module_loading import import_string

from jht.models import AuditRecord, Employer, ImportJob, LinkAttempt, Participant, Removal

Rows = TypeVar("Rows", bound=QuerySet)


@dataclass(frozen=True)
class Scope:
    """People, companies and accounts, as queries of their keys: with `only` nothing else is there, without it
    everything but these. Conditions are subqueries, so a page costs as many queries as without a bound.

    `gone`, `gone_accounts`: those who were removed, of whom only the trail knows.
    """

    participants: QuerySet
    employers: QuerySet
    clerks: QuerySet
    accounts: QuerySet
    only: bool
    gone: QuerySet | None = None
    gone_accounts: QuerySet | None = None

    def limit(self, rows: Rows) -> Rows:
        """Those of these rows that belong to the scope. What is nobody's (rates, rules) is everybody's."""
        condition = self.condition(rows.model)
        return rows if condition is None else rows.filter(condition)

    def condition(self, model: type[Model]) -> Q | None:
        """Which rows of this model are in the scope; None for all of them."""
        if model is AuditRecord:
            inside = Q(participant_id_was__in=self.participants) | Q(actor__in=self.clerks)
            if self.gone is not None:
                inside |= Q(participant_id_was__in=self.gone) | Q(actor__in=self.gone_accounts)
            return inside if self.only else ~inside
        if model is Removal:
            return Q(pk__in=[]) if self.gone is None else ~Q(participant_id_was__in=self.gone)
        if path := path_to_participant(model):
            return self._within(path, self.participants)
        path, keys = {
            Employer: ("pk", self.employers),
            ImportJob: ("created_by", self.clerks),
            LinkAttempt: ("user", self.accounts),
            get_user_model(): ("pk", self.accounts),
        }.get(model, ("", None))
        return self._within(path, keys) if path else None

    def _within(self, path: str, keys: QuerySet) -> Q:
        condition = Q(**{f"{path}__in": keys})
        return condition if self.only else ~condition

    def sql(self, column: str) -> tuple[str, tuple]:
        """The same for a column with a participant's key, as a condition in SQL and its parameters."""
        among, params = self.participants.query.sql_with_params()
        return f"{column} {'' if self.only else 'NOT '}IN ({among})", params

    def keep(self, rows: Iterable[Model]) -> None:
        """These people or companies were entered by whose scope this is; in the transaction that entered them."""


def path_to_participant(model: type[Model]) -> str:
    """How a condition leads from a row of this model to whose it is; empty where it is nobody's."""
    if model is Participant:
        return "pk"
    names = {field.name for field in model._meta.fields}
    if "participant" in names:
        return "participant"
    return "membership__participant" if "membership" in names else ""


def scope_of(user: AbstractBaseUser | None) -> Scope | None:
    """The bounds of this account; None for everything, which is also what the system itself works with."""
    hook = getattr(settings, "JHT_DESK_SCOPE", "")
    return import_string(hook)(user) if hook and user is not None else None


def limited_to(scope: Scope | None, rows: Rows) -> Rows:
    return scope.limit(rows) if scope else rows


def limited(rows: Rows, user: AbstractBaseUser | None) -> Rows:
    """Those of these rows that this account works with."""
    return limited_to(scope_of(user), rows)


def keep(rows: Iterable[Model], user: AbstractBaseUser | None) -> None:
    """This account has entered these people or companies. In the transaction that writes them."""
    if scope := scope_of(user):
        scope.keep(list(rows))
