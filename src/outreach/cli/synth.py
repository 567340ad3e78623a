"""outreach synth."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

from outreach.cli.words import Commands, command, day, people
from outreach.synth import generate

_EXAMPLES = """
examples:
  outreach synth --patients 200 --seed 1 --as-of 2026-03-01 --out people
  outreach synth --patients 1000000 --out million

Writes <Type>.ndjson files and truth.csv: what is true of each person, planted before the records were made.
exit status: 0 written, 2 an argument is wrong
"""


def add_to(commands: Commands) -> None:
    parser = command(commands, "synth", does, _EXAMPLES)
    parser.add_argument("--patients", type=people, default=1000, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    parser.add_argument(
        "--as-of",
        type=day,
        default=date(2026, 3, 1),
        metavar="DAY",
        help="the day the truth is about (default: 2026-03-01)",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")


def does(arguments: argparse.Namespace) -> int:
    report = generate(arguments.patients, arguments.seed, arguments.as_of, arguments.out)
    print(f"wrote {arguments.patients} people to {arguments.out}")
    if arguments.json:
        print(json.dumps(asdict(report), default=str))
    return 0
