"""outreach explain."""

from __future__ import annotations

import argparse

from outreach.cli.words import Commands, add_config, command, day
from outreach.explain import as_json, became, find, in_words, latest_night
from outreach.settings import read_settings

_EXAMPLES = """
examples:
  outreach explain --rule hcc-surveillance --patient p0000012
  outreach explain --rule hcc-surveillance --patient p0000012 --as-of 2026-03-01 --json

exit status: 0 answered, 2 no such night, rule or person
"""


def add_to(commands: Commands) -> None:
    help_ = "Why a person was invited, or not. Reads the night's own record, with dates and values."
    parser = command(commands, "explain", does, help_, _EXAMPLES)
    add_config(parser)
    parser.add_argument("--rule", required=True, metavar="NAME")
    parser.add_argument("--patient", required=True, metavar="ID", help="the Patient's id on the server")
    parser.add_argument("--as-of", type=day, metavar="DAY", help="which night (default: the latest)")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")


def does(arguments: argparse.Namespace) -> int:
    home = read_settings(arguments.config).home
    as_of = arguments.as_of or latest_night(home)
    found = find(home, as_of, arguments.rule, arguments.patient)
    outcome = became(home, as_of, arguments.rule, arguments.patient)
    print(as_json(found, outcome) if arguments.json else in_words(found, as_of, outcome))
    return 0
