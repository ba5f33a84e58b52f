import sqlite3
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from portal import backup


class Command(BaseCommand):
    help = "Write everything people entered to FILE, while they go on writing. Restore it with `restore`."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options):
        try:
            contents = backup.make(file, timezone.localtime())
        except backup.Refused as reason:
            raise CommandError(str(reason)) from reason
        except (DatabaseError, sqlite3.DatabaseError) as error:
            reason = str(error).strip().partition("\n")[0]
            raise CommandError(
                f"Basis data belum ada atau tidak dapat dibaca. Periksa setelannya. ({reason})"
            ) from error
        rows = sum(table["rows"] for table in contents["tables"])
        self.stdout.write(f"Cadangan {file} selesai: {len(contents['tables'])} tabel, {rows} baris.")
