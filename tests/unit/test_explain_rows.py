"""Where an answer is looked for: a night before a rehearsal of its day, and nowhere else."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest

from outreach.cli import main
from outreach.domain.outcome import Bucket
from outreach.errors import Refused
from outreach.explain.outcome import became
from outreach.explain.row import find, latest_night, survivor

DAY = date(2026, 3, 1)
_ROW = """
COPY (SELECT '{person}' AS person, 'r' AS rule, 'h' AS rule_hash, '{status}' AS status, '{reason}' AS reason,
    NULL::DATE AS due_on, NULL::DATE AS overdue_on, '' AS risk_group, []::VARCHAR[] AS missing, []::VARCHAR[] AS flags,
    '' AS list_name, NULL::DATE AS since, false AS late,
    [{{'n': 0::SMALLINT, 'truth': false, 'applies': false, 'resource': NULL::VARCHAR, 'on': NULL::DATE,
       'value': 'does not apply'}}] AS criteria) TO '{path}'
"""
_NAMES = """
COPY (SELECT 'r' AS rule, 0::SMALLINT AS place, 0::SMALLINT AS n, 'at_risk' AS section, 'ill' AS criterion) TO '{path}'
"""


def write(home: Path, kind: str, day: date, person: str, status: str, reason: str = "") -> Path:
    folder = home / kind / day.isoformat() / "tables"
    folder.mkdir(parents=True)
    duckdb.execute(_ROW.format(person=person, status=status, reason=reason, path=folder / "assessment.parquet"))
    duckdb.execute(_NAMES.format(path=folder / "criteria.parquet"))
    return folder


def test_a_rehearsal_is_looked_into_and_called_one(tmp_path):
    write(tmp_path, "rehearsals", DAY, "p1", "overdue")
    told = find(tmp_path, latest_night(tmp_path), "r", "p1")
    assert (told.kind, told.as_of, told.found.status) == ("rehearsal", DAY, "overdue")
    assert told.outside == {0}


def test_a_real_night_comes_before_a_rehearsal_of_its_day(tmp_path):
    write(tmp_path, "rehearsals", DAY, "p1", "overdue")
    write(tmp_path, "nights", DAY, "p1", "due")
    assert find(tmp_path, DAY, "r", "p1").found.status == "due"
    write(tmp_path, "rehearsals", date(2026, 3, 5), "p1", "unknown")
    assert latest_night(tmp_path) == date(2026, 3, 5)


def test_whom_only_the_rehearsal_holds_is_found_there(tmp_path):
    write(tmp_path, "nights", DAY, "p1", "due")
    write(tmp_path, "rehearsals", DAY, "p2", "overdue")
    assert find(tmp_path, DAY, "r", "p2").kind == "rehearsal"


def test_nobody_is_made_up(tmp_path):
    with pytest.raises(Refused, match="no night under"):
        latest_night(tmp_path)
    write(tmp_path, "nights", DAY, "p1", "due")
    with pytest.raises(Refused, match="no such person"):
        find(tmp_path, DAY, "r", "p9")
    with pytest.raises(Refused, match=r"has no rule “another”; it has: r$"):
        find(tmp_path, DAY, "another", "p1")
    with pytest.raises(Refused, match="no night of 2026-03-02"):
        find(tmp_path, date(2026, 3, 2), "r", "p1")


def test_a_merged_record_leads_to_the_one_that_remains(tmp_path):
    folder = write(tmp_path, "nights", DAY, "p1", "not-applicable", "merged")
    told = find(tmp_path, DAY, "r", "p1")
    assert survivor(told) == ""
    path = folder / "survivors.parquet"
    duckdb.execute(f"COPY (SELECT 'p1' AS loser, 'p7' AS survivor, true AS resolved) TO '{path}'")
    assert survivor(told) == "p7"


_DONE = """
COPY (SELECT 'p1' AS person, 'r' AS programme, '{bucket}' AS bucket, '{reason}' AS reason, '{listed}' AS list_name,
    '{slot}' AS slot, '{language}' AS language) TO '{path}'
"""


@pytest.mark.parametrize(
    ("bucket", "reason", "slot", "language", "words"),
    [
        ("sent", "", "s1", "es", "an invitation was sent with a place at 09:30 on 5 March 2026 in Spanish"),
        ("withheld", "no-order", "", "", "nothing was sent, because a guard stopped it (no order)"),
        ("not_now", "work-up", "", "", "nothing, because of the pause"),
        ("sent", "", "s9", "", "an invitation was sent with a place at slot s9"),
    ],
)
def test_what_was_done_is_told_by_the_clinics_own_clock(tmp_path, bucket, reason, slot, language, words):
    """14:30 UTC is half past nine at the clinic, and that is what its people read."""
    folder = write(tmp_path, "nights", DAY, "p1", "overdue")
    told = find(tmp_path, DAY, "r", "p1")
    zone = ZoneInfo("America/New_York")
    assert became(told, zone) == ""
    path = folder / "outcomes.parquet"
    duckdb.execute(_DONE.format(bucket=bucket, reason=reason, slot=slot, language=language, listed="", path=path))
    slots = f"COPY (SELECT 's1' AS id, TIMESTAMPTZ '2026-03-05 14:30:00+00' AS start) TO '{folder / 'slot.parquet'}'"
    duckdb.execute(slots)
    assert became(told, zone) == words


@pytest.mark.parametrize(
    ("bucket", "listed", "words"),
    [
        ("unknown", "", "waiting to be asked"),
        ("unknown", "ask-list", "waiting to be asked on the list “ask-list”"),
        ("handed_over", "navigator", "handed to people on the list “navigator”"),
    ],
)
def test_a_list_is_named_once(tmp_path, bucket, listed, words):
    folder = write(tmp_path, "nights", DAY, "p1", "unknown")
    path = folder / "outcomes.parquet"
    duckdb.execute(_DONE.format(bucket=bucket, reason="", slot="", language="", listed=listed, path=path))
    assert became(find(tmp_path, DAY, "r", "p1"), ZoneInfo("UTC")) == words


@pytest.mark.parametrize("bucket", Bucket)
def test_every_outcome_has_words(tmp_path, bucket):
    folder = write(tmp_path, "nights", DAY, "p1", "overdue")
    path = folder / "outcomes.parquet"
    duckdb.execute(_DONE.format(bucket=bucket, reason="", slot="", language="", listed="", path=path))
    assert "_" not in became(find(tmp_path, DAY, "r", "p1"), ZoneInfo("UTC"))


def test_each_reader_is_answered_on_the_command_line(tmp_path, capsys):
    """A rule that is not there any more is no reason to say nothing."""
    write(tmp_path / "home", "nights", DAY, "p1", "not-applicable", "not-at-risk")
    config = tmp_path / "outreach.yaml"
    config.write_text(
        "server: {url: 'http://127.0.0.1:1/fhir'}\nsite: {name: R, phone: '555-0100', time_zone: America/New_York}\n"
        "programmes: [{rule: r}]\nhome: home\n",
        encoding="utf-8",
    )
    words = ["explain", "--config", str(config), "--rule", "r", "--patient", "p1"]
    assert main(words) == 0
    assert "Not in this programme: in no risk group of this rule." in capsys.readouterr().out
    assert main([*words, "--for", "patient"]) == 0
    assert "you do not need this test" in capsys.readouterr().out
    assert main([*words, "--for", "data"]) == 0
    data = capsys.readouterr().out
    assert main([*words, "--json"]) == 0
    assert capsys.readouterr().out == data
    assert json.loads(data)["findings"][0]["applies"] is False
    assert json.loads(data)["gap_status"] == "not-applicable"
