"""Law of refresh: the tables of a night that read what changed equal those of one that read everything, row for row."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.domain.tables import Rows
from outreach.fhir.client import FhirClient
from outreach.flatten import carry, flatten
from outreach.flatten.columns import TABLES
from outreach.pull import Manifest, pull
from outreach.refresh import Reading, read_night
from servers.living import Json, Living

TYPES = ("Appointment", "Condition", "Observation", "Patient")
SCRATCH = tempfile.TemporaryDirectory()  # gone with the process: an example has no fixture of its own
#: What the second night's clock is ahead of the server's: the stamps are the server's alone.
AHEAD = timedelta(days=40)

people = st.integers(0, 5).map("p{}".format)
things = st.integers(0, 40).map("r{}".format)
dates = st.sampled_from(["2024", "2024-02", "2024-02-29", "not a date", None])
values = st.sampled_from(
    [{"value": 3.5, "code": "g/dL", "system": "http://unitsofmeasure.org"}, {"value": "n/a"}, None]
)


@st.composite
def resources(draw: st.DrawFn) -> Json:
    kind, who = draw(st.sampled_from(TYPES)), {"reference": f"Patient/{draw(people)}"}
    if kind == "Patient":
        merged = [{"type": "replaced-by", "other": {"reference": f"Patient/{draw(people)}"}}]
        return _without_none({"resourceType": kind, "id": draw(people), "birthDate": draw(dates),
                              "link": merged if draw(st.integers(0, 4)) == 0 else None})  # fmt: skip
    found = {"resourceType": kind, "id": draw(things)}
    if kind == "Appointment":
        return found | {"status": "booked", "participant": [{"actor": who}]}
    codes = [{"system": "http://loinc.org", "code": c} for c in draw(st.lists(st.sampled_from("abc"), max_size=3))]
    found |= {"subject": who, "code": {"coding": codes}}
    if kind == "Observation":
        return _without_none(found | {"effectiveDateTime": draw(dates), "valueQuantity": draw(values)})
    return _without_none(found | {"onsetDateTime": draw(dates)})


writes = st.lists(st.tuples(st.sampled_from(["put", "put", "put", "delete"]), resources()), max_size=25)


def _without_none(found: Json) -> Json:
    return {key: value for key, value in found.items() if value is not None}


def _live(server: Living, night: list[tuple[str, Json]]) -> None:
    for verb, row in night:
        key = row["resourceType"], row["id"]
        if verb == "put":
            server.put(row)
        elif key in server.rows:
            server.delete(*key)
    server.sleep(hours=24)


def read(server: Living, home: Path, number: int, *, whole_every: int = 90) -> Path:
    """One night's tables."""
    client, folder = FhirClient(server.base), home / "nights" / str(number)
    now = server.clock + AHEAD

    def land(types, into, since) -> Manifest:
        return pull(client, types, into, since=since, now=lambda: now)

    told = Reading(client, TYPES, folder / "landing", folder / "tables", home, land, whole_every, lambda _: None)
    read_night(told, now)
    return folder / "tables"


def rows(tables: Path) -> dict[str, list[tuple]]:
    """All tables, each in an order of its own; without the name of the landing file."""
    with duckdb.connect() as engine:
        return {table.name: sorted(map(repr, _all(engine, Rows(tables, table.name)))) for table in TABLES}


def _all(engine: duckdb.DuckDBPyConnection, told: Rows) -> list[tuple]:
    return engine.execute(f"SELECT * EXCLUDE (file) FROM ({told.sql()})").fetchall()  # noqa: S608


def whole(server: Living, folder: Path) -> Path:
    """The tables of everything, read at once."""
    pull(FhirClient(server.base), TYPES, folder / "landing", now=lambda: datetime.now(UTC))
    flatten(folder / "landing", folder / "tables")
    return folder / "tables"


@pytest.fixture(autouse=True)
def every_table_is_large(monkeypatch):
    monkeypatch.setattr(carry, "SPLIT_FROM", 0)
    monkeypatch.setattr(carry, "FEW", 0)


@given(st.lists(writes, min_size=2, max_size=5), st.sampled_from([(), ("no-history",), ("one-stamp",)]))
@settings(max_examples=6, deadline=None)
def test_a_few_nights_of_changes_equal_one_full_reading(nights, habits):
    home = Path(tempfile.mkdtemp(dir=SCRATCH.name))
    with Living(*habits) as server:
        for number, night in enumerate(nights):
            _live(server, night)
            tables = read(server, home, number)
        assert rows(tables) == rows(whole(server, home / "whole"))


@pytest.mark.long
@given(st.lists(writes, min_size=30, max_size=30))
@settings(max_examples=3, deadline=None)
def test_thirty_nights_of_changes_equal_one_full_reading(nights):
    home = Path(tempfile.mkdtemp(dir=SCRATCH.name))
    with Living() as server:
        for number, night in enumerate(nights):
            _live(server, night)
            tables = read(server, home, number)
        assert rows(tables) == rows(whole(server, home / "whole"))
