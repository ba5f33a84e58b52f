"""What a balance must be, by docs/aturan.md and not by the code that is tested.

`hasil = saldo awal × r + Σ iuran × r × (13 − m) / 12`, m the month of payment; a year not over yet has earned for its
complete months only; each year's return is kept to the sen.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from portal.cast import PRACTICE_RATE, PUBLISHED_RATES, Job

# 2 % of the middle of the band in which the declared income lies (docs/aturan.md#iuran-bpu).
BPU = {2_500_000: 53_000, 3_200_000: 64_000, 3_600_000: 75_000, 4_000_000: 86_000, 4_400_000: 86_000}


def contribution(job: Job, month: date, start: date) -> Decimal:
    """One month in rupiah: PU 5,7 % of the wage, BPU by band, PMI as chosen."""
    wage = job.wage_in(month, start)
    if job.segment == "PU":
        return sum((whole(wage * Decimal(share)) for share in ("0.037", "0.02")), Decimal(0))
    return Decimal(BPU[wage] if job.segment == "BPU" else wage)


def balance(payments: Iterable[tuple[date, Decimal]], on: date) -> Decimal:
    """Rupiah and sen on a day, from (paid on, amount)."""
    payments = sorted(payments)
    total = Decimal(0)
    for year in range(payments[0][0].year if payments else on.year, on.year + 1):
        rate = Decimal(PUBLISHED_RATES.get(year, PRACTICE_RATE)) / 100
        complete = 12 if year < on.year or (on + timedelta(days=1)).year > year else on.month - 1
        paid = [(day.month, amount) for day, amount in payments if day.year == year]
        earned = total * rate * complete / 12
        earned += sum(amount * rate * max(0, complete + 1 - month) / 12 for month, amount in paid)
        total += sum(amount for _, amount in paid) + earned.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return total


def balance_of(job: Job, on: date) -> int:
    """Whole rupiah, as the page shows it."""
    if job.segment == "JAKON" or job.claimed_days_ago is not None:
        return 0
    start, end = job.start(on), job.end(on)
    return int(whole(_sum(job, start, end, on)))


def total_of(jobs: Iterable[Job], on: date) -> int:
    """Rounded once, at the end."""
    saving = [job for job in jobs if job.segment != "JAKON" and job.claimed_days_ago is None]
    return int(whole(sum((_sum(job, job.start(on), job.end(on), on) for job in saving), Decimal(0))))


def _sum(job: Job, start: date, end: date | None, on: date) -> Decimal:
    months = job.paid_months(start, end, on)
    return balance([(paid_on, contribution(job, month, start)) for month, paid_on in months], on)


def whole(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal(1), ROUND_HALF_UP)
