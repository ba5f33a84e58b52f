"""What belongs to one seat, as plain rows: read, and written again under new keys.

Keys are new each time because the ledger lets rows go only with their participant, whose old key stays written down as
removed (jht.models.Removal). Rows are written past the ORM, one statement a table: a seat has some three thousand.
Every constraint and trigger stays in force. Values are those of JSON: days and moments (UTC) and amounts are text,
bytes are base64.
"""

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from functools import cache
from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import connection, models
from django.db.models import Q

from accounts import limits
from accounts.models import Attempt, OutboxMessage, TextMessage, User
from jht.models import (
    Claim,
    ClaimDocument,
    ClaimStep,
    Contribution,
    Employer,
    Entry,
    ImportJob,
    LinkAttempt,
    Membership,
    MergeRequest,
    Participant,
)
from portal.models import Seat, SeatEmployer, SeatPerson, SmsRegistration
from portal.rows import KIND_OF

Row = list[Any]
Tables = dict[str, dict[str, list]]  # label of a model → {"columns": names, "rows": lists of values}
Keys = dict[str, dict[int, int]]  # label → key as it was → key as it is now

# An entry's own key names the row it was posted for.
NAMED = {
    "contribution": Contribution,
    "cancel": Contribution,
    "return": Membership,
    "claim": Claim,
    "merge": Membership,
}
NAMES = re.compile(rf"({'|'.join(NAMED)}):(\d+)(?=:|$)")
LATER = ("merged_into_id", "merged_on")  # of a membership: a merged one takes no entries, so it is merged after them


def own_users(seat: Seat) -> models.QuerySet[User]:
    """The accounts of a seat: those of its people, those made on it, and its clerk."""
    return User.objects.filter(Q(inbox_key=seat.inbox_key, is_staff=False) | Q(pk=seat.clerk_id))


def of(seat: Seat) -> list[models.QuerySet]:
    """Every row of this seat, parents before children."""
    people, employers = SeatPerson.objects.filter(seat=seat), SeatEmployer.objects.filter(seat=seat)
    participants = list(people.values_list("participant", flat=True))
    users = list(own_users(seat).values_list("pk", "email", "inbox_key"))
    accounts = [pk for pk, _, _ in users]
    memberships = Membership.objects.filter(participant__in=participants)
    numbers = list(memberships.values_list("pk", flat=True))
    claims = list(Claim.objects.filter(membership__in=numbers).values_list("pk", flat=True))
    merges = MergeRequest.objects.filter(participant__in=participants)
    return [
        User.objects.filter(pk__in=accounts),
        User.groups.through.objects.filter(user__in=accounts),
        User.user_permissions.through.objects.filter(user__in=accounts),
        EmailAddress.objects.filter(user__in=accounts),
        LinkAttempt.objects.filter(user__in=accounts),
        Employer.objects.filter(pk__in=employers.values("employer")),
        employers,
        Participant.objects.filter(pk__in=participants),
        people,
        memberships,
        SmsRegistration.objects.filter(membership__in=numbers),
        Contribution.objects.filter(membership__in=numbers),
        Claim.objects.filter(pk__in=claims),
        ClaimStep.objects.filter(claim__in=claims),
        ClaimDocument.objects.filter(claim__in=claims),
        Entry.objects.filter(membership__in=numbers),
        merges,
        MergeRequest.sources.through.objects.filter(mergerequest__in=merges.values("pk")),
        ImportJob.objects.filter(created_by=seat.clerk_id) if seat.clerk_id else ImportJob.objects.none(),
        OutboxMessage.objects.filter(inbox_key=seat.inbox_key),
        TextMessage.objects.filter(phone__startswith=seat.phone_stem),
        Attempt.objects.filter(key__in=limits.keys_of_accounts((email, key) for _, email, key in users)),
    ]


# --- Reading -------------------------------------------------------------------------------------------------
READ: dict[str, Callable] = {
    "date": lambda value: value.isoformat(),
    "moment": lambda value: value.astimezone(UTC).isoformat(sep=" "),
    "decimal": lambda value: f"{value:f}",
    "bytes": lambda value: base64.b64encode(value).decode(),
}


