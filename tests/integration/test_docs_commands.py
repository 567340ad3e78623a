"""The commands for whoever writes, reads and signs rules tell how they are used, and what they report as data."""

from __future__ import annotations

import json

import pytest

from outreach.cli import main


@pytest.mark.parametrize("words", [["docs"], ["rule"], ["rule", "new"], ["preview"], ["approve"], ["explain"]])
def test_each_command_shows_examples_and_exit_statuses(words, capsys):
    with pytest.raises(SystemExit) as ended:
        main([*words, "--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert "examples:" in shown
    assert "exit status" in shown
    assert f"  outreach {words[0]} " in shown


def test_rules_are_told_as_pages_and_as_data(rules, tmp_path, capsys, monkeypatch):
    """One JSON object as the last line: the pages with the fingerprints that are signed."""
    monkeypatch.chdir(tmp_path)
    file = str(rules / "liver" / "hcc-surveillance.yaml")
    assert main(["docs", file, "--format", "md", "--as-of", "2026-03-01", "--json"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    (page,) = told["pages"]
    text = (tmp_path / page["page"]).read_text(encoding="utf-8")
    assert page["hash"] in text
    assert "1 March 2026" in text


def test_a_broken_rule_has_no_page(tmp_path, capsys):
    """Every mistake is told, and no page is written of a rule that cannot be read."""
    broken = tmp_path / "x.yaml"
    broken.write_text("rule: x\ntitel: y\n", encoding="utf-8")
    assert main(["docs", str(broken), "--out", str(tmp_path / "pages")]) == 2
    assert "titel" in capsys.readouterr().err
    assert not list((tmp_path / "pages").glob("*"))
