"""The stop switch: any process may turn it, and nothing leaves the house while it is on."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from outreach.errors import Stopped
from outreach.ledger import tables
from outreach.ledger.book import Book
from outreach.ledger.words import Stop

_STOP = tables.switch.c.name == "stop"


class Switches(Book):
    """The chapter on stopping."""

    def stop(self, who: str, why: str) -> None:
        """Stop every send from the next claim on. Stopping twice keeps the latest reason."""
        with self._writing() as connection:
            connection.execute(delete(tables.switch).where(_STOP))
            connection.execute(insert(tables.switch).values(name="stop", who=who, why=why, at=self.now()))
            self._log(connection, "stop", {"who": who, "why": why})

    def resume(self, who: str, why: str = "") -> None:
        """Let the engine send again. Without a stop it changes nothing but the record."""
        with self._writing() as connection:
            connection.execute(delete(tables.switch).where(_STOP))
            self._log(connection, "resume", {"who": who, "why": why})

    def stopped(self) -> Stop | None:
        """Who stopped the engine, or None."""
        with self._reading() as connection:
            row = connection.execute(select(tables.switch).where(_STOP)).first()
        return Stop(row.who, row.why, row.at) if row else None


def refuse_if_stopped(connection: Connection) -> None:
    """Raise Stopped inside the caller's transaction, so a stop and a claim have an order."""
    row = connection.execute(select(tables.switch).where(_STOP)).first()
    if row:
        raise Stopped(f"stopped by {row.who} at {tables.text_of(row.at)}: {row.why}")
