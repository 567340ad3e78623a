"""Boundaries of windows and counts: a record on the last day that counts, and one on the next, that does not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from outreach.assess.windows import Bounds, bounds
from outreach.assess.words import label
from outreach.check.bound import Bound
from outreach.check.demand import Subject
from outreach.check.facts import WHOLE, Fact, among, candidate, inside
from outreach.check.seen import Seen
from outreach.check.watched import Spot
from outreach.domain.calendar import add
from outreach.rulebook.criterion import DateOf, Record

DAY = timedelta(days=1)
Keyed = tuple[tuple[str, ...], Bound]
#: Each edge of ``windows.Bounds``: the day of the record that it holds against, and the way out.
_EDGES = {"first_from": ("first", -1), "first_to": ("first", 1), "last_from": ("last", -1), "last_to": ("last", 1)}


def record_bounds(subject: Subject, spot: Spot, leaf: Record) -> Iterator[Keyed]:
    name = f"{spot.section}: {spot.line}: {label(leaf, subject.rule)}"
    window = bounds(leaf.window, subject.today)
    for edge, (which, way) in _EDGES.items():
        day: date | None = getattr(window, edge)
        if day is not None and leaf.window is not None:
            yield (
                (leaf.window.relation,),
                Bound(
                    f"{name} ({which} day)",
                    f"a record whose {which} day is {day}, asked on {subject.today}, with which it is true",
                    partial(_at, spot, edge),
                    f"a record whose {which} day is {day + way * DAY}, asked on {subject.today}, with which it is not",
                    partial(_beyond, spot, edge),
                ),
            )
    if leaf.count > 1:
        yield (
            ("count",),
            Bound(
                f"{name} (how many)",
                f"{leaf.count} records on days of their own, with which it is true",
                lambda seen: _days(seen, spot) == leaf.count and seen.true(spot),
                f"{leaf.count - 1} of them, with which it is not",
                lambda seen: _days(seen, spot) == leaf.count - 1 and not seen.true(spot),
            ),
        )


def _asked(seen: Seen, spot: Spot) -> tuple[Record, Bounds, list[Fact]]:
    """The criterion on the case's day, its window, and the records it asks about."""
    leaf = seen.leaf(spot, Record)
    return leaf, bounds(leaf.window, seen.today), [fact for fact in seen.facts if candidate(seen.rule, fact, leaf)]


def _days(seen: Seen, spot: Spot) -> int:
    _, window, found = _asked(seen, spot)
    return len({fact.first for fact in found if inside(fact, window)})


def _at(spot: Spot, edge: str, seen: Seen) -> bool:
    """One record lies on the edge, no more than needed lie in the window, and it is true."""
    leaf, window, found = _asked(seen, spot)
    day, which = getattr(window, edge), _EDGES[edge][0]
    there = any(getattr(fact, which) == day and inside(fact, window) for fact in found)
    return there and _days(seen, spot) == leaf.count and seen.true(spot)


def _beyond(spot: Spot, edge: str, seen: Seen) -> bool:
    """One record lies a day outside, one fewer than needed lie in the window, and it is not true."""
    leaf, window, found = _asked(seen, spot)
    which, way = _EDGES[edge]
    day = getattr(window, edge) + way * DAY
    there = any(getattr(fact, which) == day for fact in found)
    return there and _days(seen, spot) == leaf.count - 1 and not seen.true(spot)


def date_bounds(subject: Subject, spot: Spot, leaf: DateOf) -> Iterator[Keyed]:
    """Of the day that a finding states."""
    edge, way = add(subject.today, leaf.period, -1), -1 if leaf.relation == "within" else 1
    yield (
        ("within" if leaf.relation == "within" else "at_least",),
        Bound(
            f"{spot.section}: {spot.line}: {label(leaf, subject.rule)}",
            f"a finding that states {edge}, asked on {subject.today}, with which it is true",
            lambda seen: _stated(seen, spot) == _edge(seen, spot) and seen.true(spot),
            f"a finding that states {edge + way * DAY}, asked on {subject.today}, with which it is not",
            lambda seen: _stated(seen, spot) == _edge(seen, spot) + way * DAY and not seen.true(spot),
        ),
    )


def _edge(seen: Seen, spot: Spot) -> date:
    return add(seen.today, seen.leaf(spot, DateOf).period, -1)


def _stated(seen: Seen, spot: Spot) -> date | None:
    """The whole day that the latest such finding states."""
    codes = (seen.leaf(spot, DateOf).codes,)
    found = [fact for fact in seen.facts if fact.given.kind == "date" and among(seen.rule, codes, fact.code)]
    stated = max(found, key=lambda fact: fact.first).given.value if found else ""
    return date.fromisoformat(stated) if len(stated) == WHOLE else None
