"""Who was removed with a seat, so that the house's trail stays the house's."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0009_trainers_write_scenarios")]
    operations = [
        migrations.CreateModel(
            "FormerPerson",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("participant_id_was", models.BigIntegerField(null=True, unique=True, verbose_name="nomor peserta")),
                ("account_id_was", models.BigIntegerField(null=True, unique=True, verbose_name="nomor akun")),
            ],
            {
                "verbose_name": "orang yang pernah di kursi",
                "verbose_name_plural": "orang yang pernah di kursi",
            },
        )
    ]
