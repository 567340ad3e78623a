"""A score over a table of people: its bounds, whom it holds for, and what would narrow it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import ibis
import ibis.expr.types as ir

from outreach.assess.scores.bounds import Bounds, rounded, total
from outreach.assess.scores.inputs import Age, Either, Input


class Score(Protocol):
    """A score over a table of people that holds its gathered columns."""

    def bounds(self, people: ir.Table) -> Bounds:
        """The least and the greatest value the person can have; never NULL, see ``bounds.UNBOUNDED``."""

    def holds_for(self, people: ir.Table) -> ir.BooleanValue:
        """Whether the person may belong to the population the score was derived in; never NULL."""

    def missing(self, people: ir.Table) -> dict[str, ir.BooleanValue]:
        """Inputs that are not known exactly, by the names the ask list uses; never NULL."""


@dataclass(frozen=True)
class Population:
    """Whom a score was derived in: ages (both ends included) and, if any are named, one of these diagnoses.

    Somebody whose birth date leaves the age open is not shut out.
    """

    age: Age
    low: int
    high: int | None = None
    one_of: Sequence[Either] = ()
    none_of: Sequence[Either] = ()

    def holds_for(self, people: ir.Table) -> ir.BooleanValue:
        youngest, oldest = self.age.bounds(people)
        tests = [oldest >= self.low]
        tests += [] if self.high is None else [youngest <= self.high]
        tests += [ibis.or_(*[people[known.key].notnull() for known in self.one_of])] if self.one_of else []
        tests += [people[known.key].isnull() for known in self.none_of]
        return ibis.and_(*tests)


@dataclass(frozen=True)
class Formula:
    """A score as a formula over the bounds of ``inputs``, then of ``facts``, rounded to ``digits`` decimals
    before it is compared.

    ``facts`` are diagnoses: absent they are false, so the ask list never asks for them.
    """

    population: Population
    inputs: Sequence[Input]
    of: Callable[..., Bounds]
    digits: int
    facts: Sequence[Input] = ()

    def bounds(self, people: ir.Table) -> Bounds:
        known = [one.bounds(people) for one in (*self.inputs, *self.facts)]
        return rounded(self.of(*known), self.digits)

    def holds_for(self, people: ir.Table) -> ir.BooleanValue:
        return self.population.holds_for(people)

    def missing(self, people: ir.Table) -> dict[str, ir.BooleanValue]:
        open_ = {one.name: one.bounds(people) for one in self.inputs}
        return {name: low != high for name, (low, high) in open_.items()}


def sum_of(*parts: Bounds) -> Bounds:
    """The formula of a score that adds points up."""
    return total(parts)
