"""The role Pelatih may copy, change and take away scenarios."""

import importlib

from django.db import migrations

roles = importlib.import_module("portal.migrations.0001_roles")
RIGHTS = {"Pelatih": {"portal": [f"{act}_ownscenario" for act in ("add", "change", "delete", "view")]}}


def widen(apps, schema_editor):
    roles.give(RIGHTS, apps, schema_editor.connection.alias)


def narrow(apps, schema_editor):
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    alias = schema_editor.connection.alias
    group = Group.objects.using(alias).filter(name="Pelatih").first()
    if group:
        theirs = Permission.objects.using(alias).filter(codename__in=RIGHTS["Pelatih"]["portal"])
        group.permissions.remove(*theirs)


class Migration(migrations.Migration):
    dependencies = [("portal", "0008_clerks_of_seats")]
    operations = [migrations.RunPython(widen, narrow)]
