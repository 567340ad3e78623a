"""Whom an export's errors name is not invited, and is counted all the same."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from outreach.assess import Day, DuckEngine, assess
from outreach.domain.operation_outcome import OUTCOMES
from outreach.domain.outcome import Bucket, Outcome
from outreach.flatten import flatten
from outreach.planning import Night, Tables
from outreach.rulebook.codes import CodeFolder
from outreach.rulebook.load import load
from outreach.synth import generate

AS_OF = date(2026, 3, 1)


def planned(folder: Path, rules: Path) -> tuple[Night, dict[str, Outcome], int]:
    """The night that matching sees, what is settled before it, and how many people there are in all."""
    rule = next(rule for rule in load([rules / "liver"], rules / "codes") if rule.name == "hcc-surveillance")
    tables, told = folder / "tables", folder / "tables" / "assessment.parquet"
    flatten(folder / "landing", tables)
    with closing(DuckEngine(tables)) as engine:
        assess(engine, rule, Day(AS_OF, ZoneInfo("America/New_York")), told)
    telehealth = CodeFolder(rules / "codes").get("telehealth")
    assert telehealth is not None
    reader = Tables(tables, told, rule, telehealth)
    night = reader.night(datetime(2026, 3, 1, 12, tzinfo=UTC), 21)
    return night, {each.person: each for each in reader.settled()}, reader.cohort()


@pytest.mark.parametrize("severity", ["error", "warning"])
def test_a_person_named_by_an_error_is_set_aside_and_one_without_a_record_is_counted(
    severity: str, tmp_path: Path, rules: Path
) -> None:
    generate(400, 1, AS_OF, tmp_path / "landing")
    night, _, people = planned(tmp_path, rules)
    named = night.overdue[0].person
    issue = {"severity": severity, "code": "exception", "diagnostics": f"Patient/{named} and Patient/nowhere"}
    line = json.dumps({"resourceType": "OperationOutcome", "issue": [issue]}) + "\n"
    (tmp_path / "landing" / OUTCOMES).write_text(line)
    after, settled, cohort = planned(tmp_path, rules)
    if severity == "warning":
        assert after.overdue == night.overdue
        assert cohort == people
        return
    assert {each.person for each in night.overdue} - {each.person for each in after.overdue} == {named}
    assert settled[named] == Outcome(named, Bucket.QUARANTINED, "unreadable-record", "data-quality")
    assert settled["nowhere"] == Outcome("nowhere", Bucket.QUARANTINED, "unreadable-person", "data-quality")
    assert cohort == people + 1
    assert cohort == len(settled) + len(after.overdue)
