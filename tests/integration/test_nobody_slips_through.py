"""Records that say the decisive thing in an awkward way: read as a careful clinician would read them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest

from outreach.assess import Day, DuckEngine, assess
from outreach.flatten import flatten
from outreach.rulebook.load import load

ICD = "http://hl7.org/fhir/sid/icd-10-cm"
ANA = {"reference": "Patient/ana"}


def _concept(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


BORN = {"resourceType": "Patient", "id": "ana", "birthDate": "1962-05-10"}
CIRRHOSIS = {"resourceType": "Condition", "id": "c", "subject": ANA, "code": _concept(ICD, "K74.60")}
AFP = {
    "resourceType": "Observation",
    "id": "o",
    "status": "final",
    "subject": ANA,
    "effectiveDateTime": "2026-02-01",
} | {"code": _concept("http://loinc.org", "53962-7")}
TRANSPLANT = {"resourceType": "Procedure", "id": "t", "status": "completed", "subject": ANA} | {
    "code": _concept("http://snomed.info/sct", "18027006")
}


def _afp(value: float, comparator: str) -> dict[str, Any]:
    quantity = {"value": value, "code": "ng/mL", "system": "http://unitsofmeasure.org", "comparator": comparator}
    return AFP | {"valueQuantity": quantity}


def _old(**also: Any) -> dict[str, Any]:
    link = [{"other": ANA, "type": "replaced-by"}]
    return {"resourceType": "Patient", "id": "old", "birthDate": "1962-05-10", "link": link} | also


def _merged(into: dict[str, Any], who: str = "ana") -> dict[str, Any]:
    return BORN | {"id": who, "link": [{"type": "replaced-by", "other": into}]}


ELSEWHERE = {"identifier": {"system": "urn:mrn", "value": "77"}}
WAYS: dict[str, tuple[list[dict[str, Any]], tuple[str, str]]] = {
    "nothing but cirrhosis": ([], ("overdue", "")),
    "AFP above what the assay can read": ([_afp(1000, ">")], ("not-now", "work-up")),
    "AFP above less than the bound": ([_afp(10, ">")], ("not-now", "cannot-tell")),
    "AFP below what the assay can read": ([_afp(2, "<")], ("overdue", "")),
    "AFP below more than the bound": ([_afp(50, "<")], ("not-now", "cannot-tell")),
    "a transplant without a day": ([TRANSPLANT], ("excluded", "transplanted")),
    "death written as a word": ([BORN | {"deceasedBoolean": "TRUE"}], ("excluded", "deceased")),
    "death on a record merged into this one": ([_old(deceasedBoolean=True)], ("excluded", "deceased")),
    "a merge alone": ([_old()], ("overdue", "")),
    "a merge into a record told by its identifier alone": ([_merged(ELSEWHERE)], ("unknown", "ask-list")),
    "a merge into a record that such a merge has ended": (
        [_merged({"reference": "Patient/new"}), _merged(ELSEWHERE, "new")],
        ("unknown", "ask-list"),
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_an_awkward_record_is_read_with_care(tmp_path: Path, rules: Path, way: str) -> None:
    also, expected = WAYS[way]
    rows = {(r["resourceType"], r["id"]): r for r in [BORN, CIRRHOSIS, *also]}
    landing, tables = tmp_path / "landing", tmp_path / "tables"
    landing.mkdir()
    for (kind, _), row in rows.items():
        with (landing / f"{kind}.ndjson").open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
    flatten(landing, tables)
    engine = DuckEngine(tables)
    rule = load([rules / "liver" / "hcc-surveillance.yaml"], rules / "codes")[0]
    assess(engine, rule, Day(date(2026, 3, 1), ZoneInfo("UTC")), tables / "assessment.parquet")
    engine.close()
    sql = "SELECT status, reason FROM read_parquet($path) WHERE person = 'ana'"
    assert duckdb.execute(sql, {"path": str(tables / "assessment.parquet")}).fetchall() == [expected]
