"""Each kind of broken input amid good neighbours: they are as they were, and what broke is told, in its column."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pytest

from integration.broken_inputs import KINDS, MINE, TABLE, Kind, condition, named, person, quantity
from unit.test_flatten_support import Flattened, Row, flat_files

RICH = {"Observation": lambda n: quantity(n, unit="10*3/uL"), "Patient": lambda n: person(birthDate=f"196{n}-02-03"),
        "Condition": lambda n: condition(onsetDateTime=f"201{n}-05"),
        "Consent": lambda n: {"resourceType": "Consent", "status": "active", "patient": {"reference": f"Patient/p{n}"}},
        "Appointment": lambda n: {"resourceType": "Appointment", "status": "booked",
                                  "start": f"2026-03-0{n + 1}T10:00:00Z"}}  # fmt: skip
NUMBER = {name: n for n, name in enumerate(KINDS)}


def good(type_: str, own: str) -> list[bytes]:
    return [named(RICH[type_](n) | {"id": f"{MINE}-good-{n}"}, own) for n in range(4)]


def files_of(name: str, kind: Kind) -> dict[str, bytes]:
    """The kind's lines between its neighbours, in a file of its own, or the last in a second."""
    own, first = f"k{NUMBER[name]}", f"{kind.type}.{NUMBER[name] + 1}.ndjson"
    lines = [named(sent, own) for sent in kind.lines]
    before, behind = good(kind.type, own)[:2], good(kind.type, own)[2:]
    if not kind.elsewhere:
        return {first: b"\n".join([*before, *lines, *behind, b""])}
    second = first.replace(".ndjson", ".2.ndjson")
    return {first: b"\n".join([*before, *lines[:-1], b""]), second: b"\n".join([*behind, lines[-1], b""])}


@dataclass(frozen=True)
class Night:
    """One night of all kinds, and one without any of them."""

    flattened: Flattened
    rows: dict[str, list[Row]]  #: kind → the rows of its files
    quarantine: dict[str, list[Row]]
    untouched: dict[str, list[Row]]  #: type → the neighbours' rows


@pytest.fixture(scope="module")
def night(tmp_path_factory) -> Night:
    files = {name: files_of(name, kind) for name, kind in KINDS.items()}
    of = {file: name for name, own in files.items() for file in own}
    all_of_them = flat_files(
        tmp_path_factory.mktemp("broken"), {f: b for own in files.values() for f, b in own.items()}
    )
    rows: dict[str, list[Row]] = {name: [] for name in KINDS}
    aside: dict[str, list[Row]] = {name: [] for name in KINDS}
    for table in {TABLE[kind.type] for kind in KINDS.values()}:
        for row in all_of_them.rows(table):
            rows[of[row["file"]]].append(row)
    for row in all_of_them.rows("quarantine"):
        aside[of[row["file"]]].append(row)
    sound = flat_files(tmp_path_factory.mktemp("sound"), {f"{t}.ndjson": b"\n".join(good(t, "k")) for t in RICH})
    return Night(all_of_them, rows, aside, {t: neighbours(sound.rows(TABLE[t])) for t in RICH})


def neighbours(rows: list[Row]) -> list[Row]:
    """The good rows, every column but the file's name; ids without the kind's own part."""
    found = [row for row in rows if "-good-" in row["id"]]
    return [{**row, "id": row["id"].split("-", 1)[1], "file": ""} for row in found]


def mine(rows: list[Row]) -> list[Row]:
    return [row for row in rows if "-good-" not in row["id"]]


def test_there_are_many_kinds():
    assert len(KINDS) >= 120


@pytest.mark.parametrize("name", KINDS)
def test_the_neighbours_are_as_they_would_be_without_it(night, name):
    assert neighbours(night.rows[name]) == night.untouched[KINDS[name].type]


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.aside])
def test_a_line_that_cannot_be_read_is_kept_with_its_place_and_reason(night, name):
    kind, own = KINDS[name], f"k{NUMBER[name]}"
    told = [(who and who.replace(MINE, own), reason) for who, reason in kind.aside]
    found = night.quarantine[name]
    if name == "line: UTF-16":  # a line feed of two bytes: the zero byte behind it is a line of its own
        assert {(row["person"], row["reason"]) for row in found} == set(told)
        return
    assert [(row["person"], row["reason"]) for row in found] == told
    assert [row["line"] for row in found] == list(range(3, 3 + len(told)))
    assert {(row["file"], row["type"]) for row in found} == {(f"{kind.type}.{NUMBER[name] + 1}.ndjson", kind.type)}
    assert mine(night.rows[name]) == []


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if not kind.aside])
def test_a_resource_that_can_be_read_says_what_of_it_could_not(night, name):
    kind, found = KINDS[name], mine(night.rows[name])
    assert night.quarantine[name] == []
    assert len(found) == kind.rows
    assert [cell["column"] for cell in found[0]["lost"] or []] == [c for c in kind.lost if c != "value"]
    assert {column: found[0][column] for column in kind.values} == kind.values
    assert kind.lost or kind.why, "accepted, and nobody says why that is harmless"


def test_every_lost_field_is_counted_in_its_column_and_nothing_else_is(night):
    wanted: Counter[tuple[str, str]] = Counter()
    for kind in KINDS.values():
        wanted.update((TABLE[kind.type], column) for column in kind.lost)
    found = {(row["table"], row["column"]): row["nulled"] for row in night.flattened.rows("counts") if row["nulled"]}
    assert found == dict(wanted)


def test_every_line_is_told_of(night):
    """Rows, set aside, or an older version of another: nothing is left over."""
    report = night.flattened.report
    assert report.quarantined == sum(map(len, night.quarantine.values()))
    assert report.superseded == sum(kind.superseded for kind in KINDS.values())
    resources = sum(row["nth"] == 1 for rows in night.rows.values() for row in rows)
    on_one_line = 1  # "two whole resources on a line"
    assert sum(report.lines.values()) == resources - on_one_line + report.quarantined + report.superseded
