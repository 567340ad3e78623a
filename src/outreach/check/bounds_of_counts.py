"""Boundaries of ``at_least``: as many of its criteria true as it wants, and one fewer."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from outreach.check.bound import Bound
from outreach.check.demand import Demand, Subject
from outreach.check.logic import Truth, truths
from outreach.check.seen import Seen
from outreach.check.watched import Spot
from outreach.rulebook.criterion import All, AnyOf, AtLeast, Criterion, Defined, Not, leaves


def boundaries_of_counts(subject: Subject) -> Iterator[Demand]:
    known = set()
    for section, line in subject.rule.sections():
        for first, asked in _counts(line.criterion, 0):
            if asked not in known:
                known.add(asked)
                spot = Spot(section, line.name, first)
                yield from _bound(spot, asked).sides(subject, subject.places.of(spot))


def _counts(criterion: Criterion, first: int) -> Iterator[tuple[int, AtLeast]]:
    """Every ``at_least`` in a criterion, with the number of its first leaf."""
    if isinstance(criterion, AtLeast):
        yield first, criterion
    if isinstance(criterion, Defined | Not):
        yield from _counts(criterion.of, first)
    if isinstance(criterion, All | AnyOf | AtLeast):
        for part in criterion.of:
            yield from _counts(part, first)
            first += sum(1 for _ in leaves(part))


def _bound(spot: Spot, asked: AtLeast) -> Bound:
    return Bound(
        f"{spot.section}: {spot.line}: at least {asked.count} of {len(asked.of)}",
        f"a person of whom {asked.count} of these are true, and the others are not",
        partial(_true_parts, spot, asked, asked.count),
        f"a person of whom {asked.count - 1} are true, and the others false",
        partial(_true_parts, spot, asked, asked.count - 1),
    )


def _true_parts(spot: Spot, asked: AtLeast, wanted: int, seen: Seen) -> bool:
    """Whether so many are true; of one fewer than asked, whether the others are surely false."""
    count = sum(1 for _ in leaves(asked))
    said = (seen.said[Spot(spot.section, spot.line, spot.leaf + number)] for number in range(count))
    found = truths(asked.of, said)
    sure = wanted >= asked.count or found.count(Truth.FALSE) == len(found) - wanted
    return found.count(Truth.TRUE) == wanted and sure
