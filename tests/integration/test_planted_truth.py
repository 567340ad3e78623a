"""The engine against planted truth: person for person, from files."""

from __future__ import annotations

import csv
from contextlib import closing
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest

from outreach.assess import Day, DuckEngine, assess, assess_rules
from outreach.flatten import flatten
from outreach.rulebook.load import load
from outreach.synth import generate

ZONE = ZoneInfo("America/New_York")
Answer = tuple[str, str, str, str]


def _engine(folder: Path, tables: Path, rules: Path, as_of: date) -> dict[str, Answer]:
    flatten(folder, tables)
    engine = DuckEngine(tables)
    rule = load([rules / "liver" / "hcc-surveillance.yaml"], rules / "codes")[0]
    assess(engine, rule, Day(as_of, ZONE), tables / "assessment.parquet")
    engine.close()
    sql = """SELECT person, status, coalesce(due_on::VARCHAR, ''), risk_group,
        CASE status WHEN 'unknown' THEN array_to_string(missing, ';') ELSE reason END FROM read_parquet($path)"""
    rows = duckdb.execute(sql, {"path": str(tables / "assessment.parquet")}).fetchall()
    return {person: (status, due_on, group, reason) for person, status, due_on, group, reason in rows}


def _truth(folder: Path) -> dict[str, Answer]:
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["patient"]: (row["status"], row["due_on"], row["risk_group"], row["reason"]) for row in rows}


@pytest.mark.parametrize(
    ("people", "seed", "as_of"),
    [
        (200, 1, date(2026, 3, 1)),
        (200, 2, date(2024, 2, 29)),
        (200, 3, date(2026, 8, 31)),
        (20_000, 4, date(2026, 3, 1)),
    ],
)
def test_every_person_is_assessed_as_planted(tmp_path, rules, people, seed, as_of):
    """Status, due date, risk group and reason, for each of them, on ordinary days and on odd ones."""
    generate(people, seed, as_of, tmp_path / "people", background=0.1)
    truth, answers = _truth(tmp_path / "people"), _engine(tmp_path / "people", tmp_path / "tables", rules, as_of)
    assert answers.keys() == truth.keys()
    assert {who: (answers[who], truth[who]) for who in truth if answers[who] != truth[who]} == {}
    assert len({status for status, *_ in truth.values()}) == 8


def test_what_a_rule_read_alone_is_freed_once_the_rule_is_written(tmp_path, rules):
    """Ten rules on a million people must fit in a gigabyte; tests narrowed by age are no second copy of all tests."""
    generate(300, 5, date(2026, 3, 1), tmp_path / "landing")
    flatten(tmp_path / "landing", tmp_path / "tables")
    loaded = load([rules], rules / "codes")
    with closing(DuckEngine(tmp_path / "tables")) as engine:
        outs = {rule.name: tmp_path / f"{rule.name}.parquet" for rule in loaded}
        assess_rules(engine, loaded, Day(date(2026, 3, 1), ZONE), outs)
        engine.write(engine.table("person"), tmp_path / "later.parquet")()  # statements run in their order
        left = dict(engine.backend.raw_sql("SELECT table_name, estimated_size FROM duckdb_tables()").fetchall())
    assert not [name for name in left if "_wide" in name]
    whole = left.pop("exams_all")
    assert sum(size for name, size in left.items() if name.startswith("exams_")) < whole
