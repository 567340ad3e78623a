"""What a machine reads of outreach check when a rule cannot be read, and where a rule's value sets come from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from outreach.cli import main
from outreach.content import shipped

WRONG = "rule: a-check\ntitel: A title\n"


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A folder with a rule that cannot be read."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules" / "bone").mkdir(parents=True)
    (tmp_path / "rules" / "bone" / "a-check.yaml").write_text(WRONG)
    return tmp_path


def test_json_says_where_and_what(site, capsys):
    assert main(["check", "rules", "--format", "json"]) == 2
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    places = {(p["file"], p["line"], p["column"], p["name"]) for p in told["problems"]}
    assert ("rules/bone/a-check.yaml", 2, 1, "unknown-key") in places


def test_github_gets_an_annotation_for_each(site, capsys):
    assert main(["check", "rules", "--format", "github"]) == 2
    out = capsys.readouterr().out
    assert "::error file=rules/bone/a-check.yaml,line=2,col=1::a rule has no key “titel”" in out


def test_a_codes_folder_beside_a_rule_does_not_hide_the_others(tmp_path, monkeypatch, capsys):
    """A new rule brings a codes/ of its own; the sets that ship are still there."""
    monkeypatch.chdir(tmp_path)
    assert main(["rule", "new", "bone-check", "--dir", "rules/bone"]) == 0
    path = Path("rules/bone/bone-check.yaml")
    text = path.read_text()
    path.write_text(text.replace("cannot_help:", "cannot_help:\n  liver-cancer: {diagnosis: liver-cancer}", 1))
    assert (shipped("rules") / "codes" / "liver-cancer.yaml").is_file()
    assert main(["check", "rules/bone"]) == 0
    assert main(["check", "bone-check"]) == 0  # by its name


def test_a_value_set_is_no_broken_rule(capsys):
    assert main(["check", str(shipped("rules") / "codes")]) == 2
    said = capsys.readouterr().err
    assert "this is a value set, not a rule" in said
    assert len(said.splitlines()) < 10
