"""Branches of criteria: each decides its line, by being true and by not being true; a score does not apply."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from outreach.assess.words import label
from outreach.check.answered import Said
from outreach.check.demand import Demand, Subject
from outreach.check.logic import Truth, truth
from outreach.check.seen import Seen
from outreach.check.watched import Spot
from outreach.rulebook.criterion import ScoreIs, leaves
from outreach.rulebook.model import Named


def branches_of_criteria(subject: Subject) -> Iterator[Demand]:
    for section, line in subject.rule.sections():
        several = sum(1 for _ in leaves(line.criterion)) > 1
        for number, leaf in enumerate(leaves(line.criterion)):
            spot = Spot(section, line.name, number)
            name = f"{section}: {line.name}: {label(leaf, subject.rule)}"
            if several:
                yield from _decides(subject, spot, line, name)
            if isinstance(leaf, ScoreIs):
                case = "a person outside the population of the score"
                shows = partial(_outside, spot)
                yield subject.branch(subject.places.of(spot), f"{name} never does not apply", case, shows)


def _decides(subject: Subject, spot: Spot, line: Named, name: str) -> Iterator[Demand]:
    at = subject.places.of(spot)
    case = "a person of whom it is true, and of whom the line would say otherwise if it were not"
    yield subject.branch(at, f"{name} never decides by being true", case, partial(tips, spot, line, True))
    case = "a person of whom it is not true, and of whom the line would say otherwise if it were"
    yield subject.branch(at, f"{name} never decides by not being true", case, partial(tips, spot, line, False))


def tips(spot: Spot, line: Named, true: bool, seen: Seen) -> bool:
    """Whether the criterion is so, and the line would become true, or no longer be, if it alone were otherwise.

    Of a criterion that is unknown, that the line would no longer be unknown is enough. What does not apply is
    taken not to stand in the way: a score's population often hangs on the criterion beside it.
    """
    own = seen.said[spot]
    if (own.truth is True) is not true:
        return False
    said = [_standing_aside(found) for found in _said(spot, line, seen)]
    said[spot.leaf] = own
    was = truth(line.criterion, iter(said))
    said[spot.leaf] = replace(own, truth=not true, applies=True)
    would_be = truth(line.criterion, iter(said))
    tipped = (was is Truth.TRUE) is not (would_be is Truth.TRUE)
    return tipped or (own.truth is None and was is not would_be)


def _said(spot: Spot, line: Named, seen: Seen) -> list[Said]:
    count = sum(1 for _ in leaves(line.criterion))
    return [seen.said[Spot(spot.section, spot.line, number)] for number in range(count)]


def _standing_aside(said: Said) -> Said:
    return said if said.applies else replace(said, truth=True, applies=True)


def _outside(spot: Spot, seen: Seen) -> bool:
    return not seen.said[spot].applies
