"""The door to spreadsheets for the rest of the importer: open one, offer an empty one, give one back marked."""

from jht.imports.limits import FileRefused
from jht.imports.papers import marked_copy, template
from jht.imports.tables import Table, open_table

__all__ = ["FileRefused", "Table", "marked_copy", "open_table", "template"]
