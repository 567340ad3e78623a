"""Where a value lies in a resource, and the JSON schema that all the places of a table add up to.

Nothing here knows an engine: DuckDB reads the schema through ``duck``; another engine needs a renderer of
its own and no second declaration.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One element on the way. ``many``: it repeats. With ``key``: only those whose ``key`` says ``value``."""

    name: str
    many: bool = False
    key: str = ""
    value: str = ""


Path = tuple[Step, ...]


def at(dotted: str) -> Path:
    """``"category[].coding[].code"`` as steps; ``[]`` marks what repeats in R4, "" is no place at all."""
    return tuple(Step(name.removesuffix("[]"), name.endswith("[]")) for name in dotted.split(".") if name)


def where(name: str, key: str, value: str) -> Path:
    """Those elements of a repeating ``name`` whose ``key`` says ``value``: an extension by its url."""
    return (Step(name, True, key, value),)


@dataclass(frozen=True)
class Node:
    """A part of the JSON that is read: an object with ``fields``, or, without any, a scalar kept as its raw text."""

    many: bool = False
    fields: tuple[tuple[str, Node], ...] = ()


def schema(paths: Iterable[Path]) -> Node:
    """The smallest schema that holds every path, fields in the order first met."""
    branches: dict[Step, list[Path]] = {}
    for path in paths:
        for way in _with_key(path):
            if way:
                branches.setdefault(Step(way[0].name, way[0].many), []).append(way[1:])
    return Node(fields=tuple((step.name, Node(step.many, schema(rest).fields)) for step, rest in branches.items()))


def _with_key(path: Path) -> Iterator[Path]:
    yield path
    for index, step in enumerate(path):
        if step.key:
            yield (*path[: index + 1], Step(step.key))
