"""From people, visits and slots to offers."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

import numpy as np

from outreach.allocate.feasible import REASONS, Ints, Pairs, feasible, upcoming
from outreach.allocate.match import match
from outreach.allocate.policy import Draw, Policy, queue
from outreach.domain.slot import NoOffer, Offer, Overdue, Slot, Visit


@dataclass(frozen=True)
class Allocation:
    """A night's proposal. Every person stands in exactly one of ``offers`` and ``none``."""

    offers: tuple[Offer, ...]  #: greatest need first: hold in this order
    none: tuple[NoOffer, ...]  #: by person id
    pairs: Mapping[str, int]  #: visits without a clinic, and pairs at one place and day, by reason or "feasible"
    alternatives: Mapping[str, tuple[Offer, ...]]  #: for each offered person the slots nobody got, shortest wait first
    log: tuple[Draw, ...]  #: the lottery, in order: everybody who could have used some slot
    seed: int


def allocate(
    people: Sequence[Overdue],
    visits: Sequence[Visit],
    slots: Sequence[Slot],
    policy: Policy,
    *,
    now: datetime,
    seed: int,
) -> Allocation:
    """Offer each free slot to at most one overdue person who is there that day anyway.

    As many people as possible, and among the ways to do that the one with the greatest need, then the better
    lots, then the least wait: the optimum over all places and days at once (see ``match``). One
    invitation for one slot. The answer depends on the seed, not on the order of the inputs.

    Args:
        people: each once. Whoever should take no slot tonight (no order, say) must not be among them.
        visits: of anybody, at any time; others are ignored.
        slots: as read, with any status.
        now: with a time zone.
        seed: of this night, to be kept with it.

    Raises:
        ValueError: a person, a person's visit or a slot comes twice, or an instant has no time zone.
    """
    _once([p.person for p in people], "person")
    _once([(v.id, v.person) for v in visits], "visit")
    _once([s.id for s in slots], "slot")
    spans = [(v.start, v.end) for v in visits] + [(s.start, s.end) for s in slots]
    if any(t.tzinfo is None for span in [(now, now), *spans] for t in span):
        raise ValueError("now, a visit or a slot is an instant without a time zone")
    ids = sorted(p.person for p in people)
    visits = upcoming(visits, ids, policy, now)
    slots = sorted(slots, key=lambda s: (s.location, s.start, s.id))
    pairs = feasible(ids, visits, slots, policy, now)
    log = _lottery(people, ids, pairs, policy, now, seed)
    place = {person: i for i, person in enumerate(ids)}
    chosen = match(pairs, np.array([place[draw.person] for draw in log], dtype=np.int64))
    rank = {draw.person: draw.rank for draw in log}

    def offer(pair: int) -> Offer:
        person = ids[pairs.person[pair]]
        return Offer(person, slots[pairs.slot[pair]], visits[pairs.visit[pair]], rank[person])

    given = {o.person: o for o in map(offer, chosen.tolist())}
    return Allocation(
        offers=tuple(given[draw.person] for draw in log if draw.person in given),
        none=tuple(NoOffer(p, REASONS[n]) for p, n in zip(ids, pairs.nearest.tolist(), strict=True) if p not in given),
        pairs=pairs.counts,
        alternatives=_by_person(map(offer, _left_over(pairs, chosen).tolist())),
        log=log,
        seed=seed,
    )


def _lottery(
    people: Iterable[Overdue], ids: Sequence[str], pairs: Pairs, policy: Policy, now: datetime, seed: int
) -> tuple[Draw, ...]:
    """The queue of those who have a feasible pair."""
    could = {ids[i] for i in np.unique(pairs.person).tolist()}
    return queue((p for p in people if p.person in could), policy, now.astimezone(policy.zone).date(), seed)


def _left_over(pairs: Pairs, chosen: Ints) -> Ints:
    """The pairs of offered people with slots that nobody got, by person and then by wait."""
    offered = np.isin(pairs.person, pairs.person[chosen])
    left = np.flatnonzero(offered & ~np.isin(pairs.slot, pairs.slot[chosen]))
    return np.asarray(left[np.lexsort((pairs.slot[left], pairs.wait[left], pairs.person[left]))], dtype=np.int64)


def _by_person(offers: Iterable[Offer]) -> dict[str, tuple[Offer, ...]]:
    return {person: tuple(mine) for person, mine in groupby(offers, key=attrgetter("person"))}


def _once(ids: Sequence[Hashable], what: str) -> None:
    if len(set(ids)) < len(ids):
        raise ValueError(f"a {what} comes twice in one matching")
