"""The findings behind a status: each line of a rule and each criterion in it, with its evidence.

A person's findings hold numbers instead of names, and only what says something: what is true, cannot be
told or does not apply, what a record decided, and the number of a score. Whatever is left out is false, and
nothing is on record. The names stand in a file of their own (``name_file``), so that a million people do
not each carry them.
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
from outreach.rulebook.criterion import Age, Criterion, ScoreIs, leaves
from outreach.rulebook.model import SECTIONS

NO_AGE = Age(None, None)
_EVIDENCE = (("resource", "string"), ("on", "date"), ("value", "string"))

#: A finding's section, its name, and the number under which its answer is kept.
Name = tuple[str, str, int]
Asking = tuple[object, str, str, Answer]


def findings(compiler: Compiler, lines: Lines, people: ir.Table) -> tuple[ir.ArrayValue, list[Name]]:
    """An array of (n, truth, applies, resource, on, value), and the findings that each number answers.

    A question that several lines ask is answered once.

    A line's own entry is named for the line; the criteria in it follow as "line: criterion". The last entry,
    always there, is the test from which the due date was counted.
    """
    numbers: dict[object, int] = {}
    answers: list[Answer] = []
    names: list[Name] = []
    for question, section, name, answer in _entries(compiler, lines, people):
        if question not in numbers:
            numbers[question] = len(answers)
            answers.append(answer)
        names.append((section, name, numbers[question]))
    last = len(answers) - 1
    said = ibis.array([_entry(number, answer) for number, answer in enumerate(answers)])
    scores = [number for question, number in numbers.items() if isinstance(question, ScoreIs)]

    def tells(e: ir.StructValue) -> ir.BooleanValue:
        own = e["truth"].fill_null(True) | ~e["applies"] | e["resource"].notnull() | (e["n"] == last)
        return own | (e["n"].isin(scores) & ~e["value"].endswith(" not known")).fill_null(False) if scores else own

    speaks = said.filter(tells)
    return speaks, names


def _entries(compiler: Compiler, lines: Lines, people: ir.Table) -> Iterator[Asking]:
    rule = compiler.rule
    if rule.age != NO_AGE:
        yield rule.age, "at_risk", label(rule.age, rule), compiler.ask(rule.age)(people)
    for section in SECTIONS:
        for line, answer in lines[section]:
            yield (section, line.name), section, line.name, answer
            for leaf in _leaves(closing(line.criterion, line.until)):
                yield leaf, section, f"{line.name}: {label(leaf, rule)}", compiler.ask(leaf)(people)
    found = people[LATEST]
    answer = Answer(found.notnull(), found["id"], found["day"], said_of_exam(found))
    yield "next_due", "next_due", "latest test that counts", answer


def _leaves(criterion: Criterion | Closed) -> Iterator[Asked]:
    if isinstance(criterion, Closed):
        yield criterion
    else:
        yield from leaves(criterion)


def _entry(number: int, answer: Answer) -> ir.StructValue:
    applies = ibis.literal(True) if answer.outside is INSIDE else ~answer.outside
    own = {name: getattr(answer, name) for name, _ in _EVIDENCE}
    evidence = {name: ibis.null(kind) if is_null(own[name]) else own[name] for name, kind in _EVIDENCE}
    return ibis.struct({"n": ibis.literal(number, "int32"), "truth": answer.truth, "applies": applies, **evidence})


def name_file(out: Path) -> Path:
    """The names of an assessment's findings: ``criteria.parquet`` beside ``assessment.parquet``."""
    return out.with_name(
        out.name.replace("assessment", "criteria") if "assessment" in out.name else f"criteria.{out.name}"
    )


def write_names(names: list[Name], rule: str, out: Path) -> None:
    """rule, place, section, criterion, n: every finding of the rule in order, and its number in ``criteria``."""
    columns = {
        "rule": pa.array([rule] * len(names), pa.string()),
        "place": pa.array(range(len(names)), pa.int32()),
        "section": pa.array([section for section, _, _ in names], pa.string()),
        "criterion": pa.array([name for _, name, _ in names], pa.string()),
        "n": pa.array([number for _, _, number in names], pa.int32()),
    }
    path = name_file(out)
    pq.write_table(pa.table(columns), path)
    path.chmod(0o600)
