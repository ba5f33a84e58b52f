"""SQLite remakes a table to change it and forgets its triggers: the guards leave before, and 0005 puts them back."""

import importlib

from django.db import migrations

guards = importlib.import_module("jht.migrations.0002_ledger_guards")


class Migration(migrations.Migration):
    dependencies = [("jht", "0002_ledger_guards")]
    operations = [
        migrations.RunPython(
            guards.run({"sqlite": guards.SQLITE_BACK, "postgresql": guards.POSTGRES_BACK}),
            guards.run({"sqlite": guards.SQLITE, "postgresql": guards.POSTGRES}),
        )
    ]
