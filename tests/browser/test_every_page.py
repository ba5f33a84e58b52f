"""Every page in every state: axe finds nothing, nothing is wider than a narrow telephone.

That no page complains in the console or asks another host is watched during all tours (conftest.Watch).
"""

import json
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import LOOK_ALIKE, Watch, open_page
from tests.browser.states import REFUSALS, STATES, State
from tests.browser.steps import is_wider_than_the_window

AXE = Axe()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Both widths and both schemes; what does not depend on colour is asked once for each width.
CONTRAST = {"type": "rule", "values": ["color-contrast"]}
ALL = {"type": "tag", "values": TAGS}
RUNS = ((360, "light", ALL), (360, "dark", CONTRAST), (1280, "dark", ALL), (1280, "light", CONTRAST))
# 320 CSS pixels are a small telephone, and a window of 1280 at 400 % zoom.
NARROWEST = {"width": 320, "height": 568}


@pytest.fixture(scope="module")
def rooms(server, chromium) -> Iterator[Callable[[str, dict | None], tuple[Page, Watch]]]:
    """One page for everybody whose pages are looked at: a new browser for each state would cost more than axe."""
    kept: dict[str, tuple[Page, Watch]] = {}

    def room(who: str, storage: dict | None) -> tuple[Page, Watch]:
        if who not in kept:
            watch = Watch()
            kept[who] = open_page(chromium, server, watch, storage=storage), watch
        return kept[who]

    yield room
    for page, _ in kept.values():
        page.context.close()


@pytest.fixture
def shown(rooms, session_of, own_session) -> Callable[[State], Page]:
    """A page in this state."""

    def show(state: State) -> Page:
        storage = None if not state.who else own_session() if state.who == "own" else session_of(state.who)
        page, watch = rooms(state.who, storage)
        watch.faults.clear()
        if not state.who:
            page.context.clear_cookies()
        page.set_viewport_size({"width": 1280, "height": 800})
        state.reach(page)
        page.wait_for_load_state()
        assert watch.found() == []  # now, because axe itself tries things that the page's policy forbids
        return page

    return show


def complaints(page: Page) -> list[str]:
    """What axe finds on a telephone and on a desk, in light and dark; and whether the narrowest window scrolls."""
    page.evaluate(AXE.axe_script)
    found = []
    for width, scheme, rules in RUNS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        page.evaluate("Promise.all(document.getAnimations().map((change) => change.finished))")
        options = json.dumps({"runOnly": rules, "resultTypes": ["violations"]})
        for violation in page.evaluate(f"axe.run(document, {options})")["violations"]:
            for node in violation["nodes"]:
                found.append(f"{width} {scheme} {violation['id']}: {' '.join(map(str, node['target']))}")
    page.set_viewport_size(NARROWEST)
    if wider := is_wider_than_the_window(page):
        found.append(f"{wider} pixels wider than {NARROWEST['width']}")
    return found


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_axe_finds_nothing_and_nothing_is_wider_than_320_pixels(shown, state):
    assert complaints(shown(state)) == []


@pytest.fixture(scope="session")
def refusals(server) -> dict[int, str]:
    """What portal/refusals.py answers, by status: some of these no browser can provoke."""
    code = (
        "import json; from portal.refusals import refusal; "
        f"print('>>>' + json.dumps({{s: refusal(s).content.decode() for s in {REFUSALS}}}))"
    )
    return {
        int(status): page for status, page in json.loads(server.manage("shell", "-c", code).split(">>>")[1]).items()
    }


@pytest.mark.parametrize("status", REFUSALS)
def test_every_refusal_wears_the_same_clothes(visitor, refusals, status):
    page = visitor()
    page.route(
        "**/ditolak/", lambda route: route.fulfill(status=status, content_type="text/html", body=refusals[status])
    )
    page.goto("/ditolak/")
    assert "bukan situs resmi" in page.locator(".tape").inner_text()
    assert complaints(page) == []


def test_a_name_that_resembles_the_real_site_is_refused(visitor, watch):
    watch.expected.append(LOOK_ALIKE)  # nothing at all is served there, not even the style sheet: the console says so
    page = visitor(host=LOOK_ALIKE)
    answer = page.goto("/akun/login/")
    assert answer.status == 421
    assert "menyerupai situs resmi" in page.get_by_role("heading", level=1).inner_text()
    assert page.get_by_role("textbox").count() == 0
