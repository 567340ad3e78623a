"""Every branch of a small rule: take away the case that shows it, and just that gap appears."""

from __future__ import annotations

import pytest

from unit.coverage_rule import HEAD, ILL, Small, cases, frame, small

RULE = """
codes:
  found:
    - {system: http://snomed.info/sct, code: "260385009", display: Negative}
    - {system: http://snomed.info/sct, code: "10828004", display: Positive}
at_risk:
  cirrhosis: {diagnosis: cirrhosis, source: s}
  infected: {diagnosis: chronic-hepatitis-b, close-relative: liver-cancer, source: s}
  dated: {diagnosis: {name: ascites, for: 1 year}, source: s}
  if_unknown: ask-list
cannot_help:
  cancer: {diagnosis: {name: liver-cancer, within: 2 years}}
  if_unknown: continue-and-flag
own_choice:
  declined: {finding: {name: colorectal-screening-declined, within: 1 year}}
  if_unknown: hold
not_now:
  work-up:
    any: [{test: {is: stool, result: "10828004"}}, {lab: {name: afp, from: 20, unit: ng/mL, if_absent: no}}]
    until: [colonoscopy]
    list: {name: work-up, owner: a nurse, late_after: 14 days}
  if_unknown: hold
counts_as_done:
  stool: {finding: stool-blood-test, result: found}
  colonoscopy: {procedure: colonoscopy}
next_due:
  - {test: none, due: when-first-at-risk, overdue: 2 months, source: s}
  - {test: stool, result: "260385009", due: 1 year, overdue: 15 months, source: s}
  - {test: colonoscopy, due: never-again, source: s}
"""
SICK = ILL[:-1]
STOOL = 'findings: {{stool-blood-test: {{on: {}, result: "{}"}}}}'
CASES = cases(
    {
        "takes the infected": (
            "diagnoses: {chronic-hepatitis-b: 2020-01-15}, relatives: {liver-cancer: undated}",
            "risk_group: infected, status: overdue",
        ),
        "leaves out the infected alone": ("diagnoses: {chronic-hepatitis-b: 2020-01-15}", "status: not-applicable"),
        "leaves out the relative alone": ("relatives: {liver-cancer: undated}", "status: not-applicable"),
        "takes a year": ("diagnoses: {ascites: 2025-03-01}", "status: due, risk_group: dated"),
        "leaves out a day less": ("diagnoses: {ascites: 2025-03-02}", "status: not-applicable"),
        "asks since when": ("diagnoses: {ascites: undated}", "status: unknown"),
        "ends with cancer": (f"{SICK}, liver-cancer: 2024-03-01}}", "status: excluded"),
        "goes on after a day more": (f"{SICK}, liver-cancer: 2024-02-29}}", "status: overdue"),
        "flags cancer without a day": (f"{SICK}, liver-cancer: undated}}", "flags: cancer-not-known, status: overdue"),
        "respects a choice": (f"{ILL}, findings: {{colorectal-screening-declined: 2025-03-01}}", "status: exception"),
        "asks again": (f"{ILL}, findings: {{colorectal-screening-declined: 2025-02-28}}", "status: overdue"),
        "holds a choice without a day": (
            f"{ILL}, findings: {{colorectal-screening-declined: undated}}",
            "status: not-now, because: cannot-tell",
        ),
        "gives two weeks": (f"{ILL}, {STOOL.format('2026-02-15', '10828004')}", "status: not-now, late: false"),
        "is late then": (f"{ILL}, {STOOL.format('2026-02-14', '10828004')}", "status: not-now, late: true"),
        "waits at 20": (f"{ILL}, labs: {{afp: {{on: 2026-02-20, value: 20, unit: ng/mL}}}}", "status: not-now"),
        "goes on at 19": (f"{ILL}, labs: {{afp: {{on: 2026-02-20, value: 19, unit: ng/mL}}}}", "status: overdue"),
        "holds at drops": (
            f"{ILL}, labs: {{afp: {{on: 2026-02-20, value: 9, unit: drops}}}}",
            "because: cannot-tell, status: not-now",
        ),
        "goes on after a colonoscopy": (
            f"{ILL}, {STOOL.format('2025-02-14', '10828004')}, procedures: {{colonoscopy: 2025-03-01}}",
            "status: up-to-date",
        ),
        "is up to date before a year": (f"{ILL}, {STOOL.format('2025-03-02', '260385009')}", "status: up-to-date"),
        "is due after a year": (f"{ILL}, {STOOL.format('2025-03-01', '260385009')}", "status: due"),
        "is due before 15 months": (f"{ILL}, {STOOL.format('2024-12-02', '260385009')}", "status: due"),
        "is overdue after 15 months": (f"{ILL}, {STOOL.format('2024-12-01', '260385009')}", "status: overdue"),
    }
)
INFECTED, DATED, CANCER = "at_risk: infected", "at_risk: dated", "cannot_help: cancer"
HEPATITIS = f"{INFECTED}: diagnosis: chronic hepatitis B"
RELATIVE = f"{INFECTED}: close relative with liver cancer (hepatocellular carcinoma)"
YEAR = f"{DATED}: diagnosis: fluid in the belly (ascites) for at least 1 year (first day)"
TWO_YEARS = f"{CANCER}: diagnosis: liver cancer (hepatocellular carcinoma) within 2 years (first day)"
DECLINED, WORK_UP, ROW = "own_choice: declined", "not_now: work-up", "the row for stool 260385009"
NO = f"{DECLINED}: finding: said no to colorectal screening within 1 year (first day)"
AFP = f"{WORK_UP}: latest afp of 20 ng/mL or more"
AT, BEYOND = "no case exactly at the bound", "no case one step beyond"
UNKNOWN = "no line of {} is ever unknown where that decides"
#: Case → what only that case shows.
SHOWN = {
    "leaves out the dead": {"nobody is deceased"},
    "hears a no": {"nobody is opted-out"},
    "takes the infected": {
        f"{INFECTED} is never true",
        f"{INFECTED} is never the risk group",
        f"{HEPATITIS} never decides by being true",
        f"{RELATIVE} never decides by being true",
    },
    "leaves out the infected alone": {f"{RELATIVE} never decides by not being true"},
    "leaves out the relative alone": {f"{HEPATITIS} never decides by not being true"},
    "takes a year": {f"{DATED} is never true", f"{DATED} is never the risk group", f"{YEAR}: {AT}"},
    "leaves out a day less": {f"{YEAR}: {BEYOND}"},
    "asks since when": {UNKNOWN.format("at_risk")},
    "ends with cancer": {f"{CANCER} is never true", f"{CANCER} is never the reason", f"{TWO_YEARS}: {AT}"},
    "goes on after a day more": {f"{TWO_YEARS}: {BEYOND}"},
    "flags cancer without a day": {UNKNOWN.format("cannot_help")},
    "respects a choice": {f"{DECLINED} is never true", f"{DECLINED} is never the reason", f"{NO}: {AT}"},
    "asks again": {f"{NO}: {BEYOND}"},
    "holds a choice without a day": {UNKNOWN.format("own_choice")},
    "gives two weeks": {f"{WORK_UP}: late after 14 days: {AT}"},
    "is late then": {f"{WORK_UP} is never late", f"{WORK_UP}: late after 14 days: {BEYOND}"},
    "waits at 20": {f"{AFP} (from): {AT}", f"{AFP} never decides by being true"},
    "goes on at 19": {f"{AFP} (from): {BEYOND}"},
    "holds at drops": {UNKNOWN.format("not_now")},
    "goes on after a colonoscopy": {"work-up is never closed by colonoscopy"},
    "is up to date before a year": {f"{ROW}: due: {BEYOND}"},
    "is due after a year": {f"{ROW}: due: {AT}"},
    "is due before 15 months": {f"{ROW}: overdue: {BEYOND}"},
    "is overdue after 15 months": {f"{ROW}: overdue: {AT}"},
}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Small:
    return small(tmp_path_factory.mktemp("branches"), HEAD + RULE + frame() + CASES)


def test_the_whole_is_covered(made):
    assert made.gaps() == set()
    assert made.coverage().percent == 100


@pytest.mark.parametrize("it", SHOWN)
def test_without_a_case_just_what_it_shows_is_missing(made, it):
    assert made.gaps(without=it) == SHOWN[it]


def test_a_gap_names_its_place_in_the_file(made):
    """The line for a line, the key for a bound, the word for a criterion."""
    found = made.places(without="is late then") | made.places(without="leaves out the relative alone")
    assert found[f"{WORK_UP} is never late"].startswith("list: {name: work-up")
    assert found[f"{WORK_UP}: late after 14 days: {BEYOND}"].startswith("late_after: 14 days")
    assert found[f"{HEPATITIS} never decides by not being true"].startswith("diagnosis: chronic-hepatitis-b")
    row = made.places(without="is due after a year")
    assert row[f"{ROW}: due: {AT}"].startswith("due: 1 year, overdue")
