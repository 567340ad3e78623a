"""``spec``: a table of people goes through landing, flatten and assess; a table of answers comes back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from outreach.check import run_cases
from outreach.rulebook.load import load
from outreach.rulebook.model import Case, Given, GivenFact, Rule

_THEN = {"status": "status", "due on": "due_on", "because": "because", "group": "risk_group", "missing": "missing"}
_FACTS = {"cirrhosis": "condition", "hepatitis b": "condition", "scan": "report", "ct": "report"}
_SETS = {
    "cirrhosis": "cirrhosis",
    "hepatitis b": "chronic-hepatitis-b",
    "scan": "liver-ultrasound",
    "ct": "multiphase-liver-ct",
}


def _table(text: str) -> list[dict[str, str]]:
    lines = [line for line in text.strip().splitlines() if not re.fullmatch(r"[\s\-+]+", line)]
    head, *rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    return [dict(zip(head, row, strict=True)) for row in rows]


def _given(row: dict[str, str]) -> Given:
    facts = [
        GivenFact(kind, _SETS[name], row[name], row.get("category", "") if name == "scan" else row.get("ct result", ""))
        for name, kind in _FACTS.items()
        if row.get(name)
    ]
    if row.get("platelets"):
        facts.append(GivenFact("lab", "platelets", "2026-02-01", row["platelets"], "10*9/L"))
    if row.get("afp"):
        facts.append(GivenFact("lab", "afp", "2026-02-01", row["afp"], "ng/mL"))
    person = {name: row.get(name, "") for name in ("born", "sex", "birthplace", "died")}
    return Given(**person, opted_out=row.get("opted out") == "yes", facts=tuple(facts))


Spec = Callable[..., None]


@pytest.fixture
def spec(rules: Path) -> Spec:
    """Say what a rule answers for people given as a table."""

    def check(*, rule: str, as_of: str, given: str, then: str) -> None:
        found: Rule = load([rules / f"{rule}.yaml"], rules / "codes")[0]
        expected = {row["who"]: row for row in _table(then)}
        people = _table(given)
        cases = tuple(
            Case(row["who"], date.fromisoformat(as_of), _given(row), _wanted(expected[row["who"]]), 1, 1)
            for row in people
        )
        results = run_cases(replace(found, cases=cases), rules / "codes")
        assert len(results) == len(people)
        assert [str(result) for result in results if result.differences] == []

    return check


def _wanted(row: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((_THEN[name], value) for name, value in row.items() if name != "who")
