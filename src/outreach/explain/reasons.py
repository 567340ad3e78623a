"""The engine's own reasons in plain words; any other reason is the name of a line in the rule."""

from __future__ import annotations

from outreach.domain.assessment import Assessment, Status
from outreach.explain.lines import Answer, Line, Story
from outreach.explain.logic import alone, truth
from outreach.prose.criterion import sentence
from outreach.prose.leaves import phrase
from outreach.prose.sections.basis import ATTRIBUTES
from outreach.prose.words import listed, said
from outreach.rulebook.model import Rule
from outreach.rulebook.terms import uncapital

OWN = {
    "not-at-risk": "in no risk group of this rule",
    "merged": "this record was merged into another",
    "deceased": "the person has died",
    "opted-out": "the person has said no to messages",
    "ask-list": "it cannot be told whether the person is at risk",
    "cannot-tell": "it cannot be told whether to wait",
    "no-due-date": "no row of the rule gives a due date for the result of the latest test",
    "clinician-decides": "the guideline leaves it to the person and a clinician",
}
#: The section whose line is the reason of a status.
SECTION_OF = {Status.NOT_NOW: "not_now", Status.EXCLUDED: "cannot_help", Status.EXCEPTION: "own_choice"}
_MISSING = {"birth-date": "the birth date", "surviving-record": "which record this one was merged into"}


def reason(found: Assessment, story: Story) -> str:
    """Why the status is what it is: a sentence, with the name of the rule's line where it is one."""
    if found.reason in OWN:
        return OWN[found.reason]
    section = SECTION_OF.get(found.status, "")
    line = next((line for line in story.of(section) if line.name == found.reason), None)
    if line is None or line.named is None or story.rule is None:
        return f"“{found.reason}”"
    deciding = [_said(answer, story.rule) for answer in decided(line)]
    return f"“{found.reason}”: the person {listed(deciding) or sentence(line.named.criterion, story.rule)}"


def decided(line: Line) -> list[Answer]:
    """The answers that make a line hold: those of which each alone could end it, else all that say yes."""
    if line.named is None:
        return []
    return alone(line.named.criterion, line.criteria, "no") or [a for a in line.criteria if truth(a) == "yes"]


def _said(answer: Answer, rule: Rule) -> str:
    if answer.leaf is None:
        return answer.finding.criterion
    words = phrase(answer.leaf, rule).short
    return words.denied if truth(answer) == "no" else str(words)


def missing(name: str, rule: Rule | None) -> str:
    """What is missing, as one would ask for it."""
    if name in _MISSING:
        return _MISSING[name]
    if name in ATTRIBUTES:
        return ATTRIBUTES[name]
    found = rule.value_sets.get(name) if rule else None
    return uncapital(found.title) if found else name.replace("-", " ")


def headline(found: Assessment, story: Story) -> str:
    """The status as the beginning of a sentence, with its dates."""
    due, late = (said(day) if day else "" for day in (found.due_on, found.overdue_on))
    why = reason(found, story)
    words = {
        "up-to-date": f"Up to date. The next test is due on {due}." if due else "Up to date, for good.",
        "due": f"Due since {due}, within the grace period; overdue from {late}." if late else f"Due since {due}.",
        "overdue": f"Overdue since {late} (due on {due}).",
        "not-now": f"Paused: {why}.",
        "excluded": f"Left out: {why}.",
        "exception": f"Left out by the person’s own choice: {why}.",
        "unknown": f"Not known: {why}.",
        "not-applicable": f"Not in this programme: {why}.",
    }
    return words[found.status.value]
