"""What a request says of the browser behind it: its address, as far as that can be known, and its time."""

from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

UNKNOWN = "0.0.0.0"  # noqa: S104 (a server behind a socket names no address; this stands for "none")


def client_ip(request: HttpRequest) -> str:
    """The address of the browser, always a valid one.

    X-Forwarded-For is read only as far as our own proxies wrote it: with TRUSTED_PROXIES = n, the n-th entry from
    the right. Whatever stands further left was sent by the browser and may be invented.
    """
    candidates = [request.META.get("REMOTE_ADDR", "")]
    if (proxies := settings.TRUSTED_PROXIES) > 0:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(forwarded) >= proxies:
            candidates.insert(0, forwarded[-proxies])
    for candidate in candidates:
        try:
            return str(ip_address(candidate.strip()))
        except ValueError:
            continue
    return UNKNOWN


def network(ip: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 that one IPv6 line owns."""
    address = ip_address(ip)
    if isinstance(address, IPv6Address):
        return str(ip_network((int(address), 64), strict=False))
    return ip


def now_of(request: HttpRequest | None) -> datetime:
    """The moment at which the site answers this request (portal.middleware.Clock); the real one outside of any."""
    return getattr(request, "now", None) or timezone.now()
