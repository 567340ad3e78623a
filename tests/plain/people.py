"""Whose records are whose: merged Patients lead to their survivor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from plain.fhir import Json, Resource, every, patients, text
from plain.records import Fact, facts

_ABOUT = (("subject",), ("patient",), ("beneficiary",), ("participant", "actor"))


@dataclass(frozen=True)
class Person:
    """One Patient record and all that is told of them.

    ``standing``: "merged" into another; "adrift" when the links end at nobody known. ``patients``: their own
    record and those merged into it.
    """

    id: str
    patient: Resource
    standing: Literal["own", "merged", "adrift"]
    patients: tuple[Resource, ...]
    records: tuple[Resource, ...]

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        return tuple(fact for resource in self.records for fact in facts(resource))

    def of_type(self, name: str) -> list[Resource]:
        return [resource for resource in self.records if text(resource, "resourceType") == name]


def people(resources: Iterable[Resource]) -> list[Person]:
    """Everyone of whom there is a Patient record, in the order given."""
    resources = list(resources)
    known = {text(resource, "id"): resource for resource in resources if text(resource, "resourceType") == "Patient"}
    ends = {id_: _end(id_, known) for id_ in known}
    own: dict[str, list[Resource]] = {id_: [] for id_ in known}
    for resource in resources:
        about = next((found for place in _ABOUT for found in patients(resource, *place)), "")
        if text(resource, "resourceType") != "Patient" and about in known:
            own[ends[about] or about].append(resource)
    return [_person(id_, known, ends, own) for id_ in known]


def _person(id_: str, known: Mapping[str, Resource], ends: Mapping[str, str], own: dict[str, list[Resource]]) -> Person:
    standing: Literal["own", "merged", "adrift"] = "own"
    if _replaced(known[id_]):
        standing = "merged" if ends[id_] else "adrift"
    merged = tuple(known[other] for other in known if (ends[other] or other) == id_)
    return Person(id_, known[id_], standing, merged, tuple(own[id_]))


def _replaced(patient: Resource) -> list[Json]:
    return [link for link in every(patient, "link") if text(link, "type") == "replaced-by"]


def _successor(patient: Resource) -> str:
    return next((found for link in _replaced(patient) for found in patients(link, "other")), "")


def _end(id_: str, known: Mapping[str, Resource]) -> str:
    """Where a chain of merges ends; "" where it loops or ends at nobody known."""
    seen: set[str] = set()
    while id_ in known and id_ not in seen:
        seen.add(id_)
        if not _replaced(known[id_]):
            return id_
        id_ = _successor(known[id_])
    return ""
