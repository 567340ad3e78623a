"""The counts of a night as one system of equations, so that no table gives away what another withholds.

Every count is a cell named by programme, group and measure. The same cell may be printed in several
tables (those without a race are a race stratum and a line of the quality table): it is withheld in
all or in none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from outreach.report.counts import DIMENSIONS, MEASURES, TROUBLES
from outreach.report.crosswalk import NOT_RECORDED
from outreach.report.strata import LACKS
from outreach.report.table import Partition, Table

Row = Mapping[Hashable, Any]  #: a row of a table of counts
Group = frozenset[tuple[str, str]]  #: what must hold of a person: (dimension, value)
Key = tuple[str, Group, str]  #: programme, group, measure

#: How measures add up. A name with an underscore is a remainder, never printed.
TREE = (
    ("cohort", ("at_risk", "_left_out")),
    ("at_risk", ("up_to_date", "_gap")),
    ("_gap", ("due", "not_now", "unknown")),
    ("due", ("overdue", "_in_grace")),
    ("overdue", ("ready", "_not_ready")),
    ("ready", ("offered", "_not_offered")),
    ("ready", ("sent", "handed_over", "_deferred")),
)
_REMAINDERS = tuple(p for _, parts in TREE for p in parts if p.startswith("_"))
#: What a reader loses with a count, against the others: coverage first, then the ladder.
_WORTH = {"cohort": 4.0, "at_risk": 8.0, "up_to_date": 8.0, "due": 3.0, "overdue": 3.0, "ready": 2.0}


@dataclass
class Margins:
    """Numbers the cells of a table of counts and finds the partitions they form.

    ``one_cohort``: every programme looks at the same people, so that one's cohort gives away the other's.
    """

    one_cohort: bool
    number: dict[Key, int] = field(default_factory=dict)
    value: list[int] = field(default_factory=list)
    published: list[bool] = field(default_factory=list)
    before: list[float] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    tree: list[Partition] = field(default_factory=list)
    parts: dict[tuple[str, Group, str, str], list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, row: Row, earlier: Row | None = None) -> dict[str, int]:
        """The cell number of each measure that a page prints of a row; ``earlier``: the row on an earlier page."""
        programme, group = str(row["programme"]), group_of(row)
        measures, worth = _kind(group)
        values = _with_remainders(row)
        found = {m: self._cell((programme, group, m), int(values[m]), worth) for m in measures}
        if earlier is not None:
            past = _with_remainders(earlier)
            for measure, cell in found.items():
                self.before[cell] = past[measure]
        self.tree += [(found[t], tuple(found[p] for p in parts)) for t, parts in TREE if {t, *parts} <= found.keys()]
        for dimension, value in group:
            for measure, cell in found.items():
                self.parts[programme, group - {(dimension, value)}, dimension, measure].append(cell)
        printed = {m: c for m, c in found.items() if _is_printed(group, m)}
        for cell in printed.values():
            self.published[cell] = True
        return printed

    def table(self) -> Table:
        """All cells added so far, with every partition they form."""
        wholes = [
            (self.number[self._key((programme, group, measure))], tuple(parts))
            for (programme, group, _, measure), parts in self.parts.items()
        ]
        return Table(
            values=np.array(self.value, dtype=np.int64),
            published=np.array(self.published, dtype=bool),
            before=np.array(self.before, dtype=float),
            cost=np.array(self.cost, dtype=float),
            partitions=(*self.tree, *wholes),
        )

    def _key(self, key: Key) -> Key:
        """One name for one set of people: to lack a race is to be in the race stratum "Not recorded"."""
        programme, group, measure = key
        same = frozenset((LACKS.get(d) or d, v) if v == NOT_RECORDED else (d, v) for d, v in group)
        return ("" if self.one_cohort and measure == "cohort" else programme, same, measure)

    def _cell(self, key: Key, value: int, worth: float) -> int:
        cell = self.number.setdefault(self._key(key), len(self.value))
        if cell == len(self.value):
            self.value.append(value)
            self.published.append(False)
            self.before.append(np.nan)
            self.cost.append(0.0)
        self.cost[cell] = max(self.cost[cell], worth * _WORTH.get(key[2], 1.0) * max(value, 1))
        return cell


def group_of(row: Row) -> Group:
    """What must hold of the people a row counts."""
    return frozenset((d, row[d]) for d in DIMENSIONS if isinstance(row[d], str))


def _kind(group: Group) -> tuple[tuple[str, ...], float]:
    """The measures that a page prints, or leaves to subtraction, for such a group; and their worth."""
    if any(d in LACKS for d, _ in group):
        return ("at_risk",), 0.5
    if any(d in TROUBLES for d, _ in group):
        return ("cohort",), 0.5
    if len(group) == 2:
        return ("at_risk", "up_to_date", "_gap"), 1.0
    return (*MEASURES, *_REMAINDERS), 100.0 if group else 1e6


def _is_printed(group: Group, measure: str) -> bool:
    told = {v for d, v in group if d in LACKS or d in TROUBLES}
    return not measure.startswith("_") and told <= {NOT_RECORDED, "Yes"}


def _with_remainders(row: Row) -> dict[str, float]:
    """The measures of a row and what they leave; NaN where a number that it takes is withheld."""
    values: dict[str, float] = {m: np.nan if pd.isna(row[m]) else float(row[m]) for m in MEASURES}
    for total, parts in TREE:
        for rest in parts:
            if rest.startswith("_"):
                values[rest] = values[total] - sum(values[p] for p in parts if p != rest)
    return values
