"""The real sekmet-fhir server for integration tests: what ``outreach demo`` starts, on a folder of the test's own.

with running(tmp_path) as client:
    client.total("Patient")
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from outreach.demo.server import sekmet
from outreach.fhir.client import FhirClient

#: What may be held by whoever asks first.
SLOT: dict[str, Any] = {
    "resourceType": "Slot",
    "id": "s1",
    "schedule": {"display": "room"},
    "status": "free",
    "start": "2026-03-01T10:00:00Z",
    "end": "2026-03-01T10:30:00Z",
}


@contextmanager
def running(folder: Path, resources: Iterable[dict[str, Any]] = ()) -> Iterator[FhirClient]:
    """A client of a server that holds ``resources``, each under its own id."""
    with sekmet(folder / "sekmet") as base:
        client = FhirClient(base, deadline_s=30)
        put(client, resources)
        yield client


def put(client: FhirClient, resources: Iterable[dict[str, Any]]) -> None:
    """Puts resources on the server; fails when it refuses one."""
    entries = [
        {"resource": each, "request": {"method": "PUT", "url": f"{each['resourceType']}/{each['id']}"}}
        for each in resources
    ]
    statuses = [answer["response"]["status"] for answer in client.batch(entries)] if entries else []
    assert all(status.startswith("20") for status in statuses), statuses
