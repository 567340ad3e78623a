"""Handing a person over to somebody who calls."""

from __future__ import annotations

from datetime import datetime

from outreach.fhir.dialect import Resource
from outreach.ledger import Item, SlotChoice, State
from outreach.post.checkpoints import Checkpoint
from outreach.post.people import interpreter_of, language_of, name_of, phone_of
from outreach.post.words import CallRow, Desk

#: Which list a call stands on, by the reason for calling.
LISTS = {
    "no-portal-account": "call-list",
    "no-slot": "call-list",
    "no-visit": "call-list",  # a letter speaks of the visit the person comes for anyway
    "no-letter-in-language": "interpreter-call",  # never English instead, and never in silence
}


def hand_over(
    desk: Desk, item: Item, patient: Resource, why: str, choice: SlotChoice | None, reply_by: datetime | None
) -> CallRow:
    """Put the person on the call list, with the slot that is held if there is one.

    Raises:
        Stopped: the stop switch is on; nobody is called.
    """
    facts = {"slot": choice.slot if choice else "", "channel": "call", "language": language_of(patient) or ""}
    desk.ledger.mark(desk.lease, item.key, State.HANDED_OVER, why, list_name=LISTS[why], **facts)
    desk.checkpoint(Checkpoint.HANDED_OVER)
    return _row(item, patient, why, choice, reply_by)


def row_again(desk: Desk, item: Item, patient: Resource) -> CallRow:
    """The line of somebody handed over before a crash, made again from the fresh record."""
    choice = next((c for c in item.planned.choices if c.slot == item.slot), None)
    kept = desk.ledger.active_hold(item.key)
    return _row(item, patient, item.reason, choice, kept.expires if kept else None)


def _row(item: Item, patient: Resource, why: str, choice: SlotChoice | None, reply_by: datetime | None) -> CallRow:
    planned = item.planned
    return CallRow(
        list_name=LISTS[why],
        why=why,
        key=item.key,
        person=planned.person,
        name=name_of(patient),
        phone=phone_of(patient),
        language=language_of(patient),
        interpreter=interpreter_of(patient),
        slot=choice,
        reply_by=reply_by,
        visit=planned.visit,
        visit_start=planned.visit_start,
        visit_place=planned.visit_place,
        order=planned.order,
    )
