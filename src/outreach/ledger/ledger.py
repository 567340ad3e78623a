"""The only memory of what we did. Everything else can be made again; this cannot.

No names and no clinical text: ids and reasons. Every change is one transaction and one event; every
write of a night is fenced by its lease.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, select

from outreach.errors import Refused
from outreach.ledger import chain, tables
from outreach.ledger.book import Clock, utc_now
from outreach.ledger.database import address_of, open_engine
from outreach.ledger.holds import Holds
from outreach.ledger.items import Items
from outreach.ledger.leases import Leases
from outreach.ledger.runs import Runs, decisions_digest
from outreach.ledger.secret import Secrets
from outreach.ledger.states import BUCKET, State
from outreach.ledger.switches import Switches
from outreach.ledger.words import Head


class Ledger(Leases, Runs, Items, Holds, Switches, Secrets):
    """The chapters in one book."""

    @classmethod
    def open(cls, where: str | Path, *, folder: Path | None = None, clock: Clock = utc_now) -> Ledger:
        """Open the ledger, made when it is not there.

        Args:
            where: a SQLite file, or a database URL (``postgresql+psycopg://…``).
            folder: where the secret lies; by default beside the SQLite file.
            clock: gives the instant of every record.

        Raises:
            Refused: a database without a file, and no folder given.
        """
        url = address_of(where)
        is_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
        if folder is None and not is_file:
            raise Refused("a ledger in a database needs a folder for its secret: set `home`")
        home = folder if folder is not None else Path(str(url.database)).parent
        return cls(open_engine(url), home, clock)

    @classmethod
    def scratch(cls, folder: Path, clock: Clock = utc_now) -> Ledger:
        """A ledger in memory, for a dry run: what it is told is gone with the process."""
        return cls.open("sqlite://", folder=folder, clock=clock)

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def head(self) -> Head:
        """The end of the event chain, to be kept outside (the night's summary)."""
        with self._reading() as connection:
            return chain.head(connection)

    def verify_chain(self, expected: Head | None = None) -> list[str]:
        """Everything that shows the ledger was edited behind its back; empty when nothing does.

        Beside the chain itself: invitations, runs and decisions must be what the events say.
        """
        with self._reading() as connection:
            found = list(chain.breaks(connection, expected))
            for check in (_states_that_differ, _outcomes_that_differ, _decisions_that_differ):
                found.extend(check(connection))
        return found


def _states_that_differ(connection: Connection) -> Iterator[str]:
    last: dict[str, str | int | None] = {}
    events = select(tables.event_log).where(tables.event_log.c.kind == "item").order_by(tables.event_log.c.seq)
    for row in connection.execute(events):
        last[row.campaign_key] = chain.value(row.detail, "to")
    stored = connection.execute(select(tables.item.c.campaign_key, tables.item.c.state))
    states = {row.campaign_key: row.state for row in stored}
    for key in sorted(last.keys() | states.keys()):
        if last.get(key) != states.get(key):
            yield f"invitation {key[:12]}…: is {states.get(key)}, the events say {last.get(key)}"


def _outcomes_that_differ(connection: Connection) -> Iterator[str]:
    item, outcome = tables.item, tables.outcome
    same = (outcome.c.run_id == item.c.run_id) & (outcome.c.campaign_key == item.c.campaign_key)
    told = select(item.c.campaign_key, item.c.state, outcome.c.bucket).select_from(item.join(outcome, same))
    for row in connection.execute(told):
        if BUCKET.get(State(row.state), row.bucket) != row.bucket:
            yield f"invitation {row.campaign_key[:12]}…: is {row.state}, its person's outcome says {row.bucket}"


def _decisions_that_differ(connection: Connection) -> Iterator[str]:
    plans = select(tables.event_log).where(tables.event_log.c.kind == "plan").order_by(tables.event_log.c.seq)
    for row in connection.execute(plans):
        if chain.value(row.detail, "decisions") != decisions_digest(connection, row.run_id):
            yield f"run {row.run_id}: the decisions are not those that were planned"
