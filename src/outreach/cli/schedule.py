"""outreach schedule."""

from __future__ import annotations

import argparse
import subprocess
import sys
from contextlib import suppress
from datetime import time
from pathlib import Path

from outreach.cli.words import Commands, add_config, command
from outreach.schedule import alarm, keep_time
from outreach.settings import read_settings

_EXAMPLES = """
examples:
  outreach schedule                   a night at 04:30 of the site's clock, every day, until Ctrl-C
  outreach schedule --at 22:00

Each night is an outreach run in a process of its own; its exit status is told. A timer of the operating
system that calls outreach run does as well. exit status: 0 interrupted, 2 settings wrong
"""


def add_to(commands: Commands) -> None:
    parser = command(commands, "schedule", does, _EXAMPLES)
    add_config(parser)
    parser.add_argument("--at", type=_clock_time, default=time(4, 30), metavar="HH:MM", help="default: 04:30")


def does(arguments: argparse.Namespace) -> int:
    settings = read_settings(arguments.config)
    alarm(arguments.at, settings.zone)
    print(f"a night every day at {arguments.at:%H:%M}, {settings.zone.key}; Ctrl-C ends it", file=sys.stderr)
    with suppress(KeyboardInterrupt, SystemExit):
        keep_time(lambda: _night(arguments.config), arguments.at, settings.zone)
    return 0


def _night(config: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "outreach", "run", "--config", str(config)], check=False)  # noqa: S603
    print(f"the night ended with exit status {done.returncode}", file=sys.stderr, flush=True)


def _clock_time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not a time; write it like 04:30") from None
