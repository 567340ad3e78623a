"""The life of one invitation: one table, to be read by whoever asks "can this happen?".

Each line says: an invitation in the first state may go to the second when the third is true. Nothing
else ever happens to one; a change that is not in the table is an error, whoever asks for it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from outreach.domain.outcome import Bucket


class State(StrEnum):
    """Where one invitation stands."""

    PLANNED = "planned"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    HANDED_OVER = "handed_over"
    WITHHELD = "withheld"
    DEFERRED = "deferred"
    QUARANTINED = "quarantined"
    READ = "read"
    ACCEPTED = "accepted"
    BOOKED = "booked"
    ATTENDED = "attended"
    RESULTED = "resulted"
    DECLINED = "declined"
    EXPIRED = "expired"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


TABLE: Final = """
    from        | to          | when
    ------------+-------------+------------------------------------------------------------------
    planned     | sending     | claimed: the message is about to leave
    planned     | sent        | the server already had this message (a ledger restored from a backup)
    planned     | handed_over | a person will call: no portal account, or no letter in the language
    planned     | withheld    | a guard stopped it minutes before the send
    planned     | deferred    | every slot was lost to somebody else; the next night tries again
    planned     | quarantined | the server holds several messages with this key: alarm
    sending     | sent        | the server has it
    sending     | unknown     | no answer, a refused login, or we were killed: it may have been sent
    sending     | withheld    | the server refused the message and does not have it
    sending     | quarantined | the server holds several messages with this key: alarm
    unknown     | sent        | read back: the server has it
    unknown     | sending     | read back: the server does not have it; sent again with the same key
    unknown     | withheld    | read back: the server does not have it, and it must not be sent any more
    unknown     | handed_over | read back: the server does not have it, and by now a person must call
    unknown     | deferred    | read back: the server does not have it, and its slot was lost
    unknown     | quarantined | still cannot be told; the slot stays held and somebody must look
    quarantined | sent        | a later look found it
    quarantined | withdrawn   | somebody looked and closed it
    handed_over | withheld    | a guard stopped it before the list left the house
    handed_over | accepted    | the person said yes on the phone
    handed_over | declined    | the person said no
    handed_over | expired     | nobody answered before the reply-by time
    handed_over | withdrawn   | somebody took the offer back
    withheld    | planned     | a later night offers again
    deferred    | planned     | a later night offers again
    sent        | read        | the person opened it
    sent        | accepted    | the person said yes
    sent        | declined    | the person said no
    sent        | expired     | no reply before the reply-by time
    sent        | failed      | the portal could not deliver it
    sent        | withdrawn   | somebody took the offer back
    read        | accepted    | the person said yes
    read        | declined    | the person said no
    read        | expired     | no reply before the reply-by time
    read        | withdrawn   | somebody took the offer back
    accepted    | booked      | the appointment exists
    accepted    | declined    | the person changed their mind
    accepted    | withdrawn   | somebody took the offer back
    booked      | attended    | the scan was done
    booked      | declined    | the person cancelled
    booked      | failed      | the person was not scanned
    booked      | withdrawn   | somebody took the offer back
    attended    | resulted    | the result is on record
"""


def _rows() -> frozenset[tuple[State, State]]:
    lines = [line.split("|") for line in TABLE.strip().splitlines()[2:]]
    return frozenset((State(start.strip()), State(end.strip())) for start, end, _ in lines)


MOVES: Final = _rows()

#: What a state means for the night's sum. Later states leave the night they were sent in as it was.
BUCKET: Final[dict[State, Bucket]] = {
    State.SENT: Bucket.SENT,
    State.HANDED_OVER: Bucket.HANDED_OVER,
    State.WITHHELD: Bucket.WITHHELD,
    State.DEFERRED: Bucket.DEFERRED,
    State.QUARANTINED: Bucket.QUARANTINED,
}

#: A night with one of these is not over.
UNFINISHED: Final = frozenset({State.PLANNED, State.SENDING, State.UNKNOWN})
#: A message in one of these may or may not be on the server.
IN_DOUBT: Final = frozenset({State.SENDING, State.UNKNOWN, State.QUARANTINED})
#: A later night may plan these again. Any other known key has had its one invitation.
REOPENABLE: Final = frozenset({State.WITHHELD, State.DEFERRED})
#: Something leaves the house: never while the stop switch is on.
OUTWARD: Final = frozenset({State.SENDING, State.HANDED_OVER})
#: The slot stays held for the person.
KEEPS_SLOT: Final = UNFINISHED | {
    State.SENT,
    State.HANDED_OVER,
    State.QUARANTINED,
    State.READ,
    State.ACCEPTED,
    State.BOOKED,
}
#: The place lapses when nobody has answered by the time given.
AWAITS_REPLY: Final = frozenset({State.SENT, State.HANDED_OVER, State.READ})


def allowed(start: State, end: State) -> bool:
    """Whether the table has a line from ``start`` to ``end``."""
    return (start, end) in MOVES
