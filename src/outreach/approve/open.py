"""What of a rule is not settled: whoever signs it all the same says why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from outreach.approve.writing import text_of
from outreach.check import run_cases
from outreach.prose.cards import read_card
from outreach.prose.sections.unsettled import SETTLED, scores_in_doubt
from outreach.prose.words import listed, plural
from outreach.rulebook.doubts import doubts
from outreach.rulebook.library import places
from outreach.rulebook.model import Rule, Step


def open_questions(rule: Rule, path: Path, codes: Path | None, step: Step, by: str) -> Iterator[str]:
    """What is not settled, each in a sentence."""
    reviewed = rule.signature("reviewed")
    if step == "live" and reviewed and _letters(reviewed.by) == _letters(by):
        yield f"{by} has also reviewed it: nobody else has looked at it"
    failed = [result.case.it for result in run_cases(rule, codes) if result.differences]
    if failed:
        yield f"{plural(len(failed), 'case')} failed: {listed([f'“{it}”' for it in failed[:3]])}"
    if not rule.cases:
        yield "it has no cases"
    if not rule.sources:
        yield "it names no source"
    yield from (f"line {doubt.line} says: {doubt.says}" for doubt in doubts(text_of(path)) if doubt.open)
    yield from (f"the score {name} is in doubt: {why}" for name, why in scores_in_doubt(rule))
    drafts = [name for name in sorted(rule.value_sets) if _draft(name, path, codes)]
    yield from (each.what for each in rule.remarks if each.name == "codes-without-source")
    if drafts:
        yield f"{plural(len(drafts), 'value set')} marked draft: {', '.join(drafts)}"


def _letters(name: str) -> str:
    """A name without what two spellings of it differ in."""
    return "".join(filter(str.isalnum, name.casefold()))


def _draft(name: str, path: Path, codes: Path | None) -> bool:
    card = next((card for place in places(path, codes) if (card := read_card(place, name))), None)
    return card is not None and card.status not in SETTLED
