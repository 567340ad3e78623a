"""Who a rule is: its name, its standing, and what it does in a few sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from outreach.prose.leaves import ages
from outreach.prose.page import Block, Code, Heading, Paragraph, Table, Text
from outreach.prose.sets import titled
from outreach.prose.signatures import signatories, signed
from outreach.prose.words import plural, said
from outreach.rulebook.model import Rule

_STANDING = {
    "draft": "This rule is a draft. It invites nobody.",
    "reviewed": "This rule has been reviewed and is not live. It invites nobody.",
    "retired": "This rule is retired. It invites nobody, for good.",
}


def head(rule: Rule, day: date) -> Iterator[Block]:
    yield Heading(rule.title, 1)
    why_not = rule.unsigned(day)
    if why_not:
        yield Paragraph((_STANDING.get(rule.status, f"This rule invites nobody: {why_not}."),), "warning")
    else:
        yield Paragraph((f"This rule is live, {signed(rule)}.",), "note")
    yield Table(("Rule", ""), tuple(_facts(rule, day)))
    yield Heading("In short", 2)
    yield Paragraph((" ".join(in_short(rule)),))


def _facts(rule: Rule, day: date) -> Iterator[tuple[Text, Text]]:
    yield ("Name in every list and table",), (Code(rule.name),)
    yield ("Owner",), (rule.owner,)
    yield from (((label,), (who,)) for label, who in signatories(rule).items())
    yield ("To be reviewed by",), (said(rule.review_by),)
    yield ("Reads as on",), (said(day),)
    yield ("Fingerprint of its content",), (Code(rule.hash or "not known"),)


def in_short(rule: Rule) -> Iterator[str]:
    """The rule in a handful of sentences."""
    whom = "everyone" if rule.age.low is None and rule.age.high is None else f"everyone who is {ages(rule.age)}"
    groups = "its risk group" if len(rule.at_risk) == 1 else f"one of its {plural(len(rule.at_risk), 'risk group')}"
    yield f"The rule looks at {whom} and asks whether the person is in {groups}."
    beside = f", together with {titled(rule.accompanied_by, rule)}" if rule.accompanied_by else ""
    yield f"Whoever is gets a due date for {titled(rule.scan, rule)}{beside}."
    yield "A person is invited only when the test is overdue and no line below says otherwise."
    if any(line.grade in ("C", "I") for line in rule.at_risk):
        yield "A group marked grade C or I is never invited by the rule alone: a clinician decides."
