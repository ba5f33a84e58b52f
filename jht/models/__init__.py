"""WHAT: the rows of the programme and what must never be false about them. Their questions: jht.querysets."""

from jht.models.claims import Claim, ClaimDocument, ClaimStep, MergeRequest
from jht.models.desk import AuditRecord, ImportJob
from jht.models.money import Contribution, Entry, Rate
from jht.models.people import Employer, LinkAttempt, Membership, Participant, Removal, Segment
from jht.models.regulations import Figure, Reason, ReasonRule, Regulation

__all__ = [
    "AuditRecord",
    "Claim",
    "ClaimDocument",
    "ClaimStep",
    "Contribution",
    "Employer",
    "Entry",
    "Figure",
    "ImportJob",
    "LinkAttempt",
    "Membership",
    "MergeRequest",
    "Participant",
    "Rate",
    "Reason",
    "ReasonRule",
    "Regulation",
    "Removal",
    "Segment",
]
