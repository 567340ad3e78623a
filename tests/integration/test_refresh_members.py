"""Nights on a Group: who joined is read whole, who left is forgotten, and the tables equal one full reading."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integration.test_refresh_changes import condition, person
from outreach.domain.tables import Rows
from outreach.errors import PullIncomplete
from outreach.fhir.client import FhirClient
from outreach.flatten import carry, flatten
from outreach.pull import Manifest, pull
from outreach.refresh import Reading, read_night
from properties.test_refresh_nights import SCRATCH, _live, people, rows, writes
from servers.living_group import LivingGroup
from servers.sekmet_server import put, running

TYPES = ("Appointment", "Condition", "Location", "Observation", "Patient")


def read(server: LivingGroup, home: Path, number: int, group: str = "g") -> Path:
    """One night's tables."""
    return read_from(FhirClient(server.base), home, number, server.clock, group)


def read_from(client: FhirClient, home: Path, number: int, now: datetime, group: str = "g") -> Path:
    folder = home / "nights" / str(number)

    def land(types, into, since, patients=()) -> Manifest:
        return pull(client, types, into, since=since, group=group, patients=patients, now=lambda: now)

    read_night(
        Reading(client, TYPES, folder / "landing", folder / "tables", home, land, 90, lambda _: None, group), now
    )
    return folder / "tables"


def whole(server: LivingGroup, folder: Path) -> Path:
    pull(FhirClient(server.base), TYPES, folder / "landing", group="g", now=lambda: server.clock)
    flatten(folder / "landing", folder / "tables")
    return folder / "tables"


def ids(tables: Path, name: str) -> set[str]:
    return {id_ for (id_,) in duckdb.sql(Rows(tables, name).sql()).select("id").fetchall()}


def aside(tables: Path) -> set[tuple[str, str]]:
    return set(duckdb.read_parquet(str(tables / "quarantine.parquet")).select("person", "reason").fetchall())


@pytest.fixture
def server(request):
    """Seven people with 70 conditions and a clinic; all but p0 and p1 are members.

    One of the conditions and one of the people are an hour newer: else an export of what changed brings all again.
    """
    with LivingGroup(*getattr(request, "param", ())) as living:
        for number in range(70):
            living.put(person(number)) if number < 7 else None
            living.put(condition(number))
        living.put({"resourceType": "Location", "id": "l", "name": "Clinic"})
        living.join("p2", "p3", "p4", "p5", "p6")
        an_hour_later(living)
        yield living


def an_hour_later(server: LivingGroup) -> None:
    server.sleep(hours=1)
    server.put(condition(6))
    server.put(person(6))


@pytest.fixture
def night(server, tmp_path):
    """The next night's tables: the first has been, and the server has lived on for a day."""
    read(server, tmp_path, 0)
    server.kickoffs.clear()
    server.sleep(hours=24)
    return lambda number=1: read(server, tmp_path, number)


def test_of_a_quiet_group_nothing_is_asked_but_what_changed_and_who_they_are(server, night, tmp_path):
    assert rows(night()) == rows(whole(server, tmp_path / "whole"))
    assert [(each["types"], bool(each["since"])) for each in server.kickoffs[:2]] == [
        (["Appointment", "Condition", "Observation"], True), (["Patient"], False),
    ]  # fmt: skip


def test_who_joined_is_read_whole_though_nothing_of_theirs_changed(server, night, tmp_path):
    server.join("p1")
    tables = night()
    assert server.kickoffs[-1]["patients"] == ["p1"]
    assert ids(tables, "condition") >= {f"c{n}" for n in range(70) if n % 7 == 1}
    assert rows(tables) == rows(whole(server, tmp_path / "whole"))


@pytest.mark.parametrize("server", [("no-list",), ("first-of-list",), ("list-ignored",)], indirect=True)
def test_a_server_that_cannot_export_some_members_exports_all(server, night, tmp_path):
    for number in range(7, 19):
        server.put(person(number))
        server.put(condition(1000 + number))
        server.join(f"p{number}")
    night()
    an_hour_later(server)
    server.sleep(hours=24)
    server.join("p0", "p1")
    assert rows(night(2)) == rows(whole(server, tmp_path / "whole"))


def test_where_many_joined_everybody_is_read(server, night, tmp_path):
    server.join("p0", "p1")
    tables = night()
    assert all(not each["patients"] for each in server.kickoffs)
    assert rows(tables) == rows(whole(server, tmp_path / "whole"))


def test_who_left_is_forgotten_with_what_is_theirs(server, night, tmp_path):
    for of in ("2", "3", "23", "33"):
        server.sleep(hours=1)  # the last is newer by more than is read twice
        who = [{"actor": {"reference": f"Patient/p{number}"}} for number in of]
        server.put({"resourceType": "Appointment", "id": f"a{of}", "status": "booked", "participant": who})
    night()
    an_hour_later(server)
    server.sleep(hours=24)
    server.leave("p2")
    tables = night(2)
    assert ids(tables, "person") == {"p3", "p4", "p5", "p6"}
    assert ids(tables, "appointment") == {"a3", "a23", "a33"}, "what is a member's as well stays"
    assert rows(tables) == rows(whole(server, tmp_path / "whole"))
    server.leave("p3")
    assert not ids(night(3), "appointment")


