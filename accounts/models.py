"""WHO: the people who sign in, and the messages this site wrote to them."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """A user with the e-mail in lower case; without a password nobody can log in with it.

        Whoever calls this vouches for the address, so it counts as confirmed.
        """
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        with transaction.atomic(using=self._db):
            user.save(using=self._db)
            user.confirm_address()
        return user

    def create_superuser(self, email: str, password: str, **fields) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email=email.strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """An account: an e-mail and a password. Who the person is in the programme stands in jht.Participant."""

    email = models.EmailField(
        "e-mail", unique=True, error_messages={"unique": "Sudah ada akun dengan e-mail ini. Pakai e-mail lain."}
    )
    is_staff = models.BooleanField("petugas", default=False, help_text="Boleh membuka meja petugas.")
    is_active = models.BooleanField("aktif", default=True, help_text="Kosongkan untuk menutup akun tanpa menghapusnya.")
    is_shared = models.BooleanField(
        "akun contoh bersama",
        default=False,
        help_text="Dipakai bergantian oleh semua peserta latihan lewat kartu di halaman masuk.",
    )
    date_joined = models.DateTimeField("terdaftar sejak", default=timezone.now, editable=False)
    phone = models.CharField("nomor handphone", max_length=15, blank=True, default="", editable=False)
    inbox_key = models.CharField(  # the browser that made the account reads its mail (accounts/outbox.py)
        max_length=32, blank=True, default="", editable=False
    )

    USERNAME_FIELD = "email"
    objects = UserManager()

    class Meta:
        verbose_name = "akun"
        verbose_name_plural = "akun"
        ordering = ["email"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="user_email_is_lower_case",
                violation_error_message="E-mail ditulis dengan huruf kecil.",
            )
        ]

    def __str__(self) -> str:
        return self.email

    def confirm_address(self) -> None:
        """Write down that `email` belongs to this account and is its only address."""
        from allauth.account.models import EmailAddress  # its models name this one

        EmailAddress.objects.filter(user=self).exclude(email=self.email).delete()
        EmailAddress.objects.update_or_create(user=self, email=self.email, defaults={"verified": True, "primary": True})


class OutboxMessageQuerySet(models.QuerySet["OutboxMessage"]):
    def readable_by(self, key: str | None) -> "OutboxMessageQuerySet":
        """The mails that have come to the browser with this `inbox_key`, newest first; none without a key."""
        if not key:
            return self.none()
        come = models.Q(arrives_at__isnull=True) | models.Q(arrives_at__lte=timezone.now())
        mails = self.filter(come, inbox_key=key).exclude(state=OutboxMessage.State.LOST)
        return mails.order_by("-created_at", "-pk")

    def due(self, at: datetime) -> "OutboxMessageQuerySet":
        """Mails whose turn to be sent has come, oldest first."""
        return self.filter(state=OutboxMessage.State.PENDING, next_try_at__lte=at).order_by("pk")


class OutboxMessage(models.Model):
    """A mail this site wrote. Without EMAIL_URL it stays here; with it, it is sent after the answer (delivery.py).

    One that a fault delays is not there before `arrives_at`, by the real clock; empty: it came at once. One that a
    fault loses is written as LOST and never shown.
    """

    class State(models.TextChoices):
        CAPTURED = "captured", "ditampung di layar"
        PENDING = "pending", "menunggu dikirim"
        SENT = "sent", "terkirim"
        FAILED = "failed", "gagal"
        LOST = "lost", "tidak sampai (latihan)"

    to = models.EmailField("kepada", max_length=254)
    subject = models.CharField("perihal", max_length=200)
    body = models.TextField("isi", blank=True, help_text="Dihapus setelah terkirim.")
    code = models.CharField("kode", max_length=6, blank=True)
    inbox_key = models.CharField(max_length=32, blank=True, editable=False)
    created_at = models.DateTimeField("ditulis", default=timezone.now, editable=False)
    arrives_at = models.DateTimeField("tiba", null=True, editable=False)
    state = models.CharField("keadaan", max_length=8, choices=State, default=State.CAPTURED)
    tries = models.PositiveIntegerField("percobaan kirim", default=0)
    next_try_at = models.DateTimeField("dicoba lagi", null=True, blank=True)
    last_error = models.CharField("galat terakhir", max_length=200, blank=True)

    objects = OutboxMessageQuerySet.as_manager()

    class Meta:
        verbose_name = "e-mail keluar"
        verbose_name_plural = "e-mail keluar"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["inbox_key", "-created_at"], name="outbox_by_reader"),
            models.Index(fields=["next_try_at"], name="outbox_waiting", condition=models.Q(state="pending")),
        ]

    def __str__(self) -> str:
        return self.subject


class TextMessageQuerySet(models.QuerySet["TextMessage"]):
    def conversation(self, phone: str, at: datetime) -> "TextMessageQuerySet":
        """What this phone has sent and received by `at`, oldest first."""
        return self.filter(phone=phone, arrives_at__lte=at).order_by("arrives_at", "pk")

    def due(self, at: datetime) -> "TextMessageQuerySet":
        """Texts whose turn to go to the gateway has come, oldest first."""
        return self.filter(state=TextMessage.State.PENDING, next_try_at__lte=at).order_by("pk")


class TextMessage(models.Model):
    """One text between a phone and 2757, or from this site to a phone (a code).

    Without SMS_URL it stays here and the phone on screen shows it. A text that a fault delays arrives at `arrives_at`;
    one that a fault loses is written as LOST and never shown.
    """

    class Direction(models.TextChoices):
        IN = "in", "dari telepon"
        OUT = "out", "ke telepon"

    class State(models.TextChoices):
        CAPTURED = "captured", "ditampung di layar"
        PENDING = "pending", "menunggu dikirim"
        SENT = "sent", "terkirim"
        FAILED = "failed", "gagal"
        LOST = "lost", "tidak sampai (latihan)"

    phone = models.CharField("nomor telepon", max_length=15, help_text="08…, hanya angka.")
    direction = models.CharField("arah", max_length=3, choices=Direction)
    text = models.CharField("isi", max_length=1000)
    code = models.CharField("kode", max_length=6, blank=True)
    arrives_at = models.DateTimeField("tiba")
    gateway_id = models.CharField(
        "nomor dari gerbang", max_length=80, null=True, blank=True, unique=True, editable=False
    )
    state = models.CharField("keadaan", max_length=8, choices=State, default=State.CAPTURED)
    tries = models.PositiveIntegerField("percobaan kirim", default=0)
    next_try_at = models.DateTimeField("dicoba lagi", null=True, blank=True)
    last_error = models.CharField("galat terakhir", max_length=200, blank=True)

    objects = TextMessageQuerySet.as_manager()

    class Meta:
        verbose_name = "SMS"
        verbose_name_plural = "SMS"
        ordering = ["-arrives_at", "-pk"]
        indexes = [
            models.Index(fields=["phone", "arrives_at"], name="text_by_phone"),
            models.Index(fields=["next_try_at"], name="text_waiting", condition=models.Q(state="pending")),
        ]

    def __str__(self) -> str:
        return f"{self.get_direction_display()} {self.phone}"


class Attempt(models.Model):
    """How often something was tried in the current window. Written only by limits.py, in one statement.

    `key` is an HMAC: neither addresses nor codes are stored here.
    """

    scope = models.CharField(max_length=32)
    key = models.CharField(max_length=64)
    window_ends = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "key"],
                name="attempt_once_per_key",
                violation_error_message="Penghitung ini sudah ada.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.count}"
