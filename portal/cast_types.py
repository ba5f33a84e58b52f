"""What is told of an invented person: jobs, days, claims. Days count back from the day on which they are made."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from jht.dues import USUAL, last_month_due
from jht.holidays_id import is_holiday
from jht.rules import add_months


@dataclass(frozen=True)
class Company:
    npp: str
    name: str
    city: str


@dataclass(frozen=True)
class Job:
    """One membership. Months and days count back from the day of seeding.

    `wage`: rupiah a month in the first year (PMI: the contribution itself). `unpaid_months`: how many months due
    at the end nobody paid. `claimed_days_ago`: when all of it was paid out (CLAIMS tells how).
    """

    kpj: str
    segment: str
    months_ago: int
    wage: int
    npp: str | None = None
    yearly_raise: int = 0  # rupiah
    ended_days_ago: int | None = None
    unpaid_months: int = 0
    is_unadded: bool = False  # its owner has not added it to the account yet
    claimed_days_ago: int | None = None

    def start(self, on: date) -> date:
        return add_months(on, -self.months_ago)

    def end(self, on: date) -> date | None:
        return None if self.ended_days_ago is None else on - timedelta(days=self.ended_days_ago)

    def scaled(self, percent: int) -> "Job":
        """The same story with another wage, on round figures. A migrant worker's amount is one of a few fixed ones."""
        if self.segment == "PMI":
            return self
        wage, rise = (round(amount * percent / 100 / 10_000) * 10_000 for amount in (self.wage, self.yearly_raise))
        return replace(self, wage=wage, yearly_raise=rise)

    def wage_in(self, month: date, start: date) -> int:
        return self.wage + self.yearly_raise * (month.year - start.year)

    @property
    def keeps_paying(self) -> bool:
        """Whether a later seeding should add the months that have come due since."""
        return self.unpaid_months == 0 and self.ended_days_ago is None and self.segment != "JAKON"

    def paid_months(self, start: date, end: date | None, on: date) -> Iterator[tuple[date, date]]:
        """Each month paid by `on` and the day it was paid: the 10th of the next month for wage earners."""
        if self.segment == "JAKON":
            return
        last = add_months(last_month_due(self.segment, on, USUAL, is_holiday), -self.unpaid_months)
        if end and last > end:
            last = end.replace(day=1)
        month = start.replace(day=1)
        while month <= last:
            paid_on = (add_months(month, 1) if self.segment == "PU" else month).replace(day=10)
            if paid_on <= on:
                yield month, paid_on
            month = add_months(month, 1)


@dataclass(frozen=True)
class Person:
    """Somebody one can be. `born` is fixed, or counted back from the day of seeding by `born_months_ago`."""

    slug: str
    name: str
    tag: str
    story: str
    jobs: tuple[Job, ...]
    is_woman: bool = False
    born: date = date(1990, 1, 1)
    born_months_ago: int | None = None
    nik_born: date | None = None  # the date inside the NIK, when it differs from the birth date
    serial: int = 1
    is_linked: bool = True
    has_updated: bool = False  # looked through the data in the app: its third green tick before a claim
    passport: str | None = None  # instead of a NIK: a foreigner
    area: str = "7101"  # regency and district of the NIK
    mark: str = ""  # in the e-mail, for one of many who play the same person
    wage_is_told: bool = False  # the story names the wage, so it is the same for everybody

    @property
    def email(self) -> str:
        return f"{self.slug}.{self.mark}@latih.test" if self.mark else f"{self.slug}@latih.test"

    def birth_date(self, on: date) -> date:
        return self.born if self.born_months_ago is None else add_months(on, -self.born_months_ago).replace(day=17)

    def nik(self, on: date) -> str | None:
        if self.passport:
            return None
        born = self.nik_born or self.birth_date(on)
        day = born.day + (40 if self.is_woman else 0)
        return f"49{self.area}{day:02}{born:%m%y}{self.serial:04}"


@dataclass(frozen=True)
class Staff:
    """Somebody who works at the desk. `group` is the one of portal/migrations/0001_roles that gives the rights."""

    slug: str
    name: str
    story: str
    role: str  # "clerk" or "trainer"
    group: str

    @property
    def email(self) -> str:
        return f"{self.slug}@latih.test"


@dataclass(frozen=True)
class Claimed:
    """A claim that somebody has filed at a branch, and how far it has come. Days count back from the day of seeding.

    `state`: submitted, incomplete, refused or paid; `message`: what the clerk wrote; `paper`: about which one, which is
    missing as long as nobody has written. `ended_days_ago`: the last day as the company had told it until then.
    """

    kpj: str
    reason: str
    state: str
    filed_days_ago: int
    decided_days_ago: int = 0
    message: str = ""
    paper: str = ""
    ended_days_ago: int | None = None
