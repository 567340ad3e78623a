"""Good rules and value sets with a single key less or more, at any place: what an author forgets, or leaves over."""

from __future__ import annotations

import json
from collections.abc import Iterator

from plain.rule import Node

#: Words that ask for what is measured or found, each long, with the keys it may have.
LINES: tuple[Node, ...] = (
    {"lab": {"name": "lab-a", "from": 2, "below": 20, "unit": "mg/dL", "within": "2 years", "which": "any"}},
    {"measured": {"name": "lab-a", "from": 2, "unit": "mg/dL", "if_absent": "no"}},
    {"rising": {"name": "lab-a", "values": 3, "unit": "mg/dL", "within": "1 year"}},
    {"rising": {"name": "lab-a", "values": 2, "within": "2 years"}},
    {"date-of": {"name": "lab-a", "at_least": "5 years", "if_absent": "no"}},
    {"finding": {"name": "lab-a", "value": "answer-a", "has_value": True, "within": "1 year", "count": 2}},
    {"fib-4": {"from": 1.3, "below": 2.67, "within": "1 year"}},
    {"lab": {"name": "own", "from": 2, "unit": "mg/dL"}},
    {"rising": {"name": "own", "values": 3, "unit": "mg/dL", "within": "1 year"}},
)
_OWN: Node = [{"system": "urn:example", "code": "own", "display": "A measure of one's own", "note": "not a real code"}]
SET: dict[str, Node] = {
    "codes": "lab-a",
    "title": "A measure",
    "meaning": "made up",
    "source": "made up",
    "status": "draft",
    "unit": "mg/dL",
    "molar": {"factor": 17.1, "from": "umol/L", "source": "made up"},
    "includes": [{"system": "urn:example", "codes": [{"code": "a", "display": "A", "note": "not a real code"}]}],
}


def rule(base: dict[str, Node], line: Node) -> dict[str, Node]:
    """A good rule whose one line at risk asks this."""
    assert isinstance(line, dict)
    own = {"codes": {"own": _OWN}} if '"own"' in json.dumps(line) else {}
    return base | own | {"at_risk": {"asked": {**line, "source": "aasld"}, "if_unknown": "ask-list"}}


def less(node: Node) -> Iterator[Node]:
    """Every tree with one key taken away."""
    for key, inner in node.items() if isinstance(node, dict) else ():
        yield {name: value for name, value in node.items() if name != key}
        yield from ({**node, key: changed} for changed in less(inner))
    for place, inner in enumerate(node) if isinstance(node, list) else ():
        yield from ([*node[:place], changed, *node[place + 1 :]] for changed in less(inner))


def more(node: Node, keys: dict[str, Node]) -> Iterator[Node]:
    """Every tree with one of these keys put where it does not stand, in any mapping."""
    if isinstance(node, dict):
        yield from ({**node, key: value} for key, value in keys.items() if key not in node)
        for key, inner in node.items():
            yield from ({**node, key: changed} for changed in more(inner, keys))
    for place, inner in enumerate(node) if isinstance(node, list) else ():
        yield from ([*node[:place], changed, *node[place + 1 :]] for changed in more(inner, keys))


def keys_of(node: Node) -> dict[str, Node]:
    """Every key anywhere in a tree with a value it had there."""
    found: dict[str, Node] = {}
    for key, inner in node.items() if isinstance(node, dict) else ():
        found |= {key: inner} | keys_of(inner)
    for inner in node if isinstance(node, list) else ():
        found |= keys_of(inner)
    return found
