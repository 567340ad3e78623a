"""An exemplar person of a rule as FHIR resources, so that a case goes the way of the night."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from outreach.errors import Problem, Refused
from outreach.rulebook.model import Case, Code, GivenFact, Rule, ValueSet

Resource = dict[str, Any]


def resources(rule: Rule, case: Case, person: str, sets: Callable[[str], ValueSet | None]) -> Iterator[Resource]:
    """The Patient and every record of a case.

    Raises:
        Refused: a scan's result or a value set is not one the rule knows.
    """
    yield _patient(case, person)
    if case.given.opted_out:
        yield _opt_out(person)
    for index, fact in enumerate(case.given.facts):
        values = sets(fact.codes)
        if values is None:
            continue
        yield _record(rule, case, fact, values, {"id": f"{person}-{index}", "subject": _ref(person)})


def _ref(person: str) -> Resource:
    return {"reference": f"Patient/{person}"}


def _patient(case: Case, person: str) -> Resource:
    given, country = case.given, "http://hl7.org/fhir/StructureDefinition/patient-birthPlace"
    resource: Resource = {"resourceType": "Patient", "id": person}
    if given.born:
        resource["birthDate"] = given.born
    if given.sex:
        resource["gender"] = given.sex
    if given.died:
        resource["deceasedDateTime"] = given.died
    if given.birthplace:
        resource["extension"] = [{"url": country, "valueAddress": {"country": given.birthplace}}]
    return resource


def _opt_out(person: str) -> Resource:
    scope = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}]}
    return {
        "resourceType": "Consent",
        "id": f"{person}-c",
        "status": "active",
        "scope": scope,
        "patient": _ref(person),
        "provision": {"type": "deny"},
    }


def _record(rule: Rule, case: Case, fact: GivenFact, values: ValueSet, base: Resource) -> Resource:
    make = {
        "condition": _condition,
        "refuted": _refuted,
        "procedure": _procedure,
        "lab": _lab,
        "relative": _relative,
        "order": _order,
        "appointment": _appointment,
    }
    if fact.kind == "report":
        return _report(rule, case, fact, values, base)
    return make[fact.kind](fact, _concept(values.codes[0]), base)


def _concept(code: Code) -> Resource:
    return {"coding": [{"system": code.system, "code": code.code, "display": code.display}]}


def _condition(fact: GivenFact, code: Resource, base: Resource) -> Resource:
    return {"resourceType": "Condition", **base, "code": code} | ({"onsetDateTime": fact.on} if fact.on else {})


def _refuted(fact: GivenFact, code: Resource, base: Resource) -> Resource:
    system = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
    return _condition(fact, code, base) | {"verificationStatus": {"coding": [{"system": system, "code": "refuted"}]}}


def _procedure(fact: GivenFact, code: Resource, base: Resource) -> Resource:
    return {"resourceType": "Procedure", **base, "status": "completed", "code": code, "performedDateTime": fact.on}


def _lab(fact: GivenFact, code: Resource, base: Resource) -> Resource:
    value = {"value": float(fact.value or "nan"), "unit": fact.unit}
    value |= {"system": "http://unitsofmeasure.org", "code": fact.unit}
    observation = {"resourceType": "Observation", **base, "status": "final", "code": code, "valueQuantity": value}
    return observation | {"effectiveDateTime": fact.on}


def _relative(fact: GivenFact, code: Resource, base: Resource) -> Resource:
    role = {"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": fact.value or "MTH"}
    family = {"resourceType": "FamilyMemberHistory", "id": base["id"], "patient": base["subject"]}
    return family | {"status": "completed", "relationship": {"coding": [role]}, "condition": [{"code": code}]}


def _order(fact: GivenFact, code: Resource, base: Resource) -> Resource:
    order = {"resourceType": "ServiceRequest", **base, "status": "active", "intent": "order", "code": code}
    return order | {"authoredOn": fact.on, "requester": {"reference": "Practitioner/1"}}


def _appointment(fact: GivenFact, code: Resource, base: Resource) -> Resource:
    people = [{"actor": base["subject"], "status": "accepted"}]
    booked = {"resourceType": "Appointment", "id": base["id"], "status": "booked", "participant": people}
    times = {"start": f"{fact.on}T16:00:00Z", "end": f"{fact.on}T16:30:00Z"}
    return booked | {"serviceType": [code]} | times


def _report(rule: Rule, case: Case, fact: GivenFact, values: ValueSet, base: Resource) -> Resource:
    report: Resource = {
        "resourceType": "DiagnosticReport",
        **base,
        "status": "final",
        "code": _concept(values.codes[0]),
    }
    report["effectiveDateTime"] = fact.on
    if fact.value in ("", "uncoded"):
        return report | {"conclusion": "See text."}
    known = [
        code
        for kind in rule.counts
        if fact.codes in (kind.report, kind.procedure)
        for code in rule.value_sets[kind.results].codes
    ]
    found = next((code for code in known if code.code == fact.value), None)
    if found is None:
        what = f"“{fact.value}” is not a result of {fact.codes}"
        hint = f"One of: uncoded, {', '.join(code.code for code in known)}."
        raise Refused([Problem(rule.path, case.line, case.column, what, "unknown-result", hint)])
    return report | {"conclusionCode": [_concept(found)]}
