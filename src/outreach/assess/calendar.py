"""Calendar arithmetic as expressions; its rule is written in ``domain.calendar``."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import ibis
import ibis.expr.types as ir

from outreach.domain.calendar import Period, latest_birth_for_age

_DAY = 24 * 60 * 60  #: seconds
_BOOKED_AHEAD = 5 * 366 * _DAY  #: the offset that a zone has then is taken to stay


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


def local_day(instant: ir.TimestampValue, since: datetime) -> ir.DateValue:
    """The calendar day of an instant that is not before ``since``, in the zone of ``since``.

    The zone is written out as its offsets: engines bring time zones of their own, in other editions than Python's,
    by which letters are dated.
    """
    (_, by), *changes = _offsets(since)
    local = instant + ibis.interval(seconds=by)
    for at, by in changes:
        local = ibis.ifelse(instant >= ibis.literal(at, "timestamp('UTC')"), instant + ibis.interval(seconds=by), local)
    return local.cast("date")


def _offsets(since: datetime) -> Iterator[tuple[datetime, int]]:
    """From when on a zone is how many seconds ahead of UTC: at ``since``, and at each change in the years after."""
    start = since.astimezone(UTC)

    def ahead(seconds: int) -> int:
        offset = (start + timedelta(seconds=seconds)).astimezone(since.tzinfo).utcoffset() or timedelta()
        return int(offset.total_seconds())

    def changed(seconds: int) -> bool:
        return ahead(seconds) != now

    yield start, (now := ahead(0))
    for day in range(0, _BOOKED_AHEAD, _DAY):
        if changed(day + _DAY):
            at = day + bisect_left(range(day, day + _DAY), True, key=changed)
            yield start + timedelta(seconds=at), (now := ahead(at))
