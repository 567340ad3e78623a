"""outreach verify on a wrong rule or folder: exit status 2, every problem at once, nothing judged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from integration.test_verify import change, example, said
from outreach.content import shipped

__all__ = ["example", "said"]


def test_a_value_set_that_is_nowhere(said, example):
    (example / "valuesets" / "1.2.json").unlink()
    (example / "valuesets" / "1.3.json").unlink()
    found = said()
    assert (found.status, found.text) == (2, "")
    assert "sparkle-test" in found.errors
    assert "never-sparkles" in found.errors


def test_a_published_set_is_not_hidden_by_one_that_ships_under_its_name(said, example):
    """Nor replaced by it where it is missing: ours has other codes."""
    assert (shipped("rules") / "codes" / "colonoscopy.yaml").is_file()
    change(example / "sparkle.yaml", "sparkle-test", "colonoscopy")
    published = example / "valuesets" / "1.2.json"
    change(published, '"Sparkle Test"', '"Colonoscopy"')
    assert said().status == 0
    published.unlink()
    found = said()
    assert (found.status, "there is no value set “colonoscopy”" in found.errors) == (2, True)


@pytest.mark.parametrize("missing", ["cases", "valuesets"])
def test_a_folder_that_is_not_there(said, example, missing):
    (example / missing).rename(example / "elsewhere")
    found = said()
    assert found.status == 2
    assert f"{missing}: error: there is no such folder [no-folder]" in found.errors


def test_a_rule_that_is_not_there(said):
    assert said(rule="absent.yaml").status == 2


def test_a_folder_without_cases(said):
    found = said(cases="valuesets")
    assert found.status == 2
    assert "there are no measure test cases here [no-cases]" in found.errors


def test_cases_of_two_measures(said, example):
    """One rule cannot be both; their names are told."""
    change(example / "cases" / "tested" / "MeasureReport-expected.json", "Measure/Sparkle", "Measure/Glitter|1.0")
    found = said()
    assert found.status == 2
    assert "the cases of 2 measures [several-measures]" in found.errors
    assert "Name the folder of one of them: urn:example:Measure/Glitter, urn:example:Measure/Sparkle." in found.errors


def test_every_file_that_stands_alone_or_cannot_be_read_is_told_at_once(said, example):
    cases = example / "cases"
    (cases / "tested" / "MeasureReport-expected.json").unlink()
    (cases / "declined" / "Patient-p.json").unlink()
    (cases / "too-young" / "Encounter-v.json").write_text("{", encoding="utf-8")
    found = said()
    assert found.status == 2
    assert "Patient-p.json: error: a Patient without a MeasureReport, so without an expected answer" in found.errors
    assert "MeasureReport-expected.json: error: a MeasureReport without its Patient beside it" in found.errors
    assert "Encounter-v.json: error: the file cannot be read: it is not JSON (JSONDecodeError)" in found.errors


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (lambda report: report.pop("group"), "has 0 groups"),
        (lambda report: report.update(group=report["group"] * 2), "has 2 groups"),
        (lambda report: report["group"][0].pop("population"), "has no population"),
        (lambda report: report["group"][0]["population"][0].pop("count"), "lacks its code or its count"),
        (lambda report: report["period"].update(end="2025"), "no end that is a whole day"),
        (lambda report: report.pop("period"), "no end that is a whole day"),
    ],
)
def test_a_report_that_expects_nothing_certain(said, example, spoil, what):
    file = example / "cases" / "tested" / "MeasureReport-expected.json"
    report = json.loads(file.read_text(encoding="utf-8"))
    spoil(report)
    file.write_text(json.dumps(report), encoding="utf-8")
    found = said()
    assert found.status == 2
    assert what in found.errors


def test_a_resource_that_cannot_be_flattened_is_named_by_its_case(said, example):
    """A case that agrees because a record was dropped would prove nothing."""
    file: Path = example / "cases" / "tested" / "Observation-o.json"
    observation = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**observation, "code": [observation["code"]]}), encoding="utf-8")
    found = said()
    assert found.status == 2
    assert "tested: error: its Observation cannot be read: not-an-object:code [odd-resource]" in found.errors
