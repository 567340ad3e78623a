"""One planned invitation, from the last check to the message or the call list."""

from __future__ import annotations

from collections.abc import Iterator

from outreach.fhir.dialect import Resource
from outreach.invite import NotComposed
from outreach.ledger import Item, SlotChoice, State
from outreach.ledger.states import IN_DOUBT
from outreach.post.calls import hand_over, row_again
from outreach.post.checkpoints import Checkpoint
from outreach.post.messages import conclude, deliver, give_back, read_back
from outreach.post.recheck import Records
from outreach.post.refusals import refusal
from outreach.post.slots import hold
from outreach.post.words import CallRow, Desk, Letters
from outreach.post.writing import Call, fresh_facts, write


def offer(desk: Desk, item: Item, records: Records | None, letters: Letters) -> CallRow | None:
    """Bring one invitation as far as it goes tonight; a line for the caller when that is a call.

    What may have been sent is looked for before anything else is asked of it.
    """
    if item.state in IN_DOUBT:
        if read_back(desk, item) or item.state is State.QUARANTINED:
            return None
        item = desk.ledger.item(item.key)
    if records is not None and records.messages and item.state is State.PLANNED:
        conclude(desk, item, records.messages)  # a ledger restored from a backup does not know it was sent
        return None
    reason, patient = refusal(item.planned, records), records.patient if records else None
    if reason or patient is None:
        _withhold(desk, item, reason)
        return None
    if item.state is State.HANDED_OVER:
        return row_again(desk, item, patient)
    return _first_that_holds(desk, item, patient, letters)


def _first_that_holds(desk: Desk, item: Item, patient: Resource, letters: Letters) -> CallRow | None:
    """Try the slots in their order. What cannot be said is found out before a slot is held for it."""
    if not item.planned.choices:
        return hand_over(desk, item, patient, "no-slot", None, None)
    for choice in _choices(desk, item):
        fresh = fresh_facts(desk, item, patient, choice)
        try:
            words = write(desk, item, patient, fresh, letters)
        except NotComposed as gap:
            _withhold(desk, item, gap.reason)
            return None
        if hold(desk, item, choice, fresh.reply_by) is None:
            continue
        if isinstance(words, Call):
            return hand_over(desk, item, patient, words.why, choice, fresh.reply_by)
        deliver(desk, item, words.resource, slot=choice.slot, language=words.language)
        return None
    desk.ledger.mark(desk.lease, item.key, State.DEFERRED, "slot-lost")
    desk.checkpoint(Checkpoint.DEFERRED)
    return None


#: Who looks at somebody withheld minutes before the send. The rest is settled by tomorrow's night.
OWNERS = {
    "no-order": "signature-request",
    "visit-moved": "navigator",
    "missing-fact": "data-quality",
    "unsafe-fact": "data-quality",
    "too-long": "data-quality",
    "message-invalid": "data-quality",
    "message-refused": "data-quality",
    "recheck-failed": "data-quality",
    "inactive": "data-quality",
}


def _withhold(desk: Desk, item: Item, reason: str) -> None:
    desk.ledger.mark(desk.lease, item.key, State.WITHHELD, reason, list_name=OWNERS.get(reason, ""))
    desk.checkpoint(Checkpoint.WITHHELD)
    give_back(desk, item)


def _choices(desk: Desk, item: Item) -> Iterator[SlotChoice]:
    """The slots to try: the one that is held already, then the others."""
    kept = desk.ledger.active_hold(item.key)
    first = [c for c in item.planned.choices if kept is not None and c.slot == kept.slot]
    yield from first
    yield from (c for c in item.planned.choices if c not in first)
