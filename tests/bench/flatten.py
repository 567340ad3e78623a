"""How fast landing/ becomes tables/, against the same engine doing no more than reading and writing.

    python tests/bench/flatten.py --patients 100000            a table for people
    python tests/bench/flatten.py --patients 100000 --json     one JSON object as the last line
    python tests/bench/flatten.py --landing DIR --rounds 7     files that are already there

"bare" is one COPY per file of the same JSON fields, uncast, codings left as a list, same threads, zstd Parquet.
Each stage runs in a process of its own, in turn with bare, so that a busy neighbour slows both. The ratio is the
median over rounds of this round's stages to this round's bare.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from outreach.assess import Day, DuckEngine, assess
from outreach.content import shipped
from outreach.flatten import flatten
from outreach.flatten.columns import TABLES
from outreach.flatten.desk import exactly
from outreach.flatten.duck.places import literal, quoted
from outreach.flatten.duck.source import duck_type
from outreach.flatten.night import files_of
from outreach.rulebook.load import load
from outreach.synth import generate

AS_OF = date(2026, 3, 1)
RULES = shipped("rules")
RULE = load([RULES / "liver" / "hcc-surveillance.yaml"], RULES / "codes")[0]  # read here: no stage is charged for it
Numbers = dict[str, float]


def bare(landing: Path, out: Path, threads: int) -> Numbers:
    """What the engine cannot do faster: every field we read, as it stands."""
    folder = out / "bare"
    folder.mkdir(exist_ok=True)
    engine = duckdb.connect(config={"threads": threads})
    for table in TABLES:
        columns = ", ".join(f"{quoted(name)}: {literal(duck_type(node))}" for name, node in table.schema.fields)
        for file in files_of(landing, table.resource):
            query = f"SELECT * FROM read_json($file, columns = {{{columns}}}, format = 'newline_delimited')"  # noqa: S608
            to = str(folder / f"{file.name}.parquet")
            copy = f"COPY ({query}) TO $to (FORMAT parquet, COMPRESSION zstd)"
            engine.execute(copy, {"file": exactly([file]), "to": to})
    return {}


def flattened(landing: Path, out: Path, threads: int) -> Numbers:
    """The room itself, with the seconds of its own stages."""
    return dict(flatten(landing, out / "tables", threads=threads).seconds)


def assessed(landing: Path, out: Path, threads: int) -> Numbers:
    """The shipped rule over the tables that flatten has just written."""
    engine = DuckEngine(out / "tables", threads=threads)
    assess(engine, RULE, Day(AS_OF, ZoneInfo("America/New_York")), out / "tables" / "assessment.parquet")
    engine.close()
    return {}


STAGES: dict[str, Callable[[Path, Path, int], Numbers]] = {"bare": bare, "flatten": flattened, "assess": assessed}


def run_here(stage: str, landing: Path, out: Path, threads: int) -> None:
    """The child's side: one stage, its numbers as JSON."""
    begun, cpu = time.perf_counter(), time.process_time()
    parts = STAGES[stage](landing, out, threads)
    seconds = {"wall": time.perf_counter() - begun, "cpu": time.process_time() - cpu}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**seconds, "peak_mb": peak, "parts": parts}))


def run_apart(stage: str, landing: Path, out: Path, threads: int) -> dict[str, float | Numbers]:
    """The parent's side."""
    command = [sys.executable, __file__, "--stage", stage, "--landing", str(landing), "--threads", str(threads)]
    done = subprocess.run([*command, "--out", str(out)], check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def measure(stages: list[str], landing: Path, options: argparse.Namespace) -> dict[str, object]:
    """Every stage, bare first, round after round."""
    with tempfile.TemporaryDirectory() as scratch:
        rounds = [
            {stage: run_apart(stage, landing, Path(scratch), options.threads) for stage in ("bare", *stages)}
            for _ in range(options.rounds)
        ]
    size = sum(file.stat().st_size for table in TABLES for file in files_of(landing, table.resource)) / 1e6
    wall = {stage: middle(each[stage]["wall"] for each in rounds) for stage in rounds[0]}
    ours = sum(wall[stage] for stage in stages)
    return {
        "patients": options.patients,
        "megabytes": round(size),
        "threads": options.threads,
        "rounds": options.rounds,
        "ratio_to_bare_duckdb": ratio(rounds, stages, "wall"),
        "ratio_of_processor_time": ratio(rounds, stages, "cpu"),
        "seconds": wall,
        "seconds_within_flatten": {
            part: middle(each["flatten"]["parts"][part] for each in rounds) for part in rounds[0]["flatten"]["parts"]
        },
        "megabytes_a_second": round(size / ours),
        "peak_memory_mb": round(max(each[stage]["peak_mb"] for each in rounds for stage in stages)),
        "bare_peak_memory_mb": round(max(each["bare"]["peak_mb"] for each in rounds)),
    }


def ratio(rounds: list[dict], stages: list[str], clock: str) -> float:
    return middle(sum(each[stage][clock] for stage in stages) / each["bare"][clock] for each in rounds)


def middle(numbers) -> float:
    return round(statistics.median(numbers), 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patients", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--landing", type=Path, help="NDJSON that is already there")
    parser.add_argument("--assess", action="store_true", help="measure flatten and assess together")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    parser.add_argument("--stage", choices=STAGES, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.stage:
        return run_here(options.stage, options.landing, options.out, options.threads)
    stages = ["flatten", "assess"] if options.assess else ["flatten"]
    if unknown := [stage for stage in stages if stage not in STAGES]:
        parser.error(f"no such stage yet: {', '.join(unknown)}")
    with tempfile.TemporaryDirectory() as made:
        landing = options.landing or Path(made)
        if not options.landing:
            generate(options.patients, 1, AS_OF, landing, processes=options.threads)
        found = measure(stages, landing, options)
    if options.json:
        return print(json.dumps(found))
    for name, value in found.items():
        print(f"{name:26} {value}")
    return None


if __name__ == "__main__":
    main()
