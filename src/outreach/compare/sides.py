"""The two sides of a comparison, and how its counts are named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from outreach.compare.people import AT_RISK
from outreach.compare.steps import Step

Side = Literal["was", "now"]
SIDES: tuple[Side, Side] = ("was", "now")
Group = tuple[str, str]  #: stratifier and stratum
Key = tuple[Group, str, str]  #: group, table, what is counted in it
EVERYONE: Group = ("", "Everyone")
SETS = {"at_risk": tuple(AT_RISK), "overdue": ("overdue",)}  #: which people enter and leave


@dataclass(frozen=True)
class Steps:
    """The steps of both rules."""

    was: Sequence[Step]
    now: Sequence[Step]

    def of(self, side: Side) -> Sequence[Step]:
        return self.was if side == "was" else self.now

    def keys(self, side: Side, statuses: Iterable[str]) -> frozenset[str]:
        wanted = set(statuses)
        return frozenset(step.key for step in self.of(side) if step.status in wanted)

    def statuses(self, side: Side) -> list[str]:
        return list(dict.fromkeys(step.status for step in self.of(side)))
