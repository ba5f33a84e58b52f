"""What was paid, what it earns, and the ledger."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q

from jht.models.people import Membership
from jht.querysets import ContributionQuerySet
from jht.words import percent


class Contribution(models.Model):
    """What was paid for one membership for one month.

    Units: whole rupiah; `month` is the first day of the month. PU: employer 3,7 % + worker 2 % of the wage.
    BPU and PMI pay all of it themselves. Source: PP 46/2015 Pasal 16 (docs/aturan.md#iuran-pu).
    """

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="contributions", verbose_name="kepesertaan")
    month = models.DateField("bulan iuran", help_text="Tanggal 1 bulan itu, misalnya 01-03-2026.")
    wage = models.PositiveBigIntegerField(
        "upah dilaporkan (Rp)", help_text="Upah sebulan (PU), penghasilan (BPU), atau 0 (PMI)."
    )
    employer_share = models.PositiveBigIntegerField("iuran pemberi kerja (Rp)")
    worker_share = models.PositiveBigIntegerField("iuran pekerja (Rp)")
    paid_on = models.DateField("dibayar tanggal")
    cancelled_on = models.DateField("dibatalkan tanggal", null=True, blank=True, editable=False)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        verbose_name = "iuran"
        verbose_name_plural = "iuran"
        ordering = ["-month", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(month__day=1),
                name="contribution_month_is_first_day",
                violation_error_message="Bulan iuran ditulis dengan tanggal 1, misalnya 01-03-2026.",
            ),
            models.CheckConstraint(
                condition=Q(employer_share__gt=0) | Q(worker_share__gt=0),
                name="contribution_is_not_empty",
                violation_error_message="Jumlah iuran Rp0. Isi upah atau jumlah iurannya.",
            ),
            models.UniqueConstraint(
                fields=["membership", "month"],
                condition=Q(cancelled_on__isnull=True),
                name="contribution_once_a_month",
                violation_error_message="Iuran bulan ini sudah tercatat. Pilih bulan lain atau batalkan yang ada.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%m-%Y}"

    @property
    def amount(self) -> int:
        """Both shares, in whole rupiah."""
        return self.employer_share + self.worker_share


class Rate(models.Model):
    """The yearly return (hasil pengembangan) of one calendar year, in percent a year."""

    year = models.PositiveSmallIntegerField(
        "tahun",
        unique=True,
        error_messages={"unique": "Tingkat tahun ini sudah ada. Buka dan ubah yang ada."},
    )
    percent = models.DecimalField("tingkat (% setahun)", max_digits=5, decimal_places=2)
    source = models.CharField("sumber", max_length=200)
    is_training = models.BooleanField(
        "angka latihan", default=True, help_text="Bukan angka resmi; ditetapkan untuk latihan."
    )
    credited_on = models.DateField(
        "dibukukan tanggal",
        null=True,
        blank=True,
        editable=False,
        help_text="Sejak dibukukan, tingkatnya tidak dapat diubah.",
    )

    class Meta:
        verbose_name = "tingkat hasil pengembangan"
        verbose_name_plural = "tingkat hasil pengembangan"
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=100),
                name="rate_is_a_percentage",
                violation_error_message="Tingkat ditulis dalam persen setahun, dari 0 sampai 100.",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=1977, year__lte=2200),
                name="rate_year_is_plausible",
                violation_error_message="Tahun ditulis dengan empat angka, misalnya 2026.",
            ),
            models.CheckConstraint(
                condition=~Q(source=""),
                name="rate_names_its_source",
                violation_error_message="Sumber tingkat masih kosong. Tulis dari mana angka ini.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {percent(Decimal(self.percent))}"


class Entry(models.Model):
    """One movement of money in one membership's ledger. Never changed, never deleted: the database refuses both.

    Units: rupiah with two places; in is positive, out is negative. A mistake is put right by another entry.
    """

    class Kind(models.TextChoices):
        CONTRIBUTION = "contribution", "Iuran"
        RETURN = "return", "Hasil pengembangan"
        WITHDRAWAL = "withdrawal", "Penarikan"
        CORRECTION = "correction", "Koreksi"
        TRANSFER = "transfer", "Pemindahan"

    membership = models.ForeignKey(
        Membership,
        models.PROTECT,
        related_name="entries",
        db_index=False,  # entry_by_membership_and_day begins with it
        verbose_name="kepesertaan",
    )
    date = models.DateField("tanggal")
    kind = models.CharField("jenis", max_length=12, choices=Kind)
    amount = models.DecimalField(
        "jumlah (Rp)", max_digits=15, decimal_places=2, help_text="Bertambah positif, berkurang negatif (-)."
    )
    contribution = models.ForeignKey(
        Contribution,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,  # entry_of_contribution leaves out the rows without one
        related_name="entries",
        verbose_name="iuran",
    )
    percent = models.DecimalField(
        "diselesaikan dengan tingkat (% setahun)",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        editable=False,
        help_text="Terisi bila hasil pengembangan diselesaikan sebelum akhir tahun, karena uangnya keluar.",
    )
    reason = models.CharField("alasan", max_length=200, blank=True)
    key = models.CharField("kunci", max_length=80, unique=True, editable=False)
    recorded_at = models.DateTimeField("dicatat", auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # who recorded money cannot be deleted, only made inactive
        null=True,
        blank=True,
        editable=False,
        db_index=False,  # entry_recorded_by
        related_name="+",
        verbose_name="dicatat oleh",
    )

    class Meta:
        verbose_name = "catatan buku besar"
        verbose_name_plural = "buku besar"
        ordering = ["-date", "-id"]
        indexes = [
            models.Index(
                fields=["membership", "date", "kind", "amount", "percent"], name="entry_by_membership_and_day"
            ),
            models.Index(
                fields=["contribution"], condition=Q(contribution__isnull=False), name="entry_of_contribution"
            ),
            models.Index(fields=["recorded_by"], condition=Q(recorded_by__isnull=False), name="entry_recorded_by"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="contribution", amount__gt=0)
                | Q(kind="withdrawal", amount__lt=0)
                | (Q(kind__in=["return", "correction", "transfer"]) & ~Q(amount=0)),
                name="entry_sign_fits_kind",
                violation_error_message="Iuran bertambah, penarikan berkurang, dan tidak ada catatan sebesar Rp0.",
            ),
            models.CheckConstraint(
                condition=Q(kind="contribution", contribution__isnull=False)
                | ~Q(kind__in=["contribution", "correction"])
                | (Q(kind="correction") & ~Q(reason="")),
                name="entry_says_where_it_comes_from",
                violation_error_message="Koreksi memerlukan alasan. Tulis mengapa saldo ini dikoreksi.",
            ),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(kind__in=["return", "transfer"]),
                name="entry_is_settled_only_as_return",
                violation_error_message="Hanya hasil pengembangan yang dapat diselesaikan dengan satu tingkat.",
            ),
            models.CheckConstraint(
                condition=~Q(key=""),
                name="entry_has_a_key",
                violation_error_message="Catatan ini tidak mempunyai kunci, jadi tidak dapat dijaga agar hanya sekali.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.date:%d-%m-%Y}"
