"""Those whom an export's errors name are in the night's quarantine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from outreach.domain.operation_outcome import OUTCOMES
from outreach.flatten import flatten
from unit.test_flatten_support import Flattened, ndjson


def error(text: str, severity: str = "error") -> dict[str, Any]:
    return {"resourceType": "OperationOutcome", "issue": [{"severity": severity, "diagnostics": text}]}


def flat(folder: Path, outcomes: list[Any], **lines: list[Any]) -> Flattened:
    landing = folder / "landing"
    landing.mkdir()
    for type_, sent in lines.items():
        (landing / f"{type_}.ndjson").write_bytes(ndjson(sent))
    (landing / OUTCOMES).write_bytes(ndjson(outcomes))
    return Flattened(folder / "tables", flatten(landing, folder / "tables"))


ANA = {"resourceType": "Patient", "id": "ana"}
HERS = {"resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/ana"}}


def test_each_person_named_by_an_error_is_set_aside_with_its_line(tmp_path: Path) -> None:
    outcomes = [error("Patient/bea", "warning"), error("Patient/cam and Patient/ana"), error("nobody")]
    found = flat(tmp_path, outcomes, Patient=[ANA])
    assert found.quarantine == [(OUTCOMES, 2, "ana", "not-exported"), (OUTCOMES, 2, "cam", "not-exported")]
    assert {row["type"] for row in found.rows("quarantine")} == {"Patient"}
    assert found.report.quarantined == 2


def test_the_person_of_a_named_resource_is_found_where_it_was_landed(tmp_path: Path) -> None:
    found = flat(tmp_path, [error("Condition/c1 and Observation/o1")], Patient=[ANA], Condition=[HERS])
    assert found.quarantine == [(OUTCOMES, 1, "ana", "not-exported")]


def test_outcomes_are_no_table_and_none_are_no_matter(tmp_path: Path) -> None:
    found = flat(tmp_path, [error("nothing", "information")], Patient=[ANA])
    assert found.quarantine == []
    assert found.report.lines == {"Patient.ndjson": 1}


def test_lines_set_aside_and_people_named_stand_together(tmp_path: Path) -> None:
    found = flat(tmp_path, ["<html>", error("Patient/bea")], Patient=['{"resourceType":"Patient","id":"eve"'])
    assert found.quarantine == [("Patient.ndjson", 1, "eve", "not-json"), (OUTCOMES, 2, "bea", "not-exported")]
