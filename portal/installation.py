"""What must be in place before the site is served: tables, the cache's table, collected static files."""

import hashlib
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor


def pending_migrations() -> list[str]:
    """What `migrate` would do; a database that does not answer ends the start with a sentence."""
    try:
        executor = MigrationExecutor(connection)
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise SystemExit(f"Basis data tidak dapat dihubungi. Periksa DATABASE_URL. ({reason})") from None
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def lacks_cache_table() -> bool:
    """Whether the cache is to live in the database and its table is not there yet."""
    cache = settings.CACHES["default"]
    if not cache["BACKEND"].endswith("DatabaseCache"):
        return False
    return cache["LOCATION"] not in connection.introspection.table_names()


def collect_static() -> bool:
    """Collect the static files when their sources changed since the last time; True when that was needed."""
    stamp, fingerprint = settings.DATA_DIR / "static.stamp", _fingerprint()
    if stamp.exists() and stamp.read_text() == fingerprint and (settings.STATIC_ROOT / "staticfiles.json").exists():
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(fingerprint)
    return True


def _fingerprint() -> str:
    """Changes with any of our own files, and with the version of Django for the admin's."""
    own = hashlib.sha256(f"{django.VERSION} {settings.STATIC_ROOT}".encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            source = Path(storage.path(path))
            if source.is_relative_to(settings.BASE_DIR / "portal"):
                own.update(f"{path} {source.stat().st_mtime_ns} {source.stat().st_size}".encode())
    return own.hexdigest()
