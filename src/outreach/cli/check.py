"""outreach check."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from outreach.check import CaseResult, Coverage, answer_cases, answers_watched, coverage, refuse_slips, results
from outreach.check.telling import as_json, covered, gaps, github, not_measured, refused_as_json, told_on_github
from outreach.cli.rules import CODES_HELP, chosen
from outreach.cli.words import Commands, command
from outreach.errors import Problem, Refused
from outreach.prose.signatures import signed
from outreach.prose.words import listed
from outreach.rulebook.load import load
from outreach.rulebook.model import Rule
from outreach.rulebook.nearest import nearest
from outreach.scaffold import unchanged

_EXAMPLES = """
examples:
  outreach check                          every rule: ./rules if there is one, else those that ship
  outreach check rules/liver --case born  only cases whose name has “born”
  outreach check --coverage               and what of each rule no case shows
  outreach check --fail-under 100         for a pull request: nothing may be left unshown

exit status: 0 all well, 1 a case failed or coverage is below --fail-under, 2 a rule could not be read
or no case is named so
"""


def add_to(commands: Commands) -> None:
    parser = command(commands, "check", does, _EXAMPLES)
    parser.add_argument("path", nargs="*", type=Path, metavar="PATH", help="rule files or folders")
    parser.add_argument("--case", default="", metavar="TEXT", help="only cases whose name holds this text")
    parser.add_argument("--codes", type=Path, metavar="DIR", help=CODES_HELP)
    parser.add_argument("--coverage", action="store_true", help="what of each rule, and which bounds, no case shows")
    told = "exit 1 when a rule's branches or boundaries are covered to less than this; measures --coverage"
    parser.add_argument("--fail-under", type=float, metavar="PERCENT", help=told.replace("%", "%%"))
    forms = ("text", "json", "github")
    parser.add_argument("--format", choices=forms, default="text", help="json: one object as the last line")
    parser.add_argument("--json", action="store_const", const="json", dest="format", help="the same as --format json")


def does(arguments: argparse.Namespace) -> int:
    try:
        asked = chosen(arguments.path, arguments.codes)
        rules, codes = load(asked.paths, asked.codes), asked.codes
        _refuse_no_case(rules, arguments.case)
        refuse_slips(rules, arguments.case)
    except Refused as refusal:
        _tell_refused(refusal, arguments.format)
        raise
    measured = arguments.coverage or arguments.fail_under is not None
    answers = (answers_watched if measured else answer_cases)(rules, codes, arguments.case)
    found = results(answers)
    coverages = coverage(rules, answers, codes) if measured else None
    remarks = [remark for rule in rules for remark in (*rule.remarks, *unchanged(rule, codes))]
    _tell(rules, remarks, found, coverages)
    if arguments.format == "json":
        print(json.dumps(as_json(found, coverages, remarks), ensure_ascii=False))
    if arguments.format == "github":
        print("\n".join((*told_on_github(remarks), *github(found, coverages or ()))))
    below = [one for one in coverages or () if one.percent < (arguments.fail_under or 0)]
    return 1 if below or any(result.differences for result in found) else 0


def _refuse_no_case(rules: Sequence[Rule], text: str) -> None:
    """A text that no case's name holds checks nothing."""
    names = [case.it for rule in rules for case in rule.cases]
    if text and not any(text in name for name in names):
        words = sorted({word for name in names for word in name.split() if len(word) > 3})
        near = [f"“{each}”" for each in (nearest(text, names) or nearest(text, words))]
        hint = f"Did you mean {listed(near, 'or')}?" if near else f"One is called “{names[0]}”."
        raise Refused([Problem("--case", 0, 0, f"no case has “{text}” in its name", "no-such-case", hint)])


def _tell_refused(refusal: Refused, form: str) -> None:
    """For a machine, on stdout; the same in words goes to stderr."""
    if form == "json":
        print(json.dumps(refused_as_json(refusal.problems), ensure_ascii=False))
    if form == "github":
        print("\n".join(told_on_github(refusal.problems)))


def _tell(
    rules: Sequence[Rule],
    remarks: Sequence[Problem],
    found: Sequence[CaseResult],
    coverages: Sequence[Coverage] | None,
) -> None:
    for remark in remarks:
        print(remark)
    failed = [result for result in found if result.differences]
    for result in failed:
        print(result)
    for one in coverages or ():
        for gap in gaps(one):
            print(gap)
    count = len({result.rule for result in found})
    print(f"{len(found) - len(failed)} cases passed, {len(failed)} failed, in {count} rule{'s' * (count != 1)}")
    for rule in rules:
        why = rule.unsigned(datetime.now(UTC).date())
        print(f"{rule.name} " + (f"invites nobody yet: {why}" if why else f"is live, {signed(rule)}"))
    for one in coverages or ():
        print(covered(one))
    if coverages:
        print(not_measured())
    if coverages is None:
        print("coverage not measured; --coverage")
        return
    for rule in rules:
        if rule.name not in {one.rule for one in coverages}:
            print(f"{rule.name} has no case here: its coverage is not measured")
