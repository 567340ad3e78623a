"""The cases beside a rule, as a table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from outreach.prose.page import Block, Heading, Paragraph, Table
from outreach.prose.words import plural, quantity, said
from outreach.rulebook.case import Case, Given, GivenFact
from outreach.rulebook.model import Rule

_THEN = {
    "status": "is {}",
    "because": "because: {}",
    "risk_group": "risk group: {}",
    "due_on": "due on {}",
    "overdue_on": "overdue on {}",
    "list": "on the list {}",
    "missing": "missing: {}",
    "flags": "flag: {}",
}
_KINDS = {"condition": "diagnosis", "report": "report or scan", "date": "stated day", "relative": "close relative"}


def cases(rule: Rule) -> Iterator[Block]:
    yield Heading("Cases", 2, "cases")
    if not rule.cases:
        yield Paragraph(("This rule has no cases of its own.",), "warning")
        return
    yield Paragraph((f"{plural(len(rule.cases), 'made-up person', 'made-up people')}, each with a day of its own. "
                     "The rule must give each the answer written here.",))  # fmt: skip
    yield Table(("The rule …", "On", "Given", "Then the person"), tuple(_row(case) for case in rule.cases))


def _row(case: Case) -> tuple[tuple[str], ...]:
    then = "; ".join(_THEN.get(word, word + ": {}").format(_day(value) or "none") for word, value in case.then)
    return (
        (case.it,),
        (said(case.today).replace(" ", "\u00a0"),),
        ("; ".join(_given(case.given)) or "nothing",),
        (then,),
    )


def _given(given: Given) -> Iterator[str]:
    words = (
        ("born {}", given.born),
        ("{}", given.sex),
        ("{} at birth", given.sex_at_birth),
        ("born in {}", given.birthplace),
        ("race: {}", given.race),
        ("ethnicity: {}", given.ethnicity),
        ("speaks {}", given.language),
        ("died {}", given.died),
    )
    yield from (shape.format(_day(value)) for shape, value in words if value)
    if given.opted_out:
        yield "has said no"
    yield from (_fact(fact) for fact in given.facts)


def _fact(fact: GivenFact) -> str:
    parts = [
        _measured(fact),
        f"on {_day(fact.on)}" if fact.on else "undated",
        f"until {_day(fact.until)}" if fact.until else "",
        *(word for word in (fact.status, fact.site, fact.setting) if word),
        f"discharged to {fact.discharged_to}" if fact.discharged_to else "",
    ]
    return f"{_KINDS.get(fact.kind, fact.kind)}: {fact.codes.split(':')[-1]} " + ", ".join(
        part for part in parts if part
    )


def _measured(fact: GivenFact) -> str:
    try:
        return quantity(float(fact.value), fact.unit)
    except ValueError:
        return _day(fact.value)


def _day(text: str) -> str:
    """A whole ISO date as people say it; anything else as it is written."""
    try:
        return said(date.fromisoformat(text)) if len(text) == 10 else text
    except ValueError:
        return text
