"""The site asked from within: a browser without a network, with cookies, for the player.

Django's own handler with all its middleware, but without the signals of a real request: the database connection of
whoever asks stays as it is, so that what was done can be rolled back.
"""

from dataclasses import dataclass
from functools import lru_cache
from http.cookies import SimpleCookie
from io import BytesIO
from urllib.parse import urlencode, urljoin, urlsplit
from uuid import uuid4

from django.conf import settings
from django.core import signing
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse

from portal.training.models import Seat
from portal.training.seats import seating
from portal.training.trouble.interference import PLAYED

MOST_REDIRECTS = 8
ADDRESS = "127.0.0.1"


@dataclass(frozen=True)
class File:
    name: str
    data: bytes
    media_type: str


@lru_cache(maxsize=4)
def _handler(middleware: tuple[str, ...]) -> BaseHandler:
    handler = BaseHandler()
    handler.load_middleware()
    return handler


class Inside:
    """One browser; on a seat when it is given one."""

    def __init__(self, seat: Seat | None = None):
        self.cookies: dict[str, str] = {}
        self.url = "/"
        if seat:
            name = seating.cookie_name()
            self.cookies[name] = signing.get_cookie_signer(salt=name + seating.SALT).sign(seat.code)

    def get(self, url: str) -> HttpResponse:
        return self._follow(self._ask("GET", urljoin(self.url, url)))

    def post(self, url: str, fields: list[tuple[str, str | File]]) -> HttpResponse:
        return self._follow(self._ask("POST", urljoin(self.url, url), *_body(fields)))

    def _follow(self, response: HttpResponse) -> HttpResponse:
        for _ in range(MOST_REDIRECTS):
            if response.status_code not in (301, 302, 303, 307, 308):
                return response
            response = self._ask("GET", urljoin(self.url, response["Location"]))
        return response

    def _ask(self, method: str, url: str, body: bytes = b"", content_type: str = "") -> HttpResponse:
        parts = urlsplit(url)
        request = WSGIRequest(self._environ(method, parts.path, parts.query, body, content_type))
        response = _handler(tuple(settings.MIDDLEWARE)).get_response(request)
        self.url = url.partition("#")[0]
        for name, morsel in response.cookies.items():
            if morsel["max-age"] == 0 or not morsel.value:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = morsel.value
        return response

    def _environ(self, method: str, path: str, query: str, body: bytes, content_type: str) -> dict:
        host = next((name for name in settings.ALLOWED_HOSTS if name != "*"), "localhost").lstrip(".")
        scheme = "https" if settings.HTTPS else "http"
        cookies = SimpleCookie(self.cookies)
        return {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path.encode().decode("latin-1"),
            "QUERY_STRING": query,
            "CONTENT_TYPE": content_type,
            "CONTENT_LENGTH": str(len(body)),
            "SERVER_NAME": host,
            "SERVER_PORT": "443" if settings.HTTPS else "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": ADDRESS,
            PLAYED: True,
            "HTTP_HOST": host,
            "HTTP_COOKIE": "; ".join(f"{morsel.key}={morsel.coded_value}" for morsel in cookies.values()),
            "HTTP_REFERER": f"{scheme}://{host}{self.url}",
            "HTTP_ACCEPT": "text/html",
            "HTTP_USER_AGENT": "Portal Latih, dari dalam",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": scheme,
            "wsgi.input": BytesIO(body),
            "wsgi.errors": BytesIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }


def _body(fields: list[tuple[str, str | File]]) -> tuple[bytes, str]:
    if not any(isinstance(value, File) for _, value in fields):
        return urlencode(fields).encode(), "application/x-www-form-urlencoded"
    boundary = uuid4().hex
    parts = []
    for name, value in fields:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"'
        if isinstance(value, File):
            head += f'; filename="{value.name}"\r\nContent-Type: {value.media_type}'
            parts.append(head.encode() + b"\r\n\r\n" + value.data + b"\r\n")
        else:
            parts.append(f"{head}\r\n\r\n{value}\r\n".encode())
    return b"".join([*parts, f"--{boundary}--\r\n".encode()]), f"multipart/form-data; boundary={boundary}"
