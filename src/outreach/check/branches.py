"""Branches: each thing a rule can answer, and each criterion both ways; see ``coverage``."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from outreach.check.branches_of_criteria import branches_of_criteria
from outreach.check.demand import Demand, Subject
from outreach.check.seen import Seen
from outreach.check.unknowns import unknowns
from outreach.check.watched import RULE_AGE, Spot
from outreach.domain.assessment import Status
from outreach.rulebook.model import SECTIONS, Named

_REASONED = {"cannot_help": Status.EXCLUDED, "own_choice": Status.EXCEPTION, "not_now": Status.NOT_NOW}


def branches(subject: Subject) -> Iterator[Demand]:
    for section, line in subject.rule.sections():
        yield from _line(subject, section, line)
    yield from branches_of_criteria(subject)
    for section in SECTIONS:
        yield from unknowns(subject, section)
    yield from _people(subject)


def _line(subject: Subject, section: str, line: Named) -> Iterator[Demand]:
    spot, at = Spot(section, line.name), subject.places.at(section, line.name)
    name = f"{section}: {line.name}"
    yield subject.branch(at, f"{name} is never true", "a person of whom it is true", lambda seen: seen.true(spot))
    yield subject.branch(at, f"{name} is always true", "a person of whom it is not", lambda seen: not seen.true(spot))
    if section == "at_risk":
        case = "a person of whom it is the first true line; if there can be none, take the line away"
        yield subject.branch(at, f"{name} is never the risk group", case, lambda s: s.answer.risk_group == line.name)
    else:
        case = "a person at risk of whom it is the first true line; if there can be none, take the line away"
        yield subject.branch(at, f"{name} is never the reason", case, partial(_reason, section, line.name))
    if line.worklist is not None:
        place = subject.places.at(section, line.name, "list")
        for late, word, long in ((True, "late", "longer"), (False, "in time", "no longer")):
            case = f"a person {long} than {line.worklist.late_after} on the list {line.worklist.name}"
            yield subject.branch(place, f"{name} is never {word}", case, partial(_late, line.name, late))


def _reason(section: str, name: str, seen: Seen) -> bool:
    return seen.answer.reason == name and seen.answer.status == _REASONED[section]


def _late(name: str, late: bool, seen: Seen) -> bool:
    return _reason("not_now", name, seen) and seen.answer.late is late


def _people(subject: Subject) -> Iterator[Demand]:
    """Everybody of the right age and not; the dead; those who have said no; each answer of the calendar."""
    if RULE_AGE in subject.seen[0].said:
        at = subject.places.of(RULE_AGE)
        yield subject.branch(at, "nobody is of the rule's age", "a person of that age", lambda s: s.true(RULE_AGE))
        case = "a person of another age"
        yield subject.branch(at, "everybody is of the rule's age", case, lambda s: not s.true(RULE_AGE))
    top = subject.places.at("rule")
    for reason, case in (("deceased", "died: 2026-01"), ("opted-out", "opted_out: true")):
        shows = partial(lambda reason, seen: seen.answer.reason == reason, reason)
        yield subject.branch(top, f"nobody is {reason}", f"a person at risk with {case}", shows)
