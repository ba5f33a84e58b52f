"""Who is in the programme: participants, employers, memberships, and what happened to their records."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from jht import ledger
from jht.querysets import MembershipQuerySet
from jht.validators import validate_kpj, validate_nik, validate_passport


class Segment(models.TextChoices):
    PU = "PU", "Penerima Upah"
    BPU = "BPU", "Bukan Penerima Upah"
    PMI = "PMI", "Pekerja Migran Indonesia"
    JAKON = "JAKON", "Jasa Konstruksi"


class Participant(models.Model):
    """A person in the programme; always invented. Citizens have a NIK, foreigners (WNA) a passport instead.

    Source of the NIK's rules: docs/aturan.md#nik; the passport's number is our own convention, #paspor.
    """

    nik = models.CharField(
        "NIK",
        max_length=16,
        null=True,
        blank=True,
        unique=True,
        validators=[validate_nik],
        help_text="16 angka, berawalan 49. NIK sungguhan ditolak.",
        error_messages={"unique": "NIK ini sudah dipakai peserta lain. Buka peserta itu atau isi NIK lain."},
    )
    passport = models.CharField(
        "nomor paspor",
        max_length=9,
        null=True,
        blank=True,
        unique=True,
        validators=[validate_passport],
        help_text="Hanya untuk WNA: X49 dan enam angka. Paspor sungguhan ditolak.",
        error_messages={"unique": "Nomor paspor ini sudah dipakai peserta lain. Periksa nomornya."},
    )
    name = models.CharField("nama lengkap", max_length=120)
    birth_date = models.DateField(
        "tanggal lahir", help_text="Boleh berbeda dari tanggal dalam NIK: NIK tidak diterbitkan ulang."
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="participant",
        verbose_name="akun",
        help_text="Terisi setelah peserta menghubungkan kepesertaannya.",
        error_messages={"unique": "Akun ini sudah terhubung dengan peserta lain. Pilih akun lain atau kosongkan."},
    )
    has_npwp = models.BooleanField("punya NPWP", default=False)
    data_updated_on = models.DateField("data dikinikan tanggal", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "peserta"
        verbose_name_plural = "peserta"
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(nik__regex=r"^49[0-9]{14}$"),
                name="participant_nik_is_training",
                violation_error_message="NIK latihan terdiri dari 16 angka dan berawalan 49. Isi NIK latihan.",
            ),
            models.CheckConstraint(
                condition=Q(passport__regex=r"^X49[0-9]{6}$"),
                name="participant_passport_is_training",
                violation_error_message="Nomor paspor latihan terdiri dari X49 dan enam angka. Isi paspor latihan.",
            ),
            models.CheckConstraint(
                condition=Q(nik__isnull=False, passport__isnull=True) | Q(nik__isnull=True, passport__isnull=False),
                name="participant_nik_or_passport",
                violation_error_message="Isi salah satu: NIK untuk WNI, atau nomor paspor untuk WNA.",
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="participant_has_a_name",
                violation_error_message="Nama peserta masih kosong. Isi nama lengkapnya.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def identity(self) -> str:
        """The number that says who this is: NIK, or a foreigner's passport."""
        return self.nik or self.passport

    @property
    def identity_label(self) -> str:
        return "Nomor paspor" if self.passport else "NIK"

    @property
    def citizenship_label(self) -> str:
        return "Asing (WNA)" if self.passport else "Indonesia (WNI)"


class Employer(models.Model):
    """A company that pays contributions; always invented."""

    npp = models.CharField(
        "NPP",
        max_length=8,
        unique=True,
        help_text="Nomor Pendaftaran Perusahaan, 8 huruf besar atau angka.",
        error_messages={"unique": "NPP ini sudah dipakai perusahaan lain. Periksa nomornya."},
    )
    name = models.CharField("nama perusahaan", max_length=120)
    city = models.CharField("kota", max_length=80, blank=True)

    class Meta:
        verbose_name = "pemberi kerja"
        verbose_name_plural = "pemberi kerja"
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(npp__regex=r"^[A-Z0-9]{8}$"),
                name="employer_npp_is_eight_characters",
                violation_error_message="NPP terdiri dari 8 huruf besar atau angka, misalnya L4900001.",
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="employer_has_a_name",
                violation_error_message="Nama perusahaan masih kosong. Isi namanya.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.npp})"


