"""Several imports and a credit run at once, each a process of its own: sums right, nothing twice, nothing lost."""

import csv
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

import pytest

from tests.postgres import Postgres
from tests.server import ROOT, Server

PEOPLE = 40
PREPARE = f"""
from datetime import date
from jht.models import Employer, Membership, Participant, Rate
company = Employer.objects.create(npp="ROBUST01", name="PT Serentak")
for number in range({PEOPLE}):
    person = Participant.objects.create(nik=f"490101010190{{number + 1:04}}", name="Uji", birth_date=date(1990, 1, 1))
    Membership.objects.create(
        participant=person, employer=company, kpj=f"49{{number:09}}", segment="PU", start=date(2020, 1, 1))
Rate.objects.exclude(year=2024).delete()
Rate.objects.update_or_create(year=2024, defaults={{"percent": 6, "source": "uji"}})
"""
TOLD = """
from django.db.models import Count, Sum
from jht.models import Contribution, Entry
ours = {"membership__employer__npp": "ROBUST01"}
paid = Contribution.objects.filter(**ours).aggregate(n=Count("pk"))["n"]
kinds = dict(Entry.objects.filter(**ours).values_list("kind").annotate(Sum("amount")))
print("TOLD", paid, kinds.get("contribution", 0), kinds.get("return", 0))
"""


def months_of(path: Path, months: range) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Nomor KPJ", "Bulan iuran", "Upah", "Dibayar tanggal"])
        writer.writerows(
            [f"49{number:09}", f"{month:02}-2024", "5.000.000", f"01-{month:02}-2024"]
            for number in range(PEOPLE)
            for month in months
        )
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(request):
    """An empty installation; nothing is served."""
    with tempfile.TemporaryDirectory(prefix="latih-imports-") as folder:
        if request.param == "sqlite":
            yield Server(Path(folder))
            return
        postgres = Postgres()
        try:
            postgres.start()
            yield Server(Path(folder), DATABASE_URL=postgres.new_database())
        finally:
            postgres.remove()


def test_overlapping_imports_and_a_credit_run_at_once(installation, tmp_path):
    installation.manage("migrate", "-v0")
    installation.manage("shell", "-v0", "-c", PREPARE)
    files = [months_of(tmp_path / f"{n}.csv", range(1 + n, 10 + n)) for n in range(3)]  # months 1-9, 2-10, 3-11
    commands = [["import_data", str(file)] for file in (*files, files[0])] + [["credit_return", "2024"]]

    running = [
        subprocess.Popen([sys.executable, "manage.py", *command], cwd=ROOT, env=installation.environ)
        for command in commands
    ]
    codes = [process.wait(300) for process in running]
    for file in files:  # one that lost the race for a file says so, and may be repeated
        installation.manage("import_data", str(file))
    installation.manage("credit_return", "2024")

    told = installation.manage("shell", "-v0", "-c", TOLD).rpartition("TOLD")[2]
    paid, contributions, returns = told.split()
    assert all(code in (0, 1) for code in codes), codes
    assert int(paid) == PEOPLE * 11
    assert Decimal(contributions) == PEOPLE * 11 * 285_000
    # docs/aturan.md: 285.000 x 6 % x (12 + 11 + … + 2) / 12 for each
    assert Decimal(returns) == PEOPLE * (Decimal(285_000) * 6 * 77 / 1200)
