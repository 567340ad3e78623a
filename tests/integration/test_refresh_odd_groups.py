"""Servers that repeat rows or refuse lists, and days that are read twice: nobody is lost, nobody trusted too soon."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from integration.test_refresh_changes import condition, person
from integration.test_refresh_members import aside, ids, night, read, server, whole
from outreach.errors import PullIncomplete
from properties.test_refresh_nights import rows
from servers.living import Json
from servers.living_group import LivingGroup

__all__ = ["night", "server"]
UNSEEN = {"versionId": "1", "lastUpdated": "2026-01-01T00:00:01.000+00:00"}
Job = dict[str, list[Json]]


class Twisted(LivingGroup):
    """Alters each export: ``twist`` is given the job's rows, and what it was asked for."""

    twist: Callable[[Job, Json], object] = staticmethod(lambda job, asked: None)

    def export(self, types: list[str], since: str, patients: list[str]) -> int:
        number = super().export(types, since, patients)
        self.twist(self.jobs[number], self.kickoffs[-1])
        return number


@pytest.fixture
def twisted(request):
    """Twenty people, of whom p2 to p19 are members, with 100 conditions; one is an hour newer."""
    with Twisted(*getattr(request, "param", ())) as living:
        for number in range(100):
            living.put(person(number)) if number < 20 else None
            living.put(of(number))
        living.join(*(f"p{number}" for number in range(2, 20)))
        living.sleep(hours=1)
        living.put(of(99))
        yield living


def of(number: int) -> Json:
    """A condition of one of twenty people."""
    return condition(number) | {"subject": {"reference": f"Patient/p{number % 20}"}}


def again(living: LivingGroup, home: Path, number: int) -> Path:
    """A day's night, read once more."""
    living.sleep(minutes=30)
    shutil.rmtree(home / "nights" / str(number) / "landing")
    return read(living, home, number)


def same(living: LivingGroup, tables: Path, home: Path) -> bool:
    return rows(tables) == rows(whole(living, home / "whole"))


def test_who_joins_and_leaves_between_two_readings_of_a_day(server, night, tmp_path):
    night()
    server.join("p1")
    server.leave("p2")
    tables = again(server, tmp_path, 1)
    assert ids(tables, "person") == {"p1", "p3", "p4", "p5", "p6"}
    server.sleep(hours=24)
    assert same(server, night(2), tmp_path)


def test_who_could_not_be_exported_stays_set_aside_when_the_day_is_read_again(server, night, tmp_path):
    server.unexportable["c3"] = "p3"
    server.put(condition(3, "b"))
    assert aside(night()) == {("p3", "not-exported")}
    assert aside(again(server, tmp_path, 1)) == {("p3", "not-exported")}


@pytest.mark.parametrize("twisted", [("everybody",)], indirect=True)
def test_who_could_not_be_exported_stays_set_aside_when_patients_alone_are_read_whole(twisted, tmp_path):
    """What is missing of theirs is of another type, and no export of changes brings it any more."""
    read(twisted, tmp_path, 0, group="")
    twisted.sleep(hours=24)
    twisted.unexportable["c3"] = "p3"
    twisted.put(of(3))
    read(twisted, tmp_path, 1, group="")
    twisted.sleep(hours=24)
    twisted.rows["Patient", "p99"] = person(99, meta=UNSEEN)
    tables = read(twisted, tmp_path, 2, group="")
    assert twisted.kickoffs[-1]["types"] == ["Patient"]
    assert aside(tables) == {("p3", "not-exported")}


def test_a_new_member_who_comes_twice_hides_no_other(twisted, tmp_path):
    def twist(job: Job, asked: Json) -> None:
        if asked["patients"]:
            job["Patient"] = [job["Patient"][0]] * 2
            job["Condition"] = [row for row in job["Condition"] if row["subject"]["reference"] == "Patient/p0"]

    read(twisted, tmp_path, 0)
    twisted.sleep(hours=24)
    twisted.join("p0", "p1")
    twisted.twist = twist
    assert same(twisted, read(twisted, tmp_path, 1), tmp_path)


