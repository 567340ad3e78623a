"""A letter as the FHIR resource that goes out."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from fhir.resources.R4B.communication import Communication

from outreach.invite import CAMPAIGN, Letter, communication

LETTER = Letter(subject="Sobre su cita", body="Hola:\n\nLe guardamos un lugar.", language="es", template_hash="0" * 64)
SENT = datetime(2026, 3, 1, 3, tzinfo=ZoneInfo("America/New_York"))
FACTS = {"key": "k" * 64, "person": "p1", "slot": "s1", "visit": "a1", "order": "o1"}


def test_the_whole_resource() -> None:
    resource = communication(LETTER, **FACTS, sent=SENT, sender="Organization/riverside")
    assert resource == {
        "resourceType": "Communication",
        "language": "es",
        "identifier": [{"system": "urn:outreach:campaign", "value": "k" * 64}],
        "status": "completed",
        "category": [
            {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/communication-category",
                        "code": "reminder",
                        "display": "Reminder",
                    }
                ]
            }
        ],
        "medium": [
            {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationMode",
                        "code": "ONLINEWRIT",
                        "display": "online written",
                    }
                ]
            }
        ],
        "subject": {"reference": "Patient/p1"},
        "topic": {"text": "Sobre su cita"},
        "about": [{"reference": "Appointment/a1"}, {"reference": "Slot/s1"}, {"reference": "ServiceRequest/o1"}],
        "sent": "2026-03-01T03:00:00-05:00",
        "recipient": [{"reference": "Patient/p1"}],
        "sender": {"reference": "Organization/riverside"},
        "payload": [{"contentString": "Hola:\n\nLe guardamos un lugar."}],
    }
    assert CAMPAIGN == "urn:outreach:campaign"


def test_reading_it_back_loses_nothing() -> None:
    resource = communication(LETTER, **FACTS, sent=SENT)
    again = Communication.model_validate(resource)
    assert again.sent == SENT
    assert again.payload[0].contentString == LETTER.body


@pytest.mark.parametrize(
    ("sender", "expected"),
    [
        ("Organization/riverside", {"reference": "Organization/riverside"}),
        ("https://ehr.example.org/fhir/Organization/7", {"reference": "https://ehr.example.org/fhir/Organization/7"}),
        ("Riverside Health", {"display": "Riverside Health"}),
        ("", None),
    ],
)
def test_the_sender_is_a_reference_a_name_or_nobody(sender: str, expected: dict[str, str] | None) -> None:
    assert communication(LETTER, **FACTS, sent=SENT, sender=sender).get("sender") == expected


@pytest.mark.parametrize("missing", ["key", "person", "slot", "visit", "order"])
def test_a_message_about_nothing_is_refused(missing: str) -> None:
    """An invitation without an order does nothing; one without a slot promises nothing."""
    with pytest.raises(ValueError, match="needs its"):
        communication(LETTER, **{**FACTS, missing: ""}, sent=SENT)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        communication(LETTER, **FACTS, sent=SENT.replace(tzinfo=None))


def test_what_r4_does_not_allow_is_refused() -> None:
    with pytest.raises(ValueError, match="contentString"):
        communication(Letter("s", "", "es", "h"), **FACTS, sent=SENT)
