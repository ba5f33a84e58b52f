"""The guards of 0002 again, and new ones: what was told in a trail or a claim stays, a merged KPJ takes no more money."""

import importlib

from django.db import migrations

guards = importlib.import_module("jht.migrations.0002_ledger_guards")

REMOVED = """
    SELECT 1 FROM jht_removal
    JOIN jht_membership ON jht_membership.participant_id = jht_removal.participant_id_was
    JOIN jht_claim ON jht_claim.membership_id = jht_membership.id
    WHERE jht_claim.id = OLD.claim_id
"""

SQLITE = [
    """
    CREATE TRIGGER entry_needs_open_kpj BEFORE INSERT ON jht_entry
    WHEN EXISTS (SELECT 1 FROM jht_membership WHERE id = NEW.membership_id AND merged_into_id IS NOT NULL)
    BEGIN SELECT RAISE(ABORT, 'this KPJ was merged into another one: post there'); END
    """,
    """
    CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON jht_auditrecord
    BEGIN SELECT RAISE(ABORT, 'the trail is never changed'); END
    """,
    """
    CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON jht_auditrecord
    BEGIN SELECT RAISE(ABORT, 'the trail is never deleted'); END
    """,
    """
    CREATE TRIGGER claim_step_is_never_changed BEFORE UPDATE OF claim_id, at, status, message ON jht_claimstep
    BEGIN SELECT RAISE(ABORT, 'a step of a claim is never changed'); END
    """,
    f"""
    CREATE TRIGGER claim_step_is_never_deleted BEFORE DELETE ON jht_claimstep
    WHEN NOT EXISTS ({REMOVED})
    BEGIN SELECT RAISE(ABORT, 'a step of a claim is never deleted'); END
    """,
]
SQLITE_BACK = [
    f"DROP TRIGGER {name}"
    for name in (
        "entry_needs_open_kpj",
        "audit_is_never_changed",
        "audit_is_never_deleted",
        "claim_step_is_never_changed",
        "claim_step_is_never_deleted",
    )
]

POSTGRES = [
    """
    CREATE FUNCTION jht_guard_open_kpj() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM jht_membership WHERE id = NEW.membership_id AND merged_into_id IS NOT NULL) THEN
            RAISE EXCEPTION 'this KPJ was merged into another one: post there' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER entry_open_kpj_guard BEFORE INSERT ON jht_entry
    FOR EACH ROW EXECUTE FUNCTION jht_guard_open_kpj()
    """,
    """
    CREATE FUNCTION jht_guard_audit() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the trail is never changed or deleted' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER audit_guard BEFORE UPDATE OR DELETE ON jht_auditrecord
    FOR EACH ROW EXECUTE FUNCTION jht_guard_audit()
    """,
    """
    CREATE TRIGGER audit_truncate_guard BEFORE TRUNCATE ON jht_auditrecord
    FOR EACH STATEMENT EXECUTE FUNCTION jht_guard_audit()
    """,
    f"""
    CREATE FUNCTION jht_guard_claim_step() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND EXISTS ({REMOVED}) THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'a step of a claim is never changed or deleted'
            USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER claim_step_guard BEFORE UPDATE OF claim_id, at, status, message OR DELETE ON jht_claimstep
    FOR EACH ROW EXECUTE FUNCTION jht_guard_claim_step()
    """,
]
POSTGRES_BACK = [
    "DROP TRIGGER claim_step_guard ON jht_claimstep",
    "DROP FUNCTION jht_guard_claim_step",
    "DROP TRIGGER audit_truncate_guard ON jht_auditrecord",
    "DROP TRIGGER audit_guard ON jht_auditrecord",
    "DROP FUNCTION jht_guard_audit",
    "DROP TRIGGER entry_open_kpj_guard ON jht_entry",
    "DROP FUNCTION jht_guard_open_kpj",
]


class Migration(migrations.Migration):
    dependencies = [("jht", "0004_claims_and_regulations")]
    operations = [
        migrations.RunPython(
            guards.run({"sqlite": [*guards.SQLITE, *SQLITE], "postgresql": [*guards.POSTGRES, *POSTGRES]}),
            guards.run(
                {
                    "sqlite": [*SQLITE_BACK, *guards.SQLITE_BACK],
                    "postgresql": [*POSTGRES_BACK, *guards.POSTGRES_BACK],
                }
            ),
        )
    ]
