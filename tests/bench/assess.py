"""How long the rules take over tables that are flattened already, and how much memory.

python tests/bench/assess.py --tables DIR [--rules 10] [--as-of D] --json

DIR: the tables of a night, or what ``flatten`` made of ``outreach synth``. The shipped rules are taken in name
order, again from the first under another name when more are asked for. Each rule's people inside are told beside
the time: the work grows with them.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from dataclasses import replace
from datetime import date
from itertools import cycle, islice
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from outreach.assess import Day, DuckEngine, assess_rules
from outreach.content import shipped
from outreach.rulebook.load import load


def measure(tables: Path, count: int, as_of: date, memory: int) -> dict[str, object]:
    rules = load([shipped("rules")], shipped("rules") / "codes")
    chosen = [replace(rule, name=f"{rule.name}-{n}") for n, rule in enumerate(islice(cycle(rules), count))]
    with tempfile.TemporaryDirectory(prefix="outreach-bench-") as out:
        files = {rule.name: Path(out) / f"{rule.name}.parquet" for rule in chosen}
        began, busy = time.perf_counter(), time.process_time()
        engine = DuckEngine(tables, memory=memory)
        rows = assess_rules(engine, chosen, Day(as_of, ZoneInfo("UTC")), files)
        engine.close()
        seconds, cpu = time.perf_counter() - began, time.process_time() - busy
        sql = "SELECT count(*) FILTER (criteria IS NOT NULL) FROM read_parquet($path)"
        inside = {name: duckdb.execute(sql, {"path": str(path)}).fetchall()[0][0] for name, path in files.items()}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    people = next(iter(rows.values()))
    return {"people": people, "rules": count, "seconds": round(seconds, 2), "processor_seconds": round(cpu, 2),
            "peak_mb": peak, "inside": inside}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=Path, required=True)
    parser.add_argument("--rules", type=int, default=10)
    parser.add_argument("--as-of", type=date.fromisoformat, default=date(2026, 3, 1))
    parser.add_argument("--memory", type=int, default=700, help="megabytes before DuckDB spills")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    told = measure(asked.tables, asked.rules, asked.as_of, asked.memory)
    print(json.dumps(told) if asked.json else told)


if __name__ == "__main__":
    main()
