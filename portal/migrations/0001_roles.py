"""The two roles of the desk: Petugas (data) and Pelatih (data and what only a trainer does)."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

CLERK = {
    "jht": [
        *(
            f"{act}_{what}"
            for act in ("add", "change", "view")
            for what in ("participant", "employer", "membership", "rate")
        ),
        *(f"{act}_{what}" for act in ("add", "view") for what in ("contribution", "entry")),
        "view_linkattempt",
        "view_removal",
    ],
    "admin": ["view_logentry"],
}
TRAINER = {
    "jht": [*CLERK["jht"], "add_removal"],
    "admin": CLERK["admin"],
    "accounts": ["view_user", "change_user", "view_outboxmessage"],
}
ROLES = {"Petugas": CLERK, "Pelatih": TRAINER}


def make_roles(apps, schema_editor):
    give(ROLES, apps, schema_editor.connection.alias)


def give(roles: dict[str, dict[str, list[str]]], apps, alias: str) -> None:
    """Add these permissions (role, app, code names) to the roles, which are made where they are missing."""
    for label in {label for rights in roles.values() for label in rights}:
        # Django makes permissions only after the last migration
        create_permissions(installed.get_app_config(label), verbosity=0, using=alias, apps=apps)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, rights in roles.items():
        group, _ = Group.objects.using(alias).get_or_create(name=name)
        for label, codenames in rights.items():
            found = Permission.objects.using(alias).filter(content_type__app_label=label, codename__in=codenames)
            if len(found) != len(set(codenames)):
                raise RuntimeError(
                    f"Permissions of {label} are missing: {set(codenames) - {p.codename for p in found}}"
                )
            group.permissions.add(*found)


def remove_roles(apps, schema_editor):
    apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias).filter(name__in=ROLES).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("jht", "0002_ledger_guards"),
    ]
    operations = [migrations.RunPython(make_roles, remove_roles)]
