"""outreach rule new."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

from outreach.cli.words import Commands, command
from outreach.scaffold import scaffold

_EXAMPLES = """
examples:
  outreach rule new lung-screening --dir rules/lung

Writes a commented rule, stubs for its value sets, and cases. It passes outreach check at once.
Nobody can sign it while one of its sentences or codes is still the template's: outreach check says which.
exit status: 0 written, 2 a file is there already, or the name is no name
"""


def add_to(commands: Commands) -> None:
    parser = command(commands, "rule", lambda arguments: 0, _EXAMPLES)
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    new = command(verbs, "new", does, _EXAMPLES, "Write a commented rule with stubs and cases. Contacts nothing.")
    new.add_argument("name", metavar="NAME", help="small letters, digits and hyphens")
    new.add_argument("--dir", type=Path, default=Path("rules"), metavar="DIR", help="where it goes (default: rules)")
    new.add_argument("--json", action="store_true", help="one JSON object as the last line")


def does(arguments: argparse.Namespace) -> int:
    written = scaffold(arguments.name, arguments.dir, datetime.now(UTC).date())
    print("\n".join(f"wrote {path}" for path in written))
    print(f"\nnext:\n  outreach check {written[0]}\n  outreach docs {written[0]}")
    if arguments.json:
        print(json.dumps({"rule": arguments.name, "files": [str(path) for path in written]}))
    return 0
