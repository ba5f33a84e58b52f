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

    Its people are those of the class's day: the story says "last month", and the scenario may turn the clock further.

    Whatever was being exercised ends. Whoever is signed in must be signed out by the caller: the accounts are new.
    """
    if running := open_run(seat, now):
        stop(running, now)
    day = seating.today_in(seat.classroom, now)
    if seat.made_on != day or not _is_untouched(seat):
        seating.reset([seat], now, None, on=day)
        seat.refresh_from_db()
    with transaction.atomic():
        Seat.objects.select_for_update(no_key=True).get(pk=seat.pk)  # a double click begins one run
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


def _hold(run: Run) -> bool:
    """Whether the run is open, in a transaction: who asks or answers at the same moment waits for its end."""
    if Run.objects.select_for_update().filter(pk=run.pk, ended_at__isnull=True).exists():
        return True
    run.refresh_from_db(fields=["ended_at", "outcome"])
    return False


@transaction.atomic
def hint(run: Run, by_trainer: bool = False, code: str = "", after: int | None = None) -> str:
    """The next hint of the current step, from vague to exact; the last one again once all are known. "" in an Uji.

    Asked with how many hints were `after` all shown, it is the one that follows those, and costs nothing should it be
    known by now: a double click asks for one hint. "" when the step of this `code` is over.
    """
    if run.mode == Mode.TEST or run.ended_at or not _hold(run):
        return ""
    result = progress(run)
    if result is None or result.current is None or code not in ("", result.current.step.code):
        return ""
    step, shown = result.current.step, len(result.current.hints)
    if after is not None and after < shown:
        return step.hints[after]
    if shown < len(step.hints):
        shown += 1
        asked_by = FROM_TRAINER if by_trainer else ALONE
        record(run.seat, "petunjuk", detail={"langkah": step.code, "nomor": shown, "dari": asked_by})
    return step.hints[shown - 1]


@transaction.atomic
def answer(run: Run, choice: str, code: str = "") -> bool:
    """Answer the question of a step (the first open one when `code` names none); whether it was right.

    In an Uji a question is answered once, also by two answers at the same moment. An answer that was not offered, or
    that was given before, changes nothing.
    """
    if run.ended_at or not _hold(run):
        return False
    result = progress(run)
    questions = [one for one in result.steps if one.step.choices and code in ("", one.step.code)] if result else []
    asked = next((one for one in questions if one.state in ("sekarang", "belum")), None)
    if asked is None:
        return bool(code) and any(one.is_done and choice in one.step.done.what for one in questions)
    if choice not in asked.step.choices or choice in asked.wrong_answers:
        return False
    is_right = choice in asked.step.done.what
    detail = {"jawab": choice, "langkah": asked.step.code}
    return bool(record(run.seat, "jawab", "", "berhasil" if is_right else "ditolak", detail).step)
