"""As of which day the rows of a file are judged: in a class it may be another than today."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jht", "0013_passports_and_unadded")]
    operations = [
        migrations.AddField(
            "importjob", "day", models.DateField(editable=False, null=True, verbose_name="hari di meja")
        )
    ]
