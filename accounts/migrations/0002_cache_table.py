"""The table of the database cache, so that `migrate` alone makes a working site."""

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.db import BaseDatabaseCache
from django.core.management import call_command
from django.db import migrations


def create(apps, schema_editor):
    for alias in settings.CACHES:
        if isinstance(caches[alias], BaseDatabaseCache):
            call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)
            return


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
