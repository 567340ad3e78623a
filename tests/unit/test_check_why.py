"""A case that fails says what was expected, what was found, which criteria decided and what was on record."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from outreach.cli import main
from unit.coverage_rule import AT_RISK, DUE, HEAD, frame

RAISED = "not_now:\n  raised: {lab: {name: afp, from: 20, unit: ng/mL}}\n  if_unknown: hold\n"
ILL = "diagnoses: {cirrhosis: 2020-01-15}"
AFP = "labs: {afp: {on: 2026-02-01, value: 25, unit: ng/mL}}"


@pytest.fixture
def failed(tmp_path, monkeypatch, capsys):
    """What check prints of one more case, which fails."""
    monkeypatch.chdir(tmp_path)

    def told(given: str, then: str, *more: str, at_risk: str = AT_RISK, due: str = DUE) -> str:
        case = f"  - {{it: a case, today: 2026-03-01, given: {{{given}}}, then: {{{then}}}}}\n"
        Path("rule.yaml").write_text(HEAD + at_risk + RAISED + due + frame().rstrip() + "\n" + case)
        assert main(["check", "rule.yaml", "--case", "a case", *more]) == 1
        return capsys.readouterr().out

    return told


def test_a_pause_names_its_value(failed):
    told = failed(f"{ILL}, {AFP}", "status: overdue, because: ''")
    assert "failed: a case (on 2026-03-01)" in told
    assert "status: the case says “overdue”, the rule says “not-now”" in told
    assert "because: the case says nothing, the rule says “raised”" in told
    assert (
        "because not_now, “raised”: latest afp of 20 ng/mL or more: yes; on record: 25 ng/mL, 1 February 2026" in told
    )
    assert "“”" not in told


def test_who_is_not_at_risk_is_told_what_lacks(failed):
    told = failed("diagnoses: {chronic-hepatitis-b: 2020-01-15}", "status: overdue, risk_group: cirrhosis")
    assert (
        "at_risk, “cirrhosis”: diagnosis: cirrhosis of the liver, any cause: no; on record: nothing that fits" in told
    )


def test_the_day_of_the_test_is_told(failed):
    told = failed(f"{ILL}, procedures: {{colonoscopy: 2020-02-02}}, {AFP.replace('25', '5')}", "status: due")
    assert "next_due: latest test that counts: yes; on record: colonoscopy, 2 February 2020; never due again" in told


def test_a_case_that_fails_says_from_which_day_it_counted(failed):
    """The days are written as in a case: the first at risk where there is no test, else that of the test."""
    five, yearly = AFP.replace("25", "5"), DUE.replace("due: never-again", "due: 1 year, overdue: 15 months")
    told = failed(f"{ILL.replace('2020', '2026')}, {five}", "status: overdue")
    assert "on record: nothing that fits; first at risk 2026-01-15, due 2026-01-15, overdue from 2026-03-15" in told
    done = f"{ILL}, {five}, procedures: {{colonoscopy: 2025-01-31}}"
    told = failed(done, "status: up-to-date", due=yearly)
    assert "colonoscopy, 31 January 2025; counted from 2025-01-31, due 2026-01-31, overdue from 2026-04-30" in told
    told = failed(done, "status: up-to-date", due=f"due_from: longest-lasting-test{yearly}")
    assert "colonoscopy, 31 January 2025; due 2026-01-31, overdue from 2026-04-30" in told


def test_of_many_criteria_that_decided_the_days_are_not_left_out(failed):
    """A screen holds six."""
    parts = ", ".join(f"{{diagnosis: {{name: cirrhosis, within: {years} years}}}}" for years in range(10, 18))
    many = AT_RISK.replace("{diagnosis: cirrhosis, source", f"{{any: [{parts}], source")
    told = failed(f"{ILL}, {AFP.replace('25', '5')}", "status: due", at_risk=many)
    assert told.count("because ") == 6
    assert "because next_due: latest test that counts: no; on record: nothing that fits; first at risk 2020-" in told


def test_a_machine_is_told_the_same(failed):
    lines = failed(f"{ILL}, {AFP}", "status: overdue", "--json").splitlines()
    (case,) = json.loads(lines[-1])["cases"]
    assert case["why"][0] == {
        "section": "not_now",
        "line": "raised",
        "criterion": "latest afp of 20 ng/mL or more",
        "answer": "yes",
        "record": "25 ng/mL, 1 February 2026",
        "days": "",
    }
    assert case["line"] == len(Path("rule.yaml").read_text().splitlines())
