"""Why a person is offered no slot: the nearest miss, in words a navigator can act on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from outreach.allocate import REASONS, Policy, allocate
from outreach.domain.slot import Overdue, Slot, Visit

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 3, 2, 3, tzinfo=NEW_YORK)
POLICY = Policy(
    zone=NEW_YORK,
    longest_wait_minutes=120,
    notice_hours=24,
    horizon_days=14,
    risk_groups=("cirrhosis",),
    buffer_minutes=10,
)
ANA = Overdue("ana", date(2025, 6, 1), date(2025, 8, 1), "cirrhosis", "order-1")


def at(day: int, clock: str) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 3, day, hour, minute, tzinfo=NEW_YORK)


def visit(day: int, start: str, end: str, *, id: str = "v", location: str = "north", telehealth: bool = False) -> Visit:
    return Visit(id, "ana", at(day, start), at(day, end), location, telehealth)


def slot(day: int, start: str, end: str, *, id: str = "s", location: str = "north", status: str = "free") -> Slot:
    return Slot(id, "1", "pop-up", location, at(day, start), at(day, end), status)


def reason(visits: Sequence[Visit], slots: Sequence[Slot], now: datetime = NOW) -> str:
    answer = allocate([ANA], visits, slots, POLICY, now=now, seed=1)
    return answer.none[0].reason if answer.none else "offered"


TEN = visit(5, "10:00", "10:30")


@pytest.mark.parametrize(
    ("visits", "slots", "expected"),
    [
        ([], [slot(5, "11:00", "11:30")], "no-visit"),
        ([visit(1, "10:00", "10:30")], [slot(1, "11:00", "11:30")], "no-visit"),  # yesterday
        ([visit(17, "10:00", "10:30")], [slot(17, "11:00", "11:30")], "no-visit"),  # past the horizon
        ([visit(16, "10:00", "10:30")], [slot(16, "11:00", "11:30")], "offered"),  # its last day
        ([replace(TEN, person="somebody-else")], [slot(5, "11:00", "11:30")], "no-visit"),
        ([replace(TEN, telehealth=True)], [slot(5, "11:00", "11:30")], "telehealth-visit"),
        ([replace(TEN, telehealth=True, location="")], [slot(5, "11:00", "11:30")], "telehealth-visit"),
        ([replace(TEN, location="")], [slot(5, "11:00", "11:30")], "visit-place-unknown"),
        ([replace(TEN, location="")], [slot(5, "11:00", "11:30", location="")], "visit-place-unknown"),
        ([TEN], [], "no-clinic-at-that-place-that-day"),
        ([TEN], [slot(5, "11:00", "11:30", location="south")], "no-clinic-at-that-place-that-day"),
        ([TEN], [slot(6, "11:00", "11:30")], "no-clinic-at-that-place-that-day"),
        ([TEN], [slot(5, "11:00", "11:30", status="busy")], "slots-taken"),
        ([TEN], [slot(5, "11:00", "11:30", status="busy-tentative")], "slots-taken"),
        ([visit(3, "02:00", "02:30")], [slot(3, "02:50", "03:00")], "notice-too-short"),
        ([visit(3, "02:00", "02:30")], [slot(3, "03:00", "03:30")], "offered"),  # 24 hours to the minute
        ([TEN], [slot(5, "10:15", "10:45")], "overlaps-visit"),
        ([TEN], [slot(5, "10:39", "11:09")], "overlaps-visit"),  # nine minutes to walk
        ([TEN], [slot(5, "10:40", "11:10")], "offered"),
        ([TEN], [slot(5, "09:21", "09:51")], "overlaps-visit"),
        ([TEN], [slot(5, "09:20", "09:50")], "offered"),  # before the visit
        ([TEN], [slot(5, "12:30", "13:00")], "offered"),  # two hours to the minute
        ([TEN], [slot(5, "12:31", "13:01")], "wait-too-long"),
        ([TEN], [slot(5, "07:29", "07:59")], "wait-too-long"),
    ],
)
def test_the_reason_is_what_stands_between_the_person_and_the_slot(
    visits: list[Visit], slots: list[Slot], expected: str
) -> None:
    assert reason(visits, slots) == expected


def test_the_nearest_miss_speaks_for_the_person() -> None:
    """A telehealth visit on one day hides nothing: the other day's clinic only came too late."""
    visits = [replace(TEN, id="v1", telehealth=True), visit(6, "10:00", "10:30", id="v2")]
    assert reason(visits, [slot(6, "15:00", "15:30")]) == "wait-too-long"


@pytest.mark.parametrize("other", [{}, {"location": "south"}, {"telehealth": True}, {"location": ""}])
def test_a_slot_beside_one_visit_is_no_use_on_top_of_another(other: dict[str, Any]) -> None:
    """Wherever the other visit is: one cannot be in two places, nor on the telephone under the probe."""
    second = visit(5, "11:00", "11:30", id="w", **other)
    assert reason([TEN, second], [slot(5, "11:15", "11:45")]) == "overlaps-visit"
    assert reason([TEN, second], [slot(5, "11:35", "12:05")]) == "overlaps-visit"  # five minutes to walk
    assert reason([TEN, second], [slot(5, "11:40", "12:10")]) == "offered"
    assert reason([TEN, replace(second, person="somebody-else")], [slot(5, "11:15", "11:45")]) == "offered"


