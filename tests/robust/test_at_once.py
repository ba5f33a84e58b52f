"""Credit runs, imports, postings and payments at once from several processes: sums right, nothing twice, nothing lost.

Who pays a claim twice, or approves it twice, is tested in test_claims_at_once.py.
"""

import json
import threading
import time

import psycopg

from tests.robust.conftest import run_python
from tests.server import Server

MEMBERS, TO_START = 12, 8  # seconds until all begin; more than a process needs until it could
PREPARE = f"""
from datetime import date
from jht import actions
from jht.models import Membership, Participant, Rate
for year, percent in ((2023, "6.26"), (2024, "5.63"), (2025, "7.82")):
    Rate.objects.update_or_create(year=year, defaults=dict(percent=percent, source="uji", credited_on=None))
for number in range({MEMBERS}):
    person = Participant.objects.create(
        nik=f"49710101019000{{number + 50:02}}", name=f"Serentak {{number}}", birth_date=date(1990, 1, 1))
    member = Membership.objects.create(
        participant=person, kpj=f"497770000{{number:02}}", segment="PMI", start=date(2020, 1, 1))
    actions.record_contributions([
        actions.Payment(member, date(2022, 12, 1), 0, 0, 600_000, date(2022, 12, 1))])
"""
BEGIN = """
import json, sys, time
from datetime import date
from decimal import Decimal
from django.core.exceptions import ValidationError
from django.db import OperationalError
from jht import actions
from jht.models import Membership
members = list(Membership.objects.filter(kpj__startswith="49777").order_by("kpj"))
def patiently(act, *args, **more):
    # SQLite lets one write at a time and keeps no queue: who waited its 20 seconds in vain asks once more.
    while True:
        try:
            return act(*args, **more)
        except OperationalError as error:
            if "locked" not in str(error):
                raise
time.sleep(max(0, {start} - time.time()))
"""
CREDIT = """
booked = []
for year in (2023, 2024, 2025):
    try:
        booked.append(patiently(actions.credit_return, year, on=date(2026, 6, 1)))
    except ValidationError as refusal:
        booked.append(refusal.messages)
    time.sleep(0.3)
print(json.dumps(booked))
"""
POST = """
done = []
for month in range(1, 13):
    for member in members:
        payment = actions.Payment(member, date({year}, month, 1), 0, 0, 100_000, date({year}, month, 2))
        try:
            done += [f"contribution:{{row.pk}}" for row in patiently(actions.record_contributions, [payment])]
        except ValidationError:
            pass  # an import was first
print(json.dumps(done))
"""
PAY = """
done = []
for turn in range(2):  # each key twice: it pays once
    for number, member in enumerate(members):
        day = date(2023 + number % 3, 6, 15)
        done.append(patiently(actions.withdraw, member, Decimal("1000.50"), "Klaim", day, f"bayar-{member.kpj}").key)
print(json.dumps(sorted(set(done))))
"""
IMPORT = """
from django.core.management import call_command
try:
    call_command("import_data", {file!r}, kind="contributions", stdout=sys.stderr)
    print("true")
except BaseException as ended:
    print(str(ended), file=sys.stderr)
    print("false")
"""
CHECK = """
import json
from collections import Counter
from datetime import date
from decimal import Decimal
from jht import actions, ledger
from jht.models import Contribution, Entry, Membership
from jht.rules import Movement, Rates, statement
members = Membership.objects.filter(kpj__startswith="49777").order_by("kpj")
percents, close, wrong = ledger.rates().percents, date(2025, 12, 31), []
for member in members:
    rows = [Movement(*row) for row in member.entries.values_list("date", "kind", "amount", "percent")]
    plain = [row for row in rows if row.kind != "return" or row.percent is not None]
    formula = statement(plain, Rates(percents), close)[-1].closing
    stands = sum((row.amount for row in rows if row.date <= close), Decimal(0))
    if formula != stands:
        wrong.append([member.kpj, str(formula), str(stands)])
entries = Entry.objects.filter(membership__in=members)
posted = Counter(entries.filter(kind="contribution").values_list("contribution_id", flat=True))
paid = {row.pk: row.amount for row in Contribution.objects.filter(membership__in=members)}
print(json.dumps({
    "wrong": wrong,
    "again": [actions.credit_return(year, on=date(2026, 6, 1)) for year in (2023, 2024, 2025)],
    "keys": list(entries.values_list("key", flat=True)),
    "once": posted == Counter(paid.keys()),
    "months": sorted(Counter(map(str, Contribution.objects.filter(membership__in=members)
                                 .values_list("month", flat=True))).items()),
}))
"""


