"""Stopping, taking over, and two at once: nothing leaves after a stop, and a paused sender is harmless."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from integration.test_post_processes import DieAt, die
from integration.test_post_world import SETTINGS, World
from outreach.errors import LeaseHeld, Stopped
from outreach.fhir.client import Created, FhirClient
from outreach.fhir.dialect import Resource
from outreach.ledger.tables import event_log
from outreach.post import Checkpoint

pytest_plugins = ("integration.test_post_world",)


@pytest.fixture
def five(world: World) -> World:
    for n in range(5):
        world.person(f"p{n}", f"s{n}", portal=n > 0)
    return world.plan()


def stop(world: World) -> None:
    with world.ledger() as another_process:
        another_process.stop("nurse", "wrong letter")


def go_on(world: World) -> None:
    with world.ledger() as another_process:
        another_process.resume("nurse")


def test_a_stopped_engine_does_nothing_at_all(five: World) -> None:
    stop(five)
    with pytest.raises(Stopped, match="nurse"):
        five.post()
    assert (five.messages(), five.held(), set(five.states().values())) == ({}, {}, {"planned"})


@pytest.mark.parametrize("name", [Checkpoint.RECHECKED, Checkpoint.HOLD_CONFIRMED, Checkpoint.CLAIMED, Checkpoint.SENT])
def test_a_stop_in_the_middle_lets_nothing_more_out(five: World, name: Checkpoint) -> None:
    """One message may be on its way when the switch is turned; no other is claimed after it."""
    reached = DieAt()

    def turn(here: Checkpoint) -> None:
        reached(here)
        if here is name and reached.seen.count(name) == 1:
            stop(five)

    with pytest.raises(Stopped):
        five.post(checkpoint=turn)
    on_its_way = 1 if name in (Checkpoint.CLAIMED, Checkpoint.SENT) else 0
    assert len(five.messages()) == on_its_way
    go_on(five)
    five.post()
    assert len(five.messages()) == 4
    five.assert_whole()


def test_with_several_hands_nothing_is_claimed_after_the_stop(world: World) -> None:
    for n in range(30):
        world.person(f"p{n}", f"s{n}")
    seen = DieAt()

    def turn(here: Checkpoint) -> None:
        seen(here)
        if here is Checkpoint.SENT and seen.seen.count(here) == 5:
            stop(world)

    with pytest.raises(Stopped):
        world.plan().post(checkpoint=turn, settings=replace(SETTINGS, workers=4))
    with world.ledger() as ledger, ledger.engine.connect() as connection:
        events = list(connection.execute(select(event_log).order_by(event_log.c.seq)))
    at = next(row.seq for row in events if row.kind == "stop")
    claimed = [row.seq for row in events if row.kind == "item" and json.loads(row.detail)["to"] == "sending"]
    assert max(claimed) < at
    assert len(world.messages()) == len(claimed) < 30  # how many came before it is the machine's affair
    go_on(world)
    world.post()
    world.assert_whole()


def test_two_processes_at_once_are_one(five: World) -> None:
    with five.ledger() as ledger, ledger.lease("night", "the first"):
        assert five.post_in_child() == LeaseHeld.exit_status
    assert five.messages() == {}
    assert five.post_in_child() == 0
    five.assert_whole()


class Forgetful:
    """The real client, but its creates are not conditional: what a server makes of it that ignores the key."""

    def __init__(self, base: str) -> None:
        self._client = FhirClient(base, deadline_s=30)
        self.read, self.search, self.update = self._client.read, self._client.search, self._client.update

    def create(self, resource: Resource, *, if_none_exist: tuple[str, str]) -> Created:
        never = {"system": "urn:test:never", "value": os.urandom(8).hex()}
        marked = resource | {"identifier": [*resource["identifier"], never]}
        return self._client.create(marked, if_none_exist=(never["system"], never["value"]))


def sender_that_sleeps_over_its_lease(world: World, client: Callable[[], object]) -> int:
    """A process is paused between its claim and its message; another host takes over; the first wakes up."""
    pid = os.fork()
    if pid == 0:
        pause = lambda here: os.kill(os.getpid(), signal.SIGSTOP) if here is Checkpoint.CLAIMED else None  # noqa: E731
        status = 99
        try:
            world.post(client(), checkpoint=pause)  # type: ignore[arg-type]
            status = 0
        except LeaseHeld:
            status = LeaseHeld.exit_status
        finally:
            os._exit(status)
    assert os.WIFSTOPPED(os.waitpid(pid, os.WUNTRACED)[1])
    for lock in world.folder.glob("*.lock"):
        lock.unlink()  # on another host the lock of this one tells nothing
    assert world.post().whole
    os.kill(pid, signal.SIGCONT)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_a_sender_that_slept_over_its_lease_sends_nothing_twice(world: World) -> None:
    world.person("ana", "a")
    world.person("bea", "b")
    status = sender_that_sleeps_over_its_lease(world.plan(), lambda: FhirClient(world.base))
    assert status == LeaseHeld.exit_status
    assert world.messages() == {"ana": 1, "bea": 1}
    world.assert_whole()


def test_it_would_without_the_condition_on_its_create(world: World) -> None:
    """The message in flight cannot be fenced by us; only the server's condition stops it."""
    world.person("ana", "a")
    sender_that_sleeps_over_its_lease(world.plan(), lambda: Forgetful(world.base))
    assert world.messages() == {"ana": 2}


def test_a_lock_of_a_killed_sender_does_not_keep_the_next_one_out(five: World) -> None:
    for _ in range(3):
        assert five.post_in_child(checkpoint=DieAt(Checkpoint.SENT)) in (-9, 0)
    began = time.monotonic()
    assert five.post_in_child() == 0
    assert time.monotonic() - began < 60
    five.assert_whole()


def test_a_stop_is_obeyed_by_the_process_that_resumes_a_crash(five: World) -> None:
    five.post_in_child(checkpoint=lambda here: die() if here is Checkpoint.CLAIMED else None)
    stop(five)
    assert five.post_in_child() == Stopped.exit_status
    assert five.messages() == {}
    go_on(five)
    assert five.post_in_child() == 0
    five.assert_whole()
