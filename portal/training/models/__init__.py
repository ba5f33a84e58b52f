"""Rows of the training room: `rooms` (classes, seats), `runs` (what was done), `steering` (what a trainer does)."""

from portal.training.models.rooms import (
    LETTERS,
    Classroom,
    FormerPerson,
    Seat,
    SeatEmployer,
    SeatPerson,
    random_code,
    typed_code,
    typed_number,
)
from portal.training.models.runs import Event, OwnScenario, Run
from portal.training.models.steering import Fault, Glance, Message, Snapshot

__all__ = [
    "LETTERS",
    "Classroom",
    "Event",
    "Fault",
    "FormerPerson",
    "Glance",
    "Message",
    "OwnScenario",
    "Run",
    "Seat",
    "SeatEmployer",
    "SeatPerson",
    "Snapshot",
    "random_code",
    "typed_code",
    "typed_number",
]
