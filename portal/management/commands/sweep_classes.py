from django.core.management.base import BaseCommand
from django.utils import timezone

from portal.training.seats import seating


class Command(BaseCommand):
    help = "Remove the classes that ended long enough ago, with everything invented for them. Safe to run twice."

    def handle(self, **options):
        self.stdout.write(f"Kelas yang dihapus: {seating.sweep(timezone.now())}.")
