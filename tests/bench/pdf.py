"""What a statement on paper costs: `python -m tests.bench.pdf`. Prints, judges nothing.

Every document is another one, as in life; the time is that of the whole of jht.paper.pdf, forgetting included.
"""

import os
import statistics
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from jht import paper  # noqa: E402 (Django first)
from jht.explanations import Card, explain_years  # noqa: E402
from jht.rules import Movement, Rates, statement  # noqa: E402

ROUNDS, ON, PERCENT = 12, date(2026, 3, 15), Decimal("5.63")


def of_years(years: int, monthly: int) -> paper.Paper:
    """A full history up to 2025: twelve contributions a year and the booked return."""
    rates = Rates(dict.fromkeys(range(2026 - years, 2026), PERCENT))
    rows = [
        (date(year, month, 1), "contribution", Decimal(monthly), None, date(year, month, 1), "")
        for year in range(2026 - years, 2026)
        for month in range(1, 13)
    ]
    for line in statement([Movement(*row[:4]) for row in rows], rates, date(2025, 12, 31)):
        rows.append((date(line.year, 12, 31), "return", line.returns, None, None, ""))
    rows.sort(key=lambda row: row[0], reverse=True)
    credited = Rates(rates.percents, 2025)
    lines = statement([Movement(*row[:4]) for row in rows], credited, ON, closed_until=2025)
    sources = dict.fromkeys(rates.percents, "angka latihan")
    card = Card("49000000017", "PT Rekaan Jaya", "Penerima Upah", True, True, lines[-1].closing, None, None, [])
    return paper.Paper(card, "Budi Santoso", explain_years(lines, rows, credited, sources, ON)[::-1], ON, ON)


def resident() -> int:
    """Megabytes this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") // 1_000_000


def measure(years: int) -> None:
    cpu, wall = [], []
    for turn in range(ROUNDS + 1):
        document = of_years(years, 285_000 + turn)
        began, began_cpu = time.perf_counter(), time.process_time()
        size = len(paper.pdf(document))
        if turn:  # the first one warms up
            wall.append((time.perf_counter() - began) * 1000)
            cpu.append((time.process_time() - began_cpu) * 1000)
    print(
        f"  {years:>2} years: CPU {statistics.median(cpu):6.0f} ms (best {min(cpu):.0f}), "
        f"wall {statistics.median(wall):6.0f} ms, {size // 1000} kB, process {resident()} MB"
    )


if __name__ == "__main__":
    print(f"PDF of a statement, median of {ROUNDS} different ones; goal for 40 years: 300 ms")
    for years in (1, 5, 40):
        measure(years)
