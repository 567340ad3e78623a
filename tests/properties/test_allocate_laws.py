"""Laws of the matching, against a plain evaluator, brute force, and scipy's assignment solver."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from outreach.allocate import REASONS, Allocation, Policy, allocate
from outreach.domain.slot import Overdue, Slot, Visit

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 3, 2, 6, tzinfo=ZONE)
POLICY = Policy(
    zone=ZONE, longest_wait_minutes=90, notice_hours=24, horizon_days=3, risk_groups=("a", "b"), buffer_minutes=10
)
Night = tuple[list[Overdue], list[Visit], list[Slot]]

moments = st.builds(
    lambda day, step: datetime(2026, 3, day, 8, tzinfo=ZONE) + timedelta(minutes=step * 20),
    st.sampled_from([3, 3, 3, 4, 2]),
    st.integers(0, 8),
)
places = st.sampled_from(["north", "north", "north", "south", ""])


@st.composite
def nights(draw: st.DrawFn, people: int = 5, visits: int = 8, slots: int = 5) -> Night:
    who = [f"p{i}" for i in range(draw(st.integers(1, people)))]
    groups, since = (
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from([date(2024, 1, 1), date(2025, 6, 1), date(2026, 2, 1)]),
    )
    overdue = [Overdue(p, day, day, draw(groups), "") for p in who for day in (draw(since),)]
    booked = [
        Visit(
            f"v{i}",
            draw(st.sampled_from(who)),
            start,
            start + timedelta(minutes=30),
            draw(places),
            draw(st.integers(0, 9)) == 0,
        )
        for i in range(draw(st.integers(0, visits)))
        for start in (draw(moments),)
    ]
    offered = [
        Slot(
            f"s{i}",
            "1",
            "c",
            draw(places),
            start,
            start + timedelta(minutes=20),
            draw(st.sampled_from(["free"] * 4 + ["busy"])),
        )
        for i in range(draw(st.integers(0, slots)))
        for start in (draw(moments),)
    ]
    return overdue, booked, offered


def gap(visit: Visit, slot: Slot) -> timedelta:
    return slot.start - visit.end if slot.start >= visit.end else visit.start - slot.end


def usable(visit: Visit, slot: Slot, visits: list[Visit]) -> timedelta | None:
    """The wait if this person can use this slot beside this visit; written again, one pair at a time."""
    here = visit.location and visit.location == slot.location and not visit.telehealth
    day = visit.start.astimezone(ZONE).date()
    if not here or day != slot.start.astimezone(ZONE).date() or not NOW.date() <= day <= NOW.date() + timedelta(days=3):
        return None
    if slot.status != "free" or slot.start - NOW < timedelta(hours=24):
        return None
    if any(other.person == visit.person and gap(other, slot) < timedelta(minutes=10) for other in visits):
        return None
    return gap(visit, slot) if gap(visit, slot) <= timedelta(minutes=90) else None


def shortest(night: Night) -> dict[tuple[str, str], timedelta]:
    """The feasible pairs of person and slot, with the wait beside the best visit."""
    waits: dict[tuple[str, str], timedelta] = {}
    for visit in night[1]:
        for slot in night[2]:
            wait = usable(visit, slot, night[1])
            pair = (visit.person, slot.id)
            if wait is not None and wait <= waits.get(pair, wait):
                waits[pair] = wait
    return waits


def seatings(people: list[str], pairs: dict[tuple[str, str], timedelta]) -> Iterator[dict[str, str]]:
    """Every way to give people slots, one each."""
    if not people:
        yield {}
        return
    for rest in seatings(people[1:], pairs):
        yield rest
        yield from ({people[0]: s, **rest} for p, s in pairs if p == people[0] and s not in rest.values())


def solve(night: Night, seed: int = 1) -> Allocation:
    return allocate(*night, POLICY, now=NOW, seed=seed)


@given(nights(), st.integers(0, 3))
@settings(deadline=None, max_examples=300)
def test_no_way_to_seat_people_is_better(night: Night, seed: int) -> None:
    """Most people; then those first in the queue; then the least total wait."""
    answer = solve(night, seed)
    waits = shortest(night)
    line = [d.person for d in answer.log]
    assert set(line) == {p for p, _ in waits}

    def worth(seating: dict[str, str]) -> tuple[int, tuple[bool, ...], float]:
        total = sum((waits[pair] for pair in seating.items()), timedelta())
        return len(seating), tuple(p in seating for p in line), -total.total_seconds()

    ours = {o.person: o.slot.id for o in answer.offers}
    assert worth(ours) == max(map(worth, seatings(line, waits)))


@given(nights(people=12, visits=20, slots=12))
@settings(deadline=None)
def test_everybody_once_no_slot_twice_and_only_what_can_be_used(night: Night) -> None:
    answer = solve(night)
    offered, none = [o.person for o in answer.offers], [n.person for n in answer.none]
    assert sorted(offered + none) == sorted(p.person for p in night[0])
    assert len({o.slot.id for o in answer.offers}) == len(answer.offers)
    waits = shortest(night)
    given_away = {o.slot.id for o in answer.offers}
    for offer in (*answer.offers, *(o for left in answer.alternatives.values() for o in left)):
        assert offer.visit.person == offer.person
        assert usable(offer.visit, offer.slot, night[1]) == waits[offer.person, offer.slot.id]
    assert all(o.slot.id not in given_away for left in answer.alternatives.values() for o in left)
    assert set(answer.alternatives) <= set(offered)
    assert all(
        n.reason in REASONS and (n.reason == "lost-lottery") == (n.person in {p for p, _ in waits}) for n in answer.none
    )


@given(nights(people=12, visits=20, slots=12), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_the_inputs_changes_nothing(night: Night, dice: random.Random) -> None:
    before = solve(night)
    for column in night:
        dice.shuffle(column)
    assert solve(night) == before


@given(nights())
@settings(deadline=None)
def test_every_pair_at_one_place_and_day_is_counted_once(night: Night) -> None:
    """Visits of the window: each is without a clinic for one reason, or has a reason for each slot beside it."""
    window = [v for v in night[1] if v.start.date() <= NOW.date() + timedelta(days=3)]
    beside = [
        sum(s.location == v.location and s.start.date() == v.start.date() for s in night[2])
        if v.location and not v.telehealth
        else 0
        for v in window
    ]
    pairs = solve(night).pairs
    assert sum(pairs.values()) == sum(n or 1 for n in beside)
    assert pairs["feasible"] == sum(usable(v, s, night[1]) is not None for v in window for s in night[2])


@pytest.mark.parametrize("seed", range(15))
def test_scipys_assignment_over_exact_rank_weights_seats_the_same_people(seed: int) -> None:
    """Nights of 150 people, most with visits at several places, so that one block is the whole night."""
    night = _crowd(random.Random(seed))
    answer = solve(night, seed)
    line = [d.person for d in answer.log]
    slots = [s.id for s in night[2]]
    weight = np.zeros((len(line), len(slots)))
    for person, slot in shortest(night):
        weight[line.index(person), slots.index(slot)] = len(line) - line.index(person)
    row, column = linear_sum_assignment(weight, maximize=True)
    best = {line[r] for r, c in zip(row, column, strict=True) if weight[r, c]}
    assert {o.person for o in answer.offers} == best
    assert 20 < len(best) < len(line)


def _crowd(dice: random.Random) -> Night:
    def moment() -> datetime:
        return datetime(2026, 3, dice.choice([3, 4, 5]), 8, tzinfo=ZONE) + timedelta(minutes=dice.randrange(0, 400, 20))

    def place() -> str:
        return dice.choice(["north", "south"])

    people = [
        Overdue(f"p{i}", d, d, dice.choice("ab"), "") for i in range(150) for d in (date(2025, dice.randint(1, 12), 1),)
    ]
    visits = [
        Visit(f"{p.person}-{n}", p.person, t, t + timedelta(minutes=30), place(), False)
        for p in people
        for n in range(dice.choice([1, 2, 3]))
        for t in (moment(),)
    ]
    slots = [
        Slot(f"s{i}", "1", "c", place(), t, t + timedelta(minutes=20), "free") for i in range(60) for t in (moment(),)
    ]
    return people, visits, slots
