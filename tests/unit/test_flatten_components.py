"""What an Observation says in its components: rows of their own, under its id, with its status, day and person.

A blood pressure is one Observation, LOINC 85354-9, whose two values stand in components (US Core's profile of it:
https://hl7.org/fhir/us/core/StructureDefinition/us-core-blood-pressure).
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from outreach.flatten import Base, flatten
from unit.test_flatten_support import LOINC, SNOMED, Flattened, concept, flat, ndjson, observation

PANEL, UPPER, LOWER = "85354-9", "8480-6", "8462-4"


def part(code: str, value: object = None, unit: str = "mm[Hg]", **more: Any) -> dict[str, Any]:
    said = {"valueQuantity": {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}}
    return {"code": concept(code), **(said if value is not None else {}), **more}


def pressure(id_: str = "1", upper: float = 140, lower: float = 90, **more: Any) -> dict[str, Any]:
    return observation(id_, code=concept(PANEL), component=[part(UPPER, upper), part(LOWER, lower)], **more)


def test_each_component_is_a_row_with_its_own_code_and_value(tmp_path):
    rows = flat(tmp_path, Observation=[pressure(status="amended")]).rows("observation")
    assert [(r["id"], r["nth"], r["code"], r["value"], r["unit"]) for r in rows] == [
        ("1", 1, PANEL, None, None),
        ("1", 2, UPPER, 140, "mm[Hg]"),
        ("1", 3, LOWER, 90, "mm[Hg]"),
    ]
    assert {(r["person"], r["status"], str(r["date_lo"]), r["date_precision"]) for r in rows} == {
        ("p", "amended", "2025-10-01", "day")
    }
    assert [r["has_value"] for r in rows] == [False, True, True]


def test_a_component_is_converted_and_what_was_sent_is_kept(tmp_path):
    rows = flat(tmp_path, Observation=[observation(component=[part("29463-7", 100, "[lb_av]")])]).rows("observation")
    assert (rows[1]["value_raw"], rows[1]["unit_raw"]) == (100, "[lb_av]")
    assert (rows[1]["value"], rows[1]["unit"]) == (pytest.approx(45.359237), "kg")


def test_the_resource_keeps_its_own_value_beside_its_components(tmp_path):
    sent = observation(valueQuantity={"value": 7, "unit": "g/L"}, component=[part(UPPER, 140)])
    assert [row["value"] for row in flat(tmp_path, Observation=[sent]).rows("observation")] == [7, 140]


def test_a_component_that_says_why_there_is_no_value_has_none(tmp_path):
    """Whatever the Observation itself says."""
    absent = part(LOWER, dataAbsentReason=concept("not-performed"))
    sent = observation(component=[part(UPPER, 140), absent], dataAbsentReason=concept("unknown"))
    rows = flat(tmp_path, Observation=[sent]).rows("observation")
    assert [row["absent_reason"] for row in rows] == ["unknown", None, "not-performed"]
    assert [(row["value"], row["has_value"]) for row in rows] == [(None, False), (140, True), (None, False)]


def test_answers_and_days_in_components(tmp_path):
    answered = {"code": concept("a"), "valueCodeableConcept": concept("y", "z", system=SNOMED)}
    stated = {"code": concept("b"), "valueDateTime": "2015-03"}
    rows = flat(tmp_path, Observation=[observation(component=[answered, stated])]).rows("observation")
    assert rows[1]["value_codes"] == [f"{SNOMED}|y", f"{SNOMED}|z"]
    assert (str(rows[2]["value_date_lo"]), str(rows[2]["value_date_hi"])) == ("2015-03-01", "2015-03-31")


@pytest.mark.parametrize("careful", [False, True])
def test_codings_are_numbered_through_the_resource(tmp_path, careful):
    """Of several codings, of none, of a component that is empty or null; also beside a line that nobody can read."""
    parts = [part("a", 1) | {"code": concept("a", "b")}, {"valueString": "x"}, {}, None, part("c", 2)]
    sent = [observation("1", code=concept("x", "y"), component=parts), observation("2")] + ["{"] * careful
    rows = flat(tmp_path, Observation=sent).rows("observation")
    codes = [
        ("1", "x"),
        ("1", "y"),
        ("1", "a"),
        ("1", "b"),
        ("1", None),
        ("1", None),
        ("1", None),
        ("1", "c"),
        ("2", "777-3"),
    ]
    assert [(row["id"], row["code"]) for row in rows] == codes
    assert [row["nth"] for row in rows] == [1, 2, 3, 4, 5, 6, 7, 8, 1]


def test_resources_are_counted_and_not_their_components(tmp_path):
    found = flat(tmp_path, Observation=[pressure("1"), pressure("2"), observation("3")])
    assert (found.report.resources["Observation"], found.report.rows["observation"]) == (3, 7)


def test_of_two_versions_the_older_goes_with_its_components(tmp_path):
    old, new = ({"versionId": version} for version in "12")
    sent = [pressure(meta=new, upper=150), pressure(meta=old, upper=120)]
    found = flat(tmp_path, Observation=sent)
    assert [row["value"] for row in found.rows("observation")] == [None, 150, 90]
    assert found.report.superseded == 1


@pytest.mark.parametrize(
    ("came", "gone", "values"),
    [
        ([pressure("1", 150, 95)], [], [None, None, 80, 95, 120, 150]),
        ([observation("1", code=concept(PANEL), component=[part(UPPER, 150)])], [], [None, None, 80, 120, 150]),
        ([observation("1", code=concept(PANEL))], [], [None, None, 80, 120]),
        ([], ["1"], [None, 80, 120]),
        ([pressure("3", 1, 2)], [], [None, None, None, 1, 2, 80, 90, 120, 140]),
    ],
)
def test_a_later_night_replaces_a_resource_with_all_its_components(tmp_path, came, gone, values):
    earlier = flat(tmp_path, Observation=[pressure("1"), pressure("2", 120, 80)])
    landing = tmp_path / "since"
    landing.mkdir()
    (landing / "Observation.ndjson").write_bytes(ndjson(came))
    base = Base(earlier.tables, gone={"Observation": gone})
    night = Flattened(tmp_path / "later", flatten(landing, tmp_path / "later", base=base, threads=2))
    found = [row["value"] for row in night.rows("observation")]
    assert sorted(found, key=lambda value: value or 0) == values


def test_a_component_of_another_shape_is_set_aside_with_its_line(tmp_path):
    """A list where an object belongs: half a blood pressure is none."""
    sent = json.dumps(observation("1")).replace('"status"', '"component": {"code": {}}, "status"')
    found = flat(tmp_path, Observation=[sent, pressure("2")])
    assert [(line, reason) for _, line, _, reason in found.quarantine] == [(1, "not-a-list:component")]
    assert [row["code"] for row in found.rows("observation")] == [PANEL, UPPER, LOWER]


def test_a_number_that_is_none_is_counted(tmp_path):
    found = flat(tmp_path, Observation=[observation(component=[part(UPPER, "many")])])
    assert found.nulled("observation", "value_raw") == 1
    assert found.rows("observation")[0]["lost"] is None
    assert found.rows("observation")[1]["system"] == LOINC
