"""What Django's own log of the desk knew becomes part of the one trail. Nothing is lost, and the old rows stay."""

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db import migrations

ACTS = {1: "entered", 2: "changed", 3: "removed"}
WHOSE = {
    "participant": "pk",
    "membership": "participant_id",
    "mergerequest": "participant_id",
    "contribution": "membership__participant_id",
    "entry": "membership__participant_id",
    "claim": "membership__participant_id",
}
BATCH = 1_000


def copy(apps, schema_editor):
    """In the order in which it happened. What was copied before is left alone: the trail cannot be taken back."""
    alias = schema_editor.connection.alias
    Log, Audit = apps.get_model("admin", "LogEntry"), apps.get_model("jht", "AuditRecord")
    logged = Log.objects.using(alias).select_related("content_type", "user").order_by("pk")
    known = set()
    if latest := logged.last():
        before = Audit.objects.using(alias).filter(at__lte=latest.action_time)
        known = set(before.values_list("at", "actor_id", "act", "key"))
    rows = [row for row in logged.iterator(BATCH) if (row.action_time, row.user_id, *_act_and_key(row)) not in known]
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        whose = _whose(apps, alias, batch)
        Audit.objects.using(alias).bulk_create(_record(Audit, row, _model(apps, row), whose) for row in batch)


def _act_and_key(row):
    return ACTS[row.action_flag], (row.object_id or "")[:40]


def _model(apps, row):
    """The model a row is about, as it was at this point of the migrations; None where it is gone."""
    kind = row.content_type
    try:
        return kind and apps.get_model(kind.app_label, kind.model)
    except LookupError:
        return None


def _whose(apps, alias, batch):
    """By kind and number of the row: the participant it belongs to, where it still stands."""
    numbers = {}
    for row in batch:
        kind = row.content_type
        if kind and kind.app_label == "jht" and kind.model in WHOSE and (row.object_id or "").isdecimal():
            numbers.setdefault(kind.model, set()).add(int(row.object_id))
    found = {}
    for kind, keys in numbers.items():
        rows = apps.get_model("jht", kind).objects.using(alias).filter(pk__in=keys)
        found |= {(kind, str(pk)): participant for pk, participant in rows.values_list("pk", WHOSE[kind])}
    return found


def _record(Audit, row, model, whose):
    act, key = _act_and_key(row)
    kind = row.content_type.model if row.content_type else ""
    gone = int(key) if kind == "participant" and key.isdecimal() else None
    return Audit(
        at=row.action_time,
        actor_id=row.user_id,
        actor_name=row.user.email,
        act=act,
        what=str(model._meta.verbose_name)[:60] if model else kind[:60],
        key=key,
        label=row.object_repr[:200],
        participant_id_was=whose.get((kind, key), gone),
        told=LogEntry(change_message=row.change_message, action_flag=row.action_flag).get_change_message()[:500],
    )


class Migration(migrations.Migration):
    dependencies = [
        ("jht", "0011_smaller_indexes"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [migrations.RunPython(copy, migrations.RunPython.noop)]
