"""A hint that the trainer gives: the next one of the step somebody is on, or words of the trainer's own."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from portal.training.models import Message, Run, Seat
from portal.training.runs import running
from portal.training.runs.judging import FROM_TRAINER
from portal.training.runs.recording import record
from portal.training.scripts import values
from portal.training.steering import telling


class NoHint(Exception):
    """There is none to give; the reason and what to do, in Indonesian."""


@transaction.atomic
def give(seat: Seat, own: str, now: datetime, by: AbstractBaseUser) -> Message:
    """Sent to the seat and kept among what was seen, so that the debrief counts it. It costs no points.

    The next hint of the step, unless `own` words are given.
    """
    Seat.objects.select_for_update(no_key=True).get(pk=seat.pk)  # two taps at once give two hints
    run = running.open_run(seat, now)
    if run is None and not own:
        raise NoHint(f"Kursi {seat.number} tidak sedang berlatih, jadi belum ada petunjuknya. Kirim pesan saja.")
    if run and run.mode == Run.Mode.TEST:
        raise NoHint(f"Kursi {seat.number} sedang Uji, dan Uji berjalan tanpa petunjuk.")
    if run:
        result = running.progress(run, now)
        current = result.current if result else None
        if own:
            step = current.step.code if current else ""
            record(seat, "petunjuk", detail={"langkah": step, "dari": FROM_TRAINER}, now=now)
        elif result is None or current is None or len(current.hints) >= len(current.step.hints):
            raise NoHint(f"Semua petunjuk langkah ini sudah diberikan di kursi {seat.number}. Tulis kata Anda sendiri.")
        else:
            own = values.fill(running.hint(run, by_trainer=True), seat, result.scenario.role, now)
    return telling.tell(seat.classroom, seat, own, now, by, Message.Kind.HINT)
