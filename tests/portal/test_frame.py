"""What every page has around its content: the token of its forms, and what is drawn only once."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.template import engines
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]{64})"')


@pytest.fixture
def browser():
    """A browser whose forms are checked, signed in."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(get_user_model().objects.create_user("budi@latih.test"))
    return client


def test_no_two_pages_show_the_same_token_and_each_of_them_is_accepted(browser):
    browser.get(reverse("home"))
    tokens = [TOKEN.search(browser.get(reverse("home")).text)[1] for _ in range(20)]

    assert len(set(tokens)) == 20
    assert all(
        browser.post(reverse("account_email"), {"csrfmiddlewaretoken": token}).status_code == 200
        for token in tokens[:3]
    )
    assert browser.post(reverse("account_logout"), {"csrfmiddlewaretoken": tokens[0]}).status_code == 302


def test_a_token_of_another_browser_is_refused(browser):
    browser.get(reverse("home"))

    assert browser.post(reverse("account_logout"), {"csrfmiddlewaretoken": "a" * 64}).status_code == 403


def test_what_is_drawn_once_sees_nothing_of_its_page():
    page = engines["django"].from_string("{% once %}[{{ name }}]{% endonce %}{{ name }}")

    assert [page.render({"name": name}) for name in ("Budi", "Siti")] == ["[]Budi", "[]Siti"]
