"""WHAT: the rows of the programme and what must never be false about them. Their questions: jht.querysets."""

from jht.models.money import Contribution, Entry, Rate
from jht.models.people import Employer, LinkAttempt, Membership, Participant, Removal, Segment

__all__ = [
    "Contribution",
    "Employer",
    "Entry",
    "LinkAttempt",
    "Membership",
    "Participant",
    "Rate",
    "Removal",
    "Segment",
]
