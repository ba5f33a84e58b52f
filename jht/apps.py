from django.apps import AppConfig


class JhtConfig(AppConfig):
    name = "jht"
    verbose_name = "Jaminan Hari Tua"
