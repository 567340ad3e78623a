"""Every shipped rule gives the same rows on Spark as on DuckDB, evidence included."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest

from outreach.assess import Day, DuckEngine, Engine, assess_rules
from outreach.flatten import flatten
from outreach.rulebook.load import load
from outreach.rulebook.model import Rule
from outreach.synth import generate

pytestmark = [pytest.mark.spark]
AS_OF = date(2026, 3, 1)
_DIFFERENT = """
    SELECT count(*) FROM ((SELECT * FROM read_parquet($one) EXCEPT ALL SELECT * FROM read_parquet($two))
        UNION ALL (SELECT * FROM read_parquet($two) EXCEPT ALL SELECT * FROM read_parquet($one)))
"""


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory, spark_session: Any) -> Engine:
    from outreach.assess.spark import SparkEngine

    return SparkEngine(tmp_path_factory.mktemp("spark"), spark_session)


def _answers(engine: Engine, rules: list[Rule], out: Path) -> dict[str, Path]:
    out.mkdir()
    files = {rule.name: out / f"{rule.name}.parquet" for rule in rules}
    assess_rules(engine, rules, Day(AS_OF, ZoneInfo("UTC")), files)
    return files


def _compare(spark: Engine, rules: list[Rule], people: int, tmp_path: Path) -> None:
    generate(people, 7, AS_OF, tmp_path / "people", background=0.1)
    tables = tmp_path / "tables"
    flatten(tmp_path / "people", tables)
    duck = DuckEngine(tables)
    ours = _answers(duck, rules, tmp_path / "duck")
    duck.close()
    spark.tables = tables  # type: ignore[attr-defined]
    theirs = _answers(spark, rules, tmp_path / "spark")
    for name, one in ours.items():
        files = {"one": str(one), "two": str(theirs[name])}
        assert duckdb.execute("SELECT count(*) FROM read_parquet($one)", {"one": str(one)}).fetchall()[0][0] == people
        assert (name, duckdb.execute(_DIFFERENT, files).fetchall()[0][0]) == (name, 0)


def test_one_rule_on_a_few_people(spark: Engine, rules: Path, tmp_path: Path) -> None:
    """The liver rule: events, scores on bounds, rising values, orders, visits, tests and their pauses."""
    _compare(spark, load([rules / "liver" / "hcc-surveillance.yaml"], rules / "codes"), 400, tmp_path)


@pytest.mark.long
@pytest.mark.matrix
def test_every_shipped_rule_on_many_people(spark: Engine, rules: Path, tmp_path: Path) -> None:
    """All rules at once, twenty thousand people."""
    _compare(spark, load([rules], rules / "codes"), 20_000, tmp_path)


def test_a_table_that_lies_in_three_files_is_read_as_one(spark: Engine, tmp_path: Path) -> None:
    """After a night of changes a large table is the earlier file, and beside it what changed and what is gone."""
    for name, sql in {
        "encounter": "SELECT * FROM (VALUES ('a', 1), ('b', 2), ('c', 3)) AS t(id, nth)",
        "encounter.gone": "SELECT * FROM (VALUES ('b'), ('c')) AS t(id)",
        "encounter.changed": "SELECT * FROM (VALUES ('b', 7), ('b', 8)) AS t(id, nth)",
    }.items():
        duckdb.execute(f"COPY ({sql}) TO '{tmp_path}/{name}.parquet'")
    spark.tables = tmp_path  # type: ignore[attr-defined]
    found = spark.table("encounter")
    spark.write(found, tmp_path / "out.parquet")()
    rows = duckdb.execute(f"SELECT id, nth FROM '{tmp_path}/out.parquet' ORDER BY ALL").fetchall()  # noqa: S608
    assert rows == [("a", 1), ("b", 7), ("b", 8)]
