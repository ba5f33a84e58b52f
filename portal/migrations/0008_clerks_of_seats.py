"""The role Petugas kelas: the desk for one seat of a class. As Petugas, without what all seats share."""

import importlib

from django.db import migrations

roles = importlib.import_module("portal.migrations.0001_roles")
RIGHTS = {
    "Petugas kelas": {
        "jht": [
            *(
                f"{act}_{what}"
                for act in ("add", "change", "view")
                for what in ("participant", "employer", "membership")
            ),
            *(f"{act}_{what}" for act in ("add", "view") for what in ("contribution", "entry", "importjob")),
            *(f"{act}_{what}" for act in ("view", "change") for what in ("claim", "mergerequest")),
            *(f"view_{what}" for what in ("claimstep", "claimdocument", "auditrecord")),
        ],
        "portal": ["clerk_of_seat"],
    }
}


def give(apps, schema_editor):
    roles.give(RIGHTS, apps, schema_editor.connection.alias)


def take(apps, schema_editor):
    alias = schema_editor.connection.alias
    apps.get_model("auth", "Group").objects.using(alias).filter(name__in=RIGHTS).delete()


class Migration(migrations.Migration):
    dependencies = [("portal", "0007_runs_faults_and_snapshots"), ("jht", "0013_passports_and_unadded")]
    operations = [
        migrations.AlterModelOptions(
            "seat",
            {
                "ordering": ["number"],
                "permissions": [("clerk_of_seat", "Bekerja di meja hanya dengan data satu kursi")],
                "verbose_name": "kursi",
                "verbose_name_plural": "kursi",
            },
        ),
        migrations.RunPython(give, take),
    ]
