"""From answers to one status a person: the order in which a rule is read, written once.

1. not at risk for certain → not applicable
2. deceased → excluded
3. screening cannot help → excluded (unknown goes on, and is flagged)
4. opted out → exception
5. cannot tell whether at risk → unknown, with what would settle it
6. paused → not now (cannot tell → held)
7. else by the calendar: up to date, due, overdue
"""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from outreach.assess.answer import Answer
from outreach.assess.leaves import later
from outreach.domain.assessment import Status
from outreach.domain.calendar import add
from outreach.rulebook.model import Rule

HOLD = "cannot-tell"


def first_true(lines: list[tuple[str, Answer]], pick: str = "") -> ir.Value:
    """The name of the first line that is true, or that line's column ``pick``."""
    branches = [(a.truth.fill_null(False), getattr(a, pick) if pick else ibis.literal(name)) for name, a in lines]
    if not branches:
        return ibis.null("string") if not pick else ibis.null("date")
    return ibis.cases(*branches, else_=ibis.null(branches[0][1].type()))


def any_unknown(lines: list[tuple[str, Answer]]) -> ir.BooleanValue:
    return ibis.or_(*[a.truth.isnull() for _, a in lines]) if lines else ibis.literal(False)


def due_days(people: ir.Table, rule: Rule) -> tuple[ir.DateValue, ir.DateValue]:
    """When the next test is due and when overdue; NULL where the latest result has no row."""
    branches_due, branches_over = [], []
    none = next(row for row in rule.due if not row.results)
    for row in rule.due:
        if row.results:
            fits = (people.scan_rank > 0) & people.scan_result.isin(row.results)
            branches_due.append((fits, later(people.scan_day, row.due)))
            branches_over.append((fits, later(people.scan_day, row.overdue)))
    first = people.scan_day.isnull()
    branches_due.append((first, people.first_at_risk))
    branches_over.append((first, later(people.first_at_risk, none.overdue)))
    empty = ibis.null("date")
    return ibis.cases(*branches_due, else_=empty), ibis.cases(*branches_over, else_=empty)


def decide(people: ir.Table, as_of: date) -> dict[str, ir.Value]:
    """status, reason and list_name from the columns that ``assess`` has put on ``people``."""
    paused = people.pause.notnull() | people.pause_unknown
    tests = [
        (people.at_risk.fill_null(True) == ibis.literal(False), Status.NOT_APPLICABLE, ibis.literal("not-at-risk")),
        (people.deceased, Status.EXCLUDED, ibis.literal("deceased")),
        (people.end.notnull(), Status.EXCLUDED, people.end),
        (people.opted_out, Status.EXCEPTION, ibis.literal("opted-out")),
        (people.risk_group.isnull(), Status.UNKNOWN, ibis.literal("ask-list")),
        (paused, Status.NOT_NOW, ibis.coalesce(people.pause, ibis.literal(HOLD))),
        (people.due_on.isnull(), Status.NOT_NOW, ibis.literal("no-due-date")),
        (people.due_on > as_of, Status.UP_TO_DATE, ibis.literal("")),
        (people.overdue_on > as_of, Status.DUE, ibis.literal("")),
    ]
    status = ibis.cases(*[(test, word.value) for test, word, _ in tests], else_=Status.OVERDUE.value)
    reason = ibis.cases(*[(test, why) for test, _, why in tests], else_="")
    return {"status": status, "reason": reason}


def owning_list(people: ir.Table, rule: Rule, as_of: date) -> dict[str, ir.Value]:
    """Which worklist owns a pause or a question, and whether it has had it too long."""
    named = [(line.name, line.worklist) for line in rule.not_now if line.worklist is not None]
    paused = people.status == Status.NOT_NOW.value
    lists = [(paused & (people.reason == name), found.name) for name, found in named]
    asked = (people.status == Status.UNKNOWN.value) | (paused & (people.reason == HOLD))
    late = [
        (paused & (people.reason == name), people.pause_since < add(as_of, found.late_after, -1))
        for name, found in named
    ]
    return {
        "list_name": ibis.cases(*lists, (asked, "ask-list"), else_=""),
        "late": ibis.cases(*late, else_=False).fill_null(False) if late else ibis.literal(False),
    }
