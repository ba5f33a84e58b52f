"""What a participant asks for and follows: claims, and the merging of several KPJ."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from jht.models.people import Membership, Participant
from jht.models.regulations import Reason


class Claim(models.Model):
    """One request to be paid from one membership.

    Units: whole rupiah for what is asked; `gross` and `tax` are rupiah with two places and stand from the payment on.
    Open are submitted, incomplete and approved; there is at most one open claim a membership.
    """

    class Status(models.TextChoices):
        SUBMITTED = "submitted", "Diajukan"
        INCOMPLETE = "incomplete", "Perlu dilengkapi"
        APPROVED = "approved", "Disetujui"
        PAID = "paid", "Dibayarkan"
        REFUSED = "refused", "Ditolak"
        CANCELLED = "cancelled", "Dibatalkan peserta"

    class Channel(models.TextChoices):
        WEB = "web", "Portal web"
        APP = "app", "Aplikasi"
        BRANCH = "branch", "Kantor cabang"

    class Refusal(models.TextChoices):
        STILL_ACTIVE = "still_active", "Kepesertaan masih aktif"
        WAITING = "waiting", "Masa tunggu belum lewat"
        NOT_ENTITLED = "not_entitled", "Syarat alasan klaim tidak terpenuhi"
        ABOVE_LIMIT = "above_limit", "Saldo melebihi batas kanal ini"
        DOCUMENTS = "documents", "Dokumen tidak lengkap atau tidak terbaca"
        DATA_DIFFERS = "data_differs", "Data tidak sesuai"
        BANK = "bank", "Rekening bukan atas nama peserta"
        ARREARS = "arrears", "Iuran perusahaan menunggak"
        ALREADY_PAID = "already_paid", "Sudah pernah dibayarkan"
        OTHER = "other", "Alasan lain"

    OPEN = (Status.SUBMITTED, Status.INCOMPLETE, Status.APPROVED)

    number = models.CharField("nomor klaim", max_length=20, unique=True)
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="claims", verbose_name="kepesertaan")
    reason = models.CharField("sebab klaim", max_length=24, choices=Reason)
    channel = models.CharField("kanal", max_length=6, choices=Channel, default=Channel.WEB)
    amount = models.PositiveBigIntegerField(
        "jumlah yang diminta (Rp)", null=True, blank=True, help_text="Kosong berarti seluruh saldo."
    )
    filed_on = models.DateField("diajukan tanggal")
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="diajukan oleh"
    )
    bank = models.CharField("bank", max_length=60)
    account_number = models.CharField("nomor rekening", max_length=20)
    account_name = models.CharField("atas nama", max_length=120)
    has_npwp = models.BooleanField("punya NPWP", default=False)
    status = models.CharField("status", max_length=12, choices=Status, default=Status.SUBMITTED)
    refusal = models.CharField("sebab penolakan", max_length=16, choices=Refusal, blank=True)
    decided_on = models.DateField("diputuskan tanggal", null=True, blank=True)
    paid_on = models.DateField("dibayarkan tanggal", null=True, blank=True)
    gross = models.DecimalField("jumlah dibayarkan (Rp)", max_digits=15, decimal_places=2, null=True, blank=True)
    tax = models.DecimalField("pajak (Rp)", max_digits=15, decimal_places=2, null=True, blank=True)
    token = models.CharField(
        "kunci pengajuan", max_length=64, unique=True, editable=False, help_text="Formulir yang sama hanya sekali."
    )

    class Meta:
        verbose_name = "klaim"
        verbose_name_plural = "klaim"
        ordering = ["-filed_on", "-id"]
        indexes = [models.Index(fields=["status", "filed_on"], name="claim_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["membership"],
                condition=Q(status__in=["submitted", "incomplete", "approved"]),
                name="claim_one_open_a_membership",
                violation_error_message="KPJ ini masih mempunyai klaim yang sedang diproses. Tunggu sampai selesai.",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=Reason.values),
                name="claim_reason_is_known",
                violation_error_message="Sebab klaim ini tidak dikenal. Pilih dari daftar.",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gt=0),
                name="claim_asks_for_something",
                violation_error_message="Jumlah yang diminta harus lebih dari Rp0.",
            ),
            models.CheckConstraint(
                condition=Q(status="paid", paid_on__isnull=False, gross__isnull=False, tax__isnull=False)
                | (~Q(status="paid") & Q(paid_on__isnull=True, gross__isnull=True, tax__isnull=True)),
                name="claim_paid_says_what",
                violation_error_message="Klaim yang dibayarkan mencatat tanggal, jumlah dan pajaknya.",
            ),
            models.CheckConstraint(
                condition=Q(gross__isnull=True) | (Q(gross__gt=0) & Q(tax__gte=0) & Q(tax__lte=F("gross"))),
                name="claim_tax_fits_gross",
                violation_error_message="Pajak tidak boleh melebihi jumlah yang dibayarkan.",
            ),
            models.CheckConstraint(
                condition=Q(status="refused") & ~Q(refusal="") | ~Q(status="refused") & Q(refusal=""),
                name="claim_refused_says_why",
                violation_error_message="Penolakan memerlukan sebab. Pilih sebabnya.",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    @property
    def net(self) -> Decimal | None:
        """What reached the bank account, in rupiah and sen; None before the payment."""
        return None if self.gross is None else self.gross - self.tax


class ClaimStep(models.Model):
    """One step of a claim as the participant follows it. Never changed, never deleted but with the participant."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="steps", verbose_name="klaim")
    at = models.DateTimeField("waktu")
    status = models.CharField("status", max_length=12, choices=Claim.Status)
    message = models.CharField("pesan", max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="oleh"
    )

    class Meta:
        verbose_name = "langkah klaim"
        verbose_name_plural = "langkah klaim"
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["claim", "at"], name="claim_step_by_claim")]

    def __str__(self) -> str:
        return f"{self.get_status_display()} {self.at:%d-%m-%Y}"


