"""What stops the start: mistakes in the installation that would harm people, each with its sentence."""

from ipaddress import ip_network
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


SHORTEST_SECRET = 16  # characters


@register
def texts(app_configs, **kwargs) -> list[CheckMessage]:
    """A gateway's door with a secret one can guess, or with a list of addresses nobody can read."""
    errors: list[CheckMessage] = []
    if settings.SMS_SECRET and len(settings.SMS_SECRET) < SHORTEST_SECRET:
        errors.append(
            Error(
                f"SMS_SECRET terlalu pendek. Pakai sedikitnya {SHORTEST_SECRET} karakter.",
                hint='python -c "import secrets; print(secrets.token_urlsafe())"',
                id="portal.E005",
            )
        )
    for network in settings.SMS_GATEWAYS:
        try:
            ip_network(network, strict=False)
        except ValueError:
            errors.append(
                Error(
                    f"SMS_GATEWAYS memuat {network!r}, yang bukan alamat atau jaringan IP.",
                    hint="Tulis misalnya 127.0.0.1/32,10.0.0.0/24",
                    id="portal.E006",
                )
            )
    if settings.SMS_URL and urlsplit(settings.SMS_URL).scheme not in ("http", "https"):
        errors.append(
            Error("SMS_URL harus berawalan http:// atau https://.", hint="Lihat docs/sms.md.", id="portal.E007")
        )
    return errors
