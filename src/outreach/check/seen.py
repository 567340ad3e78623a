"""A case as coverage sees it: the rule on its day, what is given, the answer and every criterion's truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from outreach.check.answered import Answered, Said
from outreach.check.exemplar_case import record_id
from outreach.check.facts import Fact, Sets, day_of, facts, is_test
from outreach.check.watched import LATEST, Spot, kind_spot, leaf_at, told
from outreach.domain.assessment import Status
from outreach.domain.calendar import add
from outreach.rulebook.model import Counts, DueRow, Rule

T = TypeVar("T")
CALENDAR = (Status.UP_TO_DATE, Status.DUE, Status.OVERDUE)
CLINICIAN = "clinician-decides"


@dataclass(frozen=True)
class Seen:
    """``rule`` is as it reads on the case's day."""

    answer: Answered
    rule: Rule
    facts: tuple[Fact, ...]
    said: dict[Spot, Said]

    @property
    def today(self) -> date:
        return self.answer.case.today

    def leaf(self, spot: Spot, kind: type[T]) -> T:
        """The criterion at a place as it reads on this day; of one kind in every version of the rule."""
        found = leaf_at(self.rule, spot)
        assert isinstance(found, kind)  # noqa: S101
        return found

    def true(self, spot: Spot) -> bool:
        return self.said[spot].truth is True

    def kind(self, name: str) -> Said:
        """Whether there is a test of this kind; its value is the latest one's result."""
        return self.said[kind_spot(self.answer.rule, name)]

    def fact(self, said: Said) -> Fact | None:
        """The given record that an entry found."""
        case, name = self.answer.case, said.resource.rpartition("/")[2]
        found = [one for number, one in enumerate(case.given.facts) if record_id(self.answer.person, number) == name]
        return next((fact for fact in self.facts if any(fact.given is one for one in found)), None)

    @property
    def by_calendar(self) -> bool:
        """Whether no pause, end or doubt keeps the due date from deciding."""
        return self.answer.status in CALENDAR or self.answer.reason == CLINICIAN


def see(answer: Answered, sets: Sets, where: Sequence[Spot]) -> Seen:
    """``where``: what each entry of the watched rule's criteria is about."""
    rule = answer.rule.on(answer.case.today)
    return Seen(answer, rule, facts(rule, answer.case, sets), told(answer, where))


def deciding_row(seen: Seen) -> int | None:
    """The row of ``next_due`` from which the due date was counted; None where the calendar did not decide."""
    if not seen.by_calendar:
        return None
    if not seen.true(LATEST):
        return next(number for number, row in enumerate(seen.rule.due) if row.never_tested)
    whom = seen.answer.risk_group
    rows = [(number, row) for number, row in enumerate(seen.rule.due) if not row.groups or whom in row.groups]
    return next((number for number, row in rows if not row.never_tested and fits(seen, row)), None)


def fits(seen: Seen, row: DueRow) -> bool:
    """Whether the due date could be that of a row for a test."""
    return _fits_latest(seen, row) if seen.rule.due_from == "latest-test" else _lasts_longest(seen, row)


def _fits_latest(seen: Seen, row: DueRow) -> bool:
    latest = seen.said[LATEST]
    kinds = [kind.name for kind in seen.rule.counts if seen.kind(kind.name).resource == latest.resource]
    kind = kinds[-1] if kinds else ""  # of kinds that share a record, the one listed last weighs most
    return (not row.tests or kind in row.tests) and (not row.results or latest.value in row.results)


def _lasts_longest(seen: Seen, row: DueRow) -> bool:
    """Whether the due date is that of a test which the row fits."""
    due, overdue = seen.answer.due_on, seen.answer.overdue_on
    days = [
        day for kind in seen.rule.counts if not row.tests or kind.name in row.tests for day in _days(seen, row, kind)
    ]
    if row.due is None:
        return bool(days) and due is None
    grace = row.overdue or row.due
    return any(add(day, row.due) == due and add(day, grace) == overdue for day in days)


def _days(seen: Seen, row: DueRow, kind: Counts) -> list[date]:
    tests = [fact for fact in seen.facts if is_test(seen.rule, fact, kind)]
    return [day_of(fact, kind) for fact in tests if not row.results or fact.given.value in row.results]


def days_of_tests(seen: Seen, word: str) -> list[date]:
    """The days of the tests of a kind, or with a result, of this name."""
    return [
        day_of(fact, kind)
        for kind in seen.rule.counts
        for fact in seen.facts
        if is_test(seen.rule, fact, kind) and word in (kind.name, fact.given.value)
    ]
