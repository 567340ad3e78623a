"""Which slots a person could really use, and the first reason why not, for every pair at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from outreach.allocate.policy import Policy
from outreach.domain.slot import Slot, Visit

Ints = NDArray[np.int64]

#: From the farthest miss to the nearest. A pair gets the first that is true of it; a person the last of their pairs'.
REASONS = (
    "no-visit",  #: nothing booked from today to the horizon
    "telehealth-visit",
    "visit-place-unknown",
    "no-clinic-at-that-place-that-day",
    "slots-taken",  #: the slot is not free
    "notice-too-short",  #: or already begun
    "overlaps-visit",  #: or any other visit of the person, or is closer than the buffer
    "wait-too-long",
    "lost-lottery",  #: usable, and given to somebody with greater need or, at equal need, a better lot
)
FEASIBLE = len(REASONS) - 1


@dataclass(frozen=True)
class Pairs:
    """The feasible pairs as columns of one length, sorted by person, then slot; positions, not ids.

    A pair has one visit: the one it leaves the shortest wait beside.
    """

    person: Ints
    slot: Ints
    visit: Ints
    wait: Ints  #: seconds between the end of the one and the start of the other
    nearest: Ints  #: per person: position in REASONS
    counts: dict[str, int]  #: visits without a clinic, and pairs at one place and day, by reason or "feasible"


@dataclass(frozen=True)
class _Times:
    start: Ints  #: seconds since 1970
    end: Ints
    key: Ints  #: one number per place and local day; -1 for a place without slots


def feasible(
    people: Sequence[str], visits: Sequence[Visit], slots: Sequence[Slot], policy: Policy, now: datetime
) -> Pairs:
    """Every pair of a visit and a slot at its place on its day, judged.

    Args:
        people: person ids, sorted, each once.
        visits: of these people, from today to the horizon, sorted by person (see ``upcoming``).
        slots: sorted by location, start and id.
    """
    position = {person: i for i, person in enumerate(people)}
    places = {location: i for i, location in enumerate(sorted({s.location for s in slots}))}
    v, s = _times(visits, places, policy), _times(slots, places, policy)
    visitor = np.array([position[visit.person] for visit in visits], dtype=np.int64)
    visit, slot = _beside(v.key, s.key, np.array([bool(x.location) and not x.telehealth for x in visits], dtype=bool))
    wait = np.maximum(s.start[slot] - v.end[visit], v.start[visit] - s.end[slot])
    free = np.array([x.status == "free" for x in slots], dtype=bool)
    soonest = now.timestamp() + policy.notice_hours * 3600
    taken, short_notice = ~free[slot], s.start[slot] < soonest
    near = (wait < policy.buffer_minutes * 60) | _near_another(visitor, visit, slot, v, s, policy.buffer_minutes * 60)
    far = wait > policy.longest_wait_minutes * 60
    why = np.select([taken, short_notice, near, far], [4, 5, 6, 7], FEASIBLE).astype(np.int64)
    alone = _visit_reasons(visits, np.bincount(visit, minlength=len(visits)))
    nearest = np.zeros(len(people), dtype=np.int64)
    np.maximum.at(nearest, visitor, alone)
    np.maximum.at(nearest, visitor[visit], why)
    return _shortest(visitor[visit], slot, visit, wait, why == FEASIBLE, nearest, _count(alone, why))


def upcoming(visits: Sequence[Visit], people: Sequence[str], policy: Policy, now: datetime) -> list[Visit]:
    """The visits of these people from today to the horizon, in an order of their own."""
    known = set(people)
    today = now.astimezone(policy.zone).date()
    last = today + timedelta(days=policy.horizon_days)
    kept = [v for v in visits if v.person in known and today <= v.start.astimezone(policy.zone).date() <= last]
    return sorted(kept, key=lambda v: (v.person, v.start, v.id))


def _times(items: Sequence[Visit] | Sequence[Slot], places: dict[str, int], policy: Policy) -> _Times:
    days = np.array([x.start.astimezone(policy.zone).toordinal() for x in items], dtype=np.int64)
    where = np.array([places.get(x.location, -1) for x in items], dtype=np.int64)
    return _Times(
        start=np.array([x.start.timestamp() for x in items], dtype=np.float64).astype(np.int64),
        end=np.array([x.end.timestamp() for x in items], dtype=np.float64).astype(np.int64),
        key=np.where(where < 0, -1, where * 4_000_000 + days),
    )


def _beside(visit_key: Ints, slot_key: Ints, usable: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Each usable visit with each slot of the same key; the keys of the slots rise."""
    first = np.searchsorted(slot_key, visit_key, "left")
    many = np.where(usable, np.searchsorted(slot_key, visit_key, "right") - first, 0)
    visit, nth = _counted_out(np.arange(len(visit_key), dtype=np.int64), many)
    return visit, first[visit] + nth


def _near_another(visitor: Ints, visit: Ints, slot: Ints, v: _Times, s: _Times, buffer: int) -> NDArray[np.bool_]:
    """Whether the slot of a pair overlaps any visit of the person, wherever it is; ``visitor`` rises."""
    first = np.searchsorted(visitor, visitor, "left")
    many = (np.searchsorted(visitor, visitor, "right") - first)[visit]
    several = np.flatnonzero(many > 1)  # one visit is judged already
    pair, nth = _counted_out(several, many[several])
    other = first[visit[pair]] + nth
    gap = np.maximum(s.start[slot[pair]] - v.end[other], v.start[other] - s.end[slot[pair]])
    return np.isin(np.arange(len(visit)), pair[gap < buffer])


def _counted_out(items: Ints, many: Ints) -> tuple[Ints, Ints]:
    """Each item as often as asked, with 0, 1, 2 … beside it."""
    repeated = np.repeat(items, many)
    return repeated, np.arange(len(repeated), dtype=np.int64) - np.repeat(np.cumsum(many) - many, many)


def _visit_reasons(visits: Sequence[Visit], slots_beside: Ints) -> Ints:
    """Position in REASONS of a visit that stands beside no slot; 0 for one that does."""
    reasons = [1 if v.telehealth else 2 if not v.location else 3 for v in visits]
    return np.where(slots_beside > 0, 0, np.array(reasons, dtype=np.int64))


def _count(alone: Ints, why: Ints) -> dict[str, int]:
    tally = np.bincount(alone, minlength=len(REASONS)) + np.bincount(why, minlength=len(REASONS))
    return {reason: int(n) for reason, n in zip((*REASONS[1:FEASIBLE], "feasible"), tally[1:], strict=True)}


def _shortest(
    person: Ints, slot: Ints, visit: Ints, wait: Ints, ok: NDArray[np.bool_], nearest: Ints, counts: dict[str, int]
) -> Pairs:
    """The feasible pairs, each person and slot once, beside the visit with the shortest wait."""
    person, slot, visit, wait = person[ok], slot[ok], visit[ok], wait[ok]
    pair = person * (slot.max(initial=0) + 1) + slot
    order = np.argsort(pair * (wait.max(initial=0) + 1) + wait, kind="stable")  # one key: a third of lexsort's time
    order = order[np.diff(pair[order], prepend=-1) != 0]
    return Pairs(person[order], slot[order], visit[order], wait[order], nearest, counts)
