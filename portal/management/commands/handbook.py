"""Write the generated parts of docs/pelatih.md and docs/skenario.md anew, or say which of them are out of date."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.training.scripts import handbook, scenario_book

HANDBOOK = settings.BASE_DIR / "docs" / "pelatih.md"
BOOKS = {HANDBOOK: handbook.PARTS, settings.BASE_DIR / "docs" / "skenario.md": scenario_book.PARTS}


class Command(BaseCommand):
    help = "Tulis ulang bagian docs/pelatih.md yang dihasilkan dari data: latihan, gangguan, telepon, jam, orang."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="hanya periksa; gagal bila ada bagian yang usang")
        parser.add_argument("--file", type=Path, help="hanya berkas ini, ditulis seperti docs/pelatih.md")

    def handle(self, *, check: bool, file: Path | None, **options):
        books = {file: handbook.PARTS} if file else BOOKS
        try:
            old = {path: handbook.stale(path.read_text("utf-8"), parts) for path, parts in books.items()}
        except handbook.Unmarked as fault:
            raise CommandError(str(fault)) from None
        named = ", ".join(name for names in old.values() for name in names)
        if check and named:
            raise CommandError(f"Bagian yang usang: {named}. Jalankan: manage.py handbook")
        for path, names in old.items():
            if names:
                path.write_text(handbook.renewed(path.read_text("utf-8"), books[path]), "utf-8")
        self.stdout.write(f"Ditulis ulang: {named}." if named else "Buku pelatih sudah sesuai.")
