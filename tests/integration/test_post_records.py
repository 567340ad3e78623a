"""What a hospital's server holds of one person and of one slot."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from outreach.fhir.dialect import Resource

PORTAL = "urn:test:portal"
SOON = datetime.now(UTC).replace(hour=15, minute=0, second=0, microsecond=0) + timedelta(days=4)


def text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def patient(id_: str, portal: bool, language: str) -> Resource:
    account = {"identifier": [{"system": PORTAL, "value": f"account-{id_}"}]} if portal else {}
    return {
        "resourceType": "Patient",
        "id": id_,
        "active": True,
        "name": [{"family": "Ríos", "given": ["Ana"]}],
        "telecom": [{"system": "phone", "value": "555-0100", "use": "home"}],
        "communication": [{"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": language}]}}],
        **account,
    }


def order(id_: str) -> Resource:
    return {
        "resourceType": "ServiceRequest",
        "id": f"{id_}-order",
        "status": "active",
        "intent": "order",
        "subject": {"reference": f"Patient/{id_}"},
        "requester": {"reference": "Practitioner/hepatologist"},
    }


def visit(id_: str) -> Resource:
    return {
        "resourceType": "Appointment",
        "id": f"{id_}-visit",
        "status": "booked",
        "end": text(SOON + timedelta(hours=1)),
        "participant": [
            {"actor": {"reference": f"Patient/{id_}"}, "status": "accepted"},
            {"actor": {"reference": "Location/clinic"}, "status": "accepted"},
        ],
    }


def slot(id_: str, start: datetime) -> Resource:
    end = start + timedelta(minutes=30)
    schedule = {"reference": "Schedule/clinic"}
    return {
        "resourceType": "Slot",
        "id": id_,
        "schedule": schedule,
        "status": "free",
        "start": text(start),
        "end": text(end),
    }
