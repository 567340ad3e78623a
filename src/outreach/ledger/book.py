"""How every chapter of the ledger reads and writes: one writer at a time, fenced, each change an event."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, update

from outreach.errors import LeaseHeld
from outreach.ledger import chain, tables
from outreach.ledger.database import lock_writers
from outreach.ledger.words import Lease

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The instant, aware."""
    return datetime.now(UTC)


class Book:
    """An open ledger. Safe to share between the threads of one process; not across a fork."""

    def __init__(self, engine: Engine, folder: Path, clock: Clock) -> None:
        self.engine, self.folder, self.now = engine, folder, clock
        self._one_at_a_time = threading.RLock()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._one_at_a_time, self.engine.begin() as connection:
            yield connection

    @contextmanager
    def _writing(self, lease: Lease | None = None) -> Iterator[Connection]:
        """One transaction. With a lease it is fenced: a holder that lost its lease writes nothing."""
        with self._one_at_a_time, self.engine.execution_options(writes=True).begin() as connection:
            lock_writers(connection)
            if lease is not None:
                self._renew(connection, lease)
            yield connection

    def _renew(self, connection: Connection, lease: Lease) -> None:
        mine = (tables.lease.c.name == lease.name) & (tables.lease.c.fence == lease.fence)
        until = self.now() + timedelta(seconds=lease.seconds)
        renewed = connection.execute(update(tables.lease).where(mine).values(until=until))
        if renewed.rowcount != 1:
            raise LeaseHeld("this run lost its lease to another one; it has stopped and the other goes on")

    def _log(self, connection: Connection, kind: str, detail: chain.Detail, run_id: str = "", key: str = "") -> None:
        chain.append(connection, self.now(), kind, detail, run_id, key)
