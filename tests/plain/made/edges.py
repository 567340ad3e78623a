"""The lengths, periods, ages and days that made-up rules and people have in common, so that edges are met."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from hypothesis import strategies as st

from plain.days import Span, moved

LENGTHS = ("14 days", "8 weeks", "6 months", "1 year", "2 years", "5 years")
#: Each named period of a rule, as a rule says it.
PERIODS: dict[str, dict[str, str]] = {
    "year": {"length": "1 year"},
    "recent": {"length": "8 weeks"},
    "wide": {"of": "year", "and_before": "6 months"},
    "prior": {"before": "year", "length": "1 year"},
}
AGES = (16, 18, 30, 40, 50, 65)
_LEAP_BIRTHS = (date(1956, 2, 29), date(1976, 2, 29), date(1996, 2, 29), date(2008, 2, 29))


def span(length: str) -> Span:
    count, unit = length.split()
    return Span(int(count), unit.removesuffix("s"))


@cache
def turning_points(today: date) -> tuple[date, ...]:
    """Today, the days so long ago, and the first and last day of each period."""
    year = moved(today + timedelta(days=1), span("1 year"), -1)
    starts = [year, moved(today + timedelta(days=1), span("8 weeks"), -1), moved(year, span("6 months"), -1)]
    prior = [moved(year, span("1 year"), -1), year - timedelta(days=1)]
    return (today, *(moved(today, span(length), -1) for length in LENGTHS), *starts, *prior)


@cache
def days(today: date) -> tuple[date, ...]:
    """Each turning point, the day before and the day after."""
    return tuple(sorted({day + timedelta(days=step) for day in turning_points(today) for step in (-1, 0, 1)}))


@cache
def births(today: date) -> tuple[date, ...]:
    """Birthdays that fall on, just before and just after the days on which rules ask for an age."""
    asked = [today, *(day for day in turning_points(today) if day > moved(today, Span(3, "year"), -1))]
    reached = [moved(day, Span(age, "year"), -1) for day in asked for age in AGES]
    return (*sorted({day + timedelta(days=step) for day in reached for step in (-1, 0, 1)}), *_LEAP_BIRTHS)


def shown(day: date, form: str) -> str:
    """A day as a record may write it: to the day, the month or the year, as a moment, or not to be read."""
    match form:
        case "month":
            return f"{day:%Y-%m}"
        case "year":
            return f"{day:%Y}"
        case "moment":
            return f"{day}T23:30:00-05:00"
        case "unreadable":
            return f"{day:%Y-%m}-32"
    return day.isoformat()


FORMS = st.sampled_from(("day",) * 12 + ("month", "month", "year", "moment", "moment", "unreadable"))


@st.composite
def dates(draw: st.DrawFn, today: date) -> str:
    """A day as a record writes it; mostly on an edge, now and then anywhere in six years."""
    somewhere = st.integers(-60, 2200).map(lambda back: today - timedelta(days=back))
    day = draw(st.one_of(st.sampled_from(days(today)), st.sampled_from(days(today)), somewhere))
    return shown(day, draw(FORMS))
