"""FHIR resources from planned facts."""

from __future__ import annotations

from functools import singledispatch

from outreach.synth import shapes
from outreach.synth.codes import Code
from outreach.synth.facts import Choice, Diagnosis, Fact, Lab, Operation, Order, Relative, Report, Visit
from outreach.synth.places import Home
from outreach.synth.shapes import HL7

Shaped = tuple[str, str, str, dict[str, str]]  #: resource type, letter of its ids, template, holes of its own


def codings(codes: tuple[Code, ...]) -> str:
    """A JSON array of codings."""
    each = (f'{{"system":"{c.system}","code":"{c.code}","display":"{c.display}"}}' for c in codes)
    return f"[{','.join(each)}]"


def status_member(element: str, code: str) -> str:
    """A Condition's clinicalStatus or verificationStatus; an empty code leaves it out."""
    system = HL7 + {"clinicalStatus": "condition-clinical", "verificationStatus": "condition-ver-status"}[element]
    return f'"{element}":{{"coding":[{{"system":"{system}","code":"{code}"}}]}},' if code else ""


def _coded(*codes: Code) -> dict[str, str]:
    return {"coding": codings(codes), "shown": codes[0].display}


@singledispatch
def _shape(fact: Fact, by: str) -> Shaped:
    raise TypeError(type(fact).__name__)


@_shape.register
def _diagnosis(fact: Diagnosis, by: str) -> Shaped:
    statuses = {
        "clinical": status_member("clinicalStatus", fact.clinical),
        "verification": status_member("verificationStatus", fact.verification),
    }
    holes = {"category": "problem-list-item", "coding": f'"coding":{codings(fact.codes)},', "when": fact.when}
    return "Condition", "c", shapes.CONDITION, statuses | holes | {"shown": fact.codes[0].display}


@_shape.register
def _lab(fact: Lab, by: str) -> Shaped:
    holes = {"status": fact.status, "category": "laboratory", "when": fact.when, "value": fact.value}
    return "Observation", "o", shapes.OBSERVATION, holes | _coded(fact.code)


@_shape.register
def _report(fact: Report, by: str) -> Shaped:
    told = {
        "conclusion": f'"conclusion":"{fact.conclusion}",' if fact.conclusion else "",
        "result": f'"conclusionCode":[{{"coding":{codings((fact.result,))}}}],' if fact.result else "",
    }
    holes = {"status": fact.status, "category": "RAD", "when": fact.when}
    return "DiagnosticReport", "d", shapes.REPORT, told | holes | _coded(fact.code)


@_shape.register
def _operation(fact: Operation, by: str) -> Shaped:
    return "Procedure", "r", shapes.PROCEDURE, {"status": fact.status, "when": fact.when} | _coded(fact.code)


@_shape.register
def _order(fact: Order, by: str) -> Shaped:
    requester = f'"requester":{{"reference":"Practitioner/{by}"}},' if fact.requester else ""
    holes = {"status": fact.status, "on": fact.on, "requester": requester}
    return "ServiceRequest", "s", shapes.ORDER, holes | _coded(fact.code)


def at_place(place: str) -> str:
    """A further participant, the Location; nothing when there is none."""
    if not place:
        return ""
    return f',{{"actor":{{"reference":"Location/{place}"}},"required":"required","status":"accepted"}}'


@_shape.register
def _visit(fact: Visit, by: str) -> Shaped:
    holes = {"status": fact.status, "start": fact.start, "end": fact.end, "place": at_place(fact.place)}
    return "Appointment", "a", shapes.VISIT, holes | _coded(fact.service)


@_shape.register
def _choice(fact: Choice, by: str) -> Shaped:
    policy = "OPTOUT" if fact.provision == "deny" else "OPTIN"
    holes = {"status": fact.status, "scope": fact.scope, "on": fact.on}
    return "Consent", "k", shapes.CHOICE, holes | {"policy": policy, "provision": fact.provision}


@_shape.register
def _relative(fact: Relative, by: str) -> Shaped:
    kin = {"relationship": codings((fact.relationship,)), "kin": fact.relationship.display}
    holes = {"status": fact.status, "on": fact.on}
    return "FamilyMemberHistory", "f", shapes.RELATIVE, kin | holes | _coded(*fact.codes)


def render(fact: Fact, patient: str, number: int, home: Home, practitioner: str) -> tuple[str, str]:
    """(resource type, JSON) of one fact; ``number`` counts the facts of one record, whatever their type."""
    kind, letter, text, holes = _shape(fact, practitioner)
    where = {"patient": patient, "organization": home.organization, "practitioner": practitioner}
    return kind, text % (holes | where | {"id": f"{patient}-{letter}{number}"})
