"""How fast a Bulk export lands, against no more than a streaming download of the same files.

    python tests/bench/pull.py --patients 100000           a table for people
    python tests/bench/pull.py --patients 100000 --json    one JSON object as the last line
    python tests/bench/pull.py --folder DIR --rounds 7     files that are already there
    python tests/bench/pull.py --tls                       as from any server that is not on this machine
    python tests/bench/pull.py --as-found                  memory as the machine gives it, not all of it in use first

A static Bulk server in a process of its own, on this machine. "bare" is one ``requests`` session that streams one file
after another to the disk; "kept" is the same and waits for the disk after each file, as a pull must. Each runs in a
process of its own, in an order drawn for each round (pages that another has just freed are written faster), so that a
busy neighbour slows all; none is charged for what another leaves to be written.
"disk" is no download: it writes as many bytes past the page cache, two pieces at a time. A pull waits for the disk and
can be no faster; "bare" does not wait and can.
The ratios are medians over rounds of ours to bare, to kept and to disk, in bytes a second.
"""

from __future__ import annotations

import argparse
import json
import mmap
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path

import requests

sys.path.insert(0, str(Path(__file__).parents[1]))

from outreach.fhir.client import FhirClient
from outreach.pull import pull
from outreach.synth import generate
from servers.certificates import certificate

SERVER = Path(__file__).parents[1] / "servers" / "static_bulk.py"
CHUNK = 1 << 20


def bare(base: str, types: list[str], out: Path, pem: Path | None, *, keep: bool = False) -> None:
    """What a download cannot do without."""
    out.mkdir()
    with requests.Session() as session:
        session.trust_env, session.verify = False, str(pem) if pem else True
        for type_ in types:
            with session.get(f"{base}/files/{type_}.ndjson", stream=True) as answer, (out / type_).open("wb") as file:
                for chunk in answer.iter_content(CHUNK):
                    file.write(chunk)
                if keep:
                    file.flush()
                    os.fsync(file.fileno())


def ours(base: str, types: list[str], out: Path, pem: Path | None) -> None:
    pull(FhirClient(base, ca_file=pem), types, out)


Way = Callable[[str, list[str], Path, Path | None], None]

WAYS: dict[str, Way] = {
    "bare": bare,
    "kept": partial(bare, keep=True),
    "pull": ours,
}


@contextmanager
def memory_in_use(folder: Path) -> Iterator[Callable[[], None]]:
    """Gives what fills free memory with pages that can be had back at once: of a file that is one hole.

    A virtual machine hands free memory to its host and gets each page back when it is first written to: on one such
    machine the same download took 0.9 s or 2.5 s. A machine that has run for a while has little that is free. The
    folder must lie on a disk: a hole in a folder in memory (tmpfs) takes none.
    """
    path, buffer = folder / "hole", bytearray(CHUNK)
    with path.open("wb") as file:
        file.truncate(1 << 43)
    with path.open("rb", buffering=0) as hole:

        def fill() -> None:
            free = int(Path("/proc/meminfo").read_text().split("MemFree:")[1].split()[0]) * 1024
            for _ in range(free // CHUNK):
                hole.readinto(buffer)

        yield fill


def run_here(way: str, base: str, types: list[str], out: Path, pem: Path | None) -> None:
    """The child's side."""
    begun, cpu = time.perf_counter(), time.process_time()
    WAYS[way](base, types, out, pem)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    told = Path("/proc/self/status").read_text().split("VmHWM:")[1]  # ru_maxrss is the parent's, until it is passed
    peak = int(told.split()[0]) / 1024
    print(json.dumps({"seconds": seconds, "cpu": cpu, "peak_mb": peak}))


def run_apart(
    way: str, base: str, types: list[str], out: Path, fill: Callable[[], None], pem: Path | None = None
) -> dict[str, float]:
    """The parent's side: its files are gone, and what else waits to be written is, before the next one begins."""
    command = [sys.executable, __file__, "--way", way, "--base", base, "--types", ",".join(types), "--out", str(out)]
    command += ["--pem", str(pem)] if pem else []
    fill()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    shutil.rmtree(out)
    os.sync()
    return dict(json.loads(done.stdout.splitlines()[-1]))


def disk_seconds(size: int, path: Path) -> float:
    """How long the disk alone takes for so many bytes, in pieces as large as two downloads would give it."""
    piece = mmap.mmap(-1, 2 * CHUNK)
    piece.write(random.Random(1).randbytes(len(piece)))
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_DIRECT, 0o600)
    try:
        begun = time.perf_counter()
        with ThreadPoolExecutor(2) as hands:
            list(hands.map(lambda place: os.pwrite(file, piece, place), range(0, size, len(piece))))
        os.fsync(file)
        return time.perf_counter() - begun
    finally:
        os.close(file)
        path.unlink()
        os.sync()


