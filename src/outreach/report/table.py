"""Counts and the equations between them: what a page prints, and what subtraction adds to it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Booleans = NDArray[np.bool_]
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Partition = tuple[int, tuple[int, ...]]  #: a total and the parts that add up to it, as cell numbers
SMALL = 10  #: the largest count that is withheld; 0 is shown


@dataclass(frozen=True, eq=False)
class Table:
    """Cells numbered from 0; every array has one entry per cell.

    ``published`` is False for a remainder, which is never printed and yet can be had by subtraction.
    ``before`` is what an earlier page showed for the cell, NaN where it showed nothing. ``cost`` says how
    much a reader loses when the cell is withheld.
    """

    values: Integers
    published: Booleans
    before: Floats
    cost: Floats
    partitions: tuple[Partition, ...]

    @cached_property
    def small(self) -> Booleans:
        """The counts of 1 to 10."""
        return (self.values >= 1) & (self.values <= SMALL)

    @cached_property
    def moved(self) -> Booleans:
        """The counts that moved by 1 to 10 since an earlier page: to show them would show those few people."""
        by = np.abs(self.values - self.before)
        return (by >= 1) & (by <= SMALL)

    @cached_property
    def secret(self) -> Booleans:
        """The counts nobody may learn."""
        return self.small | self.moved

    @cached_property
    def least_needed(self) -> Floats:
        """How low a secret must still be thought possible."""
        moved = np.where(self.moved, np.maximum(self.before - SMALL, 0), np.inf)
        return np.minimum(np.where(self.small, 1.0, np.inf), moved)

    @cached_property
    def greatest_needed(self) -> Floats:
        """How high a secret must still be thought possible."""
        moved = np.where(self.moved, self.before + SMALL, -np.inf)
        return np.maximum(np.where(self.small, float(SMALL), -np.inf), moved)

    @cached_property
    def members(self) -> list[list[int]]:
        """The cells of each partition, its total first."""
        return [[total, *parts] for total, parts in self.partitions]

    @cached_property
    def partitions_of(self) -> list[list[int]]:
        """The numbers of the partitions each cell belongs to."""
        found: list[list[int]] = [[] for _ in self.values]
        for number, cells in enumerate(self.members):
            for cell in cells:
                found[cell].append(number)
        return found

    @cached_property
    def matrix(self) -> csr_matrix:
        """One row per partition: its parts minus its total make 0."""
        rows = np.repeat(np.arange(len(self.members)), [len(m) for m in self.members])
        columns = np.array([c for m in self.members for c in m], dtype=np.int64)
        signs = np.array([s for m in self.members for s in (-1.0, *[1.0] * (len(m) - 1))])
        return csr_matrix((signs, (rows, columns)), shape=(len(self.members), len(self.values)))
