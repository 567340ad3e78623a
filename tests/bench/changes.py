"""What a night costs of which a tenth of all resources changed, beside one that reads everything: pull and flatten.

    python tests/bench/changes.py --patients 300000 --json
    python tests/bench/changes.py --landing DIR --rounds 3 --json

Each tenth line of each file comes again with its status as it was: as many bytes to read as in a night in which a tenth
of the people changed, and strewn over every part of every table. A static Bulk server in a process of its own, on this
machine, sends them. Both nights run in turn, each in a process of its own, in memory that is in use
(``pull.memory_in_use``); the ratio is the median over rounds.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from pull import memory_in_use, serving

from outreach.fhir.client import FhirClient
from outreach.flatten import Base, flatten
from outreach.pull import pull
from outreach.synth import generate

EVERY = 10


def changed(landing: Path, folder: Path) -> None:
    """Each tenth line of each file."""
    folder.mkdir()
    for file in sorted(landing.glob("*.ndjson")):
        with file.open("rb") as lines, (folder / file.name).open("wb") as out:
            out.writelines(line for number, line in enumerate(lines) if number % EVERY == 0)


def run_here(base: str, types: list[str], work: Path, night: str, earlier: Path | None) -> None:
    """The child's side: one night's landing and tables."""
    landing, tables = work / f"{night}-landing", work / night
    begun = time.perf_counter()
    pull(FhirClient(base), types, landing)
    pulled = time.perf_counter() - begun
    report = flatten(landing, tables, base=Base(earlier) if earlier else None, threads=2)
    seconds = time.perf_counter() - begun
    stages = {"pull": pulled, **report.seconds}
    print(json.dumps({"seconds": round(seconds, 2), "stages": {k: round(v, 2) for k, v in stages.items()}}))


def stage(fill: Callable[[], None], base: str, types: str, work: Path, night: str, *earlier: Path) -> dict:
    fill()
    called = [sys.executable, __file__, "--here", base, types, str(work), night, *map(str, earlier)]
    done = subprocess.run(called, capture_output=True, text=True, check=True)
    shutil.rmtree(work / f"{night}-landing")
    os.sync()
    return json.loads(done.stdout.splitlines()[-1])


def measure(landing: Path, work: Path, rounds: int) -> dict[str, object]:
    changed(landing, work / "changed")
    types, told = ",".join(sorted(file.stem for file in landing.glob("*.ndjson"))), []
    with memory_in_use(work) as fill, serving(landing) as everything, serving(work / "changed") as few:
        for _ in range(rounds):
            full = stage(fill, everything, types, work, "full")
            told.append({"full": full, "since": stage(fill, few, types, work, "since", work / "full")})

    def ratio(spent: Callable[[dict], float]) -> float:
        return round(statistics.median(spent(each["since"]) / spent(each["full"]) for each in told), 3)

    flattened = ratio(lambda night: night["seconds"] - night["stages"]["pull"])
    return {"ratio": ratio(lambda night: night["seconds"]), "ratio_of_flatten": flattened, "rounds": told}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patients", type=int, default=100_000)
    parser.add_argument("--landing", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--here", nargs="+", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.here:
        base, types, work, night, *earlier = asked.here
        run_here(base, types.split(","), Path(work), night, Path(earlier[0]) if earlier else None)
        return
    with tempfile.TemporaryDirectory(prefix="outreach-bench-") as work:
        landing = asked.landing
        if landing is None:
            landing = Path(work) / "people"
            generate(asked.patients, 1, date(2026, 3, 1), landing)
        print(json.dumps(measure(landing, Path(work), asked.rounds)))


if __name__ == "__main__":
    main()
