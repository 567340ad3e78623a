"""The findings behind a status: each line of a rule and each criterion in it, with its evidence.

A person's findings hold numbers instead of names, and only what says something: what is true, cannot be
told or does not apply, and what a record decided. Whatever is left out is false and nothing is on record.
The names stand in a file of their own (``name_file``), so that a million people do not each carry them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from outreach.assess.answer import INSIDE, Answer, is_null
from outreach.assess.decide import Lines
from outreach.assess.leaves import LATEST, Asked, Closed, Compiler, closing, said_of_exam
from outreach.assess.words import label
from outreach.rulebook.criterion import Age, Criterion, leaves
from outreach.rulebook.model import SECTIONS

NO_AGE = Age(None, None)
_EVIDENCE = (("resource", "string"), ("on", "date"), ("value", "string"))

Entries = list[tuple[str, str, Answer]]


def findings(compiler: Compiler, lines: Lines, people: ir.Table) -> tuple[ir.ArrayValue, list[tuple[str, str]]]:
    """An array of (n, truth, applies, resource, on, value), and the section and name of each number.

    A line's own entry is named for the line; the criteria in it follow as "line: criterion". The last entry,
    always there, is the test from which the due date was counted.
    """
    entries = list(_entries(compiler, lines, people))
    last = len(entries) - 1
    said = ibis.array([_entry(number, answer) for number, (_, _, answer) in enumerate(entries)])
    speaks = said.filter(
        lambda e: e["truth"].fill_null(True) | ~e["applies"] | e["resource"].notnull() | (e["n"] == last)
    )
    return speaks, [(section, name) for section, name, _ in entries]


def _entries(compiler: Compiler, lines: Lines, people: ir.Table) -> Iterator[tuple[str, str, Answer]]:
    rule = compiler.rule
    if rule.age != NO_AGE:
        yield "at_risk", label(rule.age, rule), compiler.ask(rule.age)(people)
    for section in SECTIONS:
        for line, answer in lines[section]:
            yield section, line.name, answer
            for leaf in _leaves(closing(line.criterion, line.until)):
                yield section, f"{line.name}: {label(leaf, rule)}", compiler.ask(leaf)(people)
    found = people[LATEST]
    yield "next_due", "latest test that counts", Answer(found.notnull(), found["id"], found["day"], said_of_exam(found))


def _leaves(criterion: Criterion | Closed) -> Iterator[Asked]:
    if isinstance(criterion, Closed):
        yield criterion
    else:
        yield from leaves(criterion)


def _entry(number: int, answer: Answer) -> ir.StructValue:
    applies = ibis.literal(True) if answer.outside is INSIDE else ~answer.outside
    own = {name: getattr(answer, name) for name, _ in _EVIDENCE}
    evidence = {name: ibis.null(kind) if is_null(own[name]) else own[name] for name, kind in _EVIDENCE}
    return ibis.struct({"n": ibis.literal(number, "int16"), "truth": answer.truth, "applies": applies, **evidence})


def name_file(out: Path) -> Path:
    """The names of an assessment's findings: ``criteria.parquet`` beside ``assessment.parquet``."""
    return out.with_name(
        out.name.replace("assessment", "criteria") if "assessment" in out.name else f"criteria.{out.name}"
    )


def write_names(names: list[tuple[str, str]], rule: str, out: Path) -> None:
    """rule, n, section, criterion: what each number in ``criteria`` stands for."""
    columns = {
        "rule": pa.array([rule] * len(names), pa.string()),
        "n": pa.array(range(len(names)), pa.int16()),
        "section": pa.array([section for section, _ in names], pa.string()),
        "criterion": pa.array([name for _, name in names], pa.string()),
    }
    path = name_file(out)
    pq.write_table(pa.table(columns), path)
    path.chmod(0o600)