class ClaimDocument(models.Model):
    """One paper of the checklist. Only samples that this product issued are taken; the file itself is not kept."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="documents", verbose_name="klaim")
    name = models.CharField("dokumen", max_length=80)
    sample = models.CharField("contoh berkas", max_length=40, blank=True, help_text="Kosong: belum dilampirkan.")
    is_legible = models.BooleanField("terbaca", default=True)

    class Meta:
        verbose_name = "dokumen klaim"
        verbose_name_plural = "dokumen klaim"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "name"],
                name="claim_document_once",
                violation_error_message="Dokumen ini sudah ada dalam daftar klaim ini.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class MergeRequest(models.Model):
    """Amalgamasi: a participant asks that several KPJ become one; a clerk decides."""

    class Status(models.TextChoices):
        ASKED = "asked", "Diajukan"
        DONE = "done", "Digabung"
        REFUSED = "refused", "Ditolak"

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="merge_requests", verbose_name="peserta")
    target = models.ForeignKey(Membership, models.PROTECT, related_name="merges_in", verbose_name="digabung ke KPJ")
    sources = models.ManyToManyField(Membership, related_name="merges_out", verbose_name="KPJ yang digabung")
    status = models.CharField("status", max_length=8, choices=Status, default=Status.ASKED)
    asked_on = models.DateField("diajukan tanggal")
    decided_on = models.DateField("diputuskan tanggal", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="oleh"
    )
    answer = models.CharField("jawaban", max_length=300, blank=True)

    class Meta:
        verbose_name = "amalgamasi"
        verbose_name_plural = "amalgamasi"
        ordering = ["-asked_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant"],
                condition=Q(status="asked"),
                name="merge_one_open_a_participant",
                violation_error_message="Permintaan penggabungan sebelumnya masih diproses. Tunggu jawabannya.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.participant}: {self.target.kpj}"