@dataclass(frozen=True)
class Column:
    name: str
    attribute: str  # of the model
    kind: str
    points_to: type[models.Model] | None
    may_be_empty: bool
    default: Any = None


@cache
def columns_of(model: type[models.Model]) -> tuple[Column, ...]:
    return tuple(map(_column, model._meta.concrete_fields))


def _column(field: models.Field) -> Column:
    target = field.remote_field.model if field.remote_field else None
    origin = field
    while origin.remote_field:
        origin = origin.target_field
    kind = KIND_OF[origin.get_internal_type()]
    return Column(field.column, field.attname, kind, target, field.null, None if target else _default(field, kind))


def _default(field: models.Field, kind: str) -> Any:
    """For rows that were read before this column existed."""
    value = None if field.primary_key else field.get_default()
    return value if value is None or kind not in READ else READ[kind](value)


def read(seat: Seat) -> Tables:
    return {rows.model._meta.label_lower: read_rows(rows) for rows in of(seat)}


def known_tables(tables: Tables) -> Tables:
    """Those of what was packed that this program still has, parents before children."""
    there = {model._meta.label_lower for model in apps.get_models(include_auto_created=True)}
    return {label: table for label, table in tables.items() if label in there}


def read_rows(rows: models.QuerySet) -> dict[str, list]:
    columns = columns_of(rows.model)
    convert = [(place, READ[column.kind]) for place, column in enumerate(columns) if column.kind in READ]
    found = []
    for values in rows.order_by("pk").values_list(*[column.attribute for column in columns]):
        row = list(values)
        for place, plain in convert:
            if row[place] is not None:
                row[place] = plain(row[place])
        found.append(row)
    return {"columns": [column.name for column in columns], "rows": found}


# --- Writing -------------------------------------------------------------------------------------------------
def fresh_keys(tables: Tables) -> Keys:
    """A key never used before for each of these rows. Inside a transaction that writes."""
    asked = {label: len(table["rows"]) for label, table in tables.items() if table["rows"]}
    given = (_from_sequences if connection.vendor == "postgresql" else _after_the_last)(asked)
    keys: Keys = {}
    for label in asked:
        place = tables[label]["columns"].index(model_of(label)._meta.pk.column)
        keys[label] = {row[place]: new for row, new in zip(tables[label]["rows"], given[label], strict=True)}
    return keys


def _from_sequences(asked: Mapping[str, int]) -> dict[str, list[int]]:
    one = "SELECT %s, nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
    given: dict[str, list[int]] = {label: [] for label in asked}
    parameters = [
        part
        for label, count in asked.items()
        for part in (label, f'"{model_of(label)._meta.db_table}"', model_of(label)._meta.pk.column, count)
    ]
    with connection.cursor() as cursor:
        if asked:
            cursor.execute(" UNION ALL ".join([one] * len(asked)), parameters)
            for label, key in cursor.fetchall():
                given[label].append(key)
    return {label: sorted(keys) for label, keys in given.items()}


