"""Where a rule finds its value sets: one order for every command and for the night."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from outreach.check import answer_cases, results
from outreach.cli import main
from outreach.content import shipped
from outreach.errors import Refused
from outreach.rulebook.load import load
from outreach.settings import read_settings
from outreach.site import programmes_of

BASE = (Path(__file__).parents[1] / "messages" / "rules" / "base.yaml").read_text(encoding="utf-8")
SETTINGS = """
server: {{url: "https://fhir.example.org/r4"}}
site: {{name: Clinic, phone: "1", time_zone: America/New_York}}
programmes: [{{rule: a-scan}}, {{rule: b-scan}}, {{rule: c-scan}}]
rules: {rules}
home: home
"""
OWN = """
codes: {name}
title: {name}
meaning: made up
source: nobody
includes:
  - system: urn:example
    codes: [{{code: {code}, display: Made up}}]
"""


def _rule(folder: Path, name: str, asked: str = "cirrhosis") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    text = BASE.replace("rule: scan", f"rule: {name}").replace("cirrhosis: 2020", f"{asked}: 2020")
    (folder / f"{name}.yaml").write_text(text.replace("diagnosis: cirrhosis", f"diagnosis: {asked}"), encoding="utf-8")
    return folder / f"{name}.yaml"


def _codes(folder: Path, name: str, code: str = "own") -> None:
    (folder / "codes").mkdir(parents=True, exist_ok=True)
    (folder / "codes" / f"{name}.yaml").write_text(OWN.format(name=name, code=code), encoding="utf-8")


def _found(rule_file: Path, name: str) -> str:
    return load([rule_file])[0].value_sets[name].codes[0].code


def test_a_site_uses_its_own_sets_and_those_that_ship(tmp_path):
    """A folder of its own hides nothing: cirrhosis ships, our-ward is the site's."""
    _codes(tmp_path / "rules", "our-ward")
    rule = load([_rule(tmp_path / "rules" / "liver", "a-scan", "our-ward")])[0]
    assert rule.value_sets["our-ward"].codes[0].system == "urn:example"
    assert rule.value_sets["liver-ultrasound"].codes[0].system == "http://loinc.org"


def test_beside_the_rule_comes_before_above_it_and_both_before_what_ships(tmp_path):
    rule = _rule(tmp_path / "rules" / "liver", "a-scan")
    assert _found(rule, "cirrhosis") != "above"
    _codes(tmp_path / "rules", "cirrhosis", "above")
    assert _found(rule, "cirrhosis") == "above"
    _codes(tmp_path / "rules" / "liver", "cirrhosis", "beside")
    assert _found(rule, "cirrhosis") == "beside"


def test_a_folder_named_on_the_command_line_is_the_only_one_besides_that_beside_the_rule(tmp_path):
    _codes(tmp_path / "named", "our-ward")
    rule = _rule(tmp_path / "rules", "a-scan", "our-ward")
    with pytest.raises(Refused, match="there is no value set “liver-ultrasound”"):
        load([rule], tmp_path / "named" / "codes")


def test_each_of_several_rules_is_read_with_its_own_folders_codes(tmp_path):
    """Also their cases: what a case gives is looked up as the rule's own lines are."""
    one, other = _rule(tmp_path / "one" / "a", "one", "our-ward"), _rule(tmp_path / "two" / "a", "two", "our-ward")
    _codes(tmp_path / "one", "our-ward", "first")
    _codes(tmp_path / "two", "our-ward", "second")
    rules = load([one, other])
    assert [rule.value_sets["our-ward"].codes[0].code for rule in rules] == ["first", "second"]
    assert [result.differences for result in results(answer_cases(rules, None))] == [(), ()]


def test_the_night_finds_what_check_finds(tmp_path):
    """The rules folder of the settings holds one own set; the others ship."""
    folder = tmp_path / "rules"
    for beside in (folder, folder / "liver"):
        _codes(beside, "cirrhosis", f"of-{beside.name}")
    _rule(folder / "liver", "a-scan")
    _rule(folder, "b-scan")
    _rule(folder / "bone", "c-scan")
    (tmp_path / "site.yaml").write_text(SETTINGS.format(rules=folder), encoding="utf-8")
    night = {rule.name: rule for _, rule in programmes_of(read_settings(tmp_path / "site.yaml"))}
    checked = {rule.name: rule for path in sorted(folder.rglob("*-scan.yaml")) for rule in load([path])}
    assert {name: rule.value_sets for name, rule in night.items()} == {n: r.value_sets for n, r in checked.items()}
    found = {name: rule.value_sets["cirrhosis"].codes[0].code for name, rule in night.items()}
    assert found == {"a-scan": "of-liver", "b-scan": "of-rules", "c-scan": "of-rules"}


def test_of_two_sets_of_one_name_the_author_is_told_which_counts(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    _codes(tmp_path / "rules" / "liver", "cirrhosis")
    _rule(tmp_path / "rules" / "liver", "a-scan")
    assert main(["check", "a-scan", "--format", "json"]) == 0
    out = capsys.readouterr().out
    ships = shipped("rules") / "codes" / "cirrhosis.yaml"
    assert "rules/liver/a-scan.yaml:13:26: remark: the value set “cirrhosis” is written twice, and not alike: " in out
    assert f"rules/liver/codes/cirrhosis.yaml counts, {ships} does not [two-value-sets]" in out
    told = json.loads(out.splitlines()[-1])["remarks"]
    assert [(one["line"], one["column"], one["name"]) for one in told] == [(13, 26, "two-value-sets")]


def test_of_two_that_are_alike_nothing_is_said(tmp_path):
    """A site may keep copies."""
    (tmp_path / "codes").mkdir()
    ships = (shipped("rules") / "codes" / "cirrhosis.yaml").read_bytes()
    (tmp_path / "codes" / "cirrhosis.yaml").write_bytes(ships)
    assert load([_rule(tmp_path, "a-scan")])[0].remarks == ()


@pytest.mark.parametrize("asked", ["codes/a-scan.yaml", "codes", "."])
def test_a_rule_among_value_sets_is_told_to_move(tmp_path, monkeypatch, asked):
    """It is a rule; and where it stands no command and no night would ever read it."""
    monkeypatch.chdir(tmp_path)
    _rule(tmp_path / "codes", "a-scan")
    _rule(tmp_path / "liver", "b-scan")
    with pytest.raises(Refused) as refusal:
        load([Path(asked)])
    assert [(p.file, p.name, p.what) for p in refusal.value.problems] == [
        ("codes/a-scan.yaml", "rule-among-codes", "this rule stands in a folder called codes, which holds value sets")
    ]
