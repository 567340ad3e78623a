"""outreach explain."""

from __future__ import annotations

import argparse
from contextlib import suppress
from datetime import datetime

from outreach.cli.words import Commands, add_config, command, day
from outreach.content import shipped
from outreach.errors import Refused
from outreach.explain.changes import changes
from outreach.explain.clinician import in_words
from outreach.explain.data import as_json
from outreach.explain.lines import story
from outreach.explain.measured import measured
from outreach.explain.outcome import became, held
from outreach.explain.patient import for_patient
from outreach.explain.row import Told, find, latest_night
from outreach.rulebook.load import load, rule_files
from outreach.rulebook.model import Rule
from outreach.settings import Settings, read_settings

_EXAMPLES = """
examples:
  outreach explain --rule hcc-surveillance --patient p0000012
  outreach explain --rule hcc-surveillance --patient p0000012 --as-of 2026-03-01 --for patient
  outreach explain --rule hcc-surveillance --patient p0000012 --json

for a clinician: the status, what would change it and when, and each line of the rule with the record that
decided it. For the patient: a few plain sentences that may stand in a message. For data: one JSON object
with the reason codes of HL7's DEQM guide. It reads what the night (or a rehearsal) wrote; it judges nothing.
exit status: 0 answered, 2 no such night, rule or person, or nothing to say to the person
"""


def add_to(commands: Commands) -> None:
    parser = command(commands, "explain", does, _EXAMPLES)
    add_config(parser)
    parser.add_argument("--rule", required=True, metavar="NAME")
    parser.add_argument("--patient", required=True, metavar="ID", help="the Patient's id on the server")
    parser.add_argument("--as-of", type=day, metavar="DAY", help="which night (default: the latest)")
    parser.add_argument("--for", dest="reader", choices=("clinician", "patient", "data"), default="clinician",
                        help="who reads it (default: clinician)")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line; the same as --for data")


def does(arguments: argparse.Namespace) -> int:
    settings = read_settings(arguments.config)
    as_of = arguments.as_of or latest_night(settings.home)
    told = find(settings.home, as_of, arguments.rule, arguments.patient)
    rows, outcome = story(told, _rule(settings, arguments.rule)), became(told, settings.zone)
    found = changes(told, rows)
    place, values = held(told, settings.zone), measured(told, rows)
    if arguments.reader == "data" or arguments.json:
        print(as_json(told, rows, found, outcome, _patient(told, place), values))
    elif arguments.reader == "patient":
        print(for_patient(told.found, place))
    else:
        print(in_words(told, rows, found, outcome, values))
    return 0


def _rule(settings: Settings, name: str) -> Rule | None:
    """The rule as it is now; None where it cannot be read any more: the night's own words stand all the same."""
    folder = settings.rules or shipped("rules")
    for file in rule_files(folder):
        if f"\nrule: {name}\n" in "\n" + file.read_text(encoding="utf-8-sig", errors="replace"):
            with suppress(Refused):
                return load([file], need_cases=False)[0]
    return None


def _patient(told: Told, place: datetime | None) -> str:
    try:
        return for_patient(told.found, place)
    except Refused:
        return ""
