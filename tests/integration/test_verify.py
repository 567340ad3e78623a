"""outreach verify on an invented measure: six test patients, nested in every way that published sets are."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from outreach.cli.main import main

EXAMPLE = Path(__file__).resolve().parents[1] / "measures" / "example"


@dataclass(frozen=True)
class Said:
    """What the command left behind."""

    status: int
    text: str
    errors: str

    @property
    def told(self) -> dict:
        """The JSON object of the last line."""
        return json.loads(self.text.splitlines()[-1])


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """A copy to spoil."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "example"))


@pytest.fixture
def said(example: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Run the command on the copy."""

    def run(*more: str, rule: str = "sparkle.yaml", cases: str = "cases") -> Said:
        where = ["--rule", str(example / rule), "--cases", str(example / cases)]
        status = main(["verify", *where, "--valuesets", str(example / "valuesets"), *more])
        out, errors = capsys.readouterr()
        return Said(status, out, errors)

    return run


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def expect_no_test(example: Path) -> None:
    """A deliberately wrong expectation: the person who was tested over New Year."""
    report = example / "cases" / "tested" / "MeasureReport-expected.json"
    answer = json.loads(report.read_text(encoding="utf-8"))
    answer["group"][0]["population"][-1]["count"] = 0
    report.write_text(json.dumps(answer), encoding="utf-8")


TABLE = """\
population             expected  found    agree
initial-population            5      5     6/6
denominator                   5      5     6/6
denominator-exclusion         1      1     6/6
denominator-exception         1      1     6/6
numerator                     2      2     6/6

sparkle: 6 of 6 cases agree on every population
"""


def test_six_people_agree(said):
    found = said()
    assert (found.text, found.status) == (TABLE, 0)


def test_the_json_is_the_same_in_one_line(said):
    found = said("--json")
    assert found.text.startswith(TABLE)
    assert found.told["populations"]["numerator"] == {"expected": 2, "found": 2, "agree": 6, "cases": 6}
    assert (found.told["rule"], found.told["cases"], found.told["agreeing"]) == ("sparkle", 6, 6)
    assert (found.told["measure"], found.told["differences"]) == ("urn:example:Measure/Sparkle", [])


def test_a_wrong_expectation_is_a_difference_with_its_description(said, example):
    expect_no_test(example)
    found = said("--json")
    assert found.status == 1
    assert "\ntested: Tested over New Year: the last day counts\n" in found.text
    assert "numerator: the report says 0, the rule says 1 (up-to-date: " in found.text
    assert "5 of 6 cases agree" in found.text
    (difference,) = found.told["differences"]
    assert {key: difference[key] for key in ("case", "as_of", "status", "populations")} == {
        "case": "tested", "as_of": "2025-12-31", "status": "up-to-date",
        "populations": {"numerator": {"expected": 0, "found": 1}},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "differing"),
    [
        ("dated_by: end", "dated_by: start", {"tested"}),
        ("has_value: true, ", "", {"not-tested"}),
        ("age: {from: 40}", "age: {from: 39}", {"too-young"}),
        ("diagnosis: never-sparkles", "diagnosis: {name: never-sparkles, starts_in: year}", {"never-sparkles"}),
        ("sparkle-declined, during: year", "sparkle-declined, for: 1 year", {"declined"}),
    ],
)
def test_each_case_stands_for_a_part_of_the_rule(said, example, old, new, differing):
    """A rule that is wrong in one place fails on the people who stand for that place, and on nobody else."""
    change(example / "sparkle.yaml", old, new)
    assert {each["case"] for each in said("--json").told["differences"]} == differing


def test_each_case_is_asked_on_the_last_day_of_its_own_period(said, example):
    """Asked a year later, the Bundle's visit would lie before the year and its test would have run out."""
    change(example / "cases" / "year-before.json", '"end": "2024-12-31"', '"end": "2025-12-31"')
    (difference,) = said("--json").told["differences"]
    assert (difference["case"], difference["status"]) == ("year-before", "not-applicable")


def test_cases_may_lie_one_level_deeper(said, example):
    (example / "outer").mkdir()
    (example / "cases").rename(example / "outer" / "sparkle")
    expect_no_test(Path(shutil.copytree(example / "outer" / "sparkle", example / "spoilt" / "cases")).parent)
    assert said(cases="outer").text == TABLE
    assert said("--json", cases="spoilt").told["differences"][0]["case"] == "cases/tested"


def test_a_folder_of_one_case_is_a_case(said):
    found = said("--json", cases="cases/declined")
    assert (found.status, found.told["cases"]) == (0, 1)


def test_a_population_that_rules_do_not_have_is_named_and_not_compared(said, example):
    change(
        example / "cases" / "declined" / "MeasureReport-expected.json", "denominator-exception", "measure-population"
    )
    found = said("--json")
    assert (found.status, found.told["not_compared"]) == (0, ["measure-population"])
    assert "measure-population     not compared" in found.text
    assert found.told["populations"]["denominator-exception"] == {"expected": 0, "found": 0, "agree": 5, "cases": 5}


def test_nothing_is_written_beside_the_cases(said, example):
    before = sorted(example.rglob("*"))
    said()
    assert sorted(example.rglob("*")) == before
