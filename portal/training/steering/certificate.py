"""The certificate of a trainee: what was exercised in a class, with the mark of the simulation.

PDF/UA, made like a statement (jht/paper.py).
"""

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

from jht.paper import MARK, printed
from jht.words import day_name
from portal.training.models import Run, Seat
from portal.training.steering.debrief import Debrief, Report

TEMPLATE = Path(__file__).resolve().parent.parent.parent.parent / "templates" / "training" / "certificate.typ"
HEAD = ("Latihan", "Cara", "Hasil", "Nilai")
SIMULATION = (
    f"{MARK}. Semua orang, perusahaan, dan saldo dalam latihan ini rekaan. Sertifikat ini menyebut latihan yang "
    "diikuti; bukan ijazah dan bukan surat dari BPJS Ketenagakerjaan."
)


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()


def pdf(debrief: Debrief, made_on: date) -> bytes | None:
    """A page for every seat where an exercise was done to its end; None when there is none."""
    people = [_person(debrief, seat, done) for seat, reports in debrief.by_seat if (done := exercises(reports))]
    if not people:
        return None
    words = {
        "title": f"Sertifikat latihan, {debrief.room.name} (SIMULASI)",
        "author": "Portal Latih (SIMULASI)",
        "mark": MARK,
        "heading": "Sertifikat latihan",
        "made": f"Portal Latih · dibuat {day_name(made_on)}",
        "simulation": SIMULATION,
        "head": HEAD,
        "people": people,
    }
    return printed(words, made_on, _template())


def exercises(reports: Iterable[Report]) -> list[Report]:
    """The best go at each exercise that was done to its end, in the order in which they were first done."""
    best: dict[str, Report] = {}
    for report in reports:
        if report.run.outcome != Run.Outcome.DONE:
            continue
        known = best.get(report.scenario.slug)
        if known is None or _rank(report) > _rank(known):
            best[report.scenario.slug] = report
    return list(best.values())


def _rank(report: Report) -> tuple[int, bool]:
    points = report.result.points
    return (-1 if points is None else points), report.run.mode == Run.Mode.TEST


def _person(debrief: Debrief, seat: Seat, done: list[Report]) -> dict:
    count = "satu latihan" if len(done) == 1 else f"{len(done)} latihan"
    return {
        "name": seat.name or f"Kursi {seat.number}",
        "sentence": f"mengikuti “{debrief.room.name}” pada {day_name(debrief.room.day)} dan menyelesaikan {count}:",
        "exercises": [
            text
            for report in done
            for text in (
                report.scenario.title,
                Run.Mode(report.run.mode).label,
                "semua langkah"
                if report.is_whole
                else f"{report.result.done_count} dari {len(report.result.steps)} langkah",
                "–" if report.result.points is None else str(report.result.points),
            )
        ],
    }


def _steps(report: Report) -> str:
    done, steps = report.result.done_count, len(report.result.steps)
    return "semua langkah" if done == steps else f"{done} dari {steps} langkah"
