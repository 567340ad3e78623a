"""``spec``: a table of people goes through landing, flatten and assess; a table of answers comes back.

A column of ``given`` is a word of a person ("born", "opted out"), one of the liver's short names ("scan"), or
a kind of record and a value set, as in "procedure: colonoscopy". Its cell is a day or "undated", and what was
found: a result, a number, a value set of coded values, a body site, or the day a finding states.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from outreach.check import run_cases
from outreach.rulebook.case import Case, Given, GivenFact
from outreach.rulebook.load import load
from outreach.rulebook.model import Rule

_PERSON = ("born", "sex", "sex at birth", "birthplace", "race", "ethnicity", "language", "died")
_THEN = {
    "status": "status",
    "due on": "due_on",
    "overdue on": "overdue_on",
    "because": "because",
    "group": "risk_group",
    "list": "list",
    "missing": "missing",
}
#: The liver's columns, by the kind of record and the value set.
_SHORT = {
    "cirrhosis": ("condition", "cirrhosis"),
    "hepatitis b": ("condition", "chronic-hepatitis-b"),
    "scan": ("report", "liver-ultrasound"),
    "ct": ("report", "multiphase-liver-ct"),
}
_RESULT_OF = {"scan": "category", "ct": "ct result"}
_LABS = {"platelets": "10*9/L", "afp": "ng/mL"}
#: What a table calls a result whose code says nothing to a reader.
_RESULTS = {
    "BI-RADS 0": "397138000",
    "BI-RADS 1": "397140005",
    "BI-RADS 3": "397143007",
    "negative": "260385009",
    "positive": "10828004",
    "clear": "373887005",
    "HSIL": "416033009",
    "none": "LA18643-9",
    "severe": "LA18646-2",
}


def _table(text: str) -> list[dict[str, str]]:
    lines = [line for line in text.strip().splitlines() if not re.fullmatch(r"[\s\-+]+", line)]
    head, *rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    return [dict(zip(head, row, strict=True)) for row in rows]


def _given(rule: Rule, row: dict[str, str]) -> Given:
    facts = [_short(name, row) for name in _SHORT if row.get(name)]
    facts += [GivenFact("lab", name, "2026-02-01", row[name], unit) for name, unit in _LABS.items() if row.get(name)]
    facts += [_record(rule, name, cell) for name, cell in row.items() if ": " in name and cell]
    person = {name.replace(" ", "_"): row.get(name, "") for name in _PERSON}
    return Given(**person, opted_out=row.get("opted out") == "yes", facts=tuple(facts))


def _short(name: str, row: dict[str, str]) -> GivenFact:
    kind, codes = _SHORT[name]
    return GivenFact(kind, codes, row[name], row.get(_RESULT_OF.get(name, ""), ""))


def _record(rule: Rule, name: str, cell: str) -> GivenFact:
    kind, codes = name.split(": ")
    day, _, found = cell.partition(" ")
    on, value = "" if day == "undated" else day, _RESULTS.get(found, found)
    unit = rule.value_sets[codes].unit if kind == "lab" else ""
    if kind in ("condition", "procedure"):
        return GivenFact(kind, codes, on, site=value)
    return GivenFact(kind, codes, on, value, unit)


Spec = Callable[..., None]


@pytest.fixture
def spec(rules: Path) -> Spec:
    """Say what a rule answers for people given as a table."""

    def check(*, rule: str, as_of: str, given: str, then: str) -> None:
        found: Rule = load([rules / f"{rule}.yaml"], rules / "codes")[0]
        expected = {row["who"]: row for row in _table(then)}
        people = _table(given)
        assert [row["who"] for row in people] == list(expected)
        cases = tuple(
            Case(row["who"], date.fromisoformat(as_of), _given(found, row), _wanted(expected[row["who"]]), 1, 1)
            for row in people
        )
        results = run_cases(replace(found, cases=cases), rules / "codes")
        assert len(results) == len(people)
        assert [str(result) for result in results if result.differences] == []

    return check


def _wanted(row: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((_THEN[name], value) for name, value in row.items() if name != "who")
