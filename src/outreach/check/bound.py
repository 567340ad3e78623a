"""A bound: something on its inner side counts, one step further it does not; a case for each side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from outreach.check.demand import Demand, Subject
from outreach.check.seen import Seen
from outreach.rulebook.tree import Located


@dataclass(frozen=True)
class Bound:
    """``at`` and ``beyond``: whether a case stands exactly at the bound, or one step beyond it, and is answered so.

    ``at_case`` and ``beyond_case`` say what such a case is like.
    """

    what: str
    at_case: str
    at: Callable[[Seen], bool]
    beyond_case: str
    beyond: Callable[[Seen], bool]

    def sides(self, subject: Subject, place: Located) -> Iterator[Demand]:
        yield subject.side(place, f"{self.what}: no case exactly at the bound", self.at_case, self.at)
        yield subject.side(place, f"{self.what}: no case one step beyond", self.beyond_case, self.beyond)
