"""What the desk starts for each uploaded file; people use import_data."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from jht.imports import jobs


class Command(BaseCommand):
    help = "Rehearse or write one uploaded file. Started by the desk."

    def add_arguments(self, parser):
        parser.add_argument("pk", type=int)

    def handle(self, *, pk: int, **options):
        jobs.limit_resources()
        jobs.wait_for_writers()
        try:
            jobs.run(pk)
        finally:
            jobs.start_waiting(timezone.now())
