"""What post is given and what it gives back."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from outreach.invite import Letter
from outreach.ledger import Lease, Ledger, PlannedInvitation, SlotChoice
from outreach.ledger.book import Clock, utc_now
from outreach.post.checkpoints import Checkpoint
from outreach.post.server import Server


@dataclass(frozen=True)
class PostSettings:
    """How a site sends."""

    zone: ZoneInfo  #: of the clinics; a day is a local day
    sender: str  #: reference to who sends, as in Communication.sender
    portal_system: str  #: Patient.identifier.system of a portal account
    notice: timedelta  #: a slot that starts sooner can no longer be offered
    reply_within: timedelta  #: the last day to answer, counted from the send; see ``writing.reply_by``
    batch: int = 50  #: people re-read together, minutes before their send
    fresh_for: timedelta = timedelta(minutes=2)  #: what was re-read earlier is read once more
    workers: int = 8  #: exchanges with the server at the same time
    settle_tries: int = 3  #: looks for a message whose answer was lost
    settle_s: float = 2.0  #: seconds between two looks


@dataclass(frozen=True)
class Desk:
    """Everything a sender works with. One desk, one lease."""

    client: Server
    ledger: Ledger
    lease: Lease
    settings: PostSettings
    now: Clock = utc_now
    sleep: Callable[[float], object] = time.sleep
    checkpoint: Callable[[Checkpoint], object] = field(default=lambda _: None)


@dataclass(frozen=True)
class Fresh:
    """What a letter may say of a person, read minutes before the send. No name: a letter needs none."""

    person: str
    language: str | None  #: BCP 47; None when the record names none, or several without a preference
    interpreter: bool | None
    visit: str
    visit_start: datetime | None
    visit_place: str  #: Location id
    slot: SlotChoice
    reply_by: datetime
    now: datetime


#: Writes the letter, or raises NoTemplate or MissingFact. It decides the language of a person without one.
Letters = Callable[[PlannedInvitation, Fresh], Letter]


@dataclass(frozen=True)
class CallRow:
    """One line of a call list. Name and phone come from the fresh record and are kept nowhere else."""

    list_name: str  #: call-list, or interpreter-call
    why: str  #: no-portal-account, no-letter-in-language, no-slot
    key: str
    person: str
    name: str = field(repr=False)
    phone: str = field(repr=False)
    language: str | None
    interpreter: bool | None
    slot: SlotChoice | None
    reply_by: datetime | None
    visit: str
    visit_start: datetime | None
    visit_place: str
    order: str


@dataclass(frozen=True)
class Posted:
    """What one process did of a night. The counts of the whole run are in the ledger."""

    calls: tuple[CallRow, ...]  #: of the whole run, in the order of their keys
    sent_now: int
    doubtful: int  #: messages of which it still cannot be told whether they were sent
    stray_holds: int  #: slots that we hold for nobody and could not give back

    @property
    def whole(self) -> bool:
        """Whether nothing is left that another run of the same night could settle."""
        return not self.doubtful and not self.stray_holds
