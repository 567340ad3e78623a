"""Pulling from HAPI, a second real server: opaque next links, files without counts, totals on some pages only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from outreach.doctor import examine
from outreach.fhir.client import FhirClient
from outreach.pull import Poll, pull
from servers.hapi_server import hapi_available, hapi_server
from servers.sekmet_server import put

pytestmark = pytest.mark.hapi
TYPES = ["Patient", "Condition", "FamilyMemberHistory", "Observation"]


@pytest.fixture(scope="module")
def client() -> Iterator[FhirClient]:
    if reason := hapi_available():
        pytest.skip(reason)
    with hapi_server() as base:
        client = FhirClient(base)
        people = [{"resourceType": "Patient", "id": f"p{n}"} for n in range(450)]
        about = {"reference": "Patient/p7"}
        relation = {"coding": [{"code": "FTH"}]}
        family = {"status": "completed", "patient": about, "relationship": relation}
        put(client, people)
        put(client, [{"resourceType": "Condition", "id": f"c{n}", "subject": about} for n in range(5)])
        put(client, [{"resourceType": "FamilyMemberHistory", "id": "f0", **family}])
        yield client


def landed(folder: Path) -> dict[tuple[str, str], Any]:
    rows = [json.loads(line) for path in folder.glob("*.ndjson") for line in path.read_text().splitlines()]
    found = {(row["resourceType"], row["id"]): row for row in rows}
    assert len(found) == len(rows)
    return found


def test_both_ways_land_the_same_resources(client: FhirClient, tmp_path: Path) -> None:
    poll = Poll(most_s=0.5)
    by_bulk = pull(client, TYPES, tmp_path / "bulk", poll=poll, now=lambda: datetime.now(UTC))
    by_search = pull(client, TYPES, tmp_path / "search", prefer_bulk=False, now=lambda: datetime.now(UTC))
    assert landed(tmp_path / "bulk") == landed(tmp_path / "search")
    assert by_bulk.totals == by_search.totals == dict(zip(TYPES, (450, 5, 1, 0), strict=True))
    assert by_bulk.method == {**dict.fromkeys(TYPES, "bulk"), "Observation": "absent"}


def test_a_search_that_names_a_person_finds_only_that_person(client: FhirClient) -> None:
    assert len(client.search("Condition", [("patient", "Patient/p7")], page=2)) == 5
    assert client.search("Condition", [("patient", "Patient/p8")]) == []


def test_the_doctor_finds_all_it_needs(client: FhirClient) -> None:
    assert [finding.name for finding in examine(client) if finding.ok is not True] == []
    assert client.total("Slot") == 0
