"""How fast a year's lists come in, beside the database's own way: `python -m tests.bench.import_rows [ROWS]`.

Each engine gets a fresh installation with as many memberships as the rows need at twelve months each, and a CSV file as
clerks write them. First the raw way (COPY, executemany) into the same table with the same indexes, rolled back; then
`manage.py import_data FILE`, a process of its own: reading, every rule, contributions, ledger entries, the trail.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
YEAR = 2025
MILLION = 1_000_000
MONTHS = 12


def rows(memberships: int):
    """(line in the list, KPJ, month, wage, day paid): month by month, as lists arrive."""
    for month in range(1, MONTHS + 1):
        for number in range(memberships):
            wage = 3_000_000 + (number * 7 + month * 13) % 9_000 * 1_000
            yield number, f"49{number:09}", date(YEAR, month, 1), wage, date(YEAR, month, 10 + number % 5)


def write_list(path: Path, memberships: int) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Nomor KPJ", "Bulan iuran", "Upah", "Dibayar tanggal"])
        for _, kpj, month, wage, paid_on in rows(memberships):
            writer.writerow([kpj, f"{month:%m-%Y}", f"{wage:,}".replace(",", "."), f"{paid_on:%d-%m-%Y}"])


def nik(number: int) -> str:
    """9,999 people for each of 99 districts, and then the next regency."""
    place, serial = divmod(number, 9_999)
    regency, district = divmod(place, 99)
    return f"49{regency + 1:02}{district + 1:02}010190{serial + 1:04}"


def settle(memberships: int) -> None:
    """People, one employer, and their KPJ, in this installation."""
    from jht.models import Employer, Membership, Participant

    employer = Employer.objects.create(npp="BENCH001", name="PT Ukur")
    born = date(1990, 1, 1)
    people = Participant.objects.bulk_create(
        (Participant(nik=nik(number), name=f"Peserta {number}", birth_date=born) for number in range(memberships)), 2000
    )
    Membership.objects.bulk_create(
        (
            Membership(
                participant=person, employer=employer, kpj=f"49{number:09}", segment="PU", start=date(2020, 1, 1)
            )
            for number, person in enumerate(people)
        ),
        2000,
    )


def raw(memberships: int) -> float:
    """Seconds the database takes for the same contributions by its own fastest way; nothing of it stays."""
    from django.db import connection, transaction

    from jht.models import Membership
    from jht.rules import split_contribution

    keys = dict(Membership.objects.values_list("kpj", "pk"))
    ready = [
        (keys[kpj], month.isoformat(), wage, *split_contribution(wage), paid_on.isoformat())
        for _, kpj, month, wage, paid_on in rows(memberships)
    ]
    columns = "membership_id, month, wage, employer_share, worker_share, paid_on"
    with transaction.atomic():
        if connection.vendor == "postgresql":
            lines = ["\t".join(map(str, row)) + "\n" for row in ready]
            with connection.cursor() as cursor:
                began = time.perf_counter()
                with cursor.copy(f"COPY jht_contribution ({columns}) FROM STDIN") as copy:
                    for start in range(0, len(lines), 10_000):
                        copy.write("".join(lines[start : start + 10_000]))
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        else:
            began = time.perf_counter()
            connection.connection.executemany(
                f"INSERT INTO jht_contribution ({columns}) VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608
                ready,
            )
        spent = time.perf_counter() - began
        transaction.set_rollback(True)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE jht_contribution")
    return spent


def prepare(memberships: int) -> None:
    """Inside the installation: tables, people, the raw way; prints its seconds."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    settle(memberships)
    print(json.dumps(raw(memberships)))


def measure(engine: str, count: int, **environ: str) -> None:
    memberships = count // MONTHS
    with tempfile.TemporaryDirectory(prefix="latih-bench-") as folder:
        environ = {**os.environ, "DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "portal.settings", **environ}
        path = Path(folder) / "iuran.csv"
        write_list(path, memberships)
        command = [sys.executable, "-m", "tests.bench.import_rows", "--prepare", str(memberships)]
        printed = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True).stdout
        plain = json.loads(printed)
        began = time.perf_counter()
        process = subprocess.Popen([sys.executable, "manage.py", "import_data", str(path)], cwd=ROOT, env=environ)
        _, status, used = os.wait4(process.pid, 0)
        spent = time.perf_counter() - began
        megabytes = path.stat().st_size / 1e6
    assert status == 0, f"import_data ended with {status}"
    written = memberships * MONTHS
    way = "executemany" if engine == "SQLite" else "COPY"
    print(f"\n{engine}: {written:,} contributions from a CSV file of {megabytes:.0f} MB")
    print(f"  raw {way:<12}{plain:8.1f} s {written / plain:12,.0f} rows/s")
    print(f"  import_data     {spent:8.1f} s {written / spent:12,.0f} rows/s   memory {used.ru_maxrss / 1024:.0f} MB")
    print(f"  import / raw    {plain / spent:8.2f}   goal {'reported' if engine == 'SQLite' else '>= 0.25'}")


def main(count: int) -> None:
    from tests.postgres import Postgres

    measure("SQLite", count)
    postgres = Postgres()
    try:
        postgres.start()
        measure("PostgreSQL", count, DATABASE_URL=postgres.new_database())
    finally:
        postgres.remove()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--prepare"]:
        prepare(int(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else MILLION)
