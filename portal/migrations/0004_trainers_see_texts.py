"""Trainers see which texts came and went, and which phones are registered."""

import importlib

from django.db import migrations

roles = importlib.import_module("portal.migrations.0001_roles")

RIGHTS = {"Pelatih": {"accounts": ["view_textmessage"], "portal": ["view_smsregistration"]}}


def widen(apps, schema_editor):
    roles.give(RIGHTS, apps, schema_editor.connection.alias)


def narrow(apps, schema_editor):
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    alias = schema_editor.connection.alias
    for name, rights in RIGHTS.items():
        group = Group.objects.using(alias).filter(name=name).first()
        if group:
            names = [codename for codenames in rights.values() for codename in codenames]
            group.permissions.remove(*Permission.objects.using(alias).filter(codename__in=names))


class Migration(migrations.Migration):
    dependencies = [("portal", "0003_sms_registration"), ("accounts", "0003_texts")]
    operations = [migrations.RunPython(widen, narrow)]
