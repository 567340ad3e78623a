"""Each member of a list decides by itself: take away the case that shows it, and just that member is missing."""

from __future__ import annotations

import pytest

from unit.coverage_rule import HEAD, ILL, Small, cases, frame, small

RULE = """
codes:
  found:
    - {system: http://snomed.info/sct, code: "260385009", display: Negative}
    - {system: http://snomed.info/sct, code: "10828004", display: Positive}
    - {system: http://snomed.info/sct, code: "260415000", display: Not detected}
reads:
  language: {why: a test, source: s, owner: a nurse, review_by: 2027-06-30}
definitions:
  infected: {diagnosis: [chronic-hepatitis-b, chronic-hepatitis-c]}
at_risk:
  cirrhosis: {diagnosis: cirrhosis, source: s}
  family: {is: infected, close-relative: liver-cancer, source: s}
  fatty: {is: infected, diagnosis: steatohepatitis, source: s}
  speaks: {language: [es, vi], source: s}
  if_unknown: ask-list
cannot_help:
  ill: {diagnosis: {name: [ascites, liver-cancer], active: true}}
  if_unknown: continue-and-flag
not_now:
  found: {test: {is: [stool, dna], result: ["10828004", uncoded]}}
  away: {visit: {setting: [emergency, inpatient], within: 2 weeks}}
  if_unknown: hold
counts_as_done:
  stool: {finding: stool-blood-test, result: found}
  dna: {finding: stool-dna-test, result: found}
  scope: {procedure: [colonoscopy, flexible-sigmoidoscopy], report: colonoscopy}
  film: {report: ct-colonography, with: [elastography, liver-ultrasound]}
next_due:
  - {test: none, due: when-first-at-risk, overdue: 2 months, source: s}
  - {test: [stool, dna], result: ["260385009", "260415000"], due: 1 year, overdue: 15 months, source: s}
  - {test: scope, risk_group: [cirrhosis, speaks], due: never-again, source: s}
  - {test: scope, due: never-again, source: s}
  - {test: film, due: never-again, source: s}
"""
SICK, TODAY, OUT, DONE, WAITS = (
    ILL[:-1],
    "2026-01-20",
    "status: excluded",
    "status: up-to-date",
    "status: not-now, because: found",
)
AWAY_NOW = "status: not-now, because: away"
FAMILY, SCAN = "relatives: {liver-cancer: undated}", f"scans: {{ct-colonography: {TODAY}"


def _found(name: str, result: str) -> str:
    return f'{ILL}, findings: {{{name}: {{on: {TODAY}, result: "{result}"}}}}'


