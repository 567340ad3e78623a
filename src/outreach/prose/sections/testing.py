"""Which records are the test, which never are, and when the next is due."""

from __future__ import annotations

from collections.abc import Iterator

from outreach.prose.leaves import ages
from outreach.prose.page import Block, Bullets, Code, Heading, Link, Paragraph, Table, Text
from outreach.prose.sections.lines import anchor, source
from outreach.prose.sets import coded, results_named, titles
from outreach.prose.words import capital, listed
from outreach.rulebook.model import Counts, DueRow, Rule


def counting(rule: Rule) -> Iterator[Block]:
    yield Heading("What counts as the test", 2, "counts")
    yield Paragraph(("Several on one day: the one further down this list weighs more.",))
    yield Table(("Kind", "Records", "Result", "Only if"), tuple(_kind(kind, rule) for kind in rule.counts))
    if rule.never_counts:
        yield Heading("What never counts", 3)
        yield Bullets(tuple((Link(_title(name, rule), f"#codes-{anchor(name)}"),) for name in rule.never_counts))


def _title(name: str, rule: Rule) -> str:
    return rule.value_sets[name].title if name in rule.value_sets else name


#: Which day is a test's own, of one that took several.
_ITS_DAY = {"start": "", "end": "; of one that took several days, the last is its day"}


def _kind(kind: Counts, rule: Rule) -> tuple[Text, ...]:
    kinds = (("a final report of", kind.report), ("the procedure", kind.procedure), ("a recorded", kind.finding))
    records = [f"{words} {titles(names, rule)}" for words, names in kinds if names]
    result: Text = (
        (Link(_title(kind.results, rule), f"#codes-{anchor(kind.results)}"),) if kind.results else ("done is enough",)
    )
    return (
        (Code(kind.name),),
        (capital("; or ".join(records)) + _ITS_DAY[kind.dated_by],),
        result,
        (capital(listed(only_if(kind, rule))) or "–",),
    )


def only_if(kind: Counts, rule: Rule) -> list[str]:
    """What else must be so for a record to count."""
    parts = ["it has a value"] if kind.has_value else []
    if kind.beside:
        near = f"at most {kind.beside_within} away" if kind.beside_within.count else "on the same day"
        parts.append(f"there is also {titles(kind.beside, rule)}, {near}")
    return parts + ([f"the person was {ages(kind.at_age)}"] if kind.at_age else [])


def due(rule: Rule) -> Iterator[Block]:
    yield Heading("When the next test is due", 2, "due")
    yield Paragraph((_HOW[rule.due_from],))
    yield Table(("The test", "Next is due", "Is overdue", "Source"), tuple(_row(row, rule) for row in rule.due))
    yield Paragraph(("Lengths are calendar lengths: six months after 31 August is the last day of February.",))
    yield Paragraph(
        ("A test whose result fits no row gives no due date: the person waits on a list and is not forgotten.",), "note"
    )


_HOW = {
    "latest-test": "Counted from the latest test that counts. The first row that fits is taken.",
    "longest-lasting-test": "Each row is counted from its own latest test. The row that lasts longest is taken.",
}


def _row(row: DueRow, rule: Rule) -> tuple[Text, ...]:
    where = source(row.source)
    if row.never_tested:
        late = f"{row.overdue} after that" if row.overdue else "never"
        return ("There is none",), ("From the day the person was first at risk",), (late,), where
    if row.due is None:
        return (capital(fits(row, rule)),), ("Never again",), ("never",), where
    return (
        (capital(fits(row, rule)),),
        (f"{row.due} after it",),
        (f"{row.overdue} after it" if row.overdue else "never",),
        where,
    )


def fits(row: DueRow, rule: Rule) -> str:
    """Which tests a row is about."""
    kind = f"of the kind {listed(coded(row.tests), 'or')}" if row.tests else ""
    result = f"with the result {listed(results_named(row.results, rule), 'or')}" if row.results else ""
    said = " ".join(part for part in ("a test", kind, result) if part) if kind or result else "any test"
    return said + (f", in the risk group {listed(coded(row.groups), 'or')}" if row.groups else "")
