"""Pulling from a real server others wrote, by both ways."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from outreach.demo.load import load
from outreach.demo.server import sekmet
from outreach.errors import ServerFault
from outreach.fhir.client import FhirClient
from outreach.pull import pull
from servers.sekmet_server import put, running

TYPES = ["Patient", "Condition", "FamilyMemberHistory", "Slot", "Consent", "Observation"]


def people(count: int) -> list[dict[str, Any]]:
    """``count`` people with a condition each, and a family history for one."""
    found: list[dict[str, Any]] = []
    for n in range(count):
        subject, code = {"reference": f"Patient/p{n}"}, {"text": "cirrhosis"}
        found.append({"resourceType": "Patient", "id": f"p{n}", "gender": "female", "birthDate": "1960"})
        found.append({"resourceType": "Condition", "id": f"c{n}", "subject": subject, "code": code})
    relation = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "FTH"}]}
    family = {"status": "completed", "patient": {"reference": "Patient/p0"}, "relationship": relation}
    return [*found, {"resourceType": "FamilyMemberHistory", "id": "f0", **family}]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FhirClient]:
    with running(tmp_path_factory.mktemp("server"), people(620)) as client:
        yield client


def landed(folder: Path) -> dict[tuple[str, str], Any]:
    """Every resource in a landing folder; fails on a resource that is there twice."""
    rows = [json.loads(line) for path in folder.glob("*.ndjson") for line in path.read_text().splitlines()]
    found = {(row["resourceType"], row["id"]): row for row in rows}
    assert len(found) == len(rows)
    return found


def test_both_ways_land_the_same_resources(client: FhirClient, tmp_path: Path) -> None:
    """More than one page, and a type that this server's own Patient export leaves out."""
    by_bulk = pull(client, TYPES, tmp_path / "bulk", now=lambda: datetime.now(UTC))
    by_search = pull(client, TYPES, tmp_path / "search", prefer_bulk=False, now=lambda: datetime.now(UTC))
    assert landed(tmp_path / "bulk") == landed(tmp_path / "search")
    assert len(landed(tmp_path / "bulk")) == 620 + 620 + 1
    assert by_bulk.totals == by_search.totals
    assert by_bulk.method == {**dict.fromkeys(TYPES[:3], "bulk"), **dict.fromkeys(TYPES[3:], "absent")}
    assert set(by_search.method.values()) == {"search", "absent"}


def test_an_update_while_pages_are_read_loses_nobody(client: FhirClient) -> None:
    """This server pages by offset, in order of the last change: unsorted, an update moves the row after it away."""
    pages = client.stream("Patient", [("_sort", "_id")], page=100)
    seen: set[str] = set()
    for number, page in enumerate(pages):
        seen |= {row["id"] for row in page}
        put(client, [{**page[0], "active": True}] if number < 3 else [])
    assert len(seen) == 620


def test_a_server_started_again_has_what_it_had(tmp_path: Path) -> None:
    with sekmet(tmp_path) as base:
        port = int(base.split(":")[2].split("/")[0])
        put(FhirClient(base), people(2))
    with pytest.raises(ServerFault, match="cannot be reached"):
        FhirClient(base, sleep=lambda seconds: None).total("Patient")
    with sekmet(tmp_path, port=port) as again:
        assert again == base
        assert FhirClient(base).total("Patient") == 2


def test_a_server_ends_when_its_owner_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from outreach.demo.server import sekmet\n"
        "with sekmet(Path(sys.argv[1])) as base: print(base, flush=True); sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        client = FhirClient(owner.stdout.readline().decode().strip(), sleep=lambda seconds: None)
        assert client.total("Patient") == 0
        owner.kill()
    port, until = int(client.base.split(":")[2].split("/")[0]), time.monotonic() + 30
    while time.monotonic() < until and _is_open(port):
        time.sleep(0.1)
    assert not _is_open(port)


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_folder_is_loaded_in_an_order_that_references_bear(client: FhirClient, tmp_path: Path) -> None:
    rows = {"Slot": "s", "Patient": "q", "Schedule": "h"}
    bodies: dict[str, dict[str, Any]] = {
        "Slot": {"schedule": {"reference": "Schedule/h"}, "status": "free", "start": "2026-03-01T10:00:00Z"}
        | {"end": "2026-03-01T10:30:00Z"},
        "Schedule": {"actor": [{"display": "room"}]},
        "Patient": {},
    }
    for type_, id_ in rows.items():
        row = {"resourceType": type_, "id": id_, **bodies[type_]}
        (tmp_path / f"{type_}.ndjson").write_text(json.dumps(row) + "\n")
    order: list[str] = []
    assert load(client, tmp_path, lambda type_, rows: order.append(type_)) == dict.fromkeys(rows, 1)
    assert order == ["Patient", "Schedule", "Slot"]
    for type_, id_ in rows.items():
        assert client.read(type_, id_) is not None
        client.delete(type_, id_)


def test_a_resource_that_the_server_refuses_fails_the_load(client: FhirClient, tmp_path: Path) -> None:
    (tmp_path / "Slot.ndjson").write_text('{"resourceType": "Slot", "id": "bad", "status": "free"}\n')
    with pytest.raises(ServerFault, match=r"Loading Slot: the server refused 1 of 1 \(400\)"):
        load(client, tmp_path)
