"""From a rule's text to a verdict: the order of judgement, the tests that count and the next due day, by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from plain.conftest import TODAY, coded, finding, ill
from plain.judge import Verdict, judge
from plain.people import people
from plain.rule import Rule

RULE = """
age: {from: 18}
at_risk:
  optional: {diagnosis: ill-b, source: s, grade: C}
  old-illness: {diagnosis: {name: ill-a, for: 1 year}, source: s}
  measured: {lab: {name: lab-a, from: 3, unit: mg/dL}, source: s}
  if_unknown: ask-list
cannot_help:
  relative: {close-relative: ill-b}
  if_unknown: continue-and-flag
own_choice:
  declined: {finding: {name: sign-a, value: answer-a}}
  if_unknown: hold
not_now:
  work-up: {scan: x-3, until: [kind-b], list: {name: looked-into, owner: nurse, late_after: 14 days}}
  unread: {scan: uncoded}
  if_unknown: hold
counts_as_done:
  kind-a: {report: image-a, procedure: image-a, result: result-x}
  kind-b: {procedure: scope-a}
never_counts: never-a
next_due:
  - {scan: none, due: when-first-at-risk, overdue: 2 months, source: s}
  - {test: kind-b, due: 10 years, overdue: 11 years, source: s}
  - {scan: x-2, due: 3 months, overdue: 6 months, source: s}
  - {scan: x-1, due: 1 year, overdue: 15 months, source: s}
"""
LOOKALIKE = {"coding": [*coded("image-a")["coding"], *coded("never-a")["coding"]]}
OLD = ill(onsetDateTime="2024-12-31")


def scan(on: str, result: str = "", **more: object) -> dict[str, object]:
    report = {"resourceType": "DiagnosticReport", "status": "final", "code": coded("image-a"), "effectiveDateTime": on}
    coding = {"system": "urn:example:codes", "code": result}
    return {**report, **({"conclusionCode": [{"coding": [coding]}]} if result else {}), **more}


def scope(on: str) -> dict[str, object]:
    return {"resourceType": "Procedure", "status": "completed", "code": coded("scope-a"), "performedDateTime": on}


@pytest.fixture
def verdict(codes: Path):
    """What becomes of somebody born in 1970 with these records."""

    def of(*records: dict[str, object], rule: str = RULE, **patient: object) -> Verdict:
        me = {"resourceType": "Patient", "id": "me", "birthDate": "1970-06-01", **patient}
        told = [{"id": str(n), "subject": {"reference": "Patient/me"}, **one} for n, one in enumerate(records)]
        return judge(Rule(rule, codes, TODAY), people([me, *told])[0])

    return of


def _said(found: Verdict) -> tuple[str, str, str, str]:
    return found.status, found.reason, str(found.due_on), found.risk_group


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ([], ("unknown", "ask-list", "None", "")),
        ([OLD], ("overdue", "", "2025-12-31", "old-illness")),
        ([OLD, ill(code=coded("ill-b"))], ("overdue", "", "2025-12-31", "old-illness")),
        ([ill(code=coded("ill-b"))], ("not-now", "clinician-decides", "1988-06-01", "optional")),
        ([OLD, scan("2025-06-01", "x-1")], ("up-to-date", "", "2026-06-01", "old-illness")),
        ([OLD, scan("2025-12-01", "x-2")], ("due", "", "2026-03-01", "old-illness")),
        ([OLD, scan("2025-09-01", "x-2")], ("overdue", "", "2025-12-01", "old-illness")),
        ([OLD, scan("2025-09-01", "x-3")], ("not-now", "work-up", "None", "old-illness")),
        ([OLD, scan("2025-09-01", "x-3"), scope("2025-09-01")], ("up-to-date", "", "2035-09-01", "old-illness")),
        ([OLD, scan("2025-09-01")], ("not-now", "unread", "None", "old-illness")),
        ([OLD, scan("2025-09-01"), scan("2025-09-01", "x-1")], ("up-to-date", "", "2026-09-01", "old-illness")),
        ([OLD, scan("2025-09-01", "x-1", code=LOOKALIKE)], ("overdue", "", "2025-12-31", "old-illness")),
        ([OLD, finding(valueCodeableConcept=coded("answer-a"))], ("exception", "declined", "None", "old-illness")),
    ],
)  # fmt: skip
def test_what_becomes_of_somebody(verdict, records, said):
    assert _said(verdict(*records)) == said


def test_the_dead_are_excluded_before_anything_else_is_asked(verdict):
    assert _said(verdict(OLD, deceasedBoolean=True))[:2] == ("excluded", "deceased")


def test_somebody_too_young_is_not_at_risk(verdict):
    assert _said(verdict(OLD, birthDate="2010-01-01"))[:2] == ("not-applicable", "not-at-risk")


def test_what_is_missing_is_said(verdict):
    assert verdict().missing == ("lab-a",)
    assert verdict(OLD, birthDate="2008").missing == ("birth-date", "lab-a")


def test_the_list_of_a_pause(verdict):
    assert verdict(OLD, scan("2025-09-01", "x-3")).list_name == "looked-into"


LONGEST = RULE.replace("never_counts:", "due_from: longest-lasting-test\nnever_counts:")


def test_the_longest_lasting_test_decides_where_the_rule_says_so(verdict):
    tests = (scope("2020-01-01"), scan("2025-12-01", "x-2"))
    assert verdict(OLD, *tests).due_on == TODAY
    assert verdict(OLD, *tests, rule=LONGEST).due_on == date(2030, 1, 1)


def test_once_only(verdict):
    once = RULE.replace("due: 10 years, overdue: 11 years", "due: never-again")
    assert _said(verdict(OLD, scope("1999-01-01"), rule=once)) == ("up-to-date", "", "None", "old-illness")


def test_a_parameter_is_what_it_is_on_the_day(verdict):
    text = "parameters: {gap: {2018-01-01: {is: 3 months}, 2026-03-01: {is: 6 months}}}\n"
    rule = text + RULE.replace("due: 3 months", "due: gap")
    assert verdict(OLD, scan("2025-12-01", "x-2"), rule=rule).due_on == date(2026, 6, 1)


def test_every_line_and_word_has_a_truth(verdict):
    found = {line.name: (line.truth, [(leaf.word, leaf.truth) for leaf in line.leaves]) for line in verdict(OLD).lines}
    assert found["old-illness"] == ("T", [("diagnosis", "T")])
    assert found["measured"] == ("U", [("lab", "U")])
    assert found["work-up"] == ("F", [("scan", "F")])
