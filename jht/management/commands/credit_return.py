"""Book the yearly return."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from jht import actions


class Command(BaseCommand):
    help = "Book the return of one year for every membership. Safe to run twice."

    def add_arguments(self, parser):
        parser.add_argument("year", type=int)

    def handle(self, *, year: int, **options):
        try:
            booked = actions.credit_return(year, on=timezone.localdate())
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(f"Hasil pengembangan {year}: {booked} kepesertaan.")
