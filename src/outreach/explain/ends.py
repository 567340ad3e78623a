"""How a line that holds would cease to hold: what ends a pause, an exclusion, a choice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from outreach.explain.endings import ending
from outreach.explain.lines import Answer, Line, Story
from outreach.explain.logic import alone, truth
from outreach.explain.reasons import decided
from outreach.explain.row import Told
from outreach.prose.leaves import phrase
from outreach.prose.sections.lines import until
from outreach.prose.words import said
from outreach.rulebook.criterion import Lab, Rising, ScanResult


@dataclass(frozen=True)
class Change:
    """Something that would change the answer; ``on`` where the day is known."""

    says: str
    on: date | None = None


def ends(story: Story, section: str, told: Told) -> Iterator[Change]:
    """What would end the line of a section that is the reason of the status."""
    for line in story.of(section):
        if line.name == told.found.reason:
            yield from _ends(line, told, story)


def _ends(line: Line, told: Told, story: Story) -> Iterator[Change]:
    """How a line that holds would cease to hold."""
    if line.named is None or story.rule is None:
        yield Change("The rule has changed since; run the night again to see what would end this.")
        return
    if not alone(line.named.criterion, line.criteria, "no"):
        yield Change("Several things hold it, and all must end:")
    for answer in decided(line):
        if line.named.until and isinstance(answer.leaf, ScanResult | Lab | Rising):
            yield Change(f"This pause ends with {until(line.named, story.rule)}{_seen_on(answer)}.")
            continue
        if truth(answer) == "no":
            yield Change(f"Ends if the person {says(answer, story)}.")
            continue
        turn = ending(answer, told.as_of, story)
        yield (
            Change(turn.says, turn.on)
            if turn
            else Change(f"Ends when it is no longer so that the person {says(answer, story)}.")
        )


def _seen_on(answer: Answer) -> str:
    found = answer.finding.evidence
    return f" ({said(found.on)})" if found and found.on else ""


def says(answer: Answer, story: Story) -> str:
    if answer.leaf is None or story.rule is None:
        return f"meets “{answer.finding.criterion}”"
    return str(phrase(answer.leaf, story.rule).short)
