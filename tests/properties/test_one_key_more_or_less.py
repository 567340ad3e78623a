"""A good rule or value set with one key less or more is refused with a place, or can be asked about people.

Chance seldom writes a rule that is read; these are one step from one. What is read must also be asked: a unit
that is missing shows only when a night compares values.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from outreach.assess import Day, DuckEngine, assess_rules
from outreach.errors import Problem, Refused
from outreach.flatten import flatten
from outreach.rulebook.load import load
from outreach.rulebook.model import Rule
from plain.made import vocabulary
from plain.rule import Node, mapping, yaml
from properties.one_key import LINES, SET, keys_of, less, more, rule

EXAMPLES = Path(__file__).parents[1] / "messages" / "rules"
BASE = {key: value for key, value in mapping(yaml((EXAMPLES / "base.yaml").read_text())).items() if key != "cases"}
BASE |= {"age": {"from": 18}}
_BATCH = 40


class Desk:
    """A folder of rules, and tables of one person to ask them about."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.read = folder, list[Rule]()
        vocabulary.write(folder / "codes")
        for path in (EXAMPLES / "codes").glob("*.yaml"):
            (folder / "codes" / path.name).write_bytes(path.read_bytes())
        (folder / "landing").mkdir()
        (folder / "landing" / "Patient.ndjson").write_text('{"resourceType": "Patient", "id": "ana"}\n')
        flatten(folder / "landing", folder / "tables", threads=1)

    def asks(self, said: Node, name: str) -> None:
        """The rule is read, and will be asked; or it is refused, each time with a way out."""
        path = self.folder / f"{name}.yaml"
        path.write_text(json.dumps({**mapping(said), "rule": name} if "rule" in mapping(said) else said))
        told: list[Problem] = []
        try:
            self.read += load([path], self.folder / "codes", need_cases=False)
        except Refused as refusal:
            told = refusal.problems or [Problem("", 0, 0, "refused and not told why", "none")]
        assert [problem for problem in told if not problem.line or not problem.hint] == []

    def answers(self) -> int:
        """How many were read; each answers about the one person."""
        engine = DuckEngine(self.folder / "tables", threads=1)
        for start in range(0, len(self.read), _BATCH):
            batch = self.read[start : start + _BATCH]
            outs = {each.name: self.folder / f"{each.name}.parquet" for each in batch}
            assert set(_asked(engine, batch, outs).values()) == {1}
        engine.close()
        return len(self.read)


def _asked(engine: DuckEngine, rules: Sequence[Rule], outs: dict[str, Path]) -> dict[str, int]:
    return assess_rules(engine, rules, Day(date(2026, 3, 1), ZoneInfo("UTC")), outs)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_key_less_or_more_in_a_line(desk):
    """Of every word that measures: each of its keys gone, and each key of the others put beside it."""
    keys = keys_of(list(LINES))
    for number, line in enumerate(LINES):
        changed = [each for each in less(line) if each] + list(more(line, keys))
        for place, each in enumerate(changed):
            desk.asks(rule(BASE, each), f"line-{number}-{place}")
    assert desk.answers() > len(LINES)


def test_a_key_less_or_more_in_a_value_set(desk):
    """Each key of its file gone, at every level; each key of another level put in; under every word that reads it."""
    keys = keys_of(SET) | {"partly": SET["includes"]}
    for number, said in enumerate([*less(SET), *more(SET, keys)]):
        name = f"measure-{number}"
        own = {**mapping(said), "codes": name} if "codes" in mapping(said) else said
        (desk.folder / "codes" / f"{name}.yaml").write_text(json.dumps(own))
        for place, line in enumerate(LINES[:4]):
            asked = json.loads(json.dumps(line).replace("lab-a", name))
            desk.asks(rule(BASE, asked), f"set-{number}-{place}")
    assert desk.answers() > len(LINES)


def test_a_key_less_in_codes_of_the_rules_own(desk):
    """And under sources, tests and the other sections of the rule."""
    for number, said in enumerate(less(rule(BASE, LINES[-1]))):
        desk.asks(said, f"own-{number}")
    assert desk.answers() >= 1
