"""Boundaries of measured values: exactly the bound, and at most a twentieth below it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from outreach.assess.words import label
from outreach.check.bound import Bound
from outreach.check.demand import Subject
from outreach.check.facts import values_of
from outreach.check.seen import Seen
from outreach.check.watched import Spot
from outreach.domain.calendar import add
from outreach.rulebook.criterion import Lab

DAY = timedelta(days=1)
CLOSE = 0.05  #: how far below a bound a value may lie, as a share of the bound
Keyed = tuple[tuple[str, ...], Bound]


def lab_bounds(subject: Subject, spot: Spot, leaf: Lab) -> Iterator[Keyed]:
    name, unit = f"{spot.section}: {spot.line}: {label(leaf, subject.rule)}", subject.rule.value_sets[leaf.codes].unit
    for key, side, edge in (("from", True, leaf.low), ("below", False, leaf.below)):
        if edge is not None:
            word, other = ("", "not ") if side else ("not ", "")
            yield (
                (key,),
                Bound(
                    f"{name} ({key})",
                    f"{leaf.codes} of exactly {edge:g} {unit}, with which it is {word}true",
                    partial(_value_at, spot, key, side),
                    f"{leaf.codes} below {edge:g} {unit} by at most a twentieth, with which it is {other}true",
                    partial(_value_under, spot, key, not side),
                ),
            )
    if leaf.within is not None:
        edge_day = add(subject.today, leaf.within, -1)
        yield (
            ("within",),
            Bound(
                f"{name} (its day)",
                f"such a value on {edge_day}, asked on {subject.today}, with which it is true",
                partial(_on_edge, spot),
                f"such a value on {edge_day - DAY}, asked on {subject.today}, with which it is not",
                partial(_before_edge, spot),
            ),
        )


def _edge(seen: Seen, leaf: Lab) -> date:
    return add(seen.today, leaf.within, -1) if leaf.within else date.min


def _judged(seen: Seen, spot: Spot) -> list[float]:
    """The values that decide: the latest in the window, or each of them."""
    leaf = seen.leaf(spot, Lab)
    inside = [
        float(fact.given.value)
        for fact in values_of(seen.rule, seen.facts, leaf.codes)
        if fact.first >= _edge(seen, leaf)
    ]
    return inside[-1:] if leaf.which == "latest" else inside


def _bound(seen: Seen, spot: Spot, key: str) -> float:
    leaf = seen.leaf(spot, Lab)
    found = leaf.low if key == "from" else leaf.below
    return float("nan") if found is None else found


def _value_at(spot: Spot, key: str, true: bool, seen: Seen) -> bool:
    return any(value == _bound(seen, spot, key) for value in _judged(seen, spot)) and seen.true(spot) is true


def _value_under(spot: Spot, key: str, true: bool, seen: Seen) -> bool:
    edge = _bound(seen, spot, key)
    near = any(edge - abs(edge) * CLOSE <= value < edge for value in _judged(seen, spot))
    return near and seen.true(spot) is true


def _on_edge(spot: Spot, seen: Seen) -> bool:
    leaf = seen.leaf(spot, Lab)
    days = [fact.first for fact in values_of(seen.rule, seen.facts, leaf.codes) if fact.first >= _edge(seen, leaf)]
    return days == [_edge(seen, leaf)] and seen.true(spot)


def _before_edge(spot: Spot, seen: Seen) -> bool:
    leaf = seen.leaf(spot, Lab)
    found = values_of(seen.rule, seen.facts, leaf.codes)
    latest = found[-1] if found else None
    if latest is None or latest.first != _edge(seen, leaf) - DAY or seen.true(spot):
        return False
    value = float(latest.given.value)
    return (leaf.low is None or value >= leaf.low) and (leaf.below is None or value < leaf.below)
