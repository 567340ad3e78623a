"""Which order an invitation names: none that forbids what it is for, or may."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from integration.test_tables_in_parts import AS_OF, read
from outreach.flatten import flatten
from outreach.synth import generate


@pytest.fixture
def people(tmp_path: Path, rules: Path):
    """Called with orders to add: person → the order that a night names, of all who are overdue."""
    landing = tmp_path / "landing"
    generate(60, 1, AS_OF, landing)

    def orders(*more: Mapping[str, Any]) -> dict[str, str]:
        (landing / "ServiceRequest.2.ndjson").write_text("".join(json.dumps(each) + "\n" for each in more))
        flatten(landing, tmp_path / "tables")
        return {each.person: each.order for each in read(tmp_path / "tables", rules).night.overdue}

    return orders


def order_of(landing: Path, id_: str) -> dict[str, Any]:
    lines = (landing / "ServiceRequest.ndjson").read_text().splitlines()
    return next(order for order in map(json.loads, lines) if order["id"] == id_)


@pytest.mark.parametrize("word", [True, "true", "perhaps", 1])
def test_an_order_that_forbids_is_not_the_one_that_is_named(people, tmp_path: Path, word: object) -> None:
    before = people()
    person, named = next((person, order) for person, order in before.items() if order)
    order = order_of(tmp_path / "landing", named)
    assert people({**order, "id": "0", "doNotPerform": False})[person] == "0", "the first by id is named"
    assert people({**order, "id": "0", "doNotPerform": word}) == before


def test_who_has_only_an_order_that_forbids_has_none(people, tmp_path: Path) -> None:
    before = people()
    person, named = next((person, order) for person, order in before.items() if order)
    newer = {"doNotPerform": True, "meta": {"versionId": "9", "lastUpdated": "2030-01-01T00:00:00Z"}}
    assert people(order_of(tmp_path / "landing", named) | newer) == before | {person: ""}
