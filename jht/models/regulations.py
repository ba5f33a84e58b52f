"""Rules as data with dates of validity: what applied on a day, where it comes from, what is a practice figure."""

from django.db import models
from django.db.models import F, Q

from jht.eligibility import Terms
from jht.querysets import FigureQuerySet, ValidOnQuerySet


class Reason(models.TextChoices):
    """Why somebody asks for the savings. Source: Permenaker 4/2022 (docs/aturan.md#alasan-klaim)."""

    RETIRED = "retired", "Usia pensiun 56 tahun"
    RETIRED_BY_AGREEMENT = "retired_by_agreement", "Usia pensiun menurut perjanjian perusahaan"
    CONTRACT_ENDED = "contract_ended", "Perjanjian kerja waktu tertentu (PKWT) berakhir"
    STOPPED = "stopped", "Berhenti sebagai peserta Bukan Penerima Upah"
    RESIGNED = "resigned", "Mengundurkan diri"
    DISMISSED = "dismissed", "Pemutusan hubungan kerja (PHK)"
    LEFT_COUNTRY = "left_country", "Meninggalkan Indonesia untuk selamanya"
    DISABLED = "disabled", "Cacat total tetap"
    DIED = "died", "Meninggal dunia (diajukan ahli waris)"
    PARTIAL_10 = "partial_10", "Sebagian, paling banyak 10 %"
    PARTIAL_30 = "partial_30", "Sebagian, paling banyak 30 % untuk perumahan"


class Regulation(models.Model):
    """One regulation and the days on which it was in force. One that never came into force has no days."""

    code = models.SlugField("kode", max_length=40, unique=True)
    title = models.CharField("nama", max_length=120)
    valid_from = models.DateField("berlaku sejak", null=True, blank=True)
    valid_until = models.DateField("berlaku sampai", null=True, blank=True)
    source = models.CharField("sumber", max_length=200)
    note = models.TextField("keterangan", blank=True)
    is_training = models.BooleanField("angka latihan", default=True)

    objects = ValidOnQuerySet.as_manager()

    class Meta:
        verbose_name = "peraturan"
        verbose_name_plural = "peraturan"
        ordering = ["-valid_from", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="regulation_ends_after_start",
                violation_error_message="Peraturan berakhir sebelum berlaku. Perbaiki salah satu tanggalnya.",
            ),
            models.CheckConstraint(
                condition=~Q(source=""),
                name="regulation_names_its_source",
                violation_error_message="Sumber peraturan masih kosong. Tulis dari mana ini.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def terms(self) -> dict[str, Terms]:
        """What it asks, by reason. One query, unless the rules were fetched before."""
        return {rule.reason: rule.terms(self) for rule in self.rules.all()}


class ReasonRule(models.Model):
    """What one regulation asks for one reason. An empty condition is not asked."""

    regulation = models.ForeignKey(Regulation, models.CASCADE, related_name="rules", verbose_name="peraturan")
    reason = models.CharField("alasan", max_length=24, choices=Reason)
    article = models.CharField("pasal", max_length=60, blank=True)
    needs_ended = models.BooleanField("kepesertaan harus sudah berakhir", default=True)
    min_age = models.PositiveSmallIntegerField("usia paling sedikit (tahun)", null=True, blank=True)
    wait_months = models.PositiveSmallIntegerField("masa tunggu sejak berakhir (bulan)", default=0)
    min_years = models.PositiveSmallIntegerField("kepesertaan paling sedikit (tahun)", null=True, blank=True)
    max_percent = models.PositiveSmallIntegerField("paling banyak (% dari saldo)", default=100)
    documents = models.TextField("dokumen, satu baris satu", blank=True)
    is_training = models.BooleanField("angka latihan", default=False)

    class Meta:
        verbose_name = "syarat alasan klaim"
        verbose_name_plural = "syarat alasan klaim"
        ordering = ["regulation", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["regulation", "reason"],
                name="reason_once_a_regulation",
                violation_error_message="Alasan ini sudah ada pada peraturan ini. Ubah yang ada.",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=Reason.values),
                name="reason_rule_is_known",
                violation_error_message="Alasan ini tidak dikenal. Pilih dari daftar.",
            ),
            models.CheckConstraint(
                condition=Q(max_percent__gte=1, max_percent__lte=100),
                name="reason_rule_pays_a_share",
                violation_error_message="Bagian yang boleh diambil ditulis dari 1 sampai 100 persen.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} ({self.regulation})"

    def terms(self, regulation: Regulation) -> Terms:
        """The same as plain values."""
        return Terms(
            reason=self.reason,
            regulation=regulation.title,
            article=self.article,
            source=regulation.source,
            needs_ended=self.needs_ended,
            min_age=self.min_age,
            wait_months=self.wait_months,
            min_years=self.min_years,
            max_percent=self.max_percent,
            documents=tuple(line.strip() for line in self.documents.splitlines() if line.strip()),
            is_training=self.is_training or regulation.is_training,
        )


class Figure(models.Model):
    """One figure of the rules, valid from a day until the next day on which its kind has rows: a table is one whole.

    `threshold` orders the rows of a table (a tax bracket's upper end, an income band's upper end); 0 is the row for
    all above, and stands where there is no table. Units: rupiah or percent, as `Kind` says.
    """

    class Kind(models.TextChoices):
        APP_LIMIT = "app_limit", "Batas saldo klaim lewat aplikasi (Rp)"
        TAX_FREE = "tax_free", "Batas bebas pajak bila dibayar sekaligus (Rp)"
        TAX_PERCENT = "tax_percent", "Pajak di atas batas bebas (%)"
        TAX_BRACKET = "tax_bracket", "Pajak progresif sampai penghasilan (%)"
        TAX_WITHOUT_NPWP = "tax_without_npwp", "Tambahan pajak tanpa NPWP (%)"
        FINE_PERCENT = "fine_percent", "Denda keterlambatan sebulan (%)"
        DUE_DAY = "due_day", "Tanggal jatuh tempo iuran"
        BPU_BAND = "bpu_band", "Iuran BPU menurut penghasilan (Rp)"
        PMI_AMOUNT = "pmi_amount", "Pilihan iuran PMI (Rp)"
        PAID_WITHIN_DAYS = "paid_within_days", "Klaim dibayar dalam (hari kerja)"

    kind = models.CharField("jenis", max_length=24, choices=Kind)
    threshold = models.PositiveBigIntegerField("sampai (Rp)", default=0, help_text="0 bila bukan tabel.")
    value = models.DecimalField("nilai", max_digits=15, decimal_places=2)
    valid_from = models.DateField("berlaku sejak")
    source = models.CharField("sumber", max_length=200)
    is_training = models.BooleanField("angka latihan", default=True)

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = "angka aturan"
        verbose_name_plural = "angka aturan"
        ordering = ["kind", "-valid_from", "threshold"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "valid_from", "threshold"],
                name="figure_once_a_day",
                violation_error_message="Angka ini sudah ada untuk tanggal itu. Ubah yang ada.",
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0),
                name="figure_is_not_negative",
                violation_error_message="Nilai tidak boleh kurang dari 0.",
            ),
            models.CheckConstraint(
                condition=~Q(source=""),
                name="figure_names_its_source",
                violation_error_message="Sumber angka masih kosong. Tulis dari mana angka ini.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} sejak {self.valid_from:%d-%m-%Y}"
