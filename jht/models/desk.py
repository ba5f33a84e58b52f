"""What the desk leaves behind: files brought in, and the trail of who did what."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class AuditRecord(models.Model):
    """Who did what to which row, and when. Append-only: the database refuses to change or delete it.

    The actor is named as he was then and without a constraint to the account, which may go; None is the system.
    """

    class Act(models.TextChoices):
        ENTERED = "entered", "memasukkan"
        CHANGED = "changed", "mengubah"
        CANCELLED = "cancelled", "membatalkan"
        REMOVED = "removed", "menghapus"
        IMPORTED = "imported", "mengimpor"
        EXPORTED = "exported", "mengekspor"
        LOOKED = "looked", "melihat"
        LINKED = "linked", "menghubungkan"
        ASKED = "asked", "mengajukan"
        APPROVED = "approved", "menyetujui"
        REFUSED = "refused", "menolak"
        PAID = "paid", "membayarkan"
        MERGED = "merged", "menggabungkan"
        CREDITED = "credited", "membukukan hasil"

    at = models.DateTimeField("waktu")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        db_constraint=False,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="oleh",
    )
    actor_name = models.CharField("nama pelaku", max_length=254)
    act = models.CharField("perbuatan", max_length=10, choices=Act)
    what = models.CharField("jenis data", max_length=60)
    key = models.CharField("nomor baris", max_length=40, blank=True)
    label = models.CharField("baris", max_length=200)
    participant_id_was = models.BigIntegerField("nomor peserta", null=True, blank=True)
    told = models.CharField("keterangan", max_length=500, blank=True)

    class Meta:
        verbose_name = "jejak"
        verbose_name_plural = "jejak"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["participant_id_was", "-id"], name="audit_by_participant"),
            models.Index(fields=["actor", "-id"], name="audit_by_actor"),
            models.Index(fields=["act", "-id"], name="audit_by_act"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(actor_name=""),
                name="audit_names_its_actor",
                violation_error_message="Jejak tanpa pelaku tidak dapat dicatat.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.get_act_display()} {self.label}"


class ImportJob(models.Model):
    """One file brought in: rehearsed first, then written in one transaction or not at all.

    The file and the marked-up copy stand in the database, so that any worker can serve them; both are emptied when
    the job has ended and a day has passed. `heartbeat_at` tells a running job from one whose process died.
    """

    class Kind(models.TextChoices):
        EMPLOYERS = "employers", "Pemberi kerja"
        PARTICIPANTS = "participants", "Peserta"
        MEMBERSHIPS = "memberships", "Kepesertaan"
        CONTRIBUTIONS = "contributions", "Iuran"
        RATES = "rates", "Tingkat hasil pengembangan"

    class State(models.TextChoices):
        WAITING = "waiting", "menunggu diperiksa"
        REHEARSING = "rehearsing", "sedang diperiksa"
        REHEARSED = "rehearsed", "selesai diperiksa"
        CONFIRMED = "confirmed", "menunggu ditulis"
        WRITING = "writing", "sedang ditulis"
        DONE = "done", "selesai"
        REFUSED = "refused", "ditolak"
        CANCELLED = "cancelled", "dibatalkan"
        FAILED = "failed", "terhenti"

    RUNNING = (State.WAITING, State.REHEARSING, State.CONFIRMED, State.WRITING)

    kind = models.CharField("isi", max_length=14, choices=Kind)
    state = models.CharField("keadaan", max_length=10, choices=State, default=State.WAITING)
    file_name = models.CharField("nama berkas", max_length=200)
    file_hash = models.CharField("sidik berkas", max_length=64)
    file = models.BinaryField("berkas", null=True, editable=False)
    marked_copy = models.BinaryField("salinan bertanda", null=True, editable=False)
    rows_total = models.PositiveIntegerField("perkiraan baris", default=0)
    rows_read = models.PositiveIntegerField("baris terbaca", default=0)
    rows_new = models.PositiveIntegerField("baris baru", default=0)
    rows_known = models.PositiveIntegerField("baris yang sudah ada", default=0)
    fault_count = models.PositiveIntegerField("kesalahan", default=0)
    faults = models.JSONField("kesalahan pertama", default=list)
    message = models.CharField("pesan", max_length=500, blank=True)
    cancel_asked = models.BooleanField("diminta berhenti", default=False)
    day = models.DateField("hari di meja", null=True, editable=False)  # as of which its rows are judged; None: today
    created_at = models.DateTimeField("diunggah")
    started_at = models.DateTimeField("mulai", null=True, blank=True)
    heartbeat_at = models.DateTimeField("tanda hidup", null=True, blank=True)
    ended_at = models.DateTimeField("berakhir", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="oleh"
    )

    class Meta:
        verbose_name = "impor"
        verbose_name_plural = "impor"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "file_hash"],
                condition=Q(state="done"),
                name="import_file_once",
                violation_error_message="Berkas yang sama sudah pernah diimpor. Tidak ada yang berubah.",
            )
        ]

    def __str__(self) -> str:
        return self.file_name
