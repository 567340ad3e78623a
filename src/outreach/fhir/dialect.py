"""Small readers at the JSON edge: what a resource says, in the few forms that servers say it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

Resource: TypeAlias = dict[str, Any]
"""A FHIR resource or element as JSON. Only ``fhir``, ``pull`` and ``post`` handle them."""

_REFERENCE = re.compile(r"(?:^|/)([A-Z][A-Za-z]+)/([A-Za-z0-9\-.]{1,64})(?:/_history/[^/]+)?$")


def elements(resource: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    """The elements of a list that are elements at all."""
    listed = resource.get(name)
    return (each for each in (listed if isinstance(listed, list) else []) if isinstance(each, Mapping))


def reference_id(reference: object, type_: str) -> str | None:
    """The bare id in a reference to ``type_``; None for any other reference, or none.

    Takes a Reference element or its text: ``Patient/123``, ``https://host/fhir/Patient/123/_history/2``.
    """
    found = reference_to(reference.get("reference") if isinstance(reference, Mapping) else reference)
    return found[1] if found and found[0] == type_ else None


def reference_to(text: object) -> tuple[str, str] | None:
    """The type and id in the text of a reference; None when it is none."""
    found = _REFERENCE.search(text) if isinstance(text, str) else None
    return (found[1], found[2]) if found else None


def patients_of(resource: Mapping[str, Any]) -> set[str]:
    """The ids of the Patients a resource is about: subject, patient, beneficiary, participants."""
    about = [resource.get(name) for name in ("subject", "patient", "beneficiary", "individual")]
    about += [participant.get("actor") for participant in elements(resource, "participant")]
    return {id_ for reference in about if (id_ := reference_id(reference, "Patient"))}


def has_identifier(resource: Mapping[str, Any], system: str, value: str) -> bool:
    """Whether the resource carries this identifier."""
    return any(one.get("system") == system and one.get("value") == value for one in elements(resource, "identifier"))


def is_deceased(patient: Mapping[str, Any]) -> bool:
    """Whether the record tells of a death: ``deceasedBoolean`` not false, or ``deceasedDateTime`` in any form."""
    if any("deceasedDateTime" in name for name in patient):
        return True
    return patient.get("deceasedBoolean", False) is not False


def replaced_by(patient: Mapping[str, Any]) -> str | None:
    """The id of the Patient this one was merged into; None when it was not merged.

    An empty string when it was merged and the record does not say into whom.
    """
    for link in elements(patient, "link"):
        if link.get("type") == "replaced-by":
            return reference_id(link.get("other"), "Patient") or ""
    return None


def opted_out(consents: Iterable[Mapping[str, Any]]) -> bool:
    """Whether one of a person's Consents is active, refuses, and is no mere refusal of research or a living will.

    It refuses when its provision denies, or says nothing under an opt-out policy, as HL7's own examples write it:
    http://terminology.hl7.org/CodeSystem/v3-ActCode#OPTOUT
    """
    return any(
        consent.get("status") == "active"
        and _refuses(consent)
        and _first_code(consent.get("scope")) not in ("research", "adr")
        for consent in consents
    )


def _refuses(consent: Mapping[str, Any]) -> bool:
    rules = elements(_mapping(consent.get("policyRule")), "coding")
    provision = _mapping(consent.get("provision")).get("type")
    return provision == "deny" or (provision is None and any(rule.get("code") == "OPTOUT" for rule in rules))


def etag_of(resource: Mapping[str, Any], headers: Mapping[str, str]) -> str:
    """The version as If-Match wants it: the ETag header, else ``meta.versionId``; empty if the server keeps neither."""
    version = _mapping(resource.get("meta")).get("versionId")
    return headers.get("ETag", "") or (f'W/"{version}"' if version else "")


def token(system: str, value: str) -> str:
    """A token search value, with its special characters escaped. https://hl7.org/fhir/R4/search.html#escaping"""
    return "|".join(re.sub(r"([\\|,$])", r"\\\1", part) for part in (system, value))


def bad_issues(outcome: Mapping[str, Any]) -> bool:
    """Whether an OperationOutcome tells of an error, and not only of a warning."""
    return any(issue.get("severity") in ("error", "fatal") for issue in elements(outcome, "issue"))


def _first_code(concept: object) -> object:
    return next((coding["code"] for coding in elements(_mapping(concept), "coding") if coding.get("code")), None)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
