"""One night at a time, and a holder that lost its lease writes nothing."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from sqlalchemy import update

from outreach.errors import LeaseHeld
from outreach.ledger import Lease, Ledger, State, Wrong
from outreach.ledger.tables import lease as lease_table
from unit.test_ledger_support import Opener, TestClock, person, planned_run

pytest_plugins = ("unit.test_ledger_support",)


FORK = multiprocessing.get_context("fork")


def hold_and_wait(open_ledger: Opener, talk: Connection) -> None:
    with open_ledger().lease("night", "child") as held:
        talk.send(held.fence)
        talk.recv()


@pytest.fixture
def child(open_ledger: Opener):  # type: ignore[no-untyped-def]
    """A process that holds the lease; gives its pid and fence."""
    ours, theirs = FORK.Pipe()
    process = FORK.Process(target=hold_and_wait, args=(open_ledger, theirs))
    process.start()
    yield process, ours.recv()
    if process.is_alive():
        process.kill()
    process.join()


def test_two_processes_do_not_both_run_a_night(child, open_ledger: Opener) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(LeaseHeld) as refused, open_ledger().lease("night", "second"):
        pass
    assert refused.value.exit_status == 4


def test_the_lease_of_a_dead_process_is_taken_at_once(child, open_ledger: Opener) -> None:  # type: ignore[no-untyped-def]
    process, fence = child
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    with open_ledger().lease("night", "second") as lease:
        assert lease.fence == fence + 1


def test_a_lease_given_back_is_free(ledger: Ledger) -> None:
    fences = []
    for _ in range(3):
        with ledger.lease("night", "again") as held:
            fences.append(held.fence)
    assert fences == [1, 2, 3]


def test_a_night_that_fails_gives_its_lease_back(ledger: Ledger) -> None:
    with pytest.raises(KeyError), ledger.lease("night", "one"):
        raise KeyError
    with ledger.lease("night", "two"):
        pass


def taken_by_another_host(ledger: Ledger, until: timedelta) -> None:
    row = {"host": "another-host", "until": ledger.now() + until}
    with ledger.engine.begin() as connection:
        connection.execute(update(lease_table).values(row))


def test_on_another_host_a_lease_holds_until_it_expires(ledger: Ledger, clock: TestClock) -> None:
    with ledger.lease("night", "one"):
        taken_by_another_host(ledger, timedelta(minutes=15))
    taken_by_another_host(ledger, timedelta(minutes=15))
    with pytest.raises(LeaseHeld, match="another-host"), ledger.lease("night", "two"):
        pass
    clock.forward(minutes=16)
    with ledger.lease("night", "two") as lease:
        assert lease.fence == 2


WRITES: dict[str, Callable[[Ledger, Lease], object]] = {
    "claim": lambda ledger, lease: ledger.claim(lease, "key-ana", slot="", channel="portal", language="es"),
    "mark": lambda ledger, lease: ledger.mark(lease, "key-ana", State.WITHHELD, "deceased"),
    "plan": lambda ledger, lease: ledger.plan(
        lease, ledger.begin_run(lease, "x", ledger.now().date(), rule_hash=""), [], []
    ),
    "begin": lambda ledger, lease: ledger.begin_run(lease, "other", ledger.now().date(), rule_hash="r"),
    "reserve": lambda ledger, lease: ledger.reserve(
        lease, "key-ana", slot="s", person="ana", day=ledger.now().date(), mark="m", expires=ledger.now()
    ),
    "renew": lambda ledger, lease: ledger.renew(lease),
}


@pytest.mark.parametrize("write", WRITES)
def test_a_holder_that_slept_through_its_lease_writes_nothing(ledger: Ledger, lease: Lease, write: str) -> None:
    """A paused process wakes up after another host has taken over."""
    planned_run(ledger, lease, person("ana"))
    with ledger.engine.begin() as connection:
        connection.execute(update(lease_table).values(fence=lease.fence + 1, owner="another"))
    head = ledger.head()
    with pytest.raises(LeaseHeld):
        WRITES[write](ledger, lease)
    assert ledger.head() == head
    assert ledger.item("key-ana").state is State.PLANNED


def test_every_write_shows_that_the_holder_lives(ledger: Ledger, clock: TestClock) -> None:
    with ledger.lease("night", "one", seconds=60) as lease:
        planned_run(ledger, lease, person("ana"))
        for _ in range(3):
            clock.forward(seconds=50)
            ledger.renew(lease)
        with ledger.engine.begin() as connection:
            until = connection.execute(lease_table.select()).one().until
    assert until == clock.at + timedelta(seconds=60)


def claim_one(open_ledger: Opener, lease: Lease, talk: Connection) -> None:
    ledger = open_ledger()
    talk.recv()
    won = 0
    for n in range(20):
        with suppress(Wrong):
            ledger.claim(lease, f"key-p{n:02}", slot="", channel="portal", language="es")
            won += 1
    talk.send(won)


def test_a_claim_is_won_once_whoever_races_for_it(ledger: Ledger, lease: Lease, open_ledger: Opener) -> None:
    """Even two processes with one fence (a copied lease) do not both send."""
    planned_run(ledger, lease, *(person(f"p{n:02}") for n in range(20)))
    ledger.close()
    pipes = [FORK.Pipe() for _ in range(4)]
    racers = [FORK.Process(target=claim_one, args=(open_ledger, lease, theirs)) for _, theirs in pipes]
    for racer in racers:
        racer.start()
    for ours, _ in pipes:
        ours.send("go")
    assert sum(ours.recv() for ours, _ in pipes) == 20
    for racer in racers:
        racer.join()


def test_the_lock_lies_beside_the_file_and_is_private(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.sqlite").lease("night", socket.gethostname()):
        assert [p.stat().st_mode & 0o777 for p in tmp_path.glob("*.lock")] == [0o600]
