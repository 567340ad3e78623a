"""A row of ``next_due`` that is for some risk groups: the same test lasts its own time for each."""

from __future__ import annotations

from pathlib import Path

import pytest

from outreach.check import answers_watched, coverage, run_cases
from outreach.rulebook.load import load

CODES = Path(__file__).parents[2] / "rules" / "codes"
RULE = """
rule: by-group
title: An ultrasound whose time depends on the reason
status: draft
owner: nobody
approved_by: nobody-yet
review_by: 2099-01-01
sources: {site: a made-up rule for tests}
tests: {scan: liver-ultrasound}
at_risk:
  cirrhosis: {diagnosis: cirrhosis, source: site}
  hepatitis-b: {diagnosis: chronic-hepatitis-b, source: site}
  if_unknown: ask-list
counts_as_done:
  ultrasound: {report: liver-ultrasound}
  ct: {report: multiphase-liver-ct}
due_from: HOW
next_due:
  - {test: none, due: when-first-at-risk, overdue: 2 months, source: site}
  - {test: ultrasound, risk_group: cirrhosis, due: 6 months, overdue: 8 months, source: site}
  - {test: ultrasound, risk_group: hepatitis-b, due: 12 months, overdue: 14 months, source: site}
  - {test: ct, risk_group: [cirrhosis, hepatitis-b], due: 2 years, overdue: 3 years, source: site}
cases:
  - {it: is short with the first reason, today: 2026-03-01,
     given: {diagnoses: {cirrhosis: 2020, chronic-hepatitis-b: 2019}, scans: {liver-ultrasound: 2025-06-10}},
     then: {status: overdue, risk_group: cirrhosis, due_on: 2025-12-10, overdue_on: 2026-02-10}}
  - {it: is long with the second, today: 2026-03-01,
     given: {diagnoses: {chronic-hepatitis-b: 2019}, scans: {liver-ultrasound: 2025-06-10}},
     then: {status: up-to-date, risk_group: hepatitis-b, due_on: 2026-06-10, overdue_on: 2026-08-10}}
  - {it: has both groups in one row, today: 2026-03-01,
     given: {diagnoses: {chronic-hepatitis-b: 2019}, scans: {multiphase-liver-ct: 2025-06-10}},
     then: {status: up-to-date, due_on: 2027-06-10}}
"""


@pytest.mark.parametrize("how", ["latest-test", "longest-lasting-test"])
def test_each_group_has_its_own_time(tmp_path, how):
    path = tmp_path / "by-group.yaml"
    path.write_text(RULE.replace("HOW", how), encoding="utf-8")
    results = run_cases(load([path], CODES)[0], CODES)
    assert len(results) == 3
    assert not [result.differences for result in results if result.differences]


@pytest.mark.parametrize("how", ["latest-test", "longest-lasting-test"])
def test_coverage_tells_the_row_of_one_group_from_that_of_another(tmp_path, how):
    text = RULE.replace("HOW", how)
    begin, end = text.index("  - {it: is long"), text.index("  - {it: has both")
    path = tmp_path / "by-group.yaml"
    path.write_text(text[:begin] + text[end:], encoding="utf-8")
    rules = load([path], CODES)
    (found,) = coverage(rules, answers_watched(rules, CODES, ""), CODES)
    never = [gap.what for gap in found.gaps() if gap.what.endswith("never decides")]
    assert "the row for ultrasound in hepatitis-b never decides" in never
    assert "the row for ultrasound in cirrhosis never decides" not in never


@pytest.mark.parametrize(("grade", "asked"), [("B", True), ("C", False)])
def test_a_row_of_people_who_are_never_overdue_need_not_show_one(tmp_path, grade, asked):
    path = tmp_path / "by-group.yaml"
    graded = f"hepatitis-b: {{diagnosis: chronic-hepatitis-b, source: site, grade: {grade}}}"
    text = RULE.replace("hepatitis-b: {diagnosis: chronic-hepatitis-b, source: site}", graded)
    path.write_text(text.replace("HOW", "latest-test"), encoding="utf-8")
    rules = load([path], CODES)
    (found,) = coverage(rules, answers_watched(rules, CODES, ""), CODES)
    rows = [demand.what for demand in found.demands if "ultrasound in hepatitis-b: overdue" in demand.what]
    assert bool(rows) is asked
