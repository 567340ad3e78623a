"""What the cases of a rule must show, and whether they do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from outreach.check.places import Places
from outreach.check.seen import Seen
from outreach.rulebook.model import Rule
from outreach.rulebook.tree import Located

Measure = Literal["branches", "boundaries"]


@dataclass(frozen=True)
class Demand:
    """One thing to show, and where in the file it stands. ``case``: what a case would be like that shows it."""

    measure: Measure
    line: int
    column: int
    what: str
    case: str
    met: bool


@dataclass(frozen=True)
class Subject:
    """A rule with its cases as coverage sees them."""

    rule: Rule
    seen: tuple[Seen, ...]
    places: Places

    @property
    def today(self) -> date:
        """A day for examples: that of the last case."""
        return self.seen[-1].today

    def branch(self, at: Located, what: str, case: str, shows: Callable[[Seen], bool]) -> Demand:
        return self._demand("branches", at, what, case, shows)

    def side(self, at: Located, what: str, case: str, shows: Callable[[Seen], bool]) -> Demand:
        """One side of a boundary."""
        return self._demand("boundaries", at, what, case, shows)

    def _demand(self, measure: Measure, at: Located, what: str, case: str, shows: Callable[[Seen], bool]) -> Demand:
        return Demand(measure, at.line, at.column, what, case, any(shows(seen) for seen in self.seen))
