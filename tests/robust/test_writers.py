"""Four processes write to one SQLite file at once: nobody is told "database is locked", no update is lost."""

from tests.robust.conftest import run_python
from tests.server import Server

WRITERS, EACH = 4, 500
ADD_ONE = f"""
from django.db import OperationalError, transaction
from jht.models import Employer
locked = 0
for _ in range({EACH}):
    try:
        with transaction.atomic():
            employer = Employer.objects.get(npp="HITUNG01")
            employer.city = str(int(employer.city) + 1)
            employer.save()
    except OperationalError:
        locked += 1
print(locked)
"""


def test_two_thousand_transactions_are_never_locked_out():
    with Server() as server:
        server.manage(
            "shell", "--no-imports", "-c",
            "from jht.models import Employer; Employer.objects.create(npp='HITUNG01', name='Hitung', city='0')",
        )  # fmt: skip
        writers = [run_python(ADD_ONE, {"DATA_DIR": str(server.data_dir)}) for _ in range(WRITERS)]
        results = [writer.communicate() for writer in writers]
        total = server.manage(
            "shell", "--no-imports", "-c",
            "from jht.models import Employer; print(Employer.objects.get(npp='HITUNG01').city)",
        )  # fmt: skip

    assert [out.strip() for out, _ in results] == ["0"] * WRITERS, results
    assert int(total) == WRITERS * EACH