def test_credit_runs_imports_postings_and_payments_at_once(database, tmp_path):
    file = tmp_path / "iuran.csv"
    rows = [
        f"497770000{m:02};{month:02}-2024;100000;02-{month:02}-2024" for m in range(MEMBERS) for month in range(1, 7)
    ]
    file.write_text("\n".join(["Nomor KPJ;Bulan iuran;Iuran PMI;Dibayar tanggal", *rows]) + "\n")
    server = Server(tmp_path, **database)  # an installation is enough: nobody asks for pages
    server.manage("migrate", "-v0")
    server.manage("createcachetable")
    server.manage("shell", "--no-imports", "-c", PREPARE)
    known = {name: server.environ[name] for name in ("DATA_DIR", "DATABASE_URL") if name in server.environ}
    begin = BEGIN.format(start=time.time() + TO_START)
    tasks = {
        "credit": CREDIT, "credit too": CREDIT, "pay": PAY, "post 2023": POST.format(year=2023),
        "post 2025": POST.format(year=2025), "import": IMPORT.format(file=str(file)),
        "import too": IMPORT.format(file=str(file)),
    }  # fmt: skip
    running = {name: run_python(begin + code, known) for name, code in tasks.items()}
    said = {name: process.communicate(timeout=300) for name, process in running.items()}
    failed = {name: said[name][1] for name, process in running.items() if process.returncode}
    assert not failed, "\n".join(failed.values())
    told = {name: json.loads(out.strip().splitlines()[-1]) for name, (out, _) in said.items()}
    if not (told["import"] or told["import too"]):  # both may find the data changed; said, and nothing written
        server.manage("import_data", str(file), "--kind", "contributions")

    found = json.loads(server.manage("shell", "--no-imports", "-c", CHECK).strip().splitlines()[-1])

    assert found["wrong"] == []
    assert found["again"] == [0, 0, 0]
    assert found["once"]
    assert {*told["post 2023"], *told["post 2025"], *told["pay"]} <= set(found["keys"])
    assert len(told["pay"]) == MEMBERS
    months = dict(found["months"])
    assert {month: months[month] for month in months if month.startswith("2024")} == {
        f"2024-{month:02}-01": MEMBERS for month in range(1, 7)
    }
    assert all(count == MEMBERS for count in months.values())


def test_the_pool_is_never_larger_than_it_may(postgres):
    """Two workers of eight threads each, all asked at once: no more connections than DATABASE_POOL a process."""
    url = postgres.new_database()
    with Server(WORKERS="2", DATABASE_URL=url, DATABASE_POOL="3") as server:
        statuses: list[int] = []
        asking = [
            threading.Thread(target=lambda: statuses.extend(server.get("/akun/login/")[0] for _ in range(10)))
            for _ in range(24)
        ]
        most = 0
        for thread in asking:
            thread.start()
        with psycopg.connect(url, autocommit=True) as connection:
            while any(thread.is_alive() for thread in asking):
                (open_now,) = connection.execute(
                    "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() "
                    "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
                ).fetchone()
                most = max(most, open_now)
                time.sleep(0.05)

    assert set(statuses) == {200}
    assert most <= 2 * 3
