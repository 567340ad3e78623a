"""What a criterion answers about one person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from plain.rule import Node
from plain.truth import Truth


@dataclass(frozen=True)
class Leaf:
    """One word of the rule, what was said under it, and its truth."""

    word: str
    said: Node
    truth: Truth
    missing: tuple[str, ...] = ()  #: what would settle it while it is unknown


@dataclass(frozen=True)
class Answer:
    """``first``: the day from which it has held, where that can be told. ``leaves``: all words in it, in order.

    ``joints``: the truths of the words that join others, for counting what was reached.
    """

    truth: Truth
    first: date | None = None
    leaves: tuple[Leaf, ...] = ()
    joints: tuple[tuple[str, Truth], ...] = ()


@dataclass(frozen=True)
class Found:
    """A word's own answer. ``on``: the day of what was found, for what a later test may close."""

    truth: Truth
    first: date | None = None
    on: date | None = None
    missing: tuple[str, ...] = ()


def leaves_of(parts: Sequence[Answer]) -> tuple[Leaf, ...]:
    return tuple(leaf for part in parts for leaf in part.leaves)


def joints_of(parts: Sequence[Answer], word: str, truth: Truth) -> tuple[tuple[str, Truth], ...]:
    """The joints of the parts, and this word."""
    return (*(joint for part in parts for joint in part.joints), (word, truth))


def greatest(days: Sequence[date | None]) -> date | None:
    return max((day for day in days if day is not None), default=None)


def least(days: Sequence[date | None]) -> date | None:
    return min((day for day in days if day is not None), default=None)
