"""Calendar arithmetic, its rule written down.

Months are calendar months. The day of the month is kept, or the month's last day is taken when it
has no such day: 31 August + 6 months = 28 (29) February. This is what DuckDB and Spark do with
``date + INTERVAL n MONTH`` and ``add_months``, so every engine agrees.

A person born on 29 February reaches an age on 1 March of a common year (the stricter reading; the
law differs by place).
"""

from __future__ import annotations

import calendar as _calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Unit = Literal["days", "weeks", "months", "years"]


@dataclass(frozen=True)
class Period:
    """A length of time as a rule author writes it: ``6 months``."""

    count: int
    unit: Unit

    @property
    def months(self) -> int:
        """Calendar months; 0 for days and weeks."""
        return {"months": self.count, "years": 12 * self.count}.get(self.unit, 0)

    @property
    def days(self) -> int:
        """Days; 0 for months and years."""
        return {"days": self.count, "weeks": 7 * self.count}.get(self.unit, 0)

    def __str__(self) -> str:
        return f"{self.count} {self.unit if self.count != 1 else self.unit[:-1]}"


def add(day: date, period: Period, sign: int = 1) -> date:
    """``day`` moved by a period, forward (sign 1) or back (sign -1)."""
    months = day.year * 12 + day.month - 1 + sign * period.months
    year, month = divmod(months, 12)
    last = _calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last)) + timedelta(days=sign * period.days)


def latest_birth_for_age(age: int, as_of: date) -> date:
    """The last birthday on which somebody has reached ``age`` years on ``as_of``."""
    year = as_of.year - age
    if as_of.month == 2 and as_of.day == 29 and not _calendar.isleap(year):
        return date(year, 2, 28)
    return date(year, as_of.month, as_of.day)


def on_birthday(birth: date, age: int) -> date:
    """The day ``age`` is reached; 1 March for 29 February in a common year."""
    year = birth.year + age
    if birth.month == 2 and birth.day == 29 and not _calendar.isleap(year):
        return date(year, 3, 1)
    return date(year, birth.month, birth.day)
