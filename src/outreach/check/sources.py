"""Branches of what counts as done: each kind of record and value set that can be the test, or must go with it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from outreach.check.bounds_of_tests import within
from outreach.check.demand import Demand, Subject
from outreach.check.facts import SOURCES, among, day_of, is_beside, is_record
from outreach.check.seen import Seen, deciding_row
from outreach.check.watched import Spot
from outreach.rulebook.criterion import ScanResult, leaves
from outreach.rulebook.model import Counts

#: Under which word of ``given`` such a record stands.
_GIVEN = {"report": "scans", "procedure": "procedures", "finding": "findings or labs"}


def branches_of_sources(subject: Subject) -> Iterator[Demand]:
    """Nothing where one value set of one kind of record is all that counts: its row shows it."""
    listed = [
        (kind, source, place, name)
        for kind in subject.rule.counts
        for source in SOURCES
        for place, name in enumerate(getattr(kind, source))
    ]
    for kind, source, place, name in listed if len(listed) > 1 else ():
        at = subject.places.at("counts_as_done", kind.name, source, place)
        what = f"{kind.name} never counts through {source}: {name}"
        case = f"a person whose answer comes from a {kind.name} given as {name} under {_GIVEN[source]}; "
        case += "if none should count, take it away"
        yield subject.branch(at, what, case, partial(_counts, kind, source, name))
    for kind in subject.rule.counts:
        for place, name in enumerate(kind.beside if len(kind.beside) > 1 else ()):
            at = subject.places.at("counts_as_done", kind.name, "with", place)
            case = f"a person whose answer comes from a {kind.name} with {name} and nothing else in this list; "
            case += "if there should be none, take it out of the list"
            yield subject.branch(at, f"{kind.name} never counts with {name}", case, partial(_goes_with, kind, name))


def _counts(kind: Counts, source: str, name: str, seen: Seen) -> bool:
    """Whether the record that the night found as the latest test of this kind is such a one, and decides."""
    fact = seen.fact(seen.kind(kind.name))
    return fact is not None and is_record(seen.rule, fact, source, (name,)) and _decides(kind, seen)


def _decides(kind: Counts, seen: Seen) -> bool:
    """Whether the due date, or the reason given, comes from the latest test of a kind."""
    number = deciding_row(seen)
    if number is not None:
        row = seen.rule.due[number]
        return not row.tests or kind.name in row.tests
    record = seen.kind(kind.name).resource
    asked = [
        seen.said[Spot(section, line.name, place)]
        for section, line in seen.rule.sections()
        for place, leaf in enumerate(leaves(line.criterion))
        if line.name == seen.answer.reason and isinstance(leaf, ScanResult)
    ]
    return any(said.truth is True and said.resource == record for said in asked)


def _goes_with(kind: Counts, name: str, seen: Seen) -> bool:
    test = seen.fact(seen.kind(kind.name))
    if test is None or not _decides(kind, seen):
        return False
    near = [
        fact
        for fact in seen.facts
        if is_beside(seen.rule, fact, kind) and within(fact.first, day_of(test, kind), kind.beside_within)
    ]
    return bool(near) and all(among(seen.rule, (name,), fact.code) for fact in near)
