"""Slots in the ledger: each once, each person once a day, and nothing kept for nobody."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from outreach.errors import Stopped
from outreach.ledger import HoldState, Lease, Ledger, State, Wrong
from outreach.ledger.tables import hold
from unit.test_ledger_support import NOON, person, planned_run, reserve

pytest_plugins = ("unit.test_ledger_support",)


@pytest.fixture
def three(ledger: Ledger, lease: Lease) -> str:
    return planned_run(ledger, lease, person("ana"), person("bea"), person("cam")).run_id


def test_a_slot_is_kept_for_one_person(ledger: Ledger, lease: Lease, three: str) -> None:
    assert reserve(ledger, lease, "ana", "s1")
    assert not reserve(ledger, lease, "bea", "s1")


def test_a_person_has_one_slot_a_day(ledger: Ledger, lease: Lease, three: str) -> None:
    assert reserve(ledger, lease, "ana", "s1")
    assert not reserve(ledger, lease, "ana", "s2")


def test_two_programmes_do_not_both_take_a_persons_day(ledger: Ledger, lease: Lease, three: str) -> None:
    other = ledger.begin_run(lease, "breast", date(2026, 3, 1), rule_hash="r")
    ledger.plan(lease, other, [person("ana-breast")], [])
    assert reserve(ledger, lease, "ana", "s1")
    day, until = NOON.date(), NOON
    held = ledger.reserve(lease, "key-ana-breast", slot="s2", person="ana", day=day, mark="m", expires=until)
    assert held is None
    held = ledger.reserve(
        lease, "key-ana-breast", slot="s2", person="ana", day=day + timedelta(days=1), mark="m", expires=until
    )
    assert held is not None


def test_asking_again_for_ones_own_slot_is_a_resume(ledger: Ledger, lease: Lease, three: str) -> None:
    assert reserve(ledger, lease, "ana", "s1")
    first = ledger.active_hold("key-ana")
    assert reserve(ledger, lease, "ana", "s1")
    assert ledger.active_hold("key-ana") == first


@pytest.mark.parametrize("end", [HoldState.LOST, HoldState.RELEASED, HoldState.DOUBTFUL])
def test_a_slot_that_was_let_go_is_for_others(ledger: Ledger, lease: Lease, three: str, end: HoldState) -> None:
    assert reserve(ledger, lease, "ana", "s1")
    kept = ledger.active_hold("key-ana")
    assert kept is not None
    ledger.settle_hold(lease, kept, end)
    assert ledger.active_hold("key-ana") is None
    assert reserve(ledger, lease, "bea", "s1")
    with pytest.raises(Wrong):
        ledger.settle_hold(lease, kept, HoldState.HELD)


def test_the_database_itself_refuses_a_second_hold(ledger: Ledger, lease: Lease, three: str) -> None:
    """The check before the insert may be wrong one day; the index is not."""
    reserve(ledger, lease, "ana", "s1")
    row = {"campaign_key": "key-bea", "person": "bea", "day": NOON.date(), "mark": "m", "expires": NOON}
    with pytest.raises(IntegrityError) as refused, ledger.engine.begin() as connection:
        connection.execute(insert(hold).values(slot="s1", state="held", updated=NOON, **row))
    assert "key-bea" not in str(refused.value).split("DETAIL")[0]


def test_no_slot_is_asked_for_while_the_engine_is_stopped(ledger: Ledger, lease: Lease, three: str) -> None:
    ledger.stop("nurse", "why")
    with pytest.raises(Stopped):
        reserve(ledger, lease, "ana", "s1")


def test_a_hold_that_nobody_stands_behind_is_found(ledger: Ledger, lease: Lease, three: str) -> None:
    for name in ("ana", "bea", "cam"):
        reserve(ledger, lease, name, f"s-{name}")
    ledger.mark(lease, "key-ana", State.WITHHELD, "deceased")
    ledger.mark(lease, "key-bea", State.SENT, slot="s-elsewhere", communication="m")
    assert [kept.slot for kept in ledger.orphan_holds()] == ["s-ana", "s-bea"]
    assert len(ledger.holds_of(three)) == 3


def test_a_place_lapses_when_nobody_answered_in_time(ledger: Ledger, lease: Lease, three: str) -> None:
    for name, state in (("ana", State.SENT), ("bea", State.QUARANTINED)):
        reserve(ledger, lease, name, f"s-{name}")
        ledger.mark(lease, f"key-{name}", state)
    reserve(ledger, lease, "cam", "s-cam")
    assert ledger.expired_holds(NOON - timedelta(seconds=1)) == []
    assert [kept.slot for kept in ledger.expired_holds(NOON)] == ["s-ana"]
    ledger.mark(lease, "key-ana", State.ACCEPTED)
    assert ledger.expired_holds(NOON) == []


@pytest.mark.parametrize("to", [State.SENDING, State.HANDED_OVER])
def test_no_message_and_no_call_names_a_slot_that_is_not_held(
    ledger: Ledger, lease: Lease, three: str, to: State
) -> None:
    with pytest.raises(Wrong, match="not held"):
        ledger.mark(lease, "key-ana", to, slot="s1")
    reserve(ledger, lease, "ana", "s1")
    with pytest.raises(Wrong, match="not held"):
        ledger.mark(lease, "key-ana", to, slot="s1")
    kept = ledger.active_hold("key-ana")
    assert kept is not None
    ledger.settle_hold(lease, kept, HoldState.HELD)
    with pytest.raises(Wrong, match="not held"):
        ledger.mark(lease, "key-ana", to, slot="s2")
    ledger.mark(lease, "key-ana", to, slot="s1")
