"""What the roles may do with claims, merges, files, rules and the trail."""

import importlib

from django.db import migrations

roles = importlib.import_module("portal.migrations.0001_roles")

CLERK = {
    "jht": [
        *(f"{act}_{what}" for act in ("view", "change") for what in ("claim", "mergerequest")),
        *(f"view_{what}" for what in ("claimstep", "claimdocument", "figure", "regulation", "reasonrule")),
        "add_importjob",
        "view_importjob",
        "view_auditrecord",
    ]
}
TRAINER = {
    "jht": [
        *CLERK["jht"],
        *(f"{act}_{what}" for act in ("add", "change") for what in ("figure", "regulation", "reasonrule")),
    ]
}
RIGHTS = {"Petugas": CLERK, "Pelatih": TRAINER}


def widen(apps, schema_editor):
    roles.give(RIGHTS, apps, schema_editor.connection.alias)


def narrow(apps, schema_editor):
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    alias = schema_editor.connection.alias
    for name, rights in RIGHTS.items():
        group = Group.objects.using(alias).filter(name=name).first()
        if group:
            group.permissions.remove(*Permission.objects.using(alias).filter(codename__in=rights["jht"]))


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_roles"), ("jht", "0005_guards")]
    operations = [migrations.RunPython(widen, narrow)]
