"""The clerk's desk: people, money, records. Forms and fields of its own beside them."""

from jht.admin import claims, imports, money, people, records, regulations  # noqa: F401 (they register their pages)
