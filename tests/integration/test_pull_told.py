"""What an export tells besides the rows: what it could not do, what is gone; and pulls of less than everything."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from integration.test_pull_versions import WHOLE, landed
from outreach.errors import PullIncomplete, ServerRefused
from outreach.fhir.client import FhirClient
from outreach.pull import Manifest, pull, read_manifest
from servers.sekmet_server import put, running
from servers.versions import Answered, Versions

TYPES = ["Patient", "Condition", "Slot", "Observation"]
SINCE = "2026-02-01T00:00:00Z"


def now() -> datetime:
    return datetime(2026, 3, 1, 1, 30, tzinfo=UTC)


def pulled(server: Versions, folder: Path, **how: Any) -> Manifest:
    return pull(FhirClient(server.base, sleep=lambda seconds: None), TYPES, folder / "landing", now=now, **how)


def error(text: str, severity: str = "error") -> bytes:
    return json.dumps(
        {"resourceType": "OperationOutcome", "issue": [{"severity": severity, "diagnostics": text}]}
    ).encode()


def gone(*urls: str) -> bytes:
    entries = [{"request": {"method": "DELETE", "url": url}} for url in urls]
    return json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries}).encode()


@pytest.mark.parametrize("version", [2, 4])
def test_what_an_export_tells_is_landed_in_its_own_words(version: int, tmp_path: Path) -> None:
    """Version 4 calls it outcome; version 2 error. A person named does not put the rows in doubt that are there."""
    with Versions(version=version, errors=[error("Patient/p3"), error("hm", "warning")]) as server:
        manifest = pulled(server, tmp_path)
    assert manifest.outcomes is not None
    assert (manifest.outcomes.name, manifest.outcomes.type) == ("outcomes.ndjson", "OperationOutcome")
    assert (tmp_path / "landing" / "outcomes.ndjson").read_bytes().splitlines() == server.errors
    assert manifest.method["Patient"] == "bulk"
    assert read_manifest(tmp_path / "landing") == manifest
    (tmp_path / "landing" / "outcomes.ndjson").unlink()
    assert read_manifest(tmp_path / "landing") is None


def both() -> bytes:
    """One OperationOutcome with two errors, of which one names nobody."""
    one, other = json.loads(error("Patient/p3")), json.loads(error("out of memory"))
    return json.dumps({**one, "issue": one["issue"] + other["issue"]}).encode()


@pytest.mark.parametrize("told", [error("out of memory"), error("Observation/o1 of nobody"), b"<html>", both()])
def test_an_error_that_names_nobody_is_held_to_the_counts(told: bytes, tmp_path: Path) -> None:
    """One row more than before and after: within the bounds of a live server, and not to be believed here."""
    with Versions(errors=[told]) as server:
        server.script["GET /fhir/Patient?_summary=count"] = [_count(4)]
        assert pulled(server, tmp_path).method["Patient"] == "search"
    assert landed(tmp_path) == WHOLE


def test_an_error_that_names_somebody_is_not(tmp_path: Path) -> None:
    with Versions(errors=[error("Patient/p3")]) as server:
        server.script["GET /fhir/Patient?_summary=count"] = [_count(4)]
        assert pulled(server, tmp_path).method["Patient"] == "bulk"


def _count(total: int) -> Answered:
    body = {"resourceType": "Bundle", "type": "searchset", "total": total}
    return Answered(200, {}, json.dumps(body).encode())


def test_errors_are_fetched_whole_or_the_pull_fails(tmp_path: Path) -> None:
    failing = {"/errors/": [Answered(500)] * 99}
    with Versions(errors=[error("Patient/p3")], script=failing) as server, pytest.raises(PullIncomplete, match="500"):
        pulled(server, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_was_deleted_is_landed_once(tmp_path: Path) -> None:
    bundles = [gone("Condition/c8", "Patient/p9"), b"", gone("https://host/fhir/Condition/c8", "Patient/p9/_history/3")]
    with Versions(deleted=bundles[:1] + bundles[2:]) as server:
        manifest = pulled(server, tmp_path, since=SINCE)
    told = (tmp_path / "landing" / "deleted.ndjson").read_text().splitlines()
    assert [json.loads(line) for line in told] == [{"type": "Condition", "id": "c8"}, {"type": "Patient", "id": "p9"}]
    assert manifest.deleted is not None
    assert (manifest.deleted.name, manifest.deleted.lines) == ("deleted.ndjson", 2)
    assert read_manifest(tmp_path / "landing") == manifest


ODD = [
    gone("Patient?identifier=1"),
    b'{"resourceType":"Bundle","entry":[{"request":{"method":"PUT","url":"Patient/p1"}}]}',
    b'{"resourceType":"Bundle","entry":["Patient/p1"]}',
]


@pytest.mark.parametrize("odd", ODD)
def test_a_deletion_that_cannot_be_read_fails_a_pull_of_changes_alone(odd: bytes, tmp_path: Path) -> None:
    with Versions(deleted=[odd]) as server:
        with pytest.raises(PullIncomplete, match="deleted"):
            pulled(server, tmp_path, since=SINCE)
        assert list(tmp_path.iterdir()) == []
        assert pulled(server, tmp_path).deleted is None


def test_a_pull_of_changes_says_so_and_asks_for_them(tmp_path: Path) -> None:
    """Of a type that the export brought nothing of, the server is asked once more, by search."""
    with Versions(omit=("Slot",)) as server:
        manifest = pulled(server, tmp_path, since=SINCE)
    assert (manifest.since, manifest.group) == (SINCE, "")
    assert server.asked("GET", "$export")[0].query["_since"] == [SINCE]
    assert manifest.method == {"Patient": "bulk", "Condition": "bulk", "Slot": "search", "Observation": "absent"}
    assert {seen.query["_lastUpdated"][0] for seen in server.asked("GET", "/Slot?")} == {f"ge{SINCE}"}
    assert all("_summary" in seen.query for seen in server.asked("GET", "/Patient?"))


@pytest.mark.parametrize("group", [None, "g"])
def test_of_no_type_nothing_is_asked(group: str | None, tmp_path: Path) -> None:
    """An export of no type would be one of every type."""
    with Versions() as server:
        manifest = pull(FhirClient(server.base), [], tmp_path / "landing", since=SINCE, group=group, now=now)
        assert (manifest.files, server.starts) == ((), 0)


CHANGED = "GET /fhir/{}?_lastUpdated=ge2026-02-01T00%3A00%3A00Z&_summary=count"


@pytest.mark.parametrize("counts", [(5, 5), (5, 7), (4, 5), (6, 5), (3, 2), (0, 0), (0, 5)])
def test_an_export_of_changes_may_have_more_rows_than_are_counted(counts: tuple[int, int], tmp_path: Path) -> None:
    """Before and after: what was changed or deleted meanwhile is in one of the counts alone."""
    with Versions(script={CHANGED.format("Patient"): [_count(count) for count in counts]}) as server:
        assert pulled(server, tmp_path, since=SINCE).method["Patient"] == "bulk"


@pytest.mark.parametrize("counts", [(6, 6), (6, 9), (9, 6)])
def test_an_export_of_changes_may_not_have_fewer(counts: tuple[int, int], tmp_path: Path) -> None:
    with Versions(script={CHANGED.format("Patient"): [_count(count) for count in counts]}) as server:
        assert pulled(server, tmp_path, since=SINCE).method["Patient"] == "search"
    assert landed(tmp_path)["Patient"] == WHOLE["Patient"]


def test_where_changes_are_counted_and_the_search_is_refused_the_export_is_not_believed(tmp_path: Path) -> None:
    script = {CHANGED.format("Slot"): [_count(3)] * 9, "GET /fhir/Slot?": [Answered(400)] * 9}
    with Versions(omit=("Slot",), script=script) as server, pytest.raises(PullIncomplete, match="400"):
        pulled(server, tmp_path, since=SINCE)


@pytest.mark.parametrize("status", [400, 404, 422, 501])
def test_where_the_server_cannot_search_for_changes_the_export_is_believed(status: int, tmp_path: Path) -> None:
    script = {f"GET /fhir/{type_}?": [Answered(status)] * 9 for type_ in ("Slot", "Observation")}
    with Versions(omit=("Slot",), script=script) as server:
        assert set(pulled(server, tmp_path, since=SINCE).method.values()) == {"bulk"}
        assert landed(tmp_path)["Slot"] == []


def test_where_there_is_no_export_either_it_is_not(tmp_path: Path) -> None:
    with (
        Versions(script={"GET /fhir/Slot?": [Answered(400)] * 9}) as server,
        pytest.raises(PullIncomplete, match="400"),
    ):
        pulled(server, tmp_path, since=SINCE, prefer_bulk=False)


def test_changes_are_searched_for_where_an_error_names_nobody(tmp_path: Path) -> None:
    with Versions(errors=[error("out of memory")]) as server:
        assert set(pulled(server, tmp_path, since=SINCE).method.values()) == {"search", "absent"}


def test_a_group_is_exported_and_what_is_nobodys_is_searched_for(tmp_path: Path) -> None:
    with Versions() as server:
        server.rows["Patient"] = server.rows["Patient"][:2]
        manifest = pulled(server, tmp_path, group="clinic 7")
    assert server.asked("GET", "Group/clinic%207/$export")[0].query["_type"] == ["Patient,Condition,Observation"]
    assert manifest.method == {"Patient": "bulk", "Condition": "bulk", "Slot": "search", "Observation": "bulk"}
    assert (manifest.group, manifest.totals["Patient"]) == ("clinic 7", 2)


def test_what_is_nobodys_may_grow_while_it_is_read(tmp_path: Path) -> None:
    """Three Slots came; the server counts three when the search begins, and four when it is done."""
    with Versions(script={"GET /fhir/Slot?_summary": [_count(3), *[_count(4)] * 3]}) as server:
        assert pulled(server, tmp_path, group="g").totals["Slot"] == 3


@pytest.mark.parametrize("bulk", [True, False])
def test_changes_may_become_more_while_they_are_read(bulk: bool, tmp_path: Path) -> None:
    counts = [_count(3), *[_count(4)] * 4]
    with Versions(omit=("Slot",), script={CHANGED.format("Slot"): counts}) as server:
        assert pulled(server, tmp_path, since=SINCE, prefer_bulk=bulk).totals["Slot"] == 3


def test_a_group_that_the_server_does_not_export_is_not_read_by_search(tmp_path: Path) -> None:
    """That would be everybody."""
    with Versions(script={"$export": [Answered(404)]}) as server, pytest.raises(ServerRefused, match="Group"):
        pulled(server, tmp_path, group="g")
    for told in (error("out of memory"), both()):
        with Versions(errors=[told]) as server, pytest.raises(PullIncomplete, match="names nobody"):
            pulled(server, tmp_path, group="g")
    assert list(tmp_path.iterdir()) == []


def test_a_real_server_tells_changes_and_groups(tmp_path: Path) -> None:
    people = [{"resourceType": "Patient", "id": f"p{n}", "gender": "female"} for n in range(3)]
    members = [{"entity": {"reference": "Patient/p1"}}]
    group = {"resourceType": "Group", "id": "g", "type": "person", "actual": True, "member": members}
    facts = [{"resourceType": "Condition", "id": f"c{n}", "subject": {"reference": f"Patient/p{n}"}} for n in range(3)]
    with running(tmp_path / "server", [*people, group, *facts]) as client:
        whole = pull(client, TYPES, tmp_path / "whole")
        one = pull(client, TYPES, tmp_path / "group", group="g")
        put(client, [{**people[2], "gender": "male"}])
        changed = pull(client, TYPES, tmp_path / "changed", since=whole.transaction_time, kickoff="post")
    assert whole.totals == {"Patient": 3, "Condition": 3, "Slot": 0, "Observation": 0}
    assert one.totals == {"Patient": 1, "Condition": 1, "Slot": 0, "Observation": 0}
    assert (changed.totals["Patient"], changed.totals["Condition"]) == (1, 0)
    assert changed.method == {"Patient": "bulk", "Condition": "absent", "Slot": "absent", "Observation": "absent"}
