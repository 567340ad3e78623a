"""Cases through landing, flatten and assess; nothing of its own that judges."""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from outreach.assess import Day, DuckEngine, assess
from outreach.check.exemplar import resources
from outreach.flatten import flatten
from outreach.rulebook.codes import CodeFolder
from outreach.rulebook.load import load
from outreach.rulebook.model import Case, Rule

#: The answer's column for each word an author may expect.
_COLUMNS = {
    "status": "status",
    "because": "reason",
    "risk_group": "risk_group",
    "due_on": "due_on",
    "overdue_on": "overdue_on",
    "list": "list_name",
    "missing": "missing",
    "flags": "flags",
}


@dataclass(frozen=True)
class CaseResult:
    """One case and what came of it: ``differences`` holds (word, expected, found) and is empty when all is well."""

    rule: str
    file: str
    case: Case
    differences: tuple[tuple[str, str, str], ...]

    def __str__(self) -> str:
        place = f"{self.file}:{self.case.line}:{self.case.column}"
        if not self.differences:
            return f"{place}: ok: {self.case.it}"
        lines = [f"   | {word}: the case says “{want}”, the rule says “{got}”" for word, want, got in self.differences]
        return "\n".join([f"{place}: failed: {self.case.it} (on {self.case.today})", *lines])


def check_rules(paths: Iterable[Path], codes: Path, only: str = "") -> list[CaseResult]:
    """Read rules and run their cases.

    Args:
        paths: rule files or folders.
        codes: the folder of value sets.
        only: run the cases whose name holds this text.

    Raises:
        Refused: a rule cannot be read; every problem at once.
    """
    rules = load(paths, codes)
    return [result for rule in rules for result in run_cases(rule, codes, only)]


def run_cases(rule: Rule, codes: Path, only: str = "") -> list[CaseResult]:
    """The cases of one rule, in the order of the file."""
    people = {f"case{index}": case for index, case in enumerate(rule.cases) if only in case.it}
    if not people:
        return []
    with tempfile.TemporaryDirectory(prefix="outreach-check-") as scratch:
        landing, tables = Path(scratch) / "landing", Path(scratch) / "tables"
        _land(rule, people, codes, landing)
        flatten(landing, tables)
        answers = _assess_by_day(rule, people, tables)
    return [CaseResult(rule.name, rule.path, case, _differences(case, answers[who])) for who, case in people.items()]


def _land(rule: Rule, people: dict[str, Case], codes: Path, landing: Path) -> None:
    folder = CodeFolder(codes)
    by_type: dict[str, list[str]] = defaultdict(list)
    for person, case in people.items():
        for resource in resources(rule, case, person, folder.get):
            by_type[resource["resourceType"]].append(json.dumps(resource))
    landing.mkdir()
    for kind, lines in by_type.items():
        (landing / f"{kind}.ndjson").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _assess_by_day(rule: Rule, people: dict[str, Case], tables: Path) -> dict[str, dict[str, str]]:
    """The answer for each person on the day of the person's own case, as text by column."""
    days: dict[date, list[str]] = defaultdict(list)
    for person, case in people.items():
        days[case.today].append(person)
    answers: dict[str, dict[str, str]] = {}
    engine = DuckEngine(tables)
    for day, persons in sorted(days.items()):
        out = tables / "answers.parquet"
        assess(engine, rule, Day(day, ZoneInfo("UTC")), out)
        answers |= {who: row for who, row in _read(out).items() if who in persons}
    engine.close()
    return answers


def _read(path: Path) -> dict[str, dict[str, str]]:
    columns = list(dict.fromkeys(_COLUMNS.values()))
    selected = [
        f"array_to_string({c}, ';')" if c in ("missing", "flags") else f"coalesce({c}::VARCHAR, '')" for c in columns
    ]
    sql = f"SELECT person, {', '.join(selected)} FROM read_parquet($path)"  # noqa: S608  (column names are ours)
    rows = duckdb.connect().execute(sql, {"path": str(path)}).fetchall()
    return {row[0]: dict(zip(columns, row[1:], strict=True)) for row in rows}


def _differences(case: Case, answer: dict[str, str]) -> tuple[tuple[str, str, str], ...]:
    found = [(word, want, answer[_COLUMNS[word]]) for word, want in case.then]
    return tuple((word, want, got) for word, want, got in found if want != got)
