"""outreach approve."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from outreach.approve import approve
from outreach.cli.preview import add_ground, ground
from outreach.cli.rules import chosen, one_file
from outreach.cli.words import Commands, command
from outreach.preview.past import found_expected
from outreach.preview.run import count_at_risk, within
from outreach.rulebook.model import Rule

_EXAMPLES = """
examples:
  outreach approve rules/liver/hcc-surveillance.yaml --by "Dr. A. Name"          draft → reviewed
  outreach approve rules/liver/hcc-surveillance.yaml --by "Dr. B. Name" --as live --preview seen.json
  outreach approve rules/liver/old.yaml --by "Dr. A. Name" --as retired

A rule goes draft → reviewed → live → retired, and what was signed never goes back. The signature names the
content: a rule that is changed afterwards invites nobody until somebody writes status: draft into it and it is
signed again, as it is now.

What is open (a case that fails, no source, a draft among its codes, the word unconfirmed, one name for both
steps) is refused, unless --despite says why; that goes into the rule. Who signed stays in it, with the day.
A rule whose review_by has passed is not signed: whoever reviews it writes a new day. Nor is one in which a
sentence or a code of the template of “outreach rule new” still stands.
exit status: 0 signed, 2 the rule cannot be read, or is not ready, 6 it finds another number of people at
risk than it expects
"""


def add_to(commands: Commands) -> None:
    parser = command(commands, "approve", does, _EXAMPLES)
    parser.add_argument("rule", type=Path, metavar="RULE", help="its file or name")
    parser.add_argument("--by", required=True, metavar="NAME", help="who signs")
    parser.add_argument("--as", dest="to", choices=("reviewed", "live", "retired"), help="default: the next step")
    parser.add_argument("--despite", default="", metavar="TEXT", help="why it is signed although something is open")
    parser.add_argument("--preview", type=Path, metavar="FILE", help="what outreach preview --json wrote of this rule")
    add_ground(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")


def does(arguments: argparse.Namespace) -> int:
    file = one_file(arguments.rule)
    rules = chosen([file], arguments.codes)
    signed = approve(
        file,
        rules.codes,
        by=arguments.by,
        to=arguments.to,
        today=datetime.now(UTC).date(),
        despite=arguments.despite,
        seen=lambda rule: _seen(arguments, rule),
    )
    print(f"{signed.rule}: {signed.was} → {signed.now}, signed by {signed.by} on {signed.on}\ncontent {signed.hash}")
    for what in signed.despite:
        print(f"signed despite: {what}")
    if arguments.json:
        print(json.dumps(asdict(signed), ensure_ascii=False, default=str))
    return 0


def _seen(arguments: argparse.Namespace, rule: Rule) -> bool | None:
    """Whether the rule finds as many people as it expects: by a preview, or counted on tables."""
    if arguments.preview is not None:
        return found_expected(arguments.preview, rule)
    if arguments.tables is None and not arguments.config.is_file():
        return None
    people, zone = ground(arguments, "")
    return within(rule, count_at_risk(rule, people, zone))
