"""outreach demo."""

from __future__ import annotations

import argparse
import shlex
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from outreach.cli.words import Commands, command, day, people
from outreach.demo.run import ZONE, prepared, run, tell
from outreach.demo.server import sekmet

_EXAMPLES = """
examples:
  outreach demo                              about 1,000 people, about a minute
  outreach demo --patients 3000 --seed 7
  outreach demo --keep                       leaves the server up until you press Ctrl-C

Needs nothing but the extra outreach[demo]. exit status: as for outreach run
"""


def add_to(commands: Commands) -> None:
    parser = command(commands, "demo", does, _EXAMPLES)
    parser.add_argument("--patients", type=people, default=1000, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    parser.add_argument("--as-of", type=day, metavar="DAY", help="the day of the night (default: today)")
    parser.add_argument("--home", type=Path, default=Path("outreach-demo"), metavar="DIR")
    parser.add_argument("--keep", action="store_true", help="leave the server up at the end")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")


def does(arguments: argparse.Namespace) -> int:
    as_of = arguments.as_of or datetime.now(ZONE).date()
    with prepared(arguments.home) as home, sekmet(home / "server") as server:
        with _progress() as progress:
            demo = run(server, home, arguments.patients, arguments.seed, as_of, progress)
        for line in tell(demo):
            print(line)
        if arguments.json:
            print(demo.summary.as_json(), flush=True)
        if arguments.keep:
            _keep(server, home)
    return 0


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """A spinner with the stage and the time where somebody watches; plain lines where nobody does."""
    if not sys.stderr.isatty():
        began = time.monotonic()
        yield lambda stage: print(f"{time.monotonic() - began:6.1f} s  {stage}", file=sys.stderr, flush=True)
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        tasks: list[int] = []

        def tell_stage(stage: str) -> None:
            if tasks:
                bar.stop_task(tasks[-1])  # type: ignore[arg-type]
            tasks.append(bar.add_task(stage, total=None))

        yield tell_stage


def _keep(server: str, home: Path) -> None:
    print(f"\nThe server stays at {server}. In another window:")
    print(f"  outreach doctor --config {shlex.quote(str(home / 'outreach.yaml'))}\nCtrl-C ends it.")
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        print("ended")
