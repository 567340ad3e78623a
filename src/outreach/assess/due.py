"""When the next test is due, from the tests that count."""

from __future__ import annotations

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from outreach.assess.answer import NO_DAY
from outreach.assess.calendar import later
from outreach.assess.windows import FAR
from outreach.rulebook.model import DueRow, Rule

Days = tuple[ir.DateValue, ir.DateValue]
_LATEST = "exam_latest"


def asked(rule: Rule) -> dict[str, Callable[[ir.Table], ir.Value]]:
    """What due dates need of a rule's tests: for tests that keep their own time, the latest that fits each row."""
    if rule.due_from == "latest-test":
        return {}
    return {f"exam_row{n}": _latest_fit(row) for n, row in enumerate(rule.due) if not row.never_tested}


def _latest_fit(row: DueRow) -> Callable[[ir.Table], ir.Value]:
    return lambda rows: rows.day.max(where=_fits(rows, row))


def _fits(rows: ir.Table | ir.StructValue, row: DueRow) -> ir.BooleanValue:
    tests = [rows["kind"].isin(row.tests)] if row.tests else []
    tests += [rows["coded"] & rows["result"].isin(row.results)] if row.results else []
    return ibis.and_(*tests) if tests else ibis.literal(True)


def _is_for(people: ir.Table, row: DueRow) -> ir.BooleanValue:
    return people.risk_group.isin(row.groups) if row.groups else ibis.literal(True)


def due_days(people: ir.Table, rule: Rule) -> Days:
    """due and overdue; both NULL where a test exists and no row fits it; ``FAR`` where never again."""
    never = next(row for row in rule.due if row.never_tested)
    tested = people[_LATEST].notnull()
    first = people.first_at_risk
    grace = first if never.overdue is None else later(first, never.overdue)
    rows = [row for row in rule.due if not row.never_tested]
    due, overdue = _by_latest(people, rows) if rule.due_from == "latest-test" else _longest(people, rule)
    return ibis.ifelse(tested, due, first), ibis.ifelse(tested, overdue, grace)


def _days(day: ir.DateValue, row: DueRow) -> Days:
    if row.due is None:
        far = ibis.literal(FAR, "date")
        return far, far
    return later(day, row.due), later(day, row.overdue or row.due)


def _by_latest(people: ir.Table, rows: list[DueRow]) -> Days:
    """By the first row that fits the latest test."""
    found = people[_LATEST]
    if not rows:
        return NO_DAY, NO_DAY
    days = [_days(found["day"], row) for row in rows]
    fits = [_fits(found, row) & _is_for(people, row) for row in rows]
    due = ibis.cases(*[(fit, day[0]) for fit, day in zip(fits, days, strict=True)], else_=NO_DAY)
    return due, ibis.cases(*[(fit, day[1]) for fit, day in zip(fits, days, strict=True)], else_=NO_DAY)


def _longest(people: ir.Table, rule: Rule) -> Days:
    """Each row by its own latest test; the one that lasts longest counts, and its grace with it."""
    pairs = []
    for number, row in enumerate(rule.due):
        if not row.never_tested:
            day = ibis.ifelse(_is_for(people, row), people[f"exam_row{number}"], NO_DAY)
            due, overdue = _days(day, row)
            pairs.append((ibis.ifelse(day.isnull(), NO_DAY, due), overdue))
    if not pairs:
        return NO_DAY, NO_DAY
    best = pairs[0][0] if len(pairs) == 1 else ibis.greatest(*[due for due, _ in pairs])
    return best, ibis.cases(*[(due == best, overdue) for due, overdue in pairs], else_=NO_DAY)