CASES = cases(
    {
        "takes B in the family": (f"diagnoses: {{chronic-hepatitis-b: 2020}}, {FAMILY}", "status: overdue"),
        "takes fatty C": ("diagnoses: {chronic-hepatitis-c: 2020, steatohepatitis: 2020}", "status: overdue"),
        "takes who has both": (
            f"diagnoses: {{chronic-hepatitis-b: 2020, chronic-hepatitis-c: 2020}}, {FAMILY}",
            "status: overdue",
        ),
        "leaves who has C alone": ("diagnoses: {chronic-hepatitis-c: 2020}", "status: not-applicable"),
        "takes Spanish": (f"language: es-MX, procedures: {{colonoscopy: {TODAY}}}", DONE),
        "takes Vietnamese": ("language: vi", "status: due"),
        "ends with ascites": (f"{SICK}, ascites: 2020}}", OUT),
        "ends with cancer": (f"{SICK}, liver-cancer: 2020}}", OUT),
        "waits after stool": (_found("stool-blood-test", "10828004"), WAITS),
        "waits after DNA": (f"{ILL}, findings: {{stool-dna-test: {TODAY}}}", WAITS),
        "waits in hospital": (
            f"{ILL}, visits: {{telehealth: {{on: 2026-02-20, setting: inpatient}}}}",
            AWAY_NOW,
        ),
        "waits in emergency": (
            f"{ILL}, visits: {{telehealth: {{on: 2026-02-20, setting: emergency}}}}",
            AWAY_NOW,
        ),
        "counts negative stool": (_found("stool-blood-test", "260385009"), DONE),
        "counts negative DNA": (_found("stool-dna-test", "260415000"), DONE),
        "counts a sigmoidoscopy": (f"{ILL}, procedures: {{flexible-sigmoidoscopy: {TODAY}}}", DONE),
        "counts a report": (f"{ILL}, scans: {{colonoscopy: {TODAY}}}", DONE),
        "counts films with stiffness": (f"{ILL}, {SCAN}, elastography: {TODAY}}}", DONE),
        "counts films with sound": (f"{ILL}, {SCAN}, liver-ultrasound: {TODAY}}}", DONE),
        "counts films with both": (f"{ILL}, {SCAN}, liver-ultrasound: {TODAY}, elastography: {TODAY}}}", DONE),
        "says no more to the dead": (f"died: 2026-02, {ILL}, scans: {{colonoscopy: {TODAY}}}", OUT),
    }
)
INFECTED = "at_risk: family: diagnosis: chronic hepatitis B or chronic hepatitis C"
ILLNESS = "cannot_help: ill: active diagnosis: fluid in the belly (ascites) or liver cancer (hepatocellular carcinoma)"
LATEST = "not_now: found: latest stool or dna is 10828004 or uncoded"
AWAY = "not_now: away: visit: any setting EMER or IMP or ACUTE or NONAC within 2 weeks"
ROW, NEVER = "the row for stool or dna 260385009 or 260415000", "the row for scope in cirrhosis or speaks"
#: Case → what only that case shows, after “never”.
SHOWN = {
    "takes B in the family": {f"{INFECTED} never decides through chronic-hepatitis-b"},
    "takes fatty C": {f"{INFECTED} never decides through chronic-hepatitis-c"},
    "takes Spanish": {
        "at_risk: speaks: speaks es or vi never decides through es",
        f"{NEVER} never decides through speaks",
    },
    "takes Vietnamese": {"at_risk: speaks: speaks es or vi never decides through vi"},
    "ends with ascites": {f"{ILLNESS} never decides through ascites"},
    "ends with cancer": {f"{ILLNESS} never decides through liver-cancer"},
    "waits after stool": {f"{LATEST} never decides through {one}" for one in ("stool", "10828004")},
    "waits after DNA": {f"{LATEST} never decides through {one}" for one in ("dna", "uncoded")},
    "waits in hospital": {f"{AWAY} never decides through inpatient"},
    "waits in emergency": {f"{AWAY} never decides through emergency"},
    "counts negative stool": {f"{ROW} never decides through {one}" for one in ("stool", "260385009")},
    "counts negative DNA": {f"{ROW} never decides through {one}" for one in ("dna", "260415000")},
    "counts a sigmoidoscopy": {"scope never counts through procedure: flexible-sigmoidoscopy"},
    "counts a report": {"scope never counts through report: colonoscopy"},
    "counts films with stiffness": {"film never counts with elastography"},
    "counts films with sound": {"film never counts with liver-ultrasound"},
}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Small:
    framed = frame("language: en").replace("language: en, language:", "language:")
    plain = CASES.replace("given: {", "given: {language: en, ").replace("language: en, language:", "language:")
    return small(tmp_path_factory.mktemp("lists"), HEAD + RULE + framed + plain)


def _lists(made: Small, without: str = "") -> set[str]:
    return {what for what in made.gaps(without) if "never decides through" in what or "never counts" in what}


def test_the_whole_is_covered(made):
    """A definition that two lines share is asked once, and a case of either line shows a member."""
    assert _lists(made) == set()


@pytest.mark.parametrize("it", SHOWN)
def test_without_a_case_just_its_member_is_missing(made, it):
    assert _lists(made, without=it) == SHOWN[it]


def test_a_gap_stands_at_the_member(made):
    """In a short list, in one under a key, in a row, and under what counts as done."""
    start = {
        "takes fatty C": "chronic-hepatitis-c]}",
        "ends with cancer": "liver-cancer], active",
        "waits in hospital": "inpatient], within",
        "takes Vietnamese": "vi], source",
        "counts a sigmoidoscopy": "flexible-sigmoidoscopy], report",
        "counts films with sound": "liver-ultrasound]}",
    }
    for it, words in start.items():
        (what,) = SHOWN[it]
        assert made.places(without=it)[what].startswith(words)
    assert made.places(without="takes Spanish")[f"{NEVER} never decides through speaks"].startswith("speaks], due")
