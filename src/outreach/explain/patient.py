"""The answer for the person: plain words, no diagnosis, no organ, no score, no blame, no fear.

A reading grade of 6 or below is a test. What a message must not say: CDC Clear Communication Index,
https://www.cdc.gov/ccindex, and the letters of this project.
"""

from __future__ import annotations

from datetime import datetime

from outreach.domain.assessment import Assessment, Status
from outreach.errors import Refused
from outreach.prose.words import said

_SAYS = {
    Status.UP_TO_DATE: "Your last test still counts. Your next one is due on {due}. You do not need to do a thing now.",
    Status.DUE: "It is time for your next test. You can have it at any time now. Call us to pick a day that suits you.",
    Status.OVERDUE: "It is time for your next test. Call us and we will find a day that suits you. "
    "We can help with a ride, with the cost, or with your language.",
    Status.NOT_NOW: "We will not ask you to book this test right now. Your care team has the next step. "
    "Call us if you have not heard from them.",
    Status.EXCLUDED: "We do not plan this test for you now. Your care team can tell you why.",
    Status.EXCEPTION: "You told us that you do not want to hear from us about this test. We respect that. "
    "You can change your mind at any time. Just call us.",
    Status.UNKNOWN: "We need to know a bit more to tell if this test is right for you. "
    "We may call you to ask a few things. You can call us too.",
    Status.NOT_APPLICABLE: "From what we know, you do not need this test from us now. "
    "If you think that is wrong, please ask your care team.",
}
_ONCE = "Your last test still counts. You do not need to have it again."


_HELD = "It is time for your next test. We keep a place for you at {place}. Call us to take it or to pick a day \
that suits you. We can help with a ride, with the cost, or with your language."


def for_patient(found: Assessment, held: datetime | None = None) -> str:
    """One to four short sentences that may stand in a message.

    Args:
        held: when the place begins that has been offered to the person and is still held, by the clinic's clock.

    Raises:
        Refused: the record says that the person has died, or belongs to another record.
    """
    if found.reason == "deceased":
        raise Refused("there is nothing to say to this person: the record says that they have died")
    if found.reason == "merged":
        raise Refused("this record was merged into another: ask about the one that remains")
    if found.status is Status.UP_TO_DATE and found.due_on is None:
        return _ONCE
    if held is not None and found.status is Status.OVERDUE:
        return _HELD.format(place=f"{held:%H:%M} on {said(held.date())}")
    return _SAYS[found.status].format(due=said(found.due_on) if found.due_on else "")
