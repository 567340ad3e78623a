"""Test patients through landing, flatten and assess; nothing of its own that judges."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq

from outreach.assess import Day, DuckEngine, assess
from outreach.domain.assessment import Status
from outreach.errors import Problem, Refused, at_file
from outreach.flatten import flatten
from outreach.rulebook.load import load
from outreach.rulebook.model import Rule
from outreach.verify.folder import MeasureCase, read_cases
from outreach.verify.landing import Places, land

_COHORT = frozenset(Status) - {Status.NOT_APPLICABLE, Status.UNKNOWN}
#: The statuses that put a person into each population; https://build.fhir.org/ig/HL7/UTG/CodeSystem-measure-population.html
POPULATIONS: Mapping[str, frozenset[Status]] = {
    "initial-population": _COHORT,
    "denominator": _COHORT,
    "denominator-exclusion": frozenset({Status.EXCLUDED}),
    "denominator-exception": frozenset({Status.EXCEPTION}),
    "numerator": frozenset({Status.UP_TO_DATE}),
}


@dataclass(frozen=True)
class Result:
    """One case and what the rule says of it. ``because``: the reason or risk group that the rule names."""

    case: MeasureCase
    status: Status
    because: str

    def found(self, population: str) -> int:
        """1 when the person counts in a population, else 0."""
        return int(self.status in POPULATIONS[population])

    @property
    def differences(self) -> tuple[tuple[str, int, int], ...]:
        """(population, expected, found) wherever the two differ."""
        both = [
            (name, count, self.found(name)) for name, count in self.case.expected.counts.items() if name in POPULATIONS
        ]
        return tuple((name, want, got) for name, want, got in both if want != got)


@dataclass(frozen=True)
class Verified:
    """A rule on all cases of a folder, in name order."""

    rule: Rule
    results: tuple[Result, ...]

    @property
    def differing(self) -> tuple[Result, ...]:
        """The cases on which rule and report differ in some population."""
        return tuple(result for result in self.results if result.differences)


def verify(rule: Path, cases: Path, codes: Path | None, valuesets: Path | None = None) -> Verified:
    """Run one rule on the cases of a folder, each on the last day of its own MeasureReport's period.

    Args:
        rule: the rule's file.
        cases: see ``folder``.
        codes: the folder of our own value sets; None: see ``rulebook.library.places``.
        valuesets: a folder of FHIR ValueSets for the names that no other place holds.

    Raises:
        Refused: the rule, a case or a value set cannot be read; every problem at once.
    """
    for folder in (cases, valuesets):
        if folder is not None and not folder.is_dir():
            raise at_file(folder, "there is no such folder", "no-folder")
    rules = load([rule], codes, need_cases=False, more=valuesets)
    if len(rules) != 1:
        raise at_file(rule, f"there are {len(rules)} rules here", "several-rules", "Name the file of one rule.")
    with tempfile.TemporaryDirectory(prefix="outreach-verify-") as scratch:
        people = _flattened(read_cases(cases), Path(scratch))
        told = _assessed(rules[0], people, Path(scratch) / "tables")
    return Verified(rules[0], tuple(Result(case, *told[person]) for person, case in people.items()))


def _flattened(cases: Sequence[MeasureCase], scratch: Path) -> dict[str, MeasureCase]:
    people, places = land(cases, scratch / "landing")
    flatten(scratch / "landing", scratch / "tables")
    if problems := _set_aside(scratch / "tables" / "quarantine.parquet", places):
        raise Refused(problems)
    return people


def _set_aside(quarantine: Path, places: Places) -> list[Problem]:
    """A resource that cannot be read would make a case agree or differ for the wrong reason."""
    return [
        Problem(
            places[row["file"]][row["line"] - 1],
            0,
            0,
            f"its {row['type']} cannot be read: {row['reason']}",
            "odd-resource",
        )
        for row in pq.read_table(quarantine).to_pylist()
    ]


def _assessed(rule: Rule, people: Mapping[str, MeasureCase], tables: Path) -> dict[str, tuple[Status, str]]:
    """Status and reason of each person on the day of the person's own case."""
    days: defaultdict[date, set[str]] = defaultdict(set)
    for person, case in people.items():
        days[case.expected.day].add(person)
    told: dict[str, tuple[Status, str]] = {}
    out = tables / "answers.parquet"
    with closing(DuckEngine(tables)) as engine:
        for day, persons in sorted(days.items()):
            assess(engine, rule, Day(day, ZoneInfo("UTC")), out)
            rows = pq.read_table(out, columns=["person", "status", "reason", "risk_group"]).to_pylist()
            told |= {r["person"]: _told(r) for r in rows if r["person"] in persons}
    return told


def _told(row: Mapping[str, str | None]) -> tuple[Status, str]:
    return Status(row["status"] or ""), row["reason"] or row["risk_group"] or ""
