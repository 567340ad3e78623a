"""The command line as its users meet it: settings, exits, a night to look into."""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from conftest import ROOT
from outreach.demo.run import site_clock
from outreach.domain.outcome import Bucket
from outreach.errors import Stopped
from outreach.nightly import run_night
from outreach.settings import Guard, read_settings
from outreach.site import open_site
from servers.faulty import Faulty

DAY = "2026-03-02"


def _settings(folder: Path, server: str, more: str = "") -> Path:
    path = folder / "outreach.yaml"
    path.write_text(
        f"server: {{url: '{server}'}}\nsite: {{name: Riverton, phone: '555-0100', time_zone: America/New_York}}\n"
        f"programmes: [{{rule: hcc-surveillance}}]\nhome: home\n{more}",
        encoding="utf-8",
    )
    return path


def _unused() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/fhir"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("mod: live\n", "5:1: error: the settings has no key “mod”"),
        ("mode: alive\n", "5:7: error: mode “alive” is not known"),
        ("rules: nowhere\n", "there is no folder “nowhere”"),
        ("ledger: [1]\n", "ledger must be text"),
        ("mode: live\nmode: live\n", "stands here twice"),
    ],
)
def test_a_wrong_setting_is_refused_before_anything_is_contacted(tmp_path, outreach, more, told):
    """Exit 2 with file, line and column; nothing is made on disk."""
    done = outreach("run", "--config", _settings(tmp_path, _unused(), more), "--as-of", DAY)
    assert done.returncode == 2
    assert told in done.stderr
    assert "outreach.yaml" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "home").exists()


def test_without_settings_it_says_where_to_point(tmp_path, outreach):
    """Exit 2; nothing is contacted."""
    done = outreach("run", "--config", tmp_path / "outreach.yaml")
    assert done.returncode == 2
    assert "there are no settings here" in done.stderr
    assert "--config outreach-demo/outreach.yaml" in done.stderr


@pytest.mark.parametrize(
    ("server", "exit_status"), [("http://fhir.example.org/r4", 2), ("ftp://127.0.0.1/fhir", 2), (None, 3)]
)
def test_where_the_server_may_be(tmp_path, outreach, server, exit_status):
    """Plain http only to this machine; a server that is away is exit 3, in one sentence."""
    done = outreach("run", "--config", _settings(tmp_path, server or _unused()), "--as-of", DAY)
    assert done.returncode == exit_status
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_an_unreadable_rule_is_refused(tmp_path, outreach):
    """A folder of rules with one mistake stops the night before it starts."""
    rules = tmp_path / "rules"
    (rules / "codes").mkdir(parents=True)
    for path in (ROOT / "rules" / "codes").glob("*.yaml"):
        (rules / "codes" / path.name).write_bytes(path.read_bytes())
    text = (ROOT / "rules" / "liver" / "hcc-surveillance.yaml").read_text(encoding="utf-8")
    (rules / "hcc.yaml").write_text(text.replace("diagnosis: cirrhosis,", "diagnosis: cirhosis,", 1), encoding="utf-8")
    done = outreach("run", "--config", _settings(tmp_path, _unused(), "rules: rules\n"), "--as-of", DAY)
    assert done.returncode == 2
    assert "did you mean “cirrhosis”?" in done.stderr


@pytest.mark.parametrize(
    "fault", ["always-500", "export-404 cut-page", "export-404 next-loop", "export-404 next-elsewhere"]
)
def test_a_bad_server_ends_the_night_with_nothing_sent(tmp_path, outreach, fault):
    """Exit 3, the reason in a sentence, no traceback, no night folder that looks whole."""
    with Faulty(*fault.split()) as server:
        config = _settings(tmp_path, server.base, "mode: live\nallow_draft_on_loopback: true\n")
        done = outreach("run", "--config", config, "--as-of", DAY)
        assert server.elsewhere == []
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("home/nights/*/landing"))
    assert not list(tmp_path.glob("home/nights/*/summary.json"))


def test_a_dry_run_changes_nothing_on_the_server(house):
    """Everything is worked out and written down, and the server is as it was."""
    slots = {slot["id"]: slot["meta"]["versionId"] for slot in house.client.search("Slot")}
    site = open_site(read_settings(house.config), site_clock(house.day))
    summary = run_night(site, house.day, dry_run=True, progress=lambda _: None)
    assert (summary.total(Bucket.SENT), summary.holds, summary.unaccounted) == (0, 0, 0)
    assert summary.offered > 0
    assert house.messages() == {}
    assert {slot["id"]: slot["meta"]["versionId"] for slot in house.client.search("Slot")} == slots


def test_the_stop_switch_and_the_guard_stop_a_night(house, outreach):
    """Stopped by a person or by a number: exit 6, nothing sent, and it says how to go on."""
    assert outreach("stop", "--config", house.config, "--why", "wrong phone number").returncode == 0
    stopped = outreach("run", "--config", house.config, "--as-of", DAY)
    assert stopped.returncode == 6
    assert "wrong phone number" in stopped.stderr
    dry = outreach("run", "--config", house.config, "--as-of", DAY, "--dry-run")
    assert dry.returncode == 0
    assert "nothing more is sent: stopped by" in dry.stdout
    assert "(dry-run)" in dry.stdout  # the rule is a draft, which may invite on this machine: that is not why
    assert f"written to {house.config.parent / 'home' / 'rehearsals' / DAY}" in dry.stdout  # the day has a real run
    assert outreach("resume", "--config", house.config).returncode == 0
    site = open_site(read_settings(house.config), site_clock(house.day))
    narrow = [(replace(programme, guard=Guard(overdue=(0, 1))), rule) for programme, rule in site.programmes]
    with pytest.raises(Stopped, match="overdue is"):
        run_night(replace(site, programmes=tuple(narrow)), house.day, dry_run=False, progress=lambda _: None)
    assert house.messages() == {}


def test_a_person_is_explained_from_the_nights_own_row(house, outreach):
    """What the night wrote is what explain says; a stranger is refused."""
    site = open_site(read_settings(house.config), site_clock(house.day))
    run_night(site, house.day, dry_run=True, progress=lambda _: None)
    words = ("explain", "--config", house.config, "--rule", "hcc-surveillance", "--patient")
    told = outreach(*words, "p0000001", "--json")
    assert told.returncode == 0, told.stderr
    answer = json.loads(told.stdout.splitlines()[-1])
    assert answer["person"] == "p0000001"
    assert answer["status"] in (
        "due",
        "overdue",
        "up-to-date",
        "not-now",
        "excluded",
        "exception",
        "unknown",
        "not-applicable",
    )
    assert outreach(*words, "nobody").returncode == 2


def test_init_writes_settings_that_can_be_read(tmp_path, outreach):
    """The commented file is valid as it stands, and is never overwritten."""
    path = tmp_path / "site.yaml"
    assert outreach("init", "--config", path).returncode == 0
    assert read_settings(path).mode == "dry-run"
    assert outreach("init", "--config", path).returncode == 2


def test_every_command_has_examples_and_exit_statuses(outreach):
    """What is undocumented fails."""
    listed = outreach("--help").stdout
    for command in (
        "init",
        "demo",
        "run",
        "schedule",
        "check",
        "explain",
        "preview",
        "docs",
        "rule",
        "approve",
        "verify",
        "doctor",
        "stop",
        "resume",
        "synth",
    ):
        assert f"    {command} " in listed
        shown = outreach(command, "--help").stdout
        assert "examples:" in shown
        assert "exit status" in shown
