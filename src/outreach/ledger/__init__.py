"""The ledger: the only memory of what we did."""

from outreach.ledger.ledger import Ledger
from outreach.ledger.states import State
from outreach.ledger.words import (
    Counts,
    Head,
    Hold,
    HoldState,
    Item,
    Lease,
    PlannedInvitation,
    Run,
    SlotChoice,
    Stop,
    Wrong,
)

__all__ = [
    "Counts",
    "Head",
    "Hold",
    "HoldState",
    "Item",
    "Lease",
    "Ledger",
    "PlannedInvitation",
    "Run",
    "SlotChoice",
    "State",
    "Stop",
    "Wrong",
]
