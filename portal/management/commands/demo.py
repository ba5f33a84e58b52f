import io
import os

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from portal import demo, installation, launch, server

SUFFIXES = ("", "-wal", "-shm", "-journal")  # what SQLite lays beside its file


class Command(BaseCommand):
    help = "Everything for a training room: tables, invented people, server. Safe to run again; data is kept."

    def add_arguments(self, parser: CommandParser):
        launch.add_arguments(parser, os.environ)
        parser.add_argument("--fresh", action="store_true", default=os.environ.get("FRESH") == "1", help="mulai baru")

    def handle(self, *, host: str, port: str, fresh: bool, **options):
        if not settings.DEMO:
            raise SystemExit("Perintah demo hanya dapat dijalankan lewat manage.py.")
        try:
            bound = server.listen(host, port)
            if fresh:
                self.begin_anew()
            self.prepare()
            self.welcome(host, port)
            server.serve(bound, settings.WORKERS)
        except server.CannotListen as reason:
            raise SystemExit(str(reason)) from None

    def begin_anew(self):
        """Delete our own database file, and nothing else."""
        database = settings.DATA_DIR / "portal.sqlite3"
        if connection.vendor != "sqlite" or str(connection.settings_dict["NAME"]) != str(database):
            raise SystemExit("FRESH=1 hanya menghapus basis data bawaan (SQLite), bukan milik DATABASE_URL.")
        connection.close()
        self.stdout.write(f"FRESH=1: data latihan lama dihapus ({database}).")
        for suffix in SUFFIXES:
            database.with_name(database.name + suffix).unlink(missing_ok=True)

    def prepare(self):
        """Only what is missing, so that the second start is quick."""
        if installation.pending_migrations():
            self.stdout.write("Menyiapkan basis data …")
            call_command("migrate", verbosity=0, interactive=False)
        if installation.lacks_cache_table():
            call_command("createcachetable", verbosity=0)
        installation.collect_static()
        if not get_user_model().objects.filter(email__in=[card.email for card in demo.login_cards()]).exists():
            self.stdout.write("Mengundang orang-orang rekaan …")
        call_command("seed", stdout=io.StringIO())
        call_command("sweep_classes", stdout=io.StringIO())

    def welcome(self, host: str, port: str):
        own = "localhost" if host in (*launch.ALL, *launch.LOOPBACK) else host
        lines = ["", "Portal Latih siap. SIMULASI, bukan situs resmi.", "", f"  Di komputer ini   http://{own}:{port}/"]
        room = launch.lan_addresses() if host in launch.ALL else []
        lines += [f"  Di ruangan ini    http://{address}:{port}/" for address in room]
        lines += ["", "  Login:"]
        for role, title in (("participant", "Peserta"), ("clerk", "Petugas"), ("trainer", "Pelatih")):
            card = next(card for card in demo.login_cards() if card.role == role)
            lines.append(f"  {title:<9} {card.email:<30} {card.password}")
        lines += ["", "  Berhenti: Ctrl+C", ""]
        self.stdout.write("\n".join(lines))
        if room:
            self.show_qr(f"http://{room[0]}:{port}/")
        elif host in launch.ALL:
            self.stdout.write("Komputer ini tidak terhubung ke jaringan. Sambungkan ke Wi-Fi kelas, lalu ulangi.")
        self.stdout.flush()

    def show_qr(self, address: str):
        import segno

        self.stdout.write(f"Pindai dengan ponsel untuk membuka {address}")
        drawing = io.StringIO()
        segno.make(address, error="l").terminal(drawing, compact=True, border=2)
        self.stdout.write(drawing.getvalue())
