"""Branches: what becomes of a person of whom a section cannot tell."""

from __future__ import annotations

from collections.abc import Iterator

from outreach.assess.decide import HOLD
from outreach.check.demand import Demand, Subject
from outreach.check.seen import Seen
from outreach.check.watched import ANY_AGE, Spot
from outreach.domain.assessment import Status
from outreach.rulebook.criterion import Booked, Leaf, Record, Rising, ScanResult, leaves


def unknowns(subject: Subject, section: str) -> Iterator[Demand]:
    """One case in the direction of ``if_unknown``, if any criterion of the section can be unknown."""
    lines = [line for name, line in subject.rule.sections() if name == section]
    age = section == "at_risk" and subject.rule.age != ANY_AGE
    if not age and not any(can_be_unknown(leaf) for line in lines for leaf in leaves(line.criterion)):
        return
    spots = [Spot(section, line.name) for line in lines]

    def shows(seen: Seen) -> bool:
        return any(seen.said[spot].truth is None and _answered(seen, spot) for spot in spots)

    case = "a person of whom a fact is missing that decides, such as a date or a value"
    at = subject.places.at(section, "if_unknown")
    yield subject.branch(at, f"no line of {section} is ever unknown where that decides", case, shows)


def _answered(seen: Seen, spot: Spot) -> bool:
    """Whether the answer is the one that the section gives to what it cannot tell."""
    if spot.section == "at_risk":
        return seen.answer.status == Status.UNKNOWN
    if spot.section == "cannot_help":
        return f"{spot.line}-not-known" in seen.answer.flags
    return seen.answer.reason == HOLD


def can_be_unknown(leaf: Leaf) -> bool:
    """Whether some record, or the lack of one, leaves the criterion open."""
    if isinstance(leaf, ScanResult | Booked | Rising):
        return False
    if isinstance(leaf, Record):
        latest = leaf.which == "latest" and bool(leaf.value or leaf.has_value)
        return leaf.window is not None or leaf.absent == "unknown" or latest
    return True
