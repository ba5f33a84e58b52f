"""A browser without a screen: cookies, forms, and the box "Saya bukan robot" truly solved."""

import http.client
import json
import re
import time
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.conftest import solved
from tests.server import Server


class Browser:
    def __init__(self, server: Server, cookies: dict[str, str] | None = None):
        self.server, self.cookies, self.took = server, dict(cookies or {}), 0.0

    def ask(self, method: str, path: str, data: dict | None = None) -> tuple[int, http.client.HTTPMessage, str]:
        """Status, headers and text; `took` is how long the server needed, in seconds."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if data is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection(self.server.host, self.server.port, timeout=60)
        begun = time.perf_counter()
        try:
            connection.request(method, path, urlencode(data) if data is not None else None, headers)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        self.took = time.perf_counter() - begun
        for line in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return response.status, response.headers, text

    def token(self, path: str) -> str:
        return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.ask("GET", path)[2])[1]

    def tick(self) -> dict[str, str]:
        return {"captcha": solved(json.loads(self.ask("GET", "/akun/captcha/")[2])), "captcha_tick": "on"}
