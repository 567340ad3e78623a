"""The quick attack: narrowing every unknown one partition at a time until nothing moves.

It finds most of what ``attack`` finds in a hundredth of the time, and never accuses wrongly.
"""

from __future__ import annotations

import numpy as np

from outreach.report.attack import ceilings, spans, varies
from outreach.report.table import SMALL, Booleans, Floats, Table

_ROUNDS = 50  #: of narrowing; stopping early only leaves more to the exact attack


def quickly_given_away(table: Table, hidden: Booleans) -> list[set[int]]:
    """As ``attack.given_away``, but only what one partition at a time gives away."""
    low, high = bounds(table, hidden, knowing=False)
    known = bounds(table, hidden, knowing=True)
    weak = (table.secret & ~spans(table, low, high)) | (hidden & ~varies(table, *known))
    if not weak.any():
        return []
    freedom = high - low
    room = np.array([freedom[cells].sum() for cells in table.members])
    printed = table.published & ~hidden & (table.values > 0)
    # A partition pins a cell when the others in it have less room than a secret may need (2 x 10, if it moved).
    tight = [[p for p in around if room[p] - freedom[c] < 2 * SMALL] for c, around in enumerate(table.partitions_of)]
    return [
        givers
        for cell in np.flatnonzero(weak)
        for partition in tight[cell]
        if (givers := _givers(table, printed, tight, partition))
    ]


def bounds(table: Table, hidden: Booleans, *, knowing: bool) -> tuple[Floats, Floats]:
    """The least and greatest value of every cell, as far as one partition at a time can tell."""
    unknown = hidden | ~table.published
    low = np.where(unknown, 0.0, table.values)
    high = np.where(unknown, ceilings(table, knowing=knowing), table.values)
    total = np.array([t for t, _ in table.partitions], dtype=np.int64)
    row = np.repeat(np.arange(len(total)), [len(parts) for _, parts in table.partitions])
    part = np.array([c for _, parts in table.partitions for c in parts], dtype=np.int64)
    for _ in range(_ROUNDS):
        before = high.sum() - low.sum()
        sum_low, sum_high = np.bincount(row, low[part], len(total)), np.bincount(row, high[part], len(total))
        np.maximum.at(low, part, (low[total] - sum_high)[row] + high[part])
        np.minimum.at(high, part, (high[total] - sum_low)[row] + low[part])
        np.maximum.at(low, total, sum_low)
        np.minimum.at(high, total, sum_high)
        if high.sum() - low.sum() == before:
            break
    return low, high


def _givers(table: Table, printed: Booleans, tight: list[list[int]], partition: int) -> set[int]:
    """The printed counts of a partition, and of those that pin the unknowns in it."""
    cells = table.members[partition]
    near = {partition} | {p for c in cells if not printed[c] for p in tight[c]}
    return {c for p in near for c in table.members[p] if printed[c]}
