"""Every row of a file, judged by the rules of jht.typed, which the desk's forms use too.

A judge reads a batch of rows and gives back what is to be written, and tells a fault for each cell that is wrong. It
knows what each text means once it has read it: the months, days and wages of a list are few, and so it is quick.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Coalesce

from jht import ledger, typed
from jht.forms import may_be_real_passport
from jht.imports.columns import Kind
from jht.imports.faults import MASK, Fault, shown
from jht.imports.headings import Cell, Layout
from jht.models import Employer, Figure, Membership, Participant, Rate, Segment
from jht.scope import Scope, limited_to

Row = tuple[int, Sequence[Cell]]
REMEMBERED = 100_000  # texts, or memberships, of which a judge keeps the meaning
LOOKED_UP = 10_000  # keys asked of the database at once
CANCELLED = "dibatalkan"  # a row of our own export that no longer counts

RIGHT = {
    "kpj": "11 angka berawalan 49, misalnya 49000000011.",
    "nik": "16 angka berawalan 49, misalnya 4971015503900001; untuk WNA paspor, misalnya X49000123.",
    "npp": "8 huruf besar atau angka, misalnya L4900001.",
    "name": "Nama lengkap, paling banyak 120 huruf.",
    "city": "Nama kota, paling banyak 80 huruf, atau kosong.",
    "birth_date": "Hari-bulan-tahun, misalnya 15-03-1990.",
    "segment": "PU, BPU, PMI atau JAKON.",
    "start": "Hari-bulan-tahun, misalnya 01-02-2024.",
    "end": "Hari-bulan-tahun, tidak sebelum tanggal mulai, atau kosong.",
    "month": "Bulan-tahun, misalnya 03-2026.",
    "wage": "Rupiah penuh, misalnya 5.000.000.",
    "pmi_amount": "Salah satu jumlah iuran PMI, atau kosong.",
    "paid_on": "Hari-bulan-tahun, misalnya 10-04-2026.",
    "year": "Empat angka, misalnya 2026.",
    "percent": "Persen dengan koma, misalnya 5,63.",
    "source": "Dari mana angka ini, paling banyak 200 huruf.",
    "is_training": "ya atau tidak.",
}
REQUIRED = {
    "kpj": "Nomor KPJ masih kosong. Isi 11 angka pada kartu peserta.",
    "nik": "NIK masih kosong. Isi 16 angka NIK latihan.",
    "month": "Bulan masih kosong. Isi bulan-tahun, misalnya 03-2026.",
    "paid_on": "Tanggal masih kosong. Isi dengan urutan hari-bulan-tahun, misalnya 15-03-1990.",
    "birth_date": "Tanggal masih kosong. Isi dengan urutan hari-bulan-tahun, misalnya 15-03-1990.",
    "start": "Tanggal masih kosong. Isi dengan urutan hari-bulan-tahun, misalnya 15-03-1990.",
    "npp": typed.empty("NPP"),
    "name": typed.empty("nama"),
    "segment": typed.empty("segmen"),
    "year": typed.empty("tahun"),
    "percent": "Tingkat masih kosong. Isi dalam persen, misalnya 5,63.",
    "source": typed.empty("sumber"),
}


def plain(cell: Cell) -> str:
    """A cell as a person would have typed it."""
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, date):
        return f"{cell:%d-%m-%Y}"
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}".replace(".", ",")
    return str(cell)


class Meanings(dict):
    """What each cell means once `read` has read it; a cell that is faulty is read anew each time."""

    def __init__(self, read: Callable[[Any], Any]):
        self.read = read

    def __missing__(self, cell):
        meaning = self.read(cell)
        if len(self) >= REMEMBERED:
            self.clear()
        self[cell] = meaning
        return meaning


class Judge:
    """`tell` takes each fault. `batch` gives the rows that passed, as the writer of this kind wants them."""

    kind: str

    def __init__(self, layout: Layout, today: date, tell: Callable[[Fault], None], scope: Scope | None = None):
        """`scope`: what whoever brings the file in works with; all else is unknown to these rows."""
        self.layout, self.today, self.tell, self.scope = layout, today, tell, scope

    def batch(self, rows: list[Row]) -> list:
        raise NotImplementedError

    def fault(self, number: int, name: str, cell: Cell, problem: str, right: str = "") -> None:
        place = self.layout.letter(name)
        if name == "nik" and may_be_real_passport(plain(cell)):
            cell = MASK
        self.tell(Fault(number, place, shown(plain(cell)), problem, right or RIGHT.get(name, "")))

    def read(self, number: int, name: str, cell: Cell, read: Callable, optional: bool = False):
        """What the cell means; None, and a fault told, when it means nothing. An empty optional cell is None too."""
        text = plain(cell)
        if not text:
            if not optional:
                self.fault(number, name, cell, REQUIRED[name])
            return None
        try:
            return read(text)
        except ValidationError as fault:
            self.fault(number, name, cell, " ".join(fault.messages))
            return None

    def slipped(self, number: int, cells: Sequence[Cell]) -> bool:
        fault = self.layout.beyond(number, cells)
        if fault:
            self.tell(fault)
        return fault is not None


# --- Contributions -------------------------------------------------------------------------------------------


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
            begin, end = _day(begin), _day(end)
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


# --- People, companies, rates --------------------------------------------------------------------------------


class ListJudge(Judge):
    """Rows of a list that is short enough to be held: each becomes (row number, key, {field: value}).

    `key_name` is the field by which a row is known again; a second row with the same key is a fault.
    """

    model: type[Model]
    key_name: str
    key_label: str

    def __init__(self, *args):
        super().__init__(*args)
        self.seen: dict[Any, int] = {}

    def batch(self, rows: list[Row]) -> list[tuple]:
        cells = [(number, self.layout.cells(row)) for number, row in rows if not self.slipped(number, row)]
        self.prepare([row for _, row in cells])
        passed = []
        for number, row in cells:
            before = self.told
            values = self.values(number, row)
            if self.told == before and self._is_first(number, row, values[self.key_name]):
                passed.append((number, values[self.key_name], values))
        return passed

    told = 0

    def fault(self, *args, **kwargs) -> None:
        self.told += 1
        super().fault(*args, **kwargs)

    def prepare(self, rows: list[dict[str, Cell]]) -> None:
        """Look up what these rows refer to."""

    def values(self, number: int, row: dict[str, Cell]) -> dict[str, Any]:
        raise NotImplementedError

    def existing(self, keys: list, rows: QuerySet) -> dict[Any, dict[str, Any]]:
        """The ones among `rows` with these keys, by key, as `values` gives them."""
        raise NotImplementedError

    def known(self, keys: list) -> dict[Any, dict[str, Any] | None]:
        """The rows already there, by key; None for one outside the scope: its number is taken, and that is all."""
        everybody = self.existing(keys, self.model.objects.all())
        if self.scope is None:
            return everybody
        own = self.existing(keys, self.scope.limit(self.model.objects.all()))
        return {key: own.get(key) for key in everybody}

    def taken(self) -> str:
        """What is said of a key whose row is there already but differs."""
        raise NotImplementedError

    def make(self, values: dict[str, Any]):
        """The row, not yet written."""
        raise NotImplementedError

    def _is_first(self, number: int, row: dict[str, Cell], key) -> bool:
        first = self.seen.setdefault(key, number)
        if first != number:
            problem = f"{self.key_label} ini sudah ada pada baris {first}."
            self.fault(number, self.key_name, row[self.key_name], problem, "Hapus salah satu baris itu.")
        return first == number


def _name(label: str, most: int) -> Callable[[str], str]:
    return lambda text: typed.read_plain(text, label, most)


class EmployerJudge(ListJudge):
    kind = Kind.EMPLOYERS
    key_name, key_label, model = "npp", "NPP", Employer

    def values(self, number, row):
        return {
            "npp": self.read(number, "npp", row["npp"], typed.read_npp),
            "name": self.read(number, "name", row["name"], _name("nama perusahaan", 120)),
            "city": self.read(number, "city", row.get("city"), _name("kota", 80), optional=True) or "",
        }

    def existing(self, keys, rows):
        return {row["npp"]: row for row in rows.filter(npp__in=keys).values("npp", "name", "city")}

    def taken(self):
        return Employer._meta.get_field("npp").error_messages["unique"]

    def make(self, values):
        return Employer(**values)


class ParticipantJudge(ListJudge):
    kind = Kind.PARTICIPANTS
    key_name, key_label, model = "nik", "NIK", Participant

    def values(self, number, row):
        return {
            "nik": self.read(number, "nik", row["nik"], typed.read_identity),
            "name": self.read(number, "name", row["name"], _name("nama lengkap", 120)),
            "birth_date": self.read(number, "birth_date", row["birth_date"], self._birth_date),
        }

    def _birth_date(self, text: str) -> date:
        return typed.check_birth_date(typed.read_day(text), self.today)

    def existing(self, keys, rows):
        rows = rows.filter(Q(nik__in=keys) | Q(passport__in=keys))
        names = ("nik", "name", "birth_date")
        found = rows.annotate(number=Coalesce("nik", "passport")).values_list("number", "name", "birth_date")
        return {row[0]: dict(zip(names, row, strict=True)) for row in found}

    def taken(self):
        return Participant._meta.get_field("nik").error_messages["unique"]

    def make(self, values):
        return Participant(**values | typed.nik_or_passport(values["nik"]))


class MembershipJudge(ListJudge):
    kind = Kind.MEMBERSHIPS
    key_name, key_label, model = "kpj", "Nomor KPJ", Membership

    def prepare(self, rows):
        numbers = {typed_or_none(typed.read_identity, row["nik"]) for row in rows} - {None}
        npps = {typed_or_none(typed.read_npp, row.get("npp")) for row in rows} - {None}
        people = limited_to(self.scope, Participant.objects.filter(Q(nik__in=numbers) | Q(passport__in=numbers)))
        self.people = dict(people.values_list(Coalesce("nik", "passport"), "pk"))
        companies = limited_to(self.scope, Employer.objects.filter(npp__in=npps))
        self.companies = dict(companies.values_list("npp", "pk"))

    def values(self, number, row):
        values = {
            "kpj": self.read(number, "kpj", row["kpj"], typed.read_kpj),
            "participant_id": self._refer(number, "nik", row["nik"], typed.read_identity, self.people, "Peserta"),
            "segment": self.read(number, "segment", row["segment"], read_segment),
            "employer_id": self._refer(number, "npp", row.get("npp"), typed.read_npp, self.companies, "Pemberi kerja"),
            "start": self.read(number, "start", row["start"], self._start),
            "end": self.read(number, "end", row.get("end"), self._end, optional=True),
        }
        start, end, segment = values["start"], values["end"], values["segment"]
        if start and end and end < start:
            self.fault(number, "end", row["end"], _sentence(Membership, "membership_ends_after_start"))
        if segment and (segment in ("PU", "JAKON")) != bool(plain(row.get("npp"))):
            sentence = _sentence(Membership, "membership_employer_fits_segment")
            right = "NPP pemberi kerja." if segment in ("PU", "JAKON") else "Kosongkan NPP."
            self.fault(number, "npp" if "npp" in row else "segment", row.get("npp"), sentence, right)
        return values

    def _refer(self, number: int, name: str, cell: Cell, read: Callable, known: dict[str, int], what: str):
        text = self.read(number, name, cell, read, optional=name == "npp")
        if text is not None and text not in known:
            right = f"{what} yang sudah tercatat; impor {what.lower()} lebih dahulu."
            self.fault(number, name, cell, f"{what} dengan {name.upper()} ini tidak ada.", right)
        return known.get(text)

    def _start(self, text: str) -> date:
        return typed.check_start(typed.read_day(text), self.today)

    def _end(self, text: str) -> date | None:
        return typed.check_end(typed.read_day(text), self.today)

    def existing(self, keys, rows):
        names = ("kpj", "participant_id", "segment", "employer_id", "start", "end")
        return {row["kpj"]: row for row in rows.filter(kpj__in=keys).values(*names)}

    def taken(self):
        return Membership._meta.get_field("kpj").error_messages["unique"]

    def make(self, values):
        return Membership(**values)


class RateJudge(ListJudge):
    kind = Kind.RATES
    key_name, key_label, model = "year", "Tahun", Rate

    def __init__(self, *args):
        super().__init__(*args)
        self.rates = ledger.rates()

    def values(self, number, row):
        training = self.read(number, "is_training", row.get("is_training"), read_yes, optional=True)
        return {
            "year": self.read(number, "year", row["year"], self._year),
            "percent": self.read(number, "percent", row["percent"], typed.read_percent),
            "source": self.read(number, "source", row["source"], _name("sumber", 200)),
            "is_training": True if training is None else training,
        }

    def _year(self, text: str) -> int:
        year = typed.read_year(text)
        return year if year in self.rates.percents else typed.check_rate_year(year, self.rates.last_credited)

    def existing(self, keys, rows):
        names = ("year", "percent", "source", "is_training")
        return {row["year"]: row for row in rows.filter(year__in=keys).values(*names)}

    def taken(self):
        return Rate._meta.get_field("year").error_messages["unique"]

    def make(self, values):
        return Rate(**values)


JUDGES: dict[str, type[Judge]] = {
    judge.kind: judge for judge in (EmployerJudge, ParticipantJudge, MembershipJudge, ContributionJudge, RateJudge)
}


def read_segment(text: str) -> str:
    """A segment by its short or long name.

    >>> read_segment("pu"), read_segment("Bukan Penerima Upah"), read_segment("Jakon")
    ('PU', 'BPU', 'JAKON')
    """
    for segment in Segment:
        if text.upper() == segment.value or text.casefold() == segment.label.casefold():
            return segment.value
    raise ValidationError(_sentence(Membership, "membership_segment_is_known"))


def read_yes(text: str) -> bool:
    words = {"ya": True, "benar": True, "angka latihan": True, "tidak": False, "bukan": False, "sumber publik": False}
    if text.casefold() not in words:
        raise ValidationError("Angka latihan diisi ya atau tidak.")
    return words[text.casefold()]


def typed_or_none(read: Callable[[str], str], cell: Cell) -> str | None:
    try:
        return read(plain(cell))
    except ValidationError:
        return None


def _sentence(model, constraint: str) -> str:
    return next(one.violation_error_message for one in model._meta.constraints if one.name == constraint)


def _day(value: date | str | None) -> date | None:
    """SQLite keeps days as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
