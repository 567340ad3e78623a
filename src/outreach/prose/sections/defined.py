"""What a rule defines for itself: names for what several lines share, periods, and numbers that change."""

from __future__ import annotations

from collections.abc import Iterator

from outreach.prose.criterion import Outline, outline
from outreach.prose.leaves import ages
from outreach.prose.page import Block, Code, Heading, Paragraph, Table
from outreach.prose.sections.lines import line_blocks, source
from outreach.prose.sections.testing import fits, only_if
from outreach.prose.windows import stretch
from outreach.prose.words import capital, listed, quantity, said
from outreach.rulebook.model import ParameterValue, Rule


def definitions(rule: Rule) -> Iterator[Block]:
    if rule.definitions or rule.stretches:
        yield Heading("Words this rule defines", 2, "definitions")
    for line in rule.definitions:
        yield from line_blocks(rule, line, f"“{line.name}”")
    if rule.stretches:
        yield Table(("Period", "Means"), tuple(((f"“{s.name}”",), (capital(stretch(s)),)) for s in rule.stretches))


def parameters(rule: Rule) -> Iterator[Block]:
    """Each value with its day, and where it stands: the lines that read otherwise before and after."""
    if not rule.parameters:
        return
    yield Heading("Numbers that guidelines change", 2, "parameters")
    yield Paragraph(("Each value holds from its day on, until the next.",))
    rows = [
        ((Code(parameter.name),), (said(value.since),), (_value(value),), source(value.source))
        for parameter in rule.parameters
        for value in parameter.values
    ]
    yield Table(("Name", "From", "Is", "Source"), tuple(rows))
    changed = tuple(_changed(rule))
    if changed:
        yield Paragraph(("Where they stand, and how it reads from each day on:",))
        yield Table(("Where", "From", "Reads"), tuple(((where,), (day,), (words,)) for where, day, words in changed))


def _value(found: ParameterValue) -> str:
    return quantity(found.value, found.unit) if isinstance(found.value, int | float) else str(found.value)


def _changed(rule: Rule) -> Iterator[tuple[str, str, str]]:
    """Where, from when, and in what words; only what does not read the same at all times."""
    versions = [("the beginning", _readings(rule)), *((said(day), _readings(then)) for day, then in rule.later)]
    for where in versions[0][1]:
        told = ""
        for day, readings in versions:
            words = readings.get(where, "")
            if any(each.get(where) != words for _, each in versions) and words != told:
                yield where, day, words
            told = words


def _readings(rule: Rule) -> dict[str, str]:
    """Every part of a rule in which a number may stand, by where it is."""
    found = {"everybody": ages(rule.age)}
    lines = [*rule.sections(), *(("definitions", line) for line in rule.definitions)]
    for section, line in lines:
        late = f"; late after {line.worklist.late_after}" if line.worklist else ""
        found[f"{section.replace('_', ' ')}, “{line.name}”"] = _flat(outline(line.criterion, rule)) + late
    found |= {f"the period “{s.name}”": stretch(s) for s in rule.stretches}
    found |= {f"the test “{kind.name}”": listed(only_if(kind, rule)) for kind in rule.counts}
    for row in rule.due:
        which = "no test" if row.never_tested else fits(row, rule)
        found[f"next due after {which}"] = f"due {row.due} after it, overdue {row.overdue} after it"
    return found


def _flat(found: Outline) -> str:
    return f"{found.text} {'; '.join(map(_flat, found.parts))}".strip()
