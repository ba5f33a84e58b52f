"""A question of the ORM whose SQL is written once and then asked again and again.

Session and user are read on every page, and having the ORM write the same two statements anew each time cost more than
half of a page without content (docs/decisions/0006-hot-sql.md).
"""

from collections.abc import Callable
from functools import cached_property

from django.db import connection
from django.db.models import QuerySet


class Prepared:
    """`question()` is a queryset filtered by as many values as `ask` will get, in the same order.

    One `filter` for each value: Django sorts the keywords inside one. The values go to the database as they are:
    strings and numbers, or what `connection.ops` adapts.
    """

    def __init__(self, question: Callable[[], QuerySet]):
        self.question = question

    @cached_property
    def _written(self) -> tuple[str, list]:
        compiler = self.question().query.get_compiler(connection=connection)
        sql, _ = compiler.as_sql()
        converters = compiler.get_converters([expression for expression, _, _ in compiler.select])
        return sql, list(converters.items())

    def ask(self, *values: str | int) -> list | None:
        """The columns of the first row, as Python values; None without one."""
        sql, converters = self._written
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            found = cursor.fetchone()
        if found is None:
            return None
        row = list(found)
        for place, (functions, expression) in converters:
            for convert in functions:
                row[place] = convert(row[place], expression, connection)
        return row
