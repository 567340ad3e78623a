"""When the next test is due, and from when it is overdue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from plain.days import moved
from plain.done import Test, fits, tests, words
from plain.people import Person
from plain.rule import Mapping, Rule, listed, mapping

NEVER_AGAIN = "never-again"


@dataclass(frozen=True)
class Due:
    """``never_again``: done once for all. No day and not that: nobody can say."""

    on: date | None = None
    overdue: date | None = None
    never_again: bool = False


def due(rule: Rule, person: Person, first: date, group: str) -> Due:
    """The next test after those on record; ``first``: the day they were first at risk, for who never had one."""
    rows = [mapping(row) for row in listed(rule.top["next_due"])]
    done = tests(rule, person)
    if not done:
        never = next(row for row in rows if _is_of_never_tested(row))
        return Due(first, moved(first, rule.span(never["overdue"])))
    rows = [row for row in rows if not _is_of_never_tested(row) and group in (words(row, "risk_group") or (group,))]
    if rule.top.get("due_from") == "longest-lasting-test":
        return _longest(rule, rows, done)
    row = next((row for row in rows if _fits(done[-1], row)), None)
    return Due() if row is None else _counted(rule, row, done[-1])


def _is_of_never_tested(row: Mapping) -> bool:
    return "none" in (row.get("scan"), row.get("test"))


def _fits(test: Test, row: Mapping) -> bool:
    return fits(test, words(row, "test"), words(row, "scan") or words(row, "result"))


def _counted(rule: Rule, row: Mapping, test: Test) -> Due:
    if row["due"] == NEVER_AGAIN:
        return Due(never_again=True)
    return Due(moved(test.day, rule.span(row["due"])), moved(test.day, rule.span(row["overdue"])))


def _longest(rule: Rule, rows: list[Mapping], done: list[Test]) -> Due:
    """Each row by its latest fitting test; the one that lasts longest, the earlier row of two."""
    found = [
        _counted(rule, row, [t for t in done if _fits(t, row)][-1]) for row in rows if any(_fits(t, row) for t in done)
    ]
    return max(found, key=lambda each: (each.never_again, each.on or date.min), default=Due())
