"""Who goes first: need in steps, and within a step a lottery that anyone can draw again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest

from outreach.allocate import Allocation, Need, Policy, allocate
from outreach.allocate.policy import need
from outreach.domain.slot import Overdue, Slot, Visit

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 3, 2, 3, tzinfo=ZONE)
TODAY = NOW.date()
POLICY = Policy(
    zone=ZONE,
    longest_wait_minutes=240,
    notice_hours=24,
    horizon_days=14,
    risk_groups=("cirrhosis", "hepatitis-b-score"),
)
TEN = datetime(2026, 3, 5, 10, tzinfo=ZONE)
HALF = timedelta(minutes=30)


def person(name: str, overdue_on: date = date(2025, 8, 1), group: str = "cirrhosis") -> Overdue:
    return Overdue(name, overdue_on, overdue_on, group, "order")


def one_slot(people: list[Overdue], seed: int = 1, slots: int = 1) -> Allocation:
    """Everybody has the same visit; the slots follow it, half an hour apart."""
    visits = [Visit(f"v-{p.person}", p.person, TEN, TEN + HALF, "north", False) for p in people]
    places = [
        Slot(f"s{i}", "1", "c", "north", TEN + HALF * (i + 2), TEN + HALF * (i + 3), "free") for i in range(slots)
    ]
    return allocate(people, visits, places, POLICY, now=NOW, seed=seed)


@pytest.mark.parametrize(
    ("overdue_on", "group", "expected"),
    [
        (date(2026, 3, 2), "cirrhosis", Need(0, 0)),
        (date(2025, 9, 3), "cirrhosis", Need(0, 0)),  # a day short of six months
        (date(2025, 9, 2), "cirrhosis", Need(0, -1)),
        (date(2025, 3, 2), "cirrhosis", Need(0, -2)),
        (date(2024, 3, 2), "cirrhosis", Need(0, -3)),
        (date(1990, 1, 1), "hepatitis-b-score", Need(1, -3)),
        (date(1990, 1, 1), "a-group-the-policy-does-not-name", Need(2, -3)),
        (date(2026, 8, 1), "cirrhosis", Need(0, 0)),  # not overdue yet
    ],
)
def test_need_is_the_risk_group_and_then_the_time_overdue(overdue_on: date, group: str, expected: Need) -> None:
    assert need(person("ana", overdue_on, group), POLICY, TODAY) == expected


@pytest.mark.parametrize("seed", range(20))
def test_greater_need_goes_first_whatever_the_lot(seed: int) -> None:
    """The risk group before the months; the months before the lot."""
    longest = person("longest", date(2023, 1, 1), "hepatitis-b-score")
    long = person("long", date(2025, 6, 1))
    short = person("short", date(2026, 2, 1))
    assert [o.person for o in one_slot([short, longest, long], seed, slots=3).offers] == ["long", "short", "longest"]
    assert [o.person for o in one_slot([short, longest, long], seed, slots=1).offers] == ["long"]


def test_a_day_more_within_a_step_gives_no_advantage() -> None:
    """Within a step the lottery decides, so that it is fair, and an experiment."""
    winners = {
        one_slot([person("ana", date(2025, 8, 1)), person("bea", date(2025, 8, 2))], s).offers[0].person
        for s in range(20)
    }
    assert winners == {"ana", "bea"}


def test_equals_win_equally_often() -> None:
    """Of 400 nights each of two equals wins about half: 160 to 240 is four standard deviations."""
    people = [person("ana"), person("bea")]
    wins = sum(one_slot(people, seed).offers[0].person == "ana" for seed in range(400))
    assert 160 <= wins <= 240


def test_the_log_lets_anyone_draw_the_lottery_again() -> None:
    people = [person(name) for name in ("ana", "bea", "cam")] + [person("dee", date(2026, 2, 1))]
    answer = one_slot(people, seed=42, slots=2)
    assert answer.seed == 42
    for draw in answer.log:
        assert draw.lot == sha256(f"42\n{draw.person}".encode()).hexdigest()
    assert [(d.need, d.rank) for d in answer.log] == [
        (Need(0, -1), 0),
        (Need(0, -1), 1),
        (Need(0, -1), 2),
        (Need(0, 0), 0),
    ]
    assert [d.lot for d in answer.log[:3]] == sorted(d.lot for d in answer.log[:3])
    assert [(o.person, o.rank) for o in answer.offers] == [(d.person, d.rank) for d in answer.log[:2]]


def test_a_lot_does_not_depend_on_who_else_is_there() -> None:
    few = {d.person: d.lot for d in one_slot([person("ana"), person("bea")]).log}
    many = {d.person: d.lot for d in one_slot([person(n) for n in ("zoe", "ana", "bea")]).log}
    assert few.items() < many.items()


def test_only_those_who_could_use_a_slot_draw() -> None:
    answer = allocate([person("ana")], [], [], POLICY, now=NOW, seed=1)
    assert answer.log == ()


def test_nothing_else_about_a_person_counts() -> None:
    """The order and the day due change nothing; the type has no field for anything more."""
    people = [person("ana"), person("bea"), person("cam")]
    others = [replace(p, order="", due_on=date(2020, 1, 1)) for p in people]
    assert one_slot(others) == one_slot(people)


def test_whoever_loses_a_race_has_the_slots_nobody_got_the_nearest_first() -> None:
    answer = one_slot([person("ana"), person("bea")], slots=4)
    assert {o.slot.id for o in answer.offers} == {"s0", "s1"}, "the least wait in total"
    assert {p: [o.slot.id for o in left] for p, left in answer.alternatives.items()} == {
        "ana": ["s2", "s3"],
        "bea": ["s2", "s3"],
    }
    assert all(o.person == p and o.visit.person == p for p, left in answer.alternatives.items() for o in left)


def test_the_shortest_wait_is_offered_whether_before_the_visit_or_after() -> None:
    visit = Visit("v", "ana", TEN, TEN + HALF, "north", False)
    waits = {"a-before-90": -4, "b-before-30": -2, "c-after-60": 3, "d-after-120": 5}
    slots = [Slot(i, "1", "c", "north", TEN + HALF * n, TEN + HALF * (n + 1), "free") for i, n in waits.items()]
    answer = allocate([person("ana")], [visit], slots, POLICY, now=NOW, seed=1)
    assert [o.slot.id for o in answer.offers] == ["b-before-30"]
    assert [o.slot.id for o in answer.alternatives["ana"]] == ["c-after-60", "a-before-90", "d-after-120"]


def test_a_seated_person_moves_to_make_room() -> None:
    """Ana could take either slot, Bea only the first: both are seated, though Ana goes before her."""
    late = Visit("v-bea", "bea", TEN - HALF * 7, TEN - HALF * 6, "north", False)
    early = Slot("early", "1", "c", "north", TEN - HALF * 2, TEN - HALF, "free")
    after = Slot("after", "1", "c", "north", TEN + HALF * 4, TEN + HALF * 5, "free")
    anas = Visit("v-ana", "ana", TEN, TEN + HALF, "north", False)
    bea = person("bea", date(2026, 2, 1))
    answer = allocate([person("ana"), bea], [anas, late], [early, after], POLICY, now=NOW, seed=1)
    assert {o.person: o.slot.id for o in answer.offers} == {"ana": "after", "bea": "early"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"longest_wait_minutes": -1},
        {"notice_hours": -1},
        {"horizon_days": -1},
        {"buffer_minutes": -1},
        {"overdue_bands_months": (12, 6)},
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"negative|rise"):
        replace(POLICY, **wrong)
