"""Explain shows the values that were looked at, and those that could not be read, with their units as written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest

from outreach.check import answer_cases
from outreach.domain.assessment import Status
from outreach.explain.clinician import in_words
from outreach.explain.data import as_json
from outreach.explain.lines import story
from outreach.explain.measured import measured
from outreach.explain.outcome import held
from outreach.explain.row import Told
from outreach.rulebook.load import load
from unit.docs_rule import rule
from unit.test_explain_changes import told

_ROWS = """
COPY (SELECT * FROM (VALUES
    ('o1', 'p1', 'urn:test:codes', 'platelets', 'final', DATE '2026-01-10', 95.0::DOUBLE, NULL, '10*3/uL', 95.0, '10*9/L'),
    ('o2', 'p1', 'urn:test:codes', 'platelets', 'final', DATE '2026-02-10', 80.0, '<', 'drops', NULL, NULL),
    ('o3', 'p1', 'urn:test:codes', 'platelets', 'entered-in-error', DATE '2026-02-11', 1.0, NULL, '10*9/L', 1.0, '10*9/L'),
    ('o4', 'p2', 'urn:test:codes', 'platelets', 'final', DATE '2026-02-12', 2.0, NULL, '10*9/L', 2.0, '10*9/L'),
    ('o5', 'p1', 'urn:test:codes', 'platelets', 'final', DATE '2026-03-02', 3.0, NULL, '10*9/L', 3.0, '10*9/L')
) t(id, person, system, code, status, date_lo, value_raw, comparator, unit_raw, value, unit)) TO '{path}'
"""  # noqa: E501


@pytest.fixture
def night(tmp_path) -> Told:
    """A night with some platelets of p1, and of others."""
    folder = tmp_path / "nights" / "2026-03-01" / "tables"
    folder.mkdir(parents=True)
    duckdb.execute(_ROWS.format(path=folder / "observation.parquet"))
    return replace(told(rule(), Status.OVERDUE, {}), folder=folder.parent)


def test_values_are_shown_as_written_read_or_not(night):
    rows = story(night, rule())
    found = measured(night, rows)
    assert [str(value) for value in found["platelets"]] == [
        "<80 drops, 10 February 2026, Observation/o2; not read: the unit “drops” is not known here",
        "95 × 10³/µL, 10 January 2026, Observation/o1",
    ]
    assert found["afp"] == ()
    text = in_words(night, rows, [], "", found)
    assert "“platelets in blood”: <80 drops" in text
    assert "“alpha-fetoprotein in blood, by mass”: none on record" in text
    assert '"read": false' in as_json(night, rows, [], "", "", found)


def test_without_the_nights_table_nothing_is_told(night):
    (night.folder / "tables" / "observation.parquet").unlink()
    assert measured(night, story(night, rule())) == {}


def test_a_score_has_its_number_also_where_it_does_not_reach_the_limit(rules):
    """PAGE-B of 4 is a no with a number, and one whose bounds lie below is no less so."""
    read = load([rules / "liver" / "hcc-surveillance.yaml"], rules / "codes")
    (answer,) = answer_cases(read, rules / "codes", "leaves out the same woman at PAGE-B of 4")
    said = [one for one in answer.criteria if "page-b" in one.criterion]
    assert [(one.truth, one.value) for one in said] == [(False, "page-b 4")]


def test_a_place_is_held_where_the_night_offered_one(night):
    tables, new_york = night.folder / "tables", ZoneInfo("America/New_York")
    slot = f"COPY (SELECT 's1' AS id, TIMESTAMPTZ '2026-03-05 14:30:00+00' AS start) TO '{tables / 'slot.parquet'}'"
    row = "COPY (SELECT 'p1' AS person, '{rule}' AS programme, '{bucket}' AS bucket, 's1' AS slot) TO '{path}'"
    duckdb.execute(slot)
    for bucket, place in (("sent", datetime(2026, 3, 5, 14, 30, tzinfo=UTC)), ("deferred", None)):
        path = tables / "outcomes.parquet"
        duckdb.execute(row.format(rule=night.found.rule, bucket=bucket, path=path))
        assert held(night, new_york) == place
    assert held(replace(night, folder=Path("home/rehearsals/x")), new_york) is None
