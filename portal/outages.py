"""Which exceptions mean that something we depend on is away, rather than that we are wrong."""

import errno
import logging
import sys

from django.db import InterfaceError, OperationalError

log = logging.getLogger("portal.outage")


def is_outage(error: BaseException | None) -> bool:
    """True when the database or the cache did not answer, or the disk is full.

    An IntegrityError or a missing table is our own mistake: it stays a 500 with its trace in the log.
    """
    if isinstance(error, OperationalError):
        return not str(error).startswith(("no such ", "near "))  # how SQLite words a missing migration, a wrong query
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return True
    redis = sys.modules.get("redis")  # loaded only where CACHE_URL names one
    away = (InterfaceError, redis.ConnectionError, redis.TimeoutError) if redis else (InterfaceError,)
    return isinstance(error, away)


def note(error: BaseException, path: str) -> None:
    """One line in the log for one failed request."""
    reason = str(error).strip().splitlines() or ["-"]
    log.error("503 %s: %s: %s", path.encode("unicode_escape").decode(), type(error).__name__, reason[0][:200])
