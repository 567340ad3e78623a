"""Boundaries of series that rise: how many values, and the day of the first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from outreach.assess.words import label
from outreach.check.bound import Bound
from outreach.check.demand import Subject
from outreach.check.facts import Fact, values_of
from outreach.check.seen import Seen
from outreach.check.watched import Spot
from outreach.domain.calendar import add
from outreach.rulebook.criterion import Rising

DAY = timedelta(days=1)
Keyed = tuple[tuple[str, ...], Bound]


def rising_bounds(subject: Subject, spot: Spot, leaf: Rising) -> Iterator[Keyed]:
    name, edge = f"{spot.section}: {spot.line}: {label(leaf, subject.rule)}", add(subject.today, leaf.within, -1)
    yield (
        ("values",),
        Bound(
            f"{name} (how many)",
            f"{leaf.values} values that rise, with which it is true",
            lambda seen: len(_series(seen, spot)) == leaf.values and seen.true(spot),
            f"{leaf.values - 1} values that rise, and no more, with which it is not",
            lambda seen: len(_series(seen, spot)) == leaf.values - 1 and not seen.true(spot),
        ),
    )
    yield (
        ("within",),
        Bound(
            f"{name} (its first day)",
            f"{leaf.values} values that rise, the first on {edge}, asked on {subject.today}, with which it is true",
            lambda seen: _starts(seen, spot, 0) and seen.true(spot),
            f"the same with the first on {edge - DAY}, with which it is not",
            lambda seen: _starts(seen, spot, 1) and not seen.true(spot),
        ),
    )


def _series(seen: Seen, spot: Spot, *, early: int = 0) -> list[Fact]:
    """The values within the window and so many days before it, if they rise; else none."""
    leaf = seen.leaf(spot, Rising)
    found = [
        fact for fact in values_of(seen.rule, seen.facts, leaf.codes) if fact.first >= _edge(seen, leaf) - early * DAY
    ]
    values = [float(fact.given.value) for fact in found]
    return found if all(one < next_ for one, next_ in pairwise(values)) else []


def _starts(seen: Seen, spot: Spot, early: int) -> bool:
    """Whether as many values as asked rise, the first of them so many days before the window."""
    leaf, found = seen.leaf(spot, Rising), _series(seen, spot, early=early)
    return len(found) == leaf.values and found[0].first == _edge(seen, leaf) - early * DAY


def _edge(seen: Seen, leaf: Rising) -> date:
    return add(seen.today, leaf.within, -1)
