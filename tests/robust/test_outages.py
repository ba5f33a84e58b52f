"""Database or cache away: 503 with Retry-After; back: healed within 15 seconds, by itself."""

import time

import pytest

from tests.server import Server

HEALED_WITHIN = 15  # seconds


def assert_away(server: Server, path: str, **headers: str) -> None:
    began = time.monotonic()
    status, answer, body = server.get(path, **headers)
    assert status == 503, body[:500]
    assert answer["Retry-After"] == "10"
    assert b"SIMULASI" in body
    assert b"Traceback" not in body
    assert time.monotonic() - began < 12


@pytest.mark.parametrize("away", [3, 25])
def test_postgresql_goes_away_and_comes_back(postgres, signed_in, away):
    server = Server(DATABASE_URL=postgres.new_database(), WORKERS="2")
    with server:
        cookie = signed_in(server)
        assert server.get("/", Cookie=cookie)[0] == 200
        postgres.stop()
        gone = time.monotonic()
        while time.monotonic() - gone < away:
            for path in ("/", "/health/", "/petugas/jht/participant/"):
                assert_away(server, path, Cookie=cookie)
        postgres.start()

        took = server.wait_until_healthy(HEALED_WITHIN)
        print(f"healed after {took:.1f} s")
        began = time.monotonic()
        while server.get("/", Cookie=cookie)[0] != 200:
            assert time.monotonic() - began < HEALED_WITHIN
        log = server.log.read_text()
    assert "Traceback" not in log


def test_redis_goes_away_and_comes_back(redis, signed_in):
    with Server(CACHE_URL=redis.url, WORKERS="2") as server:
        redis.stop()
        assert_away(server, "/health/")
        redis.start()

        print(f"healed after {server.wait_until_healthy(HEALED_WITHIN):.1f} s")
        assert "Traceback" not in server.log.read_text()
