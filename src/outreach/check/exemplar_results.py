"""Results of an exemplar: reports and observations, with each kind of value."""

from __future__ import annotations

from outreach.check.exemplar_case import Exemplar, Resource, concept, when
from outreach.rulebook.case import GivenFact


def report(exemplar: Exemplar, fact: GivenFact, code: Resource) -> Resource:
    report = {"resourceType": "DiagnosticReport", "status": fact.status or "final", "code": code}
    if fact.value in ("", "uncoded"):
        return report | when("effective", fact) | {"conclusion": "See text."}
    return report | when("effective", fact) | {"conclusionCode": [concept(exemplar.result(fact))]}


def _observation(fact: GivenFact, code: Resource) -> Resource:
    observation = {"resourceType": "Observation", "status": fact.status or "final", "code": code}
    return observation | when("effective", fact)


def lab(_: Exemplar, fact: GivenFact, code: Resource) -> Resource:
    value = {"value": float(fact.value or "nan"), "unit": fact.unit}
    quantity = value | {"system": "http://unitsofmeasure.org", "code": fact.unit}
    return _observation(fact, code) | {"valueQuantity": quantity}


def finding(exemplar: Exemplar, fact: GivenFact, code: Resource) -> Resource:
    if fact.value in ("", "uncoded"):
        return _observation(fact, code) | {"valueString": fact.value and "See text."}
    return _observation(fact, code) | {"valueCodeableConcept": concept(exemplar.result(fact))}


def date(_: Exemplar, fact: GivenFact, code: Resource) -> Resource:
    return _observation(fact, code) | {"valueDateTime": fact.value}
