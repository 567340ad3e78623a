"""An earlier night's tables and what changed since: what stays, what gives way, and what becomes of broken lines."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from outreach.flatten import Base, flatten
from unit.test_flatten_support import Flattened, flat, ndjson, observation, resource

BROKEN = b'{"resourceType":"Observation","id":"o1","subject":{"reference":"Patient/p1"}'
NAMELESS = b'{"subject":{"reference":"Patient/p2"},"resourceType":"Observation"'


def since(earlier: Flattened, folder: Path, *, whole: set[str] = frozenset(), gone=None, **lines) -> Flattened:
    """A night on top of ``earlier``, to which ``lines`` came."""
    landing = folder / "since"
    landing.mkdir()
    for name, each in lines.items():
        (landing / f"{name}.ndjson").write_bytes(ndjson(each))
    base = Base(earlier.tables, frozenset(whole), gone or {})
    return Flattened(folder / "later", flatten(landing, folder / "later", base=base, threads=2))


def ids(night: Flattened, table: str = "observation") -> list[str]:
    return sorted(row["id"] for row in night.rows(table))


@pytest.fixture
def earlier(tmp_path):
    sent = [observation("o1"), observation("o2"), NAMELESS]
    return flat(tmp_path, Observation=sent, Slot=[resource("Slot", "s1")])


def test_what_did_not_come_again_stays(earlier, tmp_path):
    night = since(earlier, tmp_path, Observation=[observation("o3")])
    assert (ids(night), ids(night, "slot")) == (["o1", "o2", "o3"], ["s1"])


def test_what_comes_again_replaces_what_was_known_even_an_older_version(earlier, tmp_path):
    """The server says now what is; a restored backup may well be older."""
    sent = observation("o1", status="amended", meta={"versionId": "0", "lastUpdated": "1999-01-01T00:00:00Z"})
    night = since(earlier, tmp_path, Observation=[sent])
    assert sorted((row["id"], row["status"]) for row in night.rows("observation")) == [
        ("o1", "amended"),
        ("o2", "final"),
    ]


def test_what_was_deleted_goes(earlier, tmp_path):
    assert ids(since(earlier, tmp_path, gone={"Observation": ["o2", "never-was"]})) == ["o1"]


def test_a_type_that_came_whole_keeps_nothing(earlier, tmp_path):
    night = since(earlier, tmp_path, whole={"Observation"}, Observation=[observation("o9")])
    assert (ids(night), night.quarantine) == (["o9"], [])


def test_a_broken_line_hides_what_was_known_of_its_resource(earlier, tmp_path):
    """It was changed, and nobody can read to what: the person is set aside, not judged by yesterday's record."""
    night = since(earlier, tmp_path, Observation=[BROKEN])
    assert ids(night) == ["o2"]
    assert {(person, reason) for _, _, person, reason in night.quarantine} == {
        *(("p", "not-json"), ("p1", "not-json"), ("p2", "not-json"))  # whose it was, and whom the lines name
    }


CUT_SHORT = '{"resourceType": "Observation", "id": "o1", "code": {"co'


@pytest.mark.parametrize("whole", [False, True])
def test_a_line_that_names_nobody_is_theirs_whose_the_resource_was(earlier, tmp_path, whole):
    """An opt-out that was cut must not be forgotten with whose it is."""
    base = {} if whole else {"base": Base(earlier.tables)}
    (tmp_path / "cut").mkdir()
    (tmp_path / "cut" / "Observation.ndjson").write_text(CUT_SHORT)
    report = flatten(tmp_path / "cut", tmp_path / "later", known=earlier.tables if whole else None, **base)
    night = Flattened(tmp_path / "later", report)
    assert ("Observation.ndjson", 1, "p", "not-json") in night.quarantine
    assert None not in {person for _, _, person, _ in night.quarantine}


def test_a_line_that_names_nobody_is_theirs_whose_the_resource_is_on_another_line(tmp_path):
    night = flat(tmp_path, Observation=[observation("o1", subject={"reference": "Patient/me"}), CUT_SHORT])
    assert night.quarantine == [("Observation.ndjson", 2, "me", "not-json")]


def test_a_broken_line_is_carried_until_it_comes_readable(earlier, tmp_path):
    (tmp_path / "a").mkdir()
    broken = since(earlier, tmp_path / "a", Observation=[BROKEN])
    healed = since(broken, tmp_path, Observation=[observation("o1")])
    assert ids(healed) == ["o1", "o2"]
    assert [person for _, _, person, _ in healed.quarantine] == ["p2"]  # whose line does not say which one it is


def test_the_resources_of_a_type_are_those_that_can_be_read_and_those_that_cannot(earlier, tmp_path):
    assert earlier.report.resources["Observation"] == 3
    assert since(earlier, tmp_path, Observation=[BROKEN]).report.resources["Observation"] == 3


def test_tables_may_be_carried_on_where_they_lie(earlier, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    flatten(empty, earlier.tables, base=Base(earlier.tables, gone={"Observation": ["o1"]}))
    assert ids(earlier) == ["o2"]
    assert not list(tmp_path.glob("tables.*"))


def test_the_file_of_a_broken_line_is_told_by_the_night_it_came_in(earlier, tmp_path):
    """Each night has a file of that name: without its night a line number would send somebody to the wrong one."""
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "Observation.ndjson").write_bytes(ndjson([BROKEN]))
    told = earlier.tables
    for number, landing in enumerate(["nights/1/landing/", "nights/2/landing/"]):
        tables = tmp_path / f"night{number}"
        flatten(tmp_path / "more", tables, base=Base(told, landing=landing), within="whole/")
        told = tables
    files = duckdb.read_parquet(str(told / "quarantine.parquet")).select("file").fetchall()
    assert sorted(file for (file,) in files) == ["nights/1/landing/Observation.ndjson", "whole/Observation.ndjson"]
