"""What came of judging many made-up rules and people by both evaluators."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from plain.agreement import Difference


@dataclass(frozen=True)
class Lot:
    """A population and the rules asked about it, both as drawn from one seed."""

    today: date
    seeded: int
    people: int
    rules: int


@dataclass(frozen=True)
class Unlike:
    """A rule and a person on which the two differ."""

    lot: Lot
    rule: str
    difference: Difference


@dataclass
class Told:
    """What came of a lot. ``reached``: how often each node of the grammar and each of its outcomes was met."""

    pairs: int = 0
    rules: set[str] = field(default_factory=set)
    refused: int = 0
    reached: Counter[tuple[str, ...]] = field(default_factory=Counter)
    unlike: list[Unlike] = field(default_factory=list)

    def add(self, other: Told) -> None:
        self.pairs, self.refused = self.pairs + other.pairs, self.refused + other.refused
        self.rules |= other.rules
        self.reached += other.reached
        self.unlike += other.unlike
