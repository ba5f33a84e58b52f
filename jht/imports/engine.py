"""A file becomes rows: rehearsed first, then everything in one transaction or nothing.

Contributions come by the million. They are judged in batches, stand in a temporary table meanwhile, and the database
finds doubles and what is recorded already, and writes them with their ledger entries. Nothing of the real tables is
locked before that. The other lists are short, and held in memory until they are written.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from jht import actions
from jht.imports import headings
from jht.imports.columns import Kind
from jht.imports.faults import Fault, shown
from jht.imports.headings import Layout
from jht.imports.judge import Judge, Row
from jht.imports.judge_contributions import ContributionJudge
from jht.imports.judge_lists import JUDGES, TAKEN_REMEDY, ListJudge
from jht.imports.staging import Staged, staging
from jht.ledger import rates
from jht.scope import keep, scope_of
from jht.typed import RECORDED

BATCH = 10_000  # rows judged at a time
LATE_BATCH = 500  # memberships whose late return is booked at a time
MOST_FAULTS = 10_000  # a file with more is not read to its end
MOST_IN_LISTS = 200_000  # rows of a list that is held in memory
CHANGED_MEANWHILE = (
    "Data berubah selama berkas ini diperiksa: ada kepesertaan atau iuran yang baru saja diubah petugas lain. "
    "Tidak ada yang ditulis. Periksa berkas ini sekali lagi."
)


class Stopped(Exception):
    """Somebody asked to stop. Nothing was written."""


class Refused(Exception):
    """Nothing was written; str() is the sentence why."""


class Watch:
    """Told how far it is; may raise Stopped. This one does neither: jobs.py has one that does."""

    def read(self, rows: int, faults: int) -> None: ...

    def written(self, rows: int) -> None: ...


@dataclass
class Outcome:
    """What a rehearsal found, or an import wrote."""

    rows_read: int = 0
    rows_new: int = 0
    rows_known: int = 0
    fault_count: int = 0
    faults: list[Fault] = field(default_factory=list)
    is_cut: bool = False  # too many faults: the rest of the file was not read
    is_written: bool = False

    def tell(self, fault: Fault) -> None:
        self.fault_count += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(fault)

    def in_order(self) -> list[Fault]:
        return sorted(self.faults, key=lambda fault: (fault.row, len(fault.column), fault.column))


def bring_in(
    table,
    kind: str,
    *,
    today: date,
    by: AbstractBaseUser | None = None,
    write: bool = False,
    watch: Watch | None = None,
    seal=lambda outcome: None,
) -> Outcome:
    """Judge every row of an opened file (jht.imports.files) and, with `write` and without faults, write them all.

    `seal` is called in the writing transaction, last. Raises Refused or Stopped; then nothing was written.
    """
    watch, outcome = watch or Watch(), Outcome()
    layout = headings.recognise(table.headings, kind, table.heading_row)
    for fault in layout.faults:
        outcome.tell(fault)
    if not layout.is_readable:
        return outcome
    judge = JUDGES[kind](layout, today, outcome.tell, scope_of(by))
    bring = _contributions if kind == Kind.CONTRIBUTIONS else _list
    try:
        bring(judge, table.rows(), outcome, by if write else None, write, watch, seal)
    except (IntegrityError, DataError) as error:
        raise Refused(CHANGED_MEANWHILE) from error
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    return outcome


def _judged(judge: Judge, rows: Iterator[Row], outcome: Outcome, watch: Watch) -> Iterator[list[tuple]]:
    """What passed, batch by batch, as long as the faults can still be told."""
    batch, first = [], True
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield _judge(judge, batch, outcome, watch, first)
            batch, first = [], False
            if outcome.fault_count >= MOST_FAULTS:
                outcome.is_cut = True
                return
    if batch:
        yield _judge(judge, batch, outcome, watch, first)


def _judge(judge: Judge, batch: list[Row], outcome: Outcome, watch: Watch, first: bool) -> list[tuple]:
    if first:
        for fault in headings.swapped(judge.layout, [cells for _, cells in batch[: headings.SAMPLE]]):
            outcome.tell(fault)
    passed = judge.batch(batch)
    outcome.rows_read += len(batch)
    watch.read(outcome.rows_read, outcome.fault_count)
    return passed


# --- Contributions -------------------------------------------------------------------------------------------


def _contributions(
    judge: ContributionJudge, rows: Iterator[Row], outcome: Outcome, by, write: bool, watch: Watch, seal
) -> None:
    with staging() as staged:
        for passed in _judged(judge, rows, outcome, watch):
            staged.add(passed)
        staged.complete()
        if outcome.fault_count or not write:
            _compare(staged, judge.layout, outcome, watch)
            outcome.rows_new = staged.count()
            return
        with transaction.atomic():
            # First the locks, then the reading: whoever posts meanwhile waits (jht.actions)
            staged.lock_memberships()
            if staged.changed_memberships():
                raise Refused(CHANGED_MEANWHILE)
            _compare(staged, judge.layout, outcome, watch)
            outcome.rows_new = staged.count()
            if outcome.fault_count:
                return
            staged.number()
            for written in staged.write(timezone.now(), getattr(by, "pk", None)):
                watch.written(written)
            _book_late_returns(staged, by, outcome, watch)
            outcome.is_written = True
            seal(outcome)


def _compare(staged: Staged, layout: Layout, outcome: Outcome, watch: Watch) -> None:
    """Against itself and against what is recorded: doubles and differences are faults, the same again is known."""
    month = layout.letter("month")
    for line, day, first in staged.doubles(MOST_FAULTS):
        problem = f"Iuran bulan ini untuk KPJ yang sama sudah ada pada baris {first}."
        outcome.tell(Fault(line, month, shown(f"{day:%m-%Y}"), problem, "Hapus salah satu baris itu."))
    watch.read(outcome.rows_read, outcome.fault_count)
    outcome.rows_known = staged.drop_known()
    for line, day in staged.conflicts(MOST_FAULTS):
        right = "Hapus baris ini, atau batalkan dahulu iuran yang tercatat."
        outcome.tell(Fault(line, month, shown(f"{day:%m-%Y}"), RECORDED, right))
    watch.read(outcome.rows_read, outcome.fault_count)


def _book_late_returns(staged: Staged, by, outcome: Outcome, watch: Watch) -> None:
    """What was posted into years already credited earns there too (jht.actions)."""
    last = rates().last_credited
    if not last:
        return
    late: dict[int, date] = {}
    for membership, paid_on in staged.paid_until(date(last, 12, 31)):
        late[membership] = paid_on
        if len(late) == LATE_BATCH:
            actions._credit_again(late, by)
            watch.written(outcome.rows_new)
            late = {}
    if late:
        actions._credit_again(late, by)


# --- The short lists -----------------------------------------------------------------------------------------


def _list(judge: ListJudge, rows: Iterator[Row], outcome: Outcome, by, write: bool, watch: Watch, seal) -> None:
    kept: list[tuple] = []
    for passed in _judged(judge, rows, outcome, watch):
        kept += passed
        if len(kept) > MOST_IN_LISTS:
            raise Refused(
                f"Berkas ini berisi lebih dari {MOST_IN_LISTS:,} baris. Bagilah menjadi beberapa berkas.".replace(
                    ",", "."
                )
            )
    if outcome.fault_count or not write:
        outcome.rows_new = len(_not_known(judge, kept, outcome))
        return
    with transaction.atomic():
        new = _not_known(judge, kept, outcome)
        outcome.rows_new = len(new)
        if outcome.fault_count:
            return
        for start in range(0, len(new), BATCH):
            made = judge.model.objects.bulk_create(map(judge.make, new[start : start + BATCH]), BATCH // 10)
            keep(made, by)
            watch.written(min(start + BATCH, len(new)))
        outcome.is_written = True
        seal(outcome)


def _not_known(judge: ListJudge, kept: list[tuple], outcome: Outcome) -> list[dict]:
    """The rows to write. One that is there already with the same values is known, with others a fault."""
    new = []
    for start in range(0, len(kept), 1000):
        some = kept[start : start + 1000]
        existing = judge.known([key for _, key, _ in some])
        for number, key, values in some:
            if key not in existing:
                new.append(values)
            elif existing[key] == values:
                outcome.rows_known += 1
            else:
                place = judge.layout.letter(judge.key_name)
                outcome.tell(Fault(number, place, shown(str(key)), judge.taken(), TAKEN_REMEDY))
    return new
