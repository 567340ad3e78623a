"""A table that lies in three files after a night of changes is one table to everything that reads a night's tables."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import cycle
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from outreach.assess import Day, DuckEngine, assess
from outreach.compare.people import Assessed, Ground, pairs
from outreach.demo.review import PORTAL, choose
from outreach.domain.outcome import Bucket, Outcome
from outreach.domain.tables import Rows
from outreach.explain.lines import story
from outreach.explain.measured import measured
from outreach.explain.outcome import held
from outreach.explain.row import find
from outreach.flatten import Base, carry, flatten
from outreach.flatten.columns import TABLES
from outreach.letters import named_places
from outreach.outcomes import write_outcomes
from outreach.planning import Night, Tables
from outreach.report.counts import count
from outreach.report.records import count_records
from outreach.rulebook.codes import CodeFolder
from outreach.rulebook.load import load
from outreach.rulebook.model import Rule
from outreach.synth import generate
from outreach.worklists import write_worklists

AS_OF, ZONE = date(2026, 3, 1), ZoneInfo("America/New_York")


@dataclass(frozen=True)
class Read:
    """What the rooms make of the tables in one folder."""

    tables: Path
    rule: Rule
    night: Night
    settled: list[Outcome]


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory, rules: Path) -> tuple[Read, Read]:
    """The same people twice: every table in one file; and each in three, since a fifth of all lines came later.

    Of those, half are new and half were empty the night before, so that a reader of the one file alone is found out.
    """
    home = tmp_path_factory.mktemp("parts")
    generate(400, 1, AS_OF, home / "landing")
    with (home / "landing" / "Appointment.ndjson").open("a") as visits:
        visits.write(json.dumps(shared_visit(home / "landing")) + "\n")
    for name in ("before", "later"):
        (home / name).mkdir()
    for file in (home / "landing").glob("*.ndjson"):
        lines = file.read_bytes().splitlines(keepends=True)
        (home / "later" / file.name).write_bytes(b"".join(lines[2::5]))
        before = (emptied(line) if n % 10 == 7 else line for n, line in enumerate(lines) if n % 10 != 2)
        (home / "before" / file.name).write_bytes(b"".join(before))
    flatten(home / "landing", home / "whole")
    flatten(home / "before", home / "before-tables")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(carry, "SPLIT_FROM", 0)
        patch.setattr(carry, "FEW", 1)
        flatten(home / "later", home / "parts", base=Base(home / "before-tables"))
    return read(home / "whole", rules), read(home / "parts", rules)


def shared_visit(landing: Path) -> dict[str, object]:
    """One visit of the first two people."""
    people = (landing / "Patient.ndjson").read_text().splitlines()[:2]
    return {
        "resourceType": "Appointment",
        "id": "shared",
        "status": "booked",
        "start": "2026-03-05T10:00:00-05:00",
        "end": "2026-03-05T10:30:00-05:00",
        "participant": [{"actor": {"reference": f"Patient/{json.loads(person)['id']}"}} for person in people],
    }


def emptied(line: bytes) -> bytes:
    """A resource that says nothing yet."""
    told = json.loads(line)
    return json.dumps({name: told[name] for name in ("resourceType", "id", "meta") if name in told}).encode() + b"\n"


def read(tables: Path, rules: Path) -> Read:
    rule = next(rule for rule in load([rules / "liver"], rules / "codes") if rule.name == "hcc-surveillance")
    with closing(DuckEngine(tables)) as engine:
        assess(engine, rule, Day(AS_OF, ZONE), tables / "assessment.parquet")
    telehealth = CodeFolder(rules / "codes").get("telehealth")
    assert telehealth is not None
    reader = Tables(tables, tables / "assessment.parquet", rule, telehealth)
    night, settled = reader.night(datetime(2026, 3, 1, 12, tzinfo=UTC), 21), reader.settled()
    sent = zip(night.overdue, cycle(night.slots), strict=False)
    told = [*settled, *(Outcome(each.person, Bucket.SENT, "", slot=slot.id) for each, slot in sent)]
    write_outcomes(told, tables / "assessment.parquet", tables / "outcomes.parquet", rule.name)
    return Read(tables, rule, night, settled)


def test_every_table_that_has_lines_lies_in_parts(ways: tuple[Read, Read]) -> None:
    whole, parts = ways
    split = {table.name for table in TABLES if Rows(parts.tables, table.name).is_split}
    assert {"person", "appointment", "slot", "schedule", "location", "service_request", "consent", "coverage"} <= split
    assert not any(Rows(whole.tables, table.name).is_split for table in TABLES)


def test_the_night_is_planned_alike(ways: tuple[Read, Read]) -> None:
    whole, parts = ways
    assert whole.night.overdue
    assert whole.night.visits
    assert whole.night.slots
    assert parts.night == whole.night
    assert sorted(parts.settled, key=str) == sorted(whole.settled, key=str)


def test_a_visit_of_two_people_is_each_ones_visit(ways: tuple[Read, Read]) -> None:
    for way in ways:
        assert len({visit.person for visit in way.night.visits if visit.id == "shared"}) == 2


def test_it_is_counted_and_listed_alike(ways: tuple[Read, Read], tmp_path: Path) -> None:
    whole, parts = ways
    lists: list[dict[str, str]] = []
    for way in ways:
        folder = tmp_path / way.tables.name
        folder.mkdir()
        assert write_worklists(way.tables, folder)["work-up"] > 0
        lists.append({file.name: file.read_text() for file in folder.iterdir()})
    assert lists[0] == lists[1]
    counts, records = ([how(way.tables, AS_OF, PORTAL) for way in ways] for how in (count, count_records))
    pd.testing.assert_frame_equal(counts[0], counts[1])
    pd.testing.assert_frame_equal(records[0], records[1])
    assert len(named_places(whole.tables)) > 3
    assert named_places(parts.tables) == named_places(whole.tables)


def test_it_is_compared_and_reviewed_alike(ways: tuple[Read, Read]) -> None:
    tables = []
    for way in ways:
        side = Assessed(way.rule, way.tables / "assessment.parquet")
        tables.append(pairs(side, side, Ground(way.tables, AS_OF, ("race", "language"))))
    pd.testing.assert_frame_equal(tables[0], tables[1])
    assert len(tables[0]) > 20
    sheets = [choose(way.tables, 7, ZONE) for way in ways]
    assert any("visit" in word for subject in sheets[0] for word in subject.words)
    assert sheets[0] == sheets[1]


def test_it_is_explained_alike(ways: tuple[Read, Read], tmp_path: Path) -> None:
    values: list[list[object]] = []
    places: list[list[datetime | None]] = []
    for way in ways:
        home = tmp_path / way.tables.name
        shutil.copytree(way.tables, home / "nights" / AS_OF.isoformat() / "tables")
        paused = sorted(each.person for each in way.settled if each.bucket == Bucket.NOT_NOW)
        rows = [find(home, AS_OF, way.rule.name, person) for person in paused]
        values.append([measured(row, story(row, way.rule)) for row in rows])
        places.append([held(find(home, AS_OF, way.rule.name, each.person), ZONE) for each in way.night.overdue])
    assert len(places[0]) > 10
    assert None not in places[0]
    assert places[0] == places[1]
    assert len([each for each in values[0] if each]) > 10
    assert values[0] == values[1]
