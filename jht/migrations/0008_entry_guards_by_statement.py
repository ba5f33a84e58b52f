"""PostgreSQL asks its two questions of new ledger entries once a statement instead of once a row.

A million entries of an import or of a credit run were two million calls of a function; now they are one join. What is
refused stays the same. SQLite has no statement triggers, and its row triggers are cheap.

And the ledger sheds two indexes that nobody asks: the one for LIKE on a key that is only ever compared whole, and the
one of the membership, with which entry_by_membership_and_day begins. Dropped by name, because changing the field would
make SQLite remake the table and forget its triggers.
"""

import importlib

import django.db.models.deletion
from django.db import migrations, models

guards = importlib.import_module("jht.migrations.0002_ledger_guards")

# The subquery with OFFSET 0 is looked up by the primary key for each new row, whatever the table's size: a plan that
# was made for a million rows must not make one entry read all memberships.
POSTGRES = [
    """
    CREATE FUNCTION jht_guard_new_entries() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE refused record;
    BEGIN
        SELECT held.segment, held.merged_into_id INTO refused
        FROM (SELECT DISTINCT membership_id FROM added) AS touched
        CROSS JOIN LATERAL (
            SELECT segment, merged_into_id FROM jht_membership WHERE id = touched.membership_id OFFSET 0) AS held
        WHERE held.segment = 'JAKON' OR held.merged_into_id IS NOT NULL
        LIMIT 1;
        IF NOT FOUND THEN
            RETURN NULL;
        ELSIF refused.segment = 'JAKON' THEN
            RAISE EXCEPTION 'construction workers have no old-age savings' USING ERRCODE = 'check_violation';
        END IF;
        RAISE EXCEPTION 'this KPJ was merged into another one: post there' USING ERRCODE = 'check_violation';
    END $$
    """,
    """
    CREATE TRIGGER new_entries_guard AFTER INSERT ON jht_entry REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION jht_guard_new_entries()
    """,
    "DROP TRIGGER entry_guard ON jht_entry",
    """
    CREATE TRIGGER entry_guard BEFORE UPDATE OR DELETE ON jht_entry
    FOR EACH ROW EXECUTE FUNCTION jht_guard_entry()
    """,
    "DROP TRIGGER entry_open_kpj_guard ON jht_entry",
]
POSTGRES_BACK = [
    """
    CREATE TRIGGER entry_open_kpj_guard BEFORE INSERT ON jht_entry
    FOR EACH ROW EXECUTE FUNCTION jht_guard_open_kpj()
    """,
    "DROP TRIGGER entry_guard ON jht_entry",
    """
    CREATE TRIGGER entry_guard BEFORE INSERT OR UPDATE OR DELETE ON jht_entry
    FOR EACH ROW EXECUTE FUNCTION jht_guard_entry()
    """,
    "DROP TRIGGER new_entries_guard ON jht_entry",
    "DROP FUNCTION jht_guard_new_entries",
]


def drop_indexes(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        known = schema_editor.connection.introspection.get_constraints(cursor, "jht_entry")
    for name, about in known.items():
        is_plain = about["index"] and not about["unique"] and about["columns"] in (["membership_id"], ["key"])
        if is_plain:
            schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(name)}")


def make_indexes(apps, schema_editor):
    schema_editor.execute("CREATE INDEX jht_entry_membership_id_2994c93d ON jht_entry (membership_id)")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute('CREATE INDEX jht_entry_key_0922cd75_like ON jht_entry ("key" varchar_pattern_ops)')


class Migration(migrations.Migration):
    dependencies = [("jht", "0006_rules_in_force")]
    operations = [
        migrations.RunPython(guards.run({"postgresql": POSTGRES}), guards.run({"postgresql": POSTGRES_BACK})),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(drop_indexes, make_indexes)],
            state_operations=[
                migrations.AlterField(
                    model_name="entry",
                    name="membership",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="jht.membership",
                        verbose_name="kepesertaan",
                    ),
                )
            ],
        ),
    ]
