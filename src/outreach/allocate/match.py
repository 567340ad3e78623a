"""The matching itself: who gets a slot, then which.

**Who.** Take people in the order of need and lot. Seat each one if at all possible, moving those already
seated to other slots but never unseating them. The sets of people who can be seated together form a
transversal matroid, so this is the optimum, not first come first served: no larger set can be seated, and no
other set is better in the order of need. Most people and greatest need never conflict; nothing is weighed,
so nothing is rounded. It holds over all places and days at once: somebody with visits on two days is
handled exactly. (Exact integer rank weights and scipy's assignment solvers find the same people, which the tests use;
but once people have visits at several places the night is one big block, where the sparse solver took
ten seconds and the dense one minutes and gigabytes, and this a third of a second.)

**Which.** Of all ways to seat exactly these people, one with the least total wait:
``scipy.sparse.csgraph.min_weight_full_bipartite_matching`` over whole seconds.

Sources: doi:10.6028/jres.069B.016 (transversal matroids), doi:10.1007/BF01584082 (in a matroid, taking
the best that still fits is optimal).
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from outreach.allocate.feasible import Ints, Pairs


def match(pairs: Pairs, order: Ints) -> Ints:
    """The chosen pairs, as rising positions into the columns of ``pairs``.

    Args:
        pairs: feasible pairs, sorted by person, then slot.
        order: positions of people, greatest need first.
    """
    seated = seat(pairs, order)
    mine = np.flatnonzero(np.isin(pairs.person, seated))
    if not len(mine):
        return mine
    people, row = np.unique(pairs.person[mine], return_inverse=True)
    slots, column = np.unique(pairs.slot[mine], return_inverse=True)
    waits = csr_array((pairs.wait[mine] + 1.0, (row, column)), shape=(len(people), len(slots)))  # 0 would be no pair
    chosen = np.stack(min_weight_full_bipartite_matching(waits), axis=1)
    mark = np.isin(row * len(slots) + column, chosen[:, 0].astype(np.int64) * len(slots) + chosen[:, 1])
    return np.asarray(mine[mark], dtype=np.int64)


def seat(pairs: Pairs, order: Ints) -> list[int]:
    """Who gets a slot: the best set of people that can be seated at once, in order of need."""
    seating = _Seating(pairs)
    seated: list[int] = []
    for person in order.tolist():
        if seating.full():
            break
        if seating.make_room(person):
            seated.append(person)
    return seated


class _Seating:
    """Who holds which slot while people are being seated."""

    def __init__(self, pairs: Pairs) -> None:
        self._first = np.searchsorted(pairs.person, np.arange(len(pairs.nearest) + 1)).tolist()
        self._slots = pairs.slot.tolist()
        self._wanted = len(np.unique(pairs.slot))
        self._holder: dict[int, int] = {}
        self._closed: set[int] = set()  # from these no free slot can be reached any more: a failed search saw it

    def full(self) -> bool:
        return len(self._holder) == self._wanted

    def make_room(self, person: int) -> bool:
        """Search for a free slot through the slots whose holders could move; then move them all."""
        asked_by: dict[int, int] = {}
        to_ask = [person]
        while to_ask:
            asking = to_ask.pop()
            for slot in self._slots[self._first[asking] : self._first[asking + 1]]:
                if slot in asked_by or slot in self._closed:
                    continue
                asked_by[slot] = asking
                if slot not in self._holder:
                    self._move_up(slot, person, asked_by)
                    return True
                to_ask.append(self._holder[slot])
        self._closed.update(asked_by)
        return False

    def _move_up(self, free: int, person: int, asked_by: dict[int, int]) -> None:
        """Everybody on the way takes the slot they asked for, back to the newcomer."""
        left = {self._holder[slot]: slot for slot in asked_by if slot in self._holder}
        slot = free
        while (mover := asked_by[slot]) != person:
            self._holder[slot] = mover
            slot = left[mover]
        self._holder[slot] = person
