"""What goes into the ledger and comes out: ids, days, states and reasons. No names, no clinical text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from outreach.errors import OutreachError
from outreach.ledger.states import State

Mode = Literal["live", "dry-run"]

#: A quarantine with this reason may still be settled by a later look; the night stays open for it.
OUTCOME_UNKNOWN = "outcome-unknown"


class Wrong(OutreachError):
    """The ledger was asked for something that must never happen: a mistake in the program (exit 70)."""


@dataclass(frozen=True)
class Lease:
    """The right to write tonight. ``fence`` grows with every new holder, so an old one is told apart."""

    name: str
    owner: str
    fence: int
    seconds: int


@dataclass(frozen=True)
class Run:
    """One programme on one local date. There is never a second run for the pair."""

    run_id: str
    programme: str
    as_of: date
    rule_hash: str
    mode: Mode
    state: Literal["planning", "planned", "done"]
    started: datetime
    finished: datetime | None
    cohort: int  #: people; 0 while planning
    summary: str  #: the JSON object stored by ``finish``; "" before


@dataclass(frozen=True)
class SlotChoice:
    """A slot that may be offered, with the times the matching relied on."""

    slot: str
    start: datetime
    end: datetime


@dataclass(frozen=True)
class PlannedInvitation:
    """One person to be invited in one due cycle.

    ``choices`` are slots in the order of preference, proposed to nobody else tonight; without any the
    person goes to the call list with no slot. ``visit`` is "" for a person who has none.
    """

    key: str  #: campaign key
    person: str
    cycle: str
    step: str
    order: str  #: ServiceRequest id
    choices: tuple[SlotChoice, ...] = ()
    visit: str = ""  #: Appointment id
    visit_start: datetime | None = None
    visit_place: str = ""  #: Location id
    aliases: tuple[str, ...] = ()  #: Patient ids merged into ``person``: their opt-outs and new facts count


@dataclass(frozen=True)
class Item:
    """A planned invitation and what has become of it."""

    planned: PlannedInvitation
    run_id: str
    state: State
    reason: str
    list_name: str
    slot: str  #: the slot the message or call row names; "" until one is held
    communication: str  #: Communication id; "" until known
    channel: str
    language: str

    @property
    def key(self) -> str:
        """The campaign key."""
        return self.planned.key

    @property
    def needs_somebody(self) -> bool:
        """Quarantined for a reason that only a person can settle."""
        return self.state is State.QUARANTINED and self.reason != OUTCOME_UNKNOWN


class HoldState(StrEnum):
    """Where a hold stands. The first two are active: the slot is ours, or about to be."""

    WANTED = "wanted"  #: written before the server is asked
    HELD = "held"  #: the server confirmed it
    LOST = "lost"  #: somebody else was first
    DOUBTFUL = "doubtful"  #: no answer, and not seen on the server; looked at again later
    RELEASED = "released"  #: given back


ACTIVE = frozenset({HoldState.WANTED, HoldState.HELD})


@dataclass(frozen=True)
class Hold:
    """One slot kept for one person. ``mark`` is what the Slot on the server carries."""

    hold_id: int
    slot: str
    key: str
    person: str
    day: date  #: local date of the clinic
    mark: str
    state: HoldState
    expires: datetime


@dataclass(frozen=True)
class Counts:
    """The sum of a night, in people. It closes when ``unaccounted`` is 0."""

    cohort: int
    offered: int  #: people for whom an invitation was planned
    holds: int  #: slots held now
    unaccounted: int
    buckets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  #: bucket → reason → people

    def total(self, bucket: str) -> int:
        """People in one bucket, whatever the reason."""
        return sum(self.buckets.get(bucket, {}).values())


@dataclass(frozen=True)
class Head:
    """The end of the event chain. Kept outside the ledger it shows a cut-off tail."""

    seq: int
    hash: str


@dataclass(frozen=True)
class Stop:
    """Who stopped the engine, when and why."""

    who: str
    why: str
    at: datetime
