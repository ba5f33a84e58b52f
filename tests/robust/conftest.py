"""Servers to be mistreated."""

import os
import shutil
import signal
import subprocess
import sys

import pytest

from tests.postgres import Postgres, free_port
from tests.server import ROOT, Server


@pytest.fixture(scope="session")
def postgres():
    server = Postgres(durable=True)
    server.start()
    yield server
    server.remove()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request) -> dict[str, str]:
    """What a Server needs to know about its database."""
    if request.param == "sqlite":
        return {}
    return {"DATABASE_URL": request.getfixturevalue("postgres").new_database()}


class Redis:
    """A Redis of our own that keeps nothing."""

    def __init__(self):
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL,
            cwd="/",
        )

    def stop(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)


@pytest.fixture
def redis():
    """Where Redis is installed; the database's own cache is tested everywhere."""
    if not shutil.which("redis-server"):
        pytest.fail("This test needs a real cache server: install redis-server, then run `make robust` again.")
    server = Redis()
    server.start()
    yield server
    server.stop()


COOKIE = """
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from accounts.models import User
user, _ = User.objects.get_or_create(email="kuat@latih.test", is_staff=True, is_superuser=True)
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session.save()
print(session.session_key)
"""


@pytest.fixture
def signed_in():
    """The Cookie header of a superuser's session, made in the server's own installation."""

    def make(server: Server) -> str:
        return f"sesi={server.manage('shell', '--no-imports', '-c', COOKIE).strip()}"

    return make


def run_python(code: str, environ: dict[str, str]) -> subprocess.Popen:
    """`code` in a process of its own, with the site set up."""
    setup = "import django; django.setup()\n"
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-c", setup + code],
        cwd=ROOT,
        env={**kept, "DJANGO_SETTINGS_MODULE": "portal.settings", **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
