"""The database itself refuses to change or delete what was booked, whoever asks.

A ledger entry goes only together with its whole invented participant, and only once that removal is written down.
Both engines say the same; the sentences are for whoever reads the database's own error.
"""

from django.db import migrations

SQLITE = [
    """
    CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON jht_entry
    BEGIN SELECT RAISE(ABORT, 'ledger entries are never changed: post a correction'); END
    """,
    """
    CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON jht_entry
    WHEN NOT EXISTS (
        SELECT 1 FROM jht_removal JOIN jht_membership ON participant_id = participant_id_was
        WHERE jht_membership.id = OLD.membership_id)
    BEGIN SELECT RAISE(ABORT, 'ledger entries are never deleted: post a correction'); END
    """,
    """
    CREATE TRIGGER entry_needs_jht BEFORE INSERT ON jht_entry
    WHEN EXISTS (SELECT 1 FROM jht_membership WHERE id = NEW.membership_id AND segment = 'JAKON')
    BEGIN SELECT RAISE(ABORT, 'construction workers have no old-age savings'); END
    """,
    """
    CREATE TRIGGER ledger_keeps_its_segment BEFORE UPDATE OF segment ON jht_membership
    WHEN NEW.segment = 'JAKON' AND EXISTS (SELECT 1 FROM jht_entry WHERE membership_id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'construction workers have no old-age savings'); END
    """,
    """
    CREATE TRIGGER credited_rate_is_fixed BEFORE UPDATE OF year, percent, credited_on ON jht_rate
    WHEN OLD.credited_on IS NOT NULL
        AND (OLD.year <> NEW.year OR OLD.percent <> NEW.percent OR NEW.credited_on IS NULL)
    BEGIN SELECT RAISE(ABORT, 'the rate of a credited year is fixed'); END
    """,
    """
    CREATE TRIGGER credited_rate_stays BEFORE DELETE ON jht_rate
    WHEN OLD.credited_on IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'the rate of a credited year is fixed'); END
    """,
]
SQLITE_BACK = [
    f"DROP TRIGGER {name}"
    for name in (
        "entry_is_never_changed",
        "entry_is_never_deleted",
        "entry_needs_jht",
        "ledger_keeps_its_segment",
        "credited_rate_is_fixed",
        "credited_rate_stays",
    )
]

POSTGRES = [
    """
    CREATE FUNCTION jht_guard_entry() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            IF EXISTS (SELECT 1 FROM jht_membership WHERE id = NEW.membership_id AND segment = 'JAKON') THEN
                RAISE EXCEPTION 'construction workers have no old-age savings' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END IF;
        IF TG_OP = 'DELETE' AND EXISTS (
            SELECT 1 FROM jht_removal JOIN jht_membership ON participant_id = participant_id_was
            WHERE jht_membership.id = OLD.membership_id) THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'ledger entries are never changed or deleted: post a correction'
            USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER entry_guard BEFORE INSERT OR UPDATE OR DELETE ON jht_entry
    FOR EACH ROW EXECUTE FUNCTION jht_guard_entry()
    """,
    """
    CREATE FUNCTION jht_guard_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'ledger entries are never deleted: post a correction'
            USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER entry_truncate_guard BEFORE TRUNCATE ON jht_entry
    FOR EACH STATEMENT EXECUTE FUNCTION jht_guard_truncate()
    """,
    """
    CREATE FUNCTION jht_guard_segment() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.segment = 'JAKON' AND EXISTS (SELECT 1 FROM jht_entry WHERE membership_id = NEW.id) THEN
            RAISE EXCEPTION 'construction workers have no old-age savings' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER segment_guard BEFORE UPDATE OF segment ON jht_membership
    FOR EACH ROW EXECUTE FUNCTION jht_guard_segment()
    """,
    """
    CREATE FUNCTION jht_guard_rate() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.credited_on IS NULL THEN
            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        END IF;
        IF TG_OP = 'UPDATE' AND OLD.year = NEW.year AND OLD.percent = NEW.percent AND NEW.credited_on IS NOT NULL THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'the rate of a credited year is fixed' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER rate_guard BEFORE UPDATE OR DELETE ON jht_rate
    FOR EACH ROW EXECUTE FUNCTION jht_guard_rate()
    """,
]
POSTGRES_BACK = [
    "DROP TRIGGER rate_guard ON jht_rate",
    "DROP FUNCTION jht_guard_rate",
    "DROP TRIGGER segment_guard ON jht_membership",
    "DROP FUNCTION jht_guard_segment",
    "DROP TRIGGER entry_truncate_guard ON jht_entry",
    "DROP FUNCTION jht_guard_truncate",
    "DROP TRIGGER entry_guard ON jht_entry",
    "DROP FUNCTION jht_guard_entry",
]


def run(statements):
    def run(apps, schema_editor):
        for statement in statements.get(schema_editor.connection.vendor, []):
            schema_editor.execute(statement, params=None)

    return run


class Migration(migrations.Migration):
    dependencies = [("jht", "0001_initial")]
    operations = [
        migrations.RunPython(
            run({"sqlite": SQLITE, "postgresql": POSTGRES}),
            run({"sqlite": SQLITE_BACK, "postgresql": POSTGRES_BACK}),
        )
    ]
