"""The records of an exemplar: one FHIR resource for each fact of ``given``, by its kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from outreach.check import exemplar_results
from outreach.check.exemplar_case import Exemplar, Resource, concept, period, when
from outreach.rulebook.case import GivenFact
from outreach.rulebook.records import SETTINGS
from outreach.rulebook.terms import Code

_TERMS = "http://terminology.hl7.org/CodeSystem"


def record(exemplar: Exemplar, fact: GivenFact, identity: str, person: Resource) -> Resource:
    """One fact as a resource with this id, about the patient that ``person`` refers to."""
    made = _MAKE[fact.kind](exemplar, fact, concept(exemplar.codes(fact.codes)[0]))
    whose = {"FamilyMemberHistory": "patient", "Coverage": "beneficiary"}.get(made["resourceType"], "subject")
    about: Resource = {whose: person}
    if made["resourceType"] == "Appointment":
        about = {"participant": [{"actor": person, "status": "accepted"}]}
    full = made | {"id": identity} | about
    return {key: value for key, value in full.items() if value not in ("", None, {}, [])}


def _sites(exemplar: Exemplar, fact: GivenFact) -> list[Resource]:
    return [concept(exemplar.codes(fact.site)[0])] if fact.site else []


def _condition(exemplar: Exemplar, fact: GivenFact, code: Resource) -> Resource:
    clinical = concept(Code(f"{_TERMS}/condition-clinical", fact.status, fact.status)) if fact.status else {}
    dates = {"onsetDateTime": fact.on, "abatementDateTime": fact.until}
    condition = {"resourceType": "Condition", "code": code, "clinicalStatus": clinical}
    return condition | dates | {"bodySite": _sites(exemplar, fact)}


def _refuted(exemplar: Exemplar, fact: GivenFact, code: Resource) -> Resource:
    verification = concept(Code(f"{_TERMS}/condition-ver-status", "refuted", "Refuted"))
    return _condition(exemplar, fact, code) | {"verificationStatus": verification}


def _procedure(exemplar: Exemplar, fact: GivenFact, code: Resource) -> Resource:
    procedure = {"resourceType": "Procedure", "status": fact.status or "completed", "code": code}
    return procedure | {"bodySite": _sites(exemplar, fact)} | when("performed", fact)


def _relative(_: Exemplar, fact: GivenFact, code: Resource) -> Resource:
    role = {"coding": [{"system": f"{_TERMS}/v3-RoleCode", "code": fact.value or "MTH"}]}
    family = {"resourceType": "FamilyMemberHistory", "status": fact.status or "completed", "date": fact.on}
    return family | {"relationship": role, "condition": [{"code": code}]}


def _order(_: Exemplar, fact: GivenFact, code: Resource) -> Resource:
    order = {"resourceType": "ServiceRequest", "status": fact.status or "active", "intent": "order", "code": code}
    return order | {"authoredOn": fact.on, "requester": {"reference": "Practitioner/1"}}


def _device(_: Exemplar, fact: GivenFact, code: Resource) -> Resource:
    order = {"resourceType": "DeviceRequest", "status": fact.status or "active", "intent": "order"}
    return order | {"codeCodeableConcept": code, "authoredOn": fact.on}


def _medicine(_: Exemplar, fact: GivenFact, code: Resource) -> Resource:
    order = {"resourceType": "MedicationRequest", "status": fact.status or "active", "intent": "order"}
    return order | {"medicationCodeableConcept": code, "authoredOn": fact.on, "dispenseRequest": _supply(fact)}


def _supply(fact: GivenFact) -> Resource:
    """So many days that the last one is ``until``."""
    if not fact.until:
        return {}
    days = (date.fromisoformat(fact.until) - date.fromisoformat(fact.on)).days + 1
    return {"expectedSupplyDuration": {"value": days, "unit": "d", "system": "http://unitsofmeasure.org", "code": "d"}}


def _visit(exemplar: Exemplar, fact: GivenFact, code: Resource) -> Resource:
    visit = {"resourceType": "Encounter", "status": fact.status or "finished", "type": [code]}
    setting = {"system": f"{_TERMS}/v3-ActCode", "code": SETTINGS[fact.setting][0]} if fact.setting else {}
    went = concept(exemplar.codes(fact.discharged_to)[0]) if fact.discharged_to else {}
    days = {"start": fact.on, "end": fact.until or fact.on} if fact.on else {}
    return visit | {"class": setting, "period": days, "hospitalization": went and {"dischargeDisposition": went}}


def _coverage(_: Exemplar, fact: GivenFact, code: Resource) -> Resource:
    coverage = {"resourceType": "Coverage", "status": fact.status or "active", "type": code}
    return coverage | {"payor": [{"display": "a payer"}], "period": period(fact)}


def _appointment(_: Exemplar, fact: GivenFact, code: Resource) -> Resource:
    booked = {"resourceType": "Appointment", "status": fact.status or "booked", "serviceType": [code]}
    return booked | {"start": f"{fact.on}T16:00:00Z", "end": f"{fact.on}T16:30:00Z"}


_MAKE: dict[str, Callable[[Exemplar, GivenFact, Resource], Resource]] = {
    "condition": _condition,
    "refuted": _refuted,
    "procedure": _procedure,
    "report": exemplar_results.report,
    "lab": exemplar_results.lab,
    "finding": exemplar_results.finding,
    "date": exemplar_results.date,
    "relative": _relative,
    "order": _order,
    "visit": _visit,
    "medicine": _medicine,
    "device": _device,
    "coverage": _coverage,
    "appointment": _appointment,
}
