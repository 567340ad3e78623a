"""The instants at which a crash would hurt most, by name, so that tests can crash there."""

from __future__ import annotations

from enum import StrEnum


class Checkpoint(StrEnum):
    """Reached in this order by an invitation that goes well, and by those that do not."""

    RECHECKED = "rechecked"
    WITHHELD = "withheld"
    HOLD_WRITTEN = "hold-written"  #: the ledger knows what we want; the server does not
    SLOT_READ = "slot-read"
    SLOT_PUT = "slot-put"  #: the server holds the slot; the ledger does not know
    HOLD_CONFIRMED = "hold-confirmed"
    HOLD_LOST = "hold-lost"
    CLAIMED = "claimed"  #: committed: the message is about to leave
    POSTED = "posted"  #: the server has the message; the ledger does not know
    SENT = "sent"
    UNKNOWN = "unknown"
    READ_BACK = "read-back"
    HANDED_OVER = "handed-over"
    DEFERRED = "deferred"
    QUARANTINED = "quarantined"
    SLOT_FREED = "slot-freed"  #: the server has let go of the slot; the ledger does not know
    HOLD_CLOSED = "hold-closed"
