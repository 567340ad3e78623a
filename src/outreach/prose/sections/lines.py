"""The named lines of a rule: who is at risk, whom screening cannot help, own choices, and pauses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from outreach.prose.criterion import outline
from outreach.prose.page import Block, Bullets, Code, Heading, Link, Outlined, Paragraph, Piece, Text
from outreach.prose.sets import coded, results_named
from outreach.prose.words import capital, listed
from outreach.rulebook.criterion import Leaf, ScanResult, leaves
from outreach.rulebook.model import Named, Rule
from outreach.rulebook.terms import uncapital

GRADES = {
    "A": "grade A: recommended",
    "B": "grade B: recommended",
    "C": "grade C: for some people only; a clinician decides, and the rule alone invites nobody",
    "I": "grade I: the evidence is not enough; a clinician decides, and the rule alone invites nobody",
}
_UNKNOWN = {
    "at_risk": "When this cannot be told, the person goes on the ask list with what is missing: never “not at risk”.",
    "cannot_help": "When this cannot be told, outreach goes on and the care team is shown a flag.",
    "own_choice": "When this cannot be told, the person is held: nobody is invited until it is known.",
    "not_now": "When this cannot be told, the person is held: nobody is invited until it is known.",
}


def at_risk(rule: Rule) -> Iterator[Block]:
    yield Heading("Who is at risk", 2, "at-risk")
    yield Paragraph(("The groups are asked in this order. The first that fits is the reason given.",))
    for place, line in enumerate(rule.at_risk, 1):
        yield from line_blocks(rule, line, f"{place}. {line.name}")
    yield Paragraph((_UNKNOWN["at_risk"],), "note")


def cannot_help(rule: Rule) -> Iterator[Block]:
    yield Heading("Whom screening cannot help", 2, "cannot-help")
    yield Paragraph(("These end outreach for the person. Whoever has died is left out by every rule.",))
    yield from _lines(rule, rule.cannot_help, "cannot_help")


def own_choice(rule: Rule) -> Iterator[Block]:
    yield Heading("The person’s own choice", 2, "own-choice")
    yield Paragraph(("Whoever has said no to messages is left out by every rule.",))
    yield from _lines(rule, rule.own_choice, "own_choice")


def not_now(rule: Rule) -> Iterator[Block]:
    yield Heading("When to wait", 2, "not-now")
    yield Paragraph(("These pause outreach and never forget the person.",))
    yield from _lines(rule, rule.not_now, "not_now")


def _lines(rule: Rule, lines: Sequence[Named], section: str) -> Iterator[Block]:
    for line in lines:
        yield from line_blocks(rule, line, line.name)
    if lines:
        yield Paragraph((_UNKNOWN[section],), "note")


def line_blocks(rule: Rule, line: Named, title: str) -> Iterator[Block]:
    """A named line: what it asks, and what is said about it."""
    yield Heading(title, 3)
    found = outline(line.criterion, rule)
    yield Paragraph((f"The person {found.text}{'' if found.parts else '.'}",))
    if found.parts:
        yield Outlined(found.parts)
    notes = [*_notes(rule, line)]
    if notes:
        yield Bullets(tuple(notes), quiet=True)


def _notes(rule: Rule, line: Named) -> Iterator[Text]:
    if line.grade:
        yield (capital(GRADES[line.grade]) + ".",)
    if line.why:
        yield (f"Why: {line.why}.",)
    if line.until:
        yield (f"Ends with {until(line, rule)}.",)
    if line.worklist:
        found = line.worklist
        yield ("On the list ", Code(found.name), f", owned by {found.owner}; late after {found.late_after}.")
    sets = list(dict.fromkeys(name for leaf in leaves(line.criterion) for name in value_sets(leaf)))
    if sets:
        yield (
            "Codes: ",
            *_linked(
                [Link(rule.value_sets[n].title if n in rule.value_sets else n, f"#codes-{anchor(n)}") for n in sets]
            ),
        )
    if line.source:
        yield ("Source: ", Link(line.source, f"#source-{line.source}"))


def source(name: str) -> Text:
    return (Link(name, f"#source-{name}"),) if name else ("–",)


def until(line: Named, rule: Rule) -> str:
    """What closes a pause: a result or a kind of test, on or after the day of what was found."""
    kinds = {kind.name for kind in rule.counts}
    tests = coded(word for word in line.until if word in kinds)
    results = results_named([word for word in line.until if word not in kinds], rule)
    parts = [f"a test of the kind {listed(tests, 'or')}"] if tests else []
    parts += [f"a test whose result is {listed(results, 'or')}"] if results else []
    return f"{' or '.join(parts)}, on or after the day of what was found"


def value_sets(leaf: Leaf) -> Iterator[str]:
    """The value sets a leaf names."""
    for field in ("codes", "value", "site", "discharged_to"):
        found = getattr(leaf, field, ())
        if isinstance(leaf, ScanResult) or (field == "value" and found in ("female", "male")):
            continue
        yield from (found,) if isinstance(found, str) and found else found if isinstance(found, tuple) else ()


def anchor(name: str) -> str:
    return name.replace(":", "-")


def _linked(links: Sequence[Link]) -> Iterator[Piece]:
    for place, link in enumerate(links):
        if place:
            yield ", "
        yield Link(uncapital(link.text), link.to)
