""" "Saya bukan robot" where it is hard: without a secure context, with a worker that fails or never answers."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOM
from tests.browser.steps import heading, login_by_card, press, tick

WORKER = "**/pow-worker*.js"


@pytest.fixture
def box(page) -> Page:
    page.clock.install()
    page.goto("/akun/login/?sebagai=budi")
    return page


def test_it_is_solved_on_a_plain_http_address_of_the_room(visitor, watch):
    page = visitor(host=ROOM)
    page.goto("/akun/login/")
    assert page.evaluate("isSecureContext") is False
    assert page.evaluate("typeof crypto.subtle") == "undefined"
    login_by_card(page, "budi")


def test_a_worker_that_does_not_load_says_so(page, watch):
    watch.expected.append("pow-worker")
    page.route(WORKER, lambda route: route.abort())
    page.goto("/akun/login/?sebagai=budi")
    page.get_by_role("checkbox", name="Saya bukan robot").click()  # it is taken away at once
    expect(page.get_by_text("Pemeriksaan gagal di peramban ini.")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Saya bukan robot")).not_to_be_checked()

    page.unroute(WORKER)
    tick(page)
    press(page, "Login")
    heading(page, "Layanan")


def test_a_worker_that_never_answers_is_stopped_and_says_so(box):
    box.route(WORKER, lambda route: route.fulfill(content_type="text/javascript", body="onmessage = () => {};"))
    check = box.get_by_role("checkbox", name="Saya bukan robot")
    check.check()
    expect(box.get_by_text("Sedang memeriksa …")).to_be_visible()
    box.clock.fast_forward(21_000)
    expect(box.get_by_text("Pemeriksaan terlalu lama dan dihentikan.")).to_be_visible()
    expect(check).not_to_be_checked()


def test_a_site_that_does_not_answer_says_so(page, watch):
    watch.expected.append("/akun/captcha/")
    page.goto("/akun/login/?sebagai=budi")
    page.route("**/akun/captcha/", lambda route: route.abort())
    page.get_by_role("checkbox", name="Saya bukan robot").click()  # it is taken away at once
    expect(page.get_by_text("Situs tidak dapat dihubungi.")).to_be_visible()


def test_login_pressed_while_it_works_waits_for_the_answer(page):
    page.goto("/akun/login/?sebagai=budi")
    page.get_by_role("checkbox", name="Saya bukan robot").check()
    press(page, "Login")
    heading(page, "Layanan")


def test_a_tick_that_grows_old_is_renewed_by_itself(box):
    with box.expect_response("**/akun/captcha/"):
        tick(box)
    with box.expect_response("**/akun/captcha/"):
        box.clock.fast_forward("09:30")
    expect(box.get_by_text("Terverifikasi", exact=True)).to_be_visible()
    expect(box.get_by_role("checkbox", name="Saya bukan robot")).to_be_checked()


def test_taking_the_tick_away_takes_the_answer_away(page):
    page.goto("/akun/login/?sebagai=budi")
    tick(page)
    page.get_by_role("checkbox", name="Saya bukan robot").uncheck()
    expect(page.locator("input[name=captcha]")).to_have_value("")
    press(page, "Login")
    expect(page.locator(".error-summary")).to_contain_text("belum dicentang")
