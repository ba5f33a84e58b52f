import re

import pytest
from django.urls import reverse

from accounts.models import OutboxMessage, User

GOOD = "gelas kuda awan 7"


@pytest.fixture
def sari(db):
    return User.objects.create_user("sari@latih.test", GOOD)


@pytest.fixture
def mails(db):
    """Mails written since, oldest first."""
    return lambda: list(OutboxMessage.objects.order_by("pk"))


@pytest.fixture
def sign_up(client, tick):
    """Fill in and send the form of Buat Akun Baru."""

    def post(email="baru@latih.test", password=GOOD, **changes):
        data = {"email": email, "password1": password, "password2": password, "consent": "on"} | tick() | changes
        return client.post(reverse("account_signup"), data)

    return post


@pytest.fixture
def enter_code(client):
    return lambda code, **extra: client.post(reverse("account_email_verification_sent"), {"code": code} | extra)


def wrong(code: str) -> str:
    """Six digits that are not this code."""
    return f"{(int(code) + 1) % 10**6:06d}"


def words(response) -> str:
    """The words of a page, without its tags and what differs on every load."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", response.text)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())
