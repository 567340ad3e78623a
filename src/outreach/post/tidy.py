"""Loose ends of earlier nights: messages in doubt, places nobody took, slots held for nobody."""

from __future__ import annotations

from datetime import date

from outreach.errors import ServerFault
from outreach.ledger import Hold, HoldState, Item, State
from outreach.ledger.states import IN_DOUBT, UNFINISHED
from outreach.post.messages import give_back, read_back
from outreach.post.slots import is_held, release
from outreach.post.words import Desk

ABANDONED = "night-abandoned"


def tidy(desk: Desk, programme: str, as_of: date, *, replies_read: bool) -> int:
    """Settle what earlier nights of a programme left, so that tonight's pull sees every free slot as free.

    A message that may have been sent is looked for; what was never sent is withheld and may be planned
    again. Only where replies have been read do places whose reply-by time has passed go back to the clinic:
    otherwise somebody who said yes could lose the place to another.

    Returns:
        Slots that we hold for nobody and could not give back.

    Raises:
        ServerFault: the server is away. Nothing was sent.
    """
    for item in desk.ledger.left_behind(programme, as_of, UNFINISHED | IN_DOUBT):
        if not item.needs_somebody:
            _settle(desk, item)
    if replies_read:
        release_expired(desk)
    return sweep(desk)


def release_expired(desk: Desk) -> int:
    """End the offers that nobody answered in time and give their slots back; how many."""
    late = desk.ledger.expired_holds(desk.now())
    for kept in late:
        desk.ledger.mark(desk.lease, kept.key, State.EXPIRED, "no-reply")
        release(desk, kept)
    return len(late)


def sweep(desk: Desk) -> int:
    """Give back the slots that no invitation stands behind: what a crash between two steps leaves.

    Returns:
        Slots that could not be given back now.
    """
    strays = [kept for kept in desk.ledger.orphan_holds() if not release(desk, kept)]
    for kept in desk.ledger.doubtful_holds():
        _look_again(desk, kept)
    return len(strays)


def _settle(desk: Desk, item: Item) -> None:
    if item.state in IN_DOUBT and read_back(desk, item):
        return
    if item.state is not State.QUARANTINED:
        desk.ledger.mark(desk.lease, item.key, State.WITHHELD, ABANDONED)
        give_back(desk, item)


def _look_again(desk: Desk, kept: Hold) -> None:
    """A write without an answer may have arrived late. Our mark on the slot tells, unless we hold it again."""
    again = desk.ledger.active_hold(kept.key)
    if again is not None and again.slot == kept.slot:
        desk.ledger.settle_hold(desk.lease, kept, HoldState.LOST)
        return
    try:
        slot = desk.client.read("Slot", kept.slot)
    except ServerFault:
        return
    if slot is not None and is_held(slot.resource, kept.mark):
        release(desk, kept)
    elif kept.expires <= desk.now():
        desk.ledger.settle_hold(desk.lease, kept, HoldState.LOST)