def test_a_member_who_comes_twice_makes_nobody_leave(twisted, tmp_path):
    read(twisted, tmp_path, 0)
    twisted.sleep(hours=24)
    doubled = [True]

    def twist(job: Job, asked: Json) -> None:
        if asked["types"] == ["Patient"] and doubled:
            job["Patient"][-1] = job["Patient"][0]
            doubled.clear()

    twisted.twist = twist
    assert same(twisted, read(twisted, tmp_path, 1), tmp_path)
    twisted.sleep(hours=24)
    doubled.append(True)
    twisted.twist = lambda job, asked: (twist(job, asked), doubled.append(True))
    with pytest.raises(PullIncomplete, match="Rows of Patient came twice"):
        read(twisted, tmp_path, 2)


@pytest.mark.parametrize("twisted", [("everybody",)], indirect=True)
@pytest.mark.parametrize("since", [True, False])
def test_rows_that_came_twice_in_a_night_of_changes_hide_none(twisted, tmp_path, since):
    read(twisted, tmp_path, 0, group="")
    twisted.sleep(hours=24)
    twisted.put(of(3) | {"onsetDateTime": "2025"})
    twisted.put(of(7) | {"onsetDateTime": "2025"})
    if not since:
        twisted.rows["Condition", "c000"] = of(0) | {"id": "c000", "meta": UNSEEN}
    first = [True]

    def twist(job: Job, asked: Json) -> None:
        if "Condition" in job and bool(asked["since"]) == since and first:
            job["Condition"][-1] = job["Condition"][-2]
            first.clear()

    twisted.twist = twist
    tables = read(twisted, tmp_path, 1, group="")
    assert not first
    twisted.join(*(f"p{number}" for number in range(20)))
    assert same(twisted, tables, tmp_path)


@pytest.mark.parametrize("twisted", [("everybody",)], indirect=True)
def test_a_server_that_repeats_a_row_while_it_gains_others_is_believed(twisted, tmp_path):
    numbers = iter(range(1000, 2000))

    def twist(job: Job, asked: Json) -> None:
        job["Condition"].append(job["Condition"][0])
        twisted.put(of(next(numbers)))
        twisted.put(of(next(numbers)))

    twisted.twist = twist
    assert len(ids(read(twisted, tmp_path, 0, group=""), "condition")) >= 100


@pytest.mark.parametrize("twisted", [("everybody",)], indirect=True)
def test_an_unreadable_line_that_came_twice_hides_no_other(twisted, tmp_path):
    def twist(job: Job, asked: Json) -> None:
        if len(twisted.jobs) == 1:
            job["Condition"][3] = job["Condition"][9] = job["Condition"][3] | {"subject": "broken"}

    twisted.twist = twist
    assert len(ids(read(twisted, tmp_path, 0, group=""), "condition")) == 100


@pytest.mark.parametrize("status", [413, 422, 500])
def test_where_a_list_of_members_is_refused_everybody_is_read(twisted, tmp_path, monkeypatch, status):
    def refuse(handler) -> None:
        handler.rfile.read(int(handler.headers["Content-Length"]))
        handler.json(status, {"resourceType": "OperationOutcome", "issue": []})

    read(twisted, tmp_path, 0)
    monkeypatch.setattr(twisted._listener.RequestHandlerClass, "do_POST", refuse)
    twisted.sleep(hours=24)
    twisted.join("p1")
    assert same(twisted, read(twisted, tmp_path, 1), tmp_path)


def test_a_member_on_a_line_that_does_not_say_whose_it_is_did_not_leave(server, night, tmp_path):
    stamp = {"versionId": "2", "lastUpdated": server.clock.isoformat(timespec="milliseconds")}
    server.rows["Patient", "p3"] = {"resourceType": "Patient", "meta": stamp, "id": "p3", "link": "x", "extension": "x"}
    assert same(server, night(), tmp_path)


def test_a_group_without_members_is_no_night(server, night):
    server.leave(*server.members)
    with pytest.raises(PullIncomplete, match="The Group has no members"):
        night()
