"""A rule or a person on which two evaluators differ, made as small as it stays so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import TypeVar

from plain.made.writing import written
from plain.rule import Node, mapping, yaml

Item = TypeVar("Item")
_TRIES = 500


def smaller_rule(text: str, differs: Callable[[str], bool]) -> str:
    """The rule with every key and item taken out that can go while ``differs`` stays true of it."""
    tries, at = 0, 0
    while tries < _TRIES:
        cuts = list(_cuts(yaml(text)))
        if at >= len(cuts):
            return text
        shorter = written(dict(mapping(cuts[at])))
        tries += 1
        if differs(shorter):
            text, at = shorter, 0
        else:
            at += 1
    return text


def _cuts(node: Node) -> Iterator[Node]:
    """The node without one of its parts, the greatest parts first."""
    for path in sorted(_paths(node), key=len):
        cut = deepcopy(node)
        inner = cut
        for step in path[:-1]:
            inner = inner[step]  # type: ignore[index]
        del inner[path[-1]]  # type: ignore[union-attr, arg-type]
        yield cut


def _paths(node: Node) -> Iterator[tuple[str | int, ...]]:
    inside: list[tuple[str | int, Node]] = []
    if isinstance(node, dict):
        inside = list(node.items())
    if isinstance(node, list):
        inside = list(enumerate(node))
    for key, value in inside:
        yield (key,)
        yield from ((key, *rest) for rest in _paths(value))


def fewer(items: Sequence[Item], differs: Callable[[Sequence[Item]], bool]) -> list[Item]:
    """The items with every one taken out that can go while ``differs`` stays true of them."""
    kept = list(items)
    for item in list(items):
        rest = [other for other in kept if other is not item]
        if differs(rest):
            kept = rest
    return kept
