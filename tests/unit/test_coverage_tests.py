"""Both sides of what makes a test count and of when it is due again; and of the day on which that changed."""

from __future__ import annotations

import pytest

from unit.coverage_rule import AT_RISK, HEAD, ILL, READS, Small, cases, frame, small
from unit.coverage_rule import DUE as ROWS

RULE = (
    """
parameters:
  wait: {2020-01-01: {is: 1 year, source: s}, 2025-01-01: {is: 2 years, source: s}}
"""
    + READS.strip()
    + AT_RISK
    + """
counts_as_done:
  alone: {finding: cervical-cytology, at_age: {from: 21, to: 65}}
  together: {finding: hpv-test, with: colonoscopy, with_within: 10 days}
due_from: longest-lasting-test
next_due:
  - {test: none, due: when-first-at-risk, overdue: 2 months, source: s}
  - {test: alone, due: wait, overdue: 27 months, source: s}
  - {test: together, due: 3 years, overdue: 39 months, source: s}
"""
)
BORN = "born: 1970-01-01"
DUE, NOT_DUE, OVERDUE = "status: due", "status: up-to-date", "status: overdue"


def _alone(day: str, born: str = "1980-01-01") -> str:
    return f"born: {born}, {ILL}, findings: {{cervical-cytology: {day}}}"


def _together(day: str, other: str) -> str:
    return f"{BORN}, {ILL}, findings: {{hpv-test: {day}}}, procedures: {{colonoscopy: {other}}}"


CASES = (
    cases(
        {
            "counts from 21": (_alone("2025-01-10", "2004-01-10"), NOT_DUE),
            "counts none before 21": (_alone("2025-01-09", "2004-01-10"), OVERDUE),
            "counts up to 65": (_alone("2025-01-09", "1959-01-10"), NOT_DUE),
            "counts none from 66": (_alone("2025-01-10", "1959-01-10"), OVERDUE),
            "is due after two years": (_alone("2024-03-01"), DUE),
            "is not due before": (_alone("2024-03-02"), NOT_DUE),
            "is overdue after 27 months": (_alone("2023-12-01"), OVERDUE),
            "is not overdue before": (_alone("2023-12-02"), DUE),
            "counts ten days before": (_together("2025-01-20", "2025-01-10"), NOT_DUE),
            "counts none eleven days before": (_together("2025-01-20", "2025-01-09"), OVERDUE),
            "counts ten days after": (_together("2025-01-20", "2025-01-30"), NOT_DUE),
            "counts none eleven days after": (_together("2025-01-20", "2025-01-31"), OVERDUE),
            "is due after three years": (_together("2023-03-01", "2023-03-01"), DUE),
            "is not due before that": (_together("2023-03-02", "2023-03-01"), NOT_DUE),
            "is overdue after 39 months": (_together("2022-12-01", "2022-12-01"), OVERDUE),
            "is not overdue before that": (_together("2022-12-02", "2022-12-01"), DUE),
        }
    )
    + cases({"waits a year until 2025": (_alone("2023-06-01"), DUE)}, today="2024-12-31")
    + cases({"waits two from then on": (_alone("2023-06-01"), NOT_DUE)}, today="2025-01-01")
)
BEFORE, AFTER = (f"together counts with colonoscopy up to 10 days {word} it" for word in ("before", "after"))
ALONE, TOGETHER, CHANGE = (
    "the row for alone",
    "the row for together",
    "wait: nobody is answered otherwise from 2025-01-01 on",
)
AT, BEYOND = "no case exactly at the bound", "no case one step beyond"
SHOWN = {
    "counts from 21": f"alone counts at age 21 or older: {AT}",
    "counts none before 21": f"alone counts at age 21 or older: {BEYOND}",
    "counts up to 65": f"alone counts at age 65 or younger: {AT}",
    "counts none from 66": f"alone counts at age 65 or younger: {BEYOND}",
    "is due after two years": f"{ALONE}: due: {AT}",
    "is not due before": f"{ALONE}: due: {BEYOND}",
    "is overdue after 27 months": f"{ALONE}: overdue: {AT}",
    "is not overdue before": f"{ALONE}: overdue: {BEYOND}",
    "counts ten days before": f"{BEFORE}: {AT}",
    "counts none eleven days before": f"{BEFORE}: {BEYOND}",
    "counts ten days after": f"{AFTER}: {AT}",
    "counts none eleven days after": f"{AFTER}: {BEYOND}",
    "is due after three years": f"{TOGETHER}: due: {AT}",
    "is not due before that": f"{TOGETHER}: due: {BEYOND}",
    "is overdue after 39 months": f"{TOGETHER}: overdue: {AT}",
    "is not overdue before that": f"{TOGETHER}: overdue: {BEYOND}",
    "is due": f"the row for nobody tested yet: overdue: {BEYOND}",
    "is overdue": f"the row for nobody tested yet: overdue: {AT}",
    "waits a year until 2025": CHANGE,
    "waits two from then on": CHANGE,
}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Small:
    framed = frame(BORN, "findings: {cervical-cytology: 2025-10-01}")
    return small(tmp_path_factory.mktemp("tests"), HEAD + RULE + framed + CASES)


def test_the_whole_is_covered(made):
    assert made.gaps() == set()


@pytest.mark.parametrize("it", SHOWN)
def test_without_a_case_its_side_of_the_bound_is_missing(made, it):
    assert made.gaps(without=it) == {SHOWN[it]}


def test_two_values_that_are_one_for_a_time_are_two(tmp_path):
    """A parameter parts two criteria that were alike until then: each is closed at its own place."""
    text = f"""{HEAD}
parameters:
  low: {{2020-01-01: {{is: 20, unit: ng/mL, source: s}}}}
  high: {{2020-01-01: {{is: 20, unit: ng/mL, source: s}}, 2026-02-01: {{is: 30, unit: ng/mL, source: s}}}}
{AT_RISK.strip()}
not_now:
  low: {{lab: {{name: afp, from: low, unit: ng/mL, if_absent: no}}, until: [colonoscopy]}}
  high:
    any: [{{lab: {{name: afp, from: high, unit: ng/mL, if_absent: no}}}}, {{diagnosis: ascites}}]
    until: [colonoscopy]
  if_unknown: hold
{ROWS.strip()}
"""
    found = f"{ILL}, procedures: {{colonoscopy: 2026-02-20}}, labs: {{afp: {{on: 2026-02-10, value: 25, unit: ng/mL}}}}"
    closed = cases({"goes on": (found, "status: up-to-date")})
    gaps = small(tmp_path, text + frame() + closed).gaps()
    assert "low is never closed by colonoscopy" not in gaps
    assert "high is never closed by colonoscopy" in gaps
