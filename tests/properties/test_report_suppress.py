"""A table with margins gives no withheld count away: attacked in whole numbers, by integer programming."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, milp

from outreach.report.suppress import withhold
from outreach.report.table import Table


def two_way(inner: np.ndarray) -> Table:
    """A table of counts with its row totals, column totals and grand total, all meant to be printed."""
    rows, columns = inner.shape
    values = [*inner.ravel(), *inner.sum(axis=1), *inner.sum(axis=0), inner.sum()]
    cell = np.arange(rows * columns).reshape(inner.shape)
    row_total, column_total = rows * columns + np.arange(rows), rows * columns + rows + np.arange(columns)
    partitions = [(int(t), tuple(map(int, cell[i]))) for i, t in enumerate(row_total)]
    partitions += [(int(t), tuple(map(int, cell[:, j]))) for j, t in enumerate(column_total)]
    partitions += [(len(values) - 1, tuple(map(int, row_total))), (len(values) - 1, tuple(map(int, column_total)))]
    n = len(values)
    return Table(np.array(values), np.ones(n, bool), np.full(n, np.nan), np.maximum(values, 1.0), tuple(partitions))


def whole_number_range(table: Table, hidden: np.ndarray, cell: int) -> tuple[int, int]:
    """The least and greatest whole number a withheld cell can be, by integer programming."""
    n = len(table.values)
    sums = np.zeros((len(table.partitions), n))
    for row, (total, parts) in enumerate(table.partitions):
        sums[row, list(parts)], sums[row, total] = 1, -1
    low, high = np.where(hidden, 0, table.values), np.where(hidden, 500, table.values)
    aim, found = (np.arange(n) == cell).astype(float), []
    for sign in (1, -1):
        answer = milp(sign * aim, integrality=np.ones(n), bounds=(low, high), constraints=LinearConstraint(sums, 0, 0))
        found.append(round(sign * answer.fun))
    return found[0], found[1]


counts = st.one_of(st.integers(0, 14), st.integers(0, 60))
tables = st.integers(1, 4).flatmap(
    lambda rows: st.integers(1, 4).flatmap(
        lambda columns: st.lists(counts, min_size=rows * columns, max_size=rows * columns).map(
            lambda cells: np.array(cells).reshape(rows, columns)
        )
    )
)


@settings(max_examples=60, deadline=None)
@given(tables)
def test_a_table_with_margins_gives_no_small_count_away(inner):
    table = two_way(inner)
    hidden = withhold(table)
    for cell in np.flatnonzero(hidden):
        low, high = whole_number_range(table, hidden, int(cell))
        assert high > low, "a withheld count has one possible value"
        if 1 <= table.values[cell] <= 10:
            assert low <= 1, "a small count is known to be larger"
            assert high >= 10, "a small count is known to be smaller"
    small = (table.values >= 1) & (table.values <= 10)
    assert not (small & ~hidden).any(), "a small count is printed"
    assert not (hidden & (table.values == 0)).any(), "a 0 may be shown"


@settings(max_examples=60, deadline=None)
@given(tables)
def test_what_has_no_small_count_is_shown_whole(inner):
    assert not withhold(two_way(np.where((inner >= 1) & (inner <= 10), 0, inner))).any()
