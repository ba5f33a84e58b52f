"""What we depend on is away: 503 with Retry-After, one line in the log, and no trace on screen or in the log."""

import errno
import logging

import pytest
import redis
from django.core.cache import cache
from django.db import IntegrityError, InterfaceError, OperationalError, connection

from accounts.models import User
from portal.outages import is_outage


@pytest.fixture
def tolerant(client):
    """The test client normally raises what the site has already turned into a page."""
    client.raise_request_exception = False
    return client


def failing(error):
    def execute(*args, **kwargs):
        raise error

    return execute


def assert_unavailable(response, caplog):
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "10"
    assert response.headers["Cache-Control"] == "no-store"
    assert "SIMULASI" in response.text
    assert "Traceback" not in response.text
    lines = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert [line.name for line in lines] == ["portal.outage"]
    assert lines[0].exc_info is None
    assert "\n" not in lines[0].getMessage()


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("connection to server at 127.0.0.1 failed:\nConnection refused"),
        OperationalError("database is locked"),
        OperationalError("database or disk is full"),
        OperationalError("couldn't get a connection after 5.00 sec"),
        InterfaceError("connection already closed"),
        redis.ConnectionError("Error 111 connecting to localhost:6379"),
        redis.TimeoutError("Timeout reading from socket"),
        OSError(errno.ENOSPC, "No space left on device"),
    ],
)
def test_a_view_that_meets_an_outage_answers_503(db, tolerant, caplog, error):
    tolerant.force_login(User.objects.create_user("ani@latih.test"))

    with connection.execute_wrapper(failing(error)):
        assert_unavailable(tolerant.get("/jht/"), caplog)


def test_an_outage_inside_other_middleware_answers_503_too(db, tolerant, caplog, settings):
    tolerant.force_login(User.objects.create_user("ani@latih.test", is_staff=True))
    for path in ("/", "/petugas/", "/ketentuan/"):  # PrivatePages asks for session and user before any view
        caplog.clear()
        with connection.execute_wrapper(failing(OperationalError("gone"))):
            assert_unavailable(tolerant.get(path), caplog)


def test_the_site_heals_when_the_outage_is_over(db, tolerant):
    tolerant.force_login(User.objects.create_user("ani@latih.test"))
    with connection.execute_wrapper(failing(OperationalError("gone"))):
        assert tolerant.get("/").status_code == 503

    assert tolerant.get("/").status_code == 200


@pytest.mark.parametrize("error", [IntegrityError("UNIQUE"), OperationalError("no such table: x"), ValueError("x")])
def test_our_own_mistakes_stay_500_with_their_trace_in_the_log(db, tolerant, caplog, error):
    tolerant.force_login(User.objects.create_user("ani@latih.test"))

    with connection.execute_wrapper(failing(error)):
        response = tolerant.get("/")

    assert response.status_code == 500
    assert "Kesalahannya di pihak kami" in response.text
    assert [record.name for record in caplog.records if record.exc_info] == ["django.request"]
    assert not is_outage(error)


def test_health_is_ok_once_database_and_cache_answer(db, client):
    response = client.get("/health/")

    assert (response.status_code, response.text) == (200, "ok")


def test_health_costs_no_session_and_leaves_one_cache_row(db, client, django_assert_max_num_queries):
    client.get("/health/")
    with django_assert_max_num_queries(10):
        client.get("/health/")
    assert not client.cookies


def test_health_fails_without_the_database(db, tolerant, caplog):
    with connection.execute_wrapper(failing(OperationalError("password=rahasia is gone"))):
        response = tolerant.get("/health/")

    assert_unavailable(response, caplog)
    assert "rahasia" not in response.text


@pytest.mark.parametrize("broken", ["set", "get"])
def test_health_fails_without_the_cache(db, tolerant, monkeypatch, caplog, broken):
    monkeypatch.setattr(type(cache._connections["default"]), broken, failing(redis.ConnectionError("gone")))

    assert_unavailable(tolerant.get("/health/"), caplog)


def test_health_fails_when_the_cache_forgets(db, tolerant, monkeypatch):
    monkeypatch.setattr(type(cache._connections["default"]), "set", lambda *args, **kwargs: None)

    assert tolerant.get("/health/").status_code == 503
