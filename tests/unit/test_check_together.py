"""Cases of several rules share a night without hearing of each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from outreach.check import answer_cases, results
from outreach.rulebook.load import load
from outreach.rulebook.model import Rule
from unit.coverage_rule import AT_RISK, CODES, DUE, HEAD, cases, frame

OWN = """codes: mark
title: A mark
meaning: A mark of our own.
source: our own choice
status: draft
includes:
  - system: http://example.org/{0}
    codes:
      - {{code: "{1}", display: A mark}}
"""


def _rule(folder: Path, name: str, system: str, code: str) -> None:
    """A rule whose group has a diagnosis that a value set beside the rule holds."""
    (folder / "codes").mkdir(parents=True)
    (folder / "codes" / "mark.yaml").write_text(OWN.format(system, code), encoding="utf-8")
    marked = cases({"takes the marked": ("diagnoses: {mark: 2020-01-15}", "status: overdue, risk_group: marked")})
    text = HEAD.replace("rule: small", f"rule: {name}") + AT_RISK.rstrip()
    text = text.replace("  if_unknown", "  marked: {diagnosis: mark, source: s}\n  if_unknown") + DUE + frame() + marked
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def rules(tmp_path_factory) -> list[Rule]:
    """Two rules that mean different codes by one name, and one that does not use it."""
    root = tmp_path_factory.mktemp("together")
    _rule(root / "one", "one", "a", "1")
    _rule(root / "two", "two", "b", "2")
    (root / "three.yaml").write_text(HEAD.replace("small", "three", 1) + AT_RISK + DUE + frame(), encoding="utf-8")
    return load([root], CODES)


def test_a_name_means_what_each_rule_means_by_it(rules):
    answers = answer_cases(rules, CODES)
    assert [str(result) for result in results(answers) if result.differences] == []
    assert {one.rule.name for one in answers} == {"one", "two", "three"}


def test_answers_come_in_the_order_of_the_rules_and_their_cases(rules):
    answers = answer_cases(rules, CODES)
    assert [(one.rule.name, one.case.it) for one in answers] == [
        (rule.name, case.it) for rule in rules for case in rule.cases
    ]


def test_only_cases_whose_name_holds_a_text_are_asked(rules):
    assert [one.rule.name for one in answer_cases(rules, CODES, "takes the marked")] == ["one", "two"]
