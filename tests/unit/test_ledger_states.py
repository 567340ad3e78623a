"""The table of states: what it allows is all that can happen."""

from __future__ import annotations

import itertools

import pytest

from outreach.errors import Stopped
from outreach.ledger import Lease, Ledger, State, Wrong
from outreach.ledger.states import BUCKET, KEEPS_SLOT, MOVES, REOPENABLE, TABLE, UNFINISHED, allowed
from unit.test_ledger_support import Opener, TestClock, person, planned_run

pytest_plugins = ("unit.test_ledger_support",)


EVERY_PAIR = list(itertools.product(State, State))


def shortest(to: State) -> list[State]:
    """The states on a shortest way from planned."""
    ways = [[State.PLANNED]]
    for way in ways:
        if way[-1] is to:
            return way
        ways += [[*way, end] for start, end in sorted(MOVES) if start is way[-1] and end not in way]
    raise AssertionError(f"{to} cannot be reached")


def test_every_state_can_be_reached() -> None:
    assert all(shortest(state)[-1] is state for state in State)


def test_nothing_that_was_sent_is_ever_planned_or_sent_again() -> None:
    """Following the table from sent, no way leads back to where a message leaves."""
    reached, new = {State.SENT}, {State.SENT}
    while new:
        new = {end for start, end in MOVES if start in new} - reached
        reached |= new
    assert not reached & (UNFINISHED | REOPENABLE)


def test_a_state_that_ends_a_night_has_its_place_in_the_sum() -> None:
    ways_out = {end for start, end in MOVES if start in UNFINISHED} - UNFINISHED
    assert ways_out == set(BUCKET)


def test_what_may_be_planned_again_keeps_no_slot() -> None:
    assert not REOPENABLE & KEEPS_SLOT


def test_the_table_says_each_move_once() -> None:
    assert len(TABLE.strip().splitlines()) - 2 == len(MOVES)


@pytest.mark.parametrize("to", State)
def test_the_ledger_moves_along_the_table_and_nowhere_else(ledger: Ledger, lease: Lease, to: State) -> None:
    for start in State:
        name = f"{start}-{to}"
        run = ledger.begin_run(lease, name, person(name).choices[0].start.date(), rule_hash="r")
        ledger.plan(lease, run, [person(name)], [])
        for state in shortest(start)[1:]:
            ledger.mark(lease, f"key-{name}", state)
        if allowed(start, to) and to is not State.PLANNED:  # only a plan opens an invitation again
            ledger.mark(lease, f"key-{name}", to)
            assert ledger.item(f"key-{name}").state is to
        else:
            with pytest.raises(Wrong, match="cannot go"):
                ledger.mark(lease, f"key-{name}", to)
            assert ledger.item(f"key-{name}").state is start


def test_an_invitation_is_claimed_once(ledger: Ledger, lease: Lease) -> None:
    planned_run(ledger, lease, person("ana"))
    ledger.claim(lease, "key-ana", slot="", channel="portal", language="es")
    with pytest.raises(Wrong):
        ledger.claim(lease, "key-ana", slot="", channel="portal", language="es")


class TestTheStopSwitch:
    def test_nothing_leaves_the_house_while_it_is_on(self, ledger: Ledger, lease: Lease, open_ledger: Opener) -> None:
        planned_run(ledger, lease, person("ana"), person("bea"))
        open_ledger().stop("nurse", "wrong letter")  # another process
        with pytest.raises(Stopped, match=r"nurse at .*: wrong letter"):
            ledger.claim(lease, "key-ana", slot="", channel="portal", language="es")
        with pytest.raises(Stopped):
            ledger.mark(lease, "key-bea", State.HANDED_OVER, list_name="call-list")
        assert {item.state for item in ledger.items("hcc.2026-03-01")} == {State.PLANNED}

    def test_what_is_already_out_can_still_be_written_down(self, ledger: Ledger, lease: Lease) -> None:
        planned_run(ledger, lease, person("ana"))
        ledger.claim(lease, "key-ana", slot="", channel="portal", language="es")
        ledger.stop("nurse", "wrong letter")
        ledger.mark(lease, "key-ana", State.SENT, communication="m")
        assert ledger.item("key-ana").communication == "m"

    def test_it_says_who_and_why_until_somebody_resumes(self, ledger: Ledger, clock: TestClock) -> None:
        ledger.stop("nurse", "wrong letter")
        stop = ledger.stopped()
        assert stop is not None
        assert (stop.who, stop.why, stop.at) == ("nurse", "wrong letter", clock.at)
        ledger.resume("nurse", "fixed")
        assert ledger.stopped() is None
        assert ledger.verify_chain() == []
