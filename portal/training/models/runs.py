"""What is done on a seat: a run through a scenario, and everything that was seen meanwhile."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from portal.training.models.rooms import Seat


class OwnScenario(models.Model):
    """A scenario that a trainer wrote or changed. One with the slug of a shipped file stands in for that file."""

    slug = models.SlugField("kode", max_length=60, unique=True)
    text = models.TextField("naskah", help_text="Ditulis seperti berkas skenario; lihat docs/skenario.md.")
    changed_at = models.DateTimeField("diubah", auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="oleh"
    )

    class Meta:
        verbose_name = "skenario"
        verbose_name_plural = "skenario"
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug


class RunQuerySet(models.QuerySet["Run"]):
    def open(self) -> "RunQuerySet":
        return self.filter(ended_at__isnull=True)


class Run(models.Model):
    """One go at one scenario on one seat. Moments are real ones; `day` is the seat's when it began.

    `text` is the scenario as it stood then, so that a later change alters no result. What was done stands in the
    events; points and results are reckoned from them (portal/training/runs/judging.py) and stored nowhere.
    """

    class Mode(models.TextChoices):
        SHOW = "tunjukkan", "Tunjukkan"
        GUIDE = "bimbing", "Bimbing"
        PRACTISE = "latih", "Latih"
        TEST = "uji", "Uji"

    class Outcome(models.TextChoices):
        DONE = "selesai", "selesai"
        STOPPED = "berhenti", "dihentikan"
        OVER = "waktu-habis", "waktu habis"

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="runs", verbose_name="kursi")
    scenario = models.SlugField("skenario", max_length=60)
    text = models.TextField("naskah saat dimulai")
    mode = models.CharField("cara", max_length=9, choices=Mode)
    started_at = models.DateTimeField("mulai")
    day = models.DateField("hari di kursi")
    deadline_at = models.DateTimeField("batas waktu", null=True)
    ended_at = models.DateTimeField("berakhir", null=True)
    outcome = models.CharField("akhir", max_length=11, choices=Outcome, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = "latihan"
        verbose_name_plural = "latihan"
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["seat"],
                condition=Q(ended_at__isnull=True),
                name="run_one_open_on_a_seat",
                violation_error_message="Di kursi ini masih ada latihan yang berjalan. Akhiri dahulu yang itu.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="") | Q(ended_at__isnull=False) & ~Q(outcome=""),
                name="run_ends_with_an_outcome",
                violation_error_message="Latihan yang berakhir harus menyebut akhirnya.",
            ),
        ]

    def __str__(self) -> str:
        return self.scenario


class Event(models.Model):
    """One thing that was done on a seat, as the server saw it. Written once, never changed.

    `act`, `page` and `result` are words of portal/training/scripts/vocabulary.py. `detail` holds what a check may ask
    for: `sebab` (codes of the errors shown), `sebagai` (slug of who is signed in), `lewat` (web, app, sms), `kpj` (slug
    of whose it is, or "lain"), `jawab`, `petunjuk`, `gangguan`; never what was typed, never a code or a kata sandi.
    `step` and `wrong` name the step that this did and the wrong turn that this was, if any.
    """

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="events", verbose_name="kursi")
    run = models.ForeignKey(Run, models.CASCADE, null=True, related_name="events", verbose_name="latihan")
    at = models.DateTimeField("waktu")
    day = models.DateField("hari di kursi")
    act = models.CharField("tindakan", max_length=20)
    page = models.CharField("halaman", max_length=40, blank=True)
    result = models.CharField("hasil", max_length=12, blank=True)
    detail = models.JSONField("rincian", default=dict)
    step = models.CharField("langkah", max_length=40, blank=True)
    wrong = models.CharField("salah jalan", max_length=40, blank=True)

    class Meta:
        verbose_name = "kejadian"
        verbose_name_plural = "kejadian"
        ordering = ["id"]
        indexes = [models.Index(fields=["seat", "-id"], name="event_latest_of_seat")]

    def __str__(self) -> str:
        return f"{self.act} {self.page}".strip()
