"""A letter as a FHIR R4 Communication, built and validated before anything is sent.

http://hl7.org/fhir/R4/communication.html. R4 and R4B have the same Communication; fhir.resources speaks R4B.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from fhir.resources.R4B.communication import Communication

from outreach.invite.key import CAMPAIGN
from outreach.invite.letter import Letter

_REFERENCE = re.compile(r"(https?://\S+/)?[A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}")
CATEGORY_SYSTEM = "http://terminology.hl7.org/CodeSystem/communication-category"
MEDIUM_SYSTEM = "http://terminology.hl7.org/CodeSystem/v3-ParticipationMode"


def communication(
    letter: Letter,
    *,
    key: str,
    person: str,
    slot: str,
    visit: str,
    order: str,
    sent: datetime,
    sender: str = "",
) -> dict[str, Any]:
    """The message to a patient portal: completed, a reminder, in writing, with the letter as plain text.

    Args:
        key: the campaign key; also what If-None-Exist asks for.
        person: Patient id; so are ``slot``, ``visit`` (Appointment) and ``order`` (ServiceRequest). None may be "".
        sent: with a time zone.
        sender: a reference ("Organization/123"), or a name to show, or "".

    Raises:
        ValueError: an id is missing, ``sent`` has no zone, or (pydantic's ValidationError) R4 does not allow it.
    """
    if not all((key, person, slot, visit, order)):
        raise ValueError("a message needs its key, person, slot, visit and order")
    if sent.tzinfo is None:
        raise ValueError("sent needs a time zone")
    resource = {
        "resourceType": "Communication",
        "language": letter.language,
        "identifier": [{"system": CAMPAIGN, "value": key}],
        "status": "completed",
        "category": [_concept(CATEGORY_SYSTEM, "reminder", "Reminder")],
        "medium": [_concept(MEDIUM_SYSTEM, "ONLINEWRIT", "online written")],
        "subject": _to("Patient", person),
        "topic": {"text": letter.subject},
        "about": [_to("Appointment", visit), _to("Slot", slot), _to("ServiceRequest", order)],
        "sent": sent.isoformat(timespec="seconds"),
        "recipient": [_to("Patient", person)],
        "payload": [{"contentString": letter.body}],
    }
    if sender:
        resource["sender"] = {"reference" if _REFERENCE.fullmatch(sender) else "display": sender}
    Communication.model_validate(resource)
    return resource


def _concept(system: str, code: str, display: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, "display": display}]}


def _to(type_: str, id_: str) -> dict[str, str]:
    return {"reference": f"{type_}/{id_}"}
