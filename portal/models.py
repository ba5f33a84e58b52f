"""What belongs to a channel and to nobody else: which phone may ask by text for which KPJ."""

from django.db import models

from jht.models import Membership
from portal.training.models import (
    Classroom,
    Event,
    Fault,
    FormerPerson,
    Glance,
    Message,
    OwnScenario,
    Run,
    Seat,
    SeatEmployer,
    SeatPerson,
    Snapshot,
)

__all__ = [
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
    "SmsRegistration",
    "Snapshot",
]


class SmsRegistration(models.Model):
    """DAFTAR SALDO: this number may see the balance of this KPJ by text."""

    phone = models.CharField("nomor telepon", max_length=15)
    membership = models.ForeignKey(
        Membership, models.CASCADE, related_name="sms_registrations", verbose_name="kepesertaan"
    )
    email = models.EmailField("e-mail", blank=True)
    at = models.DateTimeField("waktu")

    class Meta:
        verbose_name = "pendaftaran SMS"
        verbose_name_plural = "pendaftaran SMS"
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["phone", "membership"],
                name="sms_registration_once",
                violation_error_message="Nomor ini sudah terdaftar untuk KPJ itu.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.phone} · {self.membership.kpj}"
