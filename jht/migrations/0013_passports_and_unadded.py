"""Foreigners have a passport instead of a NIK; a KPJ may wait until its owner adds it.

SQLite remakes jht_participant, on which no trigger stands and which none names. jht_membership and its triggers stay as
they are: a plain column that may be empty is added without remaking the table.
"""

from django.db import migrations, models

import jht.validators


class Migration(migrations.Migration):
    dependencies = [("jht", "0012_one_trail")]
    operations = [
        migrations.AddField(
            "membership",
            "unadded_since",
            models.DateField(
                "belum ditambahkan sejak",
                blank=True,
                null=True,
                help_text="Terisi selama peserta belum menambahkan KPJ ini pada akunnya; sampai saat itu ia tidak melihatnya.",
            ),
        ),
        migrations.AddField(
            "participant",
            "data_updated_on",
            models.DateField("data dikinikan tanggal", blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            "participant",
            "passport",
            models.CharField(
                "nomor paspor",
                max_length=9,
                blank=True,
                null=True,
                unique=True,
                validators=[jht.validators.validate_passport],
                help_text="Hanya untuk WNA: X49 dan enam angka. Paspor sungguhan ditolak.",
                error_messages={"unique": "Nomor paspor ini sudah dipakai peserta lain. Periksa nomornya."},
            ),
        ),
        migrations.AlterField(
            "participant",
            "nik",
            models.CharField(
                "NIK",
                max_length=16,
                blank=True,
                null=True,
                unique=True,
                validators=[jht.validators.validate_nik],
                help_text="16 angka, berawalan 49. NIK sungguhan ditolak.",
                error_messages={"unique": "NIK ini sudah dipakai peserta lain. Buka peserta itu atau isi NIK lain."},
            ),
        ),
        migrations.AddConstraint(
            "participant",
            models.CheckConstraint(
                condition=models.Q(passport__regex=r"^X49[0-9]{6}$"),
                name="participant_passport_is_training",
                violation_error_message="Nomor paspor latihan terdiri dari X49 dan enam angka. Isi paspor latihan.",
            ),
        ),
        migrations.AddConstraint(
            "participant",
            models.CheckConstraint(
                condition=models.Q(nik__isnull=False, passport__isnull=True)
                | models.Q(nik__isnull=True, passport__isnull=False),
                name="participant_nik_or_passport",
                violation_error_message="Isi salah satu: NIK untuk WNI, atau nomor paspor untuk WNA.",
            ),
        ),
    ]
