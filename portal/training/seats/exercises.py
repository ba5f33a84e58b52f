"""What the clerk of a seat finds on the desk: a company whose last month is missing, a file with one faulty row, two
KPJ to be merged, three claims to decide. Pure data, like portal/cast.py; portal/training/seats/people.py makes it rows.

Every run finds the same: the people are part of the seat, and come back as they were with a reset.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from jht.dues import USUAL, last_month_due
from jht.holidays_id import is_holiday
from portal.cast import Claimed, Company, Job, Person
from portal.training.models import Seat

TAG = "meja petugas"
WORKER = "pekerja-"  # how the slugs of the company's workers begin
OWN = "L49KURSI"  # stands for the NPP of the seat's own company
LETTERS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # of an NPP: nothing that is read as something else
COMPANY_NAME, COMPANY_CITY = "CV Anyam Contoh Lestari", "Latihan Timur"
MERGED = "wulan"  # who has asked for amalgamasi: the first KPJ into the second
APPROVED, REFUSED, INCOMPLETE = "galih", "nurul", "fitri"  # whose claim is to be approved, refused, sent back


def _worker(number: int, name: str, wage: int, months_ago: int, *, is_woman: bool = False) -> Person:
    return Person(
        f"{WORKER}{number}",
        name,
        TAG,
        f"Bekerja di {COMPANY_NAME}.",
        (Job(f"4930000000{number}", "PU", months_ago, wage, OWN, unpaid_months=1),),
        is_woman=is_woman,
        born=date(1985 + 2 * number, 2 * number, 5 * number),
    )


PEOPLE = (
    _worker(1, "Wawan Peragawan", 3_400_000, 14),
    _worker(2, "Yuni Contohwati", 3_600_000, 12, is_woman=True),
    _worker(3, "Dedi Rekaman", 3_900_000, 11),
    _worker(4, "Lina Latihani", 4_100_000, 9, is_woman=True),
    _worker(5, "Asep Simulasi", 4_500_000, 8),
    Person(
        MERGED,
        "Wulan Rekaningsih",
        TAG,
        "Pindah kerja tahun lalu dan meminta kedua KPJ-nya digabung.",
        (
            Job("49300000011", "PU", 34, 3_700_000, "L4900003", 100_000, ended_days_ago=400),
            Job("49300000012", "PU", 12, 4_400_000, "L4900004"),
        ),
        is_woman=True,
        born=date(1992, 6, 14),
    ),
    Person(
        APPROVED,
        "Galih Contohnugraha",
        TAG,
        "Mengundurkan diri lebih dari dua bulan lalu; berkas klaimnya lengkap.",
        (Job("49300000013", "PU", 26, 3_500_000, "L4900001", ended_days_ago=75),),
        born=date(1990, 10, 3),
    ),
    Person(
        REFUSED,
        "Nurul Peragawati",
        TAG,
        "Perusahaannya memperbaiki hari terakhir kerjanya sesudah ia mengajukan klaim.",
        (Job("49300000014", "PU", 24, 3_800_000, "L4900002", ended_days_ago=12),),
        is_woman=True,
        born=date(1995, 1, 22),
    ),
    Person(
        INCOMPLETE,
        "Fitri Rekamanis",
        TAG,
        "Kontraknya habis; buku tabungannya belum dilampirkan.",
        (Job("49300000015", "PU", 22, 3_300_000, "L4900006", ended_days_ago=40),),
        is_woman=True,
        born=date(1994, 4, 9),
    ),
)
CLAIMS = (
    Claimed("49300000013", "resigned", "submitted", filed_days_ago=4),
    # Filed when the company had reported a last day two months earlier
    Claimed("49300000014", "resigned", "submitted", filed_days_ago=3, ended_days_ago=72),
    Claimed("49300000015", "contract_ended", "submitted", filed_days_ago=2, paper="Buku tabungan"),
)


def npp_of(seat: Seat, turn: int = 0) -> str:
    """Numbers of companies that no other seat and not the house has: 0 is its own one, 1 to 9 are free.

    >>> npp_of(Seat(pk=1)), npp_of(Seat(pk=40), 1)
    ('L4900010', 'L4900161')
    """
    text, rest = "", seat.pk
    for _ in range(4):
        rest, place = divmod(rest, len(LETTERS))
        text = LETTERS[place] + text
    return f"L49{text}{turn}"


def company_of(seat: Seat) -> Company:
    return Company(npp_of(seat), COMPANY_NAME, COMPANY_CITY)


def people_of(seat: Seat) -> Iterator[Person]:
    """Those above, at the company of this seat; their numbers are given to them with those of the cast."""
    npp = npp_of(seat)
    for person in PEOPLE:
        yield replace(person, jobs=tuple(replace(job, npp=npp) if job.npp == OWN else job for job in person.jobs))


def month_of(seat: Seat) -> date:
    """The month that is missing at the seat's company: the last one due on the day on which the seat was made."""
    return last_month_due("PU", seat.made_on, USUAL, is_holiday)


# --- The file ------------------------------------------------------------------------------------------------
HEADINGS = ("Nomor KPJ", "Nama", "Bulan", "Upah (Rp)", "Tanggal bayar")
FAULTY = 3  # which of the workers stands with a KPJ that does not exist


@dataclass(frozen=True)
class Line:
    """One worker's month as the company sends it in; the wage in rupiah."""

    kpj: str
    name: str
    month: date
    wage: int
    paid_on: date

    def cells(self) -> list[str | int | date]:
        return [self.kpj, self.name, f"{self.month:%m-%Y}", self.wage, self.paid_on]


def lines_of(seat: Seat, workers: list[Person], *, is_faulty: bool) -> list[Line]:
    """What the company of this seat pays for its missing month; `workers` as they are played on this seat."""
    month, paid_on = month_of(seat), seat.made_on - timedelta(days=1)
    lines = []
    for place, person in enumerate(workers, start=1):
        job = person.jobs[0]
        kpj = mistyped(job.kpj) if is_faulty and place == FAULTY else job.kpj
        lines.append(Line(kpj, person.name, month, job.wage_in(month, job.start(seat.made_on)), paid_on))
    return lines


def mistyped(kpj: str) -> str:
    """One digit wrong. No seat has that many people, so nobody else is hit.

    >>> mistyped("49700000131")
    '49700000181'
    """
    return f"{kpj[:-2]}8{kpj[-1]}"
