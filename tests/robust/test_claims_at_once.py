"""Several processes and browsers at one claim: the ledger is debited once, sums are right, nobody gets an error 500."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.robust.browser import Browser
from tests.robust.conftest import run_python
from tests.server import Server

PRESSES = 8
TO_START = 6  # seconds; more than a process needs until it could begin
PREPARE = """
import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from jht import actions, claims, merges
from jht.models import *
on, now = date.today(), datetime.now(timezone.utc)
def member(number, person=None, end=True):
    person = person or Participant.objects.create(nik=f"49710215039{number:05}", name=f"Orang {number}",
                                                  birth_date=date(1990, 3, 15))
    row = Membership.objects.create(participant=person, kpj=f"4955{number:07}", segment="PMI",
                                    start=on - timedelta(days=900), end=on - timedelta(days=100) if end else None)
    paid = date(on.year - 1, 1, 1)
    actions.record_contributions([actions.Payment(row, paid, 0, 0, 1_200_000, paid)])
    return row
def filed(row, reason="resigned"):
    account = claims.Account("Bank Latihan Utara", "4900012345", row.participant.name)
    return claims.file_claim(row, claims.Application(reason, account, f"t-{row.kpj}"), on, now, None)
"""


@pytest.fixture
def server(database):
    with Server(**database) as server:
        yield server


def shell(server: Server, code: str):
    """What the last line of `code` printed as JSON."""
    return json.loads(server.manage("shell", "--no-imports", "-c", PREPARE + code).strip().splitlines()[-1])


def at_once(server: Server, *codes: str) -> list[str]:
    """Each in a process of its own, begun together as well as one can; what each printed last."""
    environ = {name: value for name, value in server.environ.items() if name not in ("PATH", "HOME", "HOST", "PORT")}
    gate = f"import time; time.sleep(max(0, {time.time() + TO_START} - time.time()))\n"
    running = [run_python(PREPARE + gate + code, environ) for code in codes]
    results = [process.communicate(timeout=120) for process in running]
    assert [process.returncode for process in running] == [0] * len(running), results
    return [out.strip().splitlines()[-1] for out, _ in results]


SUM = """
sums = {row.kpj: str(row.balance(on)) for row in Membership.objects.filter(kpj__startswith="4955")}
paid = Entry.objects.filter(key__startswith="claim:", membership__kpj__startswith="4955")
print(json.dumps({"sums": sums, "withdrawals": paid.count(),
    # in the order of the transactions: each process here has noted its own moment before they meet
    "steps": [
        step.status for step in ClaimStep.objects.filter(claim__membership__kpj__startswith="4955").order_by("pk")
    ],
    "transfers": str(sum(Entry.objects.filter(kind="transfer").values_list("amount", flat=True))) }))
"""


def test_bayarkan_pressed_eight_times_in_eight_browsers_pays_once(server, signed_in):
    pk = shell(server, "claim = claims.approve(filed(member(1)), on, now, None); print(claim.pk)")
    session = signed_in(server).partition("=")[2]
    page, barrier = f"/petugas/jht/claim/{pk}/change/", threading.Barrier(PRESSES)

    def press(_):
        browser = Browser(server, {"sesi": session})
        token = browser.token(page)
        barrier.wait(30)
        return browser.ask("POST", f"/petugas/jht/claim/{pk}/bayar/", {"csrfmiddlewaretoken": token})[0]

    with ThreadPoolExecutor(PRESSES) as pool:
        assert list(pool.map(press, range(PRESSES))) == [302] * PRESSES
    found = shell(server, SUM)
    assert found["withdrawals"] == 1
    assert found["steps"].count("paid") == 1
    assert float(found["sums"]["49550000001"]) == 0


DECIDE = """
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
clerk, _ = get_user_model().objects.get_or_create(email="{who}@latih.test")
try:
    claims.{act}
    print("done")
except ValidationError as refusal:
    print(refusal.messages[0])
"""
THE_CLAIM = "Claim.objects.get(membership__kpj='{kpj}')"


def test_of_two_clerks_the_second_is_told_who_decided(server):
    shell(server, "filed(member(2)); print(0)")
    claim = THE_CLAIM.format(kpj="49550000002")
    said = at_once(
        server,
        DECIDE.format(who="satu", act=f"approve({claim}, on, now, clerk)"),
        DECIDE.format(who="dua", act=f"refuse({claim}, 'bank', '', on, now, clerk)"),
        DECIDE.format(who="tiga", act=f"approve({claim}, on, now, clerk)"),
    )
    # An approval may still be taken back by a refusal; whoever comes after either is told.
    assert "done" in said
    assert all(words == "done" or "sudah diputuskan oleh" in words for words in said)
    steps = shell(server, SUM)["steps"]
    assert steps in (["submitted", "approved", "refused"], ["submitted", "refused"])
    assert said.count("done") == len(steps) - 1


def test_payments_and_a_credit_run_at_once_leave_nothing_behind(server):
    members = range(10, 20)
    shell(server, f"for n in {list(members)}: claims.approve(filed(member(n)), on, now, None)\nprint(0)")
    pay = """
