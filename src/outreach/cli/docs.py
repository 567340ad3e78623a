"""outreach docs."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, date, datetime
from pathlib import Path

from outreach.cli.rules import CODES_HELP, chosen
from outreach.cli.words import Commands, command, day
from outreach.prose.cards import read_card
from outreach.prose.html import as_html
from outreach.prose.markdown import as_markdown
from outreach.prose.rule_page import rule_page
from outreach.rulebook.doubts import doubts
from outreach.rulebook.library import places
from outreach.rulebook.load import load
from outreach.rulebook.model import Rule

_EXAMPLES = """
examples:
  outreach docs                                     a page for every rule, into ./rule-pages
  outreach docs rules/liver --out pages             only these
  outreach docs rules/liver/hcc-surveillance.yaml --format md --out pages

A page fetches nothing: it can be mailed, printed and signed. It has the fingerprint of the rule's
content, which outreach approve signs.
exit status: 0 written, 2 a rule could not be read
"""


def add_to(commands: Commands) -> None:
    parser = command(commands, "docs", does, _EXAMPLES)
    parser.add_argument("path", nargs="*", type=Path, metavar="PATH", help="rule files or folders")
    parser.add_argument("--out", type=Path, default=Path("rule-pages"), metavar="DIR", help="default: rule-pages")
    parser.add_argument("--format", choices=("html", "md"), default="html", help="default: html")
    parser.add_argument("--codes", type=Path, metavar="DIR", help=CODES_HELP)
    parser.add_argument("--as-of", type=day, metavar="DAY", help="the day whose parameters hold (default: today)")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")


def does(arguments: argparse.Namespace) -> int:
    rules = chosen(arguments.path, arguments.codes)
    on = arguments.as_of or datetime.now(UTC).date()
    arguments.out.mkdir(parents=True, exist_ok=True)
    written = []
    for rule in load(rules.paths, rules.codes, need_cases=False):
        path = arguments.out / f"{rule.name}.{arguments.format}"
        path.write_text(_page(rule, on, rules.codes, arguments.format), encoding="utf-8")
        print(f"wrote {path}")
        written.append({"rule": rule.name, "hash": rule.hash, "page": str(path)})
    if arguments.json:
        print(json.dumps({"as_of": on.isoformat(), "pages": written}))
    return 0


def _page(rule: Rule, on: date, codes: Path | None, form: str) -> str:
    file = Path(rule.path)
    cards = {
        name: card
        for name in rule.value_sets
        if (card := next((card for at in places(file, codes) if (card := read_card(at, name))), None)) is not None
    }
    page = rule_page(rule, on, cards, doubts(file.read_text(encoding="utf-8-sig")))
    return as_html(page) if form == "html" else as_markdown(page)
