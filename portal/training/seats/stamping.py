"""Seats like one that is there already: the rows of the first seat of its kind, with the numbers of another one.

The programme's own actions make the people of a seat by the rules, in a quarter of a second. Seats of one variant
(people.VARIANTS) differ in numbers only, so the others get a copy of these rows, as long as it is the same day, the
rules are the same, and this process lives. That a copy and a seat made by the rules are the same is a test.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from jht.models import AuditRecord, Claim, Employer, Figure, Participant, Rate, ReasonRule, Regulation
from portal.cast import COMPANIES, Person
from portal.training.models import Seat, SeatPerson
from portal.training.seats import belongings

LABEL = AuditRecord._meta.label_lower
CLAIM_NUMBER = re.compile(r"KL-\d{4}-\d{6,}")
COPIED_AS_IT_IS = {"jht.contribution"}  # no word in it names anybody
RULES = (Rate, Regulation, ReasonRule, Figure)


@dataclass(frozen=True)
class Made:
    """Who is on a seat: what of a seat's rows is its own and nobody else's."""

    people: Sequence[Person]
    inbox_key: str
    kata_sandi: str  # hashed
    on: date
    also: Sequence[str] = ()  # what else names this seat: its company, its clerk

    def names(self) -> list[str]:
        """Everything that names this seat or its people, in one order for all seats of a variant."""
        named = [self.inbox_key, self.kata_sandi, *self.also]
        for person in self.people:
            named += [person.nik(self.on) or "", person.passport or "", person.email]
            for job in person.jobs:
                named += [job.kpj, f"49{job.kpj[-8:]}", f"seed-claim:{job.kpj}"]
        return named


@dataclass(frozen=True)
class Template:
    made: Made
    tables: belongings.Tables


_templates: dict[int, Template] = {}  # by variant
_good_for: list = []  # the day and the rules that they were made by


def known(variant: int, on: date) -> Template | None:
    """The rows to copy; None when a seat of this kind must be made by the rules first."""
    _keep_only(_rules(on))
    return _templates.get(variant)


def learn(variant: int, seat: Seat, made: Made) -> None:
    """Take this seat, of which `made` is true and nobody has done anything on it yet, as the one to copy."""
    _keep_only(_rules(made.on))  # the first seat of all may have entered its companies
    tables = {label: table for label, table in belongings.read(seat).items() if table["rows"]}
    participants = SeatPerson.objects.filter(seat=seat).values("participant")
    tables[LABEL] = belongings.read_rows(AuditRecord.objects.filter(participant_id_was__in=participants))
    _templates[variant] = Template(made, tables)


def _keep_only(rules: list) -> None:
    if _good_for != rules:
        forget()
        _good_for.extend(rules)


def forget() -> None:
    _templates.clear()
    _good_for.clear()


def stamp(seat: Seat, template: Template, made: Made, at: datetime) -> None:
    """The people of `made` on this seat, recorded at the real moment `at`. Inside a transaction; the seat is empty."""
    keys = belongings.fresh_keys(template.tables)
    swap = dict(zip(template.made.names(), made.names(), strict=True)) | {"": ""}
    claims = _claim_numbers(template.tables, keys)
    moment = at.astimezone(UTC).isoformat(sep=" ")
    tables = {
        label: table if label in COPIED_AS_IT_IS else _copied(label, table, swap, claims, moment)
        for label, table in template.tables.items()
    }
    _follow(tables[LABEL], keys)
    belongings.write(seat, tables, keys)


def _rules(on: date) -> list:
    """The day, and everything that decides what the rules make of it. A query for each of the five tables."""
    companies = Employer.objects.filter(npp__in=COMPANIES).order_by("pk").values_list("pk", "npp")
    return [on, list(companies), *(list(model.objects.order_by("pk").values_list()) for model in RULES)]


def _claim_numbers(tables: belongings.Tables, keys: belongings.Keys) -> dict[str, str]:
    """A claim's number follows from its key (jht.claims)."""
    if not (table := tables.get(Claim._meta.label_lower)):
        return {}
    key, number = (table["columns"].index(name) for name in ("id", "number"))
    own = keys[Claim._meta.label_lower]
    return {row[number]: f"{row[number][:8]}{own[row[key]]:06}" for row in table["rows"]}


# What is said to have happened when the rows were made.
RECORDED = {"accounts.user": "date_joined", "jht.entry": "recorded_at", LABEL: "at"}


def _copied(
    label: str, table: dict[str, list], swap: Mapping[str, str], claims: Mapping[str, str], moment: str
) -> dict[str, list]:
    names: list[str] = table["columns"]
    texts = [column.name for column in belongings.columns_of(belongings.model_of(label)) if column.kind == "text"]
    places = [names.index(name) for name in texts if not (label == "jht.entry" and name in ("kind", "key"))]
    recorded = names.index(RECORDED[label]) if label in RECORDED else None
    rows = []
    for old in table["rows"]:
        row = list(old)
        for place in places:
            if text := row[place]:
                row[place] = swap.get(text) or (
                    CLAIM_NUMBER.sub(lambda found: claims[found[0]], text) if "KL-" in text else text
                )
        if recorded is not None:
            row[recorded] = moment
        rows.append(row)
    return {"columns": names, "rows": rows}


def _follow(trail: dict[str, list], keys: belongings.Keys) -> None:
    """The trail names rows by their keys without pointing to them."""
    what, key, participant = (trail["columns"].index(name) for name in ("what", "key", "participant_id_was"))
    rows_of = {model._meta.verbose_name: keys.get(model._meta.label_lower, {}) for model in (Claim, Participant)}
    for row in trail["rows"]:
        row[participant] = keys[Participant._meta.label_lower][row[participant]]
        row[key] = str(rows_of[row[what]][int(row[key])])
