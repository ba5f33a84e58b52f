"""Simulasi klaim, answered: what each reason would give on one day, under one regulation, after tax."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jht import facts
from jht.eligibility import Limit, Person, TaxStep, TaxTerms, Verdict, fits_channel, judge, tax, tax_steps
from jht.models import Figure, Reason, Regulation


@dataclass(frozen=True)
class Paid:
    """What would be paid: `gross` less `tax`, rupiah. `surcharge`: percent more for want of an NPWP, 0 for none."""

    gross: Decimal
    tax: Decimal
    steps: list[TaxStep]
    surcharge: Decimal
    source: str
    is_training: bool

    @property
    def net(self) -> Decimal:
        return self.gross - self.tax

    @property
    def added(self) -> Decimal:
        """What the surcharge makes, rupiah."""
        return sum((step.tax for step in self.steps), Decimal(0)) * self.surcharge / 100


@dataclass(frozen=True)
class Option:
    """One of the eleven reasons, judged. `paid` is None where nothing can ever be paid, or no tax rule is known."""

    label: str
    verdict: Verdict
    paid: Paid | None

    @property
    def state(self) -> str:
        """ok: could be asked for that day; later: from `verdict.earliest` on; no: something else is missing."""
        if self.verdict.allowed:
            return "ok"
        return "later" if self.verdict.earliest else "no"


@dataclass(frozen=True)
class Channel:
    """Whether the balance may be claimed through the app or the web."""

    limit: Limit
    fits: bool


@dataclass(frozen=True)
class Answer:
    """All of it for one day. `regulation` is None for days before the first one known here."""

    on: date
    regulation: Regulation | None
    person: Person
    options: list[Option]
    channel: Channel | None
    tax_year: int

    @property
    def is_in_force(self) -> bool:
        """Whether the regulation that answers was the one in force on that day."""
        rule = self.regulation
        return bool(
            rule
            and rule.valid_from
            and rule.valid_from <= self.on
            and (rule.valid_until is None or self.on <= rule.valid_until)
        )

    @property
    def allowed(self) -> int:
        return sum(option.state == "ok" for option in self.options)


def answer(
    person: Person,
    on: date,
    *,
    regulation: Regulation | None = None,
    reasons: Sequence[str] = (),
    earlier: Decimal = Decimal(0),
    year: int = 1,
) -> Answer:
    """What this person could claim on this day. `regulation`: asked for by name; None: the one in force that day.

    `earlier`, `year`: as jht.eligibility.tax wants them. Up to seven queries.
    """
    regulation = regulation or facts.regulation_on(on)
    limit, terms = facts.figure(Figure.Kind.APP_LIMIT, on), facts.tax_terms(on)
    verdicts = []
    if regulation:
        verdicts = judge(person, regulation.terms(), reasons or Reason.values, regulation.title, on)
    return Answer(
        on=on,
        regulation=regulation,
        person=person,
        options=[
            Option(Reason(verdict.reason).label, verdict, _paid(verdict, person, terms, earlier, year))
            for verdict in verdicts
        ],
        channel=Channel(limit, fits_channel(person.balance, limit.value)) if limit else None,
        tax_year=year,
    )


def _paid(verdict: Verdict, person: Person, terms: TaxTerms | None, earlier: Decimal, year: int) -> Paid | None:
    gross = verdict.max_amount
    if not gross or terms is None or not (verdict.allowed or verdict.earliest):
        return None
    progressive = year >= 3
    return Paid(
        gross=gross,
        tax=tax(gross, terms, earlier=earlier, year=year, has_npwp=person.has_npwp),
        steps=tax_steps(gross, terms, earlier=earlier, year=year),
        surcharge=terms.without_npwp if progressive and not person.has_npwp else Decimal(0),
        source=terms.bracket_source if progressive else terms.source,
        is_training=terms.is_training,
    )
