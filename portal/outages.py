"""Which exceptions mean that something we depend on is away, rather than that we are wrong."""

import errno
import logging
import sqlite3
import sys

from django.db import InterfaceError, OperationalError

log = logging.getLogger("portal.outage")


def is_outage(error: BaseException | None) -> bool:
    """True when the database or the cache did not answer, or the disk is full.

    An IntegrityError or a missing table is our own mistake: it stays a 500 with its trace in the log.
    """
    if isinstance(error, OperationalError):
        return _is_away(error)
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return True
    redis = sys.modules.get("redis")  # loaded only where CACHE_URL names one
    away = (InterfaceError, redis.ConnectionError, redis.TimeoutError) if redis else (InterfaceError,)
    return isinstance(error, away)


# How SQLite words that it cannot answer; whatever else it says (no such table, near "…") is our own mistake.
SQLITE_AWAY = (
    "attempt to write a readonly",
    "database disk image",
    "database is locked",
    "database or disk is full",
    "database table is locked",
    "disk i/o",
    "file is not a database",
    "unable to open",
)
# PostgreSQL's classes for connection, resources, operator and system; deadlock and lock timeout, which pass as well.
POSTGRES_AWAY = ("08", "53", "57", "58", "40P01", "55P03")


def _is_away(error: OperationalError) -> bool:
    if state := getattr(error.__cause__, "sqlstate", None):
        return state.startswith(POSTGRES_AWAY)
    said = str(error).lower()
    if isinstance(error.__cause__, sqlite3.Error):
        return said.startswith(SQLITE_AWAY)
    return not said.startswith(("no such ", "near "))  # else no answer at all: the connection or the pool


def note(error: BaseException, path: str) -> None:
    """One line in the log for one failed request."""
    reason = str(error).strip().splitlines() or ["-"]
    log.error("503 %s: %s: %s", path.encode("unicode_escape").decode(), type(error).__name__, reason[0][:200])
