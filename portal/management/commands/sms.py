"""Text to 2757 from a terminal: `manage.py sms 0849123456001 "SALDO 49000000011"`."""

import sys

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.phones import is_training, normal
from portal.sms.inbox import receive
from portal.sms.language import length


class Command(BaseCommand):
    help = "Send a text to 2757 and print the answer. Without a text, every line of the input is one."

    def add_arguments(self, parser):
        parser.add_argument("phone", help="nomor latihan, 0849…")
        parser.add_argument("text", nargs="?")

    def handle(self, *, phone: str, text: str | None, **options):
        number = normal(phone)
        if not is_training(number):
            raise CommandError("Nomor ini bukan nomor latihan. Pakai nomor yang berawalan 0849.")
        for line in [text] if text is not None else sys.stdin:
            now = timezone.now()
            reply = receive(number, line.rstrip("\n"), now, timezone.localdate(now))
            self.stdout.write(f"{reply}  [{length(reply).parts} SMS]")
