"""Questions of the ORM whose SQL is written once and then asked on every page of a seat.

As accounts/prepared.py, for whole rows: having the ORM write its seat, its faults and its run anew cost a seat's page
more than the page itself (docs/decisions/0006-hot-sql.md).
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

Row = TypeVar("Row", bound=Model)
SAMPLES: dict[type, list] = {  # values that stand in no question by themselves
    int: [2_000_000_011, 2_000_000_012, 2_000_000_013],
    str: ["contoh-11", "contoh-12", "contoh-13"],
    datetime: [datetime(2001, 1, day, tzinfo=UTC) for day in (11, 12, 13)],
}


class Asked(Generic[Row]):
    """`question(*values)` is a queryset of whole rows; `kinds` are the types of its values, in their order.

    The question is written once for each engine, with samples in the place of the values.
    """

    def __init__(self, question: Callable[..., QuerySet[Row]], *kinds: type):
        self.question = question
        self.samples = [SAMPLES[kind][kinds[:place].count(kind)] for place, kind in enumerate(kinds)]
        self.written: dict[str, tuple] = {}

    def rows(self, *values: Any) -> list[Row]:
        sql, parameters, convert, build = self.written.get(connection.vendor) or self._write()
        given = [_adapted(value) for value in values]
        with connection.cursor() as cursor:
            cursor.execute(sql, [given[place] if is_value else place for is_value, place in parameters])
            found = cursor.fetchall()
        return [build(convert(list(row))) for row in found]

    def first(self, *values: Any) -> Row | None:
        found = self.rows(*values)
        return found[0] if found else None

    def _write(self) -> tuple:
        compiler = self.question(*self.samples).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        samples = [_adapted(sample) for sample in self.samples]
        places = [(True, samples.index(one)) if one in samples else (False, one) for one in parameters]
        converters = list(compiler.get_converters([column for column, _, _ in compiler.select]).items())
        written = sql, places, lambda row: _converted(row, converters), _builder(compiler)
        self.written[connection.vendor] = written
        return written


def _adapted(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def _converted(row: list, converters: list) -> list:
    for place, (functions, expression) in converters:
        for convert in functions:
            row[place] = convert(row[place], expression, connection)
    return row


def _builder(compiler) -> Callable[[list], Any]:
    """As django.db.models.query.ModelIterable makes its rows."""
    about, select = compiler.klass_info, compiler.select
    model, columns = about["model"], about["select_fields"]
    begin, end = columns[0], columns[-1] + 1
    names = [column[0].target.attname for column in select[begin:end]]
    related = get_related_populators(about, select, connection.alias)

    def build(row: list) -> Any:
        made = model.from_db(connection.alias, names, row[begin:end])
        for one in related:
            one.populate(row, made)
        return made

    return build
