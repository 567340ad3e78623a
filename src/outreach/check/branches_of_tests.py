"""Branches of tests: each row that decides, each result, each thing that ends a pause, each answer of the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from outreach.check.demand import Demand, Subject
from outreach.check.seen import CALENDAR, CLINICIAN, Seen, days_of_tests, deciding_row
from outreach.check.watched import Spot, open_spot
from outreach.domain.assessment import Status
from outreach.rulebook.criterion import Lab, Leaf, Rising, ScanResult, leaves
from outreach.rulebook.model import DueRow, Named


def branches_of_tests(subject: Subject) -> Iterator[Demand]:
    for number, row in enumerate(subject.rule.due):
        yield _row(subject, number, row)
    for kind in subject.rule.counts:
        yield from _results(subject, kind.name, kind.results)
    for line in subject.rule.not_now:
        for place, word in enumerate(line.until):
            yield _closing(subject, line, word, place)
    yield from _statuses(subject)


def named(row: DueRow) -> str:
    """A row by what it is for."""
    if row.never_tested:
        return "the row for nobody tested yet"
    whom = f"in {' or '.join(row.groups)}" if row.groups else ""
    words = [" or ".join(row.tests), " or ".join(row.results), whom]
    return "the row for " + " ".join(word for word in words if word)


def _row(subject: Subject, number: int, row: DueRow) -> Demand:
    case = "a person whom nothing pauses, and whose due date comes from this row; if there can be none, take it away"
    at = subject.places.at("next_due", number)
    return subject.branch(at, f"{named(row)} never decides", case, lambda seen: deciding_row(seen) == number)


def _results(subject: Subject, kind: str, results: str) -> Iterator[Demand]:
    at = subject.places.at("counts_as_done", kind, "result")
    for code in subject.rule.value_sets[results].codes if results else ():
        shows = partial(_has_result, kind, code.code)
        case = f"a person whose latest {kind} has result: {code.code} ({code.display})"
        yield subject.branch(at, f"no {kind} ever has the result {code.code}", case, shows)


def _has_result(kind: str, code: str, seen: Seen) -> bool:
    return seen.kind(kind).truth is True and seen.kind(kind).value == code


def _closing(subject: Subject, line: Named, word: str, place: int) -> Demand:
    at = subject.places.at("not_now", line.name, "until", place)
    case = f"a person with a finding of {line.name} and “{word}” on its day or later"
    return subject.branch(at, f"{line.name} is never closed by {word}", case, partial(_closed, line, word))


def _closed(line: Named, word: str, seen: Seen) -> bool:
    """Whether a criterion of the pause holds, but for a test of this result or kind on its day or later."""
    days = days_of_tests(seen, word)
    for number, leaf in enumerate(leaves(line.criterion)):
        spot = Spot("not_now", line.name, number)
        if _closable(leaf) and not seen.true(spot):
            held = seen.said[open_spot(seen.answer.rule, spot)]
            since = held.on if held.truth is True else None
            if since is not None and any(day >= since for day in days):
                return True
    return False


def _closable(leaf: Leaf) -> bool:
    return isinstance(leaf, ScanResult | Lab | Rising)


def _statuses(subject: Subject) -> Iterator[Demand]:
    """The answers of the calendar that the rule's grades leave open."""
    grades = {line.grade for line in subject.rule.at_risk}
    at = subject.places.at("next_due")
    open_ = [Status.UP_TO_DATE, *(CALENDAR[1:] if grades - {"C", "I"} else ())]
    for status in open_:
        shows = partial(lambda status, seen: seen.answer.status == status, status)
        yield subject.branch(at, f"nobody is {status}", f"a person who is {status}", shows)
    if grades & {"C", "I"}:
        case = "a person without a test whose first true line has grade C or I"
        yield subject.branch(at, "nobody is left to a clinician", case, lambda s: s.answer.reason == CLINICIAN)
