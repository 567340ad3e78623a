"""outreach verify."""

from __future__ import annotations

import argparse
from pathlib import Path

from outreach.cli.words import Commands, command
from outreach.verify import verify
from outreach.verify.words import as_json, as_text

_EXAMPLES = """
examples:
  outreach verify --rule cms125.yaml --cases BreastCancerScreeningFHIR --valuesets valuesets
  outreach verify --rule cms125.yaml --cases BreastCancerScreeningFHIR --valuesets valuesets --json

DIR of --cases holds a folder per test patient: FHIR resources as JSON files (or one Bundle), a MeasureReport with
the expected populations among them. The rule is asked on the last day of that report's period. A person counts in

  initial-population, denominator  unless not-applicable or unknown
  denominator-exclusion            when excluded
  denominator-exception            when exception
  numerator                        when up-to-date

DIR of --valuesets holds FHIR ValueSets as JSON with their expansions; a rule names them by id, or by title or name
in small letters with hyphens (“Office Visit” is office-visit). With it, the value sets that ship with outreach do not
count: a set that DIR lacks is told of, not replaced by one of ours that has the same name.

exit status: 0 every population of every case agrees, 1 something differs, 2 the rule or a folder is wrong
"""


def add_to(commands: Commands) -> None:
    parser = command(commands, "verify", does, _EXAMPLES)
    parser.add_argument("--rule", type=Path, required=True, metavar="FILE", help="the rule")
    parser.add_argument("--cases", type=Path, required=True, metavar="DIR", help="a folder of test patients")
    parser.add_argument("--valuesets", type=Path, metavar="DIR", help="a folder of FHIR ValueSets")
    parser.add_argument(
        "--codes",
        type=Path,
        metavar="DIR",
        help="our own value sets (default: the nearest codes/, then those that ship)",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")


def does(arguments: argparse.Namespace) -> int:
    rule = arguments.rule
    found = verify(rule, arguments.cases, arguments.codes, arguments.valuesets)
    print(as_text(found))
    if arguments.json:
        print(as_json(found))
    return 1 if found.differing else 0
