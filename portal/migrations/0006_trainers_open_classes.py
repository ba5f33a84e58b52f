"""The role Pelatih may open classes."""

import importlib

from django.db import migrations

roles = importlib.import_module("portal.migrations.0001_roles")
RIGHTS = {"Pelatih": {"portal": ["add_classroom", "view_classroom", "change_classroom"]}}


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
    dependencies = [("portal", "0005_classes_and_seats")]
    operations = [migrations.RunPython(widen, narrow)]
