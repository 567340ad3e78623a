"""Boundaries of due dates and of worklists: the day itself, and the day before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from outreach.check.bound import Bound
from outreach.check.branches_of_tests import named
from outreach.check.demand import Demand, Subject
from outreach.check.seen import CLINICIAN, Seen, deciding_row
from outreach.domain.assessment import Status
from outreach.domain.calendar import add
from outreach.rulebook.model import DueRow, Named

DAY = timedelta(days=1)


def boundaries_of_due(subject: Subject) -> Iterator[Demand]:
    for number, row in enumerate(subject.rule.due):
        if row.due is not None and not row.never_tested:
            yield from _due(number, row).sides(subject, subject.places.at("next_due", number, "due"))
        mine = [line for line in subject.rule.at_risk if not row.groups or line.name in row.groups]
        invites = any(line.grade not in ("C", "I") for line in mine)
        if row.overdue is not None and row.overdue != row.due and invites:
            yield from _overdue(number, row).sides(subject, subject.places.at("next_due", number, "overdue"))
    for line in subject.rule.not_now:
        if line.worklist is not None:
            place = subject.places.at("not_now", line.name, "list", "late_after")
            yield from _late(line).sides(subject, place)


def _due(number: int, row: DueRow) -> Bound:
    return Bound(
        f"{named(row)}: due",
        f"a person last tested {row.due} before the day asked, who is due",
        partial(_is_due, number),
        "a person tested one day later than that, who is up to date",
        partial(_is_not_due, number),
    )


def _is_due(number: int, seen: Seen) -> bool:
    said = seen.answer
    due = said.status in (Status.DUE, Status.OVERDUE) or said.reason == CLINICIAN
    return said.due_on == seen.today and due and deciding_row(seen) == number


def _is_not_due(number: int, seen: Seen) -> bool:
    said = seen.answer
    tomorrow = said.due_on == seen.today + DAY
    return tomorrow and said.status == Status.UP_TO_DATE and deciding_row(seen) == number


def _overdue(number: int, row: DueRow) -> Bound:
    since = "first at risk" if row.never_tested else "last tested"
    return Bound(
        f"{named(row)}: overdue",
        f"a person {since} {row.overdue} before the day asked, who is overdue",
        partial(_turns, number, 0, Status.OVERDUE),
        f"a person {since} one day later than that, who is due",
        partial(_turns, number, 1, Status.DUE),
    )


def _turns(number: int, days: int, status: Status, seen: Seen) -> bool:
    """Whether the row's person is overdue from so many days after today on, and stands so."""
    said = seen.answer
    return said.overdue_on == seen.today + days * DAY and said.status == status and deciding_row(seen) == number


def _late(line: Named) -> Bound:
    after = line.worklist.late_after if line.worklist else ""
    return Bound(
        f"not_now: {line.name}: late after {after}",
        f"a person on the list since {after} before the day asked, who is not late",
        partial(_on_list, line.name, 0, False),
        "a person on the list a day longer than that, who is late",
        partial(_on_list, line.name, 1, True),
    )


def _on_list(name: str, days: int, late: bool, seen: Seen) -> bool:
    since = _latest_in_time(seen, name)
    return since is not None and seen.answer.since == since - days * DAY and seen.answer.late is late


def _latest_in_time(seen: Seen, name: str) -> date | None:
    """The first day of a pause that is not late yet, if this pause is the reason."""
    line = next(line for line in seen.rule.not_now if line.name == name)
    if line.worklist is None or seen.answer.reason != name or seen.answer.status != Status.NOT_NOW:
        return None
    return add(seen.today, line.worklist.late_after, -1)