class Membership(models.Model):
    """One KPJ: one person's account with one employer, or as self-employed or migrant worker."""

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="memberships", verbose_name="peserta")
    employer = models.ForeignKey(
        Employer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name="pemberi kerja",
        help_text="Diisi untuk PU dan Jakon, dikosongkan untuk BPU dan PMI.",
    )
    kpj = models.CharField(
        "nomor KPJ",
        max_length=11,
        unique=True,
        validators=[validate_kpj],
        help_text="11 angka, berawalan 49.",
        error_messages={"unique": "Nomor KPJ ini sudah dipakai. Isi nomor lain."},
    )
    segment = models.CharField("segmen", max_length=5, choices=Segment)
    start = models.DateField("mulai")
    end = models.DateField(
        "berakhir", null=True, blank=True, help_text="Hari terakhir bekerja. Kosong selama masih aktif."
    )

    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged_from",
        verbose_name="digabung ke",
    )
    merged_on = models.DateField("digabung tanggal", null=True, blank=True, editable=False)
    unadded_since = models.DateField(
        "belum ditambahkan sejak",
        null=True,
        blank=True,
        help_text="Terisi selama peserta belum menambahkan KPJ ini pada akunnya; sampai saat itu ia tidak melihatnya.",
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "kepesertaan"
        verbose_name_plural = "kepesertaan"
        ordering = ["-start", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kpj__regex=r"^49[0-9]{9}$"),
                name="membership_kpj_is_training",
                violation_error_message="Nomor KPJ latihan terdiri dari 11 angka dan berawalan 49.",
            ),
            models.CheckConstraint(
                condition=Q(segment__in=Segment.values),
                name="membership_segment_is_known",
                violation_error_message="Segmen ini tidak dikenal. Pilih PU, BPU, PMI atau Jakon.",
            ),
            models.CheckConstraint(
                condition=Q(segment__in=["PU", "JAKON"], employer__isnull=False)
                | Q(segment__in=["BPU", "PMI"], employer__isnull=True),
                name="membership_employer_fits_segment",
                violation_error_message=(
                    "PU dan Jakon mempunyai pemberi kerja, BPU dan PMI tidak. Sesuaikan pemberi kerja atau segmennya."
                ),
            ),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")),
                name="membership_ends_after_start",
                violation_error_message="Tanggal berakhir mendahului tanggal mulai. Perbaiki salah satunya.",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True, merged_on__isnull=True)
                | (Q(merged_into__isnull=False, merged_on__isnull=False) & ~Q(merged_into=F("id"))),
                name="membership_merged_elsewhere",
                violation_error_message="KPJ digabung ke KPJ lain, dengan tanggalnya.",
            ),
        ]

    def __str__(self) -> str:
        return self.kpj

    @property
    def has_jht(self) -> bool:
        """Construction workers (Jakon) are covered for accident and death only: no old-age savings."""
        return self.segment != Segment.JAKON

    def balance(self, on: date) -> Decimal:
        """Everything booked by this day plus the return earned since the last credited year, in rupiah and sen."""
        return ledger.balances(ledger.rates(), on, [self.pk]).get(self.pk, Decimal(0))

    def is_active(self, on: date) -> bool:
        """Whether the membership runs on this day; the day it ends is still a day of membership."""
        return self.start <= on and (self.end is None or self.end >= on)


class LinkAttempt(models.Model):
    """One try of an account to link itself to a participant. What was typed is not kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="akun")
    at = models.DateTimeField("waktu")
    matched = models.BooleanField("cocok")

    class Meta:
        verbose_name = "percobaan menghubungkan"
        verbose_name_plural = "percobaan menghubungkan"
        ordering = ["-at"]
        indexes = [models.Index(fields=["user", "at"], name="link_attempt_by_user")]

    def __str__(self) -> str:
        return f"{self.at:%d-%m-%Y %H.%M}"


class Removal(models.Model):
    """That a whole invented participant was removed, ledger and all: the one way out of an append-only ledger."""

    participant_id_was = models.BigIntegerField("nomor peserta", unique=True)
    reason = models.CharField("alasan", max_length=200)
    at = models.DateTimeField("waktu")
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="oleh"
    )

    class Meta:
        verbose_name = "penghapusan peserta"
        verbose_name_plural = "penghapusan peserta"
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="removal_has_a_reason",
                violation_error_message="Penghapusan memerlukan alasan. Tulis alasannya.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.participant_id_was}: {self.reason}"
