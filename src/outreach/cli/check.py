"""outreach check."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

from outreach.check import check_rules
from outreach.cli.words import Commands, command
from outreach.content import shipped
from outreach.rulebook.load import load

_EXAMPLES = """
examples:
  outreach check                          every rule: ./rules if there is one, else those that ship
  outreach check rules/liver --case born  only cases whose name has “born”

exit status: 0 all well, 1 a case failed, 2 a rule could not be read
"""


def add_to(commands: Commands) -> None:
    help_ = "Check rules: read them, then run the cases written beside them. Sends nothing, needs no server."
    parser = command(commands, "check", does, help_, _EXAMPLES)
    parser.add_argument("path", nargs="*", type=Path, metavar="PATH", help="rule files or folders")
    parser.add_argument("--case", default="", metavar="TEXT", help="only cases whose name holds this text")
    parser.add_argument("--codes", type=Path, metavar="DIR", help="the value sets (default: codes/ beside the rules)")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")


def does(arguments: argparse.Namespace) -> int:
    root = Path("rules") if Path("rules").is_dir() else shipped("rules")
    paths = arguments.path or [root]
    results = check_rules(paths, arguments.codes or _codes(paths[0], root), arguments.case)
    failed = [result for result in results if result.differences]
    for result in failed:
        print(result)
    rules = len({result.rule for result in results})
    print(f"{len(results) - len(failed)} cases passed, {len(failed)} failed, in {rules} rule{'s' * (rules != 1)}")
    for rule in load(paths, arguments.codes or _codes(paths[0], root)):
        why = rule.unsigned(datetime.now(UTC).date())
        print(f"{rule.name} " + (f"invites nobody yet: {why}" if why else f"is live, approved by {rule.approved_by}"))
    if arguments.json:
        told = [{"rule": r.rule, "case": r.case.it, "passed": not r.differences} for r in results]
        print(json.dumps({"passed": len(results) - len(failed), "failed": len(failed), "cases": told}))
    return 1 if failed else 0


def _codes(path: Path, root: Path) -> Path:
    """The nearest codes/ folder above a rule, else that of the rules."""
    for folder in (path, *path.resolve().parents):
        if (folder / "codes").is_dir():
            return folder / "codes"
    return root / "codes"
