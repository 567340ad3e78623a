"""Calendar arithmetic as expressions; its rule is written in ``domain.calendar``."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from outreach.domain.calendar import Period, latest_birth_for_age


def later(day: ir.DateValue, period: Period, sign: int = 1) -> ir.DateValue:
    """A day moved by a calendar period, forward (1) or back (-1)."""
    if period.months:
        return moved(day, ibis.interval(months=sign * period.months))
    return moved(day, ibis.interval(days=sign * period.days))


def birthday(birth: ir.DateValue, age: int) -> ir.DateValue:
    """The day an age is reached; 1 March for 29 February in a common year."""
    same = moved(birth, ibis.interval(years=age))
    leaped = (birth.day() == 29) & (birth.month() == 2) & (same.day() == 28)
    return ibis.ifelse(leaped, moved(same, ibis.interval(days=1)), same)


def age_between(people: ir.Table, low: int | None, high: int | None, on: date) -> ir.BooleanValue:
    """Whether the age on a day lies in the window; unknown where a partial birth date straddles a bound."""
    tests, unknown = [], ibis.null("boolean")
    if low is not None:
        reached = latest_birth_for_age(low, on)
        tests.append(ibis.cases((people.birth_hi <= reached, True), (people.birth_lo > reached, False), else_=unknown))
    if high is not None:
        passed = latest_birth_for_age(high + 1, on)
        tests.append(ibis.cases((people.birth_lo > passed, True), (people.birth_hi <= passed, False), else_=unknown))
    return ibis.and_(*tests) if tests else ibis.literal(True)


def moved(day: ir.DateValue, step: ir.IntervalScalar) -> ir.DateValue:
    """A date plus an interval as a date again (DuckDB makes a timestamp of it, unseen by Ibis)."""
    return (day + step).cast("timestamp").cast("date")