def test_who_could_not_be_exported_is_set_aside_until_all_of_theirs_came(server, night, tmp_path):
    """Even where the record itself does not change again: an export of changes would never bring it."""
    server.unexportable["c3"] = "p3"
    server.put(condition(3, "b"))
    assert aside(night()) == {("p3", "not-exported")}
    server.sleep(hours=24)
    assert aside(night(2)) == {("p3", "not-exported")}
    server.sleep(hours=24)
    server.unexportable.clear()
    tables = night(3)
    assert aside(tables) == set()
    assert rows(tables) == rows(whole(server, tmp_path / "whole"))


def test_tables_of_another_group_are_not_built_upon(server, night, tmp_path):
    read(server, tmp_path, 1, group="")
    assert not any(each["since"] for each in server.kickoffs)


def test_a_real_server_tells_who_joined_and_who_left(tmp_path):
    def group(*numbers: int) -> dict:
        members = [{"entity": {"reference": f"Patient/p{number}"}} for number in numbers]
        return {"resourceType": "Group", "id": "g", "type": "person", "actual": True, "member": members}

    with running(tmp_path / "server", [*map(person, range(7)), *map(condition, range(70)), group(*range(5))]) as client:
        read_from(client, tmp_path, 0, datetime.now(UTC))
        put(client, [group(1, 2, 3, 4, 6), condition(3, "b"), condition(100)])
        tables = read_from(client, tmp_path, 1, datetime.now(UTC))
        pull(client, TYPES, tmp_path / "whole", group="g")
        flatten(tmp_path / "whole", tmp_path / "tables")
    assert ids(tables, "person") == {"p1", "p2", "p3", "p4", "p6"}
    assert rows(tables) == rows(tmp_path / "tables")


@pytest.mark.parametrize("server", [("everybody", "twice-at-first")], indirect=True)
def test_as_many_rows_as_are_counted_but_one_of_them_twice_are_not_everything(server, tmp_path):
    tables = read(server, tmp_path, 0, group="")
    assert ids(tables, "condition") == {f"c{n}" for n in range(70)}
    assert [each["types"] for each in server.kickoffs] == [list(TYPES), ["Condition"]]


@pytest.mark.parametrize("server", [("everybody", "twice")], indirect=True)
def test_where_that_happens_again_there_is_no_night(server, tmp_path):
    with pytest.raises(PullIncomplete, match="Rows of Condition came twice"):
        read(server, tmp_path, 0, group="")
    assert not list(tmp_path.rglob("read.json"))


comings = st.lists(st.tuples(st.booleans(), people), max_size=4)


nights_of_moves = st.lists(st.tuples(writes, comings), min_size=2, max_size=4)


@given(nights_of_moves, st.sampled_from([(), ("no-list",)]))
@settings(max_examples=2, deadline=None)
def test_nights_of_comings_and_goings_equal_one_full_reading(nights, habits):
    comes_to_the_same(nights, habits)


@pytest.mark.long
@given(nights_of_moves, st.sampled_from([(), ("no-list",), ("list-ignored",)]))
@settings(max_examples=15, deadline=None)
def test_many_nights_of_comings_and_goings_equal_one_full_reading(nights, habits):
    comes_to_the_same(nights, habits)


def comes_to_the_same(nights, habits):
    with pytest.MonkeyPatch.context() as patch, LivingGroup(*habits) as server:
        patch.setattr(carry, "SPLIT_FROM", 0)
        patch.setattr(carry, "FEW", 0)
        home = Path(tempfile.mkdtemp(dir=SCRATCH.name))
        for number in range(30):  # members who stay: else every newcomer is many
            server.put(person(100 + number))
            server.join(f"p{100 + number}")
        an_hour_later(server)
        for number, (night, moves) in enumerate(nights):
            for joins, who in moves:
                (server.join if joins else server.leave)(who)
            _live(server, [each for each in night if each[0] == "put"])
            tables = read(server, home, number)
        assert rows(tables) == rows(whole(server, home / "whole"))


@pytest.mark.parametrize("server", [("everybody",), ("everybody", "short")], indirect=True)
def test_an_export_of_changes_that_leaves_one_out_is_not_believed(server, tmp_path):
    """Outside a Group: a record that changed adds nothing to a count of all, so what changed is counted itself."""
    read(server, tmp_path, 0, group="")
    server.sleep(hours=24)
    for number in range(20, 30):
        server.put(condition(number, "b"))
    tables = read(server, tmp_path, 1, group="")
    assert any("Condition" in each["types"] and each["since"] for each in server.kickoffs)
    server.habits -= {"short"}
    folder = tmp_path / "whole"
    pull(FhirClient(server.base), TYPES, folder / "landing", now=lambda: server.clock)
    flatten(folder / "landing", folder / "tables")
    assert rows(tables) == rows(folder / "tables")