for claim in Claim.objects.filter(membership__kpj__startswith="49550", status="approved").order_by("{order}"):
    claims.pay(claim, on, now, None)
print("done")
"""
    credit = """
actions.credit_return(on.year, date(on.year + 1, 1, 1))  # as if the year were over
print("done")
"""
    assert at_once(server, pay.format(order="pk"), pay.format(order="-pk"), credit) == ["done"] * 3
    found = shell(server, SUM)
    assert found["withdrawals"] == len(members)
    assert {float(found["sums"][f"49550000{n:03}"]) for n in members} == {0.0}
    # What was credited for months after the payment is taken back, whichever came first.
    year_end = "[str(row.balance(date(on.year, 12, 31))) for row in Membership.objects.filter(kpj__startswith='49550')]"
    assert set(map(float, shell(server, f"print(json.dumps({year_end}))"))) == {0.0}
    gross = shell(server, """
rows = Claim.objects.filter(membership__kpj__startswith="49550")
debited = Entry.objects.filter(kind="withdrawal", membership__kpj__startswith="49550")
print(json.dumps([str(sum(row.gross for row in rows)), str(-sum(row.amount for row in debited))]))
""")  # fmt: skip
    assert float(gross[0]) == float(gross[1])


def test_a_merge_and_a_payment_at_once_neither_lose_nor_double(server):
    """Ten people with two KPJ: one process merges, one files, approves and pays from the KPJ that would go."""
    people = range(30, 40)
    before = shell(server, f"""
for n in {list(people)}:
    old = member(n)
    new = member(n + 100, old.participant, end=False)
    merges.request_merge(old.participant, new, [old], on, None)
rows = Membership.objects.filter(kpj__startswith="4955")
print(json.dumps(str(sum(row.balance(on) for row in rows))))
""")  # fmt: skip
    attempt = """
from django.core.exceptions import ValidationError
done = 0
for request in MergeRequest.objects.filter(target__kpj__startswith="4955").order_by("pk"):
    try:
        {act}
        done += 1
    except ValidationError:
        pass
print(done)
"""
    merging = "merges.merge(request, on, None)"
    paying = "claims.pay(claims.approve(filed(request.sources.get()), on, now, None), on, now, None)"
    merged, paid = map(int, at_once(server, attempt.format(act=merging), attempt.format(act=paying)))
    found = shell(server, SUM)
    # Where the claim was paid first, the merge still finds an empty KPJ to move; where the merge came first, no claim.
    assert merged + paid >= len(people)
    assert found["withdrawals"] == paid
    assert float(found["transfers"]) == 0
    gross = shell(server, """
debited = Entry.objects.filter(key__startswith="claim:", membership__kpj__startswith="4955")
print(json.dumps(str(-sum(row.amount for row in debited))))
""")  # fmt: skip
    assert abs(sum(map(float, found["sums"].values())) + float(gross) - float(before)) < 0.005


def test_a_part_is_paid_once_for_a_person_with_two_kpj(server):
    """Twelve people with a part approved from each of their two KPJ: two processes pay."""
    people = range(60, 72)
    shell(server, f"""
for n in {list(people)}:
    old = member(n, end=False)
    new = member(n + 100, old.participant, end=False)
    Membership.objects.filter(participant=old.participant).update(start=on - timedelta(days=4200))
    for row in Membership.objects.filter(participant=old.participant):
        claims.approve(filed(row, "partial_10"), on, now, None)
print(0)
""")  # fmt: skip
    pay = """
from django.core.exceptions import ValidationError
paid = 0
for claim in Claim.objects.filter(membership__kpj__startswith="4955{part}").order_by("membership__participant"):
    try:
        claims.pay(claim, on, now, None)
        paid += 1
    except ValidationError:
        pass
print(paid)
"""
    first, second = map(int, at_once(server, pay.format(part="00000"), pay.format(part="00001")))
    assert first + second == len(people)
    assert shell(server, SUM)["withdrawals"] == len(people)
