"""One night at a time: a lease with a fence, and a lock of the operating system that dies with its holder."""

from __future__ import annotations

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from zlib import crc32

from sqlalchemy import Connection, Engine, insert, select, text, update

from outreach.errors import LeaseHeld
from outreach.ledger import tables
from outreach.ledger.book import Book
from outreach.ledger.words import Lease

_BUSY = "another run is at work on this ledger; let it finish, or stop it first"
_TRIES, _WAIT_S = 5, 0.2


class Leases(Book):
    """The chapter on who may write."""

    @contextmanager
    def lease(self, name: str, owner: str, seconds: int = 900) -> Iterator[Lease]:
        """Hold the night for as long as the block runs; every fenced write renews it.

        A lease left by a process that died is taken at once on its own host (its lock is gone), and
        after ``seconds`` from another host, where a file lock tells nothing.

        Raises:
            LeaseHeld: another live run has it.
        """
        with _alone(self.engine, name):
            lease = self._take(name, owner, seconds)
            try:
                yield lease
            finally:
                self._give_back(lease)

    def renew(self, lease: Lease) -> None:
        """Show that the holder lives, in a long stretch without writes. Raises LeaseHeld when it was lost."""
        with self._writing(lease):
            pass

    def _take(self, name: str, owner: str, seconds: int) -> Lease:
        with self._writing() as connection:
            row = connection.execute(select(tables.lease).where(tables.lease.c.name == name)).first()
            if row and row.until > self.now() and row.host != socket.gethostname():
                raise LeaseHeld(f"a run on host {row.host} holds the lease until {tables.text_of(row.until)}")
            fence = row.fence + 1 if row else 1
            self._store(connection, Lease(name, owner, fence, seconds), known=row is not None)
            self._log(connection, "lease", {"name": name, "owner": owner, "fence": fence})
        return Lease(name, owner, fence, seconds)

    def _store(self, connection: Connection, lease: Lease, known: bool) -> None:
        until = self.now() + timedelta(seconds=lease.seconds)
        values = {"owner": lease.owner, "host": socket.gethostname(), "until": until, "fence": lease.fence}
        if known:
            connection.execute(update(tables.lease).where(tables.lease.c.name == lease.name).values(values))
        else:
            connection.execute(insert(tables.lease).values(name=lease.name, **values))

    def _give_back(self, lease: Lease) -> None:
        mine = (tables.lease.c.name == lease.name) & (tables.lease.c.fence == lease.fence)
        past: datetime = self.now() - timedelta(seconds=1)
        with self._writing() as connection:
            connection.execute(update(tables.lease).where(mine).values(until=past))


@contextmanager
def _alone(engine: Engine, name: str) -> Iterator[None]:
    if engine.dialect.name == "postgresql":
        with _advisory_lock(engine, name):
            yield
    elif engine.url.database:
        with _file_lock(Path(f"{engine.url.database}.{name}.lock")):
            yield
    else:
        yield


@contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise LeaseHeld(_BUSY) from None
    finally:
        os.close(descriptor)


def _try_lock(connection: Connection, number: dict[str, int]) -> bool:
    """One try, and a moment's wait after a failed one: the server may not have noticed yet that a holder died."""
    got = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:number)"), number))
    if not got:
        time.sleep(_WAIT_S)
    return got


@contextmanager
def _advisory_lock(engine: Engine, name: str) -> Iterator[None]:
    number = {"number": crc32(name.encode())}
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not any(_try_lock(connection, number) for _ in range(_TRIES)):
            raise LeaseHeld(_BUSY)
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:number)"), number)
