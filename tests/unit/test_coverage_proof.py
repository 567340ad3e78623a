"""What is no proof of a bound, and what no case can ever show: both stay gaps, told with their place."""

from __future__ import annotations

import pytest

from outreach.check import coverage
from unit.coverage_rule import CODES, HEAD, ILL, Small, cases, frame, small

RULE = """
at_risk:
  cirrhosis: {diagnosis: cirrhosis, source: s}
  both: {all: [{diagnosis: cirrhosis}, {diagnosis: ascites}], source: s}
  talk: {diagnosis: steatohepatitis, grade: C, source: s}
  if_unknown: ask-list
cannot_help:
  recent: {diagnosis: {name: liver-cancer, within: 2 years}}
  high: {lab: {name: afp, from: 20, unit: ng/mL, if_absent: no}}
  if_unknown: continue-and-flag
not_now:
  found: {test: {is: scan, result: US-3}}
  if_unknown: hold
counts_as_done:
  scan: {report: liver-ultrasound, result: us-lirads}
next_due:
  - {test: none, due: when-first-at-risk, overdue: 2 months, source: s}
  - {test: scan, result: US-3, due: 1 year, overdue: 15 months, source: s}
  - {test: scan, result: [US-1, US-2], due: 2 years, overdue: 3 years, source: s}
"""
SICK = ILL[:-1]
CASES = cases(
    {
        "counts the later of two": (
            f"{SICK}, liver-cancer: [2024-03-01, 2025-01-01]}}",
            "status: excluded, because: recent",
        ),
        "counts none that was ruled out": (f"{ILL}, refuted: {{liver-cancer: 2024-02-29}}", "status: overdue"),
        "leaves a month": (f"{SICK}, liver-cancer: 2024-02}}", "status: overdue"),
        "takes 30": (f"{ILL}, labs: {{afp: {{on: 2026-02-01, value: 30, unit: ng/mL}}}}", "status: excluded"),
        "leaves 10": (f"{ILL}, labs: {{afp: {{on: 2026-02-01, value: 10, unit: ng/mL}}}}", "status: overdue"),
        "leaves 19 before": (
            f"{ILL}, labs: {{afp: [{{on: 2026-01-01, value: 19, unit: ng/mL}}, "
            "{on: 2026-02-01, value: 5, unit: ng/mL}]}",
            "status: overdue",
        ),
        "waits after US-3": (
            f"{ILL}, scans: {{liver-ultrasound: {{on: 2025-03-01, result: US-3}}}}",
            "status: not-now",
        ),
        "has both": (f"{SICK}, ascites: 2020-01-15}}", "risk_group: cirrhosis, status: overdue"),
    }
)
AT, BEYOND = "no case exactly at the bound", "no case one step beyond"
WINDOW = "cannot_help: recent: diagnosis: liver cancer (hepatocellular carcinoma) within 2 years (first day)"
LAB = "cannot_help: high: latest afp of 20 ng/mL or more (from)"


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Small:
    done = "scans: {liver-ultrasound: {on: 2026-01-01, result: US-1}}"
    return small(
        tmp_path_factory.mktemp("proof"),
        HEAD.replace("colonoscopy", "liver-ultrasound") + RULE + frame(done=done) + CASES,
    )


def test_a_record_on_the_edge_proves_nothing_beside_one_that_would_do_alone(made):
    assert f"{WINDOW}: {AT}" in made.gaps()


def test_neither_a_refuted_record_nor_a_partial_date_stands_beyond_the_edge(made):
    assert f"{WINDOW}: {BEYOND}" in made.gaps()


def test_values_must_lie_close_to_the_bound_and_be_the_ones_that_decide(made):
    """30 and 10 are far from 20, and the 19 is not the latest."""
    assert {f"{LAB}: {AT}", f"{LAB}: {BEYOND}"} <= made.gaps()


def test_what_no_case_can_show_stays_a_gap(made):
    """A group that an earlier one always covers, and a row whose result always pauses."""
    gaps = made.places()
    assert gaps["at_risk: both is never the risk group"].startswith("both: {all:")
    assert gaps["the row for scan US-3 never decides"].startswith("{test: scan, result: US-3")
    assert {f"the row for scan US-3: {word}: {side}" for word in ("due", "overdue") for side in (AT, BEYOND)} <= set(
        gaps
    )


def test_a_group_of_grade_c_is_shown_by_somebody_left_to_a_clinician(made):
    assert "nobody is left to a clinician" in made.gaps()


def test_each_gap_says_what_a_case_would_be_like(made):
    found = {gap.what: gap.case for gap in made.coverage().gaps()}
    assert all(found.values())
    assert found[f"{WINDOW}: {BEYOND}"].startswith("a record whose first day is 2024-02-29, asked on 2026-03-01")


def test_the_lower_of_the_two_measures_is_the_one_that_counts(made):
    """A share is rounded down, so that only everything is 100."""
    found = made.coverage()
    (branches, asked), (sides, of) = found.of("branches"), found.of("boundaries")
    assert (branches < asked, sides < of) == (True, True)
    assert found.percent == min(int(1000 * branches / asked), int(1000 * sides / of)) / 10


def test_a_rule_without_answered_cases_has_no_coverage(made):
    assert coverage([made.rule], [], CODES) == []
