"""What is to be said to one person about one slot: a message, or a call instead."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from outreach.fhir.dialect import Resource
from outreach.invite import NotComposed, NoTemplate, communication
from outreach.ledger import Item, SlotChoice
from outreach.post.people import has_portal, interpreter_of, language_of
from outreach.post.words import Desk, Fresh, Letters, PostSettings


@dataclass(frozen=True)
class Message:
    """A Communication, ready to be created."""

    resource: Resource = field(repr=False)
    language: str


@dataclass(frozen=True)
class Call:
    """Why somebody must call; a key of ``calls.LISTS``."""

    why: str


class Unsendable(NotComposed):
    """The message is not one that FHIR allows: an id of the record is malformed, for example."""

    reason = "message-invalid"


def write(desk: Desk, item: Item, patient: Resource, fresh: Fresh, letters: Letters) -> Message | Call:
    """Write the message, or say why somebody must call.

    Raises:
        NotComposed: nothing may be sent; ``reason`` says why.
    """
    if not has_portal(patient, desk.settings.portal_system):
        return Call("no-portal-account")
    if not item.planned.visit:
        return Call("no-visit")
    try:
        letter = letters(item.planned, fresh)
    except NoTemplate:
        return Call("no-letter-in-language")
    ids = {"key": item.key, "person": fresh.person, "visit": fresh.visit, "order": item.planned.order}
    try:
        resource = communication(letter, slot=fresh.slot.slot, sender=desk.settings.sender, sent=fresh.now, **ids)
    except ValueError:
        raise Unsendable("the message is not valid FHIR") from None
    return Message(resource, letter.language)


def fresh_facts(desk: Desk, item: Item, patient: Resource, choice: SlotChoice) -> Fresh:
    """What a letter may say, as of now."""
    planned, now = item.planned, desk.now()
    return Fresh(
        person=planned.person,
        language=language_of(patient),
        interpreter=interpreter_of(patient),
        visit=planned.visit,
        visit_start=planned.visit_start,
        visit_place=planned.visit_place,
        slot=choice,
        reply_by=_reply_by(desk, item, choice, now),
        now=now,
    )


def _reply_by(desk: Desk, item: Item, choice: SlotChoice, now: datetime) -> datetime:
    """The time until which the place is held: what was written down with the hold, if there is one already."""
    kept = desk.ledger.active_hold(item.key)
    if kept is not None and kept.slot == choice.slot:
        return kept.expires
    return reply_by(now, choice.start, desk.settings)


def reply_by(now: datetime, start: datetime, settings: PostSettings) -> datetime:
    """Five in the afternoon, at the site, of the day before the slot or of the last day to answer.

    The earlier of the two; where both have passed, halfway from now to the slot.
    """
    zone = settings.zone
    last = (now + settings.reply_within).astimezone(zone).date()
    eve = start.astimezone(zone).date() - timedelta(days=1)
    closing = datetime.combine(min(last, eve), time(17), zone)
    return closing if now < closing < start else now + (start - now) / 2
