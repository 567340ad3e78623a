"""outreach check --coverage: what it prints, in each form, and how it exits."""

from __future__ import annotations

import json
import re

import pytest

from outreach.cli.main import main
from unit.coverage_rule import AT_RISK, CODES, DUE, HEAD, frame

WHOLE = HEAD + AT_RISK + DUE + frame()
#: The same without the case of the dead.
LESS = "\n".join(line for line in WHOLE.splitlines() if "leaves out the dead" not in line) + "\n"
GAP = "small.yaml:2:1: not covered: nobody is deceased [branches]\n   = a person at risk with died: 2026-01"


@pytest.fixture
def check(tmp_path, capsys):
    """Check a rule with some arguments: exit status and what was printed."""

    def run(text: str, *arguments: str) -> tuple[int, str]:
        path = tmp_path / "small.yaml"
        path.write_text(text, encoding="utf-8")
        status = main(["check", str(path), "--codes", str(CODES), *arguments])
        return status, capsys.readouterr().out

    return run


def test_without_being_asked_it_says_that_it_has_not_measured(check):
    status, said = check(LESS)
    assert (status, said.splitlines()[-1]) == (0, "coverage not measured; --coverage")


def test_it_names_each_gap_and_counts(check):
    status, said = check(LESS, "--coverage")
    assert status == 0
    assert GAP in said
    assert said.splitlines()[-2:] == [
        "small covered by its cases: branches 9 of 10 (90 %), boundaries 2 of 2 (100 %)",
        "not measured by coverage: never_counts, and whether each code of a value set belongs there",
    ]


def test_a_rule_of_which_no_case_was_asked_is_named(check, tmp_path, capsys):
    other = tmp_path / "other.yaml"
    other.write_text(WHOLE.replace("rule: small", "rule: other").replace("it: is done", "it: rests"))
    check(WHOLE)
    assert main(["check", str(tmp_path), "--codes", str(CODES), "--coverage", "--case", "rests"]) == 0
    said = capsys.readouterr().out
    assert said.splitlines()[-1] == "small has no case here: its coverage is not measured"


@pytest.mark.parametrize(("text", "under", "status"), [(WHOLE, "100", 0), (LESS, "100", 1), (LESS, "90", 0)])
def test_it_fails_below_what_is_asked(check, text, under, status):
    """Of either measure, for any rule; asking for it measures."""
    assert check(text, "--fail-under", under)[0] == status


def test_one_json_object_is_the_last_line(check):
    told = json.loads(check(LESS, "--coverage", "--format", "json")[1].splitlines()[-1])
    assert (told["passed"], told["failed"], len(told["cases"])) == (5, 0, 5)
    (rule,) = told["coverage"]
    assert rule["branches"] == {"covered": 9, "of": 10, "percent": 90.0}
    (gap,) = rule["gaps"]
    assert (gap["measure"], gap["line"], gap["what"]) == ("branches", 2, "nobody is deceased")


def test_json_says_when_nothing_was_measured(check):
    assert json.loads(check(LESS, "--format", "json")[1].splitlines()[-1])["coverage"] is None


def test_github_is_told_of_gaps_and_of_failed_cases(check):
    """Warnings and errors with their place; a comma or a line break in them would end the message early."""
    wrong = LESS.replace("then: {status: due}", "then: {status: overdue}")
    status, said = check(wrong, "--coverage", "--format", "github")
    assert status == 1
    notes = [line for line in said.splitlines() if line.startswith("::")]
    assert re.match(r"::error file=\S*small\.yaml,line=\d+,col=5::failed: is due%0Astatus: ", notes[0])
    assert any(
        re.match(r"::warning file=\S*small\.yaml,line=2,col=1::not covered: nobody is deceased%0A", n) for n in notes
    )
