"""Whether a record lies in a window, by trying every day that could matter.

What is imprecise began somewhere in its interval: the answer holds when it does for every such day. Between two
edges of a window the answer does not change, so the edges and their neighbours are enough to try.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from plain.days import Span, moved
from plain.records import Fact
from plain.rule import Mapping, Rule
from plain.truth import Truth, certain

LENGTHS = ("within", "for")
STRETCHES = ("starts_in", "ends_in", "during", "overlaps")


@dataclass(frozen=True)
class Window:
    """``within``/``for``: ``a`` is the day so long ago; the others: the stretch from ``a`` to ``b``."""

    relation: str
    a: date
    b: date


def window(rule: Rule, said: Mapping) -> Window | None:
    """The window a record is asked for in."""
    for name in LENGTHS:
        if name in said:
            edge = moved(rule.today, rule.span(said[name]), -1)
            return Window(name, edge, edge)
    for name in STRETCHES:
        if name in said:
            return Window(name, *rule.stretch(said[name]))
    return None


def lies_in(fact: Fact, asked: Window | None) -> Truth:
    if asked is None:
        return "T"
    if fact.lo is None or fact.hi is None:
        return "U"
    if fact.precise:
        return _holds(asked, fact.lo, fact.last)
    tried = {_holds(asked, day, fact.last if fact.own_last else day) for day in _that_matter(fact.lo, fact.hi, asked)}
    return tried.pop() if len(tried) == 1 else "U"


def _that_matter(lo: date, hi: date, asked: Window) -> list[date]:
    near = [edge + timedelta(days=step) for edge in (asked.a, asked.b) for step in (-1, 0, 1)]
    return [day for day in (lo, hi, *near) if lo <= day <= hi]


def _holds(asked: Window, first: date, last: date | None) -> Truth:
    a, b = asked.a, asked.b
    match asked.relation:
        case "within":
            return certain(first >= a)
        case "for":
            return certain(first <= a)
        case "starts_in":
            return certain(a <= first <= b)
        case "ends_in":
            return _before_its_end(first > b) if last is None else certain(a <= last <= b)
        case "during":
            return _before_its_end(not a <= first <= b) if last is None else certain(a <= first and last <= b)
    if last is None:
        return "T" if a <= first <= b else _before_its_end(first > b)
    return certain(first <= b and last >= a)


def _before_its_end(impossible: bool) -> Truth:
    """Of something that ended nobody knows when only its first day can tell."""
    return "F" if impossible else "U"


def earliest(fact: Fact, span: Span | None) -> date | None:
    """The day from which the record has answered: its first, or so long after it."""
    return fact.lo if fact.lo is None or span is None else moved(fact.lo, span)
