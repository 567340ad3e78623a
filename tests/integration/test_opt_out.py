"""Every way a record says "do not write to me", read alike by the assessment and minutes before a send."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest

from outreach.assess import Day, DuckEngine, assess
from outreach.fhir.dialect import opted_out
from outreach.flatten import flatten
from outreach.rulebook.load import load

OPTOUT = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "OPTOUT"}]}
CIRRHOSIS = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "K74.60"}]}


def _scope(code: str) -> dict[str, Any]:
    return {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": code}]}


WAYS = {
    "denies": ({"status": "active", "scope": _scope("patient-privacy"), "provision": {"type": "deny"}}, True),
    "denies, no scope": ({"status": "active", "provision": {"type": "deny"}}, True),
    "opt-out policy": ({"status": "active", "scope": _scope("patient-privacy"), "policyRule": OPTOUT}, True),
    "permits": ({"status": "active", "scope": _scope("patient-privacy"), "provision": {"type": "permit"}}, False),
    "no longer active": ({"status": "inactive", "provision": {"type": "deny"}}, False),
    "research only": ({"status": "active", "scope": _scope("research"), "provision": {"type": "deny"}}, False),
    "a living will": ({"status": "active", "scope": _scope("adr"), "policyRule": OPTOUT}, False),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_refusal_is_read_alike_at_night_and_before_the_send(tmp_path, rules, way):
    """Also when it stands on a record that was merged into the person's own."""
    consent, refuses = WAYS[way]
    people = [
        {"resourceType": "Patient", "id": "ana", "birthDate": "1962-05-10"},
        {"resourceType": "Patient", "id": "bea", "birthDate": "1962-05-10"},
        {
            "resourceType": "Patient",
            "id": "old",
            "link": [{"other": {"reference": "Patient/bea"}, "type": "replaced-by"}],
        },
    ]
    rows = {"Patient": people, "Condition": [], "Consent": []}
    for number, (who, on) in enumerate((("ana", "ana"), ("bea", "old"))):
        subject = {"reference": f"Patient/{who}"}
        rows["Condition"].append(
            {"resourceType": "Condition", "id": f"c{number}", "subject": subject, "code": CIRRHOSIS}
        )
        patient = {"reference": f"Patient/{on}"}
        rows["Consent"].append({"resourceType": "Consent", "id": f"n{number}", "patient": patient, **consent})
    landing, tables = tmp_path / "landing", tmp_path / "tables"
    landing.mkdir()
    for kind, found in rows.items():
        (landing / f"{kind}.ndjson").write_text("".join(json.dumps(row) + "\n" for row in found), encoding="utf-8")
    flatten(landing, tables)
    engine = DuckEngine(tables)
    rule = load([rules / "liver" / "hcc-surveillance.yaml"], rules / "codes")[0]
    assess(engine, rule, Day(date(2026, 3, 1), ZoneInfo("UTC")), tables / "assessment.parquet")
    engine.close()
    sql = "SELECT person, reason = 'opted-out' FROM read_parquet($path) WHERE person <> 'old'"
    told = dict(duckdb.execute(sql, {"path": str(tables / "assessment.parquet")}).fetchall())
    assert told == {"ana": refuses, "bea": refuses}
    assert opted_out([consent]) is refuses
