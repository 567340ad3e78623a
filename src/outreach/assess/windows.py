"""A window as bounds on the first and the last day of a record.

Every relation is one: *within* bounds the first day from below, *for* from above, *overlaps* wants the
first day by the stretch's end and the last day from its start on. A record knows its first and last day
only to an interval, so each comparison is true, false or unknown, and together they are so by Kleene's AND.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir

from outreach.domain.calendar import add
from outreach.rulebook.terms import Window

FAR = date(9999, 12, 31)


@dataclass(frozen=True)
class Bounds:
    """Earliest and latest allowed first day and last day, both included; None where free."""

    first_from: date | None = None
    first_to: date | None = None
    last_from: date | None = None
    last_to: date | None = None


def bounds(window: Window | None, as_of: date) -> Bounds:
    """The window on a day."""
    if window is None:
        return Bounds()
    if window.period is not None:
        edge = add(as_of, window.period, -1)
        return Bounds(first_from=edge) if window.relation == "within" else Bounds(first_to=edge)
    assert window.stretch is not None  # noqa: S101  (the reader gives one or the other)
    start, end = window.stretch.bounds(as_of)
    match window.relation:
        case "starts_in":
            return Bounds(first_from=start, first_to=end)
        case "ends_in":
            return Bounds(last_from=start, last_to=end)
        case "during":
            return Bounds(first_from=start, last_to=end)
    return Bounds(first_to=end, last_from=start)


def inside(rows: ir.Table) -> ir.BooleanValue:
    """Whether a record (f_lo, f_hi, l_lo, l_hi) lies inside the bounds beside it; NULL where it cannot be told."""
    return ibis.and_(
        _from(rows.first_from, rows.f_lo, rows.f_hi),
        _to(rows.first_to, rows.f_lo, rows.f_hi),
        _from(rows.last_from, rows.l_lo, rows.l_hi),
        _to(rows.last_to, rows.l_lo, rows.l_hi),
    )


def _from(bound: ir.DateValue, low: ir.DateValue, high: ir.DateValue) -> ir.BooleanValue:
    return bound.isnull() | ibis.cases((low >= bound, True), (high < bound, False), else_=ibis.null("boolean"))


def _to(bound: ir.DateValue, low: ir.DateValue, high: ir.DateValue) -> ir.BooleanValue:
    return bound.isnull() | ibis.cases((high <= bound, True), (low > bound, False), else_=ibis.null("boolean"))
