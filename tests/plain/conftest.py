"""``ask``: a criterion in a rule's words, some resources about one person, and the plain answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from plain.answer import Answer
from plain.criterion import Question
from plain.fhir import Json, Resource
from plain.made import vocabulary
from plain.people import people
from plain.rule import Rule, mapping, yaml

TODAY = date(2026, 3, 1)
PERIODS = """
periods:
  year: {length: 1 year}
  wide: {of: year, and_before: 6 months}
  prior: {before: year, length: 1 year}
"""
Ask = Callable[..., Answer]


@pytest.fixture(scope="session")
def codes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plain") / "codes"
    vocabulary.write(folder)
    return folder


@pytest.fixture
def ask(codes: Path) -> Ask:
    """The answer on 1 March 2026 to a criterion about a person with these records."""

    def answer(criterion: str, *records: Resource, rule: str = PERIODS, **patient: Json) -> Answer:
        me: Resource = {"resourceType": "Patient", "id": "me", **patient}
        about: Json = {"reference": "Patient/me"}
        told: list[Resource] = [{"id": str(n), "subject": about, **one} for n, one in enumerate(records)]
        return Question(Rule(rule, codes, TODAY), people([me, *told])[0]).ask(mapping(yaml(criterion)))

    return answer


def coded(name: str) -> dict[str, Json]:
    """The first code of a value set, as a concept."""
    system, code = vocabulary.codes(name)[0]
    return {"coding": [{"system": system, "code": code}]}


def ill(**more: Json) -> Resource:
    return {"resourceType": "Condition", "code": coded("ill-a"), **more}


def finding(name: str = "sign-a", **more: Json) -> Resource:
    return {"resourceType": "Observation", "status": "final", "code": coded(name), **more}


def amount(value: float, unit: str = "mg/dL", on: str = "2026-02-01", **more: Json) -> Resource:
    """A value of lab-a (mg/dL, 17.1 umol/L each)."""
    return finding("lab-a", effectiveDateTime=on, valueQuantity={"value": value, "unit": unit, **more})
