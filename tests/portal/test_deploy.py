"""Production settings, as an operator would write them, read by a process of their own."""

import os
import subprocess
import sys

import pytest

from tests.server import ROOT

PRODUCTION = {
    "HTTPS": "1",
    "TRUSTED_PROXIES": "1",
    "HOSTS": "latih.example",
    "SITE_ORIGIN": "https://latih.example",
}


def manage(tmp_path, *arguments, **environ):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**kept, "DATA_DIR": str(tmp_path), **environ},
        capture_output=True,
        text=True,
    )


def test_check_deploy_is_clean_in_production(tmp_path):
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert done.returncode == 0, done.stderr


def test_cookies_carry_the_host_prefix_under_https(tmp_path):
    code = (
        "from django.conf import settings as s; "
        "print(s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_NAME, s.CSRF_COOKIE_SECURE, "
        "s.SECURE_HSTS_SECONDS)"
    )
    done = manage(tmp_path, "shell", "--no-imports", "-c", code, **PRODUCTION)

    assert done.stdout.split() == ["__Host-sesi", "True", "__Host-csrf", "True", "31536000"]


def test_a_kata_sandi_is_hashed_with_the_least_that_owasp_names(tmp_path):
    """Argon2id, 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet)."""
    code = "from django.contrib.auth.hashers import make_password; print(make_password('kata sandi'))"
    done = manage(tmp_path, "shell", "--no-imports", "-c", code, **PRODUCTION)

    assert done.stdout.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize(
    "environ, sentence",
    [
        ({"HOSTS": "localhost,sso.bpjsku.example"}, "menyerupai alamat resmi"),
        ({"SITE_ORIGIN": "https://bpjs-ketenagakerjaan.example"}, "menyerupai alamat resmi"),
        ({"HOSTS": "*"}, "Sebutkan nama-namanya"),
        ({"WORKERS": "2", "CACHE_URL": "locmemcache://"}, "memerlukan cache bersama"),
        ({"HTTPS": "1"}, "tanpa proksi"),
    ],
)
@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_harmful_installation_is_not_served(tmp_path, command, environ, sentence):
    done = manage(tmp_path, command, **environ)

    assert done.returncode != 0
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_serve_says_when_the_tables_are_missing(tmp_path):
    done = manage(tmp_path, "serve")

    assert done.returncode != 0
    assert done.stderr.strip().splitlines()[-1].startswith("Basis data belum siap")


def test_each_installation_has_a_secret_of_its_own(tmp_path):
    code = "from django.conf import settings; print(settings.SECRET_KEY)"
    keys = [manage(tmp_path / name, "shell", "--no-imports", "-c", code).stdout for name in ("a", "a", "b")]

    assert len(keys[0]) > 50
    assert keys[0] == keys[1] != keys[2]
    assert (tmp_path / "a" / "secret-key").stat().st_mode & 0o077 == 0
