"""A case that cannot show what it says is refused with its place: days that have not come, units nobody can read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from outreach.cli import main
from unit.coverage_rule import AT_RISK, DUE, HEAD, frame

RAISED = "not_now:\n  raised: {lab: {name: afp, from: 20, unit: ng/mL}}\n  if_unknown: hold\n"
BASE = HEAD + AT_RISK + RAISED + DUE + frame()


@pytest.fixture
def case(tmp_path, monkeypatch):
    """A rule with one more case; gives what the check of it says."""
    monkeypatch.chdir(tmp_path)

    def made(name: str, given: str, then: str = "{status: not-applicable}") -> int:
        told = f"  - {{it: {name}, today: 2026-03-01, given: {given}, then: {then}}}\n"
        Path("rule.yaml").write_text(BASE.rstrip() + "\n" + told)
        return main(["check", "rule.yaml", "--case", name])

    return made


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("{born: 2026-03-02}", "the person is born after the day of the case, 2026-03-01 [after-today]"),
        ("{born: 2027}", "the person is born after the day of the case"),
        ("{died: 2026-04}", "the person dies after the day of the case"),
        ("{diagnoses: {cirrhosis: 2026-03-02}}", "this record is dated after the day of the case"),
        ("{scans: {liver-ultrasound: {on: 2026-03-05}}}", "this record is dated after the day of the case"),
        ("{labs: {afp: {on: 2026-02-01, value: 9, unit: drops}}}", "no value is read in the unit “drops” [unknown-"),
        ("{labs: {afp: {on: 2026-02-01, value: 9, unit: '1'}}}", "this value has no unit [no-unit]"),
    ],
)  # fmt: skip
def test_a_slip_is_refused_with_its_place(case, capsys, given, says):
    assert case("finds a slip", given) == 2
    told = capsys.readouterr().err
    assert says in told
    line = len(Path("rule.yaml").read_text().splitlines())
    assert told.startswith(f"rule.yaml:{line}:")


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("does not count a cirrhosis of tomorrow", "{diagnoses: {cirrhosis: 2026-03-02}}"),
        ("reads no unknown unit", "{labs: {afp: {on: 2026-02-01, value: 9, unit: drops}}}"),
        ("takes today", "{born: 2026-03-01, diagnoses: {cirrhosis-other: 2026-03}}"),
        ("sees what is booked", "{appointments: {liver-imaging: 2026-04-01}}"),
    ],
)
def test_what_a_case_is_about_is_no_slip(case, capsys, name, given):
    given = given.replace("cirrhosis-other: 2026-03", "chronic-hepatitis-b: 2026-03")
    assert case(name, given) in (0, 1)
    assert "[" not in capsys.readouterr().err


def test_a_machine_is_told_too(case, capsys):
    case("finds a slip", "{born: 2027-01-01}")
    capsys.readouterr()
    assert main(["check", "rule.yaml", "--json"]) == 2
    (problem,) = json.loads(capsys.readouterr().out.splitlines()[-1])["problems"]
    assert problem["name"] == "after-today"
