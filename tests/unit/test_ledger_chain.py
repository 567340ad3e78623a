"""The ledger shows every edit made behind its back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, Row, delete, insert, select, text, update
from sqlalchemy.exc import DatabaseError

from outreach.ledger import Ledger, State
from outreach.ledger.tables import event_log, item, outcome
from unit.test_ledger_support import Opener, not_due, person

pytest_plugins = ("unit.test_ledger_support",)

TRIGGERS = {
    "sqlite": ("DROP TRIGGER event_no_update", "DROP TRIGGER event_no_delete"),
    "postgresql": ("DROP TRIGGER event_no_change ON event",),
}


@pytest.fixture
def written(open_ledger: Opener) -> Ledger:
    """A ledger with a night in it, whose owner has taken the triggers off."""
    ledger = open_ledger()
    with ledger.lease("night", "one") as lease:
        run = ledger.begin_run(lease, "hcc", ledger.now().date(), rule_hash="r1")
        run = ledger.plan(lease, run, [person("ana"), person("bea")], not_due("cam", "dee"))
        ledger.claim(lease, "key-ana", slot="", channel="portal", language="es")
        ledger.mark(lease, "key-ana", State.SENT, communication="m")
        ledger.mark(lease, "key-bea", State.WITHHELD, "opted-out")
        ledger.finish(lease, run, "{}")
    assert ledger.verify_chain() == []
    with ledger.engine.begin() as connection:
        for statement in TRIGGERS[connection.dialect.name]:
            connection.execute(text(statement))
    return ledger


def rows(connection: Connection) -> list[Row[tuple[object, ...]]]:
    return list(connection.execute(select(event_log).order_by(event_log.c.seq)))


def flip(connection: Connection) -> None:
    row = rows(connection)[3]
    changed = row.detail.replace("planned", "plannde")
    connection.execute(update(event_log).where(event_log.c.seq == row.seq).values(detail=changed))


def remove(connection: Connection) -> None:
    connection.execute(delete(event_log).where(event_log.c.seq == 4))


def remove_and_renumber(connection: Connection) -> None:
    remove(connection)
    for seq in range(5, len(rows(connection)) + 2):
        connection.execute(update(event_log).where(event_log.c.seq == seq).values(seq=seq - 1))


def add(connection: Connection) -> None:
    last = rows(connection)[-1]
    connection.execute(insert(event_log).values(**dict(last._mapping) | {"seq": last.seq + 1}))


def swap(connection: Connection) -> None:
    for old, new in ((3, -1), (4, 3), (-1, 4)):
        connection.execute(update(event_log).where(event_log.c.seq == old).values(seq=new))


@pytest.mark.parametrize("tamper", [flip, remove, remove_and_renumber, add, swap])
def test_a_changed_chain_shows(written: Ledger, tamper: Callable[[Connection], None]) -> None:
    with written.engine.begin() as connection:
        tamper(connection)
    assert [problem for problem in written.verify_chain() if problem.startswith("event")]


def test_every_flipped_byte_shows(written: Ledger) -> None:
    with written.engine.begin() as connection:
        events = rows(connection)
    for row in events:
        for column in ("at", "run_id", "campaign_key", "kind", "detail", "prev_hash", "hash"):
            kept = getattr(row, column)
            edit = update(event_log).where(event_log.c.seq == row.seq)
            with written.engine.begin() as connection:
                connection.execute(edit.values({column: kept[:-1] + "~"}))
            assert written.verify_chain(), f"event {row.seq}, {column}"
            with written.engine.begin() as connection:
                connection.execute(edit.values({column: kept}))
    assert written.verify_chain() == []


def test_a_cut_off_tail_shows_against_a_head_kept_elsewhere(written: Ledger) -> None:
    head = written.head()
    with written.engine.begin() as connection:
        connection.execute(delete(event_log).where(event_log.c.seq == head.seq))
    assert [p for p in written.verify_chain(head) if "kept elsewhere" in p]


def test_a_head_from_an_earlier_night_is_still_in_the_chain(written: Ledger) -> None:
    head = written.head()
    written.stop("nurse", "later")
    assert written.verify_chain(head) == []


EDITS = {
    "a sent message is made unsent": update(item).where(item.c.person == "ana").values(state="withheld"),
    "an invitation is removed": delete(item).where(item.c.person == "bea"),
    "an opted-out person becomes sent": update(outcome).where(outcome.c.person == "bea").values(bucket="sent"),
    "somebody not due becomes excluded": update(outcome).where(outcome.c.person == "cam").values(bucket="excluded"),
    "a decision is removed": delete(outcome).where(outcome.c.person == "dee"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_tables_that_differ_from_the_events_show(written: Ledger, edit: str) -> None:
    with written.engine.begin() as connection:
        connection.execute(EDITS[edit])
    assert written.verify_chain()


def test_the_database_refuses_to_change_an_event(open_ledger: Opener) -> None:
    ledger = open_ledger()
    ledger.stop("nurse", "why")
    for edit in (update(event_log).values(kind="x"), delete(event_log)):
        with pytest.raises(DatabaseError, match="append-only"), ledger.engine.begin() as connection:
            connection.execute(edit)
    assert ledger.verify_chain() == []
