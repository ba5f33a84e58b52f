"""How often something may be tried, counted where all workers see it: in one atomic statement in the database.

allauth's own limits need about eight round trips to the cache per try and cannot say how long a lock lasts.
Counts live in fixed windows: the first try opens one, and when it ends everything is forgiven. A refused try is not
counted, so a lock lasts exactly as long as it says.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import Attempt


@dataclass(frozen=True)
class Limit:
    """At most `most` tries per key within `window`."""

    scope: str
    most: int
    window: timedelta


QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
# Per account: an attacker with a thousand addresses gets ten guesses in a quarter of an hour.
PASSWORD_OF_ACCOUNT = Limit("password-account", 10, QUARTER)
CODE_OF_ACCOUNT = Limit("code-account", 10, QUARTER)
MAIL_TO_ACCOUNT = Limit("mail-account", 10, HOUR)
TEXT_TO_PHONE = Limit("text-phone", 10, HOUR)
# Per code: five tries, whoever posts them, also all at once.
CODE = Limit("code", 5, QUARTER)
# Per address: forty people share a classroom's, so only machines reach these.
PASSWORD_FROM_ADDRESS = Limit("password-address", 600, QUARTER)
CODE_FROM_ADDRESS = Limit("code-address", 600, QUARTER)
SIGNUP_FROM_ADDRESS = Limit("signup-address", 200, HOUR)
RESET_FROM_ADDRESS = Limit("reset-address", 200, HOUR)


@dataclass(frozen=True)
class Verdict:
    allowed: bool
    retry_at: datetime  # when the window ends


# The condition makes a refused try change nothing and return no row. Works on SQLite (3.35+) and PostgreSQL.
HIT = """
    INSERT INTO accounts_attempt (scope, key, window_ends, count) VALUES (%s, %s, %s, 1)
    ON CONFLICT (scope, key) DO UPDATE SET
        count = CASE WHEN {over} THEN 1 ELSE accounts_attempt.count + 1 END,
        window_ends = CASE WHEN {over} THEN excluded.window_ends ELSE accounts_attempt.window_ends END
    WHERE {over} OR accounts_attempt.count < %s
    RETURNING count
"""
# A window that ends much later than one begun now was opened on a day from which the class has turned its clock back.
# A little later is no such day: of requests at the same moment, one that began earlier may be counted after another.
OVER = "(accounts_attempt.window_ends <= %s OR accounts_attempt.window_ends > %s)"
HIT = HIT.format(over=OVER)
LESS_THAN_A_DAY = timedelta(hours=12)  # clocks of classes are turned by whole days
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
GIVE_BACK = "UPDATE accounts_attempt SET count = count - 1 WHERE scope = %s AND key = %s AND count > 0"


def hit(scope: str, key: str, limit: int, window: timedelta, at: datetime, *, once: bool = False) -> Verdict:
    """Count one try at `at` and say whether it is allowed. One statement: forty at once cannot pass where ten may.

    A clock turned back forgives what was tried on the later day, but not `once`: what was used up stays used.
    """
    hidden = hide(scope, key)
    latest = NEVER if once else at + window + LESS_THAN_A_DAY
    ends, now, latest = (connection.ops.adapt_datetimefield_value(moment) for moment in (at + window, at, latest))
    with connection.cursor() as cursor:
        cursor.execute(HIT, [scope, hidden, ends, *[now, latest] * 3, limit])
        allowed = cursor.fetchone() is not None
    if secrets.randbelow(500) == 0:
        # By the real clock at the latest, whatever day a class has: others count by theirs. After the commit: two that
        # tidied while holding a row of their own would wait in a ring.
        over = min(at, timezone.now()) - HOUR
        transaction.on_commit(Attempt.objects.filter(window_ends__lt=over).delete)
    if allowed:
        return Verdict(True, at + window)
    retry_at = Attempt.objects.filter(scope=scope, key=hidden).values_list("window_ends", flat=True).first()
    return Verdict(False, retry_at or at)


def hide(scope: str, key: str) -> str:
    return salted_hmac(f"accounts.limits.{scope}", key, algorithm="sha256").hexdigest()


def use_once(scope: str, key: str, keep: timedelta, at: datetime) -> bool:
    """True for exactly one caller, however many ask at the same moment; remembered for `keep`."""
    return hit(f"once-{scope}", key, 1, keep, at, once=True).allowed


def use_up(limit: Limit, key: str, until: datetime) -> None:
    """Leave as if every try had been made, so that the next one is refused until then."""
    row = Attempt(scope=limit.scope, key=hide(limit.scope, key), window_ends=until, count=limit.most)
    Attempt.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["scope", "key"], update_fields=["window_ends", "count"]
    )


@dataclass(frozen=True)
class Spent:
    """Tries that were counted and may be given back."""

    tries: tuple[tuple[str, str], ...]

    def give_back(self) -> None:
        """Uncount exactly these tries; what others spent stays."""
        # One statement for each, so that two rows are never held together: whoever shares an account waits in no ring.
        with connection.cursor() as cursor:
            for scope, key in self.tries:
                cursor.execute(GIVE_BACK, [scope, hide(scope, key)])


def spend(*tries: tuple[Limit, str], at: datetime) -> tuple[Spent | None, Verdict | None]:
    """Count one try against each limit; all are counted or, at the first refusal, none."""
    spent: list[tuple[str, str]] = []
    with transaction.atomic():
        for limit, key in tries:
            verdict = hit(limit.scope, key, limit.most, limit.window, at)
            if not verdict.allowed:
                Spent(tuple(spent)).give_back()
                return None, verdict
            spent.append((limit.scope, key))
    return Spent(tuple(spent)), None


def spend_or_refuse(*tries: tuple[Limit, str], what: str, at: datetime) -> Spent:
    """Count one try against each limit, or raise the sentence `what` with how long the lock lasts."""
    spent, verdict = spend(*tries, at=at)
    if spent is None:
        raise ValidationError(f"{what} {wait(verdict.retry_at, at)}", "limited")
    return spent


def forget(limit: Limit, key: str) -> None:
    """Begin anew for one key: its owner has proved to be the owner in another way."""
    Attempt.objects.filter(scope=limit.scope, key=hide(limit.scope, key)).delete()


def keys_of_accounts(accounts: Iterable[tuple[str, str]]) -> list[str]:
    """Under which hidden keys tries of these accounts (e-mail, key of the browser that made it) are counted."""
    of_accounts = (PASSWORD_OF_ACCOUNT, CODE_OF_ACCOUNT, MAIL_TO_ACCOUNT)
    return [
        hide(limit.scope, key)
        for email, browser in accounts
        for limit in of_accounts
        for key in (email, f"{email} {browser}")
    ]


def forget_accounts(accounts: Iterable[tuple[str, str]]) -> None:
    """Begin anew for these accounts, wherever they were tried from."""
    Attempt.objects.filter(key__in=keys_of_accounts(accounts)).delete()


def wait(retry_at: datetime, at: datetime) -> str:
    """When to try again, in words: "Coba lagi dalam 12 menit (pukul 10.42)." Minutes are rounded up."""
    minutes = max(1, ceil((retry_at - at).total_seconds() / 60))
    clock = timezone.localtime(retry_at + timedelta(seconds=59 if retry_at.second else 0))
    return f"Coba lagi dalam {minutes} menit (pukul {clock:%H.%M})."
