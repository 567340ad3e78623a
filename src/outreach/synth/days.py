"""Calendar arithmetic of the planted truth, written apart from the engine's own.

Months are calendar months: the day is kept, or the month's last day taken when it has no such day.
Somebody born on 29 February has a birthday on 1 March of a common year.
"""

from __future__ import annotations

import calendar
import random
from collections.abc import Iterator
from datetime import date, timedelta


def plus_months(day: date, months: int) -> date:
    """``day`` moved by calendar months, forward or (negative) back."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def plus_days(day: date, days: int) -> date:
    """``day`` moved by whole days."""
    return day + timedelta(days=days)


def birthday(birth: date, age: int) -> date:
    """The day on which somebody born on ``birth`` reaches ``age`` years."""
    try:
        return birth.replace(year=birth.year + age)
    except ValueError:
        return date(birth.year + age, 3, 1)


def age_on(birth: date, day: date) -> int:
    """Completed years on ``day``."""
    age = day.year - birth.year
    return age if birthday(birth, age) <= day else age - 1


def born_exactly(age: int, as_of: date) -> date:
    """The last birth date whose owner has reached ``age`` by ``as_of``; a day later is one day short."""
    return plus_months(as_of, -12 * age)


def born_within(age: int, as_of: date, draw: random.Random) -> date:
    """A birth date of somebody who is ``age`` on ``as_of``, some days away from any birthday."""
    return plus_days(born_exactly(age, as_of), -draw.randint(6, 355))


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from ``first`` to ``last``, both included."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
