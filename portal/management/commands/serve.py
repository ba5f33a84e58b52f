import os

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from portal import installation, launch, server


class Command(BaseCommand):
    help = "Serve the site (HOST, PORT, WORKERS). Stops at once, with a sentence, when something is not in place."

    requires_system_checks = []  # handle() runs them all, with those for production

    def add_arguments(self, parser):
        launch.add_arguments(parser, os.environ)

    def handle(self, *, host: str, port: str, **options):
        call_command("check", deploy=not settings.DEMO, fail_level="ERROR", stdout=self.stderr)
        if pending := installation.pending_migrations():
            raise SystemExit(f"Basis data belum siap ({len(pending)} migrasi). Jalankan: python manage.py migrate")
        if installation.lacks_cache_table():
            raise SystemExit("Tabel cache belum ada. Jalankan: python manage.py createcachetable")
        installation.collect_static()
        try:
            server.serve(server.listen(host, port), settings.WORKERS)
        except server.CannotListen as reason:
            raise SystemExit(str(reason)) from None
