"""Loads a folder of ``<Type>.ndjson`` onto a server that has nothing of it yet, or the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from outreach.errors import Refused, ServerFault
from outreach.fhir.client import FhirClient
from outreach.fhir.dialect import Resource

#: What others refer to comes before them: a server may refuse a reference to what it has not got.
_PLACES = ("Organization", "Location", "Practitioner", "PractitionerRole", "HealthcareService")
_PEOPLE = ("Patient", "RelatedPerson", "Coverage", "Consent", "Flag", "Encounter", "Condition")
_FACTS = ("Procedure", "ServiceRequest", "Observation", "DiagnosticReport", "MedicationRequest", "FamilyMemberHistory")
ORDER = (*_PLACES, *_PEOPLE, *_FACTS, "Schedule", "Slot", "Appointment")
BUNDLE = 200


def load(client: FhirClient, folder: Path, progress: Callable[[str, int], object] | None = None) -> dict[str, int]:
    """Puts every resource of every ``<Type>.ndjson`` (and ``<Type>.2.ndjson``…) under its own id; returns rows by type.

    ``progress`` is told the type and its rows so far after each bundle of 200.

    Raises:
        Refused: the folder has no such files.
        ServerFault: the server refused some; the message gives the type and how many, never which.
    """
    files = sorted((path for path in folder.glob("*.ndjson") if path.name[0].isupper()), key=_place)
    if not files:
        raise Refused(f"The folder {folder.name} holds no <Type>.ndjson to load.")
    loaded: dict[str, int] = {}
    for path in files:
        type_ = path.name.split(".")[0]
        for bundle in _bundles(path):
            _put(client, type_, bundle)
            loaded[type_] = loaded.get(type_, 0) + len(bundle)
            if progress:
                progress(type_, loaded[type_])
    return loaded


def _place(path: Path) -> tuple[int, str]:
    type_ = path.name.split(".")[0]
    return (ORDER.index(type_) if type_ in ORDER else len(ORDER), path.name)


def _bundles(path: Path) -> Iterator[list[Resource]]:
    """The rows of a file, a bundle's worth at a time."""
    with path.open("rb") as lines:
        rows = (json.loads(line) for line in lines if line.strip())
        while bundle := list(islice(rows, BUNDLE)):
            yield bundle


def _put(client: FhirClient, type_: str, rows: list[Resource]) -> None:
    requests = [{"method": "PUT", "url": f"{row['resourceType']}/{row['id']}"} for row in rows]
    answers = client.batch([{"resource": row, "request": request} for row, request in zip(rows, requests, strict=True)])
    statuses = [str(answer.get("response", {}).get("status", "")) for answer in answers]
    refused = [status for status in statuses if not status.startswith(("200", "201"))]
    if refused:
        raise ServerFault(f"Loading {type_}: the server refused {len(refused)} of {len(rows)} ({refused[0][:3]}).")
