"""A class, its seats, and who is played on a seat."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from jht.models import Employer, Participant

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is read as something else: no 0, 1, I, L, O


def random_code(length: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def typed_code(text: str) -> str:
    """A code as people type it: small letters, blanks and dashes do not matter.

    >>> typed_code(" k3f-07q ")
    'K3F07Q'
    """
    return "".join(character for character in text.upper() if character.isalnum())[:20]


def typed_number(text: str) -> int:
    """A number of a seat as it was typed or posted; 0, which no seat has, for whatever is none.

    >>> typed_number("12"), typed_number("9" * 5000), typed_number("²"), typed_number("")
    (12, 0, 0, 0)
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


class ClassroomQuerySet(models.QuerySet["Classroom"]):
    def running(self, at: datetime) -> "ClassroomQuerySet":
        """Those that have not ended, by the real clock."""
        return self.filter(ends_at__gt=at)

    def with_counts(self) -> "ClassroomQuerySet":
        """Adds `seat_count` and `taken_count`."""
        taken = Q(seats__started_at__isnull=False)
        return self.annotate(seat_count=models.Count("seats"), taken_count=models.Count("seats", filter=taken))


class Classroom(models.Model):
    """A class. `ends_at` is by the real clock; the class pretends to be `days_ahead` of it."""

    name = models.CharField("nama kelas", max_length=80)
    day = models.DateField("tanggal")
    code = models.CharField("kode kelas", max_length=6, unique=True, editable=False)
    ends_at = models.DateTimeField("berakhir")
    keep_days = models.PositiveSmallIntegerField(
        "data disimpan (hari)", default=7, help_text="Setelah kelas berakhir, data rekaannya dihapus sesudah ini."
    )
    days_ahead = models.IntegerField("jam dimajukan (hari)", default=0, editable=False)
    furnished_on = models.DateField(null=True, editable=False)  # when its seats were last made ready ahead
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="pelatih"
    )

    objects = ClassroomQuerySet.as_manager()

    class Meta:
        verbose_name = "kelas"
        verbose_name_plural = "kelas"
        ordering = ["-day", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""), name="class_has_a_name", violation_error_message="Nama kelas masih kosong."
            ),
            models.CheckConstraint(
                condition=Q(keep_days__lte=365),
                name="class_is_not_kept_for_ever",
                violation_error_message="Data kelas disimpan paling lama 365 hari.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_running(self, at: datetime) -> bool:
        return self.ends_at > at

    @property
    def removed_at(self) -> datetime:
        """When its data go, by the real clock."""
        return self.ends_at + timedelta(days=self.keep_days)


class Seat(models.Model):
    """One place in a class: a name, a mailbox, a phone, a clock, and people of its own.

    Days of `made_on` and `paid_until` tell as of when its people were made, and until when their contributions are
    recorded; both are empty until somebody takes the seat. Moments are real ones.
    """

    classroom = models.ForeignKey(Classroom, models.CASCADE, related_name="seats", verbose_name="kelas")
    number = models.PositiveSmallIntegerField("nomor")
    name = models.CharField("nama", max_length=60, blank=True)
    code = models.CharField("kode kursi", max_length=8, unique=True)
    mark = models.CharField("tanda e-mail", max_length=5, unique=True)
    inbox_key = models.CharField(max_length=32, unique=True)
    phone_stem = models.CharField(max_length=10, unique=True)
    days_ahead = models.IntegerField("jam dimajukan (hari)", default=0)
    made_on = models.DateField(null=True)
    paid_until = models.DateField(null=True)
    started_at = models.DateTimeField("mulai", null=True)
    last_seen_at = models.DateTimeField("terakhir terlihat", null=True)
    clerk = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="desk_seat", verbose_name="petugas kursi"
    )
    read_until = models.PositiveBigIntegerField("pesan dibaca sampai", default=0)  # key of the last Message put away

    class Meta:
        verbose_name = "kursi"
        verbose_name_plural = "kursi"
        ordering = ["number"]
        permissions = [("clerk_of_seat", "Bekerja di meja hanya dengan data satu kursi")]  # portal/reach_at_desk.py
        constraints = [
            models.UniqueConstraint(
                fields=["classroom", "number"],
                name="seat_once_in_a_class",
                violation_error_message="Nomor kursi ini sudah ada.",
            )
        ]

    def __str__(self) -> str:
        return f"Kursi {self.number}"

    @property
    def clock_offset(self) -> timedelta:
        """How far this seat pretends to be from the real clock. Reads the class."""
        return timedelta(days=self.classroom.days_ahead + self.days_ahead)


class SeatPerson(models.Model):
    """Who is played on a seat: a slug of the cast, the participant made for it and the account that logs in."""

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="people", verbose_name="kursi")
    slug = models.CharField("peran", max_length=40)
    participant = models.OneToOneField(Participant, models.CASCADE, related_name="+", verbose_name="peserta")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="akun"
    )

    class Meta:
        verbose_name = "orang di kursi"
        verbose_name_plural = "orang di kursi"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["seat", "slug"],
                name="seat_person_once",
                violation_error_message="Orang ini sudah ada di kursi itu.",
            )
        ]

    def __str__(self) -> str:
        return self.slug


class SeatEmployer(models.Model):
    """An employer that only one seat knows: made for its clerk's exercises, or entered by its clerk."""

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="employers", verbose_name="kursi")
    employer = models.OneToOneField(Employer, models.CASCADE, related_name="+", verbose_name="pemberi kerja")

    class Meta:
        verbose_name = "pemberi kerja di kursi"
        verbose_name_plural = "pemberi kerja di kursi"
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.employer_id)


class FormerPerson(models.Model):
    """A participant or an account of a seat that is gone. What the trail still says of them is none of the house's."""

    participant_id_was = models.BigIntegerField("nomor peserta", null=True, unique=True)
    account_id_was = models.BigIntegerField("nomor akun", null=True, unique=True)

    class Meta:
        verbose_name = "orang yang pernah di kursi"
        verbose_name_plural = "orang yang pernah di kursi"

    def __str__(self) -> str:
        return str(self.participant_id_was or self.account_id_was)
