"""Fills a database with the shape of a large fund: N participants with a year of contributions each, made by SQL.

The prototypes are made by the site itself; the rest are copies of them with numbers of their own. PostgreSQL only
keeps its promises about indexes and triggers afterwards: they are away while the rows come in (a superuser's right).
"""

import resource
import statistics
import time
from contextlib import contextmanager
from datetime import date
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.db import connection

from jht import actions, ledger
from jht.models import Employer, Entry, Membership, Participant, Rate

YEAR, MONTHS = 2025, 12
TABLES = ("accounts_user", "jht_participant", "jht_membership", "jht_contribution", "jht_entry")


def fill(people: int) -> None:
    """`people` participants, each with an account, one KPJ and a contribution for every month of YEAR."""
    Rate.objects.update_or_create(year=YEAR, defaults={"percent": "5.63", "source": "bench", "is_training": True})
    employer = Employer.objects.create(npp="L4900001", name="PT Rekaan Skala")
    user = get_user_model().objects.create_user("skala0@latih.test")
    person = Participant.objects.create(nik="4900000000000000", name="Skala 0", birth_date=date(1990, 1, 1), user=user)
    membership = Membership.objects.create(
        participant=person, employer=employer, kpj="49900000000", segment="PU", start=date(YEAR, 1, 1)
    )
    (contribution,) = actions.record_contributions(
        [actions.wage_payment(membership, date(YEAR, 1, 1), 5_000_000, date(YEAR, 1, 1))]
    )
    entry = Entry.objects.get(contribution=contribution)
    with _bare(), connection.cursor() as cursor:
        for row, values in (
            (user, {"email": _text("'skala'", "n", "'@latih.test'")}),
            (person, {"user_id": f"{user.pk} + n", "nik": "4900000000000000 + n", "name": _text("'Skala '", "n")}),
            (membership, {"participant_id": f"{person.pk} + n", "kpj": "49900000000 + n"}),
        ):
            _copies(cursor, row, people - 1, values)
        for month in range(MONTHS):  # by month, as a ledger grows: nobody's rows lie together
            shift = month * people
            day = _day(month + 1)
            _copies(
                cursor, contribution, people - (month == 0),
                {"membership_id": f"{membership.pk} + place", "month": day, "paid_on": day}, shift,
            )  # fmt: skip
            _copies(
                cursor, entry, people - (month == 0),
                {
                    "membership_id": f"{membership.pk} + place",
                    "contribution_id": f"{contribution.pk} + n",
                    "date": day,
                    "key": _text("'contribution:'", f"({contribution.pk} + n)"),
                }, shift,
            )  # fmt: skip
    _tidy()


def _day(month: int) -> str:
    return f"'{date(YEAR, month, 1)}'"


def _pg() -> bool:
    return connection.vendor == "postgresql"


def _text(*parts: str) -> str:
    return " || ".join(parts)


def _copies(cursor, row, count: int, values: dict[str, str], shift: int = 0) -> None:
    """`count` copies of a row; `n` counts from 1 (or from `shift`) and `place` is the copy's person."""
    table, pk = row._meta.db_table, row.pk
    columns = [field.column for field in row._meta.concrete_fields]
    first = 0 if shift else 1
    chosen = [
        f"{pk} + n" if column == "id" else f"({values[column]})" if column in values else f'"{column}"'
        for column in columns
    ]
    if _pg():
        text = {field.column for field in row._meta.concrete_fields if field.get_internal_type() == "CharField"}
        chosen = [f"({one})::text" if column in text else one for one, column in zip(chosen, columns, strict=True)]
        chosen = [f"({one})::date" if column in ("month", "paid_on", "date") else one
                  for one, column in zip(chosen, columns, strict=True)]  # fmt: skip
        series = f"generate_series({first}, {first + count - 1}) AS place"
        source = f"(SELECT place, place + {shift} AS n FROM {series}) AS series"  # noqa: S608
    else:
        source = (
            f"(WITH RECURSIVE series(place) AS (SELECT {first} UNION ALL SELECT place + 1 FROM series "  # noqa: S608
            f"WHERE place < {first + count - 1}) SELECT place, place + {shift} AS n FROM series)"
        )
    names = ", ".join(f'"{column}"' for column in columns)
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {', '.join(chosen)} FROM {source}, "  # noqa: S608
        f"(SELECT * FROM {table} WHERE id = {pk}) AS prototype"
    )


