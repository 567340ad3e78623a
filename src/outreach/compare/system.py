"""Counts that add up, and which of them may be shown: small ones are withheld with whatever gives them back."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import numpy as np

from outreach.report.suppress import withhold
from outreach.report.table import Partition, Table

K = TypeVar("K", bound=Hashable)


@dataclass
class System(Generic[K]):
    """Cells by key, and the equations between them. A cell that nobody prints can still be had by subtraction."""

    number: dict[K, int] = field(default_factory=dict)
    values: list[int] = field(default_factory=list)
    published: list[bool] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    partitions: list[Partition] = field(default_factory=list)

    def add(self, key: K, value: int, *, published: bool = True, worth: float = 1.0) -> None:
        """A count. ``worth``: what a reader loses when it is withheld, against the others."""
        self.number[key] = len(self.values)
        self.values.append(value)
        self.published.append(published)
        self.cost.append(worth * max(value, 1))

    def same(self, key: K, as_: K) -> None:
        """Another name for a cell that is there."""
        self.number[key] = self.number[as_]

    def adds_up(self, total: K, parts: Iterable[K]) -> None:
        """The total is the sum of its parts; cells that are not there count nobody."""
        found = tuple(self.number[part] for part in parts if part in self.number)
        if total in self.number and found:
            self.partitions.append((self.number[total], found))

    def value(self, key: K) -> int:
        return self.values[self.number[key]]

    def table(self) -> Table:
        """The cells and equations as the report's own guard takes them."""
        return Table(
            values=np.array(self.values, dtype=np.int64),
            published=np.array(self.published, dtype=bool),
            before=np.full(len(self.values), np.nan),
            cost=np.array(self.cost, dtype=float),
            partitions=tuple(self.partitions),
        )

    def shown(self) -> set[K]:
        """The keys of the counts that may be printed."""
        table = self.table()
        fit = table.published & ~withhold(table)
        return {key for key, place in self.number.items() if fit[place]}
