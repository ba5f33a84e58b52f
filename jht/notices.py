"""Mails to a participant about what happened to what he asked for: plain text, sent once the rows stand."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string

from jht.models import Participant

SUBJECT_PREFIX = "[SIMULASI] "


def tell(participant: Participant, topic: str, context: dict[str, Any]) -> None:
    """Write to the linked account, if there is one, after the transaction; templates/jht/email/<topic>.txt.

    The template's first line is the subject. A mail that cannot be written never undoes what it tells about.
    """
    if participant.user is None:
        return
    mail = _letter(participant, topic, context)
    transaction.on_commit(mail.send, robust=True)


def _letter(participant: Participant, topic: str, context: dict[str, Any]) -> EmailMessage:
    context = {**context, "participant": participant, "origin": settings.SITE_ORIGIN.rstrip("/")}
    subject, _, body = render_to_string(f"jht/email/{topic}.txt", context).strip().partition("\n")
    return EmailMessage(
        SUBJECT_PREFIX + subject.strip(),
        body.strip() + "\n",
        settings.DEFAULT_FROM_EMAIL,
        [participant.user.email],
    )