@contextmanager
def _bare():
    """PostgreSQL without triggers, foreign keys and secondary indexes, which come back at the end."""
    if not _pg():
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = ANY(%s) "
            "AND indexname NOT IN (SELECT conname FROM pg_constraint)",
            [list(TABLES)],
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = DEFAULT; SET maintenance_work_mem = '1GB'")
        for _, definition in indexes:
            cursor.execute(definition)


def _tidy() -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            if _pg():
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}))"  # noqa: S608
                )
                cursor.execute(f"VACUUM (ANALYZE, FREEZE) {table}")
        if not _pg():
            cursor.execute("ANALYZE")


def sessions(people: int, count: int) -> list[str]:
    """Session keys of `count` people spread over all of them."""
    first = get_user_model().objects.get(email="skala0@latih.test").pk
    keys = []
    for place in range(count):
        user = get_user_model().objects.get(pk=first + place * (people // count))
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session.save()
        keys.append(session.session_key)
    return keys


# --- What is measured inside the site's own process ------------------------------------------------------------


def page(keys: list[str], rounds: int = 300) -> float:
    """Milliseconds for Lihat Saldo JHT through the real view, everybody in turn; the median."""
    from django.test import Client

    spent, client = [], Client(HTTP_HOST="localhost")
    for turn in range(rounds + 30):
        client.cookies[settings.SESSION_COOKIE_NAME] = keys[turn % len(keys)]
        began = time.perf_counter()
        response = client.get("/jht/")
        if turn >= 30:
            spent.append(time.perf_counter() - began)
        assert response.status_code == 200, response
    return statistics.median(spent) * 1000


def desk() -> dict[str, float]:
    """Milliseconds for the desk's lists and searches, the best of three."""
    from django.test import Client

    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    client = Client(HTTP_HOST="localhost")
    client.force_login(get_user_model().objects.create_superuser("kepala.skala@latih.test", "kata sandi panjang"))
    kpj = Membership.objects.order_by("-pk").values_list("kpj", flat=True)[0]
    paths = [
        *(f"/petugas/jht/{what}/" for what in ("participant", "membership", "contribution", "entry", "employer")),
        f"/petugas/jht/entry/?q={kpj}",
        f"/petugas/jht/contribution/?q={kpj}",
        "/petugas/jht/participant/?q=Skala+777",
        "/petugas/jht/entry/?p=50",
    ]
    cost = {}
    for path in paths:
        spent = []
        for _ in range(3):
            began = time.perf_counter()
            response = client.get(path)
            spent.append(time.perf_counter() - began)
            assert response.status_code == 200, (path, response.status_code)
        cost[path] = min(spent) * 1000
    return cost


def credit() -> dict[str, float]:
    """The credit run of YEAR: seconds, memberships, megabytes this process grew to."""
    began = time.perf_counter()
    booked = actions.credit_return(YEAR, on=date(YEAR + 1, 1, 1))
    seconds = time.perf_counter() - began
    return {
        "booked": booked,
        "seconds": seconds,
        "per second": booked / seconds,
        "the same rows, merely written, per second": booked / _written_again(),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _written_again() -> float:
    """Seconds for as many rows into the same table with its guards, keys and indexes, and nothing reckoned."""
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO jht_entry (membership_id, "date", kind, amount, reason, "key", recorded_at) '
            "SELECT membership_id, \"date\", kind, amount, reason, 'again:' || membership_id, recorded_at "
            "FROM jht_entry WHERE kind = 'return' AND \"date\" = %s ORDER BY membership_id",
            [date(YEAR, 12, 31)],
        )
    return time.perf_counter() - began


def plans() -> str:
    """How the database finds what Lihat Saldo JHT asks."""
    member = Membership.objects.select_related("participant__user").order_by("-pk")[len(TABLES)]
    asked: list[tuple] = []

    def remember(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(remember):
        ledger.balances(ledger.rates(), date(YEAR, 12, 30), [member.pk])
        Membership.objects.cards_of(member.participant.user)
    text = []
    for sql, params in asked:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {sql}", params)
            text += [" ".join(sql.split())[:110], *(line for (line,) in cursor.fetchall()), ""]
    return "\n".join(text)


def sizes() -> list[tuple]:
    """Bytes of the ledger and of each of its indexes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, pg_relation_size(oid) FROM pg_class WHERE oid = 'jht_entry'::regclass OR oid IN "
            "(SELECT indexrelid FROM pg_index WHERE indrelid = 'jht_entry'::regclass) ORDER BY 2 DESC"
        )
        return cursor.fetchall()
