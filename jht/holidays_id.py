"""Indonesia's public holidays, from the library `holidays` (docs/decisions/0001): the one place that knows it.

National holidays (hari libur nasional) only: on the days of joint leave (cuti bersama) companies may choose to work.
The library has the days as they were proclaimed up to the year of its release. Later ones it works out until LAST_YEAR,
those of the Islamic, Chinese and Buddhist calendars as estimates: an update of the library puts them right. Before and
after the years it knows, no day is a holiday, and due dates move for Saturdays and Sundays only.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache

FIRST_YEAR, LAST_YEAR = 1946, 2100


def is_holiday(day: date) -> bool:
    """Whether this day is a public holiday.

    >>> is_holiday(date(2026, 8, 17)), is_holiday(date(2026, 5, 15)), is_holiday(date(2150, 8, 17))
    (True, False, False)
    """
    return day in holidays_of(day.year)


@cache
def holidays_of(year: int) -> Mapping[date, str]:
    """The public holidays of one year with their names; empty for a year nobody knows.

    The library is loaded by the first question: most commands and pages never ask.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return {}
    from holidays.countries.indonesia import Indonesia

    return dict(Indonesia(years=year, language="id"))
