"""What a criterion is called in the evidence: its line's name stands before it, so it does not say that again."""

from __future__ import annotations

import pytest

from outreach.assess.words import label
from outreach.rulebook.criterion import leaves
from outreach.rulebook.load import load
from outreach.rulebook.model import Rule


@pytest.fixture(scope="module")
def rule(rules) -> Rule:
    return load([rules / "liver" / "hcc-surveillance.yaml"], rules / "codes")[0]


def called(rule: Rule, section: str, name: str) -> list[str]:
    (line,) = (line for line in getattr(rule, section) if line.name == name)
    return [label(leaf, rule) for leaf in leaves(line.criterion)]


def test_an_appointment_is_called_one(rule):
    assert called(rule, "not_now", "booked") == ["appointment: imaging of the liver (as an appointment)"]


def test_a_value_is_called_by_its_unit_and_a_diagnosis_by_its_title(rule):
    assert called(rule, "not_now", "work-up")[1].startswith("latest afp of 20 ng/mL")
    assert "last 3 afp values rising within 12 months" in called(rule, "not_now", "work-up")
    assert any(each.startswith("diagnosis: cirrhosis") for each in called(rule, "at_risk", "cirrhosis"))
