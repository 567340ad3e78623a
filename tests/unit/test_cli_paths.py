"""What somebody typed wrongly is told as that: the path, what is wrong with it, and exit 2."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import pytest

from outreach.cli import main
from outreach.cli.words import as_typed
from outreach.demo.run import prepared
from outreach.errors import Refused
from outreach.fhir.tokens import ERRORS


@pytest.fixture
def settings(tmp_path):
    """Settings whose home lies below a file."""
    config = tmp_path / "outreach.yaml"
    assert main(["init", "--config", str(config)]) == 0
    (tmp_path / "note.txt").touch()
    config.write_text(config.read_text(encoding="utf-8").replace("home: outreach-home", "home: note.txt/home"))
    return config


@pytest.mark.parametrize("command", [["stop", "--why", "a wrong letter"], ["resume"], ["run"], ["run", "--dry-run"]])
def test_a_home_that_cannot_be_made_is_named(settings, capsys, command):
    assert main([*command, "--config", str(settings)]) == 2
    told = capsys.readouterr().err
    assert "note.txt/home: Not a directory. See whether it is the right path" in told
    assert "internal error" not in told


@pytest.mark.parametrize(
    "command",
    [
        ["init", "--config", "{}/nowhere/outreach.yaml"],
        ["synth", "--patients", "3", "--out", "{}/note.txt/people"],
        ["demo", "--patients", "3", "--home", "{}/note.txt/demo"],
        ["docs", "--out", "{}/note.txt"],
    ],
)
def test_a_path_that_cannot_be_written_is_named(tmp_path, capsys, command):
    (tmp_path / "note.txt").touch()
    assert main([word.format(tmp_path) for word in command]) == 2
    told = capsys.readouterr().err
    assert str(tmp_path) in told
    assert "internal error" not in told


@pytest.mark.parametrize("number", ["0", "-3", "many", "1.5"])
@pytest.mark.parametrize("command", [["demo"], ["synth", "--out", "people"]])
def test_a_number_of_people_is_one_or_more(command, number, capsys):
    with pytest.raises(SystemExit, match="2"):
        main([*command, f"--patients={number}"])
    assert f"“{number}” is no number of people" in capsys.readouterr().err


def test_plain_http_to_another_machine_is_refused_when_the_settings_are_made(tmp_path, capsys):
    config = tmp_path / "outreach.yaml"
    assert main(["init", "--config", str(config), "--server", "http://fhir.example.org/r4"]) == 2
    assert "use https" in capsys.readouterr().err
    assert not config.exists()


def test_a_demo_that_is_up_is_not_replaced(tmp_path):
    home = tmp_path / "demo"
    with prepared(home):
        (home / "kept").touch()
        with pytest.raises(Refused, match="still up"), prepared(home):
            pass
        assert (home / "kept").exists()
    with prepared(home):
        assert not (home / "kept").exists()


@pytest.mark.parametrize("name", ["outreach.yaml", "site of ours.yaml"])
def test_a_command_that_a_message_names_can_be_typed_as_it_stands(name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["init", "--config", name]) == 0
    capsys.readouterr()
    assert main(["explain", "--config", name, "--rule", "hcc-surveillance", "--patient", "p1"]) == 2
    told = capsys.readouterr().err.splitlines()[0]
    named = "" if name == "outreach.yaml" else " --config 'site of ours.yaml'"
    assert told.endswith(f"run one first: outreach run{named} --dry-run")


def test_words_that_somebody_wrote_are_left_as_they_are(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["explain", "--config", "outreach run.yaml", "--rule", "hcc-surveillance", "--patient", "p1"]) == 2
    assert capsys.readouterr().err.startswith("outreach run.yaml: ")
    stopped = "stopped by N: no outreach run for now. To go on: outreach resume"
    assert as_typed(stopped, Namespace(config=Path("site.yaml"))) == f"{stopped} --config site.yaml"


def test_the_keys_that_a_refused_login_speaks_of_are_those_of_the_settings_given():
    told = as_typed(ERRORS["invalid_grant"], Namespace(config=Path("site.yaml")))
    assert "(outreach doctor --config site.yaml --jwks)" in told
    reason = "see (outreach doctor --jwks)"
    assert as_typed(reason, Namespace(config=Path("site.yaml"))) == reason
