"""Whether a finding says anything at all, and the day that it states."""

from __future__ import annotations

from datetime import date

import pytest

from unit.test_flatten_support import concept, flat, observation


@pytest.mark.parametrize(
    ("sent", "there"),
    [
        ({}, False),
        ({"valueQuantity": {"value": 0, "unit": "ng/mL"}}, True),
        ({"valueQuantity": {"unit": "ng/mL"}}, False),
        ({"valueCodeableConcept": concept("260385009")}, True),
        ({"valueCodeableConcept": concept(text="none seen")}, True),
        ({"valueCodeableConcept": {"coding": [{"display": "none seen"}]}}, False),
        ({"valueString": "trace"}, True),
        ({"valueDateTime": "2019-06"}, True),
        ({"valueBoolean": False}, True),
        ({"valueInteger": 0}, True),
        ({"dataAbsentReason": concept("not-performed")}, False),
    ],
)
def test_a_value_is_there_whatever_its_type(tmp_path, sent, there):
    assert flat(tmp_path, Observation=[observation(**sent)]).row("observation")["has_value"] is there


@pytest.mark.parametrize(
    ("stated", "lo", "hi", "lost"),
    [
        ("2019-06-15T10:00:00Z", date(2019, 6, 15), date(2019, 6, 15), 0),
        ("2019-06", date(2019, 6, 1), date(2019, 6, 30), 0),
        ("long ago", None, None, 1),
        (None, None, None, 0),
    ],
)
def test_a_finding_may_state_a_day_of_its_own(tmp_path, stated, lo, hi, lost):
    night = flat(tmp_path, Observation=[observation(valueDateTime=stated)])
    row = night.row("observation")
    assert (row["date_lo"], row["value_date_lo"], row["value_date_hi"]) == (date(2025, 10, 1), lo, hi)
    assert night.nulled("observation", "value_date_lo") == lost
