"""Criteria within criteria, computed from the inside out.

An inner *all*, *any* or *at least* is read several times by the one around it (for its truth, its days, what
is missing). Without columns of its own it would be written out each time, and twice as often at each depth.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import ibis.expr.types as ir

from outreach.assess.answer import NO_DAY, NO_TEXT, Answer
from outreach.assess.engine import Engine
from outreach.assess.stored import columns, restored
from outreach.rulebook.criterion import All, AnyOf, AtLeast, Criterion, Defined, Not

Build = Callable[[ir.Table], Answer]


def depth(criterion: object) -> int:
    """How many joins lie within each other; 0 for a single question."""
    match criterion:
        case Defined() | Not():
            return depth(criterion.of)
        case All() | AnyOf() | AtLeast():
            return 1 + max((depth(part) for part in criterion.of), default=0)
    return 0


@dataclass
class Layers:
    """The inner joins of one rule, by depth; once kept, each is read from its columns."""

    _asked: dict[Criterion, Build] = field(default_factory=dict)
    _kept: dict[Criterion, tuple[str, Answer]] = field(default_factory=dict)

    def inner(self, criterion: Criterion, build: Build) -> Build:
        """A join that stands within another."""
        self._asked.setdefault(criterion, build)

        def answer(people: ir.Table) -> Answer:
            start, made = self._kept.get(criterion, ("", None))
            if made is None or f"{start}_truth" not in people.columns:
                return build(people)
            return restored(people, start, replace(made, resource=NO_TEXT, on=NO_DAY, value=NO_TEXT))

        return answer

    def keep(self, engine: Engine, people: ir.Table, read_from: Callable[[ir.Table], ir.Table], name: str) -> ir.Table:
        """``people`` with the columns of every inner join, one depth after the other."""
        numbered = {criterion: f"n{number}" for number, criterion in enumerate(self._asked)}
        for level in sorted({depth(criterion) for criterion in self._asked}):
            made = {c: build(people) for c, build in self._asked.items() if depth(c) == level}
            wide = {name: col for c, answer in made.items() for name, col in columns(numbered[c], answer).items()}
            people = read_from(engine.stage(f"{name}_{level}", people.mutate(**wide)))
            self._kept |= {c: (numbered[c], answer) for c, answer in made.items()}
        return people
