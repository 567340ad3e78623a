"""The shapes of clinical resources, as templates. Holes are named for what fills them."""

from __future__ import annotations

from outreach.synth.template import concept, narrative, template

HL7 = "http://terminology.hl7.org/CodeSystem/"
_SUBJECT = {"reference": "Patient/<<patient>>"}
_STAFF = {"reference": "Practitioner/<<practitioner>>"}
_ORGANIZATION = {"reference": "Organization/<<organization>>"}

CONDITION = template(
    {
        "resourceType": "Condition",
        "id": "<<id>>",
        "text": narrative("<<shown>>, on the problem list of <<patient>>. Synthetic."),
        "identifier": [{"system": "urn:outreach:synthetic-problem", "value": "<<id>>"}],
        "{{clinical}}": 0,
        "{{verification}}": 0,
        "category": [concept(HL7 + "condition-category", "<<category>>")],
        "code": {"{{coding}}": 0, "text": "<<shown>>"},
        "subject": _SUBJECT,
        "{{when}}": 0,
        "recorder": _STAFF,
        "asserter": _STAFF,
        "note": [{"text": "Carried over from the previous record system. Reviewed with the patient at the visit."}],
    }
)
OBSERVATION = template(
    {
        "resourceType": "Observation",
        "id": "<<id>>",
        "text": narrative("<<shown>> of <<patient>>, measured by the laboratory of <<organization>>. Synthetic."),
        "identifier": [
            {"use": "official", "system": "urn:outreach:synthetic-result", "value": "<<id>>", "assigner": _ORGANIZATION}
        ],
        "status": "<<status>>",
        "category": [concept(HL7 + "observation-category", "<<category>>")],
        "code": {"coding": "{{coding}}", "text": "<<shown>>"},
        "subject": _SUBJECT,
        "{{when}}": 0,
        "{{value}}": 0,
        "performer": [_ORGANIZATION, _STAFF],
    }
)
REPORT = template(
    {
        "resourceType": "DiagnosticReport",
        "id": "<<id>>",
        "text": narrative("<<shown>> of <<patient>>. See the conclusion. Synthetic."),
        "identifier": [{"system": "urn:outreach:synthetic-accession", "value": "<<id>>", "assigner": _ORGANIZATION}],
        "status": "<<status>>",
        "category": [concept(HL7 + "v2-0074", "<<category>>")],
        "code": {"coding": "{{coding}}", "text": "<<shown>>"},
        "subject": _SUBJECT,
        "{{when}}": 0,
        "{{conclusion}}": 0,
        "{{result}}": 0,
        "performer": [_ORGANIZATION],
        "resultsInterpreter": [_STAFF],
    }
)
PROCEDURE = template(
    {
        "resourceType": "Procedure",
        "id": "<<id>>",
        "text": narrative("<<shown>> of <<patient>>. Synthetic."),
        "identifier": [{"system": "urn:outreach:synthetic-charge", "value": "<<id>>"}],
        "status": "<<status>>",
        "code": {"coding": "{{coding}}", "text": "<<shown>>"},
        "subject": _SUBJECT,
        "{{when}}": 0,
        "recorder": _STAFF,
        "performer": [{"actor": _STAFF, "onBehalfOf": _ORGANIZATION}],
    }
)
ORDER = template(
    {
        "resourceType": "ServiceRequest",
        "id": "<<id>>",
        "identifier": [{"system": "urn:outreach:synthetic-order", "value": "<<id>>"}],
        "status": "<<status>>",
        "intent": "order",
        "priority": "routine",
        "code": {"coding": "{{coding}}", "text": "<<shown>>"},
        "subject": _SUBJECT,
        "authoredOn": "<<on>>",
        "{{requester}}": 0,
        "performer": [_ORGANIZATION],
    }
)
VISIT = template(
    {
        "resourceType": "Appointment",
        "id": "<<id>>",
        "text": narrative("<<shown>> for <<patient>>. Synthetic."),
        "identifier": [{"system": "urn:outreach:synthetic-appointment", "value": "<<id>>"}],
        "status": "<<status>>",
        "serviceType": [{"coding": "{{coding}}", "text": "<<shown>>"}],
        "start": "<<start>>",
        "end": "<<end>>",
        "participant": [
            {"actor": _SUBJECT, "required": "required", "status": "accepted"},
            {"actor": _STAFF, "required": "required", "status": "accepted"},
            "{{place}}",
        ],
    }
).replace(",%(place)s", "%(place)s")
CHOICE = template(
    {
        "resourceType": "Consent",
        "id": "<<id>>",
        "status": "<<status>>",
        "scope": concept(HL7 + "consentscope", "<<scope>>"),
        "category": [concept("http://loinc.org", "59284-0", "Consent Document")],
        "patient": _SUBJECT,
        "dateTime": "<<on>>",
        "organization": [_ORGANIZATION],
        "policyRule": concept(HL7 + "v3-ActCode", "<<policy>>"),
        "provision": {"type": "<<provision>>"},
    }
)
RELATIVE = template(
    {
        "resourceType": "FamilyMemberHistory",
        "id": "<<id>>",
        "status": "<<status>>",
        "patient": _SUBJECT,
        "date": "<<on>>",
        "relationship": {"coding": "{{relationship}}", "text": "<<kin>>"},
        "condition": [{"code": {"coding": "{{coding}}", "text": "<<shown>>"}}],
    }
)
MEDICATION = template(
    {
        "resourceType": "MedicationRequest",
        "id": "<<id>>",
        "text": narrative("<<shown>> for <<patient>>. Synthetic."),
        "status": "<<status>>",
        "intent": "order",
        "medicationCodeableConcept": {"coding": "{{coding}}", "text": "<<shown>>"},
        "subject": _SUBJECT,
        "authoredOn": "<<on>>",
        "requester": _STAFF,
        "dosageInstruction": [{"text": "As directed"}],
    }
)
COVERAGE = template(
    {
        "resourceType": "Coverage",
        "id": "<<id>>",
        "status": "active",
        "type": {"coding": [{"system": "https://nahdo.org/sopt", "code": "<<code>>", "display": "<<shown>>"}]},
        "subscriberId": "<<id>>",
        "beneficiary": _SUBJECT,
        "relationship": concept(HL7 + "subscriber-relationship", "self"),
        "period": {"start": "<<on>>"},
        "payor": [{"reference": "Organization/payer-<<code>>"}],
    }
)
