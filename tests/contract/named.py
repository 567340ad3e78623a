"""Questions: the searches that the engine sends about people, minutes before it writes to them."""

from __future__ import annotations

from urllib.parse import quote

from contract.ground import Ground
from contract.measures import Json, judged, measure, of, slot

PERSON = {"reference": "Patient/q1"}
PLANTED: list[Json] = [
    {"resourceType": "Patient", "id": "q1"},
    {"resourceType": "Patient", "id": "q2"},
    {"resourceType": "Consent", "id": "q-consent", "status": "active", "patient": PERSON}
    | {"scope": {"text": "privacy"}, "category": [{"text": "privacy"}], "policyRule": {"text": "opt-out"}},
    {"resourceType": "Consent", "id": "q-old", "status": "inactive", "patient": PERSON}
    | {"scope": {"text": "privacy"}, "category": [{"text": "privacy"}], "policyRule": {"text": "opt-out"}},
    {"resourceType": "ServiceRequest", "id": "q-order", "status": "active", "intent": "order", "subject": PERSON},
    {"resourceType": "Condition", "id": "q-condition", "subject": PERSON, "code": {"text": "a condition"}},
    {"resourceType": "Observation", "id": "q-observation", "status": "final", "subject": PERSON}
    | {"code": {"text": "a measurement"}},
    {"resourceType": "DiagnosticReport", "id": "q-report", "status": "final", "subject": PERSON}
    | {"code": {"text": "a report"}},
    {"resourceType": "Procedure", "id": "q-procedure", "status": "completed", "subject": PERSON},
    {"resourceType": "Appointment", "id": "q-visit", "status": "booked"}
    | {"start": "2027-03-01T10:00:00Z", "end": "2027-03-01T10:30:00Z"}
    | {"participant": [{"actor": PERSON, "status": "accepted"}]},
    slot("q-slot", status="busy-tentative", identifier=[{"system": "urn:outreach:hold", "value": "q"}]),
]
#: what the engine asks (post/recheck.py, post/messages.py, fhir/probe.py), and the ids it must find
ASKED = {
    "Patient?_id=q1,q2": ["q1", "q2"],
    "Consent?patient=Patient/q1,Patient/q2": ["q-consent", "q-old"],
    "ServiceRequest?patient=Patient/q1,Patient/q2": ["q-order"],
    "Appointment?_id=q-visit,q-none": ["q-visit"],
    **{
        f"{type_}?patient=Patient/q1,Patient/q2&_lastUpdated=gt2026-01-01T00:00:00.000Z": [id_]
        for type_, id_ in {
            "Condition": "q-condition",
            "Observation": "q-observation",
            "DiagnosticReport": "q-report",
            "Procedure": "q-procedure",
            "ServiceRequest": "q-order",
            "Appointment": "q-visit",
        }.items()
    },
    "Condition?patient=Patient/q2": [],
    "Slot?identifier=urn:outreach:hold|q": ["q-slot"],
    "Condition?patient=q1": ["q-condition"],  # not sent by the engine, because of what this answers
}


def _asked(query: str, right: list[str]) -> None:
    type_, _, form = query.partition("?")

    @measure(f"`{query}`, by POST".replace("|", "&#124;"), "right")
    def _(ground: Ground) -> str:
        ground.plant(*PLANTED)
        answer = ground.ask("POST", f"{type_}/_search", quote(form, safe="=&"))
        if answer.status_code != 200:
            return of(answer)
        return judged(sorted(entry["resource"]["id"] for entry in answer.json().get("entry", [])), right)


for _query, _right in ASKED.items():
    _asked(_query, _right)


@measure("`Consent?status=active` finds the active and not the inactive", "right")
def _(ground: Ground) -> str:
    ground.plant(*PLANTED)
    found = ground.found("Consent?status=active&_count=200")
    return "right" if "q-consent" in found and "q-old" not in found else "wrong"


@measure("an unknown parameter, with `Prefer: handling=strict`", "400")
def _(ground: Ground) -> str:
    answer = ground.ask("GET", "Patient?outreach-unknown=1", Prefer="handling=strict")
    if answer.status_code != 200:
        return of(answer)
    return "200, finds none" if not answer.json().get("entry") else "200, ignored"
