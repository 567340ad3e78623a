"""What a reader of the page could work out, exactly: the attack that ``suppress`` must withstand.

A withheld count, and a remainder that is never printed, are the unknowns of a linear system. Linear
programming (scipy, HiGHS) gives the least and the greatest value each may take. One solution is
evidence for every unknown at once, and stays so when more is withheld, so some dozens of solutions
settle thousands of cells. Where a cell is pinned, the dual solution names the counts that pin it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import linprog
from scipy.sparse.csgraph import connected_components

from outreach.report.table import SMALL, Booleans, Floats, Integers, Table

Enough = Callable[[Table, Floats, Floats], Booleans]
_TRIES = 8  #: solutions with many aims at once before each remaining cell gets its own


def spans(table: Table, least: Floats, greatest: Floats) -> Booleans:
    """What a secret needs: that it may still be anything from 1 to 10 (or have moved by as much)."""
    return np.asarray((least <= table.least_needed) & (greatest >= table.greatest_needed))


def varies(table: Table, least: Floats, greatest: Floats) -> Booleans:
    """What any withheld count needs: another possible value."""
    return np.asarray((greatest - least >= 1) | (table.values == 0))


class Attacker:
    """Two readers: one who knows only the page, and one who also knows which counts are secrets."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._plain, self._knowing = _Reader(table, knowing=False), _Reader(table, knowing=True)

    def given_away(self, hidden: Booleans) -> list[set[int]]:
        """For each unknown that a reader can narrow down too far, the printed counts that let him.

        A secret is given away unless it may still be anything from 1 to 10; a withheld count is unless it
        has another possible value even for the knowing reader. Empty means safe. ``hidden`` may only grow
        from call to call.
        """
        page = _Page(self._table, hidden)
        loose = self._knowing.givers(page, hidden, varies)
        self._plain.take(self._knowing.least, self._knowing.greatest)
        return loose + self._plain.givers(page, self._table.secret, spans)


class _Page:
    """The equations that a page leaves between its unknowns, in parts that have no unknown in common."""

    def __init__(self, table: Table, hidden: Booleans) -> None:
        unknown = hidden | ~table.published
        columns = table.matrix[:, unknown]
        _, part = connected_components(columns.T @ columns, directed=False)
        of = np.full(len(table.values), -1)
        of[unknown] = part
        self.parts = [_Part(table, unknown, np.flatnonzero(of == number)) for number in range(part.max(initial=-1) + 1)]


class _Part:
    """Some unknowns, and every equation they stand in."""

    def __init__(self, table: Table, unknown: Booleans, cells: Integers) -> None:
        self.cells = cells
        self._rows = table.matrix[np.flatnonzero(np.diff(table.matrix[:, cells].indptr))]
        self._equations = self._rows[:, cells]
        self._sums = -(self._rows[:, ~unknown] @ table.values[~unknown])
        self._printed = ~unknown & (table.values > 0)

    def greatest(self, aim: Floats, high: Floats) -> tuple[Floats, set[int]]:
        """The unknowns where ``aim`` is greatest, and the printed counts that keep it from being greater."""
        limits = np.column_stack((np.zeros(len(self.cells)), high[self.cells]))
        found = linprog(-aim[self.cells], A_eq=self._equations, b_eq=self._sums, bounds=limits)
        if found.status != 0:
            raise RuntimeError(f"the counts do not add up: the linear programme ended with status {found.status}")
        part_played = np.abs(self._rows.T @ found.eqlin.marginals)
        return found.x.round(6), set(np.flatnonzero(self._printed & (part_played > 1e-6)).tolist())


class _Reader:
    """The least and the greatest value of each cell among the solutions found so far."""

    def __init__(self, table: Table, *, knowing: bool) -> None:
        self._table, self._high = table, ceilings(table, knowing=knowing)
        self.least, self.greatest = table.values.astype(float), table.values.astype(float)

    def givers(self, page: _Page, asked: Booleans, enough: Enough) -> list[set[int]]:
        """The printed counts that keep each of the ``asked`` cells from having ``enough``."""
        random = np.random.default_rng(0)
        for _ in range(_TRIES):
            pending = self._pending(asked, enough)
            if pending.sum() <= _TRIES:
                break
            aim = random.normal(size=len(asked)) * pending
            self._solve(page, aim)
            self._solve(page, -aim)
        found = []
        for cell in np.flatnonzero(self._pending(asked, enough)):
            if self._pending(asked, enough)[cell]:
                aim = (np.arange(len(asked)) == cell).astype(float)
                blamed = self._solve(page, aim) | self._solve(page, -aim)
                found += [blamed] if self._pending(asked, enough)[cell] else []
        return found

    def take(self, least: Floats, greatest: Floats) -> None:
        """Count solutions in that were found elsewhere."""
        self.least, self.greatest = np.minimum(self.least, least), np.maximum(self.greatest, greatest)

    def _pending(self, asked: Booleans, enough: Enough) -> Booleans:
        return np.asarray(asked & ~enough(self._table, self.least, self.greatest))

    def _solve(self, page: _Page, aim: Floats) -> set[int]:
        blamed: set[int] = set()
        for part in page.parts:
            if aim[part.cells].any():
                solution, givers = part.greatest(aim, self._high)
                self.least[part.cells] = np.minimum(self.least[part.cells], solution)
                self.greatest[part.cells] = np.maximum(self.greatest[part.cells], solution)
                blamed |= givers
        return blamed


def ceilings(table: Table, *, knowing: bool) -> Floats:
    """The most a reader would think each count to be; the knowing one knows which are small."""
    highest = np.full(len(table.values), 2.0 * float(table.values.max(initial=0)) + 10 * SMALL)
    return np.where(table.secret, table.greatest_needed, highest) if knowing else highest
