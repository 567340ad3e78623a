"""What a rule stands on: what it reads of a person, which records it believes, sources; and the signature."""

from __future__ import annotations

from collections.abc import Iterator

from outreach.prose.page import Block, Bullets, Code, Heading, Lines, Link, Paragraph, Strong, Table
from outreach.prose.sections.lines import source
from outreach.prose.words import capital, said
from outreach.rulebook.model import Rule

ATTRIBUTES = {
    "age": "age",
    "sex": "administrative sex",
    "sex-at-birth": "sex recorded at birth",
    "race": "race",
    "ethnicity": "ethnicity",
    "language": "preferred language",
    "birthplace": "country of birth",
}


def reads(rule: Rule) -> Iterator[Block]:
    yield Heading("What it reads of a person that needs a reason", 2, "reads")
    if not rule.reads:
        yield Paragraph(("Nothing: neither age, sex, race, ethnicity, language nor country of birth.",))
        return
    rows = [
        (
            (ATTRIBUTES.get(r.attribute, r.attribute),),
            (capital(r.why),),
            source(r.source),
            (r.owner,),
            (said(r.review_by),),
        )
        for r in rule.reads
    ]
    yield Table(("Reads", "Why", "Source", "Answers for it", "To be reviewed by"), tuple(rows))
    yield Paragraph(
        ("Each night also works the rule out without each of these, and reports who would enter and leave, by group.",)
    )


def unknowns() -> Iterator[Block]:
    yield Heading("When something is not known", 2, "unknown")
    rows = (
        ("whether the person is at risk", "goes on the ask list, with what is missing; never “not at risk”"),
        ("whether screening can help", "outreach goes on; the care team is shown a flag"),
        ("whether the person has chosen otherwise, or should wait", "is held; nobody is invited until it is known"),
        ("a record’s day, where the day matters", "counts as not known, and never as no"),
        ("a value’s unit", "the value gives no number; it is never guessed"),
    )
    yield Table(("Not known", "Then the person"), tuple(((capital(what),), (then,)) for what, then in rows))


def expected(rule: Rule) -> Iterator[Block]:
    if rule.expected is None:
        return
    yield Heading("How many people", 2, "expected")
    between = f"Between {rule.expected.low:,} and {rule.expected.high:,} people are expected to be at risk."
    yield Paragraph((f"{between} Outside these numbers the night stops, and the rule cannot go live.",))


def sources(rule: Rule) -> Iterator[Block]:
    yield Heading("Sources", 2, "sources")
    for name, says in rule.sources:
        yield Heading(name, 3, f"source-{name}")
        yield Paragraph((Link(says, says),) if says.startswith(("https://", "http://")) else (says,))
    if not rule.sources:
        yield Paragraph(("This rule names no source.",), "warning")


def records() -> Iterator[Block]:
    """What counts as a record at all, for whoever signs. The rule language's own promise."""
    yield Heading("Which records are believed", 2, "records")
    rows = (
        (
            "A diagnosis",
            "unless it is marked refuted or entered in error; “resolved” counts unless the line says active",
        ),
        ("A procedure", "when completed"),
        ("A report, a finding, a laboratory value", "when final, amended or corrected"),
        ("A prescription, an order", "when it is an order and does not say “do not”; an open order: while active"),
        ("A visit", "when it is under way or finished"),
        ("Anything dated after the day", "is not looked at, but for a booked appointment"),
        ("Records of a merged person", "belong to the person who remains"),
    )
    yield Table(("Record", "Counts"), tuple(((what,), (then,)) for what, then in rows))


def signature(rule: Rule) -> Iterator[Block]:
    yield Heading("Signature", 2, "signature")
    yield Bullets(
        (
            ("I have read this page and the sources it names.",),
            ("Signing means this content and no other: ", Strong("fingerprint"), " ", Code(rule.hash or "not known")),
        )
    )
    yield Lines(("Name", "Role", "Date", "Signature"))
    yield Paragraph(("Then: ", Code(f'outreach approve {rule.path or rule.name} --by "NAME"')))
