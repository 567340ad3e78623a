"""A night in which some lines cannot be read: whoever they are about is not invited, and nobody else notices."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from night.conftest import DAY
from outreach.demo.run import site_clock
from outreach.domain.outcome import Bucket
from outreach.nightly import run_night
from outreach.settings import read_settings
from outreach.site import open_site
from outreach.summary import Summary, in_words
from servers.faulty import Faulty

Json = dict[str, Any]
CIRRHOSIS = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "K74.60"}]}
ULTRASOUND = {"coding": [{"system": "http://loinc.org", "code": "28614-6"}]}
WHO = ("ana", "bea", "cam", "dee")


def _of(who: str, type_: str, **fields: Any) -> Json:
    return {
        "resourceType": type_,
        "id": f"{type_[:2].lower()}-{who}",
        "subject": {"reference": f"Patient/{who}"},
    } | fields


def _rows() -> dict[str, list[Json]]:
    """Four people with cirrhosis who are overdue; an order for each, and nobody has a visit."""
    order = {"status": "active", "intent": "order", "code": ULTRASOUND, "requester": {"reference": "Practitioner/1"}}
    result = {"status": "final", "code": {"text": "a note"}, "effectiveDateTime": "2026-01-05"}
    people = [{"resourceType": "Patient", "id": who, "birthDate": "1962-05-10", "gender": "female"} for who in WHO]
    return {
        "Patient": people,
        "Condition": [_of(who, "Condition", code=CIRRHOSIS) for who in WHO],
        "ServiceRequest": [_of(who, "ServiceRequest", **order) for who in WHO],
        "Observation": [_of(who, "Observation", **result) for who in WHO],
    }


def _cut(resource: Json) -> bytes:
    return json.dumps(resource).encode()[:-25]


BROKEN = {
    "Patient": [b'{"resourceType":"Patient","id":"eve","birthDate":"19'],
    "Observation": [_cut(_of("ana", "Observation", id="o9", status="final", note=[{"text": "x" * 40}])), b"<html>"],
    "Procedure": [],
}


def _night(folder: Path, broken: dict[str, list[bytes]]) -> tuple[Path, Summary]:
    with Faulty("file-broken-lines") as server:
        server.rows, server.broken = _rows(), broken
        config = folder / "outreach.yaml"
        config.write_text(
            f"server: {{url: '{server.base}'}}\nsite: {{name: Riverton, phone: '555-0100', time_zone: UTC}}\n"
            "programmes: [{rule: hcc-surveillance}]\nhome: home\nmode: live\nallow_draft_on_loopback: true\n",
            encoding="utf-8",
        )
        site = open_site(read_settings(config), site_clock(DAY))
        summary = run_night(site, DAY, dry_run=False, progress=lambda _: None)
        assert run_night(site, DAY, dry_run=False, progress=lambda _: None) == summary.again()
    return folder / "home" / "nights" / DAY.isoformat(), summary


@pytest.fixture(scope="module")
def night(tmp_path_factory) -> tuple[Path, Summary]:
    return _night(tmp_path_factory.mktemp("broken"), BROKEN)


def _outcomes(night: Path) -> dict[str, tuple[str, str, str]]:
    rows = pd.read_parquet(night / "tables" / "outcomes.parquet")
    return {r.person: (r.bucket, r.reason, r.list_name) for r in rows.itertuples()}


def test_the_person_of_an_unreadable_line_is_held_back_and_nobody_else(night):
    """All four are overdue and would go to the navigator."""
    found = _outcomes(night[0])
    assert found.pop("ana") == ("quarantined", "unreadable-record", "data-quality")
    assert found.pop("eve") == ("quarantined", "unreadable-person", "data-quality")
    assert found == dict.fromkeys(("bea", "cam", "dee"), ("handed_over", "navigator", "navigator"))


def test_the_night_counts_them_and_is_whole(night):
    folder, summary = night
    assert summary.buckets[Bucket.QUARANTINED.value] == {"unreadable-record": 1, "unreadable-person": 1}
    assert (summary.cohort, summary.unaccounted, summary.complete) == (5, 0, True)
    assert summary.unreadable_lines == {"person": 2, "nobody": 1}
    assert json.loads((folder / "summary.json").read_text())["unreadable_lines"] == {"person": 2, "nobody": 1}
    assert "person 2, nobody 1" in in_words(summary)
    assert "unreadable lines" not in in_words(replace(summary, unreadable_lines={"person": 0, "nobody": 0}))


def test_every_line_is_on_a_list_with_its_place_and_reason_and_no_name(night):
    with (night[0] / "worklist" / "unreadable-lines.csv").open() as file:
        rows = [tuple(row.values()) for row in csv.DictReader(file)]
    assert rows == [
        ("Observation.ndjson", "2", "Observation", "ana", "not-json"),
        ("Observation.ndjson", "3", "Observation", "", "not-json"),
        ("Patient.ndjson", "2", "Patient", "eve", "not-json"),
    ]
    with (night[0] / "worklist" / "data-quality.csv").open() as file:
        assert {row["person"] for row in csv.DictReader(file)} == {"ana", "eve"}


def test_the_report_says_whose_they_were(night):
    report = night[0] / "report"
    rows = pd.read_parquet(report / "care_team" / "records.parquet")
    lines = rows[(rows["column"] == "line") & (rows["table"] == "observation")]
    told = {(r.stratifier, r.stratum): (r.n, r.count, r.people) for r in lines.itertuples(index=False, name="Row")}
    assert told["overall", "Everyone"] == (6, 2, 1)
    assert told["sex", "Female"] == (5, 1, 1)
    assert told["sex", "Person not known"] == (1, 1, 0)
    share = pd.read_parquet(report / "share" / "records.parquet")
    assert share[["count", "people"]].replace(0, pd.NA).isna().all(axis=None)
    assert "whole record set aside" in (report / "equity_dashboard.html").read_text()
    quality = pd.read_parquet(report / "care_team" / "quality.parquet")
    ours = quality[(quality["field"] == "unreadable_line") & (quality["stratifier"] == "overall")]
    assert ours[["n", "missing"]].to_numpy().tolist() == [[4, 1]]
