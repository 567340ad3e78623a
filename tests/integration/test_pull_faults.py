"""The whole cohort or nothing: every way a server can fall short, lie or stall while it is pulled."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from outreach.domain import operation_outcome
from outreach.errors import PullIncomplete, ServerRefused
from outreach.fhir.client import FhirClient
from outreach.pull import Manifest, Poll, pull, read_manifest
from servers.faulty import FAULTS, Faulty, cohort

TYPES = ["Patient", "Condition", "FamilyMemberHistory", "Observation"]
SOON, LATE = 0.6, 20.0  #: the client's deadline where a server drips (for 20 seconds and more), and elsewhere
WHOLE = {type_: sorted(row["id"] for row in rows) for type_, rows in cohort().items()}


class Token:
    """A login that tests look for where it must not be."""

    def headers(self) -> dict[str, str]:
        return {"Authorization": "Bearer secret-of-the-test"}


def pulled(server: Faulty, folder: Path, prefer_bulk: bool) -> Manifest:
    deadline = SOON if any("drip" in fault for fault in server.faults) else LATE
    client = FhirClient(server.base, auth=Token(), deadline_s=deadline, sleep=lambda seconds: None)
    now = lambda: datetime(2026, 3, 1, 1, 30, tzinfo=UTC)  # noqa: E731
    return pull(client, TYPES, folder / "landing", prefer_bulk=prefer_bulk, now=now, poll=Poll(limit_s=60))


def ids(landing: Path) -> dict[str, list[str]]:
    """What a landing folder holds: the ids of each type, sorted; a row that is there twice is there twice."""
    found: dict[str, list[str]] = {type_: [] for type_ in TYPES}
    for path in set(landing.glob("*.ndjson")) - {landing / operation_outcome.OUTCOMES}:
        found[path.name.split(".")[0]] += [json.loads(line)["id"] for line in path.read_text().splitlines()]
    return {type_: sorted(rows) for type_, rows in found.items()}


# fault -> by bulk, by search: "fine", "away" (goes on by search), or what the refusal says
OUTCOMES = {
    "always-500": ("500", "500"),
    "503-twice": ("fine", "fine"),
    "429-absurd": ("fine", "fine"),
    "cut-page": ("fine", "not JSON, or was cut"),
    "short-page": ("fine", "broke"),
    "zipped-page": ("compressed", "compressed"),  # an absent type is looked for by search, too
    "page-gone": ("fine", "gone before"),
    "next-loop": ("fine", "circle"),
    "next-elsewhere": ("fine", "another origin"),
    "next-relative": ("fine", "fine"),
    "redirect-elsewhere": ("307", "307"),
    "outcome-page": ("fine", "OperationOutcome"),
    "html-page": ("fine", "not JSON"),
    "collection-page": ("fine", "no searchset"),
    "total-high": ("speaks of", "the server speaks of"),
    "no-totals": ("fine", "fine"),
    "repeats": ("fine", "fine"),
    "extras": ("fine", "fine"),
    "ignores-filters": ("fine", "fine"),
    "index-rebuilt": ("brought 0 rows", "brought 0 rows"),
    "no-sort": ("fine", "fine"),
    "drip": ("fine", "time limit"),
    "drip-headers": ("fine", "time limit"),
    "export-unlisted": ("away", "fine"),
    "export-404": ("away", "fine"),
    "export-fails": ("500", "fine"),
    "export-omits": ("fine", "fine"),
    "export-short": ("fine", "fine"),
    "export-errors": ("fine", "fine"),
    "export-warns": ("fine", "fine"),
    "count-high": ("speaks of", "fine"),
    "no-counts": ("fine", "fine"),
    "file-cut": ("neither length nor row count", "fine"),
    "file-cut-between": ("neither length nor row count", "fine"),
    "file-drip": ("time limit", "fine"),
    "file-html": ("does not begin", "fine"),
    "file-mixed": ("another type", "fine"),
    "file-elsewhere": ("another origin", "fine"),
    "file-redirect": ("another origin", "fine"),
    "no-last-feed": ("fine", "fine"),
}
CASES = [(fault, way == 0, says) for fault, both in OUTCOMES.items() for way, says in enumerate(both)]
OF_WRITES = {"wrong-version-taken", "key-ignored", "answer-lost", "write-503-once", "write-502", "write-garbled"}
OF_WRITES |= {"key-confused", "minimal", "no-versions", "post-search-405"}


@pytest.mark.parametrize(("fault", "prefer_bulk", "says"), CASES)
def test_a_pull_is_whole_or_nothing(fault: str, prefer_bulk: bool, says: str, tmp_path: Path) -> None:
    began = time.monotonic()
    with Faulty(fault) as server:
        if says in ("fine", "away"):
            manifest = pulled(server, tmp_path, prefer_bulk)
            assert ids(tmp_path / "landing") == WHOLE
            assert read_manifest(tmp_path / "landing") == manifest
            assert manifest.method["Patient"] == ("bulk" if prefer_bulk and says == "fine" else "search") or (
                fault in ("export-short", "export-errors") and manifest.method["Patient"] == "search"
            )
        else:
            with pytest.raises(PullIncomplete, match=says):
                pulled(server, tmp_path, prefer_bulk)
            assert list(tmp_path.iterdir()) == []
    assert server.elsewhere == []
    assert time.monotonic() - began < 15


def test_every_fault_of_reading_has_its_case() -> None:
    assert set(FAULTS) == set(OUTCOMES) | OF_WRITES | {"login-refused", "not-r4", "file-broken-lines"}


@pytest.mark.parametrize("fault", ["login-refused", "not-r4"])
def test_a_refused_login_is_no_incomplete_pull(fault: str, tmp_path: Path) -> None:
    """Running again does not help: somebody must see to the login."""
    with Faulty(fault) as server, pytest.raises(ServerRefused):
        pulled(server, tmp_path, prefer_bulk=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("prefer_bulk", [True, False])
def test_a_server_that_is_away_leaves_nothing(prefer_bulk: bool, tmp_path: Path) -> None:
    with Faulty() as server:
        pass
    with pytest.raises(PullIncomplete, match="cannot be reached"):
        pulled(server, tmp_path, prefer_bulk)
    assert list(tmp_path.iterdir()) == []


def test_what_an_export_leaves_out_is_counted_and_fetched(tmp_path: Path) -> None:
    """Not in the export is not the same as not there."""
    with Faulty("export-omits") as server:
        manifest = pulled(server, tmp_path, prefer_bulk=True)
    assert manifest.method == {
        "Patient": "bulk",
        "Condition": "bulk",
        "FamilyMemberHistory": "search",
        "Observation": "absent",
    }
    assert manifest.totals == {"Patient": 7, "Condition": 5, "FamilyMemberHistory": 1, "Observation": 0}
    assert any("Observation" in seen.path and "_summary=count" in seen.path for seen in server.history)


def test_an_export_that_reports_errors_is_believed_only_where_the_counts_prove_it(tmp_path: Path) -> None:
    """One Patient less, an error, and no totals to see it by: everything is read again by search."""
    with Faulty("export-errors", "no-totals") as server:
        manifest = pulled(server, tmp_path, prefer_bulk=True)
    assert ids(tmp_path / "landing") == WHOLE
    assert set(manifest.method.values()) == {"search"}


@pytest.mark.parametrize("fault", ["export-omits", "export-fails", "count-high", "file-drip"])
def test_an_export_job_is_always_ended(fault: str, tmp_path: Path) -> None:
    with Faulty(fault) as server:
        try:
            pulled(server, tmp_path, prefer_bulk=True)
        except PullIncomplete:
            assert fault != "export-omits"
    assert len(server.asked("DELETE", "/job")) == 1


def test_bulk_files_on_a_named_host_come_without_our_login(tmp_path: Path) -> None:
    with Faulty("file-elsewhere") as server:
        client = FhirClient(server.base, auth=Token(), deadline_s=LATE, file_hosts=[server.other])
        pull(client, TYPES, tmp_path / "landing", now=lambda: datetime.now(UTC))
    assert ids(tmp_path / "landing") == WHOLE
    assert len(server.elsewhere) == 3
    assert all("authorization" not in seen.headers for seen in server.elsewhere)
    assert all(seen.headers.get("authorization") == "Bearer secret-of-the-test" for seen in server.history)


def test_a_next_link_under_an_alias_is_asked_at_the_base(tmp_path: Path) -> None:
    with Faulty("next-elsewhere") as server:
        client = FhirClient(server.base, auth=Token(), deadline_s=LATE, aliases=[server.other])
        pull(client, TYPES, tmp_path / "landing", prefer_bulk=False, now=lambda: datetime.now(UTC))
    assert ids(tmp_path / "landing") == WHOLE
    assert server.elsewhere == []
