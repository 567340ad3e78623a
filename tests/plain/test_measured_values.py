"""Measured values in their units, values that rise, and days that findings state: answers by hand."""

from __future__ import annotations

import pytest

from plain.conftest import amount, coded, finding


@pytest.mark.parametrize(
    ("asked", "records", "answer"),
    [
        ("from: 3", [amount(3)], "T"),
        ("from: 3", [amount(2.9)], "F"),
        ("below: 3", [amount(3)], "F"),
        ("from: 3", [amount(51.3, "umol/L")], "T"),
        ("from: 3", [amount(0.03, "g/L")], "T"),
        ("from: 3", [amount(3, "furlongs")], "U"),
        ("from: 3", [amount(4), amount(2, on="2026-02-02")], "F"),
        ("from: 3, which: any", [amount(4), amount(2, on="2026-02-02")], "T"),
        ("from: 3", [amount(4, comparator=">")], "T"),
        ("from: 3", [amount(2, comparator=">")], "U"),
        ("from: 3", [amount(3, comparator="<")], "F"),
        ("from: 3", [amount(4, comparator="<")], "U"),
        ("from: 3, within: 1 year", [amount(4, on="2025-02-28")], "U"),
        ("from: 3, within: 1 year, if_absent: no", [amount(4, on="2025-02-28")], "F"),
        ("from: 3, within: 1 year", [amount(4, on="2025-03")], "T"),
        ("from: 3, within: 1 year", [amount(4, on="2025")], "U"),
        ("from: 3", [], "U"),
    ],
)
def test_a_measured_value(ask, asked, records, answer):
    assert ask(f"lab: {{name: lab-a, {asked}, unit: mg/dL}}", *records).truth == answer


@pytest.mark.parametrize(
    ("upper", "answer"),
    [
        ({"valueQuantity": {"value": 140, "unit": "mm[Hg]"}}, "T"),
        ({"valueQuantity": {"value": 139, "unit": "mmHg"}}, "F"),
        ({"valueQuantity": {"value": 140, "unit": "furlongs"}}, "U"),
        ({"dataAbsentReason": {"text": "not performed"}}, "U"),
    ],
)
def test_a_value_in_a_component_is_the_observations(ask, upper, answer):
    """Its status, day and person are the observation's, whose own value says nothing of the component."""
    other = {"code": coded("lab-d"), "valueQuantity": {"value": 900, "unit": "mm[Hg]"}}
    parts = [{"code": coded("lab-e"), **upper}, other]
    own = {"valueQuantity": {"value": 900, "unit": "mm[Hg]"}, "effectiveDateTime": "2026-02-01"}
    panel = finding("sign-a", component=parts, **own)
    asked = "lab: {name: lab-e, from: 140, unit: 'mm[Hg]', within: 1 year}"
    assert ask(asked, panel).truth == answer
    assert ask(asked, {**panel, "status": "entered-in-error"}).truth == "U"
    assert ask(asked, {**panel, "effectiveDateTime": "2020-01-01"}).truth == "U"


def test_values_that_rise(ask):
    asked = "rising: {name: lab-a, values: 3, within: 1 year}"
    days = ("2025-06-01", "2025-09-01", "2025-12-01")
    up = [amount(value, on=day) for value, day in zip((1, 2, 3), days, strict=True)]
    assert ask(asked, *up).truth == "T"
    assert ask(asked, *up[:2]).truth == "F"
    assert ask(asked, *up, amount(3, on="2026-01-01")).truth == "F"
    assert ask(asked, *up, amount(1, on="2026-01-01", comparator="<")).truth == "T"


@pytest.mark.parametrize(
    ("asked", "stated", "answer"),
    [
        ("within: 5 years", "2021-03-01", "T"),
        ("within: 5 years", "2021-02-28", "F"),
        ("within: 5 years", "2021", "U"),
        ("within: 5 years", "2026-03-02", "U"),
        ("at_least: 5 years", "2021-03-01", "T"),
        ("at_least: 5 years", "2021-03-02", "F"),
        ("at_least: 5 years", "2021-03", "U"),
    ],
)
def test_the_day_that_a_finding_states(ask, asked, stated, answer):
    assert ask(f"date-of: {{name: quit-a, {asked}}}", finding("quit-a", valueDateTime=stated)).truth == answer
