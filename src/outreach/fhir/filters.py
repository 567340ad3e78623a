"""What we asked for, asked again of each row that came back: a server that ignores a filter must not widen anything."""

from __future__ import annotations

import re
from collections.abc import Sequence

from outreach.fhir.dialect import Resource, has_identifier, patients_of, reference_id

Params = Sequence[tuple[str, str]]

#: Search parameters whose values can name a person. They travel in a form, never in an address.
_IDENTIFYING = (
    {"_id", "identifier", "patient", "subject", "beneficiary", "actor", "participant", "individual", "recipient"}
    | {"sender", "for", "focus", "entity", "name", "family", "given", "birthdate", "death-date", "phone", "email"}
    | {"telecom", "address", "_has", "_text", "_content"}
)


def identifies(params: Params) -> bool:
    """Whether a search may name a person, also through a chain (``subject.name``) or modifier (``patient:Patient``)."""
    return any(_base_name(key) in _IDENTIFYING or key.startswith("address-") for key, _ in params)


def outside(resource: Resource, params: Params) -> bool:
    """Whether a row plainly breaks one of the criteria it was found by.

    Judged: plain ``_id``, ``identifier`` (system and value), ``patient``, ``subject`` and ``beneficiary`` (a Patient),
    ``status``, ``schedule``. All else is taken on trust here.
    """
    return any(not _fits(resource, key, value) for key, value in params if "\\" not in value)


def _fits(resource: Resource, key: str, value: str) -> bool:
    values = value.split(",")
    match key:
        case "_id":
            return resource.get("id") in values
        case "identifier":
            pairs = [each.split("|") for each in values]
            return any(len(pair) != 2 or not all(pair) or has_identifier(resource, *pair) for pair in pairs)
        case "patient" | "subject" | "beneficiary":
            ids = [reference_id(each, "Patient") or ("" if "/" in each else each) for each in values]
            return not all(ids) or bool(patients_of(resource).intersection(ids))
        case "status":
            return resource.get("status") in [each.rpartition("|")[2] for each in values]
        case "schedule":
            return reference_id(resource.get("schedule"), "Schedule") in [each.rpartition("/")[2] for each in values]
        case _:
            return True


def _base_name(key: str) -> str:
    return re.split(r"[:.]", key, maxsplit=1)[0]
