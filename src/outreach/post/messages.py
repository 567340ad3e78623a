"""One message, at most once: claimed, created under its key, and read back when the answer was lost.

Four guards together, because each alone has failed somewhere: one fenced sender, a key that is unique
in the ledger, If-None-Exist, and a look before anything is sent again.
"""

from __future__ import annotations

from collections.abc import Sequence

from outreach.errors import ServerFault, ServerRefused, SeveralMatch
from outreach.fhir.dialect import Resource, has_identifier, patients_of, reference_id, token
from outreach.fhir.faults import BadStatus
from outreach.invite import CAMPAIGN, hold_key
from outreach.ledger import HoldState, Item, State
from outreach.ledger.words import OUTCOME_UNKNOWN
from outreach.post.checkpoints import Checkpoint
from outreach.post.people import instant_of
from outreach.post.slots import is_held, release
from outreach.post.words import Desk

_TRIES = 2
SEVERAL = "several-match"
WRONG_PERSON = "wrong-person"
REFUSED = "message-refused"
LOGIN_REFUSED = "login-refused"


def deliver(desk: Desk, item: Item, message: Resource, *, slot: str, language: str) -> None:
    """Send one message whose slot is held. Afterwards the item is sent, withheld or quarantined.

    Raises:
        ServerFault: the server went away; the item stays as it is and the resume reads back first.
        Stopped, LeaseHeld: nothing was sent.
    """
    for _ in range(_TRIES):
        desk.ledger.claim(desk.lease, item.key, slot=slot, channel="portal", language=language)
        desk.checkpoint(Checkpoint.CLAIMED)
        if _create(desk, item, message):
            return
    desk.ledger.mark(desk.lease, item.key, State.QUARANTINED, OUTCOME_UNKNOWN)
    desk.checkpoint(Checkpoint.QUARANTINED)


def read_back(desk: Desk, item: Item) -> bool:
    """Look for a message that may have been sent; True when it was found and the item says so."""
    if item.state is State.SENDING:
        desk.ledger.mark(desk.lease, item.key, State.UNKNOWN, "no-answer")
        desk.checkpoint(Checkpoint.UNKNOWN)
    for left in reversed(range(desk.settings.settle_tries)):
        found = desk.client.search("Communication", [("identifier", token(CAMPAIGN, item.key))])
        ours = [each for each in found if has_identifier(each, CAMPAIGN, item.key)]
        desk.checkpoint(Checkpoint.READ_BACK)
        if ours:
            conclude(desk, item, ours)
            return True
        if left:
            desk.sleep(desk.settings.settle_s)
    return False


def conclude(desk: Desk, item: Item, found: Sequence[Resource]) -> None:
    """The server has this: one message is sent, several or somebody else's is an alarm."""
    if len({each.get("id") for each in found}) > 1:
        _alarm(desk, item, SEVERAL)
    elif patients_of(found[0]) != {item.planned.person}:
        _alarm(desk, item, WRONG_PERSON)
    else:
        _adopt(desk, item, found[0])


def _create(desk: Desk, item: Item, message: Resource) -> bool:
    """One try. True when its outcome is settled, whatever it is."""
    try:
        created = desk.client.create(message, if_none_exist=(CAMPAIGN, item.key))
    except SeveralMatch:
        _alarm(desk, item, SEVERAL)
        return True
    except ServerRefused:
        desk.ledger.mark(desk.lease, item.key, State.UNKNOWN, LOGIN_REFUSED)
        raise
    except ServerFault as fault:
        return _doubt(desk, item, refused=_is_refusal(fault))
    desk.checkpoint(Checkpoint.POSTED)
    conclude(desk, item, [created.resource])
    return True


def _doubt(desk: Desk, item: Item, *, refused: bool) -> bool:
    if read_back(desk, desk.ledger.item(item.key)):
        return True
    if refused:
        desk.ledger.mark(desk.lease, item.key, State.WITHHELD, REFUSED)
        desk.checkpoint(Checkpoint.WITHHELD)
        give_back(desk, item)
    return refused


def _is_refusal(fault: ServerFault) -> bool:
    """Whether the server said no for good, as against being away or busy."""
    return isinstance(fault, BadStatus) and 400 <= fault.status < 500 and fault.status != 429


def _adopt(desk: Desk, item: Item, message: Resource) -> None:
    """The message is there: make our holds be what it names, and write it down."""
    slots = (reference_id(about, "Slot") for about in message.get("about") or [])
    named = next((slot for slot in slots if slot), item.slot)
    kept = desk.ledger.active_hold(item.key)
    if named and (kept is None or kept.slot != named):
        give_back(desk, item)
        _take_over(desk, item, named)
    facts = {"communication": str(message["id"]), "channel": "portal"} | ({"slot": named} if named else {})
    desk.ledger.mark(desk.lease, item.key, State.SENT, **facts)
    desk.checkpoint(Checkpoint.SENT)


def _take_over(desk: Desk, item: Item, slot: str) -> None:
    """A hold that a lost ledger knew of: the Slot itself carries our mark."""
    found = desk.client.read("Slot", slot)
    mark = hold_key(desk.ledger.secret(), slot, item.key)
    start = instant_of(found.resource.get("start")) if found else None
    if found is None or start is None or not is_held(found.resource, mark):
        return
    day, until = start.astimezone(desk.settings.zone).date(), min(desk.now() + desk.settings.reply_within, start)
    person = item.planned.person
    wanted = desk.ledger.reserve(desk.lease, item.key, slot=slot, person=person, day=day, mark=mark, expires=until)
    if wanted is not None:
        desk.ledger.settle_hold(desk.lease, wanted, HoldState.HELD)


def give_back(desk: Desk, item: Item) -> None:
    """Release the slot of an item that will not be sent. What cannot be done now is done by ``tidy``."""
    kept = desk.ledger.active_hold(item.key)
    if kept is not None:
        release(desk, kept)


def _alarm(desk: Desk, item: Item, what: str) -> None:
    if desk.ledger.item(item.key).state is not State.QUARANTINED:
        desk.ledger.mark(desk.lease, item.key, State.QUARANTINED, what)
    desk.ledger.alarm(desk.lease, item.key, what)
    desk.checkpoint(Checkpoint.QUARANTINED)
