"""Invitations: claimed by compare-and-set, moved only along the table in ``states``."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import TypeVar

from sqlalchemy import Connection, Row, delete, insert, select, update

from outreach.domain.outcome import Bucket
from outreach.ledger import tables
from outreach.ledger.book import Book
from outreach.ledger.states import BUCKET, OUTWARD, State, allowed
from outreach.ledger.switches import refuse_if_stopped
from outreach.ledger.tables import hold, item, outcome
from outreach.ledger.words import HoldState, Item, Lease, PlannedInvitation, SlotChoice, Wrong

T = TypeVar("T")
_PLANNED = ("person", "cycle", "step", "visit", "visit_start", "visit_place")
_FOUND_OUT = ("reason", "list_name", "slot", "communication", "channel", "language")
CHUNK = 500  #: bound variables in one statement stay below every database's limit


class Items(Book):
    """The chapter on invitations."""

    def item(self, key: str) -> Item:
        """One invitation by its campaign key. Raises Wrong when there is none."""
        with self._reading() as connection:
            return as_item(_row(connection, key))

    def items(self, run_id: str, states: Collection[State] | None = None) -> list[Item]:
        """The invitations of a run in the order of their keys, or those in some states."""
        query = select(item).where(item.c.run_id == run_id).order_by(item.c.campaign_key)
        if states is not None:
            query = query.where(item.c.state.in_(list(states)))
        with self._reading() as connection:
            return [as_item(row) for row in connection.execute(query)]

    def left_behind(self, programme: str, before: date, states: Collection[State]) -> list[Item]:
        """Invitations of this programme's earlier nights that still stand in one of ``states``."""
        earlier = (tables.run.c.programme == programme) & (tables.run.c.as_of < before)
        query = select(item).join(tables.run).where(earlier, item.c.state.in_(list(states)))
        with self._reading() as connection:
            return [as_item(row) for row in connection.execute(query.order_by(item.c.campaign_key))]

    def known(self, keys: Iterable[str]) -> dict[str, State]:
        """The state of every key the ledger has met, on any night. Unknown keys are left out."""
        with self._reading() as connection:
            return {key: state for chunk in chunks(keys) for key, state in _states(connection, chunk)}

    def claim(self, lease: Lease, key: str, *, slot: str, channel: str, language: str) -> None:
        """planned or unknown → sending, for exactly one caller. Nothing is sent without it.

        Raises:
            Stopped: the stop switch is on.
            LeaseHeld: the lease went to another run.
            Wrong: the invitation is not there to be claimed, or the slot it would name is not held for it.
        """
        self.mark(lease, key, State.SENDING, slot=slot, channel=channel, language=language)

    def mark(self, lease: Lease, key: str, to: State, reason: str = "", **facts: str) -> None:
        """Move one invitation and, where the state has a place in the night's sum, its person's outcome.

        ``facts`` are columns to set with it: slot, channel, language, list_name, communication.
        """
        with self._writing(lease) as connection:
            if to in OUTWARD:
                refuse_if_stopped(connection)
                _refuse_unheld(connection, key, facts.get("slot", ""))
            row = _row(connection, key)
            self._move(connection, as_item(row), to, {"reason": reason} | facts)
            if to in BUCKET:
                _put_outcome(connection, _row(connection, key))

    def alarm(self, lease: Lease, key: str, what: str) -> None:
        """Record something a person must look at."""
        with self._writing(lease) as connection:
            self._log(connection, "alarm", {"what": what}, _row(connection, key).run_id, key)

    def _move(self, connection: Connection, found: Item, to: State, values: Mapping[str, str]) -> None:
        if not allowed(found.state, to) or to is State.PLANNED:  # only a plan opens an invitation again
            raise Wrong(f"an invitation cannot go from {found.state} to {to}")
        here = (item.c.campaign_key == found.key) & (item.c.state == found.state)
        moved = connection.execute(update(item).where(here).values(state=to, updated=self.now(), **values))
        if moved.rowcount != 1:
            raise Wrong(f"an invitation left {found.state} while it was being moved to {to}")
        detail = {"from": found.state.value, "to": to.value, **{k: v for k, v in values.items() if v}}
        self._log(connection, "item", detail, found.run_id, found.key)


def chunks(things: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Lists of at most ``size``."""
    iterator = iter(things)
    while chunk := list(islice(iterator, size)):
        yield chunk


def columns_of(planned: PlannedInvitation, run_id: str, programme: str, at: datetime) -> dict[str, object]:
    """A planned invitation as a row."""
    choices = [[c.slot, tables.text_of(c.start), tables.text_of(c.end)] for c in planned.choices]
    facts = {name: getattr(planned, name) for name in _PLANNED}
    own = {"campaign_key": planned.key, "run_id": run_id, "programme": programme, "order_id": planned.order}
    blank = dict.fromkeys(_FOUND_OUT, "")
    lists = {"choices": json.dumps(choices), "aliases": json.dumps(planned.aliases)}
    return facts | own | blank | lists | {"state": State.PLANNED, "updated": at}


def as_item(row: Row[tuple[object, ...]]) -> Item:
    """A row as an invitation."""
    r = row._mapping
    moments = ((slot, datetime.fromisoformat(a), datetime.fromisoformat(b)) for slot, a, b in json.loads(r["choices"]))
    planned = PlannedInvitation(
        key=r["campaign_key"],
        order=r["order_id"],
        choices=tuple(SlotChoice(*moment) for moment in moments),
        aliases=tuple(json.loads(r["aliases"])),
        **{name: r[name] for name in _PLANNED},
    )
    facts = {name: r[name] for name in ("run_id", *_FOUND_OUT)}
    return Item(planned=planned, state=State(r["state"]), **facts)


def _refuse_unheld(connection: Connection, key: str, slot: str) -> None:
    """No message and no call names a slot that is not held for the person."""
    ours = (hold.c.campaign_key == key) & (hold.c.slot == slot) & (hold.c.state == HoldState.HELD)
    if slot and connection.scalar(select(hold.c.hold_id).where(ours)) is None:
        raise Wrong("an invitation names a slot that is not held for it")


def _row(connection: Connection, key: str) -> Row[tuple[object, ...]]:
    row = connection.execute(select(item).where(item.c.campaign_key == key)).first()
    if row is None:
        raise Wrong("no invitation has this campaign key")
    return row


def _states(connection: Connection, keys: Sequence[str]) -> Iterator[tuple[str, State]]:
    query = select(item.c.campaign_key, item.c.state).where(item.c.campaign_key.in_(keys))
    return ((row.campaign_key, State(row.state)) for row in connection.execute(query))


def _put_outcome(connection: Connection, row: Row[tuple[object, ...]]) -> None:
    r = row._mapping
    connection.execute(
        delete(outcome).where((outcome.c.run_id == r["run_id"]) & (outcome.c.person == r["person"])),
    )
    values = {name: r[name] for name in ("run_id", "person", "programme", "campaign_key", "list_name")}
    bucket = BUCKET[State(r["state"])]
    reason = r["list_name"] if bucket is Bucket.HANDED_OVER else r["reason"]
    connection.execute(insert(outcome).values(bucket=bucket, reason=reason, **values))
