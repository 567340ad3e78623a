"""Boundaries: both sides of every bound of a rule; see ``coverage``."""

from __future__ import annotations

from collections.abc import Iterator

from outreach.check.bound import Bound
from outreach.check.bounds_of_ages import age_bounds
from outreach.check.bounds_of_counts import boundaries_of_counts
from outreach.check.bounds_of_days import date_bounds, record_bounds
from outreach.check.bounds_of_due import boundaries_of_due
from outreach.check.bounds_of_scores import score_bounds
from outreach.check.bounds_of_series import rising_bounds
from outreach.check.bounds_of_tests import boundaries_of_tests
from outreach.check.bounds_of_values import lab_bounds
from outreach.check.demand import Demand, Subject
from outreach.check.effective import effective_dates
from outreach.check.watched import RULE_AGE, Spot
from outreach.rulebook.criterion import Age, DateOf, Lab, Leaf, Record, Rising, ScoreIs, leaves

Keyed = tuple[tuple[str, ...], Bound]


def boundaries(subject: Subject) -> Iterator[Demand]:
    asked = list(_distinct(subject))
    if RULE_AGE in subject.seen[0].said:
        asked.insert(0, (RULE_AGE, subject.rule.age))
    for spot, leaf in asked:
        for keys, bound in _bounds(subject, spot, leaf):
            yield from bound.sides(subject, subject.places.of(spot, *keys))
    yield from boundaries_of_counts(subject)
    yield from boundaries_of_tests(subject)
    yield from boundaries_of_due(subject)
    yield from effective_dates(subject)


def _distinct(subject: Subject) -> Iterator[tuple[Spot, Leaf]]:
    """Each criterion once, at the first place where it stands; what a pause closes is a criterion of its own."""
    known = set()
    for section, line in subject.rule.sections():
        for number, leaf in enumerate(leaves(line.criterion)):
            if (leaf, line.until) not in known:
                known.add((leaf, line.until))
                yield Spot(section, line.name, number), leaf


def _bounds(subject: Subject, spot: Spot, leaf: Leaf) -> Iterator[Keyed]:
    """The bounds of a criterion, each with the key that states it."""
    match leaf:
        case Age():
            yield from age_bounds(spot, leaf)
        case Record():
            yield from record_bounds(subject, spot, leaf)
        case DateOf():
            yield from date_bounds(subject, spot, leaf)
        case Lab():
            yield from lab_bounds(subject, spot, leaf)
        case Rising():
            yield from rising_bounds(subject, spot, leaf)
        case ScoreIs():
            yield from score_bounds(subject, spot, leaf)
