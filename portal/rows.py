"""Rows as text, the same text from both engines: what a backup is made of.

One line a row in PostgreSQL's COPY format (tabs between values, \\N for nothing), ordered by key. PostgreSQL reads and
writes it itself; for SQLite it is made here, value by value, exactly: amounts with their two places, moments in UTC.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from django.db.migrations.loader import MigrationLoader
from django.db.models import Field

# Who is signed in where is not brought back: a session that was ended after the backup must stay ended.
LEFT_OUT = {"django_session", "usersessions_usersession"}
NOTHING = r"\N"
KINDS = {
    "int": (
        "AutoField", "BigAutoField", "SmallAutoField", "IntegerField", "BigIntegerField", "SmallIntegerField",
        "PositiveIntegerField", "PositiveBigIntegerField", "PositiveSmallIntegerField",
    ),
    "text": ("CharField", "TextField", "SlugField", "EmailField", "URLField", "FileField", "GenericIPAddressField"),
    "bool": ("BooleanField",),
    "date": ("DateField",),
    "moment": ("DateTimeField",),
    "decimal": ("DecimalField",),
    "json": ("JSONField",),
    "bytes": ("BinaryField",),
}  # fmt: skip
KIND_OF = {internal: kind for kind, internals in KINDS.items() for internal in internals}


@dataclass(frozen=True)
class Column:
    name: str
    kind: str
    places: int = 0  # of a decimal


@dataclass(frozen=True)
class Table:
    name: str
    columns: tuple[Column, ...]
    key: Column

    @property
    def names(self) -> str:
        return ", ".join(f'"{column.name}"' for column in self.columns)

    def query(self, collate: str = "") -> str:
        """All rows in one order that both engines agree on."""
        order = f'"{self.key.name}"{collate if self.key.kind == "text" else ""}'
        return f'SELECT {self.names} FROM "{self.name}" ORDER BY {order}'  # noqa: S608 (names of our own models)


class UnknownMigrations(Exception):
    """The database, or a backup, has migrations this program does not know: it comes from a newer one."""


def tables(migrations: set[tuple[str, str]]) -> list[Table]:
    """The tables as they are once these migrations (app, name) have run."""
    loader = MigrationLoader(None)
    apps = loader.project_state(known(loader, migrations)).apps
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    found = [_table(model) for model in models if not model._meta.proxy]
    return sorted((table for table in found if table.name not in LEFT_OUT), key=lambda table: table.name)


def known(loader: MigrationLoader, migrations: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those that run in this program; one that was merged into another by now may be missing."""
    replaced = {name for migration in loader.replacements.values() for name in migration.replaces}
    if unknown := migrations - set(loader.graph.nodes) - replaced:
        raise UnknownMigrations(sorted(unknown))
    return sorted(migrations & set(loader.graph.nodes))


def last_of_each_app(migrations: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those after which no other of the same app is among them: where to migrate to."""
    graph, chosen = MigrationLoader(None).graph, set(migrations)
    return [
        node
        for node in migrations
        if not any(child.key in chosen and child.key[0] == node[0] for child in graph.node_map[node].children)
    ]


def _table(model) -> Table:
    columns = tuple(map(_column, model._meta.concrete_fields))
    return Table(model._meta.db_table, columns, _column(model._meta.pk))


def _column(field: Field) -> Column:
    origin = field
    while origin.remote_field:
        origin = origin.target_field
    return Column(field.column, KIND_OF[origin.get_internal_type()], getattr(origin, "decimal_places", None) or 0)


# --- One line ------------------------------------------------------------------------------------------------

ESCAPES = {"\\": r"\\", "\b": r"\b", "\f": r"\f", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\v": r"\v"}
ESCAPE = str.maketrans(ESCAPES)
PLAIN = {escaped[1]: plain for plain, escaped in ESCAPES.items()}


def line(columns: tuple[Column, ...], values) -> bytes:
    """A row of SQLite as a line."""
    texts = (NOTHING if value is None else _text(column, value) for column, value in zip(columns, values, strict=True))
    return ("\t".join(texts) + "\n").encode()


def values(columns: tuple[Column, ...], text: bytes) -> list:
    """A line as the row that SQLite keeps."""
    texts = text.decode().removesuffix("\n").split("\t")
    return [None if text == NOTHING else _value(column, text) for column, text in zip(columns, texts, strict=True)]


def _text(column: Column, value) -> str:
    match column.kind:
        case "int" | "date":
            return str(value)
        case "bool":
            return "t" if value else "f"
        case "decimal":
            return f"{Decimal(value):.{column.places}f}"  # the double next to a number with these places is that number
        case "moment":
            return _moment(datetime.fromisoformat(value))
        case "bytes":
            return rf"\\x{bytes(value).hex()}"
        case "json":
            return jsonb(json.loads(value, parse_float=Decimal)).translate(ESCAPE)
        case _:
            return str(value).translate(ESCAPE)


def _value(column: Column, text: str):
    match column.kind:
        case "int":
            return int(text)
        case "date":
            return text
        case "bool":
            return int(text == "t")
        case "decimal":
            return text  # the column makes it a number
        case "moment":
            return str(datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None))
        case "bytes":
            return bytes.fromhex(text[3:])
        case _:
            return re.sub(r"\\(.)", lambda found: PLAIN[found[1]], text, flags=re.DOTALL) if "\\" in text else text


def _moment(at: datetime) -> str:
    """As PostgreSQL writes a moment in UTC: no zeros at the end of the fraction."""
    if at.tzinfo:
        at = at.astimezone(UTC)
    fraction = f".{at.microsecond:06}".rstrip("0").rstrip(".")
    return f"{at:%Y-%m-%d %H:%M:%S}{fraction}+00"


def jsonb(value) -> str:
    """JSON as PostgreSQL's jsonb writes it: shorter names first, then by their bytes."""
    if isinstance(value, dict):
        pairs = sorted(value.items(), key=lambda pair: (len(pair[0].encode()), pair[0].encode()))
        return "{" + ", ".join(f"{jsonb(name)}: {jsonb(one)}" for name, one in pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(jsonb, value)) + "]"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return json.dumps(value, ensure_ascii=False)


def lines_of(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Whole lines from pieces of any size."""
    rest = b""
    for piece in pieces:
        whole, found, after = piece.rpartition(b"\n")
        if found:
            yield from (rest + whole).split(b"\n")
            rest = after
        else:
            rest += piece
