"""An exemplar person of a rule as FHIR resources, so that a case goes the way of the night."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from outreach.check.exemplar_case import Exemplar, Resource, concept, record_id
from outreach.check.exemplar_records import record
from outreach.rulebook.case import Case
from outreach.rulebook.model import Rule
from outreach.rulebook.terms import Code, ValueSet

_CORE = "http://hl7.org/fhir/us/core/StructureDefinition"
_BIRTHPLACE = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace"
_BIRTH_SEX = {"female": "F", "male": "M", "unknown": "UNK"}
#: Codes that US Core wants under ombCategory; all others are ``detailed``.
#: Source: http://hl7.org/fhir/us/core/ValueSet/omb-race-category, …/omb-ethnicity-category
_OMB = ("1002-5", "2028-9", "2054-5", "2076-8", "2106-3", "2135-2", "2186-5", "UNK", "ASKU", "OTH")


def resources(rule: Rule, case: Case, person: str, sets: Callable[[str], ValueSet | None]) -> Iterator[Resource]:
    """The Patient and every record of a case.

    Args:
        sets: value sets that the rule itself does not use.

    Raises:
        Refused: a result or a value set is not one the rule knows.
    """
    exemplar = Exemplar(rule, case, sets)
    yield _patient(exemplar, person)
    if case.given.opted_out:
        yield _opt_out(person)
    for index, fact in enumerate(case.given.facts):
        yield record(exemplar, fact, record_id(person, index), {"reference": f"Patient/{person}"})


def _patient(exemplar: Exemplar, person: str) -> Resource:
    given = exemplar.case.given
    plain = {"birthDate": given.born, "gender": given.sex, "deceasedDateTime": given.died}
    resource: Resource = {"resourceType": "Patient", "id": person} | {key: text for key, text in plain.items() if text}
    if given.language:
        language = {"coding": [{"system": "urn:ietf:bcp:47", "code": given.language}]}
        resource["communication"] = [{"language": language, "preferred": True}]
    extensions = list(_extensions(exemplar))
    return resource | ({"extension": extensions} if extensions else {})


def _extensions(exemplar: Exemplar) -> Iterator[Resource]:
    given = exemplar.case.given
    if given.birthplace:
        yield {"url": _BIRTHPLACE, "valueAddress": {"country": given.birthplace}}
    if given.sex_at_birth:
        yield {"url": f"{_CORE}/us-core-birthsex", "valueCode": _BIRTH_SEX[given.sex_at_birth]}
    for name, values in (("race", given.race), ("ethnicity", given.ethnicity)):
        if values:
            yield {"url": f"{_CORE}/us-core-{name}", "extension": _category(exemplar.codes(values)[0])}


def _category(code: Code) -> list[Resource]:
    part = "ombCategory" if code.code in _OMB else "detailed"
    return [
        {"url": part, "valueCoding": {"system": code.system, "code": code.code, "display": code.display}},
        {"url": "text", "valueString": code.display},
    ]


def _opt_out(person: str) -> Resource:
    scope = Code("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy", "Privacy Consent")
    return {
        "resourceType": "Consent",
        "id": f"{person}-c",
        "status": "active",
        "scope": concept(scope),
        "category": [concept(Code("http://loinc.org", "59284-0", "Consent Document"))],
        "patient": {"reference": f"Patient/{person}"},
        "provision": {"type": "deny"},
    }
