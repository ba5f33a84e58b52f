"""What makes pages an app: the manifest, the service worker and the one page it shows when nothing answers.

The worker keeps the shell and that page, never a page with anybody's data: a telephone may be lent or lost.
"""

import hashlib
import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

FILES = (
    "portal/css/portal.css",
    "portal/css/jmo.css",
    "portal/js/ui.js",
    "portal/js/jmo.js",
    "portal/icons/sprite.svg",
    "portal/icons/app.svg",
)


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """https://www.w3.org/TR/appmanifest/"""
    start = reverse("jmo:home")
    pictures = (("app-192.png", 192, "any"), ("app-512.png", 512, "any"), ("app-maskable-512.png", 512, "maskable"))
    icons = [
        {"src": static(f"portal/icons/{name}"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for name, size, purpose in pictures
    ]
    told = {
        "id": start,
        "name": "Saku Latih (SIMULASI)",
        "short_name": "Saku Latih",
        "description": "Aplikasi latihan dengan orang rekaan. Bukan aplikasi resmi.",
        "lang": "id",
        "start_url": start,
        "scope": start,
        "display": "standalone",
        "orientation": "any",
        "background_color": "#f7f0e4",
        "theme_color": "#2c1a30",
        "icons": icons,
    }
    return JsonResponse(told, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; its cache is named after what is in it, so that a new shell replaces the old one."""
    page = reverse("jmo:offline")
    shell = [page, *map(static, FILES)]
    version = hashlib.sha256(f"{shell}{_offline()}".encode()).hexdigest()[:12]
    context = {"version": version, "page": json.dumps(page), "shell": json.dumps(shell)}
    return render(request, "jmo/sw.js", context, content_type="text/javascript")


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_offline())


def _offline() -> str:
    """Drawn without the request: the same for everybody, with nobody's name on it."""
    return render_to_string("jmo/offline.html")
