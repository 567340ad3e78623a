"""What a move to Spark costs on one machine: flatten and one rule, on DuckDB and on Spark, at growing sizes.

    python tests/bench/spark.py --patients 500 2000            a table for people
    python tests/bench/spark.py --patients 500 2000 --json     one JSON object as the last line

Spark runs in local mode on as many cores as DuckDB has, started and warmed before anything is timed, and reads every
file by a job of its own, however small. At each size both run in turn, so that a busy neighbour slows both. The answers
are compared row by row; a bench that has made other tables exits with 1.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from outreach.assess import Day, DuckEngine, Engine, assess
from outreach.assess.spark import SparkEngine
from outreach.content import shipped
from outreach.flatten import flatten
from outreach.flatten.columns import TABLES
from outreach.flatten.spark import SparkReader
from outreach.rulebook.load import load
from outreach.spark import session
from outreach.synth import generate

DAY = Day(date(2026, 3, 1), ZoneInfo("UTC"))
RULES = shipped("rules")
RULE = load([RULES / "liver" / "hcc-surveillance.yaml"], RULES / "codes")[0]
_DIFFERENT = """
    SELECT count(*) FROM ((SELECT * FROM read_parquet($one) EXCEPT ALL SELECT * FROM read_parquet($two))
        UNION ALL (SELECT * FROM read_parquet($two) EXCEPT ALL SELECT * FROM read_parquet($one)))"""


def seconds(does: Callable[[], object]) -> float:
    begun = time.perf_counter()
    does()
    return time.perf_counter() - begun


def assessed(engine: Engine, out: Path) -> None:
    assess(engine, RULE, DAY, out / "assessment.parquet")


def measured(patients: int, cores: int, reader: SparkReader, folder: Path) -> dict[str, float]:
    """Seconds of each part on each engine at one size, and their ratios."""
    landing, duck, spark = folder / "landing", folder / "duck", folder / "spark"
    generate(patients, 7, DAY.as_of, landing)
    found: dict[str, float] = {
        "patients": patients,
        "megabytes": sum(file.stat().st_size for file in landing.glob("*.ndjson")) / 1e6,
        "flatten_duckdb": seconds(lambda: flatten(landing, duck, threads=cores)),
        "flatten_spark": seconds(lambda: flatten(landing, spark, engine=reader, threads=cores)),
    }
    on_duck = DuckEngine(duck, threads=cores)
    found["rule_duckdb"] = seconds(lambda: assessed(on_duck, duck))
    on_duck.close()
    found["rule_spark"] = seconds(lambda: assessed(SparkEngine(spark, reader.session), spark))
    for part in ("flatten", "rule"):
        found[f"{part}_ratio"] = found[f"{part}_spark"] / found[f"{part}_duckdb"]
    found["different_rows"] = different(duck, spark)
    return found


def different(duck: Path, spark: Path) -> int:
    """Rows that are in one engine's tables alone, the answers of the rule among them."""
    rows = 0
    for name in [*(table.name for table in TABLES), "assessment"]:
        files = {"one": str(duck / f"{name}.parquet"), "two": str(spark / f"{name}.parquet")}
        rows += int(duckdb.execute(_DIFFERENT, files).fetchall()[0][0])
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description="Flatten and one rule on DuckDB and on Spark.")
    parser.add_argument("--patients", type=int, nargs="+", default=[2000, 20_000])
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--memory", default="2g", help="of Spark's driver, which does all the work")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    begun: list[SparkReader] = []
    master = f"local[{arguments.cores}]"
    start = seconds(lambda: begun.append(SparkReader(session(master, arguments.memory), worth_a_job=1)))
    (reader,) = begun
    sizes = []
    with tempfile.TemporaryDirectory() as folder:
        measured(50, arguments.cores, reader, Path(folder) / "warm")
        for patients in arguments.patients:
            sizes.append(measured(patients, arguments.cores, reader, Path(folder) / str(patients)))
            print(json.dumps(sizes[-1]), file=sys.stderr, flush=True)
    reader.session.stop()
    for size in sizes:
        print("  ".join(f"{name} {value:,.1f}" for name, value in size.items()))
    if arguments.json:
        print(json.dumps({"cores": arguments.cores, "start_s": start, "sizes": sizes}))
    return 1 if any(size["different_rows"] for size in sizes) else 0


if __name__ == "__main__":
    sys.exit(main())
