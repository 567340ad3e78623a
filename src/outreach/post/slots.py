"""Holding a Slot, and letting go of it.

The ledger writes the wish first; the Slot is then written with If-Match and carries our mark, so after
a crash it can be told whose it is. https://hl7.org/fhir/R4/http.html#concurrency
"""

from __future__ import annotations

from datetime import datetime

from outreach.errors import LostRace, ServerFault, ServerRefused
from outreach.fhir.client import Versioned
from outreach.fhir.dialect import Resource, has_identifier
from outreach.fhir.faults import BadStatus
from outreach.invite import HOLD, hold_key
from outreach.ledger import Hold, HoldState, Item, SlotChoice
from outreach.post.checkpoints import Checkpoint
from outreach.post.people import instant_of
from outreach.post.server import Server
from outreach.post.words import Desk

_TRIES = 2


def hold(desk: Desk, item: Item, choice: SlotChoice, reply_by: datetime) -> Hold | None:
    """Hold one slot for one person, on the server and in the ledger; None when somebody else has it.

    Raises:
        ServerFault: it cannot be told now; the wish stays in the ledger for the resume.
        ServerRefused: the server keeps no versions, so nothing can be held safely.
    """
    wanted = desk.ledger.reserve(
        desk.lease,
        item.key,
        slot=choice.slot,
        person=item.planned.person,
        day=choice.start.astimezone(desk.settings.zone).date(),
        mark=hold_key(desk.ledger.secret(), choice.slot, item.key),
        expires=reply_by,
    )
    if wanted is None:
        return None
    desk.checkpoint(Checkpoint.HOLD_WRITTEN)
    state = _secure(desk, wanted, choice)
    if state != wanted.state:
        desk.ledger.settle_hold(desk.lease, wanted, state)
    desk.checkpoint(Checkpoint.HOLD_CONFIRMED if state is HoldState.HELD else Checkpoint.HOLD_LOST)
    return desk.ledger.active_hold(item.key) if state is HoldState.HELD else None


def release(desk: Desk, kept: Hold) -> bool:
    """Give a slot back; False when it could not be done now. A slot that was booked stays as it is."""
    try:
        gone = any(_let_go(desk, kept) for _ in range(_TRIES))
    except ServerFault:
        return False
    if gone:
        desk.checkpoint(Checkpoint.SLOT_FREED)
        desk.ledger.settle_hold(desk.lease, kept, HoldState.RELEASED)
        desk.checkpoint(Checkpoint.HOLD_CLOSED)
    return gone


def is_held(slot: Resource, mark: str) -> bool:
    """Whether a Slot is held under this mark. A mark left on a slot that is free, or booked since, holds nothing."""
    return slot.get("status") == "busy-tentative" and has_identifier(slot, HOLD, mark)


def checks_versions(client: Server, slot: str) -> bool:
    """Whether the server refuses a write with a wrong ETag. Changes nothing: the Slot is written as it is.

    Where it does not, two people could be given one slot, and holds must be refused (openemr #12378).
    """
    found = client.read("Slot", slot)
    if found is None or not found.etag:
        return found is None
    try:
        client.update(found.resource, if_match=_another_version(found.etag))
    except LostRace:
        return True
    except BadStatus as fault:
        return 400 <= fault.status < 500
    return False


def _secure(desk: Desk, wanted: Hold, choice: SlotChoice) -> HoldState:
    for _ in range(_TRIES):
        slot = desk.client.read("Slot", wanted.slot)
        desk.checkpoint(Checkpoint.SLOT_READ)
        if slot is not None and is_held(slot.resource, wanted.mark):
            return HoldState.HELD
        if slot is None or not _is_offered(desk, slot.resource, choice):
            return HoldState.LOST
        try:
            _put(desk, slot, wanted.mark)
        except LostRace:
            continue  # read again: what beat us may be our own write, whose answer was lost
        except ServerFault:
            continue
        desk.checkpoint(Checkpoint.SLOT_PUT)
    seen = desk.client.read("Slot", wanted.slot)
    return HoldState.HELD if seen is not None and is_held(seen.resource, wanted.mark) else HoldState.DOUBTFUL


def _put(desk: Desk, slot: Versioned, mark: str) -> None:
    if not slot.etag:
        raise ServerRefused("the server keeps no versions of its slots, so none can be held safely")
    others = [each for each in slot.resource.get("identifier") or [] if each.get("value") != mark]
    marked = [*others, {"system": HOLD, "value": mark}]
    desk.client.update(slot.resource | {"status": "busy-tentative", "identifier": marked}, if_match=slot.etag)


def _let_go(desk: Desk, kept: Hold) -> bool:
    slot = desk.client.read("Slot", kept.slot)
    if slot is None or not is_held(slot.resource, kept.mark):
        return True
    others = [i for i in slot.resource["identifier"] if (i.get("system"), i.get("value")) != (HOLD, kept.mark)]
    freed = {k: v for k, v in slot.resource.items() if k != "identifier"} | {"status": "free"}
    try:
        desk.client.update(freed | ({"identifier": others} if others else {}), if_match=slot.etag)
    except LostRace:
        return False
    return True


def _is_offered(desk: Desk, slot: Resource, choice: SlotChoice) -> bool:
    """Whether the slot is still what the matching relied on, and far enough away."""
    same = (instant_of(slot.get("start")), instant_of(slot.get("end"))) == (choice.start, choice.end)
    return slot.get("status") == "free" and same and choice.start - desk.now() >= desk.settings.notice


def _another_version(etag: str) -> str:
    digits = "".join(c for c in etag if c.isdigit())
    return etag.replace(digits, f"{int(digits) + 1000}") if digits and f'"{digits}"' in etag else 'W/"none-such"'
