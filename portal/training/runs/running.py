"""A run through a scenario on a seat: begun, hinted, answered, stopped, and how it stands."""

from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import OutboxMessage
from accounts.phones import phones_of
from accounts.texts import send_text
from portal.training.models import Event, Fault, Run, Seat
from portal.training.runs.judging import ALONE, FROM_TRAINER, Result, reckon
from portal.training.runs.recording import acts_of, finish, open_run, record, scenario_of
from portal.training.scripts import library, values
from portal.training.scripts.scenario import Action, Scenario
from portal.training.seats import clock, seating
from portal.training.seats.seating import today_of
from portal.training.trouble import faults

__all__ = ["answer", "bait_of", "hint", "open_run", "progress", "scenario_of", "start", "stop"]

Mode = Run.Mode
BAIT_SALT = "portal.training.bait"
SUBJECT_MARK = "[SIMULASI] "
UNTOUCHED = ("buka", "mulai", "selesai", "petunjuk", "jawab", "gangguan")  # acts that leave a seat as it was made


# --- Beginning and ending ------------------------------------------------------------------------------------
def start(seat: Seat, scenario: Scenario, mode: str, now: datetime) -> Run:
    """Begin this scenario on the seat, which is put back to its first state unless nothing was done on it.

    Whatever was being exercised ends. Whoever is signed in must be signed out by the caller: the accounts are new.
    """
    if running := open_run(seat, now):
        stop(running, now)
    if not _is_untouched(seat):
        seating.reset([seat], now, None)
        seat.refresh_from_db()
    with transaction.atomic():
        Seat.objects.select_for_update().get(pk=seat.pk)  # a double click begins one run
        run = Run.objects.open().filter(seat=seat).first()
        if run is None:
            run = Run.objects.create(
                seat=seat,
                scenario=scenario.slug,
                text=library.text_of(scenario.slug) or "",
                mode=mode,
                started_at=now,
                day=today_of(seat, now),
                deadline_at=now + timedelta(minutes=scenario.minutes) if mode == Mode.TEST else None,
            )
            seat._run = run
            for action in scenario.setup:
                _prepare(run, scenario, action, now)
            Run.objects.filter(pk=run.pk).update(day=today_of(seat, now))
            run.day = today_of(seat, now)
            record(seat, "mulai", detail={"cara": mode}, now=now)
    seat._run = run
    return run


def stop(run: Run, now: datetime | None = None) -> None:
    """Before its last step."""
    finish(run, Run.Outcome.STOPPED, now or timezone.now())


def _is_untouched(seat: Seat) -> bool:
    """Whether the seat is as it was made: its clock as the class has it, and nothing sent since the last beginning."""
    if seat.days_ahead:
        return False
    done = Event.objects.filter(seat=seat).exclude(act__in=UNTOUCHED)
    return not done.exists() and not Run.objects.filter(seat=seat).exists()


def _prepare(run: Run, scenario: Scenario, action: Action, now: datetime) -> None:
    """One line of `awal`."""
    seat, told = run.seat, action.argument
    if action.verb == "jam":
        clock.turn(seat, told, today_of(seat, now), seat.made_on or today_of(seat, now))
    elif action.verb == "gangguan":
        faults.throw(seat.classroom, seat, told, Fault.Source.SCENARIO, None, now)
    elif action.verb == "surat":
        _send_mail(run, scenario, told, now)
    elif action.verb == "sms":
        text = values.fill(told["isi"], seat, scenario.role, now)
        send_text(phones_of(seat.inbox_key)[0].number, f"Dari nomor tidak dikenal: {text}", now + seat.clock_offset)


def _send_mail(run: Run, scenario: Scenario, told, now: datetime) -> None:
    """A mail of the scenario into the seat's mailbox; the words of `umpan` become a link that is watched."""
    seat = run.seat
    body = values.fill(told["isi"], seat, scenario.role, now)
    if words := told.get("umpan"):
        body += f"\n\n[{words}]({reverse('bait', args=[signing.dumps([seat.pk, run.pk], salt=BAIT_SALT)])})\n"
    OutboxMessage.objects.create(
        to=values.fill("{email}", seat, scenario.role, now),
        subject=(SUBJECT_MARK + values.fill(told["perihal"], seat, scenario.role, now))[:200],
        body=body,
        inbox_key=seat.inbox_key,
        created_at=now + seat.clock_offset,
    )


def bait_of(token: str, seat: Seat) -> bool:
    """Whether this is the address of a phishing page that was sent to this very seat."""
    try:
        owner, _ = signing.loads(token, salt=BAIT_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return False
    return owner == seat.pk


# --- On the way ----------------------------------------------------------------------------------------------
def progress(run: Run, now: datetime | None = None) -> Result | None:
    """How the run stands. One query; None should its scenario no longer be readable."""
    scenario = scenario_of(run)
    if scenario is None:
        return None
    return reckon(scenario, run.mode, acts_of(run), run.started_at, now or timezone.now(), run.ended_at)


def hint(run: Run, by_trainer: bool = False) -> str:
    """The next hint of the current step, from vague to exact; the last one again once all are known. "" in an Uji."""
    result = progress(run)
    if run.mode == Mode.TEST or run.ended_at or result is None or result.current is None:
        return ""
    step, shown = result.current.step, len(result.current.hints)
    if shown < len(step.hints):
        shown += 1
        asked_by = FROM_TRAINER if by_trainer else ALONE
        record(run.seat, "petunjuk", detail={"langkah": step.code, "nomor": shown, "dari": asked_by})
    return step.hints[shown - 1]


def answer(run: Run, choice: str, code: str = "") -> bool:
    """Answer the question of a step (the first open one when `code` names none); whether it was right.

    In an Uji a question is answered once. An answer that was not offered changes nothing.
    """
    result = progress(run)
    open_ones = [one for one in result.steps if one.state in ("sekarang", "belum")] if result else []
    asked = next((one.step for one in open_ones if one.step.choices and code in ("", one.step.code)), None)
    if run.ended_at or asked is None or choice not in asked.choices:
        return False
    is_right = choice in asked.done.what
    detail = {"jawab": choice, "langkah": asked.code}
    return bool(record(run.seat, "jawab", "", "berhasil" if is_right else "ditolak", detail).step)
