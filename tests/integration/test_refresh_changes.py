"""A night that reads what changed: what it asks for, what it does where things do not add up, when it reads all."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from outreach.domain.tables import Rows
from outreach.errors import PullIncomplete
from outreach.flatten import carry
from outreach.refresh import state
from properties.test_refresh_nights import TYPES, read, rows, whole
from servers.living import REFUSALS, Living


def person(number: int, **fields: object) -> dict:
    return {"resourceType": "Patient", "id": f"p{number}", **fields}


def condition(number: int, code: str = "a") -> dict:
    coding = [{"system": "http://loinc.org", "code": code}]
    about = {"reference": f"Patient/p{number % 7}"}
    return {"resourceType": "Condition", "id": f"c{number}", "subject": about, "code": {"coding": coding}}


def begun(home: Path, *habits: str) -> Living:
    """A server with 7 people and 90 conditions, and its first night in ``home``; one person is as new as can be."""
    server = Living(*habits).__enter__()
    for number in range(90):
        server.put(person(number)) if number < 7 else None
        server.put(condition(number))
    server.sleep(hours=1)
    server.put(person(6))
    read(server, home, 0)
    server.asked.clear()
    server.sleep(hours=24)
    return server


@pytest.fixture
def home(tmp_path):
    return tmp_path


@pytest.fixture
def server(request, home):
    living = begun(home, *getattr(request, "param", ()))
    yield living
    living.__exit__()


def searched(server: Living) -> list[str]:
    """What was searched, counts left out: a type, and whether what changed or all of it."""
    other = ("_summary", "metadata", "from=", "_count=1&")  # counts, further pages, a look whether there is any
    asks = [each for each in server.asked if not any(part in f"{each}&" for part in other)]
    kinds = [(each.split("?")[0], "changes" if "_lastUpdated" in each or "_since" in each else "all") for each in asks]
    return [f"{kind} of {type_}" for type_, kind in kinds]


def same_as_whole(server: Living, tables: Path, home: Path) -> bool:
    return rows(tables) == rows(whole(server, home / "whole"))


def test_a_quiet_night_reads_the_newest_once_more(server, home):
    tables = read(server, home, 1)
    assert searched(server) == ["changes of Patient"]
    assert same_as_whole(server, tables, home)


def test_only_what_changed_is_asked_for(server, home):
    server.put(condition(3, "b"))
    server.put(condition(100))
    tables = read(server, home, 1)
    assert sorted(searched(server)) == ["changes of Condition", "changes of Patient"]  # side by side
    assert same_as_whole(server, tables, home)


def test_a_deletion_is_found_by_the_count_and_told_by_the_history(server, home):
    server.delete("Condition", "c5")
    tables = read(server, home, 1)
    assert searched(server) == ["changes of Patient", "changes of Condition/_history"]
    assert same_as_whole(server, tables, home)


def test_what_was_deleted_and_made_again_is_there(server, home):
    server.delete("Condition", "c5")
    server.put(condition(5, "b"))
    server.delete("Condition", "c6")
    assert same_as_whole(server, read(server, home, 1), home)


@pytest.mark.parametrize("server", [("no-history",), ("history-forbidden",)], indirect=True)
def test_without_a_history_the_one_type_is_read_whole(server, home):
    server.delete("Condition", "c5")
    server.put(person(2, birthDate="1960"))
    tables = read(server, home, 1)
    assert searched(server) == ["changes of Patient", "changes of Condition/_history", "all of Condition"]
    assert same_as_whole(server, tables, home)


@pytest.mark.parametrize("server", [("one-stamp",), ("no-stamps",), *((habit,) for habit in REFUSALS)], indirect=True)
def test_a_server_that_cannot_tell_what_changed_is_read_whole(server, home):
    server.put(condition(3, "b"))
    tables = read(server, home, 1)
    assert {"all of Condition", "all of Patient"} <= set(searched(server))
    assert same_as_whole(server, tables, home)


@pytest.mark.parametrize("server", [("since-finds-nothing",)], indirect=True)
def test_an_index_that_finds_nothing_is_caught_by_the_count(server, home):
    server.put(condition(100))
    tables = read(server, home, 1)
    assert "all of Condition" in searched(server)
    assert same_as_whole(server, tables, home)


def test_everything_is_read_again_when_it_is_time(server, home):
    server.sleep(days=6)
    read(server, home, 1, whole_every=7)
    assert set(searched(server)) == {"all of Condition", "all of Patient"}


def test_a_night_a_day_later_is_no_longer_the_same_day(server, home):
    read(server, home, 1, whole_every=1)
    assert set(searched(server)) == {"all of Condition", "all of Patient"}


def test_tables_that_were_never_proved_whole_are_no_base(server, home):
    (home / "nights" / "0" / "tables" / state.NAME).unlink()
    read(server, home, 1)
    assert set(searched(server)) == {"all of Condition", "all of Patient"}


@pytest.mark.parametrize(
    ("field", "value"), [("shape", "another release"), ("source", "https://elsewhere.example/fhir")]
)
def test_tables_of_another_release_or_server_are_no_base(server, home, field, value):
    path = home / "nights" / "0" / "tables" / state.NAME
    path.write_text(json.dumps(json.loads(path.read_text()) | {field: value}))
    read(server, home, 1)
    assert set(searched(server)) == {"all of Condition", "all of Patient"}


def test_what_becomes_visible_only_after_its_stamp_is_still_seen(server, home):
    """Two minutes late, as some servers were measured to be."""
    late = condition(200)
    server.put(late)
    hidden = server.rows.pop(("Condition", "c200"))
    server.put(condition(201))
    read(server, home, 1)
    server.sleep(minutes=2)
    server.rows["Condition", "c200"] = hidden
    assert same_as_whole(server, read(server, home, 2), home)


def test_a_large_table_is_not_written_again_for_a_few_changes(server, home, monkeypatch):
    monkeypatch.setattr(carry, "SPLIT_FROM", 0)
    server.put(condition(3, "b"))
    split = Rows(read(server, home, 1), "condition")
    assert split.is_split
    assert split.whole.samefile(home / "nights" / "0" / "tables" / "condition.parquet")
    server.sleep(hours=24)
    for number in range(30):
        server.put(condition(number, "c"))
    assert not Rows(read(server, home, 2), "condition").is_split  # more than a quarter: written anew
    assert same_as_whole(server, home / "nights" / "2" / "tables", home)


def test_a_crash_after_the_tables_leaves_them_unused(server, home, monkeypatch):
    """The night is cut off between its tables and their proof: the next one does not build on them."""
    server.put(condition(3, "b"))
    monkeypatch.setattr("outreach.refresh.changes.write_state", _cut_off)
    with pytest.raises(KeyboardInterrupt):
        read(server, home, 1)
    monkeypatch.undo()
    server.sleep(hours=24)
    assert same_as_whole(server, read(server, home, 2), home)


def _cut_off(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_server_that_fails_leaves_no_tables(server, home):
    server.put(condition(3, "b"))
    server.habits = frozenset({"no-totals"})
    server._listener.shutdown()
    server._listener.server_close()
    with pytest.raises(PullIncomplete):
        read(server, home, 1)
    assert not (home / "nights" / "1" / "tables").exists()
    assert TYPES


def test_nights_may_be_a_minute_apart(server, home):
    server.put(condition(3, "b"))
    read(server, home, 1)
    server.clock += timedelta(minutes=1)
    server.put(condition(4, "b"))
    assert same_as_whole(server, read(server, home, 2), home)


@pytest.mark.parametrize("days", [1, 100])
def test_whose_a_resource_was_is_known_when_it_can_no_longer_be_read(server, home, days):
    """Also on a night that reads everything: what says nothing of anybody must not be taken for nobody's."""
    server.sleep(hours=24 * days)
    server.put({**condition(3), "subject": "somebody"})
    found = duckdb.read_parquet(str(read(server, home, 1) / "quarantine.parquet"))
    assert found.select("person", "reason", "id").fetchall() == [("p3", "not-an-object:subject", "c3")]
