"""Two indexes of the ledger without the rows that have nothing there: a return comes from no contribution and, from a
command, from nobody's hand. They keep deletions of what is referred to quick; a million returns need not write them.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

COLUMNS = (["contribution_id"], ["recorded_by_id"])


def drop_indexes(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        known = schema_editor.connection.introspection.get_constraints(cursor, "jht_entry")
    for name, about in known.items():
        if about["index"] and not about["unique"] and about["columns"] in COLUMNS:
            schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(name)}")


def make_indexes(apps, schema_editor):
    for (column,) in COLUMNS:
        schema_editor.execute(f"CREATE INDEX jht_entry_{column} ON jht_entry ({column})")


class Migration(migrations.Migration):
    dependencies = [
        ("jht", "0008_entry_guards_by_statement"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        # Altering the fields would remake the table on SQLite, and forget its triggers.
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(drop_indexes, make_indexes)],
            state_operations=[
                migrations.AlterField(
                    "entry",
                    "contribution",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="jht.contribution",
                        verbose_name="iuran",
                    ),
                ),
                migrations.AlterField(
                    "entry",
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="dicatat oleh",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            "entry",
            models.Index(
                condition=models.Q(contribution__isnull=False), fields=["contribution"], name="entry_of_contribution"
            ),
        ),
        migrations.AddIndex(
            "entry",
            models.Index(
                condition=models.Q(recorded_by__isnull=False), fields=["recorded_by"], name="entry_recorded_by"
            ),
        ),
    ]
