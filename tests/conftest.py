"""What all tests share."""

import base64
import json
import os

import hypothesis
import pytest
from altcha import solve_challenge_v1
from django.conf import settings
from django.urls import reverse

from accounts.hashers import OwaspArgon2PasswordHasher

# A busy machine is not a fault, and the gate judges by the same examples each time; EXPLORE=1 looks for new ones.
hypothesis.settings.register_profile(
    "latih",
    deadline=None,
    derandomize=not os.environ.get("EXPLORE"),
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("latih")


def pytest_configure(config):
    """Pages link to static files by their plain names: nothing has to be collected before a test.

    A kata sandi is hashed by the same argon2 with less work: thousands of tests make accounts. Servers that tests
    start hash as installations do, and tests/portal/test_deploy.py checks how hard that is.
    """
    OwaspArgon2PasswordHasher.memory_cost = 64  # KiB
    OwaspArgon2PasswordHasher.time_cost = 1
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns about a missing one


@pytest.fixture(autouse=True)
def real_outbox(settings):
    """Mails become rows, as always here; Django's test runner would keep them in memory."""
    settings.EMAIL_BACKEND = "accounts.outbox.OutboxBackend"


def solved(challenge: dict) -> str:
    """The answer a browser would find for a challenge, as it posts it."""
    number = solve_challenge_v1(
        challenge["challenge"], challenge["salt"], challenge["algorithm"], challenge["maxNumber"]
    ).number
    answer = {name: challenge[name] for name in ("algorithm", "challenge", "salt", "signature")} | {"number": number}
    return base64.b64encode(json.dumps(answer).encode()).decode()


@pytest.fixture
def tick(client, db, monkeypatch):
    """What the ticked box "Saya bukan robot" posts: `client.post(url, data | tick())`. Truly solved, each time anew.

    The work is made light here; that a heavy one is asked of browsers is tested in tests/accounts/test_captcha.py.
    """
    monkeypatch.setattr("accounts.captcha.HARDEST", 500)

    def solve() -> dict[str, str]:
        return {"captcha": solved(client.get(reverse("captcha_challenge")).json()), "captcha_tick": "on"}

    return solve


@pytest.fixture
def login(client, tick):
    """Sign in as a person does: the page, the box, the button."""

    def through_the_page(email: str, password: str, **extra):
        return client.post(reverse("account_login"), {"login": email, "password": password} | tick() | extra)

    return through_the_page
