"""Rows of people, companies, memberships and rates, and which judge there is for each kind of list."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Coalesce

from jht import ledger, typed
from jht.imports.columns import Kind
from jht.imports.headings import Cell
from jht.imports.judge import Judge, Row, plain, sentence_of, typed_or_none
from jht.imports.judge_contributions import ContributionJudge
from jht.models import Employer, Membership, Participant, Rate, Segment
from jht.scope import limited_to

TAKEN_REMEDY = "Ubah data itu pada halamannya, atau hapus baris ini."


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
        passed, faulty = [], []
        for number, row in cells:
            before = self.told
            values = self.values(number, row)
            if self.told != before:
                faulty.append((number, row, values))
            elif self._is_first(number, row, values[self.key_name]):
                passed.append((number, values[self.key_name], values))
        self._tell_taken([one for one in faulty if one[2][self.key_name] is not None])
        return passed

    def _tell_taken(self, faulty: list[tuple]) -> None:
        """Of rows that are wrong anyway, also that their number belongs to another row already."""
        for start in range(0, len(faulty), 1000):
            some = faulty[start : start + 1000]
            known = self.known([values[self.key_name] for _, _, values in some])
            for number, row, values in some:
                there = known.get(values[self.key_name], values)
                if there is None or any(value not in (None, there[name]) for name, value in values.items()):
                    self.fault(number, self.key_name, row[self.key_name], self.taken(), TAKEN_REMEDY)

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
            self.fault(number, "end", row["end"], sentence_of(Membership, "membership_ends_after_start"))
        if segment and (segment in ("PU", "JAKON")) != bool(plain(row.get("npp"))):
            sentence = sentence_of(Membership, "membership_employer_fits_segment")
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
    raise ValidationError(sentence_of(Membership, "membership_segment_is_known"))


def read_yes(text: str) -> bool:
    words = {"ya": True, "benar": True, "angka latihan": True, "tidak": False, "bukan": False, "sumber publik": False}
    if text.casefold() not in words:
        raise ValidationError("Angka latihan diisi ya atau tidak.")
    return words[text.casefold()]
