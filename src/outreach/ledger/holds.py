"""Slots kept for people: a slot once, a person once a day, written down before the server is asked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, Row, and_, insert, not_, or_, select, update

from outreach.ledger.book import Book
from outreach.ledger.states import AWAITS_REPLY, KEEPS_SLOT, UNFINISHED
from outreach.ledger.switches import refuse_if_stopped
from outreach.ledger.tables import hold, item
from outreach.ledger.words import ACTIVE, Hold, HoldState, Lease, Wrong

_IS_ACTIVE = hold.c.state.in_(list(ACTIVE))


class Holds(Book):
    """The chapter on holds."""

    def reserve(
        self, lease: Lease, key: str, *, slot: str, person: str, day: date, mark: str, expires: datetime
    ) -> Hold | None:
        """Write down the wish to hold a slot, before the server is asked.

        None when the ledger already keeps this slot for somebody, or another slot on this day for
        this person. An invitation's own active hold of the slot is returned again (a resume).

        Raises:
            Stopped: the stop switch is on.
        """
        row = {"slot": slot, "campaign_key": key, "person": person, "day": day, "mark": mark, "expires": expires}
        with self._writing(lease) as connection:
            refuse_if_stopped(connection)
            rivals = or_(hold.c.slot == slot, hold.c.campaign_key == key, _same_day(person, day))
            found = [as_hold(r) for r in connection.execute(select(hold).where(_IS_ACTIVE, rivals))]
            if found:
                return next((h for h in found if (h.slot, h.key) == (slot, key)), None)
            connection.execute(insert(hold).values(state=HoldState.WANTED, updated=self.now(), **row))
            self._log(connection, "hold", {"slot": slot, "to": HoldState.WANTED.value}, key=key)
            return self._active(connection, key)

    def settle_hold(self, lease: Lease, kept: Hold, to: HoldState) -> None:
        """Say what became of a hold. Raises Wrong when it already became something else."""
        here = (hold.c.hold_id == kept.hold_id) & (hold.c.state == kept.state)
        with self._writing(lease) as connection:
            done = connection.execute(update(hold).where(here).values(state=to, updated=self.now()))
            if done.rowcount != 1:
                raise Wrong(f"a hold left {kept.state} while it was being moved to {to}")
            self._log(connection, "hold", {"slot": kept.slot, "from": kept.state.value, "to": to.value}, key=kept.key)

    def active_hold(self, key: str) -> Hold | None:
        """The hold of one invitation that is wanted or held, if any."""
        with self._reading() as connection:
            return self._active(connection, key)

    def expired_holds(self, now: datetime) -> list[Hold]:
        """Held slots whose reply-by time has passed with no answer."""
        late = and_(_IS_ACTIVE, hold.c.expires <= now, item.c.state.in_(list(AWAITS_REPLY)))
        return self._holds(late)

    def orphan_holds(self) -> list[Hold]:
        """Active holds that no invitation stands behind: what a crash between two steps leaves."""
        leaves = not_(item.c.state.in_(list(KEEPS_SLOT)))
        moved_on = and_(not_(item.c.state.in_(list(UNFINISHED))), item.c.slot != "", item.c.slot != hold.c.slot)
        return self._holds(and_(_IS_ACTIVE, or_(leaves, moved_on)))

    def doubtful_holds(self) -> list[Hold]:
        """Slots asked for without an answer, which may carry our mark although we gave them up."""
        return self._holds(hold.c.state == HoldState.DOUBTFUL)

    def holds_of(self, run_id: str, states: Collection[HoldState] = ACTIVE) -> list[Hold]:
        """The holds of one run's invitations, by default the active ones."""
        return self._holds(and_(item.c.run_id == run_id, hold.c.state.in_(list(states))))

    def _holds(self, which: ColumnElement[bool]) -> list[Hold]:
        query = select(hold).join(item).where(which).order_by(hold.c.hold_id)
        with self._reading() as connection:
            return [as_hold(row) for row in connection.execute(query)]

    def _active(self, connection: Connection, key: str) -> Hold | None:
        row = connection.execute(select(hold).where(_IS_ACTIVE, hold.c.campaign_key == key)).first()
        return as_hold(row) if row else None


def as_hold(row: Row[tuple[object, ...]]) -> Hold:
    """A row as a hold."""
    r = row._mapping
    facts = {name: r[name] for name in ("hold_id", "slot", "person", "day", "mark", "expires")}
    return Hold(key=r["campaign_key"], state=HoldState(r["state"]), **facts)


def _same_day(person: str, day: date) -> ColumnElement[bool]:
    return and_(hold.c.person == person, hold.c.day == day)
