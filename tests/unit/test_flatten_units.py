"""One unit per kind of quantity; what is not known is left alone and counted."""

from __future__ import annotations

import math

import pytest

from outreach.flatten.units import UNITS
from unit.test_flatten_support import flat, observation

UCUM = "http://unitsofmeasure.org"


def measured(value: object, unit: str | None = None, id_: str = "1", /, **quantity: object) -> dict:
    """A value in a UCUM unit."""
    sent = {"value": value, "system": UCUM, "code": unit} if unit else {"value": value}
    return observation(id_, valueQuantity={**sent, **quantity})


SAME = [
    # what a laboratory prints, and the canonical value and unit
    ([(150, "10*3/uL"), (150, "10*9/L"), (150, "K/uL"), (150, "G/L"), (150_000, "/uL"), (150_000, "10*6/L"),
      (150, "x10E3/uL"), (0.15, "10*6/uL")], 150, "10*9/L"),
    ([(20, "ng/mL"), (20, "ug/L"), (2, "ug/dL"), (0.02, "mg/L"), (20_000, "pg/mL"), (20, "µg/L"), (20, "μg/L")],
     2e-5, "g/L"),
    ([(2, "mg/dL"), (0.02, "g/L"), (20, "mg/L"), (0.002, "g/dL")], 0.02, "g/L"),
    ([(3.5, "g/dL"), (35, "g/L"), (3500, "mg/dL")], 35, "g/L"),
    ([(34, "umol/L"), (34, "µmol/L"), (34_000, "nmol/L")], 34, "umol/L"),
    ([(140, "mmol/L"), (140, "mEq/L"), (140, "meq/L")], 140, "mmol/L"),
    ([(40, "U/L"), (40, "IU/L"), (40, "[iU]/L"), (40, "mU/mL")], 40, "U/L"),
    ([(10, "[IU]/mL"), (10, "[iU]/mL"), (10, "kIU/L"), (10, "IU/mL")], 10, "[IU]/mL"),
    ([(1.1, "{INR}"), (1.1, "1"), (1.1, "{ratio}"), (1.1, "INR")], 1.1, "1"),
    ([(55, "%")], 55, "%"),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "value", "unit"), SAME, ids=[f"{unit}-{value}" for _, value, unit in SAME])
def test_the_same_amount_is_the_same_number(tmp_path, sent, value, unit):
    lines = [measured(number, code, str(index)) for index, (number, code) in enumerate(sent)]
    rows = flat(tmp_path, Observation=lines).rows("observation")
    assert {row["unit"] for row in rows} == {unit}
    assert [row["value"] for row in rows] == pytest.approx([value] * len(sent), rel=1e-15)
    assert [(row["value_raw"], row["unit_raw"]) for row in rows] == sent


def test_whole_numbers_agree_to_the_last_bit(tmp_path):
    """A cut-off of 20 ng/mL must not hang on how a laboratory writes it."""
    lines = [measured(20, "ng/mL", "1"), measured(20, "ug/L", "2"), measured(2, "ug/dL", "3")]
    assert len({row["value"] for row in flat(tmp_path, Observation=lines).rows("observation")}) == 1


def test_an_unknown_unit_gives_no_value_and_is_counted(tmp_path):
    lines = [measured(98.6, "[degF]", "1"), measured(5, None, "2"), measured(5, "MG/dl", "3"), measured(5, "%", "4")]
    night = flat(tmp_path, Observation=lines)
    assert [(row["value_raw"], row["unit_raw"], row["value"], row["unit"]) for row in night.rows("observation")] == [
        (98.6, "[degF]", None, None), (5, None, None, None), (5, "MG/dl", None, None), (5, "%", 5, "%"),
    ]  # fmt: skip
    assert night.nulled("observation", "value") == 3


def test_case_tells_grams_from_cells(tmp_path):
    lines = [measured(150, "G/L", "1"), measured(150, "g/L", "2")]
    assert [row["unit"] for row in flat(tmp_path, Observation=lines).rows("observation")] == ["10*9/L", "g/L"]


@pytest.mark.parametrize(
    ("quantity", "unit"),
    [
        ({"unit": "thousands", "system": UCUM, "code": "10*3/uL"}, "10*3/uL"),
        ({"unit": "K/uL", "system": UCUM}, "K/uL"),
        ({"unit": "K/uL", "system": "urn:lab:units", "code": "17"}, "K/uL"),
        ({"system": "urn:lab:units", "code": "K/uL"}, "K/uL"),
        ({"unit": "K/uL"}, "K/uL"),
    ],
)
def test_the_ucum_code_counts_and_else_the_printed_unit(tmp_path, quantity, unit):
    row = flat(tmp_path, Observation=[measured(150, **quantity)]).row("observation")
    assert (row["unit_raw"], row["value"], row["unit"]) == (unit, 150, "10*9/L")


@pytest.mark.parametrize(
    ("sent", "value"),
    [("7", 7), ("-0.50", -0.5), ("1E3", 1000), ("1e999", None), ('"12"', 12), ('"n/a"', None), ("true", None),
     ('"NaN"', None), ('"1,5"', None), ("12345678901234567890123", 1.2345678901234568e22)],
)  # fmt: skip
def test_a_value_is_a_finite_number_or_null(tmp_path, sent, value):
    line = '{"resourceType":"Observation","id":"1","valueQuantity":{"value":%s,"unit":"%%","comparator":"<"}}' % sent  # noqa: UP031  (JSON is full of braces)
    night = flat(tmp_path, Observation=[line])
    row = night.row("observation")
    assert (row["value_raw"], row["value"], row["comparator"]) == (value, value, "<")
    assert night.nulled("observation", "value_raw") == (value is None)


def test_every_spelling_converts_by_whole_numbers_in_lowest_terms():
    assert all(math.gcd(to.times, to.per) == 1 for to in UNITS.values())
    assert {to.canonical for to in UNITS.values()} == {
        to.canonical for sent, to in UNITS.items() if sent == to.canonical
    }
    assert all(UNITS[to.canonical].times == UNITS[to.canonical].per == 1 for to in UNITS.values())
