"""The findings behind a status: each line of a rule and each criterion in it, with its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import ibis
import ibis.expr.types as ir

from outreach.assess.answer import Answer
from outreach.assess.leaves import Closed, Compiler, closing
from outreach.assess.words import label
from outreach.rulebook.model import Criterion, Rule, leaves


def findings(
    compiler: Compiler, rule: Rule, lines: Mapping[str, Sequence[tuple[str, Answer]]], people: ir.Table, scan: str
) -> ir.ArrayValue:
    """An array of (section, criterion, truth, resource, on, value), in the order of the rule.

    A line's own entry is named for the line; the criteria in it follow as "line: criterion". Last comes
    the test from which the due date was counted.
    """
    entries = [_entry("at_risk", label(rule.age, rule), compiler.ask(rule.age)(people))]
    for section, answers in lines.items():
        for (name, answer), line in zip(answers, getattr(rule, section), strict=True):
            entries.append(_entry(section, name, answer))
            for leaf in _leaves(closing(line.criterion, line.until)):
                entries.append(_entry(section, f"{name}: {label(leaf, rule)}", compiler.ask(leaf)(people)))
    entries.append(_latest_scan(people, scan))
    return ibis.array(entries)


def _leaves(criterion: Criterion | Closed) -> Iterator[Criterion | Closed]:
    if isinstance(criterion, Closed):
        yield criterion
    else:
        yield from leaves(criterion)


def _entry(section: str, name: str, answer: Answer) -> ir.StructValue:
    return ibis.struct(
        {
            "section": ibis.literal(section),
            "criterion": ibis.literal(name),
            "truth": answer.truth,
            "resource": answer.resource,
            "on": answer.on,
            "value": answer.value,
        }
    )


def _latest_scan(people: ir.Table, scan: str) -> ir.StructValue:
    found = people[scan]
    value = ibis.ifelse(found["rank"] > 0, found["result"], "no coded result")
    known = found.notnull()
    return _entry(
        "next_due",
        "latest test that counts",
        Answer(known, found["id"], found["day"], ibis.ifelse(known, value, ibis.null("string"))),
    )