def _after_the_last(asked: Mapping[str, int]) -> dict[str, list[int]]:
    """SQLite has one writer at a time, and remembers the highest key that each table ever had."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, seq FROM sqlite_sequence")
        last = dict(cursor.fetchall())
    starts = {label: last.get(model_of(label)._meta.db_table, 0) + 1 for label in asked}
    return {label: list(range(starts[label], starts[label] + count)) for label, count in asked.items()}


def write(seat: Seat, tables: Tables, keys: Keys) -> None:
    """Put these rows down as the seat's. What they name outside of the seat and is gone by now is left empty.

    Inside a transaction. Raises IntegrityError where the database refuses a row.
    """
    gone = _gone(tables, keys)
    for label, table in tables.items():
        if table["rows"]:
            model = model_of(label)
            rows = [_renamed(model, row, keys) for row in _linked(seat, label, table, keys, gone)]
            _insert(model, rows)
    if "jht.membership" in keys:
        _merge(tables["jht.membership"], keys["jht.membership"])


def _linked(seat: Seat, label: str, table: dict[str, list], keys: Keys, gone: dict[str, set]) -> list[Row]:
    """The rows in today's columns, under their new keys and with the new keys of what they point to."""
    columns = columns_of(model_of(label))
    names = {name: place for place, name in enumerate(table["columns"])}
    if table["columns"] == [column.name for column in columns]:
        rows = [list(row) for row in table["rows"]]
    else:
        rows = [
            [row[names[column.name]] if column.name in names else column.default for column in columns]
            for row in table["rows"]
        ]
    own = keys[label]
    key_place = next(place for place, column in enumerate(columns) if column.name == model_of(label)._meta.pk.column)
    for row in rows:
        row[key_place] = own[row[key_place]]
    for place, column in enumerate(columns):
        if column.name in LATER and label == "jht.membership":
            for row in rows:
                row[place] = None
        elif column.points_to is Seat:
            for row in rows:
                row[place] = seat.pk
        elif column.points_to:
            target = column.points_to._meta.label_lower
            now, lost = keys.get(target, {}), gone.get(target, set())
            for row in rows:
                row[place] = None if row[place] in lost else now.get(row[place], row[place])
            if not column.may_be_empty:
                rows = [row for row in rows if row[place] is not None]
    return rows


def _gone(tables: Tables, keys: Keys) -> dict[str, set]:
    """By label: the keys outside of the seat that these rows name and nobody has any more."""
    named: dict[type[models.Model], set] = {}
    for label, table in tables.items():
        columns = {column.name: column for column in columns_of(model_of(label))}
        for place, name in enumerate(table["columns"]):
            target = columns[name].points_to if name in columns else None
            if target and target is not Seat:
                known = keys.get(target._meta.label_lower, {})
                named.setdefault(target, set()).update(
                    row[place] for row in table["rows"] if row[place] is not None and row[place] not in known
                )
    return {
        model._meta.label_lower: keys_ - set(model._base_manager.filter(pk__in=keys_).values_list("pk", flat=True))
        for model, keys_ in named.items()
        if keys_
    }


def _renamed(model: type[models.Model], row: Row, keys: Keys) -> Row:
    """An entry whose own key names a row of the seat names it by its new key."""
    if model is Entry:
        place = _place(Entry, "key")
        row[place] = NAMES.sub(lambda found: _name(found, keys), row[place])
    return row


def _name(found: re.Match, keys: Keys) -> str:
    word, key = found[1], int(found[2])
    return f"{word}:{keys.get(NAMED[word]._meta.label_lower, {}).get(key, key)}"


@cache
def _place(model: type[models.Model], name: str) -> int:
    return [column.name for column in columns_of(model)].index(name)


def _insert(model: type[models.Model], rows: list[Row]) -> None:
    columns = columns_of(model)
    write_as = WRITE[connection.vendor]
    for place, column in enumerate(columns):
        if convert := write_as.get(column.kind):
            for row in rows:
                if row[place] is not None:
                    row[place] = convert(row[place])
    names = ", ".join(f'"{column.name}"' for column in columns)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # psycopg's own door, so Django has to be told to translate what the database refuses
            with connection.wrap_database_errors, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)  # noqa: S608 (our own names)


WRITE: dict[str, dict[str, Callable]] = {
    "postgresql": {"bytes": base64.b64decode, "json": json.dumps},
    "sqlite": {"bytes": base64.b64decode, "json": json.dumps, "moment": lambda text: text.removesuffix("+00:00")},
}


def _merge(table: dict[str, list], keys: dict[int, int]) -> None:
    key, into, on = (table["columns"].index(name) for name in ("id", *LATER))
    merged = [(keys[row[into]], row[on], keys[row[key]]) for row in table["rows"] if row[into] is not None]
    if merged:
        with connection.cursor() as cursor:
            cursor.executemany("UPDATE jht_membership SET merged_into_id = %s, merged_on = %s WHERE id = %s", merged)


@cache
def model_of(label: str) -> type[models.Model]:
    return apps.get_model(label)
