"""What stops the start: mistakes in the installation that would harm people, each with its sentence."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from portal.guard import resembles_the_real_site

PER_PROCESS = ("LocMemCache", "DummyCache")


@register
def host_names(app_configs, **kwargs) -> list[CheckMessage]:
    """No host name may resemble the real site, and none may stand for all."""
    names = [(name, "HOSTS") for name in settings.ALLOWED_HOSTS]
    if settings.SITE_ORIGIN:
        names.append((urlsplit(settings.SITE_ORIGIN).netloc or settings.SITE_ORIGIN, "SITE_ORIGIN"))
    errors: list[CheckMessage] = [
        Error(
            f"{variable} memuat {name!r}, yang menyerupai alamat resmi. Simulasi ini menolak dijalankan di alamat itu.",
            hint="Pakai nama yang tidak dapat disangka situs resmi, misalnya latih.example.",
            id="portal.E001",
        )
        for name, variable in names
        if resembles_the_real_site(name)
    ]
    if "*" in settings.ALLOWED_HOSTS:
        errors.append(
            Error("HOSTS memuat '*'. Sebutkan nama-namanya, dipisahkan koma.", id="portal.E002"),
        )
    return errors


@register
def shared_cache(app_configs, **kwargs) -> list[CheckMessage]:
    """With several processes a cache of one process would count limits, and use up answers, once per process."""
    backend = settings.CACHES["default"]["BACKEND"]
    if settings.WORKERS > 1 and backend.endswith(PER_PROCESS):
        return [
            Error(
                f"WORKERS={settings.WORKERS} memerlukan cache bersama, tetapi CACHE_URL memilih cache per proses.",
                hint="Kosongkan CACHE_URL (tabel di basis data) atau pakai redis://…",
                id="portal.E003",
            )
        ]
    return []


@register
def encrypted(app_configs, **kwargs) -> list[CheckMessage]:
    """Our server speaks plain http: without a proxy in front, HTTPS=1 would redirect for ever."""
    if settings.HTTPS and not settings.TRUSTED_PROXIES:
        return [
            Error(
                "HTTPS=1 tanpa proksi: server ini sendiri tidak mengenkripsi.",
                hint="Isi TRUSTED_PROXIES dengan jumlah proksi di depan situs ini (biasanya 1).",
                id="portal.E004",
            )
        ]
    return []
