"""What several commands share: days, JSON, progress."""

from __future__ import annotations

import argparse
import re
import shlex
import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

Commands = Any  # argparse's own type for a set of subcommands has no public name


def command(
    commands: Commands, name: str, does: Callable[[argparse.Namespace], int], help_: str, examples: str
) -> argparse.ArgumentParser:
    """One subcommand with its examples."""
    made: argparse.ArgumentParser = commands.add_parser(
        name,
        help=help_[0].lower() + help_[1:].split(".")[0],
        description=help_,
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.set_defaults(does=does)
    return made


def people(text: str) -> int:
    """A number of people to make."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"“{text}” is no number of people; write it like 200")
    return int(text)


def day(text: str) -> date:
    """A date argument."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not a date; write it like 2026-03-01") from None


def instant(text: str) -> datetime:
    """An instant argument, with its zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"“{text}” is not an instant; write it like 2026-03-01T01:30:00-05:00"
        ) from None
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("an instant needs a zone, like 2026-03-01T01:30:00-05:00")
    return moment


def of_path(error: OSError) -> str:
    """What is wrong with a path, and what to do. Only for paths that somebody wrote: a night's may name a person."""
    return f"{error.filename}: {error.strerror}. See whether it is the right path, and who may read and write it."


USUAL = Path("outreach.yaml")


def add_config(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, default=USUAL, metavar="FILE", help=f"settings (default: {USUAL})")


def as_typed(told: str, arguments: argparse.Namespace) -> str:
    """A message that ends in a command to type next: that command with the settings that this one was given."""
    config = getattr(arguments, "config", USUAL)
    if config == USUAL:
        return told
    named = f" --config {shlex.quote(str(config))}"
    return re.sub(
        r"(?<=: )outreach (run|resume)(?=(?: --as-of [\d-]+)?(?: --dry-run)?\Z)", lambda found: found[0] + named, told
    )


def stages(quiet: bool) -> Callable[[str], None]:
    """Tells each stage and how long the one before took, on stderr."""
    started = time.monotonic()

    def tell(stage: str) -> None:
        if not quiet:
            print(f"  {time.monotonic() - started:6.1f} s  {stage}", file=sys.stderr, flush=True)

    return tell
