"""Real Chromium against the real server. Every page that any tour opens is watched: no error in the console, no
request to another host."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.browser.steps import login_by_card, sign_up
from tests.server import Server

ROOM = "latih.lan"  # a name of the local network: plain http there is no secure context
LOOK_ALIKE = "bpjs-ketenagakerjaan.example"
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    f"--host-resolver-rules=MAP {ROOM} 127.0.0.1,MAP {LOOK_ALIKE} 127.0.0.1",
]
expect.set_options(timeout=30_000)  # ms; a busy machine is no fault of the page


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with Server(HOSTS=f"localhost,127.0.0.1,{ROOM}") as server:
        yield server


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        # The cache for "back" is what other people's browsers have, and what must not show a person's data.
        browser = playwright.chromium.launch(
            executable_path=found, args=CHROMIUM, ignore_default_args=["--disable-back-forward-cache"]
        )
        yield browser
        browser.close()


class Watch:
    """What must not happen on any page. `expected`: parts of the messages that a tour provokes on purpose."""

    def __init__(self):
        self.faults: list[str] = []
        self.expected: list[str] = []
        self.refused: set[str] = set()  # documents answered with 4xx or 5xx: Chromium reports those in the console

    def over(self, context: BrowserContext, origin: str) -> None:
        def request(request: Request) -> None:
            if not request.url.startswith(f"{origin}/"):
                self.faults.append(f"request to {request.url}")

        def console(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning"):
                self.faults.append(f"{message.type} in the console of {message.location['url']}: {message.text}")

        context.on("request", request)
        context.on("console", console)
        context.on("weberror", lambda error: self.faults.append(f"uncaught: {error.error}"))
        context.on("response", lambda response: self.note(response.request, response.status))

    def note(self, request: Request, status: int) -> None:
        if status >= 400 and request.is_navigation_request():
            self.refused.add(request.url)

    def found(self) -> list[str]:
        tolerated = [*self.expected, *(f"console of {url}: Failed to load resource" for url in self.refused)]
        return [fault for fault in self.faults if not any(part in fault for part in tolerated)]


@pytest.fixture
def watch() -> Watch:
    return Watch()


def open_page(chromium: Browser, server: Server, watch: Watch, *, host="127.0.0.1", storage=None, **options) -> Page:
    """A page in a browser of its own; options are those of a Playwright context."""
    options = {
        "viewport": {"width": 1280, "height": 800},
        "locale": "id-ID",
        "timezone_id": "Asia/Jakarta",
        "reduced_motion": "reduce",
        "color_scheme": "light",
    } | options
    origin = f"http://{host}:{server.port}"
    context = chromium.new_context(base_url=origin, storage_state=storage, **options)
    context.set_default_timeout(30_000)
    watch.over(context, origin)
    return context.new_page()


@pytest.fixture
def visitor(server, chromium, watch) -> Iterator[Callable[..., Page]]:
    """A browser of one's own: `visitor()` is a fresh page, `visitor(host=..., storage=..., **options)` another."""
    pages = []

    def arrive(**options) -> Page:
        pages.append(open_page(chromium, server, watch, **options))
        return pages[-1]

    yield arrive
    for page in pages:
        page.context.close()
    assert watch.found() == []


@pytest.fixture
def page(visitor) -> Page:
    """Somebody who is here for the first time."""
    return visitor()


@pytest.fixture(scope="session")
def _keys() -> dict[str, dict]:
    return {}


@pytest.fixture
def session_of(visitor, _keys) -> Callable[[str], dict]:
    """The cookies of somebody of the cast, signed in once and remembered. Do not sign out with them."""

    def key(slug: str) -> dict:
        if slug not in _keys:
            page = visitor()
            login_by_card(page, slug)
            _keys[slug] = page.context.storage_state()
            page.context.close()
        return _keys[slug]

    return key


@pytest.fixture
def signed_in(visitor, session_of) -> Callable[..., Page]:
    """A page of somebody of the cast: `signed_in("budi")`."""
    return lambda slug, **options: visitor(storage=session_of(slug), **options)


@pytest.fixture(scope="session")
def _own() -> list[dict]:
    return []


@pytest.fixture
def own_session(visitor, _own) -> Callable[[], dict]:
    """The cookies of an account of one's own, not linked, made once by sign-up. Leave it as it was."""

    def key() -> dict:
        if not _own:
            page = visitor()
            sign_up(page, "sendiri")
            _own.append(page.context.storage_state())
            page.context.close()
        return _own[0]

    return key


@pytest.fixture
def own_account(visitor, own_session) -> Callable[..., Page]:
    """A page of that account."""
    return lambda **options: visitor(storage=own_session(), **options)
