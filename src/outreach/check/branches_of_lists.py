"""Branches of lists: each value set, result, kind of record or of test that stands beside others decides by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from outreach.assess.words import label
from outreach.check.branches_of_criteria import tips
from outreach.check.branches_of_tests import named
from outreach.check.demand import Demand, Subject
from outreach.check.members import Member, members
from outreach.check.seen import Seen, deciding_row, fits
from outreach.check.sources import branches_of_sources
from outreach.check.watched import Spot, member_spots
from outreach.rulebook.criterion import Leaf, leaves
from outreach.rulebook.model import DueRow, Named

Where = tuple[Spot, Named]
_NONE = "if there should be none, take it out of the list"


def branches_of_lists(subject: Subject) -> Iterator[Demand]:
    for leaf, where in _lists(subject):
        for place, member in enumerate(members(leaf)):
            yield _member(subject, where, place, member)
    yield from branches_of_sources(subject)
    for number, row in enumerate(subject.rule.due):
        yield from _row(subject, number, row)


def _lists(subject: Subject) -> Iterator[tuple[Leaf, list[Where]]]:
    """Each criterion with a list once, and wherever it stands: a case of any of its lines shows a member."""
    found: dict[tuple[Leaf, tuple[str, ...]], list[Where]] = defaultdict(list)
    for section, line in subject.rule.sections():
        for number, leaf in enumerate(leaves(line.criterion)):
            if members(leaf):
                found[leaf, line.until].append((Spot(section, line.name, number), line))
    return ((leaf, where) for (leaf, _), where in found.items())


def _member(subject: Subject, where: Sequence[Where], place: int, member: Member) -> Demand:
    spot, line = where[0]
    leaf = tuple(leaves(line.criterion))[spot.leaf]
    what = f"{spot.section}: {spot.line}: {label(leaf, subject.rule)} never decides through {member.name}"
    case = f"a person of whom it is true through {member.name} and nothing else in this list, and of whom the line "
    case += f"would say otherwise if it were not; {_NONE}"
    at = subject.places.of_member(spot, member.key, member.number)
    return subject.branch(at, what, case, partial(_through, where, place))


def _through(where: Sequence[Where], place: int, seen: Seen) -> bool:
    return any(tips(spot, line, True, seen) and _alone(spot, place, seen) for spot, line in where)


def _alone(spot: Spot, place: int, seen: Seen) -> bool:
    """Whether the others would not do, or only with the same record, whose code is in both."""
    own, rest = (seen.said[one] for one in member_spots(seen.answer.rule, spot, place))
    same = own.truth is True and own.resource == rest.resource != ""
    return rest.truth is not True or same


def _row(subject: Subject, number: int, row: DueRow) -> Iterator[Demand]:
    """Each kind, result and risk group that shares a row."""
    for key, names in (("test", row.tests), ("scan" if not row.tests else "result", row.results)):
        for place, name in enumerate(names if len(names) > 1 else ()):
            alone = replace(row, tests=(name,)) if key == "test" else replace(row, results=(name,))
            yield _of_row(subject, number, row, (key, place, name), alone)
    for place, name in enumerate(row.groups if len(row.groups) > 1 else ()):
        yield _of_row(subject, number, row, ("risk_group", place, name), replace(row, groups=(name,)))


def _of_row(subject: Subject, number: int, row: DueRow, item: tuple[str, int, str], alone: DueRow) -> Demand:
    key, place, name = item
    at = subject.places.at("next_due", number, key, place)
    case = f"a person whom nothing pauses, and whose due date comes from this row, with {name}; {_NONE}"
    shows = partial(_decides, number, alone)
    return subject.branch(at, f"{named(row)} never decides through {name}", case, shows)


def _decides(number: int, alone: DueRow, seen: Seen) -> bool:
    whom = seen.answer.risk_group
    return deciding_row(seen) == number and (not alone.groups or whom in alone.groups) and fits(seen, alone)
