"""Classes, their seats, and who is played on them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("jht", "0013_passports_and_unadded"),
        ("portal", "0004_trainers_see_texts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Classroom",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="nama kelas")),
                ("day", models.DateField(verbose_name="tanggal")),
                ("code", models.CharField(editable=False, max_length=6, unique=True, verbose_name="kode kelas")),
                ("ends_at", models.DateTimeField(verbose_name="berakhir")),
                (
                    "keep_days",
                    models.PositiveSmallIntegerField(
                        default=7,
                        help_text="Setelah kelas berakhir, data rekaannya dihapus sesudah ini.",
                        verbose_name="data disimpan (hari)",
                    ),
                ),
                ("days_ahead", models.IntegerField(default=0, editable=False, verbose_name="jam dimajukan (hari)")),
                ("furnished_on", models.DateField(editable=False, null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="pelatih",
                    ),
                ),
            ],
            options={
                "verbose_name": "kelas",
                "verbose_name_plural": "kelas",
                "ordering": ["-day", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="nomor")),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="nama")),
                ("code", models.CharField(max_length=8, unique=True, verbose_name="kode kursi")),
                ("mark", models.CharField(max_length=5, unique=True, verbose_name="tanda e-mail")),
                ("inbox_key", models.CharField(max_length=32, unique=True)),
                ("phone_stem", models.CharField(max_length=10, unique=True)),
                ("days_ahead", models.IntegerField(default=0, verbose_name="jam dimajukan (hari)")),
                ("made_on", models.DateField(null=True)),
                ("paid_until", models.DateField(null=True)),
                ("started_at", models.DateTimeField(null=True, verbose_name="mulai")),
                ("last_seen_at", models.DateTimeField(null=True, verbose_name="terakhir terlihat")),
                (
                    "classroom",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="seats",
                        to="portal.classroom",
                        verbose_name="kelas",
                    ),
                ),
            ],
            options={
                "verbose_name": "kursi",
                "verbose_name_plural": "kursi",
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="SeatPerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.CharField(max_length=40, verbose_name="peran")),
                (
                    "participant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="jht.participant",
                        verbose_name="peserta",
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="people",
                        to="portal.seat",
                        verbose_name="kursi",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="akun",
                    ),
                ),
            ],
            options={
                "verbose_name": "orang di kursi",
                "verbose_name_plural": "orang di kursi",
                "ordering": ["id"],
            },
        ),
        migrations.AddConstraint(
            model_name="classroom",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True),
                name="class_has_a_name",
                violation_error_message="Nama kelas masih kosong.",
            ),
        ),
        migrations.AddConstraint(
            model_name="classroom",
            constraint=models.CheckConstraint(
                condition=models.Q(("keep_days__lte", 365)),
                name="class_is_not_kept_for_ever",
                violation_error_message="Data kelas disimpan paling lama 365 hari.",
            ),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.UniqueConstraint(
                fields=("classroom", "number"),
                name="seat_once_in_a_class",
                violation_error_message="Nomor kursi ini sudah ada.",
            ),
        ),
        migrations.AddConstraint(
            model_name="seatperson",
            constraint=models.UniqueConstraint(
                fields=("seat", "slug"),
                name="seat_person_once",
                violation_error_message="Orang ini sudah ada di kursi itu.",
            ),
        ),
    ]