@contextmanager
def serving(folder: Path, pem: Path | None = None) -> Iterator[str]:
    command = [sys.executable, str(SERVER), str(folder), *([str(pem)] if pem else [])]
    scheme = "https" if pem else "http"
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield f"{scheme}://127.0.0.1:{int(server.stdout.readline().split()[1])}/fhir"
        assert server.stdin is not None
        server.stdin.close()


def measure(folder: Path, rounds: int, tls: bool, as_found: bool) -> dict[str, object]:
    files = sorted(folder.glob("*.ndjson"))
    types, size = [file.stem for file in files], sum(file.stat().st_size for file in files)
    draw = random.Random(1)
    with tempfile.TemporaryDirectory() as made, memory_in_use(scratch := Path(made)) as filled:
        fill = (lambda: None) if as_found else filled
        pem = certificate(scratch) if tls else None
        with serving(folder, pem) as base:
            run_apart("bare", base, types, scratch / "warm", fill, pem)
            told, disk = [], []
            for _ in range(rounds):
                ways = sorted(WAYS, key=lambda _: draw.random())
                told.append({way: run_apart(way, base, types, scratch / way, fill, pem) for way in ways})
                disk.append(disk_seconds(size, scratch / "disk"))
    middle = {way: statistics.median(each[way]["seconds"] for each in told) for way in WAYS}
    ratios, kept = (
        [round(each[way]["seconds"] / each["pull"]["seconds"], 3) for each in told] for way in ("bare", "kept")
    )
    return {
        "megabytes": round(size / 1e6),
        "files": len(files),
        "rounds": rounds,
        "memory": "as found" if as_found else "in use",
        "ratio_to_bare_download": statistics.median(ratios),
        "ratios": ratios,
        "ratio_to_kept_download": statistics.median(kept),
        "ratio_to_disk": round(
            statistics.median(took / each["pull"]["seconds"] for took, each in zip(disk, told, strict=True)), 3
        ),
        "seconds": {way: round(seconds, 2) for way, seconds in (middle | {"disk": statistics.median(disk)}).items()},
        "processor_seconds": {way: round(statistics.median(each[way]["cpu"] for each in told), 2) for way in WAYS},
        "megabytes_a_second": {way: round(size / 1e6 / seconds) for way, seconds in middle.items()},
        "peak_memory_mb": {way: round(max(each[way]["peak_mb"] for each in told)) for way in WAYS},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patients", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="NDJSON that is already there")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    parser.add_argument("--tls", action="store_true", help="over TLS")
    parser.add_argument("--as-found", action="store_true", help="memory as it is")
    for hidden in ("--way", "--base", "--types"):
        parser.add_argument(hidden, help=argparse.SUPPRESS)
    for hidden in ("--out", "--pem"):
        parser.add_argument(hidden, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        return run_here(options.way, options.base, options.types.split(","), options.out, options.pem)
    with tempfile.TemporaryDirectory() as made:
        folder = options.folder or Path(made)
        if not options.folder:
            generate(options.patients, 1, date(2026, 3, 1), folder, processes=2)
        found = measure(folder, options.rounds, options.tls, options.as_found)
    if options.json:
        return print(json.dumps(found))
    for name, value in found.items():
        print(f"{name:26} {value}")
    return None


if __name__ == "__main__":
    main()