def test_a_pair_has_one_reason_the_first_that_is_true() -> None:
    """A busy slot on top of the visit counts as taken, and only once."""
    slots = [
        slot(5, "10:00", "10:30", id="taken-and-overlapping", status="busy"),
        slot(5, "10:00", "10:30", id="overlapping"),
        slot(5, "16:00", "16:30", id="late"),
        slot(5, "11:00", "11:30", id="good"),
    ]
    pairs = allocate([ANA], [TEN, visit(6, "9:00", "9:30", id="w")], slots, POLICY, now=NOW, seed=1).pairs
    assert {k: n for k, n in pairs.items() if n} == {
        "no-clinic-at-that-place-that-day": 1,
        "slots-taken": 1,
        "overlaps-visit": 1,
        "wait-too-long": 1,
        "feasible": 1,
    }


def test_whoever_could_have_used_a_slot_and_got_none_lost_the_lottery() -> None:
    bea = replace(ANA, person="bea")
    answer = allocate(
        [ANA, bea], [TEN, replace(TEN, id="w", person="bea")], [slot(5, "11:00", "11:30")], POLICY, now=NOW, seed=1
    )
    assert [n.reason for n in answer.none] == ["lost-lottery"]
    assert {answer.offers[0].person, answer.none[0].person} == {"ana", "bea"}


def test_two_people_of_one_visit_are_each_offered_a_slot_beside_it() -> None:
    slots = [slot(5, "11:00", "11:30"), slot(5, "11:30", "12:00", id="t")]
    shared = [TEN, replace(TEN, person="bea")]
    answer = allocate([ANA, replace(ANA, person="bea")], shared, slots, POLICY, now=NOW, seed=1)
    assert {(offer.person, offer.visit.id, offer.visit.person) for offer in answer.offers} == {
        ("ana", "v", "ana"),
        ("bea", "v", "bea"),
    }
    with pytest.raises(ValueError, match="visit"):
        allocate([ANA], [TEN, TEN], slots, POLICY, now=NOW, seed=1)


def test_the_day_is_the_sites_own_day() -> None:
    """Half past seven in the evening in New York is already tomorrow in London: still one day, one trip."""
    evening = replace(TEN, start=at(5, "18:00").astimezone(UTC), end=at(5, "18:30").astimezone(UTC))
    after = slot(5, "19:30", "20:00")
    after = replace(after, start=after.start.astimezone(UTC), end=after.end.astimezone(UTC))
    assert after.start.date() != evening.start.date()
    assert reason([evening], [after]) == "offered"


def test_the_offer_stands_beside_the_nearest_of_two_visits() -> None:
    visits = [visit(5, "09:00", "09:30", id="v"), visit(5, "12:00", "12:30", id="w")]
    offer = allocate([ANA], visits, [slot(5, "11:00", "11:30")], POLICY, now=NOW, seed=1).offers[0]
    assert offer.visit.id == "w", "half an hour, not an hour and a half"


def test_midnight_utc_is_no_border_but_the_sites_midnight_is() -> None:
    late = visit(5, "23:00", "23:20")
    assert reason([late], [slot(6, "00:30", "01:00")]) == "no-clinic-at-that-place-that-day"


def test_a_wait_is_time_passed_not_hands_of_the_clock() -> None:
    """On 8 March 2026 two o'clock is three: from 01:30 to 03:30 is one hour."""
    night = [visit(8, "01:00", "01:30")]
    assert reason(night, [slot(8, "04:30", "05:00")]) == "offered"
    assert reason(night, [slot(8, "04:31", "05:00")]) == "wait-too-long"


def test_notice_is_time_passed_too() -> None:
    """From 03:30 on 7 March to 03:30 on the 8th are only 23 hours."""
    now = at(7, "03:30")
    night = [visit(8, "06:00", "06:30")]
    assert reason(night, [slot(8, "04:29", "04:59")], now) == "notice-too-short"
    assert reason(night, [slot(8, "04:30", "05:00")], now) == "offered"


@pytest.mark.parametrize("broken", ["now", "visit", "slot"])
def test_an_instant_without_a_zone_is_refused(broken: str) -> None:
    naive = datetime(2026, 3, 5, 10)  # noqa: DTZ001 - the mistake under test
    visits = [replace(TEN, start=naive)] if broken == "visit" else [TEN]
    slots = [slot(5, "11:00", "11:30")]
    slots = [replace(slots[0], end=naive)] if broken == "slot" else slots
    with pytest.raises(ValueError, match="time zone"):
        reason(visits, slots, now=naive if broken == "now" else NOW)


@pytest.mark.parametrize("twice", ["person", "visit", "slot"])
def test_whoever_comes_twice_is_refused(twice: str) -> None:
    """Else somebody could be offered two slots, or a slot be offered to two."""
    s = slot(5, "11:00", "11:30")
    with pytest.raises(ValueError, match=twice):
        allocate(
            [ANA, ANA] if twice == "person" else [ANA],
            [TEN, TEN] if twice == "visit" else [TEN],
            [s, s] if twice == "slot" else [s],
            POLICY,
            now=NOW,
            seed=1,
        )


def test_an_empty_night_is_whole() -> None:
    answer = allocate([], [], [], POLICY, now=NOW, seed=1)
    assert (answer.offers, answer.none, dict(answer.alternatives), answer.log) == ((), (), {}, ())


def test_reasons_run_from_the_farthest_miss_to_the_nearest() -> None:
    assert REASONS[0] == "no-visit"
    assert REASONS[-1] == "lost-lottery"
