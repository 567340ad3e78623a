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

#: What each command does, in the order of the help; here, so that the help of the whole loads none of them.
WHAT_IT_DOES = {
    "init": "Write a commented settings file. Contacts nothing.",
    "demo": "Show a whole night on this machine. A real FHIR server, synthetic people, dry and then live.",
    "run": "Run one night. Pulls the cohort, finds who is overdue, matches them to slots, invites them, reports.",
    "schedule": "Run a night every day. An alarm clock only: what has run stands in the ledger.",
    "rule": "Begin a new rule. Contacts nothing.",
    "check": "Check rules: read them, then run the cases written beside them. Sends nothing, needs no server.",
    "docs": "Write each rule as a page a clinician can read and sign. Contacts nothing.",
    "preview": "Show what a change to a rule would do: who enters and leaves, step by step and by group. "
    "Sends nothing.",
    "approve": "Sign a rule: it moves one step on in its life. Writes into the rule's own file, and nothing else.",
    "explain": "Why a person was invited, or not. Reads the night's own record, with dates and values.",
    "doctor": "Say what the server can and cannot do. Tries it, rather than believing the server's own word.",
    "stop": "Stop all sending, now, until resumed. Works while a night is running.",
    "resume": "Take back a stop.",
    "synth": "Make a synthetic population with planted truth. Nobody in it is real.",
    "verify": "Run a rule on published measure test patients and compare every population. "
    "Sends nothing, needs no server.",
}


def named(commands: Commands, name: str, what: str = "", **more: Any) -> argparse.ArgumentParser:
    """A subcommand as a help lists it. ``what`` it does, where that is not said above."""
    what = what or WHAT_IT_DOES[name]
    short = what[0].lower() + what[1:].split(".")[0]
    made: argparse.ArgumentParser = commands.add_parser(name, help=short, description=what, **more)
    return made


def command(
    commands: Commands, name: str, does: Callable[[argparse.Namespace], int], examples: str, what: str = ""
) -> argparse.ArgumentParser:
    """One subcommand with its examples."""
    made = named(commands, name, what, epilog=examples, formatter_class=argparse.RawDescriptionHelpFormatter)
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


#: Commands that our messages name: as their last words, or for keys. Whatever else reads so, somebody wrote.
_TO_TYPE = re.compile(
    r"(?<=: )outreach (?:run|resume)(?=(?: --as-of [\d-]+)?(?: --dry-run)?\Z)"
    r"|(?<=registered there \()outreach doctor(?= --jwks\))"
)


def as_typed(told: str, arguments: argparse.Namespace) -> str:
    """A message with the command that it names, if any, given the settings that this command was given."""
    config = getattr(arguments, "config", USUAL)
    if config == USUAL:
        return told
    given = f" --config {shlex.quote(str(config))}"
    return _TO_TYPE.sub(lambda found: found[0] + given, told)


def stages(quiet: bool) -> Callable[[str], None]:
    """Tells each stage and how long the one before took, on stderr."""
    started = time.monotonic()

    def tell(stage: str) -> None:
        if not quiet:
            print(f"  {time.monotonic() - started:6.1f} s  {stage}", file=sys.stderr, flush=True)

    return tell
