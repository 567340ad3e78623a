"""Calendar arithmetic and FHIR dates, written anew.

Months keep the day of the month or take the month's last day. A person born on 29 February reaches an age on
1 March of a common year.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

FOREVER = date.max
_FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T.*)?)?)?")


@dataclass(frozen=True)
class Span:
    """A length of time: ``6 months`` is Span(6, "month")."""

    count: int
    unit: str


def moved(day: date, span: Span, sign: int = 1) -> date:
    """A day moved forward, or with ``sign`` -1 back."""
    steps = sign * span.count
    if span.unit in ("day", "week"):
        return day + timedelta(days=steps * (7 if span.unit == "week" else 1))
    months = steps * (12 if span.unit == "year" else 1)
    year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
    return date(year, month, min(day.day, _length(year, month)))


def _length(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - timedelta(days=1)).day


def birthday(born: date, age: int) -> date:
    """The day on which somebody reaches an age."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


@dataclass(frozen=True)
class Interval:
    """The days among which a day lies; ``whole`` when it is written to the day."""

    lo: date
    hi: date
    whole: bool


def interval(text: str) -> Interval | None:
    """A FHIR date, dateTime or instant as its own calendar days; None when it is none.

    Source: https://hl7.org/fhir/R4/datatypes.html#dateTime
    """
    found = _FORM.fullmatch(text)
    if found is None or text < "0001":
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        lo = date(year, month or 1, day or 1)
    except ValueError:
        return None
    hi = lo if day else date(year, month or 12, _length(year, month or 12))
    return Interval(lo, hi, bool(day))


def instant(text: str) -> datetime | None:
    """A moment that names its zone; None for any other text."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None and "T" in text else None
