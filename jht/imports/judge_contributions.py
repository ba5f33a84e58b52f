"""Rows of a list of contributions, judged a batch at a time: a million of them, in memory that does not grow."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import connection

from jht import typed
from jht.imports.columns import Kind
from jht.imports.headings import Cell
from jht.imports.judge import CANCELLED, LOOKED_UP, REMEMBERED, Judge, Meanings, Row, plain, stored_day
from jht.models import Figure, Segment
from jht.scope import Scope


class Held(NamedTuple):
    """A membership as a contribution is judged against it; `first` and `last` are ISO days, for quick comparing."""

    pk: int
    kpj: str
    segment: str
    start: date
    end: date | None
    merged_into: str | None
    first: str
    last: str


HELD = """
    SELECT m.id, m.kpj, m.segment, m.start, m."end", target.kpj
    FROM jht_membership m LEFT JOIN jht_membership target ON target.id = m.merged_into_id WHERE m.kpj {among}{whose}
"""


def held(numbers: Iterable[str], scope: Scope | None = None) -> Iterable[Held]:
    """The memberships with these KPJ, as far as they are in the scope. One query for each LOOKED_UP of them."""
    numbers = list(numbers)
    condition, theirs = scope.sql("m.participant_id") if scope else ("", ())
    whose = f" AND {condition}" if condition else ""
    for start in range(0, len(numbers), LOOKED_UP):
        some = numbers[start : start + LOOKED_UP]
        if connection.vendor == "postgresql":
            among, params = "= ANY(%s)", [some]
        else:
            among, params = f"IN ({', '.join(['%s'] * len(some))})", some
        with connection.cursor() as cursor:
            cursor.execute(HELD.format(among=among, whose=whose), [*params, *theirs])
            found = cursor.fetchall()
        for pk, kpj, segment, begin, end, target in found:
            begin, end = stored_day(begin), stored_day(end)
            last = end.isoformat() if end else "9999-12-31"
            yield Held(pk, kpj, segment, begin, end, target, begin.replace(day=1).isoformat(), last)


class ContributionJudge(Judge):
    """Rows become (row number, membership, month, wage, employer's share, worker's share, paid on), days in ISO.

    With `as_text` each is one line of text instead, as PostgreSQL's COPY reads it. A row that passes costs a look
    into five dictionaries; only one that does not is read cell by cell, to say what is wrong.
    """

    kind = Kind.CONTRIBUTIONS

    def __init__(self, *args):
        super().__init__(*args)
        self.as_text = connection.vendor == "postgresql"
        self.members: dict[Cell, Held] = {}
        self.payable: dict[Cell, tuple] = {}  # what of a membership decides about a row; absent when it takes no money
        self.months = Meanings(lambda cell: self._month(plain(cell)).isoformat())
        self.days = Meanings(lambda cell: self._paid_on(plain(cell)).isoformat())
        self.amounts = Figure.objects.pmi_amounts(self.today)
        self.bands = Meanings(lambda month: Figure.objects.bpu_bands(date.fromisoformat(month)))
        self.money = {
            segment: Meanings(lambda cells, segment=segment: self._money(segment, *cells))
            for segment in (Segment.PU, Segment.BPU, Segment.PMI)
        }

    def batch(self, rows: list[Row]) -> list:
        place = self.layout.positions.get
        kpj_at, month_at, paid_at = place("kpj"), place("month"), place("paid_on")
        wage_at, pmi_at, standing_at = place("wage"), place("pmi_amount"), place("standing")
        width, as_text = len(self.layout.headings), self.as_text
        self._meet({row[kpj_at] for _, row in rows if len(row) > kpj_at})
        payable, months, days = self.payable, self.months, self.days
        passed = []
        for number, row in rows:
            try:
                if len(row) != width:
                    if self.slipped(number, row):
                        continue
                    row = (*row, *[None] * (width - len(row)))
                if standing_at is not None and row[standing_at] and plain(row[standing_at]).casefold() == CANCELLED:
                    continue
                membership, money, by_month, first, last = payable[row[kpj_at]]
                month = months[row[month_at]]
                wage = None if wage_at is None else row[wage_at]
                pmi = None if pmi_at is None else row[pmi_at]
                kept = money[wage, pmi, month if by_month else None]
                paid = days[row[paid_at]]
            except (KeyError, ValidationError):
                self._explain(number, row)
                continue
            if not first <= month <= last:
                self._explain(number, row)
            elif as_text:
                passed.append(f"{number}\t{membership}\t{month}\t{kept}\t{paid}\n")
            else:
                passed.append((number, membership, month, *kept, paid))
        return passed

    def _meet(self, cells: set[Cell]) -> None:
        """Know the memberships of these cells, as far as there are such."""
        new = {}
        for cell in cells - self.members.keys():
            try:
                new[cell] = typed.read_kpj(plain(cell))
            except ValidationError:
                continue
        if not new:
            return
        if len(self.members) + len(new) > REMEMBERED:
            self.members = {cell: self.members[cell] for cell in cells & self.members.keys()}
            self.payable = {cell: self.payable[cell] for cell in cells & self.payable.keys()}
        known = {member.kpj: member for member in held(set(new.values()), self.scope)}
        for cell, kpj in new.items():
            member = known.get(kpj)
            if member is None:
                continue
            self.members[cell] = member
            if member.segment in self.money and not member.merged_into:
                # Only the self-employed pay by a table that changes with the month
                by_month = member.segment == Segment.BPU
                money = self.money[member.segment]
                self.payable[cell] = member.pk, money, by_month, member.first, member.last

    def _month(self, text: str) -> date:
        return typed.check_month_ahead(typed.read_month(text), self.today)

    def _paid_on(self, text: str) -> date:
        return typed.check_paid_on(typed.read_day(text), self.today)

    def _money(self, segment: str, wage: Cell, pmi: Cell, month: str | None) -> tuple[int, int, int] | str:
        wage_text, pmi_text = plain(wage), plain(pmi)
        kept = typed.shares(
            segment,
            typed.read_rupiah(wage_text) if wage_text else None,
            typed.read_rupiah(pmi_text) if pmi_text else None,
            self.amounts,
            self.bands[month] if month else (),
        )
        return "\t".join(map(str, kept)) if self.as_text else kept

    def _explain(self, number: int, row: Sequence[Cell]) -> None:
        """Everything that is wrong with this row, as the form would say it."""
        cells = self.layout.cells(row)
        member = self._member(number, cells["kpj"])
        month = self.read(number, "month", cells["month"], self._month)
        self.read(number, "paid_on", cells["paid_on"], self._paid_on)
        unread = object()
        typed_money = {}
        for name in ("wage", "pmi_amount"):
            text = plain(cells.get(name))
            try:
                typed_money[name] = typed.read_rupiah(text) if text else None
            except ValidationError as fault:
                sentence = " ".join(fault.messages) if name == "wage" else typed.NOT_A_PMI_AMOUNT
                self.fault(number, name, cells.get(name), sentence, self._right(name))
                typed_money[name] = unread
        pmi = typed_money["pmi_amount"]
        if pmi is not unread and pmi is not None and pmi not in self.amounts:
            self.fault(number, "pmi_amount", cells["pmi_amount"], typed.NOT_A_PMI_AMOUNT, self._right("pmi_amount"))
            typed_money["pmi_amount"] = unread
        if member is None:
            return
        if month:
            self._month_within(number, cells["month"], member, month)
        values = {name: None if value is unread else value for name, value in typed_money.items()}
        bands = self.bands[(month or self.today.replace(day=1)).isoformat()] if member.segment == "BPU" else ()
        try:
            typed.shares(member.segment, values["wage"], values["pmi_amount"], self.amounts, bands)
        except ValidationError as faults:
            for name, sentences in faults.message_dict.items():
                if typed_money[name] is not unread:
                    self.fault(number, name, cells.get(name), " ".join(sentences), self._right(name))

    def _member(self, number: int, cell: Cell) -> Held | None:
        kpj = self.read(number, "kpj", cell, typed.read_kpj)
        if kpj is None:
            return None
        member = self.members.get(cell)
        if member is None:
            self.fault(
                number,
                "kpj",
                cell,
                f"KPJ {kpj} tidak ada.",
                "KPJ yang sudah tercatat; impor kepesertaannya lebih dahulu.",
            )
            return None
        try:
            typed.check_can_be_paid_for(member.kpj, member.segment, member.merged_into)
        except ValidationError as fault:
            self.fault(number, "kpj", cell, " ".join(fault.messages))
            return None
        return member

    def _month_within(self, number: int, cell: Cell, member: Held, month: date) -> None:
        try:
            typed.check_month_within(member.start, member.end, month)
        except ValidationError as fault:
            until = f" sampai {member.end:%m-%Y}" if member.end else ""
            right = f"Bulan dari {member.start:%m-%Y}{until}."
            self.fault(number, "month", cell, " ".join(fault.messages), right)

    def _right(self, name: str) -> str:
        if name != "pmi_amount":
            return ""
        return f"Untuk PMI: {', '.join(typed.grouped(amount) for amount in self.amounts)}. Selain PMI: kosong."
