"""What a trainer does to seats: faults, messages, snapshots, looking along."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from portal.training.models.rooms import Classroom, Seat


class FaultQuerySet(models.QuerySet["Fault"]):
    def active(self, at: datetime) -> "FaultQuerySet":
        """Those that still act, by the real clock."""
        return self.filter(thrown_at__lte=at, until__gt=at).exclude(uses_left=0)

    def on_seat(self, seat: Seat) -> "FaultQuerySet":
        """Those of this seat and those of its whole class."""
        return self.filter(Q(seat=seat) | Q(seat__isnull=True), classroom=seat.classroom_id)


class Fault(models.Model):
    """A fault that was thrown at a seat, or at a whole class when `seat` is empty. Ends by itself, by the real clock.

    `kind` is an id of portal/training/trouble/faults.py. `uses_left` counts down with each use on a seat's own fault;
    empty: as often as it lasts.
    """

    class Source(models.TextChoices):
        TRAINER = "pelatih", "pelatih"
        SCENARIO = "skenario", "skenario"
        MAGIC = "ajaib", "nilai ajaib"

    classroom = models.ForeignKey(Classroom, models.CASCADE, related_name="faults", verbose_name="kelas")
    seat = models.ForeignKey(Seat, models.CASCADE, null=True, related_name="faults", verbose_name="kursi")
    kind = models.SlugField("gangguan", max_length=40)
    thrown_at = models.DateTimeField("dimulai")
    until = models.DateTimeField("berakhir")
    uses_left = models.PositiveSmallIntegerField("sisa kali", null=True)
    source = models.CharField("asal", max_length=8, choices=Source)
    thrown_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="oleh"
    )

    objects = FaultQuerySet.as_manager()

    class Meta:
        verbose_name = "gangguan"
        verbose_name_plural = "gangguan"
        ordering = ["-id"]
        indexes = [models.Index(fields=["classroom", "until"], name="fault_by_class")]

    def __str__(self) -> str:
        return self.kind


class Message(models.Model):
    """A sentence of the trainer to one seat, or to the whole class when `seat` is empty."""

    class Kind(models.TextChoices):
        NOTE = "pesan", "pesan"
        HINT = "petunjuk", "petunjuk"

    classroom = models.ForeignKey(Classroom, models.CASCADE, related_name="messages", verbose_name="kelas")
    seat = models.ForeignKey(Seat, models.CASCADE, null=True, related_name="messages", verbose_name="kursi")
    kind = models.CharField("jenis", max_length=9, choices=Kind, default=Kind.NOTE)
    text = models.CharField("isi", max_length=300)
    sent_at = models.DateTimeField("dikirim")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="oleh"
    )

    class Meta:
        verbose_name = "pesan pelatih"
        verbose_name_plural = "pesan pelatih"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""), name="message_says_something", violation_error_message="Pesan masih kosong."
            )
        ]

    def __str__(self) -> str:
        return self.text


class Snapshot(models.Model):
    """A seat as it stood at one moment, to come back to. `content` is packed by portal/training/seats/snapshots.py."""

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="snapshots", verbose_name="kursi")
    name = models.CharField("nama", max_length=60)
    taken_at = models.DateTimeField("disimpan")
    day = models.DateField("hari di kursi")
    content = models.BinaryField()

    class Meta:
        verbose_name = "titik kembali"
        verbose_name_plural = "titik kembali"
        ordering = ["taken_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["seat", "name"],
                name="snapshot_name_once_a_seat",
                violation_error_message="Nama ini sudah dipakai di kursi itu. Pilih nama lain.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Glance(models.Model):
    """Looking along: the page that a trainee sees, shown to the trainer after the trainee has agreed.

    `html` is the last page without what was typed and without tokens; empty unless `agreed_at` is set.
    """

    seat = models.OneToOneField(Seat, models.CASCADE, related_name="glance", verbose_name="kursi")
    asked_at = models.DateTimeField("diminta")
    agreed_at = models.DateTimeField("disetujui", null=True)
    seen_at = models.DateTimeField("halaman dilihat", null=True)
    path = models.CharField("alamat", max_length=200, blank=True)
    html = models.TextField(blank=True)

    class Meta:
        verbose_name = "melihat bersama"
        verbose_name_plural = "melihat bersama"

    def __str__(self) -> str:
        return self.path
