from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils import timezone

from portal import backup, restore


class Command(BaseCommand):
    help = "Bring back what FILE (made by `backup`) holds, all or nothing. Stop the server first."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="also when the database has people in it")

    def handle(self, *, file: Path, replace: bool, **options):
        try:
            contents, kept = restore.bring_back(file, replace=replace, at=timezone.localtime())
        except backup.Refused as reason:
            raise CommandError(str(reason)) from reason
        except OperationalError as error:
            raise CommandError(f"Basis data tidak dapat dihubungi atau ditulis. ({str(error).strip()})") from error
        rows = sum(table["rows"] for table in contents["tables"])
        self.stdout.write(f"{rows} baris dipulihkan dari cadangan {contents['made_at'][:16].replace('T', ' ')}.")
        if kept:
            self.stdout.write(f"Basis data yang lama disimpan: {kept}")
        self.stdout.write("Semua orang perlu login lagi.")
